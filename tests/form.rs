//! The canonical form: what the repository holds is in it, formatting keeps what a file says and is done after one time,
//! and a file goes to the other notation and back. Layouts that are hard to get right are files in `tests/form`, of which
//! the result in both notations is the snapshot.

mod scattered;

use std::path::{Path, PathBuf};

use meetlat::diagnostic::Sink;
use meetlat::model::identity::definition_hash;
use meetlat::resolve::{Settings, resolve};
use meetlat::source::SourceId;
use meetlat::syntax::ast::File;
use meetlat::syntax::format::{Notation, format, meaning};

use crate::command::{meetlat, root};

/// A definitions text of the repository and where it stands.
struct Text {
    name: String,
    content: String,
    notation: Notation,
}

impl Text {
    fn parsed(&self) -> (File, bool) {
        parsed(&self.content, self.notation)
    }

    fn exception(&self) -> Option<(&'static str, &'static str)> {
        EXCEPTIONS.into_iter().find(|(name, _)| *name == self.name)
    }

    fn other(&self) -> Notation {
        if self.notation == Notation::Kpi { Notation::Yaml } else { Notation::Kpi }
    }
}

/// A text that YAML cut off at ` #`, of which the author is warned: on its way back its remark gets a space.
const CUT: &str = "cut off";
/// A block with two entries of one name.
const TWICE: &str = "twice";

/// The texts that do not come back from the other notation with the same bytes, all of them examples of mistakes on the
/// pages of codes. No file of definitions is among them.
const EXCEPTIONS: [(&str, &str); 3] = [
    ("src/diagnostic/codes/ML037.md (1)", CUT),
    ("src/diagnostic/codes/ML054.md (1)", TWICE),
    ("src/diagnostic/codes/ML111.md (1)", TWICE),
];

fn parsed(text: &str, notation: Notation) -> (File, bool) {
    let mut sink = Sink::default();
    let file = notation.parse(SourceId(0), text, &mut sink);
    (file, !sink.has_errors())
}

fn visit(folder: &Path, each: &mut impl FnMut(&Path)) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { visit(&path, each) } else { each(&path) }
    }
}

/// Every definitions file of the repository, and every block of definitions in its documents.
fn texts() -> Vec<Text> {
    let mut found = Vec::new();
    for folder in ["kpi-defs", "examples", "tests", "src", "grammar", "docs"] {
        visit(&root().join(folder), &mut |path| {
            let name = path.strip_prefix(root()).expect("inside").to_string_lossy().into_owned();
            let settings = path.file_name().is_some_and(|n| n == "meetlat.yaml");
            let document = path.extension().is_some_and(|e| e == "md");
            match Notation::of(path).filter(|_| !settings) {
                Some(notation) => found.push(Text { name, content: read(path), notation }),
                None if document => found.extend(blocks(&name, &read(path))),
                None => {}
            }
        });
    }
    // What `fmt` refuses has no form.
    found.retain(|text| !text.name.contains("ML053.md (1)"));
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("text")
}

/// The blocks ```` ```kpi ```` and ```` ```yaml ```` of a document.
fn blocks(name: &str, text: &str) -> Vec<Text> {
    let mut found = Vec::new();
    for (number, part) in text.split("\n```").enumerate() {
        let (head, body) = part.split_once('\n').unwrap_or((part, ""));
        let notation = match head.split_whitespace().next() {
            Some("kpi") => Notation::Kpi,
            Some("yaml") => Notation::Yaml,
            _ => continue,
        };
        found.push(Text { name: format!("{name} ({number})"), content: body.to_owned(), notation });
    }
    found
}

fn written(text: &str, from: Notation, to: Notation) -> Result<String, String> {
    let mut sink = Sink::default();
    let found = format(SourceId(0), text, from, to, &mut sink);
    found.ok_or_else(|| {
        let told: Vec<String> = sink.into_sorted().iter().map(|d| format!("{} {}", d.code, d.message)).collect();
        told.concat()
    })
}

