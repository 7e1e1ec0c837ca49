-- kpi: telefoon_gesprekken_per_1000
WITH g AS (
    SELECT kwartaal(binnenkomst) AS periode, count(*) AS teller, max(date_trunc('quarter', binnenkomst)) AS begin
    FROM gesprek WHERE richting = 'inkomend' AND nummer = 'algemeen' GROUP BY 1
)
SELECT periode, 1000.0 * teller / inwoners AS waarde, teller, inwoners AS noemer
FROM g ASOF JOIN (SELECT * FROM bevolking WHERE gemeente = 'GM9999') AS b ON g.begin + INTERVAL 3 MONTH > b.peildatum
ORDER BY periode;
