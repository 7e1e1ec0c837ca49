-- kpi: telefoon_gesprekstijd_index
-- dimensie: onderwerp
WITH g AS (
    SELECT maand(binnenkomst) AS periode, onderwerp AS lid, avg(seconden(opgenomen, beeindigd)) AS tijd
    FROM gesprek WHERE richting = 'inkomend' AND opgenomen IS NOT NULL GROUP BY 1, 2
)
SELECT nu.periode, nu.lid, 100 * nu.tijd / basis.tijd AS waarde, NULL AS teller, NULL AS noemer
FROM g AS nu JOIN g AS basis ON basis.lid IS NOT DISTINCT FROM nu.lid AND basis.periode = '2025-09'
ORDER BY 1, 2;
