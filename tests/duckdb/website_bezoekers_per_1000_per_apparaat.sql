-- kpi: website_bezoekers_per_1000
-- dimensie: apparaat
SELECT periode, lid, 1000.0 * bezoekers / inwoners AS waarde, bezoekers AS teller, inwoners AS noemer
FROM (
    SELECT kwartaal(moment) AS periode, apparaat AS lid, count(DISTINCT bezoeker) AS bezoekers,
           inwoners_op(max(last_day(moment))) AS inwoners
    FROM webbezoek WHERE NOT robot AND NOT eigen_netwerk GROUP BY 1, 2
)
ORDER BY 1, 2;
