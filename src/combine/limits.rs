//! The values that a norm takes from the rows: one within a cell, or not.

use super::rollup::Rollups;
use crate::measure::{LimitReading, Member, Quantity, Reading};
use crate::model::norm::Limit;

/// What the rows of a cell say.
pub(super) fn limit(
    limit: &LimitReading,
    reading: &Reading,
    set: usize,
    members: &[Member],
    index: usize,
    rollups: &mut Rollups<'_>,
) -> Limit {
    let place = &limit.place;
    let dimensions = place.dimensions(set);
    let mapping = place.sets.get(set).map(Vec::as_slice).unwrap_or_default();
    let member = |d: &usize| mapping.iter().position(|m| *m == Some(*d)).and_then(|i| members.get(i)).cloned();
    let members: Vec<Member> = dimensions.iter().filter_map(member).collect();
    let window = reading.windows.first().and_then(|windows| windows.get(index)?.as_ref());
    let Some(window) = window else { return Limit::None };
    let slots = rollups.segments(place, window);
    let mut atom = |atom: usize| rollups.atom(place, dimensions.clone(), &members, atom, slots.clone());
    let count = |quantity: Quantity| if let Quantity::Int(n) = quantity { u64::try_from(n).unwrap_or(0) } else { 0 };
    let (rows, filled) = (count(atom(limit.rows)), count(atom(limit.filled)));
    let (Some(low), Some(high)) = (number(&atom(limit.low)), number(&atom(limit.high))) else { return Limit::None };
    let (low, high) = (low / limit.scale, high / limit.scale);
    #[expect(clippy::float_cmp, reason = "least and greatest of the same stored values")]
    let one = low == high && rows == filled;
    if one { Limit::One(low) } else { Limit::Several { low, high, empty: rows.saturating_sub(filled) } }
}

#[expect(clippy::cast_precision_loss, reason = "a norm is far below 2^53")]
fn number(quantity: &Quantity) -> Option<f64> {
    match quantity {
        Quantity::Int(n) => Some(*n as f64),
        Quantity::Float(x) => Some(*x),
        Quantity::None | Quantity::Texts(_) | Quantity::Last { .. } => None,
    }
}
