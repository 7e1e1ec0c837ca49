//! All row expressions of a model, each with the table over whose rows it is: for rules about expressions.

use crate::model::table::Origin;
use crate::model::{Aggregate, ColumnKind, Count, Model, RowExpr, TableId};

/// Calls `visit` for every row expression (whole ones, not their parts).
pub(super) fn visit<'a>(model: &'a Model, visit: &mut impl FnMut(TableId, &'a RowExpr)) {
    for table in &model.tables {
        let mut base_table = None;
        if let Origin::Groups { base } = table.origin {
            base_table = Some(base);
        }
        if let Origin::Derived { base, filter } = &table.origin {
            base_table = Some(*base);
            if let Some(expr) = filter {
                visit(*base, expr);
            }
        }
        for column in &table.columns {
            if let (ColumnKind::United(list), Origin::United { parts }) = (&column.kind, &table.origin) {
                list.iter().zip(parts).for_each(|(expr, &part)| visit(part, expr));
            }
            if let ColumnKind::Counted(Count { table, filter: Some(filter), .. }) = &column.kind {
                visit(*table, filter);
            }
            match (&column.kind, base_table) {
                (ColumnKind::Computed(expr), _) => visit(table.id, expr),
                (ColumnKind::Aggregated(aggregate), Some(base)) => parts(base, aggregate, visit),
                _ => {}
            }
        }
        table.requirements.iter().for_each(|requirement| visit(table.id, &requirement.condition));
    }
    for kpi in &model.kpis {
        for source in &kpi.sources {
            source.filter.iter().chain(&source.weight).for_each(|expr| visit(source.table, expr));
        }
        for aggregate in kpi.aggregates() {
            if let Some(source) = kpi.sources.get(aggregate.source) {
                parts(aggregate.table(source.table), aggregate, visit);
                if let Some(groups) = &aggregate.per {
                    groups.keys.iter().chain(&groups.rows).for_each(|expr| visit(source.table, expr));
                }
            }
        }
        for dimension in &kpi.dimensions {
            for (source, expr) in kpi.sources.iter().zip(&dimension.exprs) {
                if let Some(expr) = expr {
                    visit(source.table, expr);
                }
            }
        }
    }
}

fn parts<'a>(table: TableId, aggregate: &'a Aggregate, visit: &mut impl FnMut(TableId, &'a RowExpr)) {
    aggregate.arg.iter().chain(&aggregate.filter).for_each(|expr| visit(table, expr));
}
