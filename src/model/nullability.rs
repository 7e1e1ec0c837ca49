//! Can an expression be empty? Follows what is known of a row (a population, a guard, a branch) through an expression and
//! through the computed columns that it uses. It never says "never empty" wrongly; where it cannot see, it says "can be".
//!
//! Knows the model only: no messages.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::expr::{Arithmetic, ColumnRef, RowExpr, RowKind, Value};
use super::table::{ColumnKind, Origin, TableId};
use super::{Aggregate, Groups, Kpi, Model, SourceUse};

/// How many steps one question may take before it is answered with "can be empty".
const FUEL: u32 = 20_000;

/// What is known of a row of one table: columns that are filled in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(BTreeSet<ColumnRef>);

impl Facts {
    /// Takes in what another knows of the same row.
    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Adds that a column is filled.
    pub fn fill(&mut self, column: ColumnRef) {
        self.0.insert(column);
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.add(other);
        self
    }

    /// Whether the row that `via` leads to is known to exist.
    fn reaches(&self, via: &[usize]) -> bool {
        self.0.iter().any(|known| known.via.starts_with(via))
    }
}

/// Whether an expression over a row of `table` can be empty where `facts` hold.
#[must_use]
pub fn nullable(model: &Model, table: TableId, expr: &RowExpr, facts: &Facts) -> bool {
    let fuel = Cell::new(FUEL);
    View { model, table, fuel: &fuel, facts, memo: RefCell::default() }.nullable(&[], expr)
}

/// The columns because of which an expression can be empty, in order of appearance. Empty with a nullable expression when
/// only a division is to blame.
#[must_use]
pub fn culprits(model: &Model, table: TableId, expr: &RowExpr, facts: &Facts) -> Vec<ColumnRef> {
    let mut found = Vec::new();
    expr.walk(&mut |part| {
        if let RowKind::Column(column) = &part.kind
            && !found.contains(column)
            && nullable(model, table, part, facts)
            && !nullable(model, table, expr, &facts.clone().and(filled(model, table, part)))
        {
            found.push(column.clone());
        }
    });
    if found.is_empty() {
        // Only together do they make it empty.
        expr.walk(&mut |part| {
            if let RowKind::Column(column) = &part.kind
                && !found.contains(column)
                && nullable(model, table, part, facts)
            {
                found.push(column.clone());
            }
        });
        let mut all = facts.clone();
        for column in &found {
            all.fill(column.clone());
        }
        if nullable(model, table, expr, &all) {
            found.clear();
        }
    }
    found
}

/// What is known of a row of `table` when `condition` is `ja` in it.
#[must_use]
pub fn when_true(model: &Model, table: TableId, condition: &RowExpr) -> Facts {
    Implied { model, table }.outcome(&[], condition, true).unwrap_or_default()
}

/// What is known when an expression over a row of `table` is not empty.
#[must_use]
pub fn filled(model: &Model, table: TableId, expr: &RowExpr) -> Facts {
    let mut facts = Facts::default();
    Implied { model, table }.filled(&[], expr, &mut facts);
    facts
}

/// What holds in every row that an aggregate of a KPI evaluates, apart from the aggregate's own `waarbij`. Of a
/// calculation in two levels these are groups, of which nothing is known beforehand.
#[must_use]
pub fn population(model: &Model, kpi: &Kpi, aggregate: &Aggregate) -> Facts {
    let Some(source) = kpi.sources.get(aggregate.source).filter(|_| aggregate.per.is_none()) else {
        return Facts::default();
    };
    let axis = aggregate.on.as_ref().unwrap_or(&source.axis);
    rows(model, source.table, source.filter.as_ref(), Some(axis))
}

/// Whether a source use leaves out the rows without a place in time itself.
#[must_use]
pub fn sure_of_axis(model: &Model, used: &SourceUse) -> bool {
    let facts = rows(model, used.table, used.filter.as_ref(), None);
    facts.0.contains(&used.axis)
}

/// What holds in every row of the groups of a calculation in two levels.
#[must_use]
pub fn group_population(model: &Model, kpi: &Kpi, aggregate: &Aggregate) -> Facts {
    let (Some(source), Some(groups)) = (kpi.sources.get(aggregate.source), &aggregate.per) else {
        return Facts::default();
    };
    let facts = rows(model, source.table, source.filter.as_ref(), Some(&source.axis));
    facts.and(grouped(model, source.table, groups))
}

/// What holds in the rows of a table that pass a filter and have a place in time.
#[must_use]
pub fn rows(model: &Model, table: TableId, filter: Option<&RowExpr>, axis: Option<&ColumnRef>) -> Facts {
    let mut facts = filter.map(|f| when_true(model, table, f)).unwrap_or_default();
    if let Some(axis) = axis {
        Implied { model, table }.column(&[], axis, &mut facts);
    }
    facts
}

