//! Whole sets of definitions: each folder under `tests/verzameling` is checked as one set, and the messages a user sees are
//! the snapshot. Each shows when a rule speaks and, beside it, when it must not. `gedeeld` holds what they take over.

use std::panic::AssertUnwindSafe;

use crate::command::{meetlat, root};

/// The folders, in order of name.
fn sets() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("tests/verzameling")).expect("the folder");
    let folders = entries.map(|e| e.expect("an entry").path()).filter(|path| path.is_dir());
    let mut names: Vec<String> =
        folders.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "snapshots" && name != "gedeeld");
    names.sort();
    names
}

#[test]
fn messages_on_whole_sets() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("verzameling/snapshots");
    settings.set_omit_expression(true);
    let mut wrong = Vec::new();
    for name in sets() {
        let ran = meetlat(&root().join("tests/verzameling"), &["check", &name]);
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

/// A single file is no whole set: then the rules about a set say nothing.
#[test]
fn a_single_file_is_no_set() {
    let ran = meetlat(&root().join("tests/verzameling"), &["check", "eigenaar_en_keten/kpis.kpi"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stderr.contains("ML3"), "{}", ran.stderr);
}
