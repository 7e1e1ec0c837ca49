-- kpi: telefoon_unieke_bellers
SELECT maand(binnenkomst) AS periode,
       count(DISTINCT beller) AS waarde, NULL AS teller, NULL AS noemer
FROM gesprek
WHERE richting = 'inkomend'
GROUP BY 1 ORDER BY 1;
