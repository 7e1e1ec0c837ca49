//! A scan as plans: per time axis one aggregate for all atoms on all its grains, and per holistic aggregate one of its
//! own (`plan/holistic.rs`).
//!
//! One plan per axis, not one for all: the sets of GROUPING SETS share their aggregates, so every atom would be
//! calculated for the sets of other axes as well, and each axis' bounds can prune its own files. Several grains of one
//! axis are GROUPING SETS over one pass. Filters are FILTER clauses on columns that the projection under the aggregate
//! calculates once each.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::functions_aggregate::expr_fn::{array_agg, count, max, min};
use datafusion::logical_expr::expr::GroupingSet;
use datafusion::logical_expr::utils::split_conjunction_owned;
use datafusion::logical_expr::{Expr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder};

use super::expr::{Scope, all_of, int_literal, named, physical, plain_zero};
use super::functions::extreme::Extreme;
use super::functions::{
    CellKeys, cell_member, cell_of, cell_slot, every, float_sum, int_extreme, int_sum, latest, period_of, tally,
};
use super::layout::{Pass, Positions, SetLayout, ValueAt, in_order, mask};
use super::names::Names;
use super::needs::{atom_parts, reference};
use super::table::Tables;
use crate::measure::{Atom, AtomOp, Axis, HolisticOp, Scan};
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
    let holistic = scan.holistic.iter().map(|h| match &h.op {
        HolisticOp::Groups { keys, outer } => super::groups::pass(tables, scan, h, keys, outer),
        HolisticOp::Distinct(argument) | HolisticOp::Percentiles(argument, _) => {
            super::holistic::pass(tables, scan, h, argument)
        }
    });
    let holistic = holistic.collect::<Result<_>>()?;
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

    // One grain: its rows are grouped by one number each. More: GROUPING SETS over the columns themselves.
    let types = grains().flat_map(|(_, g)| &g.dimensions).filter_map(|&d| scan.dimensions.get(d));
    let types: Vec<DataType> = types.map(|d| physical(d.ty)).collect();
    let numbered = Numbered::of(&sets, &types, &mut inputs);

    let mut aggregates = Names::new("a");
    // A column that is never empty.
    let each_row = numbered.as_ref().map_or(&slot, |n| &n.cell).clone();
    let count_rows = aggregates.name(count(named(&each_row)));
    let mut counts = Vec::new();
    let mut values = Vec::new();
    for (target, atom) in atoms {
        match (condition(&scope, atom, &mut inputs)?, &atom.op) {
            (Some(condition), AtomOp::Count) => counts.push((target, condition)),
            (None, AtomOp::Count) => values.push((target, count_rows.clone(), None)),
            (condition, _) => {
                values.push((target, aggregates.name(aggregate(&scope, atom, condition, &mut inputs)?), None));
            }
        }
    }
    if !counts.is_empty() {
        let (targets, conditions): (Vec<usize>, Vec<Expr>) = counts.into_iter().unzip();
        let together = aggregates.name(tally(conditions));
        values.extend(targets.into_iter().enumerate().map(|(item, t)| (t, together.clone(), Some(item))));
    }

    // No filter on the range: rows outside it fall in the slot "elsewhere", which nobody reads. A filter here would
    // convert every moment a second time; files and row groups are skipped by the source (`Wanted::bounds`).
    let columns: Vec<Vec<String>> = sets.iter().map(|(_, _, names)| names.clone()).collect();
    let groups = match &numbered {
        Some(numbered) => vec![named(&numbered.cell)],
        None if columns.is_empty() => vec![named(&slot)],
        None => group_by(&columns),
    };
    let builder = LogicalPlanBuilder::from(rows).project(inputs.exprs())?.aggregate(groups, aggregates.exprs())?;
    let plan = match &numbered {
        Some(numbered) => numbered.told(builder, &aggregates)?.build()?,
        None => builder.build()?,
    };

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
        .map(|(target, name, item)| Ok(ValueAt { column: positions.of(&name)?, item, target }))
        .collect::<Result<_>>()?;
    Ok(Pass { plan, slot, grouping, sets: layouts, values, rows })
}