/// The remarks of a `.kpi` text, in any order.
fn remarks(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .lines()
        .filter_map(|line| {
            // An even number of quotes stands before a remark.
            let starts = line.match_indices("//").map(|(at, _)| at);
            let at = starts.into_iter().find(|&at| line[..at].matches('"').count() % 2 == 0)?;
            Some(line[at + 2..].trim())
        })
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn formatting_keeps_what_is_said_and_is_done_after_one_time() {
    let mut count = 0;
    for text in texts() {
        let (before, good) = text.parsed();
        if !good {
            continue;
        }
        let once =
            written(&text.content, text.notation, text.notation).unwrap_or_else(|e| panic!("{}: {e}", text.name));
        let twice = written(&once, text.notation, text.notation).unwrap_or_else(|e| panic!("{}: {e}", text.name));
        assert_eq!(once, twice, "{}: the second time something changes", text.name);
        assert_eq!(meaning(&before), meaning(&parsed(&once, text.notation).0), "{}", text.name);
        if text.notation == Notation::Kpi {
            assert_eq!(remarks(&text.content), remarks(&once), "{}", text.name);
        }
        count += 1;
    }
    assert!(count > 150, "only {count} texts");
}

#[test]
fn to_the_other_notation_and_back() {
    let mut count = 0;
    for text in texts() {
        let (before, good) = text.parsed();
        if !good {
            continue;
        }
        if let Some((_, why)) = text.exception() {
            let told = written(&text.content, text.notation, text.other());
            assert!(why == CUT || told.is_err_and(|e| e.starts_with("ML054")), "{}", text.name);
            continue;
        }
        let at = |e| panic!("{}: {e}", text.name);
        let there = written(&text.content, text.notation, text.other()).unwrap_or_else(at);
        let back = written(&there, text.other(), text.notation).unwrap_or_else(at);
        assert_eq!(meaning(&before), meaning(&parsed(&there, text.other()).0), "{}", text.name);
        assert_eq!(meaning(&before), meaning(&parsed(&back, text.notation).0), "{}", text.name);
        // What is converted is in form, and what comes back has the bytes of the form.
        assert_eq!(written(&there, text.other(), text.other()).unwrap_or_else(at), there, "{}", text.name);
        let form = written(&text.content, text.notation, text.notation).unwrap_or_else(at);
        assert_eq!(form, back, "{}: other bytes\n{there}", text.name);
        let (kpi, again) = match text.notation {
            Notation::Kpi => (text.content.clone(), back.clone()),
            Notation::Yaml => (there.clone(), written(&back, Notation::Yaml, Notation::Kpi).unwrap_or_else(at)),
        };
        assert_eq!(remarks(&kpi), remarks(&again), "{}: the remarks\n{there}", text.name);
        count += 1;
    }
    assert!(count > 150, "only {count} texts");
}

/// The definition hashes of the KPIs in a few files together.
fn hashes(files: &[File]) -> Vec<String> {
    let model = resolve(files, &Settings::default(), &mut Sink::default());
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let mut all: Vec<String> =
        model.kpis.iter().map(|kpi| format!("{} {}", kpi.name, definition_hash(&model, kpi, day))).collect();
    all.sort();
    all
}

#[test]
fn the_other_notation_has_the_same_model() {
    let mut all = texts();
    all.retain(|text| text.parsed().1 && text.exception().is_none());
    let files: Vec<(&str, [File; 3])> = all
        .iter()
        .map(|text| {
            let at = |e| panic!("{}: {e}", text.name);
            let there = written(&text.content, text.notation, text.other()).unwrap_or_else(at);
            let back = written(&there, text.other(), text.notation).unwrap_or_else(at);
            let read = [(&text.content, text.notation), (&there, text.other()), (&back, text.notation)];
            (text.name.as_str(), read.map(|(text, notation)| parsed(text, notation).0))
        })
        .collect();
    // Each example with the library that it takes its sources from; any other text alone.
    let together = |folder: &str| -> Vec<&[File; 3]> {
        let inside =
            |name: &str| name.starts_with(folder) || (name.starts_with("kpi-defs") && !name.contains("toetsen"));
        files.iter().filter(|(name, _)| inside(name)).map(|(_, files)| files).collect()
    };
    let mut groups: Vec<(&str, Vec<&[File; 3]>)> =
        ["examples/gemeente", "examples/servicelevel", "examples/vergunningen"]
            .map(|name| (name, together(name)))
            .into();
    groups.extend(files.iter().map(|(name, files)| (*name, vec![files])));
    let mut count = 0;
    for (name, group) in groups {
        let of = |which: usize| hashes(&group.iter().map(|files| files[which].clone()).collect::<Vec<_>>());
        let before = of(0);
        assert_eq!(before, of(1), "{name}: in the other notation");
        assert_eq!(before, of(2), "{name}: and back");
        count += before.len();
    }
    assert!(count > 150, "only {count} definitions");
}

#[test]
fn the_definitions_of_the_repository_are_in_form() {
    for folder in ["kpi-defs", "examples", "src/cli/init/definities"] {
        let ran = meetlat(&root(), &["fmt", "--check", folder]);
        assert_eq!(ran.code, 0, "{folder}:\n{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn a_text_of_the_input_in_either_notation() {
    let run = |args: &[&str], text: &str| {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_meetlat"))
            .args(args)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts");
        std::io::Write::write_all(&mut child.stdin.take().expect("an input"), text.as_bytes()).expect("written");
        let output = child.wait_with_output().expect("an end");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let yaml = "kpis:\n  a:\n    norm:   geen\n    titel: A\n";
    let form = "kpis:\n  a:\n    titel: A\n    norm: geen\n";
    assert_eq!(run(&["fmt", "-", "--as", "yaml"], yaml), (Some(0), form.to_owned()));
    assert_eq!(run(&["fmt", "-", "--as", "yaml", "--check"], form), (Some(0), String::new()));
    assert_eq!(run(&["fmt", "-", "--as", "yaml", "--check"], yaml).0, Some(1));
    assert_eq!(
        run(&["fmt", "-"], "kpi a \"A\" { norm geen }"),
        (Some(0), "kpi a \"A\" {\n    norm          geen\n}\n".to_owned())
    );
    assert_eq!(run(&["fmt", "-"], yaml).0, Some(1), "no `.kpi`");
    assert_eq!(run(&["fmt", "--as", "yaml", "kpi-defs"], "").0, Some(2), "of a file the name tells");
}

#[test]
fn hard_layouts() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("form/snapshots");
    settings.set_omit_expression(true);
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> = Vec::new();
    visit(&root().join("tests/form"), &mut |path| files.extend(Notation::of(path).map(|_| path.to_owned())));
    for path in files {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let notation = Notation::of(&path).expect("a notation");
        let text = Text { name: name.clone(), content: read(&path), notation };
        let shown = |to| written(&text.content, notation, to).unwrap_or_else(|e| e);
        let shown = format!("{}\n======== \n{}", shown(notation), shown(text.other()));
        let compared = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            settings.bind(|| insta::assert_snapshot!(name.as_str(), shown));
        }));
        if compared.is_err() {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "other forms than the snapshots of {wrong:?}");
}
