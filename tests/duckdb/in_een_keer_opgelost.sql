-- kpi: in_een_keer_opgelost
-- Whoever is unknown, or asked about something unknown, counts nowhere. Seven whole days.
WITH v AS (SELECT contact_id, moment, klant, onderwerp FROM contact WHERE initiatief = 'klant')
SELECT maand(moment) AS periode, 100.0 * count(*) FILTER (NOT terug) / count(*) AS waarde,
       count(*) FILTER (NOT terug) AS teller, count(*) AS noemer
FROM (
    SELECT a.moment, EXISTS (
        SELECT 1 FROM v b WHERE b.klant = a.klant AND b.onderwerp = a.onderwerp
            AND (b.moment > a.moment OR (b.moment = a.moment AND b.contact_id > a.contact_id))
            AND b.moment::DATE <= a.moment::DATE + 7
    ) AS terug
    FROM v a WHERE a.klant IS NOT NULL AND a.onderwerp IS NOT NULL
)
GROUP BY 1 ORDER BY 1;
