-- kpi: telefoon_nachtlijn
SELECT week(binnenkomst) AS periode,
       count(*) AS waarde, NULL AS teller, NULL AS noemer
FROM gesprek
WHERE richting = 'inkomend' AND nummer = '24-uurslijn'
GROUP BY 1 ORDER BY 1;
