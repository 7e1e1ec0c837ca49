-- kpi: kcc_goed_afgehandeld
SELECT maand(n.moment) AS periode, 100.0 * count(*) FILTER (n.opgelost) / count(*) AS waarde,
       count(*) FILTER (n.opgelost) AS teller, count(*) AS noemer
FROM nabevraging n JOIN contact c ON c.contact_id = n.contact
WHERE n.opgelost IS NOT NULL AND c.lijn IN ('eerste lijn', 'tweede lijn') AND c.vervolg = 'geen'
GROUP BY 1 ORDER BY 1;
