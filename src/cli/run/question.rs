//! From the flags of `run` to a question, and the hints about it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::super::Outcome;
use super::super::args::{RunArgs, RunFormat};
use super::super::print::{self, Printer};
use super::super::project::Compiled;
use crate::calendar::PeriodKind;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::measure::Grouping;
use crate::model::{KpiId, Model, RowExpr};
use crate::pipeline::{self, Question};
use crate::resolve;
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;

/// The question of these flags.
///
/// # Errors
/// The outcome, after telling what is wrong.
pub fn question(
    compiled: &mut Compiled,
    args: &RunArgs,
    kpis: Vec<KpiId>,
    printer: &Printer,
) -> Result<Question, Outcome> {
    let wrong = |why: String| {
        print::err(&format!("fout: {why}"));
        Outcome::WrongUse
    };
    if let (Some(from), Some(to)) = (args.from, args.to)
        && to <= from
    {
        return Err(wrong(format!("--to {to} ligt niet na --from {from}; --to is de dag na de laatste")));
    }
    let filters = filters(compiled, args.filter.as_deref(), &kpis, printer)?;
    let model = compiled.checked.model();
    let grouping = grouping(model, args, &kpis).map_err(wrong)?;
    Ok(Question {
        kpis,
        from: args.from,
        until: args.to,
        period: args.period,
        grouping,
        filters,
        peilmoment: args.as_of.map(|local| model.zone.instant(local)),
    })
}

/// A table shows totals; members come when they are asked for. Programs get every dimension.
fn grouping(model: &Model, args: &RunArgs, kpis: &[KpiId]) -> Result<Grouping, String> {
    if args.total || (args.format == RunFormat::Table && !args.by_each && args.by.is_empty()) {
        return Ok(Grouping::Total);
    }
    let known: Vec<&str> =
        kpis.iter().flat_map(|id| model.kpi(*id).dimensions.iter().map(|d| d.name.as_str())).collect();
    for name in &args.by {
        if !known.contains(&name.as_str()) {
            let near = nearest(name, known.iter().copied());
            let near = near.map(|n| format!("\n  hulp: bedoelde u `{n}`?")).unwrap_or_default();
            return Err(format!("geen van deze KPI's heeft de dimensie `{name}`{near}"));
        }
    }
    Ok(if args.by.is_empty() { Grouping::ByEach } else { Grouping::By(args.by.clone()) })
}

/// `--where`, per KPI and source use.
fn filters(
    compiled: &mut Compiled,
    text: Option<&str>,
    kpis: &[KpiId],
    printer: &Printer,
) -> Result<BTreeMap<KpiId, Vec<Option<RowExpr>>>, Outcome> {
    let Some(text) = text else { return Ok(BTreeMap::new()) };
    let id = compiled.sources.add("--where", text);
    let mut sink = Sink::default();
    let expr = dsl::parse_expr(&Fragment::verbatim(id, text, 0), &mut sink);
    let model = compiled.checked.model();
    let mut found = BTreeMap::new();
    for &kpi in kpis {
        if let Some(expr) = &expr {
            found.insert(kpi, resolve::resolve_filter(model, model.kpi(kpi), expr, &mut sink));
        }
    }
    let diagnostics = sink.into_sorted();
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        printer.diagnostics(&diagnostics, &compiled.sources);
        return Err(Outcome::WrongUse);
    }
    Ok(found)
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
