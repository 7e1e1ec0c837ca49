-- kpi: balie_ces
SELECT kwartaal(moment) AS periode,
       100.0 * count(*) FILTER (moeite IN ('geen', 'weinig')) / count(*)
           - 100.0 * count(*) FILTER (moeite IN ('veel', 'heel veel')) / count(*) AS waarde,
       NULL AS teller, NULL AS noemer
FROM enquete
WHERE kanaal = 'balie' AND moeite IS NOT NULL
GROUP BY 1 ORDER BY 1;
