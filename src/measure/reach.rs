//! What stands behind a KPI: the stored tables that its figures come from.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::table::Origin;
use crate::model::{
    AggFunc, Aggregate, Calculation, ColumnKind, Count, Formula, FormulaKind, Kpi, Model, RowExpr, RowKind, TableId,
};

/// The stored tables found so far, each with whether its rows are a flow.
#[derive(Default)]
pub(super) struct Found {
    pub(super) tables: BTreeMap<TableId, bool>,
    /// The tables built from others that have been looked at: their columns may look back at each other.
    seen: BTreeSet<(TableId, bool)>,
}

/// Adds the stored tables behind a KPI; `true` where its rows are a flow (not only looked at by `laatste`, and not only
/// reached through a relation).
pub(super) fn kpi(model: &Model, kpi: &Kpi, found: &mut Found) {
    if let Calculation::Formula(f) = &kpi.calculation {
        formula(model, kpi, f, found);
    }
    if let Some(observations) = &kpi.method.observations
        && let Some(used) = kpi.sources.get(observations.source)
    {
        table(model, used.table, true, found);
        aggregate(model, used.table, observations, found);
    }
    for (index, used) in kpi.sources.iter().enumerate() {
        // Used or not in the formula, its filter, dimensions and axis are part of the definition.
        let dimensions = kpi.dimensions.iter().filter_map(|d| d.exprs.get(index)?.as_ref());
        let norms = kpi.norms.data.iter().filter(|limit| limit.source == index).map(|limit| &limit.expr);
        let exprs = used.filter.iter().chain(&used.weight).chain(dimensions).chain(norms);
        exprs.for_each(|e| expr(model, used.table, e, found));
        through(model, used.table, &used.axis.via, found);
    }
}

fn formula(model: &Model, asker: &Kpi, f: &Formula, found: &mut Found) {
    match &f.kind {
        FormulaKind::Number(_) => {}
        FormulaKind::Negate(x)
        | FormulaKind::Over(x, _)
        | FormulaKind::Index(x, _)
        | FormulaKind::Yearly(x)
        | FormulaKind::Portion(x) => {
            formula(model, asker, x, found);
        }
        FormulaKind::Binary(_, a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Share(a, b) => {
            formula(model, asker, a, found);
            formula(model, asker, b, found);
        }
        FormulaKind::Kpi(id) => model.versions(&model.kpi(*id).name).for_each(|other| kpi(model, other, found)),
        FormulaKind::Aggregate(a) => {
            if let Some(used) = asker.sources.get(a.source) {
                table(model, used.table, a.func != AggFunc::Last, found);
                aggregate(model, used.table, a, found);
            }
        }
    }
}

fn aggregate(model: &Model, of: TableId, a: &Aggregate, found: &mut Found) {
    a.on.iter().for_each(|on| through(model, of, &on.via, found));
    let Some(groups) = &a.per else {
        a.arg.iter().chain(&a.filter).for_each(|e| expr(model, of, e, found));
        return;
    };
    groups.keys.iter().chain(&groups.rows).for_each(|e| expr(model, of, e, found));
    for column in &model.table(groups.table).columns {
        if let ColumnKind::Aggregated(inner) = &column.kind {
            aggregate(model, of, inner, found);
        }
    }
}

fn table(model: &Model, id: TableId, flow: bool, found: &mut Found) {
    let this = model.table(id);
    let built = !matches!(this.origin, Origin::Stored | Origin::Groups { .. });
    if built && !found.seen.insert((id, flow)) {
        return;
    }
    match &this.origin {
        Origin::Stored | Origin::Groups { .. } => {
            *found.tables.entry(id).or_default() |= flow;
            return;
        }
        Origin::Derived { base, filter } => {
            table(model, *base, flow, found);
            if let Some(filter) = filter {
                expr(model, *base, filter, found);
            }
        }
        Origin::United { parts } => parts.iter().for_each(|&part| table(model, part, flow, found)),
    }
    for column in &this.columns {
        match (&column.kind, &this.origin) {
            (ColumnKind::Aggregated(a), Origin::Derived { base, .. }) => aggregate(model, *base, a, found),
            (ColumnKind::United(list), Origin::United { parts }) => {
                list.iter().zip(parts).for_each(|(e, &part)| expr(model, part, e, found));
            }
            (ColumnKind::Computed(e), _) => expr(model, id, e, found),
            (ColumnKind::Counted(counted), _) => count(model, counted, found),
            _ => {}
        }
    }
}

/// The table whose rows are counted: it is looked at, as through a relation.
fn count(model: &Model, counted: &Count, found: &mut Found) {
    table(model, counted.table, false, found);
    let via = &model.table(counted.table).columns[counted.via];
    if let ColumnKind::Computed(e) = &via.kind {
        expr(model, counted.table, e, found);
    }
    counted.filter.iter().for_each(|filter| expr(model, counted.table, filter, found));
}

fn expr(model: &Model, of: TableId, e: &RowExpr, found: &mut Found) {
    e.walk(&mut |part| {
        if let RowKind::Column(reference) = &part.kind {
            through(model, of, &reference.via, found);
            let target = model.target(of, &reference.via);
            match &model.column(of, reference).kind {
                ColumnKind::Computed(inner) => expr(model, target, inner, found),
                ColumnKind::Counted(counted) => count(model, counted, found),
                _ => {}
            }
        }
    });
}

/// The tables that a chain of relations passes.
fn through(model: &Model, of: TableId, via: &[usize], found: &mut Found) {
    for end in 1..=via.len() {
        table(model, model.target(of, &via[..end]), false, found);
    }
    for (table, moment) in model.moments(of, via) {
        expr(model, table, &moment, found);
    }
}
