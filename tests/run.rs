//! `meetlat run` as users meet it: the real program on small projects, its exit codes and its words.

mod audit;
mod calendars;
mod data;
mod dated;
mod determinism;
mod dimensions;
mod failures;
mod flags;
mod formats;
mod living;
mod manual;
mod over_time;
mod permits;
mod published;
mod repeats;
mod report;
mod stock;
mod store;
mod tables;
mod united;
mod whole_example;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Ran, meetlat, root};

/// Words that only an English text, a debug print or a panic has.
const FOREIGN: [&str; 14] = [
    "panicked",
    "RUST_BACKTRACE",
    "Error",
    "error:",
    "Usage",
    "Options",
    "Some(",
    "None",
    "Err(",
    "failed",
    "cannot",
    "not found",
    "possible values",
    "default:",
];

/// A project of its own in a temporary folder.
pub struct Project {
    dir: tempfile::TempDir,
}

impl Project {
    /// A copy of `tests/run/proef`: calls with teams, tickets, and letters that are not connected.
    pub fn sample() -> Self {
        Self::copy(&root().join("tests/run/proef"))
    }

    pub fn copy(from: &Path) -> Self {
        let project = Self { dir: tempfile::tempdir().expect("a folder") };
        copy(from, project.path());
        project
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file of the project.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
        self
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a text file")
    }

    /// Writes the file `to` as `from` with a text replaced.
    pub fn edit(&self, from: &str, to: &str, old: &str, new: &str) -> &Self {
        let text = self.read(from);
        assert!(text.contains(old), "{from} has no {old}");
        self.write(to, text.replace(old, new))
    }

    /// Runs the program in the project. What it says is Dutch.
    pub fn meetlat(&self, args: &[&str]) -> Ran {
        let ran = meetlat(self.path(), args);
        let plan = args.iter().any(|a| a.starts_with("--plan"));
        for word in FOREIGN.iter().filter(|_| !plan) {
            let said = ran.stdout.contains(word) || ran.stderr.contains(word);
            assert!(!said, "`{word}` from {args:?}:\n{}\n{}", ran.stdout, ran.stderr);
        }
        ran
    }

    /// The standard output of a run that ends well.
    pub fn well(&self, args: &[&str]) -> String {
        let ran = self.meetlat(args);
        assert_eq!(ran.code, 0, "{args:?}:\n{}\n{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    /// The messages of a run that ends with `code`.
    pub fn fails(&self, code: i32, args: &[&str]) -> String {
        let ran = self.meetlat(args);
        assert_eq!(ran.code, code, "{args:?}:\n{}\n{}", ran.stdout, ran.stderr);
        ran.stderr
    }

    /// The result rows of a run that ends well.
    pub fn rows(&self, args: &[&str]) -> Vec<Value> {
        let text = self.well(&[&["run", "--format", "jsonl", "-q"], args].concat());
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// Per result row: the period, the members and the value with its status.
    pub fn values(&self, args: &[&str]) -> Vec<String> {
        self.rows(args).iter().map(told).collect()
    }
}

/// `2026-01 A 50 gehaald`
fn told(row: &Value) -> String {
    let members = row["dimensies"].as_object().expect("an object").values();
    let members: Vec<&str> = members.filter_map(Value::as_str).collect();
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let parts = [text("periode"), members.join("+"), row["waarde"].to_string(), text("status")];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Asserts that a text has all these parts.
#[track_caller]
pub fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}
