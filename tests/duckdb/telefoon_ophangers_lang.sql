-- kpi: telefoon_ophangers_lang
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(binnenkomst) AS periode,
           uitkomst = 'opgehangen'
               AND seconden(coalesce(laatste_keuze, binnenkomst), coalesce(opgenomen, beeindigd)) >= 5 AS goed
    FROM gesprek
    WHERE richting = 'inkomend' AND nummer = 'algemeen'
)
GROUP BY 1 ORDER BY 1;
