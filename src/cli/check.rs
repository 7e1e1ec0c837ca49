//! `meetlat check [PATH…]`

use serde_json::json;

use super::Outcome;
use super::args::{CheckArgs, CheckFormat, Global};
use super::print::{self, Printer};
use super::project::Project;
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
    let (sources, diagnostics, kpis) = match compiled {
        Ok(compiled) => {
            let kpis = compiled.checked.model().kpis.len();
            (compiled.sources, compiled.diagnostics, kpis)
        }
        Err((sources, diagnostics)) => (sources, diagnostics, 0),
    };
    match args.format {
        CheckFormat::Json => print_json(&diagnostics, &sources),
        CheckFormat::Text => {
            printer.diagnostics(&diagnostics, &sources);
            printer.note(&closing(&diagnostics, files, kpis));
        }
    }
    if diagnostics.iter().any(|d| d.severity == Severity::Error) { Outcome::DoesNotHold } else { Outcome::Well }
}

fn print_json(diagnostics: &[Diagnostic], sources: &SourceMap) {
    let list: Vec<_> = diagnostics.iter().map(|d| json::to_json(d, sources)).collect();
    let text = serde_json::to_string_pretty(&json!({ "diagnoses": list })).unwrap_or_default();
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
