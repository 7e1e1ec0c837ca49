//! `meetlat check [PATH…]`

use serde_json::json;

use super::Outcome;
use super::args::{CheckArgs, CheckFormat, Global};
use super::print::{self, Printer};
use super::project::{Compiled, Project};
use crate::diagnostic::{Diagnostic, Severity, json, render};
use crate::source::SourceMap;

pub fn run(args: &CheckArgs, global: &Global, printer: &Printer) -> Outcome {
    let project = match Project::read(global, &args.paths) {
        Ok(project) => project,
        Err(why) => {
            print::err(&format!("fout: {why}"));
            return Outcome::WrongUse;
        }
    };
    let files = project.files.len();
    // Some files are no whole set: then it is not told what the rest of it should be.
    let whole = args.paths.iter().all(|path| path.is_dir());
    let compiled = if whole { project.compile_as_a_set() } else { project.compile() };
    let (sources, mut diagnostics, kpis, told) = match compiled {
        Ok(compiled) => {
            let kpis = compiled.checked.model().kpis.len();
            let told = match looked_at(&compiled, args, global) {
                Ok(told) => told,
                Err(why) => {
                    print::err(&format!("fout: {why}"));
                    return Outcome::WrongUse;
                }
            };
            (compiled.sources, compiled.diagnostics, kpis, told)
        }
        Err((sources, diagnostics)) => (sources, diagnostics, 0, Told::default()),
    };
    let holds = diagnostics.iter().all(|d| d.severity != Severity::Error);
    let sound = told.diagnostics.iter().all(|d| d.severity != Severity::Error);
    diagnostics.extend(told.diagnostics);
    match args.format {
        CheckFormat::Json => print_json(&diagnostics, &sources, told.tables),
        CheckFormat::Text => {
            printer.diagnostics(&diagnostics, &sources);
            told.lines.iter().for_each(|line| printer.note(line));
            printer.note(&closing(&diagnostics, files, kpis));
        }
    }
    match (holds, sound) {
        (false, _) => Outcome::DoesNotHold,
        (true, false) => Outcome::Failed,
        (true, true) => Outcome::Well,
    }
}

/// What the data behind the definitions say.
#[derive(Default)]
pub struct Told {
    pub diagnostics: Vec<Diagnostic>,
    /// A line per table.
    pub lines: Vec<String>,
    /// The same for programs; nothing where the data were not asked for.
    pub tables: Option<serde_json::Value>,
}

#[cfg(feature = "engine")]
fn looked_at(compiled: &Compiled, args: &CheckArgs, global: &Global) -> Result<Told, String> {
    if args.data { super::check_data::run(compiled, global) } else { Ok(Told::default()) }
}

#[cfg(not(feature = "engine"))]
#[expect(clippy::unnecessary_wraps, reason = "as with the engine")]
fn looked_at(_: &Compiled, _: &CheckArgs, _: &Global) -> Result<Told, String> {
    Ok(Told::default())
}

fn print_json(diagnostics: &[Diagnostic], sources: &SourceMap, tables: Option<serde_json::Value>) {
    let list: Vec<_> = diagnostics.iter().map(|d| json::to_json(d, sources)).collect();
    let mut whole = json!({ "diagnoses": list });
    if let (Some(tables), Some(object)) = (tables, whole.as_object_mut()) {
        object.insert("gegevens".to_owned(), tables);
    }
    let text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    print::out(&format!("{text}\n"));
}

fn closing(diagnostics: &[Diagnostic], files: usize, kpis: usize) -> String {
    let files = if files == 1 { "1 bestand".to_owned() } else { format!("{files} bestanden") };
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return format!("{} in {files}", render::summary(diagnostics));
    }
    let kpis = if kpis == 1 { "1 KPI klopt".to_owned() } else { format!("{kpis} KPI's kloppen") };
    let rest = if diagnostics.is_empty() { String::new() } else { format!(" ({})", render::summary(diagnostics)) };
    format!("✓ {kpis}, in {files}{rest}")
}
