-- kpi: digitaal_afgebroken
-- dimensie: formulier
SELECT periode, lid, 100.0 * count(*) FILTER (af) / count(*) AS waarde, count(*) FILTER (af) AS teller, count(*) AS noemer
FROM (
    SELECT maand(begonnen) AS periode, formulier AS lid, NOT coalesce(verzonden::DATE <= begonnen::DATE + 7, false) AS af
    FROM sessie WHERE is_aanvraag AND begonnen::DATE + 7 <= laatste_dag()
)
GROUP BY 1, 2 ORDER BY 1, 2;
