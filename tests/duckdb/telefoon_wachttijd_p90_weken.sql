-- kpi: telefoon_wachttijd_p90_weken
-- Four weeks that end with the week; linear between neighbours.
WITH weken AS (SELECT DISTINCT date_trunc('week', binnenkomst) AS begin FROM gesprek)
SELECT week(w.begin) AS periode,
       quantile_cont(seconden(coalesce(laatste_keuze, binnenkomst), opgenomen), 0.9) AS waarde, NULL AS teller, NULL AS noemer
FROM weken AS w
JOIN gesprek AS g ON g.binnenkomst >= w.begin - INTERVAL 21 DAY AND g.binnenkomst < w.begin + INTERVAL 7 DAY
WHERE richting = 'inkomend' AND opgenomen IS NOT NULL
GROUP BY 1 ORDER BY 1;
