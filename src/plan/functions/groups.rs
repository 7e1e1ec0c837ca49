//! What our aggregate functions share: walking the rows that count, and standing in as an ungrouped accumulator.

use std::fmt::Debug;

use arrow::array::{Array, ArrayRef, BooleanArray};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::common::{Result, ScalarValue, internal_datafusion_err};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

/// Calls `visit(row, group)` for the rows that are filled and that the filter lets through.
pub fn for_each_row(
    groups: &[usize],
    nulls: Option<&NullBuffer>,
    filter: Option<&BooleanArray>,
    mut visit: impl FnMut(usize, usize),
) {
    match counting(nulls, filter) {
        None => groups.iter().enumerate().for_each(|(row, &group)| visit(row, group)),
        Some(rows) => {
            for row in rows.set_indices() {
                if let Some(&group) = groups.get(row) {
                    visit(row, group);
                }
            }
        }
    }
}

/// The rows that count as bits; none when all do.
pub fn counting(nulls: Option<&NullBuffer>, filter: Option<&BooleanArray>) -> Option<BooleanBuffer> {
    let filled = nulls.filter(|n| n.null_count() > 0).map(|n| n.inner().clone());
    let passed = filter.map(|f| match f.nulls() {
        None => f.values().clone(),
        Some(nulls) => f.values() & nulls.inner(),
    });
    match (filled, passed) {
        (Some(a), Some(b)) => Some(&a & &b),
        (a, b) => a.or(b),
    }
}

/// A grouped accumulator that can also be asked for a group it has not seen.
pub trait Grouped: GroupsAccumulator + Sync + Debug {
    /// Makes room for so many groups.
    fn grow(&mut self, groups: usize);
}

/// A grouped accumulator with one group, for plans without GROUP BY.
#[derive(Debug)]
pub struct Single<G>(pub G);

impl<G: Grouped + 'static> Accumulator for Single<G> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, Array::len);
        self.0.update_batch(values, &vec![0; rows], None, 1)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states.first().map_or(0, Array::len);
        self.0.merge_batch(states, &vec![0; rows], 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.0.grow(1);
        first(&self.0.evaluate(EmitTo::All)?)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.0.grow(1);
        self.0.state(EmitTo::All)?.iter().map(first).collect()
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}

fn first(array: &ArrayRef) -> Result<ScalarValue> {
    if array.is_empty() {
        return Err(internal_datafusion_err!("an aggregate without its group"));
    }
    ScalarValue::try_from_array(array, 0)
}

/// The groups that are asked for; the others stay and move to the front.
pub fn take<T>(list: &mut Vec<T>, emit_to: EmitTo) -> Vec<T> {
    match emit_to {
        EmitTo::All => std::mem::take(list),
        EmitTo::First(n) => list.drain(..n.min(list.len())).collect(),
    }
}
