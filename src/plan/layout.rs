//! How to read the output of a plan: which column holds the period, the members and the values.

use datafusion::common::{Result, plan_datafusion_err};
use datafusion::logical_expr::{Aggregate, LogicalPlan};

use crate::model::Type;

/// A plan and how to read its output. Columns are positions in the output.
#[derive(Clone, Debug)]
pub struct Pass {
    pub plan: LogicalPlan,
    /// Int32: the segment or period, or one of the answers [`UNPLACED`](super::functions::period::UNPLACED) and
    /// [`OUTSIDE`](super::functions::period::OUTSIDE).
    pub slot: usize,
    /// The column that tells the sets apart (unsigned; the bits of [`SetLayout::mask`]); none where there is one set.
    pub grouping: Option<usize>,
    pub sets: Vec<SetLayout>,
    /// The value columns: to which place of a cell's values each goes.
    pub values: Vec<ValueAt>,
    /// Int64: the rows behind a row of the output.
    pub rows: usize,
}

/// One set of dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct SetLayout {
    /// The grains of the scan (or sets of the holistic aggregate) that this is.
    pub targets: Vec<usize>,
    /// The lower bits of the grouping column for rows of this set.
    pub mask: u64,
    /// The member columns in the order of the set's dimensions.
    pub members: Vec<(usize, Type)>,
}

/// A value column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueAt {
    pub column: usize,
    /// Which of the counts of a [`tally`](super::functions::tally::tally); none where the column is the value.
    pub item: Option<usize>,
    /// The index of the first value that it gives; a list of percentiles gives several.
    pub target: usize,
}

/// The columns of a plan by name.
pub(super) struct Positions<'a>(pub(super) &'a LogicalPlan);

impl Positions<'_> {
    pub(super) fn of(&self, name: &str) -> Result<usize> {
        let found = self.0.schema().index_of_column_by_name(None, name);
        found.ok_or_else(|| plan_datafusion_err!("a plan without its column {name}"))
    }

    /// The position of the engine's own grouping column.
    pub(super) fn grouping(&self) -> Result<usize> {
        self.of(Aggregate::INTERNAL_GROUPING_ID)
    }
}

/// The distinct columns of sets in the order in which DataFusion numbers them: that of first appearance.
pub(super) fn in_order(sets: &[Vec<String>]) -> Vec<&String> {
    let mut order = Vec::new();
    for name in sets.iter().flatten() {
        if !order.contains(&name) {
            order.push(name);
        }
    }
    order
}

/// The lower bits of the grouping column for a set: a bit per column, the first column highest, set where the set leaves
/// the column out. Columns that all sets have may be missing in front of `order`.
pub(super) fn mask(order: &[&String], set: &[String]) -> u64 {
    order.iter().fold(0, |mask, name| mask << 1 | u64::from(!set.contains(name)))
}
