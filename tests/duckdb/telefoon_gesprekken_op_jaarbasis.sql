-- kpi: telefoon_gesprekken_op_jaarbasis
WITH g AS (
    SELECT date_trunc('quarter', binnenkomst) AS begin, count(*) AS n FROM gesprek WHERE richting = 'inkomend' GROUP BY 1
)
SELECT kwartaal(begin) AS periode,
       n * datediff('day', date_trunc('year', begin), date_trunc('year', begin) + INTERVAL 1 YEAR)
         / datediff('day', begin, begin + INTERVAL 3 MONTH)::DOUBLE AS waarde, NULL AS teller, NULL AS noemer
FROM g ORDER BY periode;
