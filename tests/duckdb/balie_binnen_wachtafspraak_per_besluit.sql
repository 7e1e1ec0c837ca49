-- kpi: balie_binnen_wachtafspraak
-- dimensie: besluit
WITH inloop AS (
    SELECT maand(t.afgifte) AS periode, a.besluit AS lid, seconden(t.afgifte, t."start") <= 60 * a.wachttijd AS binnen
    FROM ticket t JOIN wachtafspraak a
      ON a.locatie = t.locatie AND (a.begin IS NULL OR t.afgifte::DATE >= a.begin)
         AND (a.eind IS NULL OR t.afgifte::DATE <= a.eind)
    WHERE t.soort = 'inloop'
)
SELECT periode, lid, 100.0 * count(*) FILTER (binnen) / count(*) AS waarde,
       count(*) FILTER (binnen) AS teller, count(*) AS noemer
FROM inloop GROUP BY 1, 2 ORDER BY 1, 2;
