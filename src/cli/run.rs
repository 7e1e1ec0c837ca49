//! `meetlat run [KPI…]`, and the plans that `explain --plan` shows.

mod output;
mod question;

use indicatif::{ProgressBar, ProgressStyle};

use super::Outcome;
use super::args::{Global, PlanKind, RunArgs, RunFormat};
use super::connect::{Connections, connect};
use super::print::{self, Printer};
use super::project::unset::UNSET;
use super::project::{Compiled, Project};
use super::select;
use crate::diagnostic::{Diagnostic, Severity};
use crate::judge::Status;
use crate::measure::Grouping;
use crate::model::{Kpi, KpiId};
use crate::pipeline::{self, Progress, Question};
use crate::run::engine::{Engine, Limits};
use question::Asked;

pub fn run(args: &RunArgs, global: &Global, printer: &Printer) -> Outcome {
    match prepared(args, global, printer) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

/// The steps of a run; an early end carries its outcome.
fn prepared(args: &RunArgs, global: &Global, printer: &Printer) -> Result<Outcome, Outcome> {
    if let Some(why) = output::impossible(args) {
        return Err(wrong_use(why));
    }
    let mut compiled = compile(&args.kpis, global, printer)?;
    let connections = connections(&compiled, global, printer)?;
    let kpis: Vec<KpiId> =
        select::asked(compiled.checked.model(), args).map_err(|why| wrong_use(&why))?.iter().map(|k| k.id).collect();
    let connected = connections.tables.keys().copied().collect();
    let asked = question::question(&mut compiled, args, kpis, &connected, printer)?;
    let engine = engine(args.memory, args.threads.map(std::num::NonZeroUsize::get))?;
    let progress = Bar::new(printer.quiet);
    let answer = pipeline::calculate(&compiled.checked, &engine, &connections.tables, &asked.question, &progress);
    progress.done();
    Ok(conclude(args, &compiled, &asked, &answer, printer))
}

/// Shows what came of it, and decides how the command ends.
fn conclude(
    args: &RunArgs,
    compiled: &Compiled,
    asked: &Asked,
    answer: &pipeline::Outcome,
    printer: &Printer,
) -> Outcome {
    let model = compiled.checked.model();
    let question = &asked.question;
    let mut failures: Vec<Diagnostic> = answer.failures.iter().map(|(d, kpis)| failure(d, kpis, compiled)).collect();
    if !args.kpis.is_empty() {
        failures.extend(answer.unconnected.iter().map(|(id, tables)| unconnected(&model.kpi(*id).name, tables)));
    }
    if answer.rows.is_empty() && failures.is_empty() {
        failures.push(nothing(question, answer));
    }
    let mut told: Vec<Diagnostic> = question::notes(question, answer, model);
    told.extend(question::left_out(&asked.left_out, model));
    let as_failure = |d: &&Diagnostic| failures.iter().all(|f| (f.code, &f.message) != (d.code, &d.message));
    told.extend(answer.notes.iter().filter(as_failure).cloned());
    told.extend(failures.iter().cloned());
    // Of definitions that hold in part: why the other KPIs have no results.
    let unset: Vec<Diagnostic> = compiled.diagnostics.iter().filter(|d| d.code == UNSET).cloned().collect();
    told.extend(unset.iter().cloned());
    let serious = [failures.as_slice(), &unset].concat();
    printer.diagnostics(if printer.quiet { &serious } else { &told }, &compiled.sources);
    let nothing_new = answer.rows.is_empty();
    if let (true, Some(path)) = (nothing_new, &args.output) {
        print::err(&format!("fout: `{}` is niet geschreven: er zijn geen resultaten", path.display()));
        return Outcome::Failed;
    }
    // Without any result a table has nothing to say that the messages did not.
    if !(nothing_new && args.format == RunFormat::Table) {
        let left_out = &asked.left_out;
        let whole = output::Answer { args, compiled, question, outcome: answer, told: &told, left_out };
        if output::write(&whole, printer).is_err() {
            return Outcome::Failed;
        }
    }
    if !failures.is_empty() {
        return Outcome::Failed;
    }
    // A norm from the data that the data do not agree on: the definition does not fit them.
    if !unset.is_empty() || answer.notes.iter().any(|d| d.severity == Severity::Error) {
        return Outcome::DoesNotHold;
    }
    if args.fail_on_norm && output::latest(&answer.rows).iter().any(|row| row.status == Status::NotMet) {
        return Outcome::DoesNotHold;
    }
    Outcome::Well
}

/// A KPI that was named and has no data behind it.
fn unconnected(kpi: &str, tables: &[String]) -> Diagnostic {
    let (verb, which) = if tables.len() == 1 { ("is", "die tabel") } else { ("zijn", "die tabellen") };
    let names = tables.iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", ");
    let first = tables.first().map_or("", String::as_str);
    Diagnostic::error("ML654", format!("`{kpi}` kan niet berekend worden: {names} {verb} niet gekoppeld"))
        .help(format!("koppel {which} in meetlat.yaml onder `omgevingen`, of met --source {first}=PAD"))
}

