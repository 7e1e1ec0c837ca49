//! A `toets`: rows that are given, and what a KPI must make of them.

use chrono::NaiveDate;

use super::expr::Value;
use super::kpi::KpiId;
use super::table::TableId;
use crate::source::Span;

#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    pub name: String,
    pub kpi: KpiId,
    /// µs UTC; none: as in a run, the first local midnight after the newest given row.
    pub peilmoment: Option<i64>,
    /// Parameters with another value here, in order of name.
    pub parameters: Vec<(String, Value)>,
    /// Each table once; tables that are not here have no rows.
    pub given: Vec<Given>,
    pub expected: Vec<ExpectedRow>,
    /// The whole declaration.
    pub span: Span,
    pub name_span: Span,
}

/// The given rows of a stored table.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub table: TableId,
    /// The columns that are named, by index in the table.
    pub columns: Vec<usize>,
    pub rows: Vec<GivenRow>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GivenRow {
    /// In the order of [`Given::columns`]; none where a value is to be made up.
    pub values: Vec<Option<Value>>,
    /// How often the row is there (`keer`).
    pub times: usize,
    pub span: Span,
}

/// A result row that must exist.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedRow {
    /// None: the one period that there is.
    pub period: Option<ExpectedPeriod>,
    /// Dimension and member as results show it, in the order of the columns; none for the total.
    pub members: Vec<(String, String)>,
    /// What is compared.
    pub cells: Vec<ExpectedCell>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedPeriod {
    pub label: String,
    /// Its first day; none for `hele reeks`.
    pub start: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedCell {
    pub key: ResultKey,
    pub want: Want,
    /// As the author wrote it.
    pub written: String,
    pub span: Span,
}

/// What a result's cell must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Want {
    /// `leeg`
    Empty,
    /// The result divided by `scale` (60 for minutes), rounded to `decimals`, is `number`.
    Number {
        number: f64,
        scale: f64,
        decimals: usize,
    },
    /// This text, spaces aside.
    Text(String),
    Date(NaiveDate),
    Bool(bool),
    /// These, in any order.
    Words(Vec<String>),
}

/// The columns of a result that a test may name, beside the KPI's dimensions. The names are those of the JSON output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultKey {
    Version,
    Period,
    PeriodFrom,
    PeriodUntil,
    Value,
    Unit,
    Numerator,
    Denominator,
    N,
    NEmpty,
    Lower,
    Upper,
    Norm,
    NormKind,
    Distance,
    Status,
    Marks,
    SeriesBreak,
}

impl ResultKey {
    pub const ALL: [Self; 18] = [
        Self::Version,
        Self::Period,
        Self::PeriodFrom,
        Self::PeriodUntil,
        Self::Value,
        Self::Unit,
        Self::Numerator,
        Self::Denominator,
        Self::N,
        Self::NEmpty,
        Self::Lower,
        Self::Upper,
        Self::Norm,
        Self::NormKind,
        Self::Distance,
        Self::Status,
        Self::Marks,
        Self::SeriesBreak,
    ];

    /// The name, as contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Version => "versie",
            Self::Period => "periode",
            Self::PeriodFrom => "periode_van",
            Self::PeriodUntil => "periode_tot",
            Self::Value => "waarde",
            Self::Unit => "eenheid",
            Self::Numerator => "teller",
            Self::Denominator => "noemer",
            Self::N => "n",
            Self::NEmpty => "n_leeg",
            Self::Lower => "ondergrens",
            Self::Upper => "bovengrens",
            Self::Norm => "norm",
            Self::NormKind => "norm_soort",
            Self::Distance => "afstand",
            Self::Status => "status",
            Self::Marks => "kenmerken",
            Self::SeriesBreak => "reeksbreuk",
        }
    }

    /// The key of a name.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.word() == word)
    }
}

/// The words that a status can be (taal.md 8).
pub const STATUSES: [&str; 8] = [
    "niet meetbaar",
    "geen gegevens",
    "afgeschermd",
    "te weinig waarnemingen",
    "geen norm",
    "gehaald",
    "bijna",
    "niet gehaald",
];
