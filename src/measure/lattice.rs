//! Which sets of dimensions a pass groups by. One finest grain serves all sets where the number of cells stays small;
//! otherwise each asked set that is not part of another is a grain of its own, and the rest is rolled up.

use std::collections::BTreeSet;

use super::scan::Grain;
use crate::model::expr::RowFunction;
use crate::model::{RowExpr, RowKind, Type};

/// Estimated cells above which one finest grain is too many.
pub const MAX_CELLS: u64 = 1_000_000;

/// The members assumed of a dimension of which nothing is known.
pub const UNKNOWN_MEMBERS: u64 = 64;

/// The grains of an axis with `slots` bounds for the asked sets.
pub(super) fn grains(axis: usize, asked: &BTreeSet<Vec<usize>>, dimensions: &[RowExpr], slots: usize) -> Vec<Grain> {
    let all: BTreeSet<usize> = asked.iter().flatten().copied().collect();
    let cells = all
        .iter()
        .filter_map(|&d| dimensions.get(d))
        .fold(slots as u64, |product, d| product.saturating_mul(members(d)));
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

/// How many members an expression has at most, or [`UNKNOWN_MEMBERS`]; the empty member included.
fn members(expr: &RowExpr) -> u64 {
    match &expr.kind {
        RowKind::Function(RowFunction::HourOf, _) => 25,
        RowKind::Function(RowFunction::WeekdayOf, _) => 8,
        RowKind::Function(RowFunction::WeekOf, _) => 54,
        RowKind::Function(RowFunction::MonthOf, _) => 13,
        RowKind::If(_, a, b) if matches!((&a.kind, &b.kind), (RowKind::Constant(_), _) | (_, RowKind::Constant(_))) => {
            members(a).saturating_add(members(b))
        }
        RowKind::Constant(_) => 1,
        _ if expr.ty == Type::Bool => 3,
        _ => UNKNOWN_MEMBERS,
    }
}
