-- kpi: telefoon_wachttijd
-- dimensie: onderwerp
SELECT maand(binnenkomst) AS periode, onderwerp AS lid,
       avg(seconden(coalesce(laatste_keuze, binnenkomst), opgenomen)) AS waarde, NULL AS teller, NULL AS noemer
FROM gesprek
WHERE richting = 'inkomend' AND nummer = 'algemeen' AND opgenomen IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 2;
