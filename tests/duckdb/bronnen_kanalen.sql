-- The other channels, the contacts and the cases of examples/gemeente as views, a calendar of working days, and the channels
-- as they are written down.

CREATE VIEW email AS
SELECT id, "in" AS ontvangen, "van" AS afzender, box AS postbus, door AS behandelaar, afd AS afdeling, over AS onderwerp,
       bev AS bevestigd, auto AS automatisch, antw AS beantwoord, klaar AS afgehandeld
FROM read_json('{data}/email.jsonl', format = 'newline_delimited', columns = {{
    id: 'VARCHAR', "in": 'TIMESTAMP', "van": 'VARCHAR', box: 'VARCHAR', door: 'VARCHAR', afd: 'VARCHAR', over: 'VARCHAR',
    bev: 'TIMESTAMP', auto: 'BOOLEAN', antw: 'TIMESTAMP', klaar: 'TIMESTAMP'}});

CREATE VIEW sociaal AS
SELECT * FROM read_json('{data}/webcare.jsonl', format = 'newline_delimited', columns = {{
    bericht_id: 'VARCHAR', medium: 'VARCHAR', ontvangen: 'TIMESTAMP', beantwoord: 'TIMESTAMP', afzender: 'VARCHAR',
    onderwerp: 'VARCHAR'}});

CREATE VIEW sessie AS SELECT *, soort IN ('aanvraag', 'melding') AS is_aanvraag
FROM read_parquet('{data}/formulieren.parquet');

CREATE VIEW ontvangst AS
SELECT ontvangst_id, formulier, soort, weg, ontvangen::TIMESTAMP AS ontvangen, aanvulling::TIMESTAMP AS aanvulling
FROM read_csv('{data}/formulieren.csv', header = true, all_varchar = true);

CREATE MACRO nederlandse_dag(s) AS strptime(s, '%d-%m-%Y')::DATE;
CREATE VIEW poststuk AS
SELECT nummer, richting, nederlandse_dag(ontvangen) AS ontvangen, afdeling, soort, nederlandse_dag(afgehandeld) AS afgehandeld
FROM read_csv('{tekst}/post.csv', delim = ';', header = true, all_varchar = true);

CREATE VIEW webbezoek AS SELECT * FROM read_parquet('{data}/web.parquet');

CREATE VIEW contact AS SELECT * FROM read_parquet('{data}/klantcontact/contacten.parquet');
CREATE VIEW betrokkene AS SELECT * FROM read_parquet('{data}/klantcontact/betrokkenen.parquet');
CREATE VIEW terugbelverzoek AS SELECT * FROM read_parquet('{data}/klantcontact/terugbelverzoeken.parquet');
CREATE VIEW uitvraag AS SELECT * FROM read_parquet('{data}/klantcontact/uitvragen.parquet');
CREATE VIEW nabevraging AS SELECT * FROM read_parquet('{data}/klantcontact/nabevraging.parquet');
CREATE VIEW klacht AS
SELECT klacht_id, nederlandse_dag(ontvangen) AS ontvangen, soort, kanaal, afdeling
FROM read_csv('{tekst}/klachten.csv', delim = ';', header = true, all_varchar = true);

CREATE VIEW zaak AS
SELECT zaak_id, klantaanvraag, zaaktype, kanaal, afdeling, "start"::DATE AS "start", uiterlijk::DATE AS uiterlijk,
       eind::DATE AS eind, navraag, statusinfo
FROM read_csv('{data}/zaken/zaken.csv', header = true, all_varchar = true);
CREATE VIEW klantaanvraag AS SELECT * FROM read_parquet('{data}/zaken/aanvragen.parquet');
CREATE VIEW zaaktype AS
SELECT code, naam, levertijd::BIGINT AS levertijd
FROM read_csv('{data}/zaken/zaaktypen.csv', delim = ';', header = true, all_varchar = true);
CREATE VIEW levertijd AS
SELECT zaaktype, nederlandse_dag(begin) AS begin, nederlandse_dag(eind) AS eind, werkdagen::BIGINT AS werkdagen
FROM read_csv('{data}/zaken/levertijden.csv', delim = ';', header = true, all_varchar = true);

-- Monday to Friday without the holidays of the Algemene termijnenwet.
CREATE TABLE dag AS
SELECT datum, werkt, sum(werkt::INT) OVER (ORDER BY datum) AS nr
FROM (
    SELECT d::DATE AS datum, isodow(d) < 6 AND d::DATE NOT IN (
        DATE '2024-12-25', DATE '2024-12-26', DATE '2025-01-01', DATE '2025-04-18', DATE '2025-04-21', DATE '2025-05-05',
        DATE '2025-05-29', DATE '2025-06-09', DATE '2025-12-25', DATE '2025-12-26', DATE '2026-01-01', DATE '2026-04-03',
        DATE '2026-04-06', DATE '2026-04-27', DATE '2026-05-05', DATE '2026-05-14', DATE '2026-05-25', DATE '2026-12-25'
    ) AS werkt
    FROM range(TIMESTAMP '2024-05-01', TIMESTAMP '2027-01-01', INTERVAL 1 DAY) AS r(d)
);
-- How many working days there were up to and including a day, and the last day that is allowed.
CREATE MACRO dagnummer(d) AS (SELECT g.nr FROM dag g WHERE g.datum = d::DATE);
CREATE MACRO uiterste(d, n) AS (SELECT g.datum FROM dag g WHERE g.werkt AND g.nr = dagnummer(d) + n);
-- The last day of which the data know the end.
CREATE MACRO laatste_dag() AS DATE '2026-06-30';
CREATE MACRO peilmoment() AS TIMESTAMP '2026-07-01 00:00:00';
-- The inhabitants last known on the last day of a period.
CREATE MACRO inwoners_op(d) AS (
    SELECT arg_max(b.inwoners, b.peildatum) FROM bevolking b WHERE b.gemeente = 'GM9999' AND b.peildatum <= d);

CREATE MACRO kanaal_van(k) AS CASE lower(k)
    WHEN 'telefoon' THEN 'telefoon' WHEN 'balie' THEN 'balie' WHEN 'e-mail' THEN 'email' WHEN 'web' THEN 'web'
    WHEN 'webformulier' THEN 'web' WHEN 'brief' THEN 'post' WHEN 'post' THEN 'post' WHEN 'whatsapp' THEN 'sociaal'
    WHEN 'chat' THEN 'chat' ELSE '(onbekend: ' || lower(k) || ')' END;
