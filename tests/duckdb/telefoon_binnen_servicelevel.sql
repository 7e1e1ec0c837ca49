-- kpi: telefoon_binnen_servicelevel
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(binnenkomst) AS periode,
           seconden(coalesce(laatste_keuze, binnenkomst), opgenomen) <= 20 AS goed
    FROM gesprek
    WHERE richting = 'inkomend' AND nummer = 'algemeen' AND uitkomst <> 'keuzemenu'
)
GROUP BY 1 ORDER BY 1;