/// There is no result at all, and nothing failed.
fn nothing(question: &Question, answer: &pipeline::Outcome) -> Diagnostic {
    if let Some(note) = answer.notes.iter().find(|d| d.code == "ML657") {
        return Diagnostic { severity: Severity::Error, ..note.clone() };
    }
    if answer.unconnected.len() == question.kpis.len() {
        return Diagnostic::error("ML654", "geen van de gevraagde KPI's heeft gekoppelde bronnen")
            .help("koppel bronnen in meetlat.yaml onder `omgevingen`, of met --source BRON.TABEL=PAD");
    }
    Diagnostic::error("ML655", "er zijn geen gegevens: geen enkele rij van de bronnen heeft een meetmoment")
        .help("kijk of de bestanden gevuld zijn, of vraag met --from en --to naar een bepaald bereik")
}

/// A failure with the names of the KPIs that lack their figures for it.
fn failure(d: &Diagnostic, kpis: &[KpiId], compiled: &Compiled) -> Diagnostic {
    let model = compiled.checked.model();
    let mut names: Vec<&str> = kpis.iter().map(|id| model.kpi(*id).name.as_str()).collect();
    names.dedup();
    let shown = names.iter().take(5).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    let rest = names.len().saturating_sub(5);
    let more = if rest > 0 { format!(" en {rest} andere") } else { String::new() };
    if names.is_empty() { d.clone() } else { d.clone().help(format!("daardoor niet berekend: {shown}{more}")) }
}

fn wrong_use(why: &str) -> Outcome {
    print::err(&format!("fout: {why}"));
    Outcome::WrongUse
}

fn compile(named: &[String], global: &Global, printer: &Printer) -> Result<Compiled, Outcome> {
    let project = Project::read(global, &[]).map_err(|why| wrong_use(&why))?;
    let compiled = project.compile_to_run(named).map_err(|(sources, diagnostics)| {
        printer.diagnostics(&diagnostics, &sources);
        print::err(&crate::diagnostic::render::summary(&diagnostics));
        Outcome::DoesNotHold
    })?;
    // What stopped KPIs (a parameter without a value) is told beside the results.
    let rest: Vec<_> = compiled.diagnostics.iter().filter(|d| d.code != UNSET).cloned().collect();
    // A rule that the project makes a `fout` stops `check`, not a calculation.
    let warnings = rest.iter().filter(|d| d.severity != Severity::Hint).count();
    if printer.verbose {
        printer.diagnostics(&rest, &compiled.sources);
    } else if warnings > 0 {
        let words = if warnings == 1 { "1 waarschuwing".to_owned() } else { format!("{warnings} waarschuwingen") };
        printer.note(&format!("{words} over de definities: meetlat check\n"));
    }
    Ok(compiled)
}

fn connections(compiled: &Compiled, global: &Global, printer: &Printer) -> Result<Connections, Outcome> {
    let found = connect(compiled, global).map_err(|why| wrong_use(&why))?;
    let wrong = found.diagnostics.iter().any(|d| d.severity == Severity::Error);
    if wrong || !printer.quiet {
        printer.diagnostics(&found.diagnostics, &compiled.sources);
    }
    if wrong { Err(Outcome::DoesNotHold) } else { Ok(found) }
}

fn engine(memory: Option<usize>, threads: Option<usize>) -> Result<Engine, Outcome> {
    let engine = Engine::new(Limits { threads, memory }).map_err(|why| {
        print::err(&format!("fout: {}", why.message));
        Outcome::Failed
    })?;
    engine.on_interrupt(|| std::process::exit(i32::from(Outcome::Interrupted.code())));
    Ok(engine)
}

/// The plan of one KPI (all its versions) over all its data.
pub fn explain_plan(
    compiled: &Compiled,
    versions: &[&Kpi],
    kind: PlanKind,
    global: &Global,
    printer: &Printer,
) -> Outcome {
    let text = || {
        let found = connections(compiled, global, printer)?;
        let engine = engine(None, None)?;
        let question = Question {
            kpis: versions.iter().map(|kpi| kpi.id).collect(),
            from: None,
            until: None,
            period: None,
            grouping: Grouping::ByEach,
            filters: std::collections::BTreeMap::new(),
            peilmoment: None,
        };
        let physical = kind == PlanKind::Physical;
        pipeline::explain(&compiled.checked, &engine, &found.tables, &question, physical).map_err(|d| {
            printer.diagnostics(&[d], &compiled.sources);
            Outcome::Failed
        })
    };
    match text() {
        Ok(text) => {
            print::out(&format!("\n{text}"));
            Outcome::Well
        }
        Err(outcome) => outcome,
    }
}

/// Progress on stderr, only when it is a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new(quiet: bool) -> Self {
        if quiet {
            return Self(ProgressBar::hidden());
        }
        // A spinner draws nothing when stderr is no terminal.
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} · {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        Self(bar)
    }

    fn done(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn step(&self, what: &str, number: usize, of: usize) {
        self.0.set_message(format!("{what} ({number} van {of})"));
    }
}
