-- kpi: post_openstaand_per_1000
-- Per month, as the example has it: what lies there at the end of the last day.
SELECT strftime(m, '%Y-%m') AS periode, 1000.0 * open / inwoners AS waarde, open AS teller, inwoners AS noemer
FROM (
    SELECT m, inwoners_op(last_day(m)) AS inwoners,
           (SELECT count(*) FROM poststuk p WHERE p.richting = 'inkomend' AND p.ontvangen <= last_day(m)
                AND (p.afgehandeld IS NULL OR p.afgehandeld > last_day(m))) AS open
    FROM range(TIMESTAMP '2024-07-01', TIMESTAMP '2026-07-01', INTERVAL 1 MONTH) AS r(m)
)
ORDER BY 1;
