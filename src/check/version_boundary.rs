//! ML142: a version of a definition that begins or ends inside a reporting period. Such a period would be half of one
//! definition and half of another.

use chrono::NaiveDate;

use crate::calendar::PeriodKind;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Kpi, Model};
use crate::source::Span;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        let Some(period) = kpi.method.period.filter(|p| *p != PeriodKind::Whole) else { continue };
        for day in own_boundaries(model, kpi) {
            if let Some(inside) = period.around(day)
                && let Some(validity) = kpi.validity
            {
                sink.push(
                    diagnostic(day, period, inside, &format!("kpi `{}` is", kpi.name), validity.span)
                        .help("zet haar `geldig` op de eerste dag van een periode, of meet per kortere periode"),
                );
            }
        }
        through_others(model, kpi, period, sink);
    }
}

/// Begin and end of a version. The end at which the next version begins is told there, where that says the same.
fn own_boundaries(model: &Model, kpi: &Kpi) -> Vec<NaiveDate> {
    let Some(validity) = kpi.validity else { return Vec::new() };
    let told_there = |day: NaiveDate| {
        let next = model.versions(&kpi.name).find(|k| k.validity.is_some_and(|v| v.from == Some(day)));
        next.and_then(|k| k.method.period).is_some_and(|p| p != PeriodKind::Whole && p.around(day).is_some())
    };
    validity.from.into_iter().chain(validity.until.filter(|day| !told_there(*day))).collect()
}

/// A KPI that calculates with another takes the version of its own periods.
fn through_others(model: &Model, kpi: &Kpi, period: PeriodKind, sink: &mut Sink) {
    for part in model.versions_behind(kpi) {
        let Some(validity) = part.validity else { continue };
        for day in [validity.from, validity.until].into_iter().flatten() {
            // A version that follows says it of its own beginning.
            let within = kpi.validity.is_none_or(|v| v.from.is_none_or(|f| f < day) && v.until.is_none_or(|u| day < u));
            if let Some(inside) = period.around(day).filter(|_| within) {
                let who = format!("kpi `{}` rekent met `{}` en is", kpi.name, part.name);
                let told = diagnostic(day, period, inside, &who, kpi.calculation_span)
                    .also(validity.span, "de versie")
                    .help("zet die `geldig` op de eerste dag van een periode, of meet per kortere periode");
                sink.push(told);
                return;
            }
        }
    }
}

fn diagnostic(
    day: NaiveDate,
    period: PeriodKind,
    (first, next): (NaiveDate, NaiveDate),
    who: &str,
    span: Span,
) -> Diagnostic {
    let nearest = if day - first <= next - day { first } else { next };
    let message = format!(
        "de definitie wisselt op {day}, midden in periode {} ({who} per {})",
        period.label(first),
        period.word()
    );
    Diagnostic::error("ML142", message).at(span).help(format!("de dichtstbijzijnde grens is {nearest}"))
}
