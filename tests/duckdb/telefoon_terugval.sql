-- kpi: telefoon_terugval
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(binnenkomst) AS periode,
           terugval IN ('intern', 'extern') AS goed
    FROM gesprek
    WHERE richting = 'inkomend' AND nummer = 'algemeen'
)
GROUP BY 1 ORDER BY 1;