/// What holds in the rows of `table` that belong to a group.
#[must_use]
pub fn grouped(model: &Model, table: TableId, groups: &Groups) -> Facts {
    let facts = groups.rows.as_ref().map(|f| when_true(model, table, f)).unwrap_or_default();
    groups.keys.iter().fold(facts, |facts, key| facts.and(filled(model, table, key)))
}

/// What holds in every row of the base that an aggregate of a derived table evaluates, apart from its own `waarbij`.
#[must_use]
pub fn base_population(model: &Model, table: TableId) -> Facts {
    let derived = model.table(table);
    let Origin::Derived { base, filter } = &derived.origin else { return Facts::default() };
    let mut facts = filter.as_ref().map(|f| when_true(model, *base, f)).unwrap_or_default();
    for column in &derived.columns {
        if let ColumnKind::Key(index) = column.kind {
            facts.fill(ColumnRef::own(index));
        }
    }
    facts
}

/// An expression's place: seen from the asking row through `prefix`.
fn seen(prefix: &[usize], column: &ColumnRef) -> ColumnRef {
    ColumnRef { via: [prefix, &column.via].concat(), column: column.column }
}

/// One question under fixed facts.
struct View<'a> {
    model: &'a Model,
    table: TableId,
    fuel: &'a Cell<u32>,
    facts: &'a Facts,
    memo: RefCell<BTreeMap<ColumnRef, bool>>,
}

impl View<'_> {
    fn nullable(&self, prefix: &[usize], expr: &RowExpr) -> bool {
        let left = self.fuel.get();
        if left == 0 {
            return true;
        }
        self.fuel.set(left - 1);
        let any = |list: &[RowExpr]| list.iter().any(|x| self.nullable(prefix, x));
        match &expr.kind {
            RowKind::Column(column) => self.column(prefix, column),
            RowKind::Constant(value) => value.is_empty(),
            RowKind::Peilmoment | RowKind::Filled(..) => false,
            RowKind::Not(x) | RowKind::Negate(x) | RowKind::In(x, _) => self.nullable(prefix, x),
            RowKind::And(list) => self.junction(prefix, list, true),
            RowKind::Or(list) => self.junction(prefix, list, false),
            RowKind::Compare(_, a, b) => self.nullable(prefix, a) || self.nullable(prefix, b),
            RowKind::Arithmetic(op, a, b) => {
                *op == Arithmetic::Divide && !is_nonzero(b) || self.nullable(prefix, a) || self.nullable(prefix, b)
            }
            RowKind::If(condition, yes, no) => {
                let otherwise = !self.nullable(prefix, condition);
                self.under(prefix, condition, true, |view| view.nullable(prefix, yes))
                    || if otherwise {
                        self.under(prefix, condition, false, |view| view.nullable(prefix, no))
                    } else {
                        self.nullable(prefix, no)
                    }
            }
            RowKind::Coalesce(list) => list.iter().all(|x| self.nullable(prefix, x)),
            RowKind::Function(_, list) => any(list),
            RowKind::Timely { due, .. } => self.nullable(prefix, due),
            // A blank text is empty too.
            RowKind::Member(_, _, x) => !matches!(x.kind, RowKind::Constant(_)),
            // Rows outside its population are asked nothing.
            RowKind::Repeats(r) => any(&r.keys) || self.nullable(prefix, &r.axis),
        }
    }

    /// Whether `ask` holds when `condition` has the given outcome; an impossible outcome makes nothing empty.
    fn under(&self, prefix: &[usize], condition: &RowExpr, outcome: bool, ask: impl Fn(&View<'_>) -> bool) -> bool {
        let implied = Implied { model: self.model, table: self.table };
        implied.outcome(prefix, condition, outcome).is_some_and(|facts| {
            let facts = self.facts.clone().and(facts);
            ask(&View { facts: &facts, memo: RefCell::default(), ..*self })
        })
    }

    /// `en` (`keep` is true) and `of` (`keep` is false). When the whole is empty, every part is empty or `keep`; so the
    /// parts that cannot be empty are `keep`, which tells something about the others.
    fn junction(&self, prefix: &[usize], list: &[RowExpr], keep: bool) -> bool {
        let mut open: Vec<&RowExpr> = list.iter().collect();
        let mut facts = self.facts.clone();
        loop {
            let view = View { facts: &facts, memo: RefCell::default(), ..*self };
            let (empty, sure): (Vec<_>, Vec<_>) = open.iter().copied().partition(|x| view.nullable(prefix, x));
            if empty.is_empty() {
                return false;
            }
            if sure.is_empty() || self.fuel.get() == 0 {
                return true;
            }
            let implied = Implied { model: self.model, table: self.table };
            let mut more = facts.clone();
            for part in sure {
                match implied.outcome(prefix, part, keep) {
                    Some(known) => more.add(known),
                    // This part is never `keep`, so the whole is decided by it.
                    None => return false,
                }
            }
            open = empty;
            facts = more;
        }
    }

    fn column(&self, prefix: &[usize], column: &ColumnRef) -> bool {
        let full = seen(prefix, column);
        if self.facts.0.contains(&full) {
            return false;
        }
        if !full.via.is_empty() && !self.facts.reaches(&full.via) {
            return true;
        }
        let target = self.model.column(self.table, &full);
        let ColumnKind::Computed(definition) = &target.kind else { return target.nullable };
        if !target.nullable || self.facts.0.is_empty() {
            return target.nullable;
        }
        if let Some(&known) = self.memo.borrow().get(&full) {
            return known;
        }
        let answer = self.nullable(&full.via, definition);
        self.memo.borrow_mut().insert(full, answer);
        answer
    }
}

