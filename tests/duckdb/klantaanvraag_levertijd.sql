-- kpi: klantaanvraag_levertijd
-- Per request: until the last of its cases, and only where none is open.
SELECT maand(laatste) AS periode, avg(dagnummer(laatste) - dagnummer(ontvangen)) AS waarde, NULL AS teller, NULL AS noemer
FROM (
    SELECT a.aanvraag_id, a.ontvangen, max(z.eind) AS laatste
    FROM zaak z JOIN klantaanvraag a ON a.aanvraag_id = z.klantaanvraag
    GROUP BY 1, 2 HAVING count(*) FILTER (z.eind IS NULL) = 0
)
GROUP BY 1 ORDER BY 1;
