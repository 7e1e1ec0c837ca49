-- kpi: bellers_vaker
-- One row per caller, in the quarter of the first call.
WITH beller AS (
    SELECT beller, min(binnenkomst) AS eerste_keer, count(*) AS gesprekken
    FROM gesprek WHERE richting = 'inkomend' AND beller IS NOT NULL GROUP BY beller
)
SELECT kwartaal(eerste_keer) AS periode, 100.0 * count(*) FILTER (gesprekken > 3) / count(*) AS waarde,
       count(*) FILTER (gesprekken > 3) AS teller, count(*) AS noemer
FROM beller
GROUP BY 1 ORDER BY 1;
