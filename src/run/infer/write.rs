//! The proposal as text: a `bronsysteem` in the language, with the evidence as remarks, and the line for meetlat.yaml
//! above it.

use std::fmt::Write as _;

use super::guess::{self, Guess};
use super::{Found, names};
use crate::model::text::{name, quoted};

/// What the proposal is called.
#[derive(Clone, Debug)]
pub struct Names {
    pub source: String,
    pub table: String,
}

impl Names {
    /// After a file: `data/Gesprekken 2026.csv` is `gesprekken_2026.gesprekken_2026`.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
        let stem = last.split_once('.').map_or(last, |(stem, _)| stem);
        let word = names::identifier(&stem.replace('*', ""));
        Self { source: word.clone(), table: word }
    }
}

/// The proposal, valid as a definitions file, not yet in canonical form.
#[must_use]
pub fn text(found: &Found, path: &str, names: &Names) -> String {
    let mut out = String::new();
    let rows = if found.rows == 1 {
        "1 rij".to_owned()
    } else {
        format!("{} rijen", guess::thousands(&found.rows.to_string()))
    };
    let _ = writeln!(
        out,
        "// Een voorstel, gemaakt uit {rows} van `{path}`. Lees het na: titels, namen en eenheden zijn een gok."
    );
    let _ = writeln!(out, "// Zet in meetlat.yaml onder `bronnen`:");
    let settings: String =
        found.settings.iter().fold(String::new(), |all, (key, value)| all + ", " + key + ": " + &yaml(value));
    let _ = writeln!(out, "//   {}.{}: {{pad: {}{settings}}}", names.source, names.table, yaml(path));
    for remark in &found.remarks {
        let _ = writeln!(out, "// {remark}");
    }
    if found.key.is_empty() {
        let _ =
            writeln!(out, "// Er is geen sleutel gevonden: geen kolom, en geen paar kolommen, is in elke rij anders.");
    }
    if found.axis.is_none() {
        let _ =
            writeln!(out, "// Er is geen meetmoment gevonden: geen kolom met een datum of tijdstip is overal gevuld.");
    }
    let _ = writeln!(out, "\nbronsysteem {} {} {{", name(&names.source), quoted(&names.source));
    let _ = writeln!(out, "    tabel {} {} {{", name(&names.table), quoted(&title(found)));
    for (at, guess) in found.columns.iter().enumerate() {
        let _ = writeln!(out, "        {}", line(found, at, guess));
    }
    out.push_str("    }\n}\n");
    out
}

fn title(found: &Found) -> String {
    let key: Vec<&str> = found.key.iter().filter_map(|&at| found.columns.get(at)).map(|g| g.name.as_str()).collect();
    if key.is_empty() { "Eén rij per …".to_owned() } else { format!("Eén rij per {}", key.join(" en ")) }
}

fn line(found: &Found, at: usize, guess: &Guess) -> String {
    let mut line = format!("{} {}", name(&guess.name), guess.ty);
    let is_key = found.key.contains(&at);
    if guess.nullable && !is_key {
        line.push_str(if guess.ty.contains(' ') { " ?" } else { "?" });
    }
    if is_key {
        line.push_str(" sleutel");
    }
    if found.axis == Some(at) {
        line.push_str(" meetmoment");
    }
    if guess.personal {
        line.push_str(" persoonsgegeven");
    }
    if guess.physical != guess.name {
        let _ = write!(line, " bron {}", quoted(&guess.physical));
    }
    if !guess.values.is_empty() {
        let values: Vec<String> = guess.values.iter().map(|v| quoted(v)).collect();
        let _ = write!(line, " in ({})", values.join(", "));
    }
    if !guess.evidence.is_empty() {
        let _ = write!(line, "  // {}", guess.evidence.join("; "));
    }
    line
}

/// A value inside a flow mapping of YAML.
fn yaml(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    if text.chars().all(plain) && !text.starts_with('-') { text.to_owned() } else { quoted(text) }
}
