-- kpi: tilburg_sla_per_kanaal
-- dimensie: kanaal
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(moment) AS periode, kanaal_van(kanaal) AS lid, coalesce(utc(afgehandeld) <= utc(uiterlijk), false) AS goed
    FROM contact WHERE initiatief = 'klant' AND uiterlijk <= peilmoment()
)
GROUP BY 1, 2 ORDER BY 1, 2;
