//! The layers of the architecture: who may use whom. Reads the `crate::` paths of every source file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Per top-level module what it may use. The order is the flow.
const ALLOWED: [(&str, &[&str]); 18] = [
    ("source", &[]),
    ("calendar", &[]),
    ("library", &[]),
    ("diagnostic", &["source"]),
    ("syntax", &["source", "calendar", "diagnostic"]),
    ("model", &["source", "calendar"]),
    ("resolve", &["source", "calendar", "diagnostic", "syntax", "model"]),
    ("check", &["source", "calendar", "diagnostic", "model"]),
    ("measure", &["source", "calendar", "model"]),
    ("plan", &["calendar", "model", "measure"]),
    ("run", &["source", "calendar", "diagnostic", "model", "measure", "plan"]),
    ("combine", &["calendar", "model", "measure"]),
    ("judge", &["source", "calendar", "model", "check", "measure", "combine"]),
    ("report", &["calendar", "model", "measure", "judge"]),
    ("interpret", &["source", "calendar", "diagnostic", "model", "check", "measure"]),
    ("pipeline", &["calendar", "diagnostic", "model", "check", "measure", "plan", "run", "combine", "judge"]),
    (
        "trial",
        &[
            "source",
            "calendar",
            "diagnostic",
            "model",
            "check",
            "measure",
            "run",
            "combine",
            "judge",
            "report",
            "interpret",
            "pipeline",
        ],
    ),
    ("cli", &["*"]),
];

/// Crates that may be known in one place only.
const KEPT_IN: [(&str, &[&str]); 7] = [
    ("pest", &["syntax/dsl"]),
    ("pest_derive", &["syntax/dsl"]),
    ("serde_saphyr", &["syntax/yaml"]),
    ("miette", &["diagnostic/render"]),
    ("datafusion", &["plan", "run"]),
    ("arrow", &["plan", "run"]),
    ("clap", &["cli"]),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source file: path under src without its ending, and its text without the unit tests.
fn sources() -> Vec<(String, String)> {
    let src = crate::command::root().join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&src).expect("under src").with_extension("").to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(path).expect("text");
        let code: Vec<&str> = text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default()
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        (name, code.join("\n"))
    };
    paths.iter().map(read).collect()
}

fn is_test(name: &str) -> bool {
    name.split('/').any(|part| part == "tests" || part == "testing" || part.ends_with("_tests") || part == "sample")
}

/// The first segments after each `crate::`, also of `use crate::{a, b}`.
fn used(text: &str) -> BTreeSet<String> {
    let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for part in text.split("crate::").skip(1) {
        if let Some(list) = part.strip_prefix('{') {
            found.extend(list.split('}').next().unwrap_or_default().split(',').map(|s| word(s.trim())));
        } else {
            found.insert(word(part));
        }
    }
    found.remove("");
    found
}

#[test]
fn modules_use_only_what_stands_above_them() {
    let mut breaches = Vec::new();
    for (name, text) in sources() {
        let module = name.split('/').next().unwrap_or_default();
        if matches!(module, "main" | "lib") || is_test(&name) {
            continue;
        }
        let allowed = ALLOWED.iter().find(|(m, _)| *m == module);
        let Some((_, allowed)) = allowed else {
            breaches.push(format!("{name}: the module `{module}` is not in the layers"));
            continue;
        };
        for other in used(&text) {
            if other != module && !allowed.contains(&"*") && !allowed.contains(&other.as_str()) {
                breaches.push(format!("{name} uses {other}"));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn outside_crates_stay_where_they_belong() {
    let mut breaches = Vec::new();
    for (name, text) in sources() {
        for (krate, places) in KEPT_IN {
            let uses = text.contains(&format!("use {krate}::")) || text.contains(&format!(" {krate}::"));
            if uses && !places.iter().any(|place| name.starts_with(place)) {
                breaches.push(format!("{name} uses {krate}"));
            }
        }
        let files = text.contains("std::fs") || text.contains("Instant::now");
        if files && !name.starts_with("run") && !name.starts_with("cli") && !is_test(&name) {
            breaches.push(format!("{name} touches files or the clock"));
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn files_open_with_what_they_do() {
    let src = crate::command::root().join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    let bare: Vec<String> = paths
        .iter()
        .filter(|p| !std::fs::read_to_string(p).expect("text").starts_with("//! "))
        .map(|p| p.display().to_string())
        .collect();
    assert!(bare.is_empty(), "no `//!` at the top of:\n{}", bare.join("\n"));
}
