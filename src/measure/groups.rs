//! An aggregate in two levels: the rows that are grouped, and the atoms over the groups.

use super::leaf::{Atoms, LeafParts, Target, may_be_empty, persons};
use super::lower::{and, any, filled, lower};
use super::request::{GroupLeaf, Leaf, Persons, Place};
use super::scan::{AtomOp, HolisticOp, Outer, OuterOp};
use crate::model::{AggFunc, Aggregate, ColumnKind, ColumnRef, Groups, Model, RowExpr, TableId};

pub(super) struct Level<'a> {
    pub model: &'a Model,
    /// The table of the rows.
    pub table: TableId,
    pub aggregate: &'a Aggregate,
    pub groups: &'a Groups,
    /// Whether persons are counted: those in the rows that are grouped.
    pub shielded: bool,
    pub peilmoment: i64,
}

impl Level<'_> {
    /// Adds what must be computed and says where its values lie. `filter` is that of the source use and `--where`.
    pub(super) fn leaf(&self, filter: Option<&RowExpr>, mut target: Target<'_>, place: Place, presence: usize) -> Leaf {
        let mut judgeable = Vec::new();
        let mut lowered = |expr: &RowExpr| {
            let lowered = lower(expr, self.model.zone, self.peilmoment);
            judgeable.extend(lowered.judgeable);
            lowered.value
        };
        let population = and(filter.into_iter().chain(&self.groups.rows).map(&mut lowered));
        let keys: Vec<RowExpr> = self.groups.keys.iter().map(&mut lowered).collect();
        let left_out = self.left_out(population.as_ref(), &keys, &judgeable);
        let rows_left_out = left_out.map(|filter| target.atom(AtomOp::Count, Some(filter)));

        let mut outer = Level2 { table: self.groups.table, list: Vec::new() };
        let parts = LeafParts::new(self.model, self.groups.table, self.aggregate, None, None, self.peilmoment);
        let empty = parts.empty(&mut outer);
        // No `laatste` over groups, so there is no column to go by.
        let value = parts.value(&mut outer, &ColumnRef::own(0));
        let rows = and(population.into_iter().chain(judgeable));
        let with_key = keys.iter().filter(|key| may_be_empty(self.model, self.table, key));
        let grouped = and(rows.clone().into_iter().chain(with_key.map(|key| filled(key.clone(), true))));
        let persons = if self.shielded { persons(self.model, self.table, grouped, &mut target) } else { None };
        let persons = persons.map(|p| Persons { chosen: self.aggregate.filter.is_some(), ..p });
        let (holistic, first) = target.holistic(HolisticOp::Groups { keys, outer: outer.list }, rows);
        let groups = Some(GroupLeaf { holistic, first, rows_left_out });
        Leaf { place, value, scale: parts.scale(), presence, empty, groups, persons, open: Vec::new() }
    }

    /// The rows of which something is left out as empty before there are groups: the whole row, or its part in one of
    /// the inner aggregates. Each counts once.
    fn left_out(&self, population: Option<&RowExpr>, keys: &[RowExpr], judgeable: &[RowExpr]) -> Option<RowExpr> {
        let empty = |x: &&RowExpr| may_be_empty(self.model, self.table, x);
        let whole = || population.cloned().into_iter();
        let mut cases: Vec<RowExpr> =
            population.iter().copied().filter(empty).map(|p| filled(p.clone(), false)).collect();
        let without_key = any(keys.iter().filter(empty).map(|key| filled(key.clone(), false)).collect());
        cases.extend(without_key.and_then(|case| and(whole().chain([case]))));
        let with_key: Vec<RowExpr> = keys.iter().filter(empty).map(|key| filled(key.clone(), true)).collect();
        for column in &self.model.table(self.groups.table).columns {
            // What is `laatste` passes over empty values by its nature.
            if let ColumnKind::Aggregated(inner) = &column.kind
                && inner.func != AggFunc::Last
            {
                let parts = LeafParts::new(self.model, self.table, inner, None, None, self.peilmoment);
                cases.extend(
                    parts.left_out().and_then(|case| and(whole().chain(with_key.iter().cloned()).chain([case]))),
                );
            }
        }
        any(cases).and_then(|case| and(judgeable.iter().cloned().chain([case])))
    }
}

/// The atoms over groups.
struct Level2 {
    table: TableId,
    list: Vec<Outer>,
}

impl Level2 {
    fn add(&mut self, op: OuterOp, filter: Option<RowExpr>) -> usize {
        let wanted = Outer { table: self.table, op, filter };
        let known = self.list.iter().position(|outer| *outer == wanted);
        known.unwrap_or_else(|| {
            self.list.push(wanted);
            self.list.len() - 1
        })
    }
}

impl Atoms for Level2 {
    fn atom(&mut self, op: AtomOp, filter: Option<RowExpr>) -> usize {
        self.add(OuterOp::Atom(op), filter)
    }

    /// All values lie in one holistic aggregate, which is known later.
    fn percentile(&mut self, of: RowExpr, p: f64, filter: Option<RowExpr>) -> (usize, usize) {
        (0, self.add(OuterOp::Percentile(of, p), filter))
    }

    /// Not over groups: the model has none. Their number is a bound.
    fn distinct(&mut self, _: RowExpr, filter: Option<RowExpr>) -> usize {
        self.atom(AtomOp::Count, filter)
    }

    fn top(&mut self, of: RowExpr, p: f64, filter: Option<RowExpr>) -> usize {
        self.add(OuterOp::Top(of, p), filter)
    }
}
