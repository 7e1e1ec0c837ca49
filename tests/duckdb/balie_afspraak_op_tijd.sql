-- kpi: balie_afspraak_op_tijd
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(afgifte) AS periode,
           seconden(greatest(afspraak, afgifte), oproep) <= 600 AS goed
    FROM ticket
    WHERE soort = 'afspraak' AND afspraak IS NOT NULL AND "start" IS NOT NULL
)
GROUP BY 1 ORDER BY 1;
