//! Same input, same bytes.

use std::fs;

use super::Project;

#[test]
fn the_same_bytes_whatever_the_threads() {
    let project = Project::sample();
    for format in ["table", "json", "csv"] {
        let run = |threads: &str| project.well(&["run", "--by-each", "--format", format, "--threads", threads]);
        let once = run("1");
        assert_eq!(once, run("1"), "{format}");
        assert_eq!(once, run("2"), "{format}");
    }
}

#[test]
fn results_do_not_know_where_files_are() {
    let project = Project::sample();
    let copy = Project::copy(project.path());
    let run = |p: &Project| p.well(&["run", "--format", "csv"]);
    let before = run(&project);
    assert_eq!(before, run(&copy));
    // Another name, another folder, another time.
    fs::create_dir(copy.path().join("elders")).expect("made");
    fs::rename(copy.path().join("data/oproepen.csv"), copy.path().join("elders/x.csv")).expect("moved");
    copy.edit("meetlat.yaml", "meetlat.yaml", "data/oproepen.csv", "elders/x.csv");
    assert_eq!(before, run(&copy));
    assert_eq!(before, copy.well(&["run", "--format", "csv", "--source", "telefoon.oproep=elders/x.csv"]));
    // Other contents, another hash.
    copy.edit("elders/x.csv", "elders/x.csv", ",6\n", ",7\n");
    let hash = |p: &Project| p.rows(&["op_tijd"])[0]["invoer_hash"].clone();
    assert_ne!(hash(&project), hash(&copy));
}

const YAML: &str = r#"
kpis:
  op_tijd:
    titel: Percentage oproepen dat binnen de norm is opgenomen
    definitie: Deel van de oproepen dat op tijd is opgenomen.
    berekening: percentage(wachttijd <= wachtnorm, leeg telt als nee)
    bronsysteem: telefoon.oproep
    meetmethode: automatisch, per maand op begin
    dimensies: [team]
    norm: ">= 60%"
    eigenaar: Teamleider KCC
    klantketen: klantcontact
    niveau: tactisch
"#;

#[test]
fn results_do_not_know_how_definitions_are_written() {
    let project = Project::sample();
    let run = |p: &Project| p.well(&["run", "--format", "jsonl"]);
    let before = run(&project);
    // The files in another order.
    let renamed = Project::copy(project.path());
    fs::rename(renamed.path().join("definities/balie.kpi"), renamed.path().join("definities/zzz.kpi")).expect("moved");
    assert_eq!(before, run(&renamed));
    // One KPI in the other notation.
    let other = Project::copy(project.path());
    let text = other.read("definities/telefoon.kpi");
    let (head, rest) = text.split_once("kpi op_tijd").expect("the KPI");
    let (_, tail) = rest.split_once("\nkpi ").expect("the next KPI");
    other.write("definities/telefoon.kpi", format!("{head}kpi {tail}")).write("definities/op_tijd.yaml", YAML);
    assert_eq!(before, run(&other));
}
