//! The shapes of results, and the files they go to.

use std::fs;

use serde_json::Value;

use super::{Project, has};

const KEYS: [&str; 24] = [
    "kpi",
    "titel",
    "versie",
    "periode",
    "periode_van",
    "periode_tot",
    "dimensies",
    "waarde",
    "eenheid",
    "teller",
    "noemer",
    "n",
    "n_leeg",
    "ondergrens",
    "bovengrens",
    "norm",
    "norm_soort",
    "afstand",
    "status",
    "kenmerken",
    "reeksbreuk",
    "definitie_hash",
    "invoer_hash",
    "referenties",
];

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn the_keys_of_the_contract() {
    let project = Project::sample();
    let text = project.well(&["run", "op_tijd", "wachttijd", "--format", "json"]);
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(keys(&json), ["meetlat", "peilmoment", "resultaten", "diagnoses"]);
    assert_eq!(json["peilmoment"], "2026-04-01T00:00:00");
    let rows = json["resultaten"].as_array().expect("rows");
    assert!(rows.iter().all(|row| keys(row) == KEYS));
    let first = &rows[0];
    assert_eq!((&first["periode"], &first["periode_tot"]), (&"2026-01".into(), &"2026-02-01".into()));
    assert_eq!((&first["teller"], &first["noemer"], &first["n"]), (&2.into(), &4.into(), &4.into()));
    assert_eq!((&first["norm"], &first["afstand"]), (&">= 60%".into(), &(-10).into()));
    assert!(first["dimensies"].as_object().is_some_and(serde_json::Map::is_empty));
    let waiting = rows.iter().find(|r| r["kpi"] == "wachttijd").expect("a row");
    assert_eq!((&waiting["waarde"], &waiting["eenheid"]), (&20.into(), &"s".into()));
    // The lines of JSON lines are the same rows.
    let lines = project.well(&["run", "op_tijd", "wachttijd", "--format", "jsonl"]);
    let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(&lines, rows);
}

#[test]
fn csv_has_a_column_per_dimension_and_no_formulas() {
    let project = Project::sample();
    let text = project.well(&["run", "leges", "op_tijd", "--format", "csv"]);
    let header = text.lines().next().expect("a header");
    // Reference values stand in JSON alone.
    let columns = KEYS.iter().filter(|k| **k != "referenties");
    let expected: Vec<&str> =
        columns.flat_map(|k| if *k == "dimensies" { vec!["dim_loket", "dim_team"] } else { vec![*k] }).collect();
    assert_eq!(header, expected.join(","));
    has(&text, &["leges,Leges per volgnummer,,2026-03,2026-03-01,2026-04-01,'=1+1,,10,€,,,1,0,"]);
    assert!(!text.contains(",=1+1"), "{text}");
}

#[test]
fn files_are_written_whole_or_not() {
    let project = Project::sample();
    let shown = project.well(&["run", "op_tijd", "--format", "csv"]);
    let quiet = project.well(&["run", "op_tijd", "--format", "csv", "--output", "uit.csv"]);
    assert_eq!((quiet.as_str(), project.read("uit.csv")), ("", shown.clone()));
    // A failing run leaves what was there.
    let failing = ["run", "op_tijd", "--format", "csv", "--output", "uit.csv", "--source", "telefoon.oproep=nix.csv"];
    let text = project.fails(3, &failing);
    has(&text, &["fout[ML601]: `nix.csv` bestaat niet", "fout: `uit.csv` is niet geschreven: er zijn geen resultaten"]);
    assert_eq!(project.read("uit.csv"), shown);
    let text = project.well(&["run", "op_tijd", "--format", "csv", "--output", "-"]);
    assert_eq!(text, shown);
    let before = names(&project);
    let text = project.fails(3, &["run", "op_tijd", "--format", "csv", "--output", "nergens/uit.csv"]);
    assert_eq!(text, "fout: `nergens/uit.csv` is niet geschreven: de map bestaat niet\n");
    let text = project.fails(3, &["run", "op_tijd", "--format", "csv", "--output", "data"]);
    assert_eq!(text, "fout: `data` is niet geschreven: dat is een map\n");
    let text = project.fails(3, &["run", "op_tijd", "--format", "csv", "--output", "meetlat.yaml/uit.csv"]);
    has(&text, &["fout: `meetlat.yaml/uit.csv` is niet geschreven"]);
    assert_eq!(names(&project), before);
    // Results of the sources that did well are written.
    let partly = ["run", "--format", "csv", "--output", "deel.csv", "--source", "telefoon.oproep=nix.csv"];
    project.fails(3, &partly);
    has(&project.read("deel.csv"), &["leges,"]);
}

fn names(project: &Project) -> Vec<String> {
    let name = |e: std::io::Result<fs::DirEntry>| e.expect("an entry").file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = fs::read_dir(project.path()).expect("a folder").map(name).collect();
    names.sort();
    names
}
