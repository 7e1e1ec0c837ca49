//! Two levels: the rows of a period and set of dimensions grouped by keys, and the groups summed up once more. One pass
//! over the rows for all sets: the inner grouping has them as GROUPING SETS, each with the keys.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Aggregate, Expr, ExprFunctionExt, LogicalPlanBuilder};

use super::derived::Group;
use super::expr::{Scope, all_of, named, physical, plain_zero};
use super::functions::{percentiles, period_of, top_sum};
use super::holistic::{Windows, inside_any};
use super::layout::{Pass, Positions, ValueAt};
use super::names::Names;
use super::needs::{base_refs, inner_refs};
use super::scan::{aggregate, axis_of, condition, group_by, lowered, member_names, set_layouts};
use super::table::Tables;
use crate::measure::{Atom, AtomOp, Holistic, Outer, OuterOp, Scan};
use crate::model::{ColumnKind, ColumnRef, RowExpr, TableId};

/// The column that tells the sets apart.
const GROUPING: &str = "g";

/// The plan of aggregates over groups: a value per item of `outer`.
pub(super) fn pass(
    tables: &Tables<'_>,
    scan: &Scan,
    holistic: &Holistic,
    keys: &[RowExpr],
    outer: &[Outer],
) -> Result<Pass> {
    let (_, column) = axis_of(tables, scan, holistic.axis)?;
    let scope = tables.scope(scan.table);
    let rows = rows(tables, scan, holistic, &column, keys)?;

    let mut conditions = Vec::new();
    let time = scope.expr(&scope.ready(&column).value)?;
    conditions.extend(inside_any(&time, &holistic.windows));
    if let Some(filter) = &holistic.filter {
        let passes = lowered(&scope, filter, &mut conditions)?;
        conditions.push(passes);
    }
    let mut key_columns = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        let value = scope.expr(&scope.ready(key).value)?;
        conditions.push(value.clone().is_not_null());
        let value = if physical(key.ty) == DataType::Float64 { plain_zero(value) } else { value };
        // A column of its own, also where it is a dimension as well: a set must be able to leave that one out.
        key_columns.push(value.alias(format!("k{index}")));
    }

    let mut group = Group { scope: &scope, inputs: Names::new("x"), aggregates: Names::new("a") };
    let bounds = holistic.bounds();
    let slot = group.inputs.name(period_of(&bounds, time));
    let windows = Windows::of(&bounds, holistic, &slot);
    let mut sets = Vec::new();
    for (target, set) in holistic.sets.iter().enumerate() {
        let mut names = vec![slot.clone()];
        names.extend(member_names(&scope, scan, set, &mut group.inputs)?);
        sets.push((target, set.clone(), names));
    }
    let columns: Vec<Vec<String>> = sets.iter().map(|(_, _, names)| names.clone()).collect();
    let inner = inner_columns(&mut group, outer)?;
    let over = over_groups(tables, outer, &slot)?;

    let mut builder = LogicalPlanBuilder::from(rows);
    if let Some(counts) = all_of(conditions) {
        builder = builder.filter(counts)?;
    }
    let mut builder = builder.project(group.inputs.exprs().into_iter().chain(key_columns))?;
    if let Some(windows) = &windows {
        builder = windows.expand(builder)?;
    }
    // In front, as the period is: the columns that every set has take no part in the grouping column's lower bits.
    let with_keys = |set: &Vec<String>| (0..keys.len()).map(|k| format!("k{k}")).chain(set.iter().cloned()).collect();
    let grouped = group_by(&columns.iter().map(with_keys).collect::<Vec<_>>());
    let several = matches!(grouped.as_slice(), [Expr::GroupingSet(_)]);
    let finest: BTreeSet<&String> = columns.iter().flatten().collect();
    let mut sets_of: Vec<Expr> = finest.iter().map(|name| named(name.as_str())).collect();
    let carried: Vec<Expr> = sets_of
        .iter()
        .cloned()
        .chain(several.then(|| named(Aggregate::INTERNAL_GROUPING_ID).alias(GROUPING)))
        .collect();
    sets_of.extend(several.then(|| named(GROUPING)));
    let builder = builder.aggregate(grouped, group.aggregates.exprs())?;
    let builder = builder.project(carried.into_iter().chain(inner))?;
    let builder = builder.project(sets_of.iter().cloned().chain(over.inputs.exprs()))?;
    let plan = builder.aggregate(sets_of, over.aggregates.exprs())?.build()?;

    let (grouping, sets) = set_layouts(scan, &plan, &sets, several.then_some(GROUPING))?;
    let positions = Positions(&plan);
    let values = over.values.iter().enumerate();
    let values = values.map(|(target, name)| Ok(ValueAt { column: positions.of(name)?, item: None, target }));
    let values = values.collect::<Result<_>>()?;
    Ok(Pass { slot: positions.of(&slot)?, rows: positions.of(&over.rows)?, grouping, sets, values, plan })
}

