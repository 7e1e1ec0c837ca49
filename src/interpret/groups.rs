//! Two levels: rows gathered per key, each group a row of its own, and the groups summed up. Knows no periods: which rows
//! is the caller's business.

use std::collections::{BTreeMap, BTreeSet};

use super::Data;
use super::aggregate::{self, Gathered, Summary};
use super::row::{Outcome, all, evaluate};
use super::value::{Key, conform};
use super::world::World;
use crate::model::{AggFunc, Aggregate, ColumnKind, Groups, RowExpr, TableId, Value};

/// The outcome of an aggregate in two levels over some rows. `outer` are the conditions of the source use and `--where`.
/// As empty count the rows of which something was left out, each once, and the groups.
pub(super) fn summarise(
    world: &World<'_>,
    table: TableId,
    rows: &[usize],
    outer: &[&RowExpr],
    aggregate: &Aggregate,
    groups: &Groups,
) -> Summary {
    let mut left_out = BTreeSet::new();
    let mut found: BTreeMap<Vec<Key>, Vec<usize>> = BTreeMap::new();
    for &row in rows {
        match key_of(world, table, row, outer, groups) {
            Place::Nowhere => {}
            Place::Empty => {
                left_out.insert(row);
            }
            Place::In(key) => found.entry(key).or_default().push(row),
        }
    }

    let columns = &world.model().table(groups.table).columns;
    let mut made = Vec::new();
    for members in found.values() {
        let mut cells = Vec::new();
        for column in columns {
            let ColumnKind::Aggregated(inner) = &column.kind else { continue };
            let mut gathered = Gathered::default();
            for &row in members {
                let before = gathered.left_out();
                gathered.add(world, table, row, inner, &[]);
                if gathered.left_out() > before && inner.func != AggFunc::Last {
                    left_out.insert(row);
                }
            }
            cells.push(conform(aggregate::summarise(inner, gathered).as_cell(inner.ty), column.ty));
        }
        made.push(cells);
    }

    // The groups as the rows of a table.
    let count = made.len();
    let data = Data { tables: BTreeMap::from([(groups.table, made)]) };
    let inner_world = World::new(world.model(), &data, world.peilmoment()).observed(world.observer());
    let mut gathered = Gathered::default();
    for group in 0..count {
        gathered.add(&inner_world, groups.table, group, aggregate, &[]);
    }
    let mut summary = aggregate::summarise(aggregate, gathered);
    summary.n_empty = summary.n_empty.map(|groups| groups + left_out.len() as u64);
    summary
}

/// Whether a row is in one of the groups.
pub(super) fn is_grouped(world: &World<'_>, table: TableId, row: usize, outer: &[&RowExpr], groups: &Groups) -> bool {
    matches!(key_of(world, table, row, outer, groups), Place::In(_))
}

/// What a row has to do with the groups.
enum Place {
    /// Not in the population, or not to be judged.
    Nowhere,
    /// Left out: whether it is in the population, or its key, is empty.
    Empty,
    In(Vec<Key>),
}

fn key_of(world: &World<'_>, table: TableId, row: usize, outer: &[&RowExpr], groups: &Groups) -> Place {
    let mut answers = Vec::new();
    for condition in outer.iter().copied().chain(&groups.rows) {
        match evaluate(world, table, row, condition) {
            Outcome::Known(Value::Bool(b)) => answers.push(Some(b)),
            Outcome::Known(_) => answers.push(None),
            Outcome::Undecided => return Place::Nowhere,
        }
    }
    let mut key = Vec::new();
    for part in &groups.keys {
        match evaluate(world, table, row, part) {
            Outcome::Known(value) => key.push(conform(value, part.ty)),
            Outcome::Undecided => return Place::Nowhere,
        }
    }
    match all(answers.into_iter()) {
        Some(false) => Place::Nowhere,
        None => Place::Empty,
        Some(true) if key.iter().any(Value::is_empty) => Place::Empty,
        Some(true) => Place::In(key.into_iter().map(Key::new).collect()),
    }
}
