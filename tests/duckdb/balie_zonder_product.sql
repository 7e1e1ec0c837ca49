-- kpi: balie_zonder_product
-- dimensie: domein
WITH bezoek AS (
    SELECT maand(t.afgifte) AS periode, t.domein AS lid,
           NOT EXISTS (SELECT 1 FROM product p WHERE p.bezoek = t.ticket_id) AS zonder
    FROM ticket t WHERE t.start IS NOT NULL
)
SELECT periode, lid, 100.0 * count(*) FILTER (zonder) / count(*) AS waarde, count(*) FILTER (zonder) AS teller,
       count(*) AS noemer
FROM bezoek GROUP BY 1, 2 ORDER BY 1, 2;
