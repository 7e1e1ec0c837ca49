-- kpi: sociaal_antwoordtijd
-- dimensie: medium
SELECT maand(ontvangen) AS periode, medium AS lid, quantile_cont(seconden(ontvangen, beantwoord), 0.5) AS waarde,
       NULL AS teller, NULL AS noemer
FROM sociaal WHERE beantwoord IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;
