//! Formulas over aggregates: the value, and what stands behind it (teller, noemer, n).
//!
//! `n` is the rows evaluated in the denominator: of a division that of its second side, or of the first where the second
//! has no observations of its own (a stock or a number); of a sum or difference the smaller of both sides.

use super::rollup::Rollups;
use crate::calendar::Period;
use crate::measure::request::{Persons, stock_taken};
use crate::measure::{EmptyCount, Leaf, LeafValue, Member, Place, Quantity, Stock, Term};
use crate::model::expr::Arithmetic;

/// Where a term is evaluated.
pub(super) struct Cell<'c, 'a> {
    pub set: usize,
    pub members: &'c [Member],
    /// Index of the period.
    pub index: usize,
    /// Those of the reading.
    pub windows: &'c [Vec<Option<Period>>],
    /// The stretch of time at hand.
    pub window: &'c Period,
    pub rollups: &'c mut Rollups<'a>,
}

/// A value with its evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Evaluation {
    pub value: Option<f64>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub n: Option<u64>,
    pub n_empty: Option<u64>,
    /// See [`super::Figure::persons`].
    pub persons: Option<u64>,
}

/// A term in the windows of an index; without a window nothing is known.
pub(super) fn in_window(term: &Term, windows: usize, cell: &mut Cell<'_, '_>) -> Evaluation {
    let window = cell.windows.get(windows).and_then(|list| list.get(cell.index)).and_then(Option::as_ref);
    let Some(window) = window else { return Evaluation::default() };
    let Cell { set, members, index, windows, .. } = *cell;
    evaluate(term, &mut Cell { set, members, index, windows, window, rollups: &mut *cell.rollups })
}

fn evaluate(term: &Term, cell: &mut Cell<'_, '_>) -> Evaluation {
    match term {
        Term::Number(x) => Evaluation { value: Some(*x), ..Evaluation::default() },
        Term::Leaf(leaf) => evaluate_leaf(leaf, cell),
        Term::Negate(x) => {
            let x = evaluate(x, cell);
            Evaluation { value: x.value.map(|v| -v), numerator: None, denominator: None, ..x }
        }
        Term::Binary(Arithmetic::Divide, a, b) => ratio(1.0, evaluate(a, cell), evaluate(b, cell)),
        Term::Per(a, k, b) => {
            #[expect(clippy::cast_precision_loss, reason = "a scale such as 1000")]
            let k = *k as f64;
            ratio(k, evaluate(a, cell), evaluate(b, cell))
        }
        Term::Share(a, b) => ratio(100.0, evaluate(a, cell), evaluate(b, cell)),
        Term::Over(windows, x) => in_window(x, *windows, cell),
        Term::Index(x, base) => {
            let (now, base) = (evaluate(x, cell), evaluate(base, cell));
            Evaluation {
                n: now.n,
                n_empty: now.n_empty,
                persons: now.persons,
                value: ratio(100.0, now, base).value,
                ..Evaluation::default()
            }
        }
        Term::Yearly(x) => {
            let x = evaluate(x, cell);
            let factor = yearly(cell.window);
            let value = x.value.map(|v| v * factor.0 / factor.1);
            Evaluation { value, numerator: None, denominator: None, ..x }
        }
        Term::Portion(x) => {
            let part = evaluate(x, cell);
            let Cell { index, windows, window, .. } = *cell;
            // The first set is the total.
            let mut whole = Cell { set: 0, members: &[], index, windows, window, rollups: &mut *cell.rollups };
            let whole = evaluate(x, &mut whole);
            // The part itself is shown too, so its persons count.
            Evaluation { persons: fewest(part, whole), ..ratio(100.0, part, whole) }
        }
        Term::Observed { value, n } => {
            let observed = evaluate_leaf(n, cell).value;
            Evaluation { n: Some(observed.map_or(0, whole_number)), ..evaluate(value, cell) }
        }
        Term::Binary(op, a, b) => {
            let (a, b) = (evaluate(a, cell), evaluate(b, cell));
            let value = a.value.zip(b.value).map(|(x, y)| match op {
                Arithmetic::Add => x + y,
                Arithmetic::Subtract => x - y,
                Arithmetic::Multiply | Arithmetic::Divide => x * y,
            });
            let n = both(a.n, b.n, u64::min);
            let persons = fewest(a, b);
            let n_empty = both(a.n_empty, b.n_empty, u64::max);
            Evaluation { value, n, n_empty, persons, ..Evaluation::default() }
        }
    }
}

