-- kpi: telefoon_terugbelnotities
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(binnenkomst) AS periode,
           terugbelnotitie AS goed
    FROM gesprek
    WHERE richting = 'inkomend' AND opgenomen IS NOT NULL
)
GROUP BY 1 ORDER BY 1;
