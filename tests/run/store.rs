//! `run --format parquet`, xlsx and md: the files, and a store that runs add to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Project, has};

/// One peilmoment for all, so that what is `voorlopig` does not follow from which KPIs are asked together.
const ADD: [&str; 7] = ["run", "--as-of", "2026-05-01T00:00", "--format", "parquet", "--output", "uit.parquet"];

fn bytes(project: &Project, name: &str) -> Vec<u8> {
    fs::read(project.path().join(name)).expect("a file")
}

/// What a run with the store as its source counts: the rows per KPI.
fn stored(project: &Project) -> Vec<String> {
    project.values(&["rijen_per_kpi", "--by", "kpi"])
}

/// A KPI over the store itself: a store is a source like any other Parquet file.
fn counting(project: &Project) {
    project.write(
        "definities/uitkomsten.kpi",
        "\
bronsysteem uitkomsten \"Uitkomsten\" {
    tabel rij \"Eén rij per uitkomst\" {
        kpi          tekst
        periode      tekst
        periode_van  datum    meetmoment
        waarde       getal?
        status       tekst
    }
}

kpi rijen_per_kpi \"Rijen per KPI\" {
    definitie     \"Aantal rijen.\"
    berekening    aantal()
    bronsysteem   uitkomsten.rij
    meetmethode   automatisch, per jaar op periode_van
    dimensies     kpi
    norm          geen \"Ter controle.\"
    eigenaar      \"Beheerder\"
}
",
    );
    let settings = project.read("meetlat.yaml");
    let source = "    bronnen:\n      uitkomsten.rij: {pad: uit.parquet}\n";
    project.write("meetlat.yaml", settings.replacen("    bronnen:\n", source, 1));
}

#[test]
fn a_store_keeps_other_rows_and_replaces_its_own() {
    let project = Project::sample();
    counting(&project);
    project.well(&[&ADD[..], &["op_tijd", "leges"]].concat());
    let both = stored(&project);
    has(&both.join("\n"), &["2026 leges ", "2026 op_tijd "]);
    let first = bytes(&project, "uit.parquet");
    // The same run once more changes nothing, and neither does a part of it.
    project.well(&[&ADD[..], &["op_tijd", "leges"]].concat());
    assert!(bytes(&project, "uit.parquet") == first);
    project.well(&[&ADD[..], &["leges"]].concat());
    assert!(bytes(&project, "uit.parquet") == first);
    // Another question about the same KPI and periods takes the place of its rows only.
    project.well(&[&ADD[..], &["op_tijd", "--total"]].concat());
    let less = stored(&project);
    assert_eq!(less.iter().find(|l| l.contains("leges")), both.iter().find(|l| l.contains("leges")));
    assert_eq!(less.iter().find(|l| l.contains("op_tijd")).map(String::as_str), Some("2026 op_tijd 3 geen norm"));
    project.well(&[&ADD[..], &["op_tijd"]].concat());
    assert!(bytes(&project, "uit.parquet") == first);
}

#[test]
fn a_folder_gets_the_usual_file() {
    let project = Project::sample();
    fs::create_dir(project.path().join("uitkomsten")).expect("made");
    project.well(&["run", "op_tijd", "--format", "parquet", "--output", "uitkomsten"]);
    assert!(bytes(&project, "uitkomsten/uitkomsten.parquet").starts_with(b"PAR1"));
}

#[test]
fn a_file_that_is_no_store_stays_as_it_was() {
    let project = Project::sample();
    project.write("uit.parquet", "iets van een ander");
    let text = project.fails(3, &[&ADD[..], &["op_tijd"]].concat());
    has(&text, &["fout[ML710]: `uit.parquet` kan geen uitkomsten krijgen: het is geen Parquet-bestand", "hulp: noem"]);
    assert_eq!(project.read("uit.parquet"), "iets van een ander");
    let text = project.fails(3, &["run", "op_tijd", "--format", "parquet", "--output", "nergens/uit.parquet"]);
    assert_eq!(text, "fout: `nergens/uit.parquet` is niet geschreven: de map bestaat niet\n");
}

