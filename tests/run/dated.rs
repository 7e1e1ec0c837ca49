//! Rows that are valid for a time, and rows that mark results, a trap at a time.

use super::{Project, has};

const TABLES: &str = r#"bronsysteem zs "Zaaksysteem" {
    tabel zaak "Eén rij per zaak" {
        nummer     tekst      sleutel
        start      tijdstip?  meetmoment
        dag        datum?
        zaaktype   tekst?     -> dvo.zaaktype geldig op MOMENT
    }
    tabel dvo "Afspraken per zaaktype" {
        geldig     begin TOT eind
        zaaktype   tekst      sleutel
        begin      BEGIN?
        eind       EIND?
        termijn    geheel?
    }
}
kpi k "K" {
    definitie    "x"
    berekening   som(zaaktype.termijn)
    bronsysteem  zs.zaak
    meetmethode  automatisch, per maand op start
    dimensies    zaaktype.termijn als termijn
    norm         geen "x"
}
"#;

struct Form {
    moment: &'static str,
    until: &'static str,
    begin: &'static str,
    end: &'static str,
}

const PLAIN: Form = Form { moment: "start", until: "tot", begin: "datum", end: "datum" };

fn project(form: &Form, cases: &[&str], terms: &[&str]) -> Project {
    let project = Project { dir: tempfile::tempdir().expect("a folder") };
    let settings = "project: P\ndefinities: [k.kpi]\nomgevingen:\n  l:\n    bronnen:\n      zs.zaak: {pad: zaak.csv}\n      \
                    zs.dvo: {pad: dvo.csv}\n";
    project.write("meetlat.yaml", settings);
    let text = TABLES.replace("MOMENT", form.moment).replace("TOT", form.until);
    project.write("k.kpi", text.replace("BEGIN", form.begin).replace("EIND", form.end));
    project.write("zaak.csv", format!("nummer,start,dag,zaaktype\n{}\n", cases.join("\n")));
    project.write("dvo.csv", format!("zaaktype,begin,eind,termijn\n{}\n", terms.join("\n")));
    project
}

/// The sum of the terms that one case on a moment (or day) finds; `null` where it finds none.
#[track_caller]
fn finds(form: &Form, terms: &[&str], expected: &[(&str, i64)]) {
    let cases: Vec<String> = expected
        .iter()
        .enumerate()
        .map(|(i, (at, _))| {
            let start = if form.moment == "start" { (*at).to_owned() } else { format!("{at} 12:00") };
            format!("{i},{start},{},a", &at[..10])
        })
        .collect();
    let cases: Vec<&str> = cases.iter().map(String::as_str).collect();
    let project = project(form, &cases, terms);
    for (at, value) in expected {
        let rows = project.rows(&["--total", "--period", "dag", "--from", &at[..10]]);
        assert_eq!(rows[0]["waarde"].as_i64(), Some(*value), "{at}: {}", rows[0]);
    }
}

#[test]
fn the_end_is_excluded_or_included() {
    let terms = ["a,2026-01-01,2026-02-01,1", "a,2026-02-01,,10"];
    let at = [("2025-12-31 23:59", 0), ("2026-01-01 00:00", 1), ("2026-01-31 23:59", 1), ("2026-02-01 00:00", 10)];
    finds(&PLAIN, &terms, &at);
    let terms = ["a,2026-01-01,2026-01-31,1", "a,2026-02-01,,10"];
    finds(&Form { until: "tot en met", ..PLAIN }, &terms, &at);
    // A gap of a day.
    let at = [("2026-01-30 12:00", 1), ("2026-01-31 12:00", 0), ("2026-02-01 12:00", 10)];
    finds(&PLAIN, &terms, &at);
}

#[test]
fn days_and_moments_are_compared_as_moments() {
    let moments = Form { begin: "tijdstip", end: "tijdstip", ..PLAIN };
    let terms = ["a,2026-01-01 10:00,2026-01-05 12:00,1", "a,2026-01-05 12:00,,10"];
    let at = [("2026-01-01 09:59", 0), ("2026-01-02 10:00", 1), ("2026-01-05 12:00", 10)];
    finds(&moments, &terms, &at);
    // A day counts from its first moment.
    let days = Form { moment: "dag", ..moments };
    finds(&days, &terms, &[("2026-01-01", 0), ("2026-01-02", 1), ("2026-01-05", 1), ("2026-01-06", 10)]);
    let last = Form { until: "tot en met", ..moments };
    let terms = ["a,2026-01-01 10:00,2026-01-05 12:00,1", "a,2026-01-05 12:01,,10"];
    finds(&last, &terms, &[("2026-01-05 12:00", 1), ("2026-01-06 12:01", 10)]);
    // A begin with a time, an end of a whole day.
    let mixed = Form { until: "tot en met", begin: "tijdstip", end: "datum", ..PLAIN };
    let terms = ["a,2026-01-01 10:00,2026-01-04,1", "a,2026-01-05 00:00,,10"];
    finds(&mixed, &terms, &[("2026-01-04 23:59", 1), ("2026-01-05 00:00", 10)]);
}

