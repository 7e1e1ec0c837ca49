-- kpi: bellers_contactfrequentie
-- Per caller first, and only then over the callers; calls without a number belong to nobody.
WITH per_beller AS (
    SELECT kwartaal(binnenkomst) AS periode, beller, count(*) AS gesprekken
    FROM gesprek WHERE richting = 'inkomend' AND beller IS NOT NULL GROUP BY 1, 2
)
SELECT periode, avg(gesprekken) AS waarde, NULL AS teller, NULL AS noemer FROM per_beller GROUP BY 1 ORDER BY 1;
