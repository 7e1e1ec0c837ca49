-- kpi: email_ontvangstbevestiging
-- dimensie: postbus
-- Within one working day, as meetlat.yaml of the example says; an automatic answer is a confirmation.
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(ontvangen) AS periode, postbus AS lid,
           coalesce(bevestigd::DATE <= uiterste(ontvangen, 1), false) AS goed
    FROM email WHERE uiterste(ontvangen, 1) <= laatste_dag()
)
GROUP BY 1, 2 ORDER BY 1, 2;
