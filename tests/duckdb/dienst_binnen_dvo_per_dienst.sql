-- kpi: dienst_binnen_dvo
-- dimensie: dienst
SELECT periode, lid, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(z."start") AS periode, t.naam AS lid, coalesce(z.eind <= uiterste(z."start", t.levertijd), false) AS goed
    FROM zaak z JOIN zaaktype t ON t.code = z.zaaktype
    WHERE t.levertijd IS NOT NULL AND uiterste(z."start", t.levertijd) <= laatste_dag()
)
GROUP BY 1, 2 ORDER BY 1, 2;
