-- kpi: balie_transacties_per_bezoeker
-- Two sources, each on its own axis, aligned on the month.
WITH besteld AS (
    SELECT maand(datum) AS periode, sum(aantal) AS teller FROM product WHERE handeling = 'besteld' GROUP BY 1
), contact AS (
    SELECT maand(afgifte) AS periode, count(*) AS noemer FROM ticket WHERE "start" IS NOT NULL GROUP BY 1
)
SELECT periode, teller / noemer::DOUBLE AS waarde, teller, noemer
FROM besteld JOIN contact USING (periode) ORDER BY periode;
