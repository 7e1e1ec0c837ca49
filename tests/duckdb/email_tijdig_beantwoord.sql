-- kpi: email_tijdig_beantwoord
-- Five working days; the day of receipt is day 0; what may still come counts nowhere.
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde, count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(ontvangen) AS periode, coalesce(beantwoord::DATE <= uiterste(ontvangen, 5), false) AS goed
    FROM email WHERE uiterste(ontvangen, 5) <= laatste_dag()
)
GROUP BY 1 ORDER BY 1;
