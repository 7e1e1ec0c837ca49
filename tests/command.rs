//! Running the program as a user does.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run of the program gave.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The folder of the crate.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs `meetlat` in `dir`: the program of this build, or the one that `MEETLAT_BINARY` names (where builds of several
/// working copies share a target folder).
pub fn meetlat(dir: &Path, args: &[&str]) -> Ran {
    let program = std::env::var_os("MEETLAT_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_meetlat").into());
    let output = Command::new(program)
        .args(args)
        .current_dir(dir)
        .env("COLUMNS", "120")
        .env("NO_COLOR", "1")
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// `meetlat check --format json` on one file: the code and the underlined text of each message.
pub fn checked(file: &Path) -> (i32, Vec<(String, String)>) {
    let dir = file.parent().expect("a folder");
    let ran = meetlat(dir, &["check", "--format", "json", &file.to_string_lossy()]);
    let text = std::fs::read_to_string(file).expect("the file");
    let json: serde_json::Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|e| panic!("{e}: no JSON from {}:\n{}\n{}", file.display(), ran.stdout, ran.stderr));
    let byte = |place: &serde_json::Value| usize::try_from(place["byte"].as_u64().unwrap_or(0)).expect("small");
    let list = json["diagnoses"].as_array().expect("a list").iter();
    let list = list.map(|d| {
        let marked = text.get(byte(&d["van"])..byte(&d["tot"])).unwrap_or("<no place>").to_owned();
        (d["code"].as_str().unwrap_or("?").to_owned(), marked)
    });
    (ran.code, list.collect())
}
