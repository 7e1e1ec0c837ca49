-- kpi: aanbeveling
-- dimensie: kanaal
SELECT kwartaal(moment) AS periode, kanaal_van(kanaal) AS lid,
       100.0 * count(*) FILTER (aanbeveling >= 9) / count(*) - 100.0 * count(*) FILTER (aanbeveling <= 6) / count(*) AS waarde,
       NULL AS teller, NULL AS noemer
FROM nabevraging WHERE aanbeveling IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;
