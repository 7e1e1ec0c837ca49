-- kpi: klantaanvraag_op_tijd
SELECT maand(toegezegd) AS periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT a.toegezegd, count(*) FILTER (z.eind IS NULL) = 0 AND max(z.eind) <= a.toegezegd AS goed
    FROM zaak z JOIN klantaanvraag a ON a.aanvraag_id = z.klantaanvraag
    WHERE a.toegezegd <= laatste_dag() GROUP BY a.aanvraag_id, a.toegezegd
)
GROUP BY 1 ORDER BY 1;
