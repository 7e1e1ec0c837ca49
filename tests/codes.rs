//! The pages of diagnostic codes: every code has one, and its examples are true. A block ```` ```kpi fout ```` gives
//! exactly one message, of that code, a block ```` ```kpi goed ```` gives no message of that code and no error; the
//! same for `yaml` and, for `meetlat.yaml` itself, `meetlat.yaml`. Rules about a whole set look at a folder with the example
//! in it, and beside their one message other rules may have a tip.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::command::{checked, meetlat, root};

/// The codes that the sources mention: `"ML123"`.
fn codes_in_sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    visit(&root().join("src"), &mut |path| {
        let text = fs::read_to_string(path).expect("text");
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for part in code.split("\"ML").skip(1) {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            if digits.len() == 3 && part[3..].starts_with('"') {
                found.insert(format!("ML{digits}"));
            }
        }
    });
    found
}

fn visit(folder: &Path, each: &mut impl FnMut(&Path)) {
    let mut entries: Vec<_> = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            visit(&path, each);
        } else if path.extension().is_some_and(|e| e == "rs") && !name.ends_with("tests") && name != "sample" {
            each(&path);
        }
    }
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages: BTreeSet<String> = meetlat::diagnostic::codes::all().into_iter().map(str::to_owned).collect();
    let codes = codes_in_sources();
    let without: Vec<_> = codes.difference(&pages).collect();
    let unused: Vec<_> = pages.difference(&codes).collect();
    assert!(without.is_empty() && unused.is_empty(), "without a page: {without:?}; pages of no code: {unused:?}");
}

struct Block {
    language: String,
    wrong: bool,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("```") {
        let after = &rest[start + 3..];
        let (head, body) = after.split_once('\n').unwrap_or((after, ""));
        let (text, tail) = body.split_once("```").unwrap_or((body, ""));
        let mut words = head.split_whitespace();
        if let (Some(language), Some(kind @ ("fout" | "goed"))) = (words.next(), words.next()) {
            found.push(Block { language: language.to_owned(), wrong: kind == "fout", text: text.to_owned() });
        }
        rest = tail;
    }
    found
}

/// The codes and messages of `check --format json`, without the tips of other rules about a set than `code`.
fn told(json: &str, code: &str) -> Vec<(String, String)> {
    let json: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let list = json["diagnoses"].as_array().expect("a list").iter();
    let list = list.map(|d| (d["code"].as_str().unwrap_or("?"), &d["ernst"], d["bericht"].to_string()));
    list.filter(|(found, level, _)| *found == code || !about_a_set(found) || *level != "tip")
        .map(|(found, _, message)| (found.to_owned(), message))
        .collect()
}

fn outcome(code: &str, block: &Block) -> (i32, Vec<(String, String)>) {
    let dir = tempfile::tempdir().expect("a folder");
    if block.language == "meetlat.yaml" {
        fs::create_dir(dir.path().join("definities")).expect("a folder");
        let file = dir.path().join("meetlat.yaml");
        fs::write(&file, &block.text).expect("written");
        let ran = meetlat(dir.path(), &["check", "--format", "json"]);
        return (ran.code, told(&ran.stdout, code));
    }
    let file = dir.path().join(format!("voorbeeld.{}", block.language));
    fs::write(&file, &block.text).expect("written");
    if about_a_set(code) {
        let ran = meetlat(dir.path(), &["check", "--format", "json", "."]);
        return (ran.code, told(&ran.stdout, code));
    }
    checked(&file)
}

/// The rules about a whole set of definitions.
fn about_a_set(code: &str) -> bool {
    code.starts_with("ML3")
}

