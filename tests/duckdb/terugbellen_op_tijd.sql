-- kpi: terugbellen_op_tijd
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde, count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(aangemaakt) AS periode, coalesce(teruggebeld::DATE <= uiterste(aangemaakt, 2), false) AS goed
    FROM terugbelverzoek WHERE status <> 'vervallen' AND uiterste(aangemaakt, 2) <= laatste_dag()
)
GROUP BY 1 ORDER BY 1;
