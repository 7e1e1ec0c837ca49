-- kpi: contact_geholpen
-- dimensie: contactkanaal
WITH contact AS (
    SELECT 'telefoon' AS lid, binnenkomst AS moment, opgenomen IS NOT NULL AS geholpen FROM gesprek
    WHERE richting = 'inkomend'
    UNION ALL
    SELECT 'balie', afgifte, start IS NOT NULL FROM ticket
)
SELECT maand(moment) AS periode, lid, 100.0 * count(*) FILTER (geholpen) / count(*) AS waarde,
       count(*) FILTER (geholpen) AS teller, count(*) AS noemer
FROM contact GROUP BY 1, 2 ORDER BY 1, 2;
