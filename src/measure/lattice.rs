//! Which sets of dimensions a pass groups by. One finest grain serves all sets where the number of cells stays small;
//! otherwise each asked set that is not part of another is a grain of its own, and the rest is rolled up.

use std::collections::BTreeSet;

use super::scan::Grain;
use crate::model::expr::RowFunction;
use crate::model::{Level, Model, RowExpr, RowKind, Type};

/// Estimated cells above which one finest grain is too many.
pub const MAX_CELLS: u64 = 1_000_000;

/// The members assumed of a dimension of which nothing is known.
pub const UNKNOWN_MEMBERS: u64 = 64;

/// The unknown spellings that are assumed beside the members of a shared dimension, the empty member included.
const UNKNOWN_SPELLINGS: u64 = 16;

/// The grains of an axis with `slots` bounds for the asked sets.
pub(super) fn grains(
    model: &Model,
    axis: usize,
    asked: &BTreeSet<Vec<usize>>,
    dimensions: &[RowExpr],
    slots: usize,
) -> Vec<Grain> {
    let all: BTreeSet<usize> = asked.iter().flatten().copied().collect();
    let exprs: Vec<&RowExpr> = all.iter().filter_map(|&d| dimensions.get(d)).collect();
    let cells = exprs
        .iter()
        .filter(|d| !follows(d, &exprs))
        .fold(slots as u64, |product, d| product.saturating_mul(members(model, d)));
    if cells <= MAX_CELLS {
        return vec![Grain { axis, dimensions: all.into_iter().collect() }];
    }
    let part_of = |a: &Vec<usize>, b: &Vec<usize>| a != b && a.iter().all(|d| b.contains(d));
    asked
        .iter()
        .filter(|set| !asked.iter().any(|other| part_of(set, other)))
        .map(|set| Grain { axis, dimensions: set.clone() })
        .collect()
}

/// A group is given with its member: no more cells.
fn follows(expr: &RowExpr, among: &[&RowExpr]) -> bool {
    let RowKind::Member(id, Level::Group, spelling) = &expr.kind else { return false };
    among.iter().any(|other| matches!(&other.kind, RowKind::Member(i, Level::Member, s) if i == id && s == spelling))
}

/// How many members an expression has at most, or [`UNKNOWN_MEMBERS`]; the empty member included.
fn members(model: &Model, expr: &RowExpr) -> u64 {
    match &expr.kind {
        RowKind::Member(_, _, spelling) if matches!(spelling.kind, RowKind::Constant(_)) => 1,
        RowKind::Member(id, ..) => model.dimension(*id).members.len() as u64 + UNKNOWN_SPELLINGS,
        RowKind::Function(RowFunction::HourOf, _) => 25,
        RowKind::Function(RowFunction::WeekdayOf, _) => 8,
        RowKind::Function(RowFunction::WeekOf, _) => 54,
        RowKind::Function(RowFunction::MonthOf, _) => 13,
        RowKind::If(_, a, b) if matches!((&a.kind, &b.kind), (RowKind::Constant(_), _) | (_, RowKind::Constant(_))) => {
            members(model, a).saturating_add(members(model, b))
        }
        RowKind::Constant(_) => 1,
        _ if expr.ty == Type::Bool => 3,
        _ => UNKNOWN_MEMBERS,
    }
}