/// The days in the year of a window's first day, and those in the window.
fn yearly(window: &Period) -> (f64, f64) {
    let year = if window.from.leap_year() { 366.0 } else { 365.0 };
    (year, f64::from(window.until_day() - window.from_day()))
}

/// The fewer persons of two sides; where one knows none, its rows stand for them.
fn fewest(a: Evaluation, b: Evaluation) -> Option<u64> {
    a.persons.or(b.persons)?;
    both(a.persons.or(a.n), b.persons.or(b.n), u64::min)
}

fn both(a: Option<u64>, b: Option<u64>, pick: fn(u64, u64) -> u64) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(pick(a, b)),
        (a, b) => a.or(b),
    }
}

fn ratio(factor: f64, a: Evaluation, b: Evaluation) -> Evaluation {
    let value = match (a.value, b.value) {
        (Some(x), Some(y)) if y != 0.0 => Some(factor * x / y),
        _ => None,
    };
    let rests_on = if b.n.is_some() { b } else { a };
    Evaluation { value, numerator: a.value, denominator: b.value, ..rests_on }
}

/// An atom in the reading's own window, in its own unit.
pub(super) fn sum_in_window(place: &Place, atom: usize, cell: &mut Cell<'_, '_>) -> Option<f64> {
    let window = cell.windows.first()?.get(cell.index)?.as_ref()?;
    let (dimensions, members) = members_of(place, cell);
    let slots = cell.rollups.segments(place, window);
    to_float(&cell.rollups.atom(place, dimensions, &members, atom, slots))
}

fn evaluate_leaf(leaf: &Leaf, cell: &mut Cell<'_, '_>) -> Evaluation {
    if let LeafValue::Stock(stock) = leaf.value {
        return evaluate_stock(leaf, &stock, cell);
    }
    let evaluation = evaluate_rows(leaf, cell);
    let persons = leaf.persons.map(|persons| {
        let all = Reader::new(leaf, cell).persons(persons);
        // Each group is a person (`check::shield_groups`), and those that the condition left are `n`.
        if persons.chosen { evaluation.n.map_or(all, |n| n.min(all)) } else { all }
    });
    Evaluation { persons, ..evaluation }
}

fn evaluate_rows(leaf: &Leaf, cell: &mut Cell<'_, '_>) -> Evaluation {
    let mut reader = Reader::new(leaf, cell);
    let present = reader.presence() > 0;
    let n_empty = match leaf.empty {
        None => 0,
        Some(EmptyCount::Atom(atom)) => reader.count(atom),
        Some(EmptyCount::Difference { all, with_value }) => reader.count(all).saturating_sub(reader.count(with_value)),
    };
    let n_empty = Some(n_empty + reader.rows_left_out());
    let only = |value: Option<f64>, n: u64| Evaluation { value, n: Some(n), n_empty, ..Evaluation::default() };
    match leaf.value {
        LeafValue::Count { rows } => {
            let n = reader.count(rows);
            only(present.then(|| exact(n)), n)
        }
        LeafValue::Sum { sum, n } => {
            let value = reader.number(sum).or_else(|| present.then_some(0.0));
            only(value, reader.count(n))
        }
        LeafValue::Mean { sum, n } => {
            let n = reader.count(n);
            only(if n > 0 { reader.mean(sum, n) } else { None }, n)
        }
        LeafValue::Min { value, n } | LeafValue::Max { value, n } => {
            let value = reader.number(value);
            only(value, reader.count(n))
        }
        LeafValue::WeightedMean { sum, of, n } => {
            let value = match (reader.number(sum), reader.number(of)) {
                (Some(sum), Some(of)) if of != 0.0 => Some(sum / of),
                _ => None,
            };
            only(value, reader.count(n))
        }
        LeafValue::WeightedPercentage { yes, of, n } | LeafValue::Top { top: yes, of, n } => {
            let mut sum = |atom| reader.number(atom).or_else(|| present.then_some(0.0));
            let (numerator, denominator) = (sum(yes), sum(of));
            let value = match (numerator, denominator) {
                (Some(yes), Some(of)) if of != 0.0 => Some(100.0 * yes / of),
                _ => None,
            };
            let n = Some(reader.count(n));
            Evaluation { value, numerator, denominator, n, n_empty, ..Evaluation::default() }
        }
        LeafValue::Percentage { yes, of } => {
            let (yes, of) = (reader.count(yes), reader.count(of));
            let share = (of > 0).then(|| 100.0 * exact(yes) / exact(of));
            let part = |n: u64| present.then(|| exact(n));
            let (numerator, denominator) = (part(yes), part(of));
            Evaluation { value: share, numerator, denominator, n: Some(of), n_empty, ..Evaluation::default() }
        }
        LeafValue::Stock(_) => Evaluation::default(),
        LeafValue::Last { last } => Evaluation { value: reader.last(last), ..Evaluation::default() },
        LeafValue::Distinct { holistic, n } => {
            let distinct = reader.holistic(holistic, 0).or_else(|| present.then_some(0.0));
            only(distinct, reader.count(n))
        }
        LeafValue::Percentile { holistic, index, n } => {
            let value = reader.holistic(holistic, index);
            only(value, reader.count(n))
        }
    }
}