/// A grain whose cells are numbered before they are grouped.
struct Numbered {
    keys: Arc<CellKeys>,
    /// The column with the number.
    cell: String,
    /// The columns of the period and the members, with the types of the latter.
    slot: String,
    members: Vec<(String, DataType)>,
}

impl Numbered {
    /// Nothing where there is not exactly one grain.
    fn of(sets: &[(usize, Vec<usize>, Vec<String>)], types: &[DataType], inputs: &mut Names) -> Option<Self> {
        let [(_, _, names)] = sets else { return None };
        let (slot, names) = names.split_first()?;
        let mut members: Vec<(String, DataType)> = Vec::new();
        for (name, ty) in names.iter().zip(types) {
            if members.iter().all(|(known, _)| known != name) {
                members.push((name.clone(), ty.clone()));
            }
        }
        let keys = CellKeys::new(members.len());
        let exprs = members.iter().map(|(name, _)| inputs.expr(name)).collect::<Option<Vec<Expr>>>()?;
        let cell = inputs.name(cell_of(&keys, inputs.expr(slot)?, exprs));
        Some(Self { keys, cell, slot: slot.clone(), members })
    }

    /// The period and the members beside the aggregates.
    fn told(&self, grouped: LogicalPlanBuilder, aggregates: &Names) -> Result<LogicalPlanBuilder> {
        let cell = || named(&self.cell);
        let slot = cell_slot(&self.keys, cell()).alias(&self.slot);
        let members = self.members.iter().enumerate();
        let members = members.map(|(i, (name, ty))| cell_member(&self.keys, i, ty.clone(), cell()).alias(name));
        grouped.project(std::iter::once(slot).chain(members).chain(aggregates.columns()))
    }
}

/// The column of the projection that says which rows an atom counts; none where it counts all.
pub(super) fn condition(scope: &Scope<'_>, atom: &Atom, inputs: &mut Names) -> Result<Option<Expr>> {
    let mut conditions = Vec::new();
    if let Some(filter) = &atom.filter {
        let passes = lowered(scope, filter, &mut conditions)?;
        conditions.insert(0, passes);
    }
    for part in atom_parts(&atom.op) {
        lowered(scope, part, &mut conditions)?;
    }
    let parts = conditions.into_iter().flat_map(split_conjunction_owned).collect();
    Ok(every(parts).map(|condition| inputs.column(condition)))
}

/// An atom other than a count as an aggregate over columns of the projection.
pub(super) fn aggregate(scope: &Scope<'_>, atom: &Atom, condition: Option<Expr>, inputs: &mut Names) -> Result<Expr> {
    let parts = atom_parts(&atom.op).into_iter().map(|part| lowered(scope, part, &mut Vec::new()));
    let parts = parts.collect::<Result<Vec<Expr>>>()?;
    let mut parts = parts.into_iter().map(|part| inputs.column(part)).collect::<Vec<_>>();
    let last = parts.pop();
    let aggregate = match (&atom.op, last) {
        (AtomOp::Sum(expr), Some(x)) if physical(expr.ty) == DataType::Int64 => int_sum(x),
        (AtomOp::Sum(_), Some(x)) => float_sum(x),
        (AtomOp::Min(expr), Some(x)) if physical(expr.ty) == DataType::Int64 => int_extreme(Extreme::Least, x),
        (AtomOp::Max(expr), Some(x)) if physical(expr.ty) == DataType::Int64 => int_extreme(Extreme::Greatest, x),
        (AtomOp::Min(_), Some(x)) => min(x),
        (AtomOp::Max(_), Some(x)) => max(x),
        // In no order; whoever reads them sorts. An empty text is no text, and its condition leaves it out.
        (AtomOp::Texts(_), Some(x)) => array_agg(x).distinct().build()?,
        (AtomOp::Last { .. }, Some(value)) if !parts.is_empty() => {
            let ties = parts.split_off(1);
            let Some(order) = parts.pop() else {
                return plan_err!("laatste without an order");
            };
            latest(order, ties, value)
        }
        _ => return plan_err!("an atom without its argument"),
    };
    match condition {
        None => Ok(aggregate),
        Some(condition) => aggregate.filter(condition).build(),
    }
}
