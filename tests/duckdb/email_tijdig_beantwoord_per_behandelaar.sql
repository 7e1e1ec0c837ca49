-- kpi: email_tijdig_beantwoord
-- dimensie: behandelaar
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(ontvangen) AS periode, behandelaar AS lid,
           coalesce(beantwoord::DATE <= uiterste(ontvangen, 5), false) AS goed
    FROM email WHERE uiterste(ontvangen, 5) <= laatste_dag()
)
GROUP BY 1, 2 ORDER BY 1, 2;