/// A sum of whole numbers as a count; below nothing there are none.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded, and not below 0")]
fn whole_number(x: f64) -> u64 {
    x.round().max(0.0) as u64
}

/// Rows begun less rows ended. A period that begins at or after the peilmoment has no stock yet, and a source without
/// any row that has begun says nothing.
fn evaluate_stock(leaf: &Leaf, stock: &Stock, cell: &mut Cell<'_, '_>) -> Evaluation {
    let taken = stock_taken(cell.window, stock.peilmoment, stock.peilmoment_day);
    let Some((end, end_day)) = taken else {
        let persons = stock.persons.then_some(0);
        return Evaluation { n: Some(0), n_empty: Some(0), persons, ..Evaluation::default() };
    };
    let reader = Reader::new(leaf, cell);
    let mut until = |axis: usize, atom: usize, members: bool| {
        let slots = reader.cell.rollups.until(leaf.place.scan, axis, end, end_day);
        let place = Place { axis, ..leaf.place.clone() };
        let (dimensions, key) =
            if members { (reader.dimensions.clone(), reader.members.clone()) } else { (Vec::new(), Vec::new()) };
        count(&reader.cell.rollups.atom(&place, dimensions, &key, atom, slots))
    };
    let present = until(leaf.place.axis, leaf.presence, false) > 0;
    let mut open = |begun, ended| until(leaf.place.axis, begun, true).saturating_sub(until(stock.ends, ended, true));
    let rows = open(stock.begun, stock.ended);
    let n_empty = stock.empty.map_or(0, |(begun, ended)| open(begun, ended));
    let without = stock.without.is_some_and(|(begun, ended)| open(begun, ended) > 0);
    let persons = stock.persons.then(|| reader.open_persons(end, end_day) + u64::from(without));
    let value = present.then(|| exact(rows));
    Evaluation { value, n: Some(rows), n_empty: Some(n_empty), persons, ..Evaluation::default() }
}

/// Counts are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn exact(n: u64) -> f64 {
    n as f64
}

/// The scan's dimensions at hand, and the cell's members in their order.
fn members_of(place: &Place, cell: &Cell<'_, '_>) -> (Vec<usize>, Vec<Member>) {
    let dimensions = place.dimensions(cell.set);
    let mapping = place.sets.get(cell.set).map(Vec::as_slice).unwrap_or_default();
    let member = |d: &usize| mapping.iter().position(|m| *m == Some(*d)).and_then(|i| cell.members.get(i)).cloned();
    let members = dimensions.iter().filter_map(member).collect();
    (dimensions, members)
}

/// Reads the atoms of one leaf for one cell.
struct Reader<'r, 'c, 'a> {
    leaf: &'r Leaf,
    cell: &'r mut Cell<'c, 'a>,
    dimensions: Vec<usize>,
    /// The members in the order of `dimensions`.
    members: Vec<Member>,
}

