-- kpi: telefoon_aandeel_onderwerp
-- dimensie: team
SELECT kwartaal(binnenkomst) AS periode, team AS lid, 100.0 * count(*) / sum(count(*)) OVER (PARTITION BY kwartaal(binnenkomst)) AS waarde,
       count(*) AS teller, sum(count(*)) OVER (PARTITION BY kwartaal(binnenkomst)) AS noemer
FROM gesprek WHERE richting = 'inkomend' GROUP BY 1, 2 ORDER BY 1, 2;
