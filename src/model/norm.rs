//! Norms: bounds with validity, and the reference values that never decide a status.

use chrono::NaiveDate;

use super::expr::{Comparison, RowExpr};
use crate::source::Span;

/// The norm answer of a KPI. Values are in the base of the KPI's unit: percentage 0–100, seconds, euro, days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Norms {
    /// Disjoint in validity, in order of time.
    pub bounds: Vec<Bound>,
    /// `geen "reden"`
    pub none: Option<String>,
    pub references: Vec<Reference>,
    /// `per kanaal { … }`: then `bounds` are those of the total alone.
    pub per: Option<Box<MemberNorms>>,
    /// Values that come from the rows: what [`BoundTest::Data`] refers to.
    pub data: Vec<DataLimit>,
}

/// The norms of the members of one dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberNorms {
    /// Name of the dimension, as the KPI calls it.
    pub dimension: String,
    /// By the label of the member.
    pub named: Vec<(String, Norms)>,
    /// `overig`: every other member.
    pub rest: Option<Norms>,
    /// Of `totaal` alone; those beside the block hold for every row.
    pub total_references: Vec<Reference>,
    pub span: Span,
}

/// A value that comes from the rows of a source use, and is one within a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct DataLimit {
    /// Index in the KPI's sources.
    pub source: usize,
    pub expr: RowExpr,
    pub span: Span,
}

/// What the rows of a cell say of a [`DataLimit`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Limit {
    /// There are no rows, or it is empty in all of them.
    #[default]
    None,
    /// All rows say this, in the base of its unit.
    One(f64),
    /// It differs from row to row: from the least to the greatest, and empty in so many rows.
    Several { low: f64, high: f64, empty: u64 },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    pub test: BoundTest,
    /// First day on which it holds; none = always before.
    pub from: Option<NaiveDate>,
    /// First day on which it no longer holds.
    pub until: Option<NaiveDate>,
    /// `bijna …`: the warning band.
    pub near: Option<BoundTest>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BoundTest {
    Compare(Comparison, f64),
    /// Both ends included.
    Between(f64, f64),
    /// The value comes from the data: index in [`Norms::data`]. See [`BoundTest::with`].
    Data(Comparison, usize),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ReferenceKind {
    /// `streefnorm`
    Target(BoundTest),
    /// `richtlijn`
    Guideline(BoundTest),
    /// `benchmark "label" value (year, n = …)`
    Benchmark { label: String, value: f64, year: Option<i64>, n: Option<u64> },
}

impl BoundTest {
    /// Whether a value holds.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        match *self {
            #[expect(clippy::float_cmp, reason = "a norm `= 0` means exactly that value")]
            Self::Compare(op, bound) => match op {
                Comparison::Equal => value == bound,
                Comparison::NotEqual => value != bound,
                Comparison::Less => value < bound,
                Comparison::LessEqual => value <= bound,
                Comparison::Greater => value > bound,
                Comparison::GreaterEqual => value >= bound,
            },
            Self::Between(low, high) => low <= value && value <= high,
            // Nothing is known yet of what it asks.
            Self::Data(..) => false,
        }
    }

    /// The test with the value that the data gave; nothing where they gave none, or more than one.
    #[must_use]
    pub fn with(self, limits: &[Limit]) -> Option<Self> {
        match self {
            Self::Data(op, index) => match limits.get(index) {
                Some(Limit::One(value)) => Some(Self::Compare(op, *value)),
                _ => None,
            },
            fixed => Some(fixed),
        }
    }

    /// Value minus bound, signed so that negative is short of the norm; `<>` has none.
    #[must_use]
    pub fn distance(&self, value: f64) -> Option<f64> {
        match *self {
            Self::Compare(Comparison::GreaterEqual | Comparison::Greater, bound) => Some(value - bound),
            Self::Compare(Comparison::LessEqual | Comparison::Less, bound) => Some(bound - value),
            Self::Compare(Comparison::Equal, bound) => Some(-(value - bound).abs()),
            Self::Compare(Comparison::NotEqual, _) | Self::Data(..) => None,
            Self::Between(low, high) => Some((value - low).min(high - value)),
        }
    }
}

impl Bound {
    /// Whether the bound holds on a day.
    #[must_use]
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|d| d <= day) && self.until.is_none_or(|d| day < d)
    }
}

impl Norms {
    /// The norms of a row, by the names of its dimensions and the labels of its members; nothing where it has none.
    #[must_use]
    pub fn of_row(&self, dimensions: &[(String, String)]) -> Option<&Self> {
        match (&self.per, dimensions) {
            (None, _) | (Some(_), []) => Some(self),
            (Some(per), [(name, member)]) if *name == per.dimension => {
                per.named.iter().find(|(label, _)| label == member).map(|(_, norms)| norms).or(per.rest.as_ref())
            }
            (Some(_), _) => None,
        }
    }

    /// The reference values of a row on a day: those of the whole, and its own.
    #[must_use]
    pub fn references_of(&self, dimensions: &[(String, String)], day: NaiveDate) -> Vec<&Reference> {
        let own: &[Reference] = match (&self.per, dimensions) {
            (Some(per), []) => &per.total_references,
            (Some(_), _) => self.of_row(dimensions).map_or(&[], |norms| norms.references.as_slice()),
            (None, _) => &[],
        };
        let holds = |r: &&Reference| r.from.is_none_or(|d| d <= day) && r.until.is_none_or(|d| day < d);
        self.references.iter().chain(own).filter(holds).collect()
    }

    /// The norm itself and those of its members, with the label that they hold for.
    #[must_use]
    pub fn all(&self) -> Vec<(Option<&str>, &Self)> {
        let mut all = vec![(None, self)];
        if let Some(per) = &self.per {
            all.extend(per.named.iter().map(|(label, norms)| (Some(label.as_str()), norms)));
            all.extend(per.rest.iter().map(|norms| (Some("overig"), norms)));
        }
        all
    }

    /// The bound that holds on a day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<&Bound> {
        self.bounds.iter().find(|b| b.valid_on(day))
    }
}
