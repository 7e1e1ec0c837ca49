//! Case files: each definitions file under `tests/cases` is checked, and the messages a user sees are the snapshot.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use crate::command::{meetlat, root};

/// The case files, in order of name.
fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("tests/cases")).expect("the folder");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "kpi" || e == "yaml"));
    files.sort();
    files
}

#[test]
fn messages_on_case_files() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("cases/snapshots");
    settings.set_omit_expression(true);
    let mut wrong = Vec::new();
    for path in cases() {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let ran = meetlat(path.parent().expect("a folder"), &["check", &name]);
        assert_eq!(ran.stdout, "", "check prints its messages to stderr");
        let shown = format!("exit {}\n\n{}", ran.code, ran.stderr);
        let compared = std::panic::catch_unwind(AssertUnwindSafe(|| {
            settings.bind(|| insta::assert_snapshot!(name.as_str(), shown));
        }));
        if compared.is_err() {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "other messages than the snapshots of {wrong:?}; `cargo insta review` shows them");
}
