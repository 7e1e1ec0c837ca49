-- kpi: telefoon_vervolg_24_uur
-- The next call of the same number about the same subject, of whatever outcome; 24 hours to the microsecond.
WITH g AS (
    SELECT binnenkomst, uitkomst,
           lead(utc(binnenkomst)) OVER (PARTITION BY beller, onderwerp ORDER BY utc(binnenkomst), gesprek_id) AS volgende
    FROM gesprek WHERE richting = 'inkomend' AND beller IS NOT NULL AND onderwerp IS NOT NULL
), h AS (
    SELECT maand(binnenkomst) AS periode,
           volgende IS NOT NULL AND volgende <= utc(binnenkomst) + INTERVAL 24 HOUR AS vervolgd
    FROM g WHERE uitkomst = 'beantwoord'
)
SELECT periode, 100.0 * count(*) FILTER (vervolgd) / count(*) AS waarde, count(*) FILTER (vervolgd) AS teller,
       count(*) AS noemer
FROM h GROUP BY 1 ORDER BY 1;
