-- kpi: balie_binnen_servicelevel
-- Who left is a visitor that was not helped in time.
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(afgifte) AS periode,
           "start" IS NOT NULL AND seconden(afgifte, oproep) <= 600 AS goed
    FROM ticket
)
GROUP BY 1 ORDER BY 1;
