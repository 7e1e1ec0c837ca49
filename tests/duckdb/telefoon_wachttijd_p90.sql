-- kpi: telefoon_wachttijd_p90
-- Linear between neighbours, as PERCENTIEL.INC.
SELECT maand(binnenkomst) AS periode,
       quantile_cont(seconden(coalesce(laatste_keuze, binnenkomst), opgenomen), 0.9) AS waarde, NULL AS teller, NULL AS noemer
FROM gesprek
WHERE richting = 'inkomend' AND nummer = 'algemeen' AND opgenomen IS NOT NULL
GROUP BY 1 ORDER BY 1;
