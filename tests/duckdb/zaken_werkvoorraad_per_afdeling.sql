-- kpi: zaken_werkvoorraad
-- dimensie: afdeling
SELECT strftime(m, '%Y-%m') AS periode, a.afdeling AS lid,
       (SELECT count(*) FROM zaak z WHERE z.afdeling IS NOT DISTINCT FROM a.afdeling AND z."start" <= last_day(m)
            AND (z.eind IS NULL OR z.eind > last_day(m))) AS waarde,
       NULL AS teller, NULL AS noemer
FROM range(TIMESTAMP '2024-07-01', TIMESTAMP '2026-07-01', INTERVAL 1 MONTH) AS r(m),
     (SELECT DISTINCT afdeling FROM zaak) a
ORDER BY 1, 2;