/// What `fmt` (ML053) or `convert` (ML054) says of a block.
fn written(code: &str, block: &Block) -> (i32, Vec<(String, String)>) {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join(format!("voorbeeld.{}", block.language));
    fs::write(&file, &block.text).expect("written");
    let other = if block.language == "kpi" { "yaml" } else { "kpi" };
    let name = file.to_string_lossy();
    let args: &[&str] = if code == "ML053" { &["fmt", &name] } else { &["convert", &name, "--to", other] };
    let ran = meetlat(dir.path(), args);
    let told = ran
        .stderr
        .lines()
        .filter_map(|line| line.split_once('[')?.1.split_once("]:"))
        .map(|(c, m)| (c.into(), m.into()));
    (ran.code, told.collect())
}

#[test]
fn the_examples_on_the_pages_are_true() {
    let mut wrong = Vec::new();
    for code in meetlat::diagnostic::codes::all() {
        let page = meetlat::diagnostic::codes::page(code).expect("a page");
        if !page.starts_with(&format!("# {code} · ")) {
            wrong.push(format!("{code}: the page does not start with `# {code} · `"));
        }
        let blocks = blocks(page);
        // Codes about data, storage and the engine need data, ML218 a hundred columns, ML055 a mistake in the program
        // itself; all other pages show both sides.
        let about_text = code < "ML600" && !["ML055", "ML063", "ML064", "ML065", "ML066", "ML218"].contains(&code);
        if about_text && !(blocks.iter().any(|b| b.wrong) && blocks.iter().any(|b| !b.wrong)) {
            wrong.push(format!("{code}: an example of wrong and of right is missing"));
        }
        for block in &blocks {
            let writing = ["ML053", "ML054"].contains(&code);
            let (exit, found) = if writing { written(code, block) } else { outcome(code, block) };
            let codes: Vec<&str> = found.iter().map(|(c, _)| c.as_str()).collect();
            let holds = if block.wrong { codes == [code] } else { exit == 0 && !codes.contains(&code) };
            if !holds {
                let kind = if block.wrong { "fout" } else { "goed" };
                wrong.push(format!("{code}, {kind}: exit {exit}, {found:?}\n{}", block.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The codes that `Diagnostic::error(…)` or another of its kinds is called with in a source text.
fn called_with(text: &str, kind: &str, constants: &[(String, String)]) -> Vec<String> {
    let call = format!("Diagnostic::{kind}(");
    let calls = text.split(&call).skip(1);
    calls
        .filter_map(|rest| {
            let first = rest.split(',').next()?.trim();
            if let Some(code) = first.strip_prefix('"') {
                return Some(code.trim_end_matches('"').to_owned());
            }
            let name = first.rsplit("::").next()?;
            constants.iter().find(|(known, _)| known == name).map(|(_, code)| code.clone())
        })
        .collect()
}

/// `const CUT: &str = "ML037";`
fn constants(text: &str) -> Vec<(String, String)> {
    let found = text.split("const ").skip(1).filter_map(|rest| {
        let (name, value) = rest.split_once(": &str = \"")?;
        Some((name.to_owned(), value.get(..5)?.to_owned()))
    });
    found.filter(|(_, code)| code.starts_with("ML")).collect()
}

/// The project may set the level of exactly what the definitions give as a warning or a tip, and never as an error.
#[test]
fn levels_are_for_what_is_never_an_error() {
    let mut texts = Vec::new();
    for folder in ["src/syntax", "src/resolve", "src/check"] {
        visit(&root().join(folder), &mut |path| texts.push(fs::read_to_string(path).expect("text")));
    }
    let texts: Vec<&str> = texts.iter().filter_map(|t| t.split("#[cfg(test)]\nmod tests").next()).collect();
    let constants: Vec<(String, String)> = texts.iter().flat_map(|text| constants(text)).collect();
    let of = |kind: &str| -> BTreeSet<String> { texts.iter().flat_map(|t| called_with(t, kind, &constants)).collect() };
    let (errors, mild) = (of("error"), &of("warning") | &of("hint"));
    let adjustable: BTreeSet<String> =
        meetlat::diagnostic::codes::adjustable().into_iter().map(str::to_owned).collect();
    assert!(errors.contains("ML039") && errors.len() > 100 && mild.len() > 20, "the scan finds the messages");
    assert_eq!(&mild - &errors, adjustable);
}
