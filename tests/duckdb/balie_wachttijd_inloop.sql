-- kpi: balie_wachttijd_inloop
SELECT maand(afgifte) AS periode,
       avg(seconden(afgifte, oproep)) AS waarde, NULL AS teller, NULL AS noemer
FROM ticket
WHERE soort = 'inloop' AND "start" IS NOT NULL
GROUP BY 1 ORDER BY 1;
