-- kpi: telefoon_unieke_bellers
-- dimensie: nummer
SELECT maand(binnenkomst) AS periode, nummer AS lid,
       count(DISTINCT beller) AS waarde, NULL AS teller, NULL AS noemer
FROM gesprek
WHERE richting = 'inkomend'
GROUP BY 1, 2 ORDER BY 1, 2;
