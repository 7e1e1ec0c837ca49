-- kpi: balie_langste_wachttijd
SELECT maand(afgifte) AS periode,
       max(seconden(afgifte, oproep)) AS waarde, NULL AS teller, NULL AS noemer
FROM ticket
WHERE "start" IS NOT NULL
GROUP BY 1 ORDER BY 1;
