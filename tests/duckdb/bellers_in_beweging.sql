-- kpi: bellers_in_beweging
-- Callers whose first call came before the end of the quarter and whose last did not.
WITH beller AS (
    SELECT min(binnenkomst) AS eerste, max(binnenkomst) AS laatste, arg_max(onderwerp, (utc(binnenkomst), gesprek_id))
               FILTER (onderwerp IS NOT NULL) AS onderwerp
    FROM gesprek WHERE richting = 'inkomend' AND beller IS NOT NULL GROUP BY beller
), kwartalen AS (
    SELECT DISTINCT kwartaal(binnenkomst) AS periode, date_trunc('quarter', binnenkomst) + INTERVAL 3 MONTH AS einde
    FROM gesprek
)
SELECT periode, count(*) FILTER (eerste < einde AND laatste >= einde) AS waarde, NULL AS teller, NULL AS noemer
FROM kwartalen CROSS JOIN beller
GROUP BY 1 ORDER BY 1;
