-- kpi: telefoon_herhaalverkeer
-- dimensie: onderwerp
-- Calls about other subjects are seen, and not counted.
SELECT maand(a.binnenkomst) AS periode, a.onderwerp AS lid,
       100.0 * count(*) FILTER (herhaald) / count(*) AS waarde, count(*) FILTER (herhaald) AS teller, count(*) AS noemer
FROM (
    SELECT g.*, EXISTS (
        SELECT 1 FROM gesprek AS e
        WHERE e.richting = 'inkomend' AND e.beller = g.beller
          AND (utc(e.binnenkomst), e.gesprek_id) < (utc(g.binnenkomst), g.gesprek_id)
          AND e.binnenkomst::DATE >= g.binnenkomst::DATE - 7
    ) AS herhaald
    FROM gesprek AS g WHERE g.richting = 'inkomend' AND g.beller IS NOT NULL
) AS a
GROUP BY 1, 2 ORDER BY 1, 2;
