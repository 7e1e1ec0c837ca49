//! A scan as plans: per time axis one aggregate for all atoms on all its grains, and per holistic aggregate one of its
//! own (`plan/holistic.rs`).
//!
//! One plan per axis, not one for all: the sets of GROUPING SETS share their aggregates, so every atom would be
//! calculated for the sets of other axes as well, and each axis' bounds can prune its own files. Several grains of one
//! axis are GROUPING SETS over one pass. Filters are FILTER clauses on columns that the projection under the aggregate
//! calculates once each.

use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::expr::GroupingSet;
use datafusion::logical_expr::{Expr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder};

use super::expr::{Scope, all_of, int_literal, named, physical, plain_zero};
use super::functions::{float_sum, int_sum, latest, period_of};
use super::layout::{Pass, Positions, SetLayout, ValueAt, in_order, mask};
use super::names::Names;
use super::needs::{atom_parts, reference};
use super::table::Tables;
use crate::measure::{Atom, AtomOp, Axis, Scan};
use crate::model::RowExpr;

/// The plans of a scan.
#[derive(Clone, Debug)]
pub struct ScanPlan {
    /// Per axis: the values of a cell are those of the scan's atoms, the sets its grains.
    pub axes: Vec<Pass>,
    /// Per holistic aggregate.
    pub holistic: Vec<Pass>,
}

/// Plans a scan.
///
/// # Errors
/// When a stored table or column is missing, or the scan breaks the IR's promises.
pub fn plan_scan(tables: &Tables<'_>, scan: &Scan) -> Result<ScanPlan> {
    let axes = (0..scan.axes.len()).map(|axis| axis_pass(tables, scan, axis)).collect::<Result<_>>()?;
    let holistic = scan.holistic.iter().map(|h| super::holistic::pass(tables, scan, h)).collect::<Result<_>>()?;
    Ok(ScanPlan { axes, holistic })
}

/// The column of an axis as an expression over its table's rows.
pub(super) fn axis_of<'s>(tables: &Tables<'_>, scan: &'s Scan, axis: usize) -> Result<(&'s Axis, RowExpr)> {
    let Some(found) = scan.axes.get(axis) else {
        return plan_err!("a scan without axis {axis}");
    };
    Ok((found, reference(tables.model, scan.table, &found.column)))
}

/// A condition on values that lie inside bounds; none where all do.
pub(super) fn inside(value: &Expr, bounds: &[i64]) -> Option<Expr> {
    let (first, last) = match bounds {
        [] => (0, 0),
        [first, .., last] => (*first, *last),
        [only] => (*only, *only),
    };
    let from = (first > i64::MIN).then(|| value.clone().gt_eq(int_literal(first)));
    all_of(from.into_iter().chain([value.clone().lt(int_literal(last))]).collect())
}

/// An expression's value, and the conditions under which it can be judged.
pub(super) fn lowered(scope: &Scope<'_>, expr: &RowExpr, conditions: &mut Vec<Expr>) -> Result<Expr> {
    let ready = scope.ready(expr);
    if let Some(judgeable) = &ready.judgeable {
        conditions.push(scope.expr(judgeable)?);
    }
    scope.expr(&ready.value)
}

/// The names of the columns that hold the members of a set.
pub(super) fn member_names(scope: &Scope<'_>, scan: &Scan, set: &[usize], inputs: &mut Names) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for &index in set {
        let Some(dimension) = scan.dimensions.get(index) else {
            return plan_err!("a scan without dimension {index}");
        };
        let value = scope.expr(&scope.ready(dimension).value)?;
        let float = physical(dimension.ty) == DataType::Float64;
        names.push(inputs.name(if float { plain_zero(value) } else { value }));
    }
    Ok(names)
}

