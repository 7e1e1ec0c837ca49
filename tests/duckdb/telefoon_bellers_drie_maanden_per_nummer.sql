-- kpi: telefoon_bellers_drie_maanden
-- dimensie: nummer
WITH maanden AS (SELECT DISTINCT date_trunc('month', binnenkomst) AS begin FROM gesprek)
SELECT maand(m.begin) AS periode, nummer AS lid, count(DISTINCT beller) AS waarde, NULL AS teller, NULL AS noemer
FROM maanden AS m
JOIN gesprek AS g ON g.binnenkomst >= m.begin - INTERVAL 2 MONTH AND g.binnenkomst < m.begin + INTERVAL 1 MONTH
WHERE richting = 'inkomend'
GROUP BY 1, 2 ORDER BY 1, 2;
