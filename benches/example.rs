//! The whole example: all KPIs in one run, beside one run per KPI. Fusion is the difference.
//!
//! `cargo bench --bench example`

use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Runs the program and gives its standard output and the seconds it took.
fn run(args: &[&str]) -> (String, f64) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gemeente");
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_meetlat"))
        .args(["run", "--quiet", "--format", "json", "--by-each", "--project"])
        .arg(project)
        .args(args)
        .output()
        .expect("the program starts");
    let seconds = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).expect("UTF-8"), seconds)
}

fn main() {
    let (all, _) = run(&[]);
    let document: serde_json::Value = serde_json::from_str(&all).expect("JSON");
    let rows = document["resultaten"].as_array().expect("rows");
    let mut names: Vec<&str> = rows.iter().filter_map(|r| r["kpi"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let together = (0..5).map(|_| run(&[]).1).fold(f64::MAX, f64::min);
    let apart: f64 = names.iter().map(|name| run(&[name]).1).sum();
    println!(
        "{} KPI's, {} rijen: samen {together:.2} s, één voor één {apart:.2} s, verhouding {:.1}",
        names.len(),
        rows.len(),
        apart / together
    );
}
