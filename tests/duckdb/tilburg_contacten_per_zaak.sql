-- kpi: tilburg_contacten_per_zaak
-- Contacts belong to the quarter in which their case began.
WITH c AS (SELECT kwartaal(z."start") AS periode, count(*) AS aantal FROM contact k JOIN zaak z ON z.zaak_id = k.zaak GROUP BY 1),
     z AS (SELECT kwartaal("start") AS periode, count(*) AS aantal FROM zaak GROUP BY 1)
SELECT z.periode, c.aantal / z.aantal AS waarde, c.aantal AS teller, z.aantal AS noemer
FROM z JOIN c USING (periode) ORDER BY 1;
