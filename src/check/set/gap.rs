//! ML316: one KPI takes what is under a limit (`< 5 s`), another what is over it (`> 5 s`) among the same rows, and what is
//! exactly on it is in neither.

use std::collections::{BTreeMap, BTreeSet};

use super::{Set, canonical};
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::expr::Comparison;
use crate::model::{AggFunc, Aggregate, Kpi, Model, RowExpr, RowKind, TableId, text};
use crate::source::Span;

/// Who compares what with a limit, and how.
#[derive(Default)]
struct Sides<'a> {
    under: Vec<(&'a Kpi, Span)>,
    over: Vec<(&'a Kpi, Span)>,
    /// Some KPI takes the limit itself in.
    covered: bool,
}

/// What is compared with which limit, among which rows of which table.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    table: String,
    measured: String,
    limit: String,
    rows: BTreeSet<String>,
}

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let mut places: BTreeMap<Place, Sides<'_>> = BTreeMap::new();
    for kpi in set.all() {
        for aggregate in kpi.aggregates() {
            collect(set.model, kpi, aggregate, &mut places);
        }
    }
    for (place, side) in places.iter().filter(|(_, side)| !side.covered) {
        // One KPI that asks both means everything but the limit.
        let other = |(under, _): &&(&Kpi, Span)| side.over.iter().all(|(over, _)| over.name != under.name);
        let (Some((under, low)), Some((over, high))) = (side.under.iter().find(other), side.over.first()) else {
            continue;
        };
        let (at, other) = if set.own(*high) { (*high, *low) } else { (*low, *high) };
        if !set.own(at) {
            continue;
        }
        let Place { measured, limit, .. } = place;
        sink.push(
            Diagnostic::warning(
                "ML316",
                format!(
                    "`{}` telt `{measured}` onder {limit}, `{}` erboven: precies {limit} telt in geen van beide",
                    under.name, over.name
                ),
            )
            .at(at)
            .also(other, "de andere kant")
            .help(format!("laat één van de twee de grens meenemen: `<= {limit}` of `>= {limit}`")),
        );
    }
}

/// The conditions that a row meets to be counted by an aggregate, one by one, each with the others as its rows.
fn collect<'a>(model: &Model, kpi: &'a Kpi, aggregate: &'a Aggregate, places: &mut BTreeMap<Place, Sides<'a>>) {
    let Some(used) = kpi.sources.get(aggregate.source) else { return };
    let table = aggregate.table(used.table);
    // Of groups it matters which they are and which rows they come from; the rows themselves are not compared.
    let groups: BTreeSet<String> = match aggregate.per {
        Some(_) => {
            let from = canonical::population(model, kpi, aggregate);
            from.into_iter()
                .chain([model.table(used.table).full_name(), text::group_keys(model, kpi, aggregate)])
                .collect()
        }
        None => BTreeSet::new(),
    };
    let rows = used.filter.iter().filter(|_| aggregate.per.is_none());
    let condition = aggregate.arg.iter().filter(|_| aggregate.func == AggFunc::Percentage);
    let all: Vec<&RowExpr> = rows.chain(&aggregate.filter).chain(condition).flat_map(canonical::conjuncts).collect();
    let texts: Vec<String> = all.iter().map(|e| canonical::condition(model, table, e)).collect();
    for (at, part) in all.iter().enumerate() {
        let others = texts.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, text)| text.clone());
        let others: BTreeSet<String> = others.chain(groups.iter().cloned()).collect();
        part.walk(&mut |inner| {
            let Some((op, measured, limit)) = comparison(model, table, inner) else { return };
            let key = Place { table: model.table(table).full_name(), measured, limit, rows: others.clone() };
            let whole = std::ptr::eq(inner, *part);
            match op {
                Comparison::Less | Comparison::Greater if !whole => {}
                Comparison::Less => places.entry(key).or_default().under.push((kpi, inner.span)),
                Comparison::Greater => places.entry(key).or_default().over.push((kpi, inner.span)),
                _ => places.entry(key).or_default().covered = true,
            }
        });
    }
}

/// What is compared with a constant, and how.
fn comparison(model: &Model, table: TableId, expr: &RowExpr) -> Option<(Comparison, String, String)> {
    let RowKind::Compare(op, a, b) = &expr.kind else { return None };
    let print = |e: &RowExpr| text::expr(model, table, e);
    match (&a.kind, &b.kind) {
        (_, RowKind::Constant(_)) => Some((*op, print(a), print(b))),
        (RowKind::Constant(_), _) => Some((canonical::turned(*op), print(b), print(a))),
        _ => None,
    }
}