#[test]
fn wrong_use_is_told_before_anything_is_calculated() {
    let project = Project::sample();
    for (form, file) in [("xlsx", "resultaten.xlsx"), ("parquet", "uitkomsten.parquet")] {
        for output in [&[][..], &["--output", "-"]] {
            let text = project.fails(2, &[&["run", "op_tijd", "--format", form], output].concat());
            has(&text, &["past niet in een terminal", &format!("hulp: noem een bestand, zoals --output {file}")]);
        }
    }
    let text = project.fails(2, &[&ADD[..], &["op_tijd", "--where", "team = \"A\""]].concat());
    has(&text, &["--where gaat niet samen met --format parquet"]);
    assert!(!project.path().join("uit.parquet").exists());
}

/// The temporary file of a run that is writing.
fn part(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|e| e.path());
    entries.into_iter().find(|p| p.extension().is_some_and(|e| e == "deel"))
}

#[test]
fn a_killed_run_leaves_the_store_as_it_was() {
    let project = Project::sample();
    counting(&project);
    project.well(&[&ADD[..], &["leges"]].concat());
    let before = bytes(&project, "uit.parquet");
    let after = {
        let other = Project::copy(project.path());
        other.well(&[&ADD[..], &["op_tijd"]].concat());
        bytes(&other, "uit.parquet")
    };
    assert!(before != after);
    let program = std::env::var_os("MEETLAT_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_meetlat").into());
    // At other moments each time, and as soon as it writes.
    for wait in [20, 60, 150, 300, 600, 5_000] {
        let mut child = Command::new(&program)
            .args([&ADD[..], &["op_tijd"]].concat())
            .current_dir(project.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        for _ in 0..wait {
            if part(project.path()).is_some() || child.try_wait().expect("a state").is_some() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let _ = child.kill();
        child.wait().expect("it ended");
        let now = bytes(&project, "uit.parquet");
        assert!(now == before || now == after, "neither the old nor the new file: {} bytes", now.len());
        project.write("uit.parquet", &before);
    }
    // What a killed run left goes with the next, which waits for nobody.
    project.write("uit.parquet.99999.deel", "half");
    project.well(&[&ADD[..], &["op_tijd"]].concat());
    assert!(bytes(&project, "uit.parquet") == after);
    assert_eq!(part(project.path()), None);
}

#[test]
fn a_workbook_is_written_whole_and_twice_the_same() {
    let project = Project::sample();
    let run = |name: &str| {
        project.well(&["run", "op_tijd", "leges", "--format", "xlsx", "--output", name]);
        bytes(&project, name)
    };
    let first = run("een.xlsx");
    assert!(first.starts_with(b"PK"));
    assert!(first == run("twee.xlsx"));
    let text = project.fails(3, &["run", "op_tijd", "--format", "xlsx", "--output", "nergens/a.xlsx"]);
    assert_eq!(text, "fout: `nergens/a.xlsx` is niet geschreven: de map bestaat niet\n");
}

#[test]
fn markdown_goes_to_the_terminal_or_a_file() {
    let project = Project::sample();
    let shown = project.well(&["run", "op_tijd", "leges", "--format", "md"]);
    has(&shown, &["# Proef\n", "\n## Telefoon\n\n| KPI | jan | feb | mrt | norm | laatste |\n| --- | ---: |"]);
    assert!(!shown.contains("team: A"), "{shown}");
    let members = project.well(&["run", "op_tijd", "--by", "team", "--format", "md"]);
    has(&members, &["team: A"]);
    project.well(&["run", "op_tijd", "leges", "--format", "md", "--output", "uit.md"]);
    assert_eq!(project.read("uit.md"), shown);
}
