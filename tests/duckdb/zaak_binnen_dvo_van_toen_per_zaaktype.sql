-- kpi: zaak_binnen_dvo_van_toen
-- dimensie: zaaktype
-- The agreement that held on the day on which the case began.
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT kwartaal(z."start") AS periode, z.zaaktype AS lid,
           coalesce(z.eind <= uiterste(z."start", l.werkdagen), false) AS goed
    FROM zaak z JOIN levertijd l
      ON l.zaaktype = z.zaaktype AND (l.begin IS NULL OR z."start" >= l.begin) AND (l.eind IS NULL OR z."start" <= l.eind)
    WHERE uiterste(z."start", l.werkdagen) <= laatste_dag()
)
GROUP BY 1, 2 ORDER BY 1, 2;
