-- kpi: digitaal_afgebroken
-- Seven whole days after the day on which somebody began.
SELECT periode, 100.0 * count(*) FILTER (af) / count(*) AS waarde, count(*) FILTER (af) AS teller, count(*) AS noemer
FROM (
    SELECT maand(begonnen) AS periode, NOT coalesce(verzonden::DATE <= begonnen::DATE + 7, false) AS af
    FROM sessie WHERE is_aanvraag AND begonnen::DATE + 7 <= laatste_dag()
)
GROUP BY 1 ORDER BY 1;
