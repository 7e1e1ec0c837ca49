-- kpi: groningen_sociaal_op_tijd
-- Twenty-four hours on the clock, day and night; a question whose time has not run out counts nowhere.
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde, count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT maand(ontvangen) AS periode, coalesce(seconden(ontvangen, beantwoord) <= 24 * 3600, false) AS goed
    FROM sociaal WHERE seconden(ontvangen, peilmoment()) >= 24 * 3600
)
GROUP BY 1 ORDER BY 1;
