-- kpi: telefoon_bellers_drie_maanden
-- Every month again from the rows: months before the data simply have none.
WITH maanden AS (SELECT DISTINCT date_trunc('month', binnenkomst) AS begin FROM gesprek)
SELECT maand(m.begin) AS periode, count(DISTINCT beller) AS waarde, NULL AS teller, NULL AS noemer
FROM maanden AS m
JOIN gesprek AS g ON g.binnenkomst >= m.begin - INTERVAL 2 MONTH AND g.binnenkomst < m.begin + INTERVAL 1 MONTH
WHERE richting = 'inkomend'
GROUP BY 1 ORDER BY 1;