#[test]
fn an_empty_begin_is_always_and_an_empty_moment_finds_nothing() {
    finds(&PLAIN, &["a,,2026-01-05,1", "a,2026-01-05,,10"], &[("2024-01-04 12:00", 1), ("2026-01-05 00:00", 10)]);
    let day = Form { moment: "dag", ..PLAIN };
    let text = project(
        &day,
        &["1,2026-01-04,2026-01-04,a", "2,2026-01-04,2026-01-04,b", "3,2026-01-04,,a", "4,2026-01-04,2026-01-04,"],
        &["a,,,7"],
    );
    assert_eq!(
        text.values(&["--by", "termijn"]),
        ["2026-01 7 geen norm", "2026-01 7 7 geen norm", "2026-01 (leeg) 0 geen norm"]
    );
}

#[test]
fn a_far_end_is_as_good_as_none() {
    let terms = ["a,2026-01-01,9999-12-31,1"];
    finds(&PLAIN, &terms, &[("2026-01-04 12:00", 1)]);
    finds(&Form { until: "tot en met", ..PLAIN }, &terms, &[("2026-01-04 12:00", 1)]);
}

#[test]
fn two_rows_at_once_are_a_data_error() {
    let cases = ["1,2026-01-04 10:00,,a"];
    let terms = ["b,2026-01-01,2026-03-01,1", "b,2026-02-01,,10", "a,2026-01-01,,1", "c,,,1", "c,,,2"];
    let text = project(&PLAIN, &cases, &terms).fails(3, &["run"]);
    has(
        &text,
        &[
            "ML616",
            "van zaaktype `b` gelden twee rijen van zs.dvo tegelijk",
            "de ene geldt van 2026-01-01 tot 2026-03-01, de andere vanaf 2026-02-01",
        ],
    );
    // One after another under `tot` is at once under `tot en met`.
    let terms = ["a,2026-01-01,2026-02-01,1", "a,2026-02-01,,10"];
    let last = Form { until: "tot en met", ..PLAIN };
    has(&project(&last, &cases, &terms).fails(3, &["run"]), &["de ene geldt van 2026-01-01 tot en met 2026-02-01"]);
    assert_eq!(project(&PLAIN, &cases, &terms).values(&["--total"]), ["2026-01 1 geen norm"]);
}

#[test]
fn a_row_that_ends_before_it_begins_is_a_data_error() {
    let cases = ["1,2026-01-04 10:00,,a"];
    let text = project(&PLAIN, &cases, &["a,2026-02-01,2026-01-01,1"]).fails(3, &["run"]);
    has(&text, &["ML617", "een rij van zaaktype `a` in zs.dvo eindigt voordat zij begint"]);
    // One that ends at once is never valid, which is no fault.
    let terms = ["a,2026-01-01,2026-01-01,1", "a,2026-01-01,,10"];
    assert_eq!(project(&PLAIN, &cases, &terms).values(&["--total"]), ["2026-01 10 geen norm"]);
}

#[test]
fn the_plan_joins_once_and_reads_the_facts_once() {
    let plan = project(&PLAIN, &["1,2026-01-04 10:00,,a"], &["a,,,7"]).well(&["explain", "k", "--plan", "physical"]);
    assert_eq!(
        plan.matches("join_type=Right, on=[(k3@0, c3@1)], filter=c1@2 >= f3@0 AND c1@2 < u3@1").count(),
        1,
        "{plan}"
    );
    assert_eq!(plan.matches("projection=[start, zaaktype]").count(), 1, "{plan}");
}

const COUNTS: &str = r#"bronsysteem hand "Met de hand" {
    tabel telling "Eén rij per week en locatie" {
        week           datum    sleutel  meetmoment
        locatie        tekst    sleutel
        bezoekers      geheel
        raming         ja_nee?  kenmerk
        onbetrouwbaar  tekst?   kenmerk
        reden          tekst?   kenmerk
    }
}
kpi k "K" {
    definitie    "x"
    berekening   som(bezoekers)
    bronsysteem  hand.telling waarbij bezoekers > 0
    meetmethode  handmatig, per maand
    dimensies    locatie
    norm         geen "x"
}
"#;

