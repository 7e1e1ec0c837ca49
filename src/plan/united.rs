//! A united table: the rows of its parts behind each other, each with its own expressions for the columns.

use std::collections::BTreeSet;

use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::expr::{Scope, column_name, physical};
use super::needs::base_refs;
use super::table::Tables;
use crate::model::table::PART;
use crate::model::{ColumnKind, ColumnRef, Model, RowExpr, TableId};

/// The union of the rows of the parts, with these columns of the table.
pub(super) fn rows(
    tables: &Tables<'_>,
    table: TableId,
    parts: &[TableId],
    columns: &BTreeSet<usize>,
) -> Result<LogicalPlan> {
    let mut all: Option<LogicalPlan> = None;
    for (number, &part) in parts.iter().enumerate() {
        let wanted = wanted(tables.model, table, number, columns);
        let rows = tables.rows_for(part, wanted.iter().map(|(_, expr)| *expr))?;
        let scope = tables.scope(part);
        let list = wanted.into_iter().map(|(index, expr)| {
            let ty = tables.model.table(table).columns.get(index).map_or(expr.ty, |column| column.ty);
            Ok(scope.cast(&scope.ready(expr).value, &physical(ty))?.alias(column_name(&ColumnRef::own(index))))
        });
        let list = list.collect::<Result<Vec<Expr>>>()?;
        let plan = LogicalPlanBuilder::from(rows).project(list)?;
        all = Some(match all {
            None => plan.build()?,
            Some(before) => LogicalPlanBuilder::from(before).union(plan.build()?)?.build()?,
        });
    }
    let Some(all) = all else {
        return plan_err!("{} unites no tables", tables.model.table(table).full_name());
    };
    Ok(all)
}

/// What the rows of a part must have for these columns of the united table; `scope` is the part's.
pub(super) fn refs(scope: &Scope<'_>, table: TableId, number: usize, columns: &BTreeSet<usize>) -> BTreeSet<ColumnRef> {
    let mut refs = BTreeSet::new();
    for (_, expr) in wanted(scope.model, table, number, columns) {
        base_refs(scope, expr, &mut refs);
    }
    refs
}

/// The asked columns in one part. Where only the number of rows is asked: the one that says which part it is.
fn wanted<'m>(model: &'m Model, table: TableId, number: usize, columns: &BTreeSet<usize>) -> Vec<(usize, &'m RowExpr)> {
    let this = model.table(table);
    let expr = |index: usize| match this.columns.get(index).map(|column| &column.kind) {
        Some(ColumnKind::United(list)) => Some((index, list.get(number)?)),
        _ => None,
    };
    let found: Vec<_> = columns.iter().filter_map(|&index| expr(index)).collect();
    if found.is_empty() { this.column_named(PART).and_then(expr).into_iter().collect() } else { found }
}
