//! `meetlat test` as users meet it: the shipped library and the examples pass, a failing toets says what differs, and
//! coverage and mutation tell what no toets decides.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Ran, meetlat, root};

/// A counter with one KPI, and whatever toetsen.
const COUNTER: &str = r#"
bronsysteem balie "Balie" {
    tabel ticket "Eén rij per volgnummer" {
        nummer    tekst     sleutel
        afgifte   tijdstip  meetmoment
        oproep    tijdstip?
        soort     tekst     in ("inloop", "afspraak")
        wachttijd = oproep - afgifte
    }
}
parameter wachtnorm: duur = 10 min
kpi op_tijd "Op tijd" {
    definitie    "Deel dat op tijd aan de beurt was."
    berekening   percentage(wachttijd <= wachtnorm, leeg telt als nee)
    bronsysteem  balie.ticket waarbij soort = "inloop"
    meetmethode  automatisch, per maand
    dimensies    soort
    norm         >= 80%
                 bijna >= 50%
}
"#;

fn on(text: &str, args: &[&str]) -> Ran {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("balie.kpi"), format!("{COUNTER}{text}")).expect("written");
    meetlat(dir.path(), &[&["test", "balie.kpi"], args].concat())
}

fn toets(name: &str, oproep: &str, verwacht: &str) -> String {
    format!(
        "toets \"{name}\" {{\n kpi op_tijd\n gegeven balie.ticket\n | soort | afgifte | oproep |\n | inloop | 2026-01-05 \
         09:00 | {oproep} |\n | afspraak | 2026-01-05 09:00 | |\n verwacht\n | periode | waarde | status |\n | 2026-01 | \
         {verwacht} |\n}}\n"
    )
}

fn passes(project: &Path) -> Ran {
    let ran = meetlat(&root(), &["test", "--project", &project.to_string_lossy()]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    ran
}

#[test]
fn the_toetsen_of_the_library_pass() {
    let ran = passes(Path::new("tests/bibliotheek"));
    assert!(ran.stdout.contains("toetsen geslaagd"), "{}", ran.stdout);
}

#[test]
fn every_shipped_kpi_has_a_toets() {
    let args = ["test", "--project", "tests/bibliotheek", "--format", "json", "--coverage"];
    let ran = meetlat(&root(), &args);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let tested: Vec<&str> =
        json["dekking"].as_array().expect("a list").iter().filter_map(|c| c["kpi"].as_str()).collect();
    let mut missing = Vec::new();
    for folder in ["vng", "antwoord", "zaanstad", "groningen", "tilburg", "klantcontact", "decorium", "strategie"] {
        for entry in fs::read_dir(root().join("kpi-defs").join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|e| e != "kpi") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("text");
            let names = text.lines().filter_map(|line| line.strip_prefix("kpi ")?.split_whitespace().next());
            missing.extend(names.filter(|name| !tested.contains(name)).map(str::to_owned));
        }
    }
    assert!(missing.is_empty(), "without a toets: {missing:?}");
}

#[test]
fn the_textbook_service_levels_come_out() {
    let ran = passes(Path::new("examples/servicelevel"));
    assert!(ran.stdout.contains("12 toetsen geslaagd"), "{}", ran.stdout);
}

#[test]
fn exactly_the_norm_is_in_time() {
    let good = toets("precies tien minuten is op tijd", "2026-01-05 09:10", "100% | gehaald");
    let late = toets("een seconde later niet", "2026-01-05 09:10:01", "0 | niet gehaald");
    let never = toets("wie nooit werd opgeroepen ook niet", "", "0% | niet gehaald");
    let ran = on(&format!("{good}{late}{never}"), &[]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
}

#[test]
fn a_failing_toets_shows_both_sides() {
    let ran = on(&toets("mis", "2026-01-05 09:11", "100% | gehaald"), &[]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout);
    let ran = on(&toets("mis", "2026-01-05 09:11", "100% | gehaald"), &["--format", "json"]);
    assert_eq!(ran.code, 1);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let one = &json["toetsen"][0];
    assert_eq!(one["uitkomst"], "gezakt");
    assert_eq!(one["verschillen"][0]["kolom"], "waarde");
    assert_eq!(one["verschillen"][0]["verwacht"], "100%");
    assert_eq!(one["verschillen"][0]["gekregen"], "0");
    let ran = on(&toets("mis <&> \\\"tekst\\\"", "2026-01-05 09:11", "100% | gehaald"), &["--format", "junit"]);
    assert!(ran.stdout.contains("name=\"mis &lt;&amp;&gt; &quot;tekst&quot;\""), "{}", ran.stdout);
    assert!(ran.stdout.contains("failures=\"1\""), "{}", ran.stdout);
}

#[test]
fn a_filter_chooses_by_name_and_by_kpi() {
    let text = format!(
        "{}{}",
        toets("goed", "2026-01-05 09:10", "100% | gehaald"),
        toets("mis", "2026-01-05 09:11", "100% | gehaald")
    );
    assert_eq!(on(&text, &["GOED"]).code, 0);
    assert_eq!(on(&text, &["OP_TIJD"]).code, 1);
    assert_eq!(on(&text, &["bestaat_niet"]).code, 2);
    assert_eq!(on("", &[]).code, 0);
}

#[test]
fn coverage_and_mutation_find_what_no_toets_decides() {
    let text = toets("alleen op tijd", "2026-01-05 09:05", "100% | gehaald");
    let ran = on(&text, &["--coverage", "--mutate"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn conditions_on_groups_are_seen_and_what_cannot_be_measured_agrees() {
    let text = r#"
        bronsysteem f "F" { tabel k "K" {
            id     tekst   sleutel
            datum  datum   meetmoment
            klant  tekst
        } }
        kpi vaker "Vaker" {
            definitie "x" berekening percentage(aantal() > 1 per klant) bronsysteem f.k
            meetmethode automatisch, per jaar op datum dimensies geen "x" norm geen "x"
        }
        kpi naadloos "Naadloos" {
            definitie "x" berekening geen "nog geen indicator" bronsysteem geen "nog niet" meetmethode geen "nog niet"
            dimensies geen "nog niet" norm geen "nog niet"
        }
        toets "twee van de drie" {
            kpi vaker
            gegeven f.k
                | datum      | klant |
                | 2025-01-01 | a     |
                | 2025-01-01 | b     |
                | 2025-01-02 | b     |
            verwacht
                | periode | waarde |
                | 2025    | 50%    |
        }
        toets "nog niet" {
            kpi naadloos
            peilmoment 2026-03-01
            verwacht
                | periode | waarde | status        |
                | 2026-03 | leeg   | niet meetbaar |
        }"#;
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.kpi"), text).expect("written");
    let ran = meetlat(dir.path(), &["test", "a.kpi", "--coverage"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("vaker: 3 van 3 (100,0 %)"), "{}", ran.stdout);
}
