//! `meetlat run [KPI…]`, and the plans that `explain --plan` shows.

pub mod output;
mod question;

use indicatif::{ProgressBar, ProgressStyle};

use super::Outcome;
use super::args::{Global, PlanKind, RunArgs, RunFormat, Scope};
use super::connect::{Connections, connect};
use super::print::{self, Printer};
use super::project::unset::UNSET;
use super::project::{Compiled, Project};
use super::select;
use crate::diagnostic::{Diagnostic, Severity};
use crate::judge::{Row, Status, companion};
use crate::measure::Grouping;
use crate::model::{Kpi, KpiId, Model};
use crate::pipeline::{self, Progress, Question};
use crate::run::engine::{Engine, Limits};
pub use question::{Asked, By};

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
    let answered = Answered::to(&args.scope, By::of(args), global, printer)?;
    Ok(conclude(args, &answered, printer))
}

/// A question with its answer.
pub struct Answered {
    pub compiled: Compiled,
    pub asked: Asked,
    pub answer: pipeline::Outcome,
    /// What a report draws beside the results; empty for `run`.
    pub companions: Vec<Row>,
}

impl Answered {
    /// Reads the project, connects its sources and calculates.
    ///
    /// # Errors
    /// The outcome, after telling what is wrong.
    pub fn to(scope: &Scope, by: By<'_>, global: &Global, printer: &Printer) -> Result<Self, Outcome> {
        Self::calculated(scope, by, false, global, printer)
    }

    /// [`Self::to`] for a report: each dimension, and in the same pass over the data what is drawn beside the results.
    ///
    /// # Errors
    /// The outcome, after telling what is wrong.
    pub fn for_report(scope: &Scope, global: &Global, printer: &Printer) -> Result<Self, Outcome> {
        Self::calculated(scope, By::Each, true, global, printer)
    }

    fn calculated(
        scope: &Scope,
        by: By<'_>,
        companions: bool,
        global: &Global,
        printer: &Printer,
    ) -> Result<Self, Outcome> {
        let mut compiled = compile(&scope.kpis, global, printer)?;
        let connections = connections(&compiled, global, printer)?;
        let kpis = select::asked(compiled.checked.model(), scope).map_err(|why| wrong_use(&why))?;
        let mut kpis: Vec<KpiId> = kpis.iter().map(|k| k.id).collect();
        if companions {
            let (checked, made) = compiled.checked.with_companions(&kpis);
            compiled.checked = checked;
            kpis.extend(made);
        }
        let connected = connections.tables.keys().copied().collect();
        let mut asked = question::question(&mut compiled, scope, by, kpis, connected, printer)?;
        let engine = engine(scope.memory, scope.threads.map(std::num::NonZeroUsize::get))?;
        let progress = Bar::new(printer.quiet);
        let mut answer =
            pipeline::calculate(&compiled.checked, &engine, &connections.tables, &asked.question, &progress);
        progress.done();
        let companions = parted(compiled.checked.model(), &mut asked, &mut answer);
        Ok(Self { compiled, asked, answer, companions })
    }
}

/// Takes the companions out of the answer: what is told is about the KPIs themselves.
fn parted(model: &Model, asked: &mut Asked, answer: &mut pipeline::Outcome) -> Vec<Row> {
    let own = |id: &KpiId| !companion::is(&model.kpi(*id).name);
    asked.question.kpis.retain(own);
    asked.left_out.retain(own);
    answer.unconnected.retain(|(id, _)| own(id));
    for (_, kpis) in &mut answer.failures {
        kpis.retain(own);
    }
    let (companions, rows) = std::mem::take(&mut answer.rows).into_iter().partition(|row| companion::is(&row.kpi));
    answer.rows = rows;
    companions
}

/// What is told beside the results.
pub struct Told {
    pub all: Vec<Diagnostic>,
    /// What stands in the way of results.
    serious: Vec<Diagnostic>,
    /// How the command ends for it; none when nothing stands in the way.
    pub outcome: Option<Outcome>,
}

impl Told {
    pub fn of(scope: &Scope, answered: &Answered) -> Self {
        let Answered { compiled, asked, answer, .. } = answered;
        let model = compiled.checked.model();
        let question = &asked.question;
        let mut failures: Vec<Diagnostic> =
            answer.failures.iter().map(|(d, kpis)| failure(d, kpis, compiled)).collect();
        if !scope.kpis.is_empty() {
            failures.extend(answer.unconnected.iter().map(|(id, tables)| unconnected(&model.kpi(*id).name, tables)));
        }
        if answer.rows.is_empty() && failures.is_empty() {
            failures.push(nothing(question, answer));
        }
        let mut all: Vec<Diagnostic> = question::notes(question, answer, model);
        all.extend(question::left_out(&asked.left_out, model));
        let as_failure = |d: &&Diagnostic| failures.iter().all(|f| (f.code, &f.message) != (d.code, &d.message));
        all.extend(answer.notes.iter().filter(as_failure).cloned());
        all.extend(failures.iter().cloned());
        // Of definitions that hold in part: why the other KPIs have no results.
        let unset: Vec<Diagnostic> = compiled.diagnostics.iter().filter(|d| d.code == UNSET).cloned().collect();
        all.extend(unset.iter().cloned());
        // A norm from the data that the data do not agree on: the definition does not fit them.
        let holds = unset.is_empty() && answer.notes.iter().all(|d| d.severity != Severity::Error);
        let outcome = match (failures.is_empty(), holds) {
            (false, _) => Some(Outcome::Failed),
            (true, false) => Some(Outcome::DoesNotHold),
            (true, true) => None,
        };
        Self { all, serious: [failures, unset].concat(), outcome }
    }

    pub fn print(&self, compiled: &Compiled, printer: &Printer) {
        printer.diagnostics(if printer.quiet { &self.serious } else { &self.all }, &compiled.sources);
    }
}

/// Shows what came of it, and decides how the command ends.
fn conclude(args: &RunArgs, answered: &Answered, printer: &Printer) -> Outcome {
    let told = Told::of(&args.scope, answered);
    told.print(&answered.compiled, printer);
    let rows = &answered.answer.rows;
    let nothing_new = rows.is_empty();
    if let (true, Some(path)) = (nothing_new, &args.output) {
        print::err(&format!("fout: `{}` is niet geschreven: er zijn geen resultaten", path.display()));
        return Outcome::Failed;
    }
    // Without any result a table has nothing to say that the messages did not.
    let shown = !(nothing_new && args.format == RunFormat::Table);
    if shown && output::write(args, answered, &told.all, printer).is_err() {
        return Outcome::Failed;
    }
    if let Some(outcome) = told.outcome {
        return outcome;
    }
    if args.fail_on_norm && output::latest(rows).iter().any(|row| row.status == Status::NotMet) {
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
