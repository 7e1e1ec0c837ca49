//! Rows that are valid for a time: whether those of a key follow each other. Two at once would leave it to chance which of
//! them a relation finds, so whoever gives rows asks this first. Knows no periods and no KPIs.

use std::collections::BTreeMap;

use super::value::Key;
use super::world::World;
use super::{Data, Outcome};
use crate::check::Checked;
use crate::model::TableId;

/// What is wrong with the validity of rows, which are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongRows {
    /// Two rows of a key are valid at one moment.
    Overlap { table: TableId, first: usize, second: usize },
    /// A row ends before it begins.
    Reversed { table: TableId, row: usize },
}

/// A row with from and until when it is valid.
type Time = (usize, Option<i64>, Option<i64>);

/// The first fault in the rows of tables that say when their rows are valid.
#[must_use]
pub fn wrong_rows(model: &Checked, data: &Data, peilmoment: i64) -> Option<WrongRows> {
    let world = World::new(model.model(), data, peilmoment);
    model.model().tables.iter().filter(|table| table.valid.is_some()).find_map(|table| of_table(&world, table.id))
}

fn of_table(world: &World<'_>, table: TableId) -> Option<WrongRows> {
    let definition = world.model().table(table);
    let inclusive = definition.valid.is_some_and(|valid| valid.inclusive);
    let mut seen: BTreeMap<Vec<Key>, Vec<Time>> = BTreeMap::new();
    for row in 0..world.row_count(table) {
        let key: Vec<_> =
            definition.key_at_a_moment().map(|c| world.cell(table, row, c)).map(Outcome::or_empty).collect();
        let (from, until) = world.validity(table, row);
        if let (Some(from), Some(until)) = (from, until) {
            if until < from || (inclusive && until == from) {
                return Some(WrongRows::Reversed { table, row });
            }
            if until == from {
                continue;
            }
        }
        let others = seen.entry(key.into_iter().map(Key::new).collect()).or_default();
        let before = |a: Option<i64>, b: Option<i64>| matches!((a, b), (Some(a), Some(b)) if a <= b);
        let apart = |other: &Time| before(other.2, from) || before(until, other.1);
        if let Some(other) = others.iter().find(|other| !apart(other)) {
            return Some(WrongRows::Overlap { table, first: other.0, second: row });
        }
        others.push((row, from, until));
    }
    None
}
