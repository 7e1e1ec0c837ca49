//! The pages of diagnostic codes: every code has one, and its examples are true. A block ```` ```kpi fout ```` gives
//! exactly one message, of that code, a block ```` ```kpi goed ```` gives no message of that code and no error; the
//! same for `yaml` and, for `meetlat.yaml` itself, `meetlat.yaml`.

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

fn outcome(block: &Block) -> (i32, Vec<(String, String)>) {
    let dir = tempfile::tempdir().expect("a folder");
    if block.language == "meetlat.yaml" {
        fs::create_dir(dir.path().join("definities")).expect("a folder");
        let file = dir.path().join("meetlat.yaml");
        fs::write(&file, &block.text).expect("written");
        let ran = meetlat(dir.path(), &["check", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let list = json["diagnoses"].as_array().expect("a list").iter();
        let list = list.map(|d| (d["code"].as_str().unwrap_or("?").to_owned(), d["bericht"].to_string()));
        return (ran.code, list.collect());
    }
    let file = dir.path().join(format!("voorbeeld.{}", block.language));
    fs::write(&file, &block.text).expect("written");
    checked(&file)
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
            let (exit, found) = if writing { written(code, block) } else { outcome(block) };
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
