-- kpi: balie_op_afspraak
-- dimensie: locatie
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(afgifte) AS periode, locatie AS lid,
           soort = 'afspraak' AS goed
    FROM ticket
)
GROUP BY 1, 2 ORDER BY 1, 2;
