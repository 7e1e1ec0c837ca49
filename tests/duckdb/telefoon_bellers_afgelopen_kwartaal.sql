-- kpi: telefoon_bellers_afgelopen_kwartaal
-- The last quarter that is over when the month is.
WITH maanden AS (SELECT DISTINCT date_trunc('month', binnenkomst) AS begin FROM gesprek)
SELECT maand(m.begin) AS periode, count(DISTINCT beller) AS waarde, NULL AS teller, NULL AS noemer
FROM maanden AS m
JOIN gesprek AS g ON date_trunc('quarter', g.binnenkomst) = date_trunc('quarter', m.begin + INTERVAL 1 MONTH) - INTERVAL 3 MONTH
WHERE richting = 'inkomend'
GROUP BY 1 ORDER BY 1;
