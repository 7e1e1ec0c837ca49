//! The rows: stored ones as given, derived tables and computed columns calculated when somebody asks. Knows tables and
//! relations; knows no periods and no KPIs.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::aggregate::Gathered;
use super::row::{Outcome, evaluate};
use super::value::{Key, conform};
use super::{Data, Observer, aggregate, repeats};
use crate::calendar::Zone;
use crate::model::expr::Repeats;
use crate::model::table::{Origin, Relation};
use crate::model::{ColumnKind, ColumnRef, Model, RowExpr, Table, TableId, Value};

/// Computed columns may use each other this deep, deeper than anyone writes. Further down, and in a circle (which the
/// checker refuses), a cell is empty.
const DEPTH: usize = 64;

/// The rows of a relation's target, by the value of its key column.
type Index = Rc<BTreeMap<Key, usize>>;

/// A question over the rows of a table, with the answer of each.
type Repeated = (TableId, Repeats, Rc<Vec<Value>>);

/// A model with its rows, seen at a peilmoment.
pub(super) struct World<'a> {
    model: &'a Model,
    data: &'a Data,
    peilmoment: i64,
    /// The rows of derived tables, by table.
    derived: Vec<Slot>,
    indexes: RefCell<BTreeMap<(TableId, usize), Index>>,
    /// The answers of every row of a table to a `herhaald`, once somebody asked.
    repeated: RefCell<Vec<Repeated>>,
    /// The computed cells (table, row, column) that are being calculated.
    computing: RefCell<Vec<(TableId, usize, usize)>>,
    observer: Option<&'a dyn Observer>,
    /// What is calculated now decides nothing: nobody need hear it.
    hushed: Cell<bool>,
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
            repeated: RefCell::default(),
            computing: RefCell::default(),
            observer: None,
            hushed: Cell::new(false),
        }
    }

    /// With somebody who hears every outcome.
    pub(super) fn observed(self, observer: Option<&'a dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// Who hears every outcome, where somebody does and it matters.
    pub(super) fn observer(&self) -> Option<&'a dyn Observer> {
        self.observer.filter(|_| !self.hushed.get())
    }

    /// Calculates something of which nothing depends, unless `matters`.
    pub(super) fn aside<T>(&self, matters: bool, work: impl FnOnce() -> T) -> T {
        let before = self.hushed.replace(self.hushed.get() || !matters);
        let result = work();
        self.hushed.set(before);
        result
    }

    /// Tells the observer what an expression was for a row.
    pub(super) fn tell(&self, expr: &RowExpr, parts: &[Value], outcome: &Outcome) {
        if let Some(observer) = self.observer() {
            observer.seen(expr, parts, outcome);
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

    /// The answer of a row to a `herhaald`.
    pub(super) fn repeated(&self, table: TableId, asked: &Repeats, row: usize) -> Value {
        let known = self.repeated.borrow().iter().find(|(t, r, _)| *t == table && r == asked).map(|k| Rc::clone(&k.2));
        let answers = known.unwrap_or_else(|| {
            let answers = Rc::new(repeats::answers(self, table, asked));
            self.repeated.borrow_mut().push((table, asked.clone(), Rc::clone(&answers)));
            answers
        });
        answers.get(row).cloned().unwrap_or(Value::Empty)
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

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::interpret::{Outcome, evaluate};
    use crate::model::expr::{Arithmetic, Comparison};
    use crate::model::{AggFunc, RowExpr, TableId, Type, Value};

    fn eval(project: &Project, table: TableId, row: usize, expr: &RowExpr) -> Value {
        match evaluate(&project.checked(), table, &project.data, row, expr, project.peilmoment) {
            Outcome::Known(value) => value,
            Outcome::Undecided => panic!("undecided"),
        }
    }

    #[test]
    fn relations_give_the_row_they_point_at() {
        let mut project = Project::new();
        let department = project.table(
            None,
            vec![column("code", Type::Text), column("naam", Type::Text)],
            vec![vec![text("bz"), text("Burgerzaken")]],
        );
        let double =
            calc(Arithmetic::Multiply, col(2, Type::Integer), lit(Value::Int(2), Type::Integer), Type::Integer);
        let team = project.table(
            None,
            vec![
                column("code", Type::Text),
                column("afdeling", Type::Text).pointing_at(department.0, 0),
                column("fte", Type::Integer),
                computed("dubbel", double),
            ],
            vec![
                vec![text("a"), text("bz"), Value::Int(3)],
                vec![text("b"), Value::Empty, Value::Int(4)],
                vec![text("c"), text("weg"), Value::Empty],
            ],
        );
        let call = project.table(
            None,
            vec![column("id", Type::Integer), column("team", Type::Text).pointing_at(team.0, 0)],
            ["a", "b", "c", "d"].iter().map(|t| vec![Value::Int(1), text(t)]).collect(),
        );
        let names: Vec<Value> = (0..4).map(|r| eval(&project, call, r, &via(&[1, 1], 1, Type::Text))).collect();
        assert_eq!(names, [text("Burgerzaken"), Value::Empty, Value::Empty, Value::Empty]);
        let doubles: Vec<Value> = (0..4).map(|r| eval(&project, call, r, &via(&[1], 3, Type::Integer))).collect();
        assert_eq!(doubles, [Value::Int(6), Value::Int(8), Value::Empty, Value::Empty]);
    }

    #[test]
    fn columns_in_a_circle_are_empty() {
        let mut project = Project::new();
        let plus = |c| calc(Arithmetic::Add, col(c, Type::Integer), col(c, Type::Integer), Type::Integer);
        let columns = vec![column("id", Type::Integer), computed("a", plus(2)), computed("b", plus(1))];
        let table = project.table(None, columns, vec![vec![Value::Int(1)]]);
        assert_eq!(eval(&project, table, 0, &col(1, Type::Integer)), Value::Empty);
    }

    /// Calls (id, caller, moment, team, duration), and a table of callers over them.
    fn callers() -> (Project, TableId, TableId) {
        let mut project = Project::new();
        let call = |id, who: Value, when: &str, team: Value, length| {
            vec![Value::Int(id), who, moment(when), team, Value::Int(length)]
        };
        let calls = project.table(
            Some(2),
            vec![
                column("id", Type::Integer),
                column("beller", Type::Text),
                column("moment", Type::Moment),
                column("team", Type::Text),
                column("duur", Type::Duration),
            ],
            vec![
                call(1, text("x"), "2026-01-05 09:00", text("a"), 10),
                call(2, text("x"), "2026-01-06 09:00", text("b"), 15),
                call(3, text("x"), "2026-01-07 09:00", Value::Empty, 20),
                call(4, text("y"), "2026-01-04 09:00", Value::Empty, 1),
                call(5, Value::Empty, "2026-01-04 09:00", text("a"), 1),
                call(6, text("z"), "2026-01-04 09:00", text("a"), -1),
            ],
        );
        let length = || col(4, Type::Duration);
        let counted = cmp(Comparison::Greater, length(), lit(Value::Int(0), Type::Duration));
        let team = || col(3, Type::Text);
        let filled = expr_filled(team());
        let callers = project.derived(
            calls,
            Some(counted),
            Some(1),
            vec![
                key_of("beller", Type::Text, 1),
                aggregated("eerste", agg(AggFunc::Min, Some(col(2, Type::Moment)), Type::Moment)),
                aggregated("aantal", count()),
                aggregated("team", agg(AggFunc::Last, Some(team()), Type::Text).on(2)),
                aggregated("met_team", count().filtered(filled)),
                aggregated("gemiddeld", agg(AggFunc::Mean, Some(length()), Type::Duration)),
                aggregated("duur_a", agg(AggFunc::Sum, Some(length()), Type::Duration).filtered(is_team("a"))),
                computed("vaker", cmp(Comparison::Greater, col(2, Type::Integer), lit(Value::Int(1), Type::Integer))),
                aggregated("mediaan", agg(AggFunc::Median, Some(length()), Type::Duration)),
                aggregated("deel", agg(AggFunc::Percentage, Some(is_team("a")), Type::Percentage)),
            ],
        );
        (project, calls, callers)
    }

    fn expr_filled(x: RowExpr) -> RowExpr {
        expr(crate::model::RowKind::Filled(Box::new(x), true), Type::Bool)
    }

    fn is_team(name: &str) -> RowExpr {
        cmp(Comparison::Equal, col(3, Type::Text), lit(text(name), Type::Text))
    }

    fn row(project: &Project, table: TableId, row: usize) -> Vec<Value> {
        let columns = &project.model.table(table).columns;
        (0..columns.len()).map(|c| eval(project, table, row, &col(c, columns[c].ty))).collect()
    }

    #[test]
    fn derived_tables_have_one_row_per_key() {
        let (project, _, callers) = callers();
        // The latest row has no team: the latest that has one counts.
        assert_eq!(
            row(&project, callers, 0),
            [
                text("x"),
                moment("2026-01-05 09:00"),
                Value::Int(3),
                text("b"),
                Value::Int(2),
                Value::Int(15),
                Value::Int(10),
                YES,
                Value::Int(15),
                Value::Float(50.0),
            ]
        );
        assert_eq!(
            row(&project, callers, 1),
            [
                text("y"),
                moment("2026-01-04 09:00"),
                Value::Int(1),
                Value::Empty,
                Value::Int(0),
                Value::Int(1),
                Value::Int(0),
                NO,
                Value::Int(1),
                Value::Empty,
            ]
        );
        // Neither the empty caller nor the one whose only call is filtered out.
        assert_eq!(eval(&project, callers, 2, &col(0, Type::Text)), Value::Empty);
    }

    #[test]
    fn derived_tables_stand_on_each_other_and_in_relations() {
        let (mut project, calls, callers) = callers();
        let often =
            project.derived(callers, None, None, vec![key_of("vaker", Type::Bool, 7), aggregated("bellers", count())]);
        assert_eq!(row(&project, often, 0), [NO, Value::Int(1)]);
        assert_eq!(row(&project, often, 1), [YES, Value::Int(1)]);
        let caller = &mut project.model.tables[calls.0].columns[1];
        *caller = caller.clone().pointing_at(callers.0, 0);
        assert_eq!(eval(&project, calls, 2, &via(&[1], 2, Type::Integer)), Value::Int(3));
        assert_eq!(eval(&project, calls, 5, &via(&[1], 2, Type::Integer)), Value::Empty);
    }
}
