-- The tables of examples/gemeente as views. {data} is the data folder, {tekst} a folder with its CSV files in UTF-8.
-- Moments are naive local times; utc() gives the instant, for the two years that the example covers: a time that occurs
-- twice (27 October 2024 and 26 October 2025, 2–3) is the first, one that does not exist (30 March 2025 and 29 March
-- 2026, 2–3) moves forward.

CREATE MACRO utc(t) AS CASE
    WHEN t < TIMESTAMP '2024-10-27 03:00:00' THEN t - INTERVAL 2 HOUR
    WHEN t < TIMESTAMP '2025-03-30 03:00:00' THEN t - INTERVAL 1 HOUR
    WHEN t < TIMESTAMP '2025-10-26 03:00:00' THEN t - INTERVAL 2 HOUR
    WHEN t < TIMESTAMP '2026-03-29 03:00:00' THEN t - INTERVAL 1 HOUR
    ELSE t - INTERVAL 2 HOUR END;
-- Seconds between two naive moments.
CREATE MACRO seconden(van, tot) AS (epoch_us(utc(tot)) - epoch_us(utc(van))) / 1000000.0;
CREATE MACRO maand(t) AS strftime(t, '%Y-%m');
CREATE MACRO kwartaal(t) AS year(t) || '-K' || quarter(t);
CREATE MACRO week(t) AS strftime(t, '%G-W%V');

CREATE VIEW gesprek AS SELECT * FROM read_parquet('{data}/acd/*.parquet');
CREATE VIEW team AS SELECT * FROM read_csv('{tekst}/teams.csv', delim = ';', header = true, all_varchar = true);

CREATE MACRO moment(s) AS strptime(s, '%d-%m-%Y %H:%M:%S');
CREATE VIEW doorverbinding AS
SELECT gesprek, volgnummer::BIGINT AS volgnummer, laag::BIGINT AS laag, moment("start") AS "start",
       moment(verbonden) AS verbonden, moment(teruggenomen) AS teruggenomen, afdeling
FROM read_csv('{tekst}/doorverbindingen.csv', delim = ';', header = true, all_varchar = true);

CREATE VIEW openstelling AS
SELECT strptime(datum, '%d-%m-%Y')::DATE AS datum, volgnummer::BIGINT AS volgnummer, nummer,
       open_vanaf::BIGINT AS open_vanaf, open_tot::BIGINT AS open_tot
FROM read_csv('{tekst}/openstelling.csv', delim = ';', header = true, all_varchar = true);

CREATE VIEW ticket AS
SELECT volgnummer AS ticket_id, * EXCLUDE (volgnummer) FROM read_parquet('{data}/balie/*.parquet');

CREATE VIEW product AS SELECT volgnummer AS bezoek, * EXCLUDE (volgnummer) FROM read_parquet('{data}/producten.parquet');

CREATE VIEW bevolking AS
SELECT gemeentecode AS gemeente, naam, strptime(peildatum, '%d-%m-%Y')::DATE AS peildatum, inwoners::BIGINT AS inwoners
FROM read_csv('{tekst}/inwoners.csv', delim = ';', header = true, all_varchar = true);

CREATE VIEW wachtafspraak AS
SELECT locatie, strptime(begin, '%d-%m-%Y')::DATE AS begin, strptime(eind, '%d-%m-%Y')::DATE AS eind,
       wachttijd::BIGINT AS wachttijd, besluit
FROM read_csv('{tekst}/wachtafspraken.csv', delim = ';', header = true, all_varchar = true);

CREATE VIEW enquete AS
SELECT * FROM read_json('{data}/enquete.jsonl', format = 'newline_delimited', columns = {{
    respons_id: 'VARCHAR', kanaal: 'VARCHAR', moment: 'TIMESTAMP', locatie: 'VARCHAR', onderwerp: 'VARCHAR',
    cijfer: 'DOUBLE', moeite: 'VARCHAR', aanbeveling: 'DOUBLE'}});
