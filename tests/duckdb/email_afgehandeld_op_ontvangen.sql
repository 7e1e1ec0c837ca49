-- kpi: email_afgehandeld_op_ontvangen
WITH binnen AS (SELECT maand(ontvangen) AS periode, count(*) AS aantal FROM email GROUP BY 1),
     buiten AS (SELECT maand(afgehandeld) AS periode, count(*) AS aantal FROM email WHERE afgehandeld IS NOT NULL GROUP BY 1)
SELECT i.periode, 100.0 * u.aantal / i.aantal AS waarde, u.aantal AS teller, i.aantal AS noemer
FROM binnen i JOIN buiten u USING (periode) ORDER BY 1;
