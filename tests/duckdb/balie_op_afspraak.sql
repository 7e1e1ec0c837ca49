-- kpi: balie_op_afspraak
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(afgifte) AS periode,
           soort = 'afspraak' AS goed
    FROM ticket
)
GROUP BY 1 ORDER BY 1;
