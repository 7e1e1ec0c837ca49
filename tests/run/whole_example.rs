//! The example municipality as a whole: every KPI that it takes over says something. Which values they have is for other
//! tests.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::command::{meetlat, root};

/// The KPIs with `berekening geen`: they say so each period, and no other does.
const NOT_MEASURABLE: [&str; 1] = ["tilburg_naadloos"];

/// KPIs that wait for columns or for a second year of the calls, as long as those are not in.
const WAITING: [&str; 4] =
    ["antwoord_in_de_wacht", "antwoord_opname", "groningen_telefoontjes_verandering", "zaanstad_direct_in_de_wacht"];

/// Source systems of which tables are not connected, as long as their files are not in.
const UNCONNECTED: [&str; 4] = ["acd", "klantcontact", "sociaal", "zaken"];

/// The exceptions that hold as long as a file of the example is not there.
fn until(file: &str, exceptions: &'static [&'static str]) -> &'static [&'static str] {
    let there = root().join("examples/gemeente/data").join(file).exists();
    if there { &[] } else { exceptions }
}

#[test]
fn every_kpi_of_the_example_says_something() {
    let rows = totals();
    let mut of_kpi: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for row in &rows {
        of_kpi.entry(row["kpi"].as_str().expect("a name")).or_default().push(row);
    }
    assert!(of_kpi.len() >= 120, "only {} KPIs were run", of_kpi.len());

    let having = |status: &str| -> BTreeSet<&str> {
        of_kpi.iter().filter(|(_, rows)| rows.iter().any(|r| r["status"] == status)).map(|(kpi, _)| *kpi).collect()
    };
    assert_eq!(having("niet meetbaar"), BTreeSet::from(NOT_MEASURABLE), "`niet meetbaar`");

    let waiting = until("acd/2024-h2.parquet", &WAITING);
    let silent: Vec<String> = of_kpi
        .iter()
        .filter(|(kpi, rows)| {
            let known = NOT_MEASURABLE.contains(kpi) || waiting.contains(kpi);
            !known && rows.iter().all(|r| r["waarde"].is_null())
        })
        .map(|(kpi, rows)| format!("{kpi}: {}", why(rows)))
        .collect();
    assert!(silent.is_empty(), "{} KPIs have no value in any period:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn no_source_of_the_example_is_left_out() {
    let ran = meetlat(&root(), &["run", "--project", "examples/gemeente", "--total", "--from", "2026-06-01"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let skipped: Vec<&str> = ran.stdout.lines().filter(|line| line.contains("overgeslagen:")).collect();
    let unconnected = until("klantcontact", &UNCONNECTED);
    for line in skipped {
        let (_, sources) = line.split_once("overgeslagen: ").expect("the word");
        let sources = sources.trim_start_matches("bronnen ").trim_start_matches("bron ");
        let (sources, _) = sources.split_once(" niet gekoppeld").unwrap_or_else(|| panic!("another reason: {line}"));
        let names = sources.trim_end_matches(" zijn").trim_end_matches(" is").replace(" en ", ", ");
        let others: Vec<&str> = names.split(", ").filter(|name| !unconnected.contains(name)).collect();
        assert!(others.is_empty(), "not connected: {others:?}\n{line}");
    }
}

/// The total row of each KPI and period, of a run without errors.
fn totals() -> Vec<Value> {
    let ran = meetlat(&root(), &["run", "--project", "examples/gemeente", "--format", "json", "--total"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut told: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let wrong: Vec<&Value> =
        told["diagnoses"].as_array().expect("a list").iter().filter(|d| d["ernst"] == "fout").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let Value::Array(rows) = told["resultaten"].take() else { panic!("no results: {told}") };
    assert!(rows.iter().all(|r| r["dimensies"].as_object().is_some_and(serde_json::Map::is_empty)), "only totals");
    rows
}

/// The last status of a KPI, and what its marks say.
fn why(rows: &[&Value]) -> String {
    let Some(last) = rows.last() else { return "no rows".to_owned() };
    let marks = last["kenmerken"].as_array().map(Vec::as_slice).unwrap_or_default();
    let marks: Vec<&str> = marks.iter().filter_map(|mark| mark["reden"].as_str()).collect();
    format!("{} in {} periods ({})", last["status"].as_str().unwrap_or("?"), rows.len(), marks.join("; "))
}
