//! The shipped library, embedded in the program: `std:bronnen/acd` is `kpi-defs/bronnen/acd.kpi`, `std:vng` is every
//! file in `kpi-defs/vng`. Toetsen stand in folders `toetsen`, which come in by their own path only.

use include_dir::{Dir, DirEntry, include_dir};

static LIBRARY: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/kpi-defs");

/// The definitions files under a path such as `bronnen/acd` or `vng`: name (`std:bronnen/acd.kpi`) and text, in order of
/// name. Empty when there is no such path.
#[must_use]
pub fn files(path: &str) -> Vec<(String, &'static str)> {
    let path = path.trim_end_matches('/');
    let mut found = Vec::new();
    for ending in ["", ".kpi", ".yaml"] {
        if let Some(file) = LIBRARY.get_file(format!("{path}{ending}")) {
            add(file, &mut found);
        }
    }
    if let Some(folder) = LIBRARY.get_dir(path) {
        collect(folder, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

/// All paths that can be taken in: files without their ending, and folders.
#[must_use]
pub fn paths() -> Vec<String> {
    let mut all = Vec::new();
    collect(&LIBRARY, &mut all);
    let mut paths: Vec<String> = Vec::new();
    for (name, _) in all {
        let path = name.trim_start_matches("std:").trim_end_matches(".kpi").trim_end_matches(".yaml").to_owned();
        if let Some((folder, _)) = path.rsplit_once('/') {
            paths.push(folder.to_owned());
        }
        paths.push(path);
    }
    paths.sort();
    paths.dedup();
    paths
}

fn collect(folder: &'static Dir<'static>, found: &mut Vec<(String, &'static str)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) if inner.path().ends_with("toetsen") => {}
            DirEntry::Dir(inner) => collect(inner, found),
            DirEntry::File(file) => add(file, found),
        }
    }
}

fn add(file: &'static include_dir::File<'static>, found: &mut Vec<(String, &'static str)>) {
    let path = file.path().to_string_lossy().replace('\\', "/");
    if file.path().extension().is_some_and(|e| e == "kpi" || e == "yaml")
        && let Some(text) = file.contents_utf8()
    {
        found.push((format!("std:{path}"), text));
    }
}
