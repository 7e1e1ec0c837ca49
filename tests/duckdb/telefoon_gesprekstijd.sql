-- kpi: telefoon_gesprekstijd
SELECT maand(binnenkomst) AS periode,
       avg(seconden(opgenomen, beeindigd)) AS waarde, NULL AS teller, NULL AS noemer
FROM gesprek
WHERE richting = 'inkomend' AND nummer = 'algemeen' AND opgenomen IS NOT NULL
GROUP BY 1 ORDER BY 1;