impl<'r, 'c, 'a> Reader<'r, 'c, 'a> {
    fn new(leaf: &'r Leaf, cell: &'r mut Cell<'c, 'a>) -> Self {
        let (dimensions, members) = members_of(&leaf.place, cell);
        Self { leaf, cell, dimensions, members }
    }

    fn slots(&self) -> std::ops::Range<usize> {
        self.cell.rollups.segments(&self.leaf.place, self.cell.window)
    }

    fn atom(&mut self, atom: usize) -> Quantity {
        if let Some(groups) = self.leaf.groups {
            let Cell { rollups, window, .. } = &*self.cell;
            let (place, index) = (&self.leaf.place, groups.first + atom);
            return rollups.holistic(place, &self.dimensions, &self.members, groups.holistic, window, index);
        }
        self.of_rows(atom)
    }

    /// Rows of which something was left out before there were groups.
    fn rows_left_out(&mut self) -> u64 {
        let atom = self.leaf.groups.and_then(|groups| groups.rows_left_out);
        atom.map_or(0, |atom| count(&self.of_rows(atom)))
    }

    fn of_rows(&mut self, atom: usize) -> Quantity {
        let slots = self.slots();
        self.cell.rollups.atom(&self.leaf.place, self.dimensions.clone(), &self.members, atom, slots)
    }

    /// Rows of the source in the period, of any member.
    fn presence(&mut self) -> u64 {
        let slots = self.slots();
        count(&self.cell.rollups.atom(&self.leaf.place, Vec::new(), &[], self.leaf.presence, slots))
    }

    fn count(&mut self, atom: usize) -> u64 {
        count(&self.atom(atom))
    }

    /// In the base unit.
    fn number(&mut self, atom: usize) -> Option<f64> {
        to_float(&self.atom(atom)).map(|v| v / self.leaf.scale)
    }

    fn mean(&mut self, atom: usize, n: u64) -> Option<f64> {
        to_float(&self.atom(atom)).map(|v| v / (exact(n) * self.leaf.scale))
    }

    /// Of all segments up to the period's end.
    fn last(&mut self, atom: usize) -> Option<f64> {
        let slots = 0..self.slots().end;
        match self.cell.rollups.atom(&self.leaf.place, self.dimensions.clone(), &self.members, atom, slots) {
            Quantity::Last { value, .. } => to_float(&value).map(|v| v / self.leaf.scale),
            _ => None,
        }
    }

    /// The different persons in the rows that are open at a moment.
    fn open_persons(&self, end: i64, end_day: i64) -> u64 {
        let Leaf { place, open, .. } = self.leaf;
        let rollups = &self.cell.rollups;
        let bound = if rollups.is_date(place) { end_day } else { end };
        let Some((_, holistic)) = open.iter().find(|(at, _)| *at == bound) else { return 0 };
        count(&rollups.holistic_at(place, &self.dimensions, &self.members, *holistic, (i64::MIN, bound), 0))
    }

    /// The known ones, and one for all rows without.
    fn persons(&mut self, persons: Persons) -> u64 {
        let Cell { rollups, window, .. } = &*self.cell;
        let known = rollups.holistic(&self.leaf.place, &self.dimensions, &self.members, persons.known, window, 0);
        // Persons are counted over the rows, also where the value is calculated from groups.
        let without = persons.without.is_some_and(|atom| count(&self.of_rows(atom)) > 0);
        count(&known) + u64::from(without)
    }

    fn holistic(&mut self, holistic: usize, index: usize) -> Option<f64> {
        if self.leaf.groups.is_some() {
            return self.number(index);
        }
        let Cell { rollups, window, .. } = &*self.cell;
        let found = rollups.holistic(&self.leaf.place, &self.dimensions, &self.members, holistic, window, index);
        to_float(&found).map(|v| v / self.leaf.scale)
    }
}

fn count(quantity: &Quantity) -> u64 {
    if let Quantity::Int(n) = quantity { u64::try_from(*n).unwrap_or(0) } else { 0 }
}

#[expect(clippy::cast_precision_loss, reason = "the one place where an exact sum becomes a float")]
fn to_float(quantity: &Quantity) -> Option<f64> {
    match quantity {
        Quantity::Int(n) => Some(*n as f64),
        Quantity::Float(x) => Some(*x),
        Quantity::None | Quantity::Last { .. } => None,
    }
}
