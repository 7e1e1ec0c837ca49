-- kpi: aandeel_in_contacten
-- dimensie: kanaal
-- A channel without contacts in a month has a share of nothing.
WITH c AS (SELECT maand(moment) AS periode, kanaal_van(kanaal) AS lid FROM contact WHERE initiatief = 'klant'),
     p AS (SELECT periode, count(*) AS noemer FROM c GROUP BY 1)
SELECT p.periode, l.lid, 100.0 * count(c.lid) / p.noemer AS waarde, count(c.lid) AS teller, p.noemer
FROM p CROSS JOIN (SELECT DISTINCT lid FROM c) l LEFT JOIN c ON c.periode = p.periode AND c.lid = l.lid
GROUP BY p.periode, l.lid, p.noemer ORDER BY 1, 2;
