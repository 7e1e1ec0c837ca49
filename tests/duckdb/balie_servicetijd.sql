-- kpi: balie_servicetijd
-- A visit that was never closed has no service time.
SELECT maand(afgifte) AS periode,
       avg(seconden("start", coalesce(nawerk_eind, eind))) AS waarde, NULL AS teller, NULL AS noemer
FROM ticket
WHERE "start" IS NOT NULL
GROUP BY 1 ORDER BY 1;
