-- kpi: telefoon_aandeel_onderwerp
-- dimensie: team
-- A team without calls in a quarter in which there are calls has a share of 0, not no share.
WITH g AS (SELECT kwartaal(binnenkomst) AS periode, team AS lid FROM gesprek WHERE richting = 'inkomend'),
per AS (SELECT periode, lid, count(*) AS n FROM g GROUP BY 1, 2),
totaal AS (SELECT periode, count(*) AS n FROM g GROUP BY 1)
SELECT totaal.periode, leden.lid, 100.0 * coalesce(per.n, 0) / totaal.n AS waarde, coalesce(per.n, 0) AS teller,
       totaal.n AS noemer
FROM totaal CROSS JOIN (SELECT DISTINCT lid FROM g) AS leden
LEFT JOIN per ON per.periode = totaal.periode AND per.lid IS NOT DISTINCT FROM leden.lid
ORDER BY 1, 2;