/// GROUP BY the columns of sets: plain for one set, GROUPING SETS for more. Equal sets are one.
pub(super) fn group_by(sets: &[Vec<String>]) -> Vec<Expr> {
    let mut distinct: Vec<Vec<String>> = Vec::new();
    for set in sets {
        let mut columns: Vec<String> = Vec::new();
        for name in set {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        if !distinct.contains(&columns) {
            distinct.push(columns);
        }
    }
    let mut exprs: Vec<Vec<Expr>> = distinct.iter().map(|set| set.iter().map(named).collect()).collect();
    match exprs.pop() {
        Some(only) if exprs.is_empty() => only,
        last => {
            exprs.extend(last);
            vec![Expr::GroupingSet(GroupingSet::GroupingSets(exprs))]
        }
    }
}

/// How to read the sets of a grouped plan, and its grouping column where there are several. `sets` hold the name of the
/// period's column first; `targets` says which grain each is.
pub(super) fn set_layouts(
    scan: &Scan,
    plan: &LogicalPlan,
    sets: &[(usize, Vec<usize>, Vec<String>)],
    grouping_name: Option<&str>,
) -> Result<(Option<usize>, Vec<SetLayout>)> {
    let positions = Positions(plan);
    let mut layouts: Vec<SetLayout> = Vec::new();
    let columns: Vec<Vec<String>> = sets.iter().map(|(_, _, names)| names.clone()).collect();
    let order = in_order(&columns);
    for (target, dimensions, names) in sets {
        let mask = mask(&order, names);
        let types = dimensions.iter().filter_map(|&d| scan.dimensions.get(d)).map(|d| d.ty);
        let members = names.iter().skip(1).zip(types).map(|(name, ty)| Ok((positions.of(name)?, ty)));
        let members = members.collect::<Result<Vec<_>>>()?;
        match layouts.iter_mut().find(|l| l.mask == mask && l.members == members) {
            Some(layout) => layout.targets.push(*target),
            None => layouts.push(SetLayout { targets: vec![*target], mask, members }),
        }
    }
    let several = layouts.iter().any(|l| layouts.first().is_some_and(|first| first.mask != l.mask));
    let grouping = match (several, grouping_name) {
        (false, _) => None,
        (true, None) => Some(positions.grouping()?),
        (true, Some(name)) => Some(positions.of(name)?),
    };
    Ok((grouping, layouts))
}

/// The plan of one axis.
fn axis_pass(tables: &Tables<'_>, scan: &Scan, index: usize) -> Result<Pass> {
    let (axis, column) = axis_of(tables, scan, index)?;
    let atoms: Vec<(usize, &Atom)> = scan.atoms.iter().enumerate().filter(|(_, atom)| atom.axis == index).collect();
    let grains = || scan.grains.iter().enumerate().filter(|(_, grain)| grain.axis == index);
    let scope = tables.scope(scan.table);
    let exprs = atoms.iter().flat_map(|(_, atom)| atom_parts(&atom.op).into_iter().chain(&atom.filter));
    let dimensions = grains().flat_map(|(_, g)| &g.dimensions).filter_map(|&d| scan.dimensions.get(d));
    let rows = tables.rows_for(scan.table, exprs.chain(dimensions).chain([&column]))?;

    let time = scope.expr(&scope.ready(&column).value)?;
    let mut inputs = Names::new("x");
    let slot = inputs.name(period_of(&axis.bounds, time));
    let mut sets = Vec::new();
    for (target, grain) in grains() {
        let mut names = vec![slot.clone()];
        names.extend(member_names(&scope, scan, &grain.dimensions, &mut inputs)?);
        sets.push((target, grain.dimensions.clone(), names));
    }

    let mut aggregates = Names::new("a");
    let count_rows = aggregates.name(count(named(&slot)));
    let mut values = Vec::new();
    for (target, atom) in atoms {
        values.push((target, aggregates.name(aggregate(&scope, atom, &slot, &mut inputs)?)));
    }

    // No filter on the range: rows outside it fall in the slot "elsewhere", which nobody reads. A filter here would
    // convert every moment a second time; files and row groups are skipped by the source (`Wanted::bounds`).
    let builder = LogicalPlanBuilder::from(rows);
    let columns: Vec<Vec<String>> = sets.iter().map(|(_, _, names)| names.clone()).collect();
    let groups = if columns.is_empty() { vec![named(&slot)] } else { group_by(&columns) };
    let plan = builder.project(inputs.exprs())?.aggregate(groups, aggregates.exprs())?.build()?;

    let (grouping, mut layouts) = set_layouts(scan, &plan, &sets, None)?;
    if layouts.is_empty() {
        // No grain asks for this axis: only its unplaced rows are counted.
        layouts.push(SetLayout { targets: Vec::new(), mask: 0, members: Vec::new() });
    }
    let positions = Positions(&plan);
    let slot = positions.of(&slot)?;
    let rows = positions.of(&count_rows)?;
    let values = values
        .into_iter()
        .map(|(target, name)| Ok(ValueAt { column: positions.of(&name)?, target }))
        .collect::<Result<_>>()?;
    Ok(Pass { plan, slot, grouping, sets: layouts, values, rows })
}

/// An atom as an aggregate over columns of the projection.
fn aggregate(scope: &Scope<'_>, atom: &Atom, slot: &str, inputs: &mut Names) -> Result<Expr> {
    let mut conditions = Vec::new();
    if let Some(filter) = &atom.filter {
        let passes = lowered(scope, filter, &mut conditions)?;
        conditions.insert(0, passes);
    }
    let parts = atom_parts(&atom.op).into_iter().map(|part| lowered(scope, part, &mut conditions));
    let parts = parts.collect::<Result<Vec<Expr>>>()?;
    let filter = all_of(conditions).map(|filter| inputs.column(filter));
    let mut parts = parts.into_iter().map(|part| inputs.column(part)).collect::<Vec<_>>();
    let last = parts.pop();
    let aggregate = match (&atom.op, last) {
        // Counts the filter's own column: an extra column of ones would have to be made.
        (AtomOp::Count, _) => count(filter.clone().unwrap_or_else(|| named(slot))),
        (AtomOp::Sum(expr), Some(x)) if physical(expr.ty) == DataType::Int64 => int_sum(x),
        (AtomOp::Sum(_), Some(x)) => float_sum(x),
        (AtomOp::Min(_), Some(x)) => min(x),
        (AtomOp::Max(_), Some(x)) => max(x),
        (AtomOp::Last { .. }, Some(value)) if !parts.is_empty() => {
            let ties = parts.split_off(1);
            let Some(order) = parts.pop() else {
                return plan_err!("laatste without an order");
            };
            latest(order, ties, value)
        }
        _ => return plan_err!("an atom without its argument"),
    };
    match filter {
        None => Ok(aggregate),
        Some(filter) => aggregate.filter(filter).build(),
    }
}
