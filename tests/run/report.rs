//! `meetlat report` as users meet it: where the file comes, what is in it, and what is not. How it looks and works in a
//! browser is the matter of `tests/browser`.

use std::fs;
use std::path::Path;

use super::{Project, has};
use crate::command::root;

/// The project of the browser tests: everything that a report can show, and names that would do harm.
fn harmful() -> Project {
    Project::copy(&root().join("tests/browser/proef"))
}

/// Nothing of a half written file.
fn leftovers(project: &Project) -> Vec<String> {
    let entries = fs::read_dir(project.path()).expect("a folder");
    let names = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| Path::new(name).extension().is_some_and(|e| e == "deel")).collect()
}

#[test]
fn the_same_project_gives_the_same_bytes() {
    let project = harmful();
    let said = project.well(&["report"]);
    assert_eq!(said, "", "the report goes to a file");
    let first = project.read("rapport.html");
    project.well(&["report", "--output", "nog-eens.html"]);
    assert!(first == project.read("nog-eens.html"), "two runs differ");
    assert!(first == project.well(&["report", "--output", "-"]), "the standard output differs from the file");
    assert!(first.starts_with("<!DOCTYPE html>") && first.trim_end().ends_with("</html>"));
    // Where the project lies leaves no trace in it.
    let elsewhere = harmful();
    elsewhere.well(&["report"]);
    assert!(first == elsewhere.read("rapport.html"), "the report knows its folder");
    assert!(!first.contains(&*project.path().to_string_lossy()));
}

#[test]
fn a_report_says_where_it_is_and_on_standard_output_nothing_else() {
    let project = Project::sample();
    let ran = project.meetlat(&["report", "--output", "uit.html"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    has(&ran.stderr, &["Geschreven: uit.html. Open het in een browser."]);
    let ran = project.meetlat(&["report", "--output", "-", "-q"]);
    assert_eq!((ran.code, ran.stderr.contains("Geschreven")), (0, false), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("<!DOCTYPE html>"), "{:.80}", ran.stdout);
    assert!(!project.path().join("rapport.html").exists() && !project.path().join("-").exists());
}

#[test]
fn texts_of_the_project_are_escaped() {
    let report = harmful().well(&["report", "--output", "-"]);
    has(
        &report,
        &[
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "=HYPERLINK(&quot;http://x&quot;)",
            "Bezoekers &lt;b&gt;vet&lt;/b&gt; &amp; &quot;aan de balie&quot;",
            "&lt;img src=x onerror=alert(2)&gt;",
            "Teamleider &lt;i&gt;Balie&lt;/i&gt;",
            "dezelfde dag &lt;em&gt;antwoord&lt;/em&gt; &amp; hoeft",
            "Proef &lt;van&gt; de browser &amp; &quot;meer&quot;",
        ],
    );
    for harm in ["<script>alert", "<b>vet", "<img", "<i>Balie", "<em>", "<van>"] {
        assert!(!report.contains(harm), "`{harm}` stands in the report as it was written");
    }
    assert_eq!(report.matches("<script").count(), 1, "one script: its own");
}

#[test]
fn a_report_refers_to_nothing_outside_itself() {
    let report = harmful().well(&["report", "--output", "-"]);
    // The only address is the one that a member has for a name.
    let rest = report.replace("=HYPERLINK(&quot;http://x&quot;)", "");
    for outside in
        ["http://", "https://", "\"//", "'//", "(//", "url(", "@import", " src=\"", "<link", "<base", "<iframe"]
    {
        assert!(!rest.contains(outside), "`{outside}` stands in the report");
    }
    assert!(rest.matches(" href=\"").count() > 20);
    assert_eq!(rest.matches(" href=\"").count(), rest.matches(" href=\"#").count(), "each link stays inside");
    has(&rest, &["http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"]);
}

#[test]
fn the_footer_says_as_of_when() {
    let project = Project::sample();
    let footer = |args: &[&str]| {
        let report = project.well(&[&["report", "--output", "-"], args].concat());
        report.split_once("<footer").expect("a footer").1.to_owned()
    };
    has(&footer(&["--as-of", "2026-02-10T12:00"]), &["Peilmoment 10 februari 2026 12:00: wat daarna gebeurde"]);
    // Other data, another mark; the same definitions, the same mark.
    let marks = |text: &str| -> Vec<String> {
        let codes = text.split("<code>").skip(1).filter_map(|part| part.split_once("</code>"));
        codes.map(|(code, _)| code.to_owned()).collect()
    };
    let before = marks(&footer(&[]));
    project.edit("data/oproepen.csv", "data/oproepen.csv", ",102,2\n", ",102,3\n");
    let after = marks(&footer(&[]));
    assert_eq!((before.len(), after.len()), (2, 2));
    assert!(before[0] == after[0] && before[1] != after[1], "{before:?} {after:?}");
}

#[test]
fn an_unknown_flag_is_wrong_use() {
    let project = Project::sample();
    has(&project.fails(2, &["report", "--kleur"]), &["--kleur"]);
    has(&project.fails(2, &["report", "--format", "pdf"]), &["--format"]);
    assert!(!project.path().join("rapport.html").exists());
}

#[test]
fn without_results_there_is_no_report() {
    let project = Project::sample();
    let text = project.fails(3, &["report", "brieven"]);
    has(&text, &["fout: `rapport.html` is niet geschreven: er zijn geen resultaten"]);
    assert!(!project.path().join("rapport.html").exists());
    // An older report stays what it was.
    project.write("rapport.html", "oud");
    project.fails(3, &["report", "--env", "leeg"]);
    assert_eq!((project.read("rapport.html").as_str(), leftovers(&project)), ("oud", Vec::new()));
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_old_one() {
    let project = Project::sample();
    project.write("rapport.html", "oud");
    // The source fails: no report of what is left over, when nothing is.
    let text = project.fails(3, &["report", "op_tijd", "--source", "telefoon.oproep=nix.csv"]);
    has(&text, &["fout[ML601]: `nix.csv` bestaat niet", "is niet geschreven"]);
    assert_eq!(project.read("rapport.html"), "oud");
    for (path, why) in [("nergens/uit.html", "de map bestaat niet"), ("data", "dat is een map")] {
        let text = project.fails(3, &["report", "--output", path]);
        has(&text, &[&format!("fout: `{path}` is niet geschreven: {why}")]);
    }
    assert_eq!((project.read("rapport.html").as_str(), leftovers(&project)), ("oud", Vec::new()));
    // And one that can be written replaces it whole.
    project.well(&["report"]);
    let new = project.read("rapport.html");
    assert!(new.starts_with("<!DOCTYPE html>") && new.trim_end().ends_with("</html>") && !new.contains("oud</html>"));
    assert_eq!(leftovers(&project), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_report_that_is_killed_leaves_the_old_one() {
    use std::process::{Command, Stdio};
    let project = harmful();
    project.write("rapport.html", "oud");
    // Ended at several moments: while it calculates, and about when it writes.
    for wait in [0, 20, 80, 200, 400] {
        let program = std::env::var_os("MEETLAT_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_meetlat").into());
        let mut child = Command::new(program)
            .arg("report")
            .current_dir(project.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(std::time::Duration::from_millis(wait));
        child.kill().expect("ended");
        child.wait().expect("gone");
        let left = project.read("rapport.html");
        assert!(left == "oud" || left.trim_end().ends_with("</html>"), "half a report after {wait} ms");
    }
}
