-- kpi: telefoon_opgenomen
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(binnenkomst) AS periode,
           opgenomen IS NOT NULL AS goed
    FROM gesprek
    WHERE richting = 'inkomend'
)
GROUP BY 1 ORDER BY 1;
