//! What the documents promise: examples in the language reference and the manual are true.

use std::fs;

use crate::command::{checked, root};

/// The ```` ```kpi ```` blocks of a document.
fn kpi_blocks(text: &str) -> Vec<String> {
    text.split("```kpi\n").skip(1).filter_map(|part| part.split("```").next()).map(str::to_owned).collect()
}

/// Blocks are fragments of the language: they must be read without syntax errors (ML0xx); names they do not declare
/// may be unknown.
fn reads(document: &str) {
    let text = fs::read_to_string(root().join(document)).expect("the document");
    let blocks = kpi_blocks(&text);
    assert!(!blocks.is_empty(), "{document} has no kpi blocks");
    for block in blocks {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("voorbeeld.kpi");
        fs::write(&file, &block).expect("written");
        let (_, found) = checked(&file);
        let syntax: Vec<_> = found.iter().filter(|(code, _)| code.as_str() < "ML060").collect();
        assert!(syntax.is_empty(), "{document}: {syntax:?} in\n{block}");
    }
}

#[test]
fn the_language_reference_is_true() {
    reads("grammar/README.md");
}

#[test]
fn the_manual_is_true() {
    reads("docs/handleiding.md");
    // Its table of the rules about a whole set is complete.
    let text = fs::read_to_string(root().join("docs/handleiding.md")).expect("the document");
    for code in meetlat::diagnostic::codes::all().into_iter().filter(|code| code.starts_with("ML3")) {
        assert!(text.contains(&format!("\n| {code} | ")), "the manual does not list {code}");
    }
}

#[test]
fn the_readme_is_true() {
    reads("README.md");
    let text = fs::read_to_string(root().join("README.md")).expect("the document");
    for command in ["cargo run -- run --project examples/gemeente", "\ncargo test\n"] {
        assert!(text.contains(command), "README does not show `{command}`");
    }
}

/// What README shows of a run is what a run prints.
#[cfg(feature = "engine")]
#[test]
fn the_output_in_the_readme_is_real() {
    let text = fs::read_to_string(root().join("README.md")).expect("the document");
    let block = text.split("$ meetlat run ").nth(1).and_then(|b| b.split("```").next()).expect("a run");
    let (command, shown) = block.split_once('\n').expect("output");
    let args: Vec<&str> = std::iter::once("run").chain(command.split_whitespace()).collect();
    let ran = crate::command::meetlat(&root(), &args);
    assert!(ran.stdout.starts_with(shown.trim_end()), "README shows\n{shown}\nand a run prints\n{}", ran.stdout);
}

/// The table in the example's story is what a run gives.
#[cfg(feature = "engine")]
#[test]
fn the_story_of_the_example_is_real() {
    let rows = [
        ("opgenomen binnen service level", "telefoon_binnen_servicelevel", " %", 1),
        ("gemiddelde wachttijd", "telefoon_wachttijd", " s", 0),
        ("opgehangen na 5 seconden of langer", "telefoon_ophangers_lang", " %", 1),
        ("herhaaloproepen", "telefoon_herhaaloproepen", " %", 1),
    ];
    let mut args = vec!["run", "--from", "2025-07-01", "--to", "2026-04-01", "--total", "--format", "json"];
    args.extend(rows.map(|row| row.1));
    let ran = crate::command::meetlat(&root().join("examples/gemeente"), &args);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let results = document["resultaten"].as_array().expect("results");
    let text = fs::read_to_string(root().join("examples/gemeente/README.md")).expect("the document");
    for (title, kpi, unit, decimals) in rows {
        let values: Vec<String> = results
            .iter()
            .filter(|row| row["kpi"] == kpi)
            .map(|row| format!("{:.decimals$}{unit}", row["waarde"].as_f64().expect("a value")).replace('.', ","))
            .collect();
        assert_eq!(values.len(), 9, "{kpi}: nine months");
        let line = format!("| {title} | {} |", values.join(" | "));
        assert!(text.contains(&line), "the example's README does not have\n{line}");
    }
}
