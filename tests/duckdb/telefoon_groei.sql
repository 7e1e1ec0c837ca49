-- kpi: telefoon_groei
WITH g AS (
    SELECT date_trunc('month', binnenkomst) AS begin, count(*) AS n FROM gesprek WHERE richting = 'inkomend' GROUP BY 1
)
SELECT maand(nu.begin) AS periode, (nu.n - toen.n) / toen.n::DOUBLE AS waarde, nu.n - toen.n AS teller, toen.n AS noemer
FROM g AS nu JOIN g AS toen ON toen.begin = nu.begin - INTERVAL 1 MONTH
ORDER BY periode;
