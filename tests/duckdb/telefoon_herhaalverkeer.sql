-- kpi: telefoon_herhaalverkeer
-- The last call of the same number before this one, ties by gesprek_id; seven days by the calendar.
WITH g AS (
    SELECT binnenkomst, lag(binnenkomst) OVER (PARTITION BY beller ORDER BY utc(binnenkomst), gesprek_id) AS vorige
    FROM gesprek WHERE richting = 'inkomend' AND beller IS NOT NULL
), h AS (
    SELECT maand(binnenkomst) AS periode,
           vorige IS NOT NULL AND date_diff('day', vorige::DATE, binnenkomst::DATE) <= 7 AS herhaald
    FROM g
)
SELECT periode, 100.0 * count(*) FILTER (herhaald) / count(*) AS waarde, count(*) FILTER (herhaald) AS teller,
       count(*) AS noemer
FROM h GROUP BY 1 ORDER BY 1;
