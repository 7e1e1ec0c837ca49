//! Aggregates that must see all their values of a window: distinct counts (by grouping twice) and exact percentiles.
//!
//! Where windows are not simply the segments between their bounds (they overlap, or leave gaps), rows are first placed in
//! segments and then joined with the windows that hold these: for distinct counts only what is left after grouping.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Aggregate, Expr, JoinType, LogicalPlanBuilder, lit, or};

use super::expr::{all_of, int_literal, named, physical, plain_zero};
use super::functions::{percentiles, period_of};
use super::layout::{Pass, Positions, ValueAt};
use super::names::Names;
use super::scan::{axis_of, group_by, inside, lowered, member_names, set_layouts};
use super::table::Tables;
use crate::measure::{Holistic, HolisticOp, Scan};
use crate::model::RowExpr;

/// The column of the values.
const VALUE: &str = "v";

/// The plan of a holistic aggregate. Only rows that count are read, so each row of the output is a cell. The values are
/// the number of distinct values; or the percentiles (a list) and the number of values.
pub(super) fn pass(tables: &Tables<'_>, scan: &Scan, holistic: &Holistic, argument: &RowExpr) -> Result<Pass> {
    let (_, column) = axis_of(tables, scan, holistic.axis)?;
    let scope = tables.scope(scan.table);
    let dimensions = holistic.sets.iter().flatten().filter_map(|&d| scan.dimensions.get(d));
    let rows = tables.rows_for(scan.table, dimensions.chain([&column, argument]).chain(&holistic.filter))?;

    let mut conditions = Vec::new();
    let time = scope.expr(&scope.ready(&column).value)?;
    conditions.extend(inside_any(&time, &holistic.windows));
    if let Some(filter) = &holistic.filter {
        let passes = lowered(&scope, filter, &mut conditions)?;
        conditions.push(passes);
    }
    let value = lowered(&scope, argument, &mut conditions)?;
    conditions.push(value.clone().is_not_null());
    let value = if physical(argument.ty) == DataType::Float64 { plain_zero(value) } else { value };

    let mut inputs = Names::new("x");
    let bounds = holistic.bounds();
    let slot = inputs.name(period_of(&bounds, time));
    let windows = Windows::of(&bounds, holistic, &slot);
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
        HolisticOp::Percentiles(_, asked) => {
            let found = percentiles(named(VALUE), asked).alias("p");
            let rows = count(named(VALUE)).alias("n");
            let builder = match &windows {
                None => builder,
                Some(windows) => windows.expand(builder)?,
            };
            (builder.aggregate(group_by(&columns), vec![found, rows])?, None)
        }
        _ => distinct(builder, &columns, windows.as_ref())?,
    };
    let plan = plan.build()?;
    let (grouping, sets) = set_layouts(scan, &plan, &sets, grouping)?;
    let positions = Positions(&plan);
    let (slot, rows) = (positions.of(&slot)?, positions.of("n")?);
    let values = match &holistic.op {
        HolisticOp::Percentiles(_, asked) => {
            vec![
                ValueAt { column: positions.of("p")?, item: None, target: 0 },
                ValueAt { column: rows, item: None, target: asked.len() },
            ]
        }
        _ => vec![ValueAt { column: rows, item: None, target: 0 }],
    };
    Ok(Pass { plan, slot, grouping, sets, values, rows })
}

/// A condition on moments that lie in one of some ascending windows.
pub(super) fn inside_any(time: &Expr, windows: &[(i64, i64)]) -> Option<Expr> {
    let mut runs: Vec<[i64; 2]> = Vec::new();
    for &(from, until) in windows {
        match runs.last_mut() {
            Some([_, end]) if from <= *end => *end = until.max(*end),
            _ => runs.push([from, until]),
        }
    }
    if runs.is_empty() {
        return inside(time, &[]);
    }
    runs.iter().filter_map(|run| inside(time, run)).reduce(or)
}

/// Which windows hold which segments.
pub(super) struct Windows<'a> {
    /// Segment and window, by index.
    pairs: Vec<(i32, i32)>,
    /// The column of the segment, which becomes that of the window.
    slot: &'a str,
}

impl<'a> Windows<'a> {
    /// None where each segment is the window of the same index.
    pub(super) fn of(bounds: &[i64], holistic: &Holistic, slot: &'a str) -> Option<Self> {
        let simple = bounds.iter().copied().zip(bounds.iter().copied().skip(1)).eq(holistic.windows.iter().copied());
        if simple || holistic.windows.is_empty() {
            return None;
        }
        let mut pairs = Vec::new();
        for (window, (from, until)) in holistic.windows.iter().enumerate() {
            let segments = bounds.partition_point(|b| b < from)..bounds.partition_point(|b| b < until);
            let index = |i: usize| i32::try_from(i).unwrap_or(i32::MAX);
            pairs.extend(segments.map(|segment| (index(segment), index(window))));
        }
        Some(Self { pairs, slot })
    }

    /// Rows with the segment in the column `slot`: each again for every window that holds it.
    pub(super) fn expand(&self, rows: LogicalPlanBuilder) -> Result<LogicalPlanBuilder> {
        const SEGMENT: &str = "segment";
        const WINDOW: &str = "venster";
        let pairs = self.pairs.iter().map(|&(segment, window)| vec![lit(segment), lit(window)]).collect();
        let pairs = LogicalPlanBuilder::values(pairs)?
            .project(vec![named("column1").alias(SEGMENT), named("column2").alias(WINDOW)])?;
        let columns: Vec<String> = rows.schema().fields().iter().map(|field| field.name().clone()).collect();
        // The few pairs are the build side.
        let on = (vec![named(SEGMENT)], vec![named(self.slot)]);
        let joined = pairs.join_with_expr_keys(rows.build()?, JoinType::Inner, on, None)?;
        let kept =
            columns.into_iter().map(|name| if name == self.slot { named(WINDOW).alias(name) } else { named(name) });
        joined.project(kept.collect::<Vec<Expr>>())
    }
}

/// Counts distinct values by grouping them away first: strings are hashed once each, and nothing is held per cell. With
/// several sets the finest combinations are made first, and the sets only see what is left.
fn distinct(
    rows: LogicalPlanBuilder,
    sets: &[Vec<String>],
    windows: Option<&Windows<'_>>,
) -> Result<(LogicalPlanBuilder, Option<&'static str>)> {
    const GROUPING: &str = "g";
    let finest: BTreeSet<&String> = sets.iter().flatten().collect();
    let mut keys: Vec<Expr> = finest.iter().map(|name| named(name.as_str())).collect();
    keys.push(named(VALUE));
    let all = rows.aggregate(keys.clone(), Vec::<Expr>::new())?;
    let all = match windows {
        None => all,
        // A value that occurs in two segments of a window is one.
        Some(windows) => windows.expand(all)?.aggregate(keys, Vec::<Expr>::new())?,
    };
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