/// What follows from an outcome.
#[derive(Clone, Copy)]
struct Implied<'a> {
    model: &'a Model,
    table: TableId,
}

impl Implied<'_> {
    /// What is known when `expr` is not empty.
    fn filled(self, prefix: &[usize], expr: &RowExpr, facts: &mut Facts) {
        match &expr.kind {
            RowKind::Column(column) => self.column(prefix, column, facts),
            RowKind::Not(x) | RowKind::Negate(x) | RowKind::In(x, _) | RowKind::Member(_, _, x) => {
                self.filled(prefix, x, facts);
            }
            RowKind::Compare(_, a, b) | RowKind::Arithmetic(_, a, b) => {
                self.filled(prefix, a, facts);
                self.filled(prefix, b, facts);
            }
            RowKind::Function(_, list) => list.iter().for_each(|x| self.filled(prefix, x, facts)),
            RowKind::Timely { due, .. } => self.filled(prefix, due, facts),
            RowKind::Repeats(r) => r.keys.iter().chain([&r.axis]).for_each(|x| self.filled(prefix, x, facts)),
            RowKind::Coalesce(list) if list.len() == 1 => list.iter().for_each(|x| self.filled(prefix, x, facts)),
            RowKind::Constant(_)
            | RowKind::Peilmoment
            | RowKind::And(_)
            | RowKind::Or(_)
            | RowKind::Filled(..)
            | RowKind::If(..)
            | RowKind::Coalesce(_) => {}
        }
    }

    fn column(self, prefix: &[usize], column: &ColumnRef, facts: &mut Facts) {
        let full = seen(prefix, column);
        if !facts.0.insert(full.clone()) {
            return;
        }
        // A value behind a relation tells that the relation itself is filled.
        if let Some((&last, before)) = full.via.split_last() {
            self.column(&[], &ColumnRef { via: before.to_vec(), column: last }, facts);
            // And of a dated one also its moment.
            let here = self.model.table(self.model.target(self.table, before));
            if let Some(at) = here.columns.get(last).and_then(|c| c.relation?.at) {
                self.column(&[], &ColumnRef { via: before.to_vec(), column: at }, facts);
            }
        }
        if let ColumnKind::Computed(definition) = &self.model.column(self.table, &full).kind {
            self.filled(&full.via, definition, facts);
        }
    }

    /// What is known when `expr` is `ja` (or `nee`); nothing at all when it never is.
    fn outcome(self, prefix: &[usize], expr: &RowExpr, yes: bool) -> Option<Facts> {
        match &expr.kind {
            RowKind::Constant(Value::Bool(value)) => (*value == yes).then(Facts::default),
            RowKind::Not(x) => self.outcome(prefix, x, !yes),
            RowKind::And(list) if yes => self.all(prefix, list, yes),
            RowKind::Or(list) if !yes => self.all(prefix, list, yes),
            RowKind::And(list) | RowKind::Or(list) => self.either(prefix, list, yes),
            RowKind::Filled(x, filled) => {
                let mut facts = Facts::default();
                if *filled == yes {
                    self.filled(prefix, x, &mut facts);
                }
                Some(facts)
            }
            RowKind::Timely { done, due } => {
                let mut facts = Facts::default();
                self.filled(prefix, due, &mut facts);
                if yes {
                    self.filled(prefix, done, &mut facts);
                }
                Some(facts)
            }
            _ => {
                let mut facts = Facts::default();
                self.filled(prefix, expr, &mut facts);
                Some(facts)
            }
        }
    }

    fn all(self, prefix: &[usize], list: &[RowExpr], yes: bool) -> Option<Facts> {
        list.iter().try_fold(Facts::default(), |known, x| Some(known.and(self.outcome(prefix, x, yes)?)))
    }

    fn either(self, prefix: &[usize], list: &[RowExpr], yes: bool) -> Option<Facts> {
        list.iter()
            .filter_map(|x| self.outcome(prefix, x, yes))
            .reduce(|a, b| Facts(a.0.intersection(&b.0).cloned().collect()))
    }
}

fn is_nonzero(expr: &RowExpr) -> bool {
    match &expr.kind {
        RowKind::Constant(Value::Int(n)) => *n != 0,
        RowKind::Constant(Value::Float(x)) => *x != 0.0,
        RowKind::Constant(Value::Money(n)) => *n != 0,
        _ => false,
    }
}
