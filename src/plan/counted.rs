//! Columns that count the rows of another table that point here: those rows, grouped once by what they point at, beside
//! the own rows. A group has each key once, so no row is multiplied.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::DataType;
use datafusion::common::{Column, Result, plan_err};
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Expr, ExprFunctionExt, JoinType, LogicalPlan, LogicalPlanBuilder};

use super::expr::{Scope, all_of, column_name, int_literal, named, physical, plain_zero};
use super::names::Names;
use super::needs::{base_refs, reference};
use super::scan::lowered;
use super::table::{Tables, value_of};
use crate::model::{ColumnKind, ColumnRef, Count, Model, RowExpr, TableId};

/// The counting columns among some columns of a table, by what they count along: the other table and its relation.
pub(super) fn groups<'m>(
    model: &'m Model,
    table: TableId,
    columns: &BTreeSet<usize>,
) -> BTreeMap<(TableId, usize), Vec<(usize, &'m Count)>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for &index in columns {
        if let Some(ColumnKind::Counted(count)) = model.table(table).columns.get(index).map(|c| &c.kind) {
            found.entry((count.table, count.via)).or_default().push((index, count));
        }
    }
    found
}

/// Adds what the own rows must have to find their counts: the key.
pub(super) fn key_refs(scope: &Scope<'_>, columns: &BTreeSet<usize>, refs: &mut BTreeSet<ColumnRef>) {
    if groups(scope.model, scope.table, columns).is_empty() {
        return;
    }
    for &key in &scope.model.table(scope.table).key {
        base_refs(scope, &reference(scope.model, scope.table, &ColumnRef::own(key)), refs);
    }
}

/// The expressions over the rows that are counted: what they point with, and their populations.
pub(super) fn counted_parts<'m>(
    model: &'m Model,
    (other, via): (TableId, usize),
    counts: &[(usize, &'m Count)],
) -> (RowExpr, Vec<&'m RowExpr>) {
    let key = reference(model, other, &ColumnRef::own(via));
    (key, counts.iter().filter_map(|(_, count)| count.filter.as_ref()).collect())
}

/// The rows with these counting columns beside those that they have.
pub(super) fn beside(
    tables: &Tables<'_>,
    rows: LogicalPlan,
    table: TableId,
    columns: &BTreeSet<usize>,
) -> Result<LogicalPlan> {
    let mut rows = rows;
    for (along, counts) in groups(tables.model, table, columns) {
        rows = joined(tables, rows, table, along, &counts)?;
    }
    Ok(rows)
}

fn joined(
    tables: &Tables<'_>,
    rows: LogicalPlan,
    table: TableId,
    along: (TableId, usize),
    counts: &[(usize, &Count)],
) -> Result<LogicalPlan> {
    let [key] = tables.model.table(table).key.as_slice() else {
        return plan_err!("rows that point at {} without one key", tables.model.table(table).full_name());
    };
    let (other_key, filters) = counted_parts(tables.model, along, counts);
    let scope = tables.scope(along.0);
    let counted = tables.rows_for(along.0, filters.into_iter().chain([&other_key]))?;
    let mut inputs = Names::new("x");
    let pointed = inputs.column(comparable(&scope, &other_key)?);
    let mut numbers = Vec::new();
    for (index, one) in counts {
        let mut conditions = Vec::new();
        if let Some(filter) = &one.filter {
            let passes = lowered(&scope, filter, &mut conditions)?;
            conditions.push(passes);
        }
        let number = match all_of(conditions) {
            None => count(int_literal(1)),
            Some(passes) => count(int_literal(1)).filter(inputs.column(passes)).build()?,
        };
        numbers.push(number.alias(count_name(*index)));
    }
    let at = format!("p{}_{}", along.0.0, along.1);
    let outputs = counts.iter().map(|(index, _)| named(count_name(*index)));
    let groups = LogicalPlanBuilder::from(counted)
        .project(inputs.exprs())?
        .filter(pointed.clone().is_not_null())?
        .aggregate(vec![pointed.clone()], numbers)?
        .project(outputs.chain([pointed.alias(&at)]))?
        .build()?;
    let own = comparable(&tables.scope(table), &reference(tables.model, table, &ColumnRef::own(*key)))?;
    let kept: Vec<Expr> = rows.schema().columns().into_iter().map(Expr::Column).collect();
    // The groups are the build side, so that the rows keep streaming: as for relations.
    let both = LogicalPlanBuilder::from(groups).join_with_expr_keys(
        rows,
        JoinType::Right,
        (vec![named(at)], vec![own]),
        None,
    )?;
    let found = counts.iter().map(|(index, _)| {
        let number = Expr::Column(Column::from_name(count_name(*index)));
        coalesce(vec![number, int_literal(0)]).alias(column_name(&ColumnRef::own(*index)))
    });
    both.project(kept.into_iter().chain(found))?.build()
}

/// The name of a number before it is 0 where there is none.
fn count_name(index: usize) -> String {
    format!("n{index}")
}

fn comparable(scope: &Scope<'_>, key: &RowExpr) -> Result<Expr> {
    let value = value_of(scope, key)?;
    Ok(if physical(key.ty) == DataType::Float64 { plain_zero(value) } else { value })
}
