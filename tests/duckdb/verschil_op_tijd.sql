-- kpi: verschil_op_tijd
WITH b AS (
    SELECT maand(afgifte) AS periode,
           100.0 * count(*) FILTER ("start" IS NOT NULL AND seconden(afgifte, oproep) <= 600) / count(*) AS balie
    FROM ticket GROUP BY 1
), t AS (
    SELECT maand(binnenkomst) AS periode,
           100.0 * count(*) FILTER (seconden(coalesce(laatste_keuze, binnenkomst), opgenomen) <= 20) / count(*) AS telefoon
    FROM gesprek WHERE richting = 'inkomend' AND nummer = 'algemeen' AND uitkomst <> 'keuzemenu' GROUP BY 1
)
SELECT periode, balie - telefoon AS waarde, NULL AS teller, NULL AS noemer
FROM b JOIN t USING (periode) ORDER BY periode;
