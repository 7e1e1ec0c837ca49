-- kpi: tilburg_dezelfde_navraag
-- dimensie: gegeven
WITH u AS (SELECT * FROM uitvraag WHERE klant IS NOT NULL),
     h AS (
         SELECT maand(a.moment) AS periode, a.gegeven AS lid
         FROM u a WHERE EXISTS (
             SELECT 1 FROM u b WHERE b.klant = a.klant AND b.gegeven = a.gegeven
                 AND (b.moment < a.moment OR (b.moment = a.moment AND b.uitvraag_id < a.uitvraag_id))
                 AND b.moment::DATE >= a.moment::DATE - 365)
     )
SELECT p.periode, l.lid, count(h.lid) AS waarde, NULL AS teller, NULL AS noemer
FROM (SELECT DISTINCT maand(moment) AS periode FROM u) p CROSS JOIN (SELECT DISTINCT gegeven AS lid FROM u) l
LEFT JOIN h ON h.periode = p.periode AND h.lid = l.lid GROUP BY 1, 2 ORDER BY 1, 2;
