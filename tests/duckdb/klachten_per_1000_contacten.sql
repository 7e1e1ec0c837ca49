-- kpi: klachten_per_1000_contacten
WITH k AS (SELECT kwartaal(ontvangen) AS periode, count(*) AS aantal FROM klacht GROUP BY 1),
     c AS (SELECT kwartaal(moment) AS periode, count(*) AS aantal FROM contact WHERE initiatief = 'klant' GROUP BY 1)
SELECT c.periode, 1000.0 * k.aantal / c.aantal AS waarde, k.aantal AS teller, c.aantal AS noemer
FROM c JOIN k USING (periode) ORDER BY 1;
