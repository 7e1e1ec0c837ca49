-- kpi: telefoon_wachttijd_mediaan
-- dimensie: afdeling
SELECT maand(binnenkomst) AS periode, afdeling AS lid,
       median(seconden(coalesce(laatste_keuze, binnenkomst), opgenomen)) AS waarde, NULL AS teller, NULL AS noemer
FROM gesprek LEFT JOIN team ON gesprek.team = team.code
WHERE richting = 'inkomend' AND opgenomen IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 2;
