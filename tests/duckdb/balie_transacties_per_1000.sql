-- kpi: balie_transacties_per_1000
-- Handed over, on a visit that is known to be for the civil registry; the relation cannot multiply lines.
WITH p AS (
    SELECT kwartaal(datum) AS periode, sum(aantal) AS teller, max(date_trunc('quarter', datum)) AS begin
    FROM product SEMI JOIN (FROM ticket WHERE domein = 'burgerzaken') AS t ON product.bezoek = t.ticket_id
    WHERE handeling = 'verstrekt' GROUP BY 1
)
SELECT periode, 1000.0 * teller / inwoners AS waarde, teller, inwoners AS noemer
FROM p ASOF JOIN (SELECT * FROM bevolking WHERE gemeente = 'GM9999') AS b ON p.begin + INTERVAL 3 MONTH > b.peildatum
ORDER BY periode;
