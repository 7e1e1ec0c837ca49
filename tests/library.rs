//! The shipped library as a whole: the table in its README is true, and the rules about a set find nothing but what its
//! README explains.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{meetlat, root};

/// A row of the table: number, file, KPIs, toetsen file with their number.
struct Row {
    number: usize,
    files: Vec<String>,
    kpis: Vec<String>,
    toetsen: String,
}

/// What stands between two signs, each time.
fn between(text: &str, open: &str, close: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((inside, after)) = rest.split_once(open).and_then(|(_, rest)| rest.split_once(close)) {
        found.push(inside.to_owned());
        rest = after;
    }
    found
}

fn table() -> Vec<Row> {
    let text = fs::read_to_string(root().join("kpi-defs/README.md")).expect("text");
    let (_, table) = text.split_once("| nr | wat | bestand | KPI | toetsen |").expect("the table");
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, _, file, kpi, toetsen] = cells[..] else { panic!("five cells: {line}") };
        Row {
            number: number.parse().expect("a number"),
            files: between(file, "](", ")"),
            kpis: between(kpi, "`", "`"),
            toetsen: toetsen.to_owned(),
        }
    };
    table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| nr")).map(row).collect()
}

/// The KPIs that a file declares, and how many toetsen each has in it.
fn declared(file: &str) -> (BTreeSet<String>, BTreeMap<String, usize>) {
    let text = fs::read_to_string(root().join("kpi-defs").join(file)).unwrap_or_else(|_| panic!("kpi-defs/{file}"));
    let (mut kpis, mut toetsen) = (BTreeSet::new(), BTreeMap::new());
    let yaml = Path::new(file).extension().is_some_and(|e| e == "yaml");
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("kpi ").and_then(|rest| rest.split_whitespace().next()) {
            kpis.insert(name.to_owned());
        }
        let trimmed = line.trim();
        if yaml && line.starts_with("  ") && !line.starts_with("   ") {
            kpis.insert(trimmed.trim_end_matches(':').to_owned());
        }
        let tested = if yaml { trimmed.strip_prefix("kpi: ") } else { line.strip_prefix("    kpi ") };
        if let Some(name) = tested.filter(|_| file.contains("toetsen/")) {
            *toetsen.entry(name.trim().to_owned()).or_default() += 1;
        }
    }
    (kpis, toetsen)
}

#[test]
fn each_catalogue_number_has_a_true_row() {
    let rows = table();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), (1..=141).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for row in &rows {
        let known: BTreeSet<String> = row.files.iter().flat_map(|file| declared(file).0).collect();
        let kpis: Vec<&String> = row.kpis.iter().filter(|name| known.contains(*name)).collect();
        let structural = row.toetsen.starts_with("geen:");
        if !structural && (kpis.is_empty() || kpis.len() < row.kpis.len()) {
            wrong.push(format!("{}: {:?} is not in {:?}", row.number, row.kpis, row.files));
        }
        if structural {
            continue;
        }
        for place in row.toetsen.split(", ").filter(|place| place.contains('/')) {
            let (file, count) = place.rsplit_once(" (").expect("a number of toetsen");
            let tests = declared(file).1;
            let found: usize = kpis.iter().filter_map(|name| tests.get(*name)).sum();
            if count.trim_end_matches(')') != found.to_string() {
                wrong.push(format!("{}: {found} toetsen in {file}, the table says {count}", row.number));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rules_about_a_set_find_what_the_library_explains() {
    let given = ["gemeentecode=GM0000", "email_bevestigingstermijn=1 werkdag", "antwoord_nummer=14000"];
    let mut args = vec!["check", "kpi-defs", "--format", "json"];
    for value in given {
        args.extend(["--param", value]);
    }
    let ran = meetlat(&root(), &args);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    for told in json["diagnoses"].as_array().expect("a list") {
        let (code, message) = (told["code"].as_str().unwrap_or("?"), told["bericht"].as_str().unwrap_or("?"));
        // The library is a menu (ML305), chains of one document need not be whole (ML310, ML311), figures of a year's
        // research are of a year (ML303), and inhabitants are the same for every channel (ML231).
        let explained = match code {
            "ML231" | "ML305" | "ML310" | "ML311" => true,
            "ML303" => message.contains("stuurt strategisch en wordt maar eens per jaar"),
            _ => false,
        };
        assert!(explained, "{code}: {message}");
    }
}
