-- kpi: balie_afspraak_vertrokken
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(afgifte) AS periode,
           "start" IS NULL AS goed
    FROM ticket
    WHERE soort = 'afspraak'
)
GROUP BY 1 ORDER BY 1;
