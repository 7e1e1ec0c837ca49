-- kpi: groningen_terugbelverzoeken_te_volgen
SELECT maand(t.aangemaakt) AS periode, 100.0 * count(*) FILTER (c.zaak IS NOT NULL) / count(*) AS waarde,
       count(*) FILTER (c.zaak IS NOT NULL) AS teller, count(*) AS noemer
FROM terugbelverzoek t LEFT JOIN contact c ON c.contact_id = t.contact GROUP BY 1 ORDER BY 1;
