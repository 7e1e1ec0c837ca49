-- kpi: groningen_sociaal_op_tijd
-- dimensie: medium
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(ontvangen) AS periode, medium AS lid,
           coalesce(seconden(ontvangen, beantwoord) <= 24 * 3600, false) AS goed
    FROM sociaal WHERE seconden(ontvangen, peilmoment()) >= 24 * 3600
)
GROUP BY 1, 2 ORDER BY 1, 2;
