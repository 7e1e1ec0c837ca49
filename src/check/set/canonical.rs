//! The same calculation in one form, however it was written: conditions that must all hold in one order and in one place
//! (`waarbij` of the source or of the aggregate), a constant at the right of its comparison, sources without an alias.
//! Says nothing about what is right.

use std::collections::BTreeSet;

use crate::model::expr::Comparison;
use crate::model::{Aggregate, Formula, FormulaKind, Kpi, Model, RowExpr, RowKind, TableId, Type, text};

/// What a KPI calculates, over which rows and on which axis, parameters filled in. Not its period, dimensions or norm.
pub fn calculation(model: &Model, kpi: &Kpi) -> String {
    let Some(formula) = kpi.formula() else { return String::new() };
    let mut formula = formula.clone();
    reorder(model, kpi, &mut formula);
    let mut plain = kpi.clone();
    for (at, used) in plain.sources.iter_mut().enumerate() {
        used.alias = format!("bron{at}");
    }
    let mut parts = vec![text::formula(model, &plain, &formula)];
    for used in &kpi.sources {
        parts.push(model.table(used.table).full_name());
        parts.push(text::column(model, used.table, &used.axis));
        parts.extend(used.weight.iter().map(|e| condition(model, used.table, e)));
    }
    parts.extend(lookers(kpi).map(|filter| format!("onder de rijen {filter}")));
    parts.push(format!("{:?} {:?}", kpi.method.window, kpi.method.calendar));
    parts.join("\n")
}

/// The conditions that a row of an aggregate's source meets, each as text.
pub fn population(model: &Model, kpi: &Kpi, aggregate: &Aggregate) -> BTreeSet<String> {
    let Some(used) = kpi.sources.get(aggregate.source) else { return BTreeSet::new() };
    let own = aggregate.filter.iter().filter(|_| aggregate.per.is_none());
    let rows = aggregate.per.iter().flat_map(|groups| groups.rows.iter());
    let all = used.filter.iter().chain(own).chain(rows);
    all.flat_map(conjuncts).map(|e| condition(model, used.table, e)).collect()
}

/// A condition as text.
pub fn condition(model: &Model, table: TableId, expr: &RowExpr) -> String {
    text::expr(model, table, &ordered(model, table, expr))
}

/// What must all hold for a condition to hold.
pub fn conjuncts(expr: &RowExpr) -> Vec<&RowExpr> {
    match &expr.kind {
        RowKind::And(list) => list.iter().flat_map(conjuncts).collect(),
        _ => vec![expr],
    }
}

/// The comparison as seen from the other side.
pub fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        same => same,
    }
}

/// The filters of sources whose rows look at each other: there it matters which rows there are at all, not only which
/// count.
fn lookers(kpi: &Kpi) -> impl Iterator<Item = String> {
    let looks = |e: &RowExpr| {
        let mut found = false;
        e.walk(&mut |part| found |= matches!(part.kind, RowKind::Repeats(_)));
        found
    };
    kpi.aggregates().into_iter().filter_map(move |a| {
        let used = kpi.sources.get(a.source)?;
        let filter = used.filter.as_ref().map(|f| format!("{:?}", f.kind));
        a.arg.iter().chain(&a.filter).any(looks).then_some(filter)?
    })
}

fn reorder(model: &Model, kpi: &Kpi, formula: &mut Formula) {
    if let FormulaKind::Aggregate(aggregate) = &mut formula.kind {
        let Some(used) = kpi.sources.get(aggregate.source) else { return };
        let table = aggregate.table(used.table);
        if let Some(arg) = &mut aggregate.arg {
            *arg = ordered(model, table, arg);
        }
        let place = match &mut aggregate.per {
            Some(groups) => {
                aggregate.filter = aggregate.filter.as_ref().map(|e| ordered(model, table, e));
                &mut groups.rows
            }
            None => &mut aggregate.filter,
        };
        *place = both(model, used.table, used.filter.as_ref(), place.as_ref());
    }
    for child in formula.children_mut() {
        reorder(model, kpi, child);
    }
}

/// One condition of two that must both hold.
fn both(model: &Model, table: TableId, a: Option<&RowExpr>, b: Option<&RowExpr>) -> Option<RowExpr> {
    let list: Vec<RowExpr> = a.into_iter().chain(b).cloned().collect();
    let span = list.first()?.span;
    Some(match list.as_slice() {
        [only] => ordered(model, table, only),
        _ => ordered(model, table, &RowExpr { kind: RowKind::And(list), ty: Type::Bool, span }),
    })
}

fn ordered(model: &Model, table: TableId, expr: &RowExpr) -> RowExpr {
    let in_order = |list: Vec<&RowExpr>| {
        let mut list: Vec<(String, RowExpr)> =
            list.into_iter().map(|e| ordered(model, table, e)).map(|e| (text::expr(model, table, &e), e)).collect();
        list.sort_by(|a, b| a.0.cmp(&b.0));
        list.dedup_by(|a, b| a.0 == b.0);
        list.into_iter().map(|(_, e)| e).collect::<Vec<_>>()
    };
    let kind = match &expr.kind {
        RowKind::And(_) => RowKind::And(in_order(conjuncts(expr))),
        RowKind::Or(list) => RowKind::Or(in_order(list.iter().collect())),
        RowKind::Not(x) => RowKind::Not(Box::new(ordered(model, table, x))),
        RowKind::Compare(op, a, b) if matches!(a.kind, RowKind::Constant(_)) => {
            RowKind::Compare(turned(*op), b.clone(), a.clone())
        }
        _ => return expr.clone(),
    };
    RowExpr { kind, ty: expr.ty, span: expr.span }
}
