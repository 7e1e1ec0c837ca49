-- kpi: balie_bezoekers_per_1000
-- Tickets per quarter over the last known number of inhabitants before the quarter's end.
WITH t AS (
    SELECT kwartaal(afgifte) AS periode, count(*) AS teller, max(date_trunc('quarter', afgifte)) AS begin
    FROM ticket WHERE domein = 'burgerzaken' GROUP BY 1
)
SELECT periode, 1000.0 * teller / inwoners AS waarde, teller, inwoners AS noemer
FROM t ASOF JOIN (SELECT * FROM bevolking WHERE gemeente = 'GM9999') AS b ON t.begin + INTERVAL 3 MONTH > b.peildatum
ORDER BY periode;
