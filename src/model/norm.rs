//! Norms: bounds with validity, and the reference values that never decide a status.

use chrono::NaiveDate;

use super::expr::Comparison;
use crate::source::Span;

/// The norm answer of a KPI. Values are in the base of the KPI's unit: percentage 0–100, seconds, euro, days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Norms {
    /// Disjoint in validity, in order of time.
    pub bounds: Vec<Bound>,
    /// `geen "reden"`
    pub none: Option<String>,
    pub references: Vec<Reference>,
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
        }
    }

    /// Value minus bound, signed so that negative is short of the norm; `<>` has none.
    #[must_use]
    pub fn distance(&self, value: f64) -> Option<f64> {
        match *self {
            Self::Compare(Comparison::GreaterEqual | Comparison::Greater, bound) => Some(value - bound),
            Self::Compare(Comparison::LessEqual | Comparison::Less, bound) => Some(bound - value),
            Self::Compare(Comparison::Equal, bound) => Some(-(value - bound).abs()),
            Self::Compare(Comparison::NotEqual, _) => None,
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
    /// The bound that holds on a day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<&Bound> {
        self.bounds.iter().find(|b| b.valid_on(day))
    }
}
