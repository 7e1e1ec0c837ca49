//! A result row (taal.md 8): one KPI, one period, one combination of dimension members.

use chrono::NaiveDate;

use crate::measure::Member;
use crate::model::BoundTest;

/// Exactly one, the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    NotMeasurable,
    NoData,
    /// Over so few persons that one could be recognised.
    Shielded,
    TooFew,
    NoNorm,
    Met,
    Near,
    NotMet,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::NotMeasurable,
        Self::NoData,
        Self::Shielded,
        Self::TooFew,
        Self::NoNorm,
        Self::Met,
        Self::Near,
        Self::NotMet,
    ];

    /// The word, as contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotMeasurable => "niet meetbaar",
            Self::NoData => "geen gegevens",
            Self::Shielded => "afgeschermd",
            Self::TooFew => "te weinig waarnemingen",
            Self::NoNorm => "geen norm",
            Self::Met => "gehaald",
            Self::Near => "bijna",
            Self::NotMet => "niet gehaald",
        }
    }
}

/// A mark on a result, with why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// `voorlopig`, `onbetrouwbaar`, `onvolledige bron`, …
    pub mark: String,
    pub reason: String,
}

/// One result row; fields in the order of the contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub kpi: String,
    pub title: String,
    /// First day of validity of the definition that was used; none when it is undated.
    pub version: Option<NaiveDate>,
    /// The label, `2026-01`.
    pub period: String,
    pub period_from: NaiveDate,
    /// Exclusive.
    pub period_until: NaiveDate,
    /// Name and member, in the order asked; empty for the total.
    pub dimensions: Vec<(String, Member)>,
    /// Percentages as 0–100, durations in seconds, amounts in euro.
    pub value: Option<f64>,
    /// See [`crate::model::Unit`]'s text form.
    pub unit: String,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub n: Option<u64>,
    pub n_empty: Option<u64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// The bound in canonical text: `>= 80%`, `<= 600 s`.
    pub norm: Option<String>,
    /// The same bound, for who judges further ([`super::variation`]).
    pub test: Option<BoundTest>,
    /// `norm` or `geen`.
    pub norm_kind: &'static str,
    pub distance: Option<f64>,
    pub status: Status,
    pub marks: Vec<Mark>,
    pub series_break: bool,
    /// The latest `nieuwe basis vanaf` that lies before the end of the period; a new baseline begins where it differs
    /// from that of the row before.
    pub baseline: Option<NaiveDate>,
    pub definition_hash: String,
    pub input_hash: Option<String>,
    /// What never decides the status: streefnorm, richtlijn and benchmark, as they hold on the period's first day.
    pub references: Vec<Shown>,
}

/// A reference value beside a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// `streefnorm`, `richtlijn`, `benchmark`
    pub kind: &'static str,
    /// In canonical text: `>= 95%`, and of a benchmark its value: `76.2%`.
    pub text: String,
    /// The same; a benchmark has none.
    pub test: Option<BoundTest>,
    /// Of a benchmark: what it is about.
    pub label: Option<String>,
    pub year: Option<i64>,
    pub n: Option<u64>,
}
