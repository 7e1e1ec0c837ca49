//! From the flags of `run` to a question, and the hints about it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::super::Outcome;
use super::super::args::{RunArgs, RunFormat, Scope};
use super::super::print::{self, Printer};
use super::super::project::Compiled;
use crate::calendar::PeriodKind;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::measure::{self, Grouping};
use crate::model::{KpiId, Model, RowExpr, TableId};
use crate::pipeline::{self, Question};
use crate::resolve;
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;

/// A question, and what it cannot be about.
pub struct Asked {
    pub question: Question,
    /// KPIs that were not named and whose sources lack a column of `--where`.
    pub left_out: Vec<KpiId>,
    /// The tables with data behind them.
    pub connected: BTreeSet<TableId>,
}

/// The question of these flags.
///
/// # Errors
/// The outcome, after telling what is wrong.
pub fn question(
    compiled: &mut Compiled,
    scope: &Scope,
    by: By<'_>,
    mut kpis: Vec<KpiId>,
    connected: BTreeSet<TableId>,
    printer: &Printer,
) -> Result<Asked, Outcome> {
    let wrong = |why: String| {
        print::err(&format!("fout: {why}"));
        Outcome::WrongUse
    };
    if let (Some(from), Some(to)) = (scope.from, scope.to)
        && to <= from
    {
        return Err(wrong(format!("--to {to} ligt niet na --from {from}; --to is de dag na de laatste")));
    }
    let named = !scope.kpis.is_empty();
    let (filters, left_out) = filters(compiled, scope.filter.as_deref(), (&kpis, named), &connected, printer)?;
    kpis.retain(|id| !left_out.contains(id));
    let model = compiled.checked.model();
    let grouping = grouping(model, by, &kpis).map_err(wrong)?;
    let question = Question {
        kpis,
        from: scope.from,
        until: scope.to,
        period: scope.period,
        grouping,
        filters,
        peilmoment: scope.as_of.map(|local| model.zone.instant(local)),
    };
    Ok(Asked { question, left_out, connected })
}

/// Over which dimensions.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    Total,
    Each,
    /// The combinations of these.
    These(&'a [String]),
}

impl<'a> By<'a> {
    /// A table shows totals; members come when they are asked for. Programs get every dimension.
    pub fn of(args: &'a RunArgs) -> Self {
        if args.total || (args.format == RunFormat::Table && !args.by_each && args.by.is_empty()) {
            Self::Total
        } else if args.by.is_empty() {
            Self::Each
        } else {
            Self::These(&args.by)
        }
    }
}

fn grouping(model: &Model, by: By<'_>, kpis: &[KpiId]) -> Result<Grouping, String> {
    let names = match by {
        By::Total => return Ok(Grouping::Total),
        By::Each => return Ok(Grouping::ByEach),
        By::These(names) => names,
    };
    let known: Vec<&str> =
        kpis.iter().flat_map(|id| model.kpi(*id).dimensions.iter().map(|d| d.name.as_str())).collect();
    for name in names {
        if !known.contains(&name.as_str()) {
            let near = nearest(name, known.iter().copied());
            let known: BTreeSet<&str> = known.iter().copied().collect();
            let all = || known.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
            let help = match near {
                Some(near) => format!("\n  hulp: bedoelde u `{near}`?"),
                None if known.is_empty() => String::new(),
                None => format!("\n  hulp: er zijn {}", all()),
            };
            return Err(format!("geen van deze KPI's heeft de dimensie `{name}`{help}"));
        }
    }
    let mut by: Vec<String> = Vec::new();
    for name in names {
        if !by.contains(name) {
            by.push(name.clone());
        }
    }
    Ok(Grouping::By(by))
}

type Filters = BTreeMap<KpiId, Vec<Option<RowExpr>>>;

