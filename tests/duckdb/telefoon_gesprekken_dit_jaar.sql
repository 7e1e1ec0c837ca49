-- kpi: telefoon_gesprekken_dit_jaar
WITH maanden AS (SELECT DISTINCT date_trunc('month', binnenkomst) AS begin FROM gesprek)
SELECT maand(m.begin) AS periode, count(*) AS waarde, NULL AS teller, NULL AS noemer
FROM maanden AS m
JOIN gesprek AS g ON year(g.binnenkomst) = year(m.begin) AND g.binnenkomst < m.begin + INTERVAL 1 MONTH
WHERE richting = 'inkomend'
GROUP BY 1 ORDER BY 1;