fn counts(rows: &[&str]) -> Project {
    let project = Project { dir: tempfile::tempdir().expect("a folder") };
    let settings =
        "project: P\ndefinities: [k.kpi]\nomgevingen:\n  l:\n    bronnen:\n      hand.telling: {pad: telling.csv}\n";
    project.write("meetlat.yaml", settings);
    project.write("k.kpi", COUNTS);
    project.write("telling.csv", format!("week,locatie,bezoekers,raming,onbetrouwbaar,reden\n{}\n", rows.join("\n")));
    project
}

const ROWS: [&str; 5] = [
    "2026-01-05,a,10,ja,,geschat",
    "2026-01-12,a,10,ja,,telpoort stuk",
    "2026-01-12,b,10,nee,sensor,let op",
    "2026-01-19,b,0,ja,sensor,telt niet mee",
    "2026-02-02,b,1,,,",
];

#[test]
fn rows_mark_the_cells_they_take_part_in() {
    let project = counts(&ROWS);
    let marks = |args: &[&str]| -> Vec<String> {
        let rows = project.rows(args);
        let told = |row: &serde_json::Value| {
            let marks = row["kenmerken"].as_array().expect("a list").iter();
            let marks = marks.filter(|m| m["kenmerk"] != "voorlopig");
            let marks: Vec<String> = marks
                .map(|m| format!("{}={}", m["kenmerk"].as_str().unwrap_or("?"), m["reden"].as_str().unwrap_or("?")))
                .collect();
            format!("{} {} {}", row["periode"].as_str().unwrap_or("?"), row["dimensies"]["locatie"], marks.join(" "))
        };
        rows.iter().map(told).collect()
    };
    assert_eq!(
        marks(&["--by", "locatie"]),
        [
            "2026-01 null onbetrouwbaar=sensor raming=geschat; telpoort stuk reden=let op",
            "2026-02 null ",
            "2026-01 \"a\" raming=geschat; telpoort stuk",
            "2026-02 \"a\" ",
            "2026-01 \"b\" onbetrouwbaar=sensor reden=let op",
            "2026-02 \"b\" ",
        ]
    );
    assert_eq!(marks(&["--total", "--where", "locatie = \"a\""])[0], "2026-01 null raming=geschat; telpoort stuk");
    let csv = project.well(&["run", "--format", "csv", "-q", "--total"]);
    has(&csv, &["raming: geschat; telpoort stuk"]);
    has(&project.well(&["run", "--total"]), &["raming: geschat; telpoort stuk"]);
}

#[test]
fn a_source_without_a_column_of_marks_has_figures() {
    let project = counts(&ROWS);
    project.edit("meetlat.yaml", "meetlat.yaml", "{pad: telling.csv}", "{pad: telling.csv, kolommen: {raming: geen}}");
    let marks = |row: &serde_json::Value| row["kenmerken"].to_string();
    let rows = project.rows(&["--total"]);
    assert_eq!(rows[0]["waarde"].as_i64(), Some(30));
    let reasons = "geschat; let op; telpoort stuk";
    has(&marks(&rows[0]), &[&format!("{{\"kenmerk\":\"reden\",\"reden\":\"{reasons}\"}}")]);
    assert!(!marks(&rows[0]).contains("raming"), "{}", marks(&rows[0]));
    // But not where the calculation needs it.
    project.edit("k.kpi", "k.kpi", "bezoekers > 0", "bezoekers > 0 en niet raming");
    has(&marks(&project.rows(&["--total"])[0]), &["onvolledige bron", "hand.telling.raming"]);
}

#[test]
fn what_a_few_persons_say_is_hidden_with_the_figure() {
    let project = counts(&ROWS);
    let text = COUNTS.replace("per maand", "per maand, afschermen bij minder dan 2");
    project.write("k.kpi", text);
    let rows = project.rows(&["--by", "locatie"]);
    let b = rows.iter().find(|r| r["dimensies"]["locatie"] == "b" && r["periode"] == "2026-01").expect("a row");
    assert_eq!((b["status"].as_str(), b["kenmerken"].as_array().map(Vec::len)), (Some("afgeschermd"), Some(0)));
}

