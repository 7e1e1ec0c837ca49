-- kpi: terugbellen_op_tijd
-- dimensie: afdeling
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(aangemaakt) AS periode, afdeling AS lid,
           coalesce(teruggebeld::DATE <= uiterste(aangemaakt, 2), false) AS goed
    FROM terugbelverzoek WHERE status <> 'vervallen' AND uiterste(aangemaakt, 2) <= laatste_dag()
)
GROUP BY 1, 2 ORDER BY 1, 2;
