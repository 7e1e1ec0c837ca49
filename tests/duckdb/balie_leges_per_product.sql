-- kpi: balie_leges
-- dimensie: product
SELECT maand(datum) AS periode, product AS lid,
       avg(leges) AS waarde, NULL AS teller, NULL AS noemer
FROM product
WHERE handeling = 'besteld' AND leges IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 2;
