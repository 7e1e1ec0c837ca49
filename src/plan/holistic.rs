//! Aggregates that must see all their values of a period: distinct counts (by grouping twice) and exact percentiles.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlanBuilder};

use super::expr::{all_of, int_literal, named, physical, plain_zero};
use super::functions::{percentiles, period_of};
use super::layout::{Pass, Positions, ValueAt};
use super::names::Names;
use super::scan::{axis_of, group_by, inside, lowered, member_names, set_layouts};
use super::table::Tables;
use crate::measure::{Holistic, HolisticOp, Scan};

/// The column of the values.
const VALUE: &str = "v";

/// The plan of a holistic aggregate. Only rows that count are read, so each row of the output is a cell. The values are
/// the number of distinct values; or the percentiles (a list) and the number of values.
pub(super) fn pass(tables: &Tables<'_>, scan: &Scan, holistic: &Holistic) -> Result<Pass> {
    let (_, column) = axis_of(tables, scan, holistic.axis)?;
    let scope = tables.scope(scan.table);
    let (HolisticOp::Distinct(argument) | HolisticOp::Percentiles(argument, _)) = &holistic.op;
    let dimensions = holistic.sets.iter().flatten().filter_map(|&d| scan.dimensions.get(d));
    let rows = tables.rows_for(scan.table, dimensions.chain([&column, argument]).chain(&holistic.filter))?;

    let mut conditions = Vec::new();
    let time = scope.expr(&scope.ready(&column).value)?;
    conditions.extend(inside(&time, &holistic.bounds));
    if let Some(filter) = &holistic.filter {
        let passes = lowered(&scope, filter, &mut conditions)?;
        conditions.push(passes);
    }
    let value = lowered(&scope, argument, &mut conditions)?;
    conditions.push(value.clone().is_not_null());
    let value = if physical(argument.ty) == DataType::Float64 { plain_zero(value) } else { value };

    let mut inputs = Names::new("x");
    let slot = inputs.name(period_of(&holistic.bounds, time));
    let mut sets = Vec::new();
    for (target, set) in holistic.sets.iter().enumerate() {
        let mut names = vec![slot.clone()];
        names.extend(member_names(&scope, scan, set, &mut inputs)?);
        sets.push((target, set.clone(), names));
    }
    let mut builder = LogicalPlanBuilder::from(rows);
    if let Some(counts) = all_of(conditions) {
        builder = builder.filter(counts)?;
    }
    // The value has a column of its own, also where it is a dimension as well: a set must be able to leave that one out.
    let builder = builder.project(inputs.exprs().into_iter().chain([value.alias(VALUE)]))?;
    let columns: Vec<Vec<String>> = sets.iter().map(|(_, _, names)| names.clone()).collect();

    let (plan, grouping) = match &holistic.op {
        HolisticOp::Distinct(_) => distinct(builder, &columns)?,
        HolisticOp::Percentiles(_, asked) => {
            let found = percentiles(named(VALUE), asked).alias("p");
            let rows = count(named(VALUE)).alias("n");
            (builder.aggregate(group_by(&columns), vec![found, rows])?, None)
        }
    };
    let plan = plan.build()?;
    let (grouping, sets) = set_layouts(scan, &plan, &sets, grouping)?;
    let positions = Positions(&plan);
    let (slot, rows) = (positions.of(&slot)?, positions.of("n")?);
    let values = match &holistic.op {
        HolisticOp::Distinct(_) => vec![ValueAt { column: rows, target: 0 }],
        HolisticOp::Percentiles(_, asked) => {
            vec![ValueAt { column: positions.of("p")?, target: 0 }, ValueAt { column: rows, target: asked.len() }]
        }
    };
    Ok(Pass { plan, slot, grouping, sets, values, rows })
}

/// Counts distinct values by grouping them away first: strings are hashed once each, and nothing is held per cell. With
/// several sets the finest combinations are made first, and the sets only see what is left.
fn distinct(rows: LogicalPlanBuilder, sets: &[Vec<String>]) -> Result<(LogicalPlanBuilder, Option<&'static str>)> {
    const GROUPING: &str = "g";
    let finest: BTreeSet<&String> = sets.iter().flatten().collect();
    let mut keys: Vec<Expr> = finest.iter().map(|name| named(name.as_str())).collect();
    keys.push(named(VALUE));
    let all = rows.aggregate(keys, Vec::<Expr>::new())?;
    // In front, as the period is: the columns that every set has take no part in the grouping column's lower bits.
    let with_value: Vec<Vec<String>> =
        sets.iter().map(|set| [VALUE.to_owned()].into_iter().chain(set.iter().cloned()).collect()).collect();
    let groups = group_by(&with_value);
    let several = matches!(groups.as_slice(), [Expr::GroupingSet(_)]);
    let counted = count(int_literal(1)).alias("n");
    let mut keys: Vec<Expr> = finest.iter().map(|name| named(name.as_str())).collect();
    if !several {
        return Ok((all.aggregate(keys, vec![counted])?, None));
    }
    keys.push(named(Aggregate::INTERNAL_GROUPING_ID).alias(GROUPING));
    Ok((all.aggregate(groups, Vec::<Expr>::new())?.aggregate(keys, vec![counted])?, Some(GROUPING)))
}
