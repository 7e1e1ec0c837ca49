-- kpi: balie_binnen_servicelevel
-- dimensie: dagdeel
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(afgifte) AS periode, hour(afgifte) AS lid,
           "start" IS NOT NULL AND seconden(afgifte, oproep) <= 600 AS goed
    FROM ticket
)
GROUP BY 1, 2 ORDER BY 1, 2;
