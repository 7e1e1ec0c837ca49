//! The rows: stored ones as given, derived tables and computed columns calculated when somebody asks. Knows tables and
//! relations; knows no periods and no KPIs.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::aggregate::Gathered;
use super::row::{Outcome, evaluate};
use super::value::{Key, conform};
use super::{Data, aggregate};
use crate::calendar::Zone;
use crate::model::table::{Origin, Relation};
use crate::model::{ColumnKind, ColumnRef, Model, RowExpr, Table, TableId, Value};

/// Computed columns may use each other this deep, deeper than anyone writes. Further down, and in a circle (which the
/// checker refuses), a cell is empty.
const DEPTH: usize = 64;

/// The rows of a relation's target, by the value of its key column.
type Index = Rc<BTreeMap<Key, usize>>;

/// A model with its rows, seen at a peilmoment.
pub(super) struct World<'a> {
    model: &'a Model,
    data: &'a Data,
    peilmoment: i64,
    /// The rows of derived tables, by table.
    derived: Vec<Slot>,
    indexes: RefCell<BTreeMap<(TableId, usize), Index>>,
    /// The computed cells (table, row, column) that are being calculated.
    computing: RefCell<Vec<(TableId, usize, usize)>>,
}

/// The rows of a derived table, once they are calculated.
#[derive(Default)]
struct Slot {
    rows: OnceCell<Vec<Vec<Value>>>,
    busy: Cell<bool>,
}

impl<'a> World<'a> {
    pub(super) fn new(model: &'a Model, data: &'a Data, peilmoment: i64) -> Self {
        Self {
            model,
            data,
            peilmoment,
            derived: model.tables.iter().map(|_| Slot::default()).collect(),
            indexes: RefCell::default(),
            computing: RefCell::default(),
        }
    }

    pub(super) fn model(&self) -> &'a Model {
        self.model
    }

    pub(super) fn zone(&self) -> Zone {
        self.model.zone
    }

    pub(super) fn peilmoment(&self) -> i64 {
        self.peilmoment
    }

    /// How many rows a table has; they are numbered from 0.
    pub(super) fn row_count(&self, table: TableId) -> usize {
        self.rows(table).len()
    }

    /// The rows as kept: computed columns are not filled in. A derived table that needs itself (which the checker
    /// refuses) has no rows.
    fn rows(&self, table: TableId) -> &[Vec<Value>] {
        let definition = self.model.table(table);
        let Origin::Derived { base, filter } = &definition.origin else {
            return self.data.tables.get(&table).map_or(&[], Vec::as_slice);
        };
        let Some(slot) = self.derived.get(table.0) else { return &[] };
        if let Some(rows) = slot.rows.get() {
            return rows;
        }
        if slot.busy.replace(true) {
            return &[];
        }
        let rows = self.derive(definition, *base, filter.as_ref());
        slot.busy.set(false);
        slot.rows.get_or_init(|| rows)
    }

    /// One row per combination of key values, in the order of the keys.
    fn derive(&self, definition: &Table, base: TableId, filter: Option<&RowExpr>) -> Vec<Vec<Value>> {
        let key_columns: Vec<usize> = definition
            .columns
            .iter()
            .filter_map(|c| if let ColumnKind::Key(of) = c.kind { Some(of) } else { None })
            .collect();
        let mut groups: BTreeMap<Vec<Key>, Vec<usize>> = BTreeMap::new();
        for row in 0..self.row_count(base) {
            if !filter.is_none_or(|f| evaluate(self, base, row, f).is_yes()) {
                continue;
            }
            let key: Vec<Value> = key_columns.iter().map(|&c| self.cell(base, row, c).or_empty()).collect();
            if !key.iter().any(Value::is_empty) {
                groups.entry(key.into_iter().map(Key::new).collect()).or_default().push(row);
            }
        }
        groups
            .into_iter()
            .map(|(key, rows)| {
                let mut key = key.into_iter();
                definition
                    .columns
                    .iter()
                    .map(|column| match &column.kind {
                        ColumnKind::Key(_) => key.next().map_or(Value::Empty, Key::into_value),
                        ColumnKind::Aggregated(a) => {
                            let mut gathered = Gathered::default();
                            for &row in &rows {
                                gathered.add(self, base, row, a, &[]);
                            }
                            let result = aggregate::summarise(a, gathered);
                            conform(result.as_cell(a.ty), column.ty)
                        }
                        ColumnKind::Stored { .. } | ColumnKind::Computed(_) => Value::Empty,
                    })
                    .collect()
            })
            .collect()
    }

    /// A column of a row's own table.
    pub(super) fn cell(&self, table: TableId, row: usize, column: usize) -> Outcome {
        let Some(definition) = self.model.table(table).columns.get(column) else { return Outcome::Known(Value::Empty) };
        let outcome = if let ColumnKind::Computed(expr) = &definition.kind {
            let place = (table, row, column);
            if self.computing.borrow().len() == DEPTH || self.computing.borrow().contains(&place) {
                return Outcome::Known(Value::Empty);
            }
            self.computing.borrow_mut().push(place);
            let outcome = evaluate(self, table, row, expr);
            self.computing.borrow_mut().pop();
            outcome
        } else {
            let value = self.rows(table).get(row).and_then(|r| r.get(column)).cloned();
            Outcome::Known(value.unwrap_or(Value::Empty))
        };
        match outcome {
            Outcome::Known(value) => Outcome::Known(conform(value, definition.ty)),
            Outcome::Undecided => Outcome::Undecided,
        }
    }

    /// A column reached through relations; empty where a relation points at nothing.
    pub(super) fn column(&self, table: TableId, row: usize, reference: &ColumnRef) -> Outcome {
        let (mut table, mut row) = (table, row);
        for &via in &reference.via {
            let value = match self.cell(table, row, via) {
                Outcome::Known(value) => value,
                Outcome::Undecided => return Outcome::Undecided,
            };
            let relation = self.model.table(table).columns.get(via).and_then(|c| c.relation);
            let found = relation.and_then(|to| Some((to.table, self.lookup(to, value)?)));
            let Some((next, found)) = found else { return Outcome::Known(Value::Empty) };
            (table, row) = (next, found);
        }
        self.cell(table, row, reference.column)
    }

    /// The row whose key column has this value (the first, should there be more).
    fn lookup(&self, to: Relation, value: Value) -> Option<usize> {
        if value.is_empty() {
            return None;
        }
        let place = (to.table, to.column);
        let known = self.indexes.borrow().get(&place).cloned();
        let index = known.unwrap_or_else(|| {
            let mut index = BTreeMap::new();
            for row in 0..self.row_count(to.table) {
                index.entry(Key::new(self.cell(to.table, row, to.column).or_empty())).or_insert(row);
            }
            let index = Rc::new(index);
            self.indexes.borrow_mut().insert(place, Rc::clone(&index));
            index
        });
        index.get(&Key::new(value)).copied()
    }
}
