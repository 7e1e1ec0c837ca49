-- kpi: telefoon_servicelevel
-- dimensie: team
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(binnenkomst) AS periode, team AS lid,
           seconden(coalesce(laatste_keuze, binnenkomst), opgenomen) <= 20 AS goed
    FROM gesprek
    WHERE richting = 'inkomend'
)
GROUP BY 1, 2 ORDER BY 1, 2;
