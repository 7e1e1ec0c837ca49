//! Relations that look at a moment, and rows that mark results, in plain Dutch.

use crate::model::table::{Origin, Relation};
use crate::model::{ColumnKind, ColumnRef, FormulaKind, Kpi, Model, RowExpr, RowKind, TableId, text};

use super::{over_rows, push};

/// Which row a dated relation points at, for each that a source of the KPI follows.
pub(super) fn relations(model: &Model, kpi: &Kpi, source: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(used) = kpi.sources.get(source) else { return lines };
    let mut visit = |expr: &RowExpr| follow(model, used.table, expr, &mut lines);
    if let Some(formula) = kpi.formula() {
        formula.walk(&mut |part| {
            if let FormulaKind::Aggregate(a) = &part.kind
                && a.source == source
            {
                over_rows(model, a, &mut visit);
            }
        });
    }
    let dimensions = kpi.dimensions.iter().filter_map(|d| d.exprs.get(source)?.as_ref());
    let norms = kpi.norms.data.iter().filter(|limit| limit.source == source).map(|limit| &limit.expr);
    used.filter.iter().chain(&used.weight).chain(dimensions).chain(norms).for_each(&mut visit);
    lines
}

/// Follows the columns of an expression, also those from which others are made.
fn follow(model: &Model, of: TableId, expr: &RowExpr, lines: &mut Vec<String>) {
    expr.walk(&mut |part| {
        let RowKind::Column(reference) = &part.kind else { return };
        let mut here = of;
        for &hop in &reference.via {
            let Some(relation) = model.table(here).columns.get(hop).and_then(|c| c.relation) else { return };
            if let Some(line) = line(model, here, hop, relation) {
                push(lines, line);
            }
            here = relation.table;
        }
        match (&model.column(of, reference).kind, &model.table(here).origin) {
            (ColumnKind::Computed(inner), _) => follow(model, here, inner, lines),
            (ColumnKind::Aggregated(a), Origin::Derived { base, .. }) => {
                a.arg.iter().chain(&a.filter).for_each(|inner| follow(model, *base, inner, lines));
            }
            _ => {}
        }
    });
}

/// `zaaktype wijst de rij van zs.dvo aan die geldt op start (geldig van begin tot eind).`
fn line(model: &Model, here: TableId, hop: usize, relation: Relation) -> Option<String> {
    let name = |table: TableId, column: usize| text::column(model, table, &ColumnRef::own(column));
    let (at, valid) = (relation.at?, model.table(relation.table).valid?);
    let word = if valid.inclusive { "tot en met" } else { "tot" };
    Some(format!(
        "{} wijst de rij van {} aan die geldt op {} (van {} {word} {}); is er geen, dan is het leeg",
        name(here, hop),
        model.table(relation.table).full_name(),
        name(here, at),
        name(relation.table, valid.from),
        name(relation.table, valid.until),
    ))
}

/// What rows of a source say of results.
pub(super) fn marks(model: &Model, table: TableId) -> Option<String> {
    let names: Vec<&str> =
        model.table(table).columns.iter().filter(|column| column.mark).map(|column| column.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("rijen met {} zetten dat als kenmerk bij de uitkomst", names.join(" of ")))
}
