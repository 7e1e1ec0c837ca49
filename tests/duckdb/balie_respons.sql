-- kpi: balie_respons
WITH e AS (
    SELECT kwartaal(moment) AS periode, count(*) AS teller FROM enquete WHERE kanaal = 'balie' GROUP BY 1
), t AS (
    SELECT kwartaal(afgifte) AS periode, count(*) AS noemer FROM ticket WHERE "start" IS NOT NULL GROUP BY 1
)
SELECT periode, 1000.0 * teller / noemer AS waarde, teller, noemer
FROM e JOIN t USING (periode) ORDER BY periode;
