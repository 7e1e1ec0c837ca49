-- kpi: bellers_contactfrequentie
-- dimensie: onderwerp
-- Who called about two subjects is one caller for each of them.
WITH per_beller AS (
    SELECT kwartaal(binnenkomst) AS periode, onderwerp AS lid, beller, count(*) AS gesprekken
    FROM gesprek WHERE richting = 'inkomend' AND beller IS NOT NULL GROUP BY 1, 2, 3
)
SELECT periode, lid, avg(gesprekken) AS waarde, NULL AS teller, NULL AS noemer
FROM per_beller GROUP BY 1, 2 ORDER BY 1, 2;
