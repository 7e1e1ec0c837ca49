//! `meetlat test [FILTER|PAD]…`: which toetsen run, and how their verdicts are printed.

mod extra;
mod machine;
mod text;

use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::{Global, TestArgs, TestFormat};
use super::print::{self, Printer};
use super::project::{Compiled, Project};
use crate::diagnostic::{Severity, render};
use crate::model::{KpiId, Model, Trial};
use crate::source::{Position, SourceMap, Span};
use crate::trial::coverage::coverage;
use crate::trial::mutate::mutate;
use crate::trial::{Bench, Verdict};

/// A toets with how it ended.
pub struct Ran<'a> {
    pub trial: &'a Trial,
    pub kpi: &'a str,
    pub verdict: Verdict,
}

/// What came of a call: everything that the printers need.
pub struct Report<'a> {
    pub model: &'a Model,
    pub sources: &'a SourceMap,
    pub ran: Vec<Ran<'a>>,
}

impl Report<'_> {
    pub fn failed(&self) -> usize {
        self.ran.iter().filter(|ran| !ran.verdict.passed()).count()
    }

    /// File and line of a place.
    pub fn place(&self, span: Span) -> (String, Position) {
        match self.sources.get(span.source) {
            Some(file) => (file.name.clone(), file.position(span.start as usize)),
            None => (String::new(), Position { line: 0, column: 0, byte: 0 }),
        }
    }
}

pub fn run(args: &TestArgs, global: &Global, printer: &Printer) -> Outcome {
    match tested(args, global, printer) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn tested(args: &TestArgs, global: &Global, printer: &Printer) -> Result<Outcome, Outcome> {
    let (filters, paths) = subjects(&args.subjects);
    let compiled = compile(&paths, global, printer)?;
    let model = compiled.checked.model();
    let trials: Vec<&Trial> = model.trials.iter().filter(|trial| chosen(model, trial, &filters)).collect();
    if trials.is_empty() {
        return Err(nothing(model, &filters, printer));
    }
    let compile = |parameters: &[(String, crate::model::Value)]| compiled.variant(parameters);
    let bench = Bench::new(&compiled.checked, &trials, &compile);
    #[cfg(feature = "engine")]
    let engine = crate::run::engine::Engine::new(crate::run::engine::Limits { threads: Some(1), memory: None });
    #[cfg(feature = "engine")]
    let bench = match &engine {
        Ok(engine) => bench.with_engine(engine),
        Err(why) => {
            print::err(&format!("fout: {}", why.message));
            return Err(Outcome::Failed);
        }
    };
    let verdicts = bench.run_all(&trials);
    let ran = trials.iter().zip(verdicts);
    let ran = ran.map(|(trial, verdict)| Ran { trial, kpi: &model.kpi(trial.kpi).name, verdict }).collect();
    let report = Report { model, sources: &compiled.sources, ran };
    let mut tested: Vec<KpiId> = trials.iter().map(|trial| trial.kpi).collect();
    tested.sort_unstable();
    tested.dedup();
    let coverage = args.coverage.then(|| coverage(&bench, &tested, &trials));
    // A toets that fails already notices nothing more.
    let passed: Vec<&Trial> = report.ran.iter().filter(|ran| ran.verdict.passed()).map(|ran| ran.trial).collect();
    let mutation = args.mutate.then(|| mutate(&bench, &passed));
    match args.format {
        TestFormat::Text => {
            print::out(&text::report(&report, printer.verbose));
            if let Some(list) = &coverage {
                let without =
                    if filters.is_empty() { extra::without_trials(&report, model, &tested) } else { Vec::new() };
                print::out(&extra::coverage_text(&report, list, &without));
            }
            if let Some(list) = &mutation {
                print::out(&extra::mutation_text(&report, list));
            }
        }
        TestFormat::Json => print::out(&machine::json(&report, coverage.as_deref(), mutation.as_deref())),
        TestFormat::Junit => print::out(&machine::junit(&report)),
    }
    Ok(if report.failed() > 0 { Outcome::DoesNotHold } else { Outcome::Well })
}

/// The words that are filters, and those that are paths: they exist, or look like a file.
fn subjects(words: &[String]) -> (Vec<String>, Vec<PathBuf>) {
    let is_path = |word: &&String| {
        let path = Path::new(word.as_str());
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        path.exists() || matches!(ending, "kpi" | "yaml" | "yml") || word.contains(std::path::MAIN_SEPARATOR)
    };
    let (paths, filters): (Vec<&String>, Vec<&String>) = words.iter().partition(is_path);
    (filters.into_iter().map(|word| word.to_lowercase()).collect(), paths.into_iter().map(PathBuf::from).collect())
}

/// A filter is part of the name of the toets or of its KPI; of several, one is enough.
fn chosen(model: &Model, trial: &Trial, filters: &[String]) -> bool {
    let (name, kpi) = (trial.name.to_lowercase(), model.kpi(trial.kpi).name.to_lowercase());
    filters.is_empty() || filters.iter().any(|filter| name.contains(filter) || kpi.contains(filter))
}

/// There is nothing to run. A filter that fits nothing is a mistake, a project without toetsen is not.
fn nothing(model: &Model, filters: &[String], printer: &Printer) -> Outcome {
    if model.trials.is_empty() {
        printer.note(
            "bij deze definities staat nog geen toets\n  hulp: schrijf er een: `toets \"wat er klopt\" { kpi … gegeven … verwacht … }`",
        );
        return Outcome::Well;
    }
    let names: Vec<String> = filters.iter().map(|f| format!("`{f}`")).collect();
    print::err(&format!("fout: geen toets en geen KPI heeft {} in de naam", names.join(" of ")));
    Outcome::WrongUse
}

/// Reads and checks the definitions; what is wrong with them is told.
fn compile(paths: &[PathBuf], global: &Global, printer: &Printer) -> Result<Compiled, Outcome> {
    let project = Project::read(global, paths).map_err(|why| {
        print::err(&format!("fout: {why}"));
        Outcome::WrongUse
    })?;
    let compiled = project.compile().map_err(|(sources, diagnostics)| {
        printer.diagnostics(&diagnostics, &sources);
        print::err(&render::summary(&diagnostics));
        Outcome::DoesNotHold
    })?;
    // What is odd about the toetsen themselves belongs here; the rest is for `check`.
    let own: Vec<_> = compiled.diagnostics.iter().filter(|d| d.code.starts_with("ML5")).cloned().collect();
    if own.iter().any(|d| d.severity == Severity::Warning) && !printer.quiet {
        printer.diagnostics(&own, &compiled.sources);
    }
    Ok(compiled)
}
