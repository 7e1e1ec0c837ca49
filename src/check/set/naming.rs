//! ML315: a name that says something else than the calculation measures: a longest service time that is a waiting time,
//! a mean that is a median. Looks at a few words of the title and the name only, and says nothing where it cannot see.

use std::collections::BTreeSet;

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{AggFunc, FormulaKind, Kpi, Model, RowKind, TableId, Type};

/// What a stretch of time is called, in titles and in columns.
const TIMES: [&str; 9] = [
    "wachttijd",
    "servicetijd",
    "gesprekstijd",
    "nawerktijd",
    "doorlooptijd",
    "terugnametijd",
    "behandeltijd",
    "levertijd",
    "reactietijd",
];

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for kpi in set.kpis().filter(|k| super::calculates(k) && k.formula().is_some_and(|f| f.kpis().is_empty())) {
        let title = kpi.title.to_lowercase();
        let found =
            [time(set.model, kpi, &title), function(kpi, &title), unit(kpi, &title)].into_iter().flatten().next();
        if let Some((said, measured)) = found {
            sink.push(
                Diagnostic::warning(
                    "ML315",
                    format!("kpi `{}` heet “{}” en berekent {measured}", kpi.name, kpi.title),
                )
                .at(kpi.name_span)
                .also(kpi.calculation_span, "wat er berekend wordt")
                .help(format!("de naam zegt {said}; geef haar een naam die zegt wat er gemeten wordt, of reken uit wat de naam zegt")),
            );
        }
    }
}

/// A service time over a waiting time.
fn time(model: &Model, kpi: &Kpi, title: &str) -> Option<(String, String)> {
    let said: Vec<&str> = TIMES.into_iter().filter(|word| title.contains(word)).collect();
    let columns = columns(model, kpi);
    let measured: Vec<&str> = TIMES.into_iter().filter(|word| columns.iter().any(|c| c.contains(word))).collect();
    if said.is_empty() || measured.is_empty() || said.iter().any(|word| measured.contains(word)) {
        return None;
    }
    Some((super::listed(said), format!("iets met {}", super::listed(measured))))
}

/// The columns that the calculation names, in lower case.
fn columns(model: &Model, kpi: &Kpi) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for aggregate in kpi.aggregates() {
        let Some(used) = kpi.sources.get(aggregate.source) else { continue };
        let table: TableId = aggregate.table(used.table);
        if let Some(expr) = &aggregate.arg {
            expr.walk(&mut |part| {
                if let RowKind::Column(column) = &part.kind {
                    found.insert(model.column(table, column).name.to_lowercase());
                }
            });
        }
    }
    found
}

/// A word for one function, over another.
fn function(kpi: &Kpi, title: &str) -> Option<(String, String)> {
    let formula = kpi.formula()?;
    let words: BTreeSet<&str> = title.split(|c: char| !c.is_alphabetic()).collect();
    let has = |known: &[&'static str]| known.iter().copied().find(|word| words.contains(word));
    if let Some(word) = has(&["langste", "hoogste", "grootste", "maximale", "maximum"])
        && !kpi.aggregates().iter().any(|a| matches!(a.func, AggFunc::Max | AggFunc::Percentile(_)))
    {
        return Some((format!("`{word}`"), "geen maximum".to_owned()));
    }
    if let Some(word) = has(&["kortste", "laagste", "kleinste", "minimale", "minimum"])
        && !kpi.aggregates().iter().any(|a| matches!(a.func, AggFunc::Min | AggFunc::Percentile(_)))
    {
        return Some((format!("`{word}`"), "geen minimum".to_owned()));
    }
    let FormulaKind::Aggregate(only) = &formula.kind else { return None };
    let measured = || format!("een `{}`", only.func.word());
    if let Some(word) = has(&["gemiddelde", "gemiddeld"])
        && !matches!(only.func, AggFunc::Mean | AggFunc::Percentage | AggFunc::Last)
    {
        return Some((format!("`{word}`"), measured()));
    }
    if let Some(word) = has(&["mediaan", "mediane"])
        && !matches!(only.func, AggFunc::Median | AggFunc::Percentile(_) | AggFunc::Last)
    {
        return Some((format!("`{word}`"), measured()));
    }
    if let Some(word) = has(&["unieke", "verschillende"])
        && !matches!(only.func, AggFunc::CountDistinct | AggFunc::Last)
        && only.per.is_none()
    {
        return Some((format!("`{word}`"), format!("{}: wie vaker komt, telt vaker", measured())));
    }
    None
}

/// A percentage that is none, a number that is a percentage.
fn unit(kpi: &Kpi, title: &str) -> Option<(String, String)> {
    let share = matches!(kpi.unit.ty, Type::Percentage | Type::PercentPoint);
    if (title.starts_with("percentage ") || title.starts_with("% ")) && !share {
        return Some(("`percentage`".to_owned(), format!("een `{}`", kpi.unit)));
    }
    if title.starts_with("aantal ") && (share || matches!(kpi.unit.ty, Type::Duration | Type::Money)) {
        return Some(("`aantal`".to_owned(), format!("een waarde in {}", kpi.unit)));
    }
    None
}
