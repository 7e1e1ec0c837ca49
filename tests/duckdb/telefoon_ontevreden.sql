-- kpi: telefoon_ontevreden
SELECT periode, 100.0 * count(*) FILTER (goed) / count(*) AS waarde,
       count(*) FILTER (goed) AS teller, count(*) AS noemer
FROM (
    SELECT kwartaal(moment) AS periode,
           cijfer <= 5 AS goed
    FROM enquete
    WHERE kanaal = 'telefoon' AND cijfer IS NOT NULL
)
GROUP BY 1 ORDER BY 1;
