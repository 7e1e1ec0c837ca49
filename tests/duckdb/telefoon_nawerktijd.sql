-- kpi: telefoon_nawerktijd
SELECT maand(binnenkomst) AS periode,
       avg(nawerk) AS waarde, NULL AS teller, NULL AS noemer
FROM gesprek
WHERE richting = 'inkomend' AND nummer = 'algemeen' AND opgenomen IS NOT NULL
GROUP BY 1 ORDER BY 1;
