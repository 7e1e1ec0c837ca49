-- kpi: bellers_concentratie
-- 7 % of the callers, rounded up to a whole caller.
WITH per_beller AS (
    SELECT kwartaal(binnenkomst) AS periode, beller, count(*) AS gesprekken
    FROM gesprek WHERE richting = 'inkomend' AND beller IS NOT NULL GROUP BY 1, 2
), geordend AS (
    SELECT periode, gesprekken, row_number() OVER (PARTITION BY periode ORDER BY gesprekken DESC) AS plaats,
           count(*) OVER (PARTITION BY periode) AS bellers
    FROM per_beller
)
SELECT periode, 100.0 * sum(gesprekken) FILTER (plaats <= (7 * bellers + 99) // 100) / sum(gesprekken) AS waarde,
       sum(gesprekken) FILTER (plaats <= (7 * bellers + 99) // 100) AS teller, sum(gesprekken) AS noemer
FROM geordend GROUP BY 1 ORDER BY 1;
