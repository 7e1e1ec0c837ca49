-- kpi: direct_afgehandeld
-- dimensie: onderwerp
-- What came of it may be unknown: then it is not.
SELECT maand(moment) AS periode, onderwerp AS lid, 100.0 * count(*) FILTER (vervolg = 'geen') / count(*) AS waarde,
       count(*) FILTER (vervolg = 'geen') AS teller, count(*) AS noemer
FROM contact WHERE initiatief = 'klant' GROUP BY 1, 2 ORDER BY 1, 2;
