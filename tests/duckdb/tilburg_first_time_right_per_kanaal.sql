-- kpi: tilburg_first_time_right_aandeel
-- dimensie: kanaal
SELECT maand(moment) AS periode, kanaal_van(kanaal) AS lid,
       100.0 * count(*) FILTER (in_een_keer_goed) / count(*) AS waarde,
       count(*) FILTER (in_een_keer_goed) AS teller, count(*) AS noemer
FROM contact WHERE initiatief = 'klant' AND in_een_keer_goed IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;