#[test]
fn explained() {
    let line = "rijen met raming of onbetrouwbaar of reden zetten dat als kenmerk bij de uitkomst";
    has(&counts(&ROWS).well(&["explain", "k"]), &[line]);
    let dated = project(&PLAIN, &["1,2026-01-04 10:00,,a"], &["a,,,7"]);
    let line =
        "zaaktype wijst de rij van zs.dvo aan die geldt op start (van begin tot eind); is er geen, dan is het leeg";
    has(&dated.well(&["explain", "k"]), &[line]);
}

#[test]
fn a_definition_is_another_when_its_moment_or_validity_is() {
    let hash = |form: &Form, change: (&str, &str)| {
        let project = project(form, &["1,2026-01-04 10:00,2026-01-04,a"], &["a,,,7"]);
        project.edit("k.kpi", "k.kpi", change.0, change.1);
        project.rows(&["--total"])[0]["definitie_hash"].as_str().expect("a hash").to_owned()
    };
    let same = ("", "");
    let plain = hash(&PLAIN, same);
    assert_eq!(plain, hash(&PLAIN, ("\"Zaaksysteem\"", "\"Ander opschrift\"")));
    assert_ne!(plain, hash(&Form { moment: "dag", ..PLAIN }, same));
    assert_ne!(plain, hash(&Form { until: "tot en met", ..PLAIN }, same));
    assert_ne!(plain, hash(&PLAIN, ("geldig     begin tot eind", "geldig     eind tot begin")));
}

#[test]
fn given_rows_of_a_toets_follow_each_other_too() {
    let project = project(&PLAIN, &[], &[]);
    let toets = |second: &str| {
        format!(
            "\ntoets \"t\" {{\n kpi k\n gegeven zs.dvo\n | zaaktype | begin | eind | termijn |\n | a | 2026-01-01 | \
             2026-02-01 | 1 |\n | a | {second} | 2 |\n gegeven zs.zaak\n | start | zaaktype |\n | 2026-01-15 09:00 | a \
             |\n verwacht\n | periode | waarde |\n | 2026-01 | 1 |\n}}\n"
        )
    };
    let text = project.read("k.kpi");
    project.write("k.kpi", format!("{text}{}", toets("2026-02-01 |")));
    project.well(&["test"]);
    project.write("k.kpi", format!("{text}{}", toets("2026-01-31 |")));
    let ran = project.meetlat(&["test"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let said = "ML616 in zs.dvo gelden twee gegeven rijen met dezelfde sleutel tegelijk, regel 30";
    has(&ran.stdout, &["Met de gegeven rijen is niet te rekenen", said]);
    project.write("k.kpi", format!("{text}{}", toets("2026-03-31 | 2026-03-01")));
    has(&project.meetlat(&["test"]).stdout, &["ML617 in zs.dvo eindigt een gegeven rij voordat zij begint"]);
}

#[test]
fn a_norm_from_a_table_that_nothing_else_asks_for() {
    let terms = ["a,2026-01-01,2026-02-01,2", "a,2026-02-01,,1"];
    let cases = ["1,2026-01-04 10:00,,a", "2,2026-01-05 10:00,,a", "3,2026-02-05 10:00,,a", "4,2026-02-06 10:00,,a"];
    let project = project(&PLAIN, &cases, &terms);
    project.edit("k.kpi", "k.kpi", "som(zaaktype.termijn)", "aantal()");
    project.edit("k.kpi", "k.kpi", "zaaktype.termijn als termijn", "zaaktype");
    project.edit("k.kpi", "k.kpi", "geen \"x\"", "<= zaaktype.termijn");
    assert_eq!(project.values(&["--total"]), ["2026-01 2 gehaald", "2026-02 2 niet gehaald"]);
}

#[test]
fn a_toets_knows_faults_wherever_the_calculation_looks() {
    let project = counts(&ROWS);
    let fault = "\nmeetstoring hand.telling vanaf 2026-01-05 tot 2026-01-06 \"stuk\"\n";
    let toets = "toets \"t\" {\n kpi k\n gegeven hand.telling\n | week | locatie | bezoekers |\n | 2026-01-12 | a | 4 |\n \
                 | 2026-02-12 | a | 5 |\n verwacht\n | periode | kenmerken |\n | 2026-01 | onbetrouwbaar |\n | 2026-02 | \
                 onbetrouwbaar, voorlopig |\n}\n";
    let over_time = COUNTS.replace("som(bezoekers)", "som(bezoekers) - vorige(som(bezoekers))");
    project.write("k.kpi", format!("{over_time}{fault}{toets}"));
    project.well(&["test"]);
}
