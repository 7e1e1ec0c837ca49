-- kpi: registratiegraad
WITH c AS (SELECT maand(moment) AS periode, count(*) AS aantal FROM contact
           WHERE initiatief = 'klant' AND kanaal = 'telefoon' GROUP BY 1),
     g AS (SELECT maand(binnenkomst) AS periode, count(*) AS aantal FROM gesprek
           WHERE richting = 'inkomend' AND extern AND opgenomen IS NOT NULL GROUP BY 1)
SELECT g.periode, 100.0 * c.aantal / g.aantal AS waarde, c.aantal AS teller, g.aantal AS noemer
FROM g JOIN c USING (periode) ORDER BY 1;
