-- kpi: contact_geholpen
-- Calls and tickets one under the other.
WITH contact AS (
    SELECT binnenkomst AS moment, opgenomen IS NOT NULL AS geholpen FROM gesprek WHERE richting = 'inkomend'
    UNION ALL
    SELECT afgifte, start IS NOT NULL FROM ticket
)
SELECT maand(moment) AS periode, 100.0 * count(*) FILTER (geholpen) / count(*) AS waarde,
       count(*) FILTER (geholpen) AS teller, count(*) AS noemer
FROM contact GROUP BY 1 ORDER BY 1;
