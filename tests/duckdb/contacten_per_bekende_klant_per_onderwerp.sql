-- kpi: contacten_per_bekende_klant
-- dimensie: onderwerp
-- A contact in two roles is one contact.
SELECT periode, lid, avg(contacten) AS waarde, NULL AS teller, NULL AS noemer
FROM (
    SELECT kwartaal(b.moment) AS periode, c.onderwerp AS lid, b.klant, count(DISTINCT b.contact) AS contacten
    FROM betrokkene b JOIN contact c ON c.contact_id = b.contact
    WHERE c.initiatief = 'klant' AND b.klant IS NOT NULL GROUP BY 1, 2, 3
)
GROUP BY 1, 2 HAVING count(*) >= 5 ORDER BY 1, 2;
