-- kpi: digitaal_direct_verwerkt
-- E-forms for a product, four whole weeks after they came.
SELECT maand(ontvangen) AS periode, 100.0 * count(*) FILTER (aanvulling IS NULL) / count(*) AS waarde,
       count(*) FILTER (aanvulling IS NULL) AS teller, count(*) AS noemer
FROM ontvangst
WHERE soort IN ('aanvraag', 'melding') AND weg = 'e-formulier' AND ontvangen::DATE + 28 < DATE '2026-07-01'
GROUP BY 1 ORDER BY 1;
