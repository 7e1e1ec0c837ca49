//! `meetlat fmt [PATH…]`

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::{FmtArgs, Global};
use super::print::{self, Printer};
use super::project::{self, Project};
use super::{difference, write};
use crate::diagnostic::Sink;
use crate::source::SourceMap;
use crate::syntax::format::{Notation, format};

pub fn run(args: &FmtArgs, global: &Global, printer: &Printer) -> Outcome {
    if args.paths.iter().any(|path| path == Path::new("-")) {
        return standard_input(args, printer);
    }
    if args.notation.is_some() {
        print::err("fout: `--as` hoort bij `-`; van een bestand zegt de naam in welke notatie het staat");
        return Outcome::WrongUse;
    }
    let paths = match targets(args, global) {
        Ok(paths) => paths,
        Err(why) => {
            print::err(&format!("fout: {why}"));
            return Outcome::WrongUse;
        }
    };
    let mut count = Count { files: paths.len(), ..Count::default() };
    for path in &paths {
        count.add(one(path, args.check, printer));
    }
    printer.note(&count.closing(args.check));
    count.outcome(args.check)
}

/// What became of one file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Unchanged,
    Changed,
    /// It has mistakes and was left alone.
    Refused,
    /// It could not be read or written.
    Failed,
}

#[derive(Default)]
struct Count {
    files: usize,
    changed: usize,
    refused: usize,
    failed: usize,
}

impl Count {
    fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Unchanged => {}
            Fate::Changed => self.changed += 1,
            Fate::Refused => self.refused += 1,
            Fate::Failed => self.failed += 1,
        }
    }

    fn outcome(&self, check: bool) -> Outcome {
        if self.failed > 0 {
            Outcome::Failed
        } else if self.refused > 0 || (check && self.changed > 0) {
            Outcome::DoesNotHold
        } else {
            Outcome::Well
        }
    }

    fn closing(&self, check: bool) -> String {
        let left = match self.refused + self.failed {
            0 => String::new(),
            n => format!("; {} niet aangeraakt", files(n)),
        };
        let good = self.files - self.changed - self.refused - self.failed;
        match (check, self.changed) {
            (_, 0) if left.is_empty() => format!("✓ {} in de vaste vorm", stand(self.files)),
            (_, 0) => format!("{} in de vaste vorm{left}", stand(good)),
            (true, n) => format!("{} nog niet in de vaste vorm{left}\n  hulp: `meetlat fmt` zet ze goed", stand(n)),
            (false, n) => format!("✓ {} opgemaakt{left}", files(n)),
        }
    }
}

fn files(n: usize) -> String {
    if n == 1 { "1 bestand".to_owned() } else { format!("{n} bestanden") }
}

fn stand(n: usize) -> String {
    if n == 1 { "1 bestand staat".to_owned() } else { format!("{n} bestanden staan") }
}

/// The named files and those in named folders, or the project's own.
fn targets(args: &FmtArgs, global: &Global) -> Result<Vec<PathBuf>, String> {
    if args.paths.is_empty() {
        let project = Project::read(global, &[])?;
        let root = project.root.canonicalize().unwrap_or_else(|_| project.root.clone());
        let own = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path.starts_with(&root));
        return Ok(project.disk.into_iter().filter(own).collect());
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for path in &args.paths {
        if !path.exists() {
            return Err(format!("`{}` bestaat niet", path.display()));
        }
        if path.is_file() && Notation::of(path).is_none() {
            return Err(format!("`{}` is geen definitiebestand: dat eindigt op .kpi of .yaml", path.display()));
        }
        let settings = path.file_name().is_some_and(|name| name == project::SETTINGS_FILE);
        if path.is_file() && settings {
            return Err("meetlat.yaml is geen definitiebestand; `fmt` laat het zoals het is".to_owned());
        }
        for file in project::definition_files_under(path) {
            if !found.contains(&file) {
                found.push(file);
            }
        }
    }
    Ok(found)
}

/// Formats one file, or shows what would change.
fn one(path: &Path, check: bool, printer: &Printer) -> Fate {
    let shown = path.display().to_string();
    let Some(notation) = Notation::of(path) else { return Fate::Unchanged };
    let old = match read(path) {
        Ok(text) => text,
        Err(why) => {
            print::err(&format!("fout: `{shown}` {why}"));
            return Fate::Failed;
        }
    };
    let Some(new) = formatted(&shown, &old, notation, printer) else { return Fate::Refused };
    if new == old {
        return Fate::Unchanged;
    }
    if check {
        print::out(&difference::picture(&shown, &old, &new, printer.stdout_style().color));
        return Fate::Changed;
    }
    match write::write(Some(path), &new) {
        Ok(()) => {
            printer.note(&format!("  {shown}"));
            Fate::Changed
        }
        Err(why) => {
            print::err(&format!("fout: {why}"));
            Fate::Failed
        }
    }
}

/// The canonical form of a text; messages where it has mistakes.
fn formatted(name: &str, text: &str, notation: Notation, printer: &Printer) -> Option<String> {
    let mut sources = SourceMap::default();
    let id = sources.add(name, text);
    let mut sink = Sink::default();
    let found = format(id, text, notation, notation, &mut sink);
    if found.is_none() {
        printer.diagnostics(&sink.into_sorted(), &sources);
    }
    found
}

/// A file as text.
pub fn read(path: &Path) -> Result<String, &'static str> {
    let bytes = std::fs::read(path).map_err(|e| project::read_problem(e.kind()))?;
    String::from_utf8(bytes).map_err(|_| "is geen UTF-8-tekst")
}

/// A text from the standard input to the standard output, for editors.
fn standard_input(args: &FmtArgs, printer: &Printer) -> Outcome {
    if args.paths.len() > 1 {
        print::err("fout: `-` (de invoer) gaat niet samen met bestanden");
        return Outcome::WrongUse;
    }
    let mut old = String::new();
    if std::io::stdin().read_to_string(&mut old).is_err() {
        print::err("fout: de invoer is geen UTF-8-tekst");
        return Outcome::Failed;
    }
    let notation = args.notation.map_or(Notation::Kpi, Notation::from);
    let Some(new) = formatted("invoer", &old, notation, printer) else { return Outcome::DoesNotHold };
    if !args.check {
        print::out(&new);
        return Outcome::Well;
    }
    print::out(&difference::picture("invoer", &old, &new, printer.stdout_style().color));
    if new == old { Outcome::Well } else { Outcome::DoesNotHold }
}
