-- kpi: balie_te_vroeg_op_afspraak
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(afgifte) AS periode,
           afgifte < afspraak AS goed
    FROM ticket
    WHERE soort = 'afspraak' AND afspraak IS NOT NULL
)
GROUP BY 1 ORDER BY 1;