/// `--where`, per KPI and source use, and the KPIs that it leaves out. Named KPIs must all be able to answer it;
/// otherwise one is enough.
fn filters(
    compiled: &mut Compiled,
    text: Option<&str>,
    (kpis, named): (&[KpiId], bool),
    connected: &BTreeSet<TableId>,
    printer: &Printer,
) -> Result<(Filters, Vec<KpiId>), Outcome> {
    let Some(text) = text else { return Ok(Default::default()) };
    let id = compiled.sources.add("--where", text);
    let mut sink = Sink::default();
    let expr = dsl::parse_expr(&Fragment::verbatim(id, text, 0), &mut sink);
    let model = compiled.checked.model();
    let (mut found, mut left_out) = (Filters::new(), Vec::new());
    let mut diagnostics = sink.into_sorted();
    if let Some(expr) = &expr {
        let has_data = |id: &&KpiId| measure::stored_tables(model, &[**id]).keys().all(|t| connected.contains(t));
        for &kpi in kpis.iter().filter(|id| named || has_data(id)) {
            let mut sink = Sink::default();
            let filter = resolve::resolve_filter(model, model.kpi(kpi), expr, &mut sink);
            let told = sink.into_sorted();
            if is_wrong(&told) {
                left_out.push(kpi);
                // One mistake, one message: each source would tell it again.
                let new = told.into_iter().filter(|d| !diagnostics.contains(d)).collect::<Vec<_>>();
                diagnostics.extend(new);
            } else {
                found.insert(kpi, filter);
            }
        }
    }
    if found.is_empty() && !left_out.is_empty() {
        // No source knows it: the nearest name tells most.
        let near = |d: &Diagnostic| d.help.iter().any(|h| h.starts_with("bedoelde u"));
        let telling = diagnostics.iter().position(near).unwrap_or(0);
        diagnostics = diagnostics.into_iter().skip(telling).take(1).collect();
    }
    if expr.is_none() || (named && !left_out.is_empty()) || (found.is_empty() && !left_out.is_empty()) {
        printer.diagnostics(&diagnostics, &compiled.sources);
        return Err(Outcome::WrongUse);
    }
    Ok((found, left_out))
}

fn is_wrong(list: &[Diagnostic]) -> bool {
    list.iter().any(|d| d.severity == Severity::Error)
}

/// That `--where` leaves KPIs out.
pub fn left_out(kpis: &[KpiId], model: &Model) -> Option<Diagnostic> {
    let names: Vec<String> = kpis.iter().take(5).map(|id| format!("`{}`", model.kpi(*id).name)).collect();
    let rest = kpis.len().saturating_sub(5);
    let more = if rest > 0 { format!(" en {rest} andere") } else { String::new() };
    let d = || {
        Diagnostic::warning("ML656", "--where noemt een kolom die niet elke bron heeft")
            .help(format!("daardoor overgeslagen: {}{more}", names.join(", ")))
    };
    (!kpis.is_empty()).then(d)
}

/// What a reader should know about the range.
pub fn notes(question: &Question, answer: &pipeline::Outcome, model: &Model) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    if let Some(to) = question.until
        && let Some(next) = to.succ_opt()
        && next.month() != to.month()
    {
        let message = format!("--to {to} telt die dag zelf niet mee");
        notes.push(Diagnostic::hint("ML652", message).help(format!("voor de hele maand: --to {next}")));
        return notes;
    }
    let kinds: Vec<PeriodKind> =
        question.kpis.iter().filter_map(|id| question.period.or(model.kpi(*id).method.period)).collect();
    if let (Some(from), Some((_, until))) = (question.from, answer.range)
        && let Some(kind) = kinds.into_iter().find(|k| k.start(from) != from || !ends(*k, until))
        && question.until.is_some()
    {
        let message = format!("het bereik begint of eindigt midden in een {}", kind.word());
        notes.push(Diagnostic::hint("ML653", message).help("perioden worden altijd heel getoond"));
    }
    notes
}

/// Whether a period of this kind ends on the day before `until`.
fn ends(kind: PeriodKind, until: NaiveDate) -> bool {
    kind.start(until) == until
}
