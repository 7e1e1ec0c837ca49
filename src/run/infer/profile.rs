//! What all values of one column have in common. Values pass one by one; nothing of them is kept but counts, ends, a few
//! different texts and, as long as all are different, their hashes.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use super::personal::Suspicion;
use super::shape::Shapes;

/// A value as the file has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Empty,
    Text(&'a str),
    Int(i64),
    Float(f64),
    /// A number with so many decimals, as float.
    Decimal(f64),
    Bool(bool),
    /// Days since 1970-01-01.
    Day(i64),
    /// µs since 1970, as the file counts (local or UTC).
    Moment(i64),
    /// µs
    Duration(i64),
}

/// The different texts that are kept, at most.
const FEW: usize = 40;

/// One column, as far as it has been read.
#[derive(Debug)]
pub struct Column {
    /// Its name in the file.
    pub name: String,
    pub filled: u64,
    pub empty: u64,
    pub texts: u64,
    pub ints: u64,
    pub floats: u64,
    pub decimals: u64,
    pub bools: u64,
    pub days: u64,
    pub moments: u64,
    pub durations: u64,
    /// Numbers, also those that texts write: the least and the greatest.
    pub numbers: Option<(f64, f64)>,
    /// Of days and moments, in days since 1970.
    pub span: Option<(i64, i64)>,
    /// Moments that are no midnight.
    pub clocked: u64,
    pub shapes: Shapes,
    pub suspicion: Suspicion,
    /// The different texts with how often they occur; nothing once there are more than a few.
    pub few: Option<BTreeMap<String, u64>>,
    /// Of all values so far; nothing once one came back.
    different: Option<BTreeSet<u64>>,
}

const DAY: i64 = 86_400_000_000;

impl Column {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            filled: 0,
            empty: 0,
            texts: 0,
            ints: 0,
            floats: 0,
            decimals: 0,
            bools: 0,
            days: 0,
            moments: 0,
            durations: 0,
            numbers: None,
            span: None,
            clocked: 0,
            shapes: Shapes::default(),
            suspicion: Suspicion::default(),
            few: Some(BTreeMap::new()),
            different: Some(BTreeSet::new()),
        }
    }

    pub fn add(&mut self, cell: &Cell<'_>) {
        if matches!(cell, Cell::Empty) || matches!(cell, Cell::Text(text) if text.trim().is_empty()) {
            self.empty += 1;
            return;
        }
        self.filled += 1;
        if let Some(different) = &mut self.different
            && !different.insert(hash([cell]))
        {
            self.different = None;
        }
        match *cell {
            Cell::Empty => {}
            Cell::Text(text) => self.text(text.trim()),
            Cell::Int(n) => {
                self.ints += 1;
                self.suspicion.number(n);
                #[expect(clippy::cast_precision_loss, reason = "a range for people")]
                self.number(n as f64);
            }
            Cell::Float(x) => {
                self.floats += 1;
                self.number(x);
            }
            Cell::Decimal(x) => {
                self.decimals += 1;
                self.number(x);
            }
            Cell::Bool(_) => self.bools += 1,
            Cell::Day(day) => {
                self.days += 1;
                self.day(day);
            }
            Cell::Moment(moment) => {
                self.moments += 1;
                self.clocked += u64::from(moment.rem_euclid(DAY) != 0);
                self.day(moment.div_euclid(DAY));
            }
            Cell::Duration(_) => self.durations += 1,
        }
    }

    fn text(&mut self, text: &str) {
        self.texts += 1;
        self.suspicion.text(text);
        if let Some(number) = self.shapes.add(text) {
            self.number(number);
        }
        if let Some(few) = &mut self.few {
            if let Some(count) = few.get_mut(text) {
                *count += 1;
            } else if few.len() < FEW {
                few.insert(text.to_owned(), 1);
            } else {
                self.few = None;
            }
        }
    }

    fn number(&mut self, x: f64) {
        let (low, high) = self.numbers.unwrap_or((x, x));
        self.numbers = Some((low.min(x), high.max(x)));
    }

    fn day(&mut self, day: i64) {
        let (low, high) = self.span.unwrap_or((day, day));
        self.span = Some((low.min(day), high.max(day)));
    }

    /// Whether no value came twice. A fact: two different values with one hash would only hide it.
    pub fn is_different(&self) -> bool {
        self.different.is_some()
    }

    /// Whether every row has a value and no two the same.
    pub fn is_key(&self) -> bool {
        self.filled > 0 && self.empty == 0 && self.is_different()
    }

    /// The days that the texts of the column write, by a pattern.
    pub fn text_span(&self) -> Option<(i64, i64)> {
        self.span.or_else(|| self.shapes.span())
    }
}

/// One number for the values of some cells.
pub fn hash<'a>(cells: impl IntoIterator<Item = &'a Cell<'a>>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for cell in cells {
        std::mem::discriminant(cell).hash(&mut hasher);
        match *cell {
            Cell::Empty => {}
            Cell::Text(text) => text.trim().hash(&mut hasher),
            Cell::Int(n) | Cell::Day(n) | Cell::Moment(n) | Cell::Duration(n) => n.hash(&mut hasher),
            Cell::Float(x) | Cell::Decimal(x) => x.to_bits().hash(&mut hasher),
            Cell::Bool(truth) => truth.hash(&mut hasher),
        }
    }
    hasher.finish()
}
