-- kpi: dienst_doorlooptijd
-- dimensie: dienst
-- Per case: the day of the start is day 0.
SELECT maand(z.eind) AS periode, t.naam AS lid, avg(dagnummer(z.eind) - dagnummer(z."start")) AS waarde,
       NULL AS teller, NULL AS noemer
FROM zaak z LEFT JOIN zaaktype t ON t.code = z.zaaktype WHERE z.eind IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;
