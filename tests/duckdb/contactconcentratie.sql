-- kpi: contactconcentratie
-- The 7 % busiest customers, rounded up to a whole one.
WITH k AS (
    SELECT year(moment)::VARCHAR AS periode, klant, count(*) AS aantal
    FROM contact WHERE initiatief = 'klant' AND klant IS NOT NULL GROUP BY 1, 2
), r AS (
    SELECT *, row_number() OVER (PARTITION BY periode ORDER BY aantal DESC) AS plek,
           count(*) OVER (PARTITION BY periode) AS klanten
    FROM k
)
SELECT periode, 100.0 * sum(aantal) FILTER (plek <= ceil(klanten * 7 / 100.0)) / sum(aantal) AS waarde,
       sum(aantal) FILTER (plek <= ceil(klanten * 7 / 100.0)) AS teller, sum(aantal) AS noemer
FROM r GROUP BY 1 ORDER BY 1;
