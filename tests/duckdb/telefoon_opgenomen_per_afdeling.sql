-- kpi: telefoon_opgenomen
-- dimensie: afdeling
-- A call without a team, or of a team that is not in the list, has no department.
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(binnenkomst) AS periode, afdeling AS lid,
           opgenomen IS NOT NULL AS goed
    FROM gesprek LEFT JOIN team ON gesprek.team = team.code
    WHERE richting = 'inkomend'
)
GROUP BY 1, 2 ORDER BY 1, 2;