/// The rows with all columns that the keys, the inner aggregates and the sets need.
fn rows(
    tables: &Tables<'_>,
    scan: &Scan,
    holistic: &Holistic,
    column: &RowExpr,
    keys: &[RowExpr],
) -> Result<datafusion::logical_expr::LogicalPlan> {
    let scope = tables.scope(scan.table);
    let mut refs = BTreeSet::new();
    let dimensions = holistic.sets.iter().flatten().filter_map(|&d| scan.dimensions.get(d));
    let exprs = dimensions.chain(keys).chain([column]).chain(&holistic.filter);
    exprs.for_each(|expr| base_refs(&scope, expr, &mut refs));
    inner_refs(&scope, &holistic.op, &mut refs);
    tables.rows(scan.table, &refs)
}

/// The columns of the groups' tables, from the aggregates over their rows.
fn inner_columns(group: &mut Group<'_, '_>, outer: &[Outer]) -> Result<Vec<Expr>> {
    let model = group.scope.model;
    let tables: BTreeSet<TableId> = outer.iter().map(|outer| outer.table).collect();
    let mut columns = Vec::new();
    for table in tables {
        let scope = Scope { table, ..*group.scope };
        for (index, column) in model.table(table).columns.iter().enumerate() {
            if let ColumnKind::Aggregated(inner) = &column.kind {
                columns.push(group.aggregate(inner)?.alias(scope.column_name(&ColumnRef::own(index))));
            }
        }
    }
    Ok(columns)
}

/// The aggregates over groups.
struct Over {
    inputs: Names,
    aggregates: Names,
    /// The name of each value.
    values: Vec<String>,
    /// The name of the number of groups.
    rows: String,
}

fn over_groups(tables: &Tables<'_>, outer: &[Outer], slot: &str) -> Result<Over> {
    let (mut inputs, mut aggregates) = (Names::new("o"), Names::new("b"));
    let rows = aggregates.name(count(named(slot)));
    let mut values = Vec::new();
    for one in outer {
        let scope = tables.scope(one.table);
        let found = match &one.op {
            OuterOp::Atom(op) => {
                let atom = Atom { axis: 0, op: op.clone(), filter: one.filter.clone() };
                over_atom(&scope, &atom, slot, &mut inputs)?
            }
            OuterOp::Percentile(of, p) => {
                over_values(&scope, of, one.filter.as_ref(), &mut inputs, |x| percentiles(x, &[*p]))?
            }
            OuterOp::Top(of, p) => over_values(&scope, of, one.filter.as_ref(), &mut inputs, |x| top_sum(x, *p))?,
        };
        values.push(aggregates.name(found));
    }
    Ok(Over { inputs, aggregates, values, rows })
}

fn over_atom(scope: &Scope<'_>, atom: &Atom, slot: &str, inputs: &mut Names) -> Result<Expr> {
    let condition = condition(scope, atom, inputs)?;
    match (&atom.op, condition) {
        // The period is never empty.
        (AtomOp::Count, None) => Ok(count(named(slot))),
        (AtomOp::Count, Some(condition)) => count(named(slot)).filter(condition).build(),
        (_, condition) => aggregate(scope, atom, condition, inputs),
    }
}

/// A function of the values of an expression in the groups that pass a filter.
fn over_values(
    scope: &Scope<'_>,
    of: &RowExpr,
    filter: Option<&RowExpr>,
    inputs: &mut Names,
    function: impl FnOnce(Expr) -> Expr,
) -> Result<Expr> {
    let mut conditions = Vec::new();
    if let Some(filter) = filter {
        let passes = lowered(scope, filter, &mut conditions)?;
        conditions.insert(0, passes);
    }
    let value = lowered(scope, of, &mut conditions)?;
    let found = function(inputs.column(value));
    match all_of(conditions) {
        None => Ok(found),
        Some(filter) => found.filter(inputs.column(filter)).build(),
    }
}
