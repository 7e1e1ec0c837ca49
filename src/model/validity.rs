//! What holds from one day to another: versions of a definition, and known faults of a source.

use chrono::NaiveDate;

use super::table::TableId;
use crate::source::Span;

/// The days of a version. An open end has been closed by the version that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// None: since always.
    pub from: Option<NaiveDate>,
    /// Exclusive; none: it still holds.
    pub until: Option<NaiveDate>,
    pub span: Span,
}

impl Validity {
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Whether it shares a day with a stretch of days; `until` is exclusive.
    #[must_use]
    pub fn touches(&self, from: NaiveDate, until: NaiveDate) -> bool {
        self.from.is_none_or(|start| start < until) && self.until.is_none_or(|end| from < end)
    }
}

/// `meetstoring`: what these tables hold of these days is known to be wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The named table, or all of the named source.
    pub tables: Vec<TableId>,
    pub validity: Validity,
    pub reason: String,
    pub direction: Option<FaultDirection>,
}

/// Which way a fault pulls the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultDirection {
    TooLow,
    TooHigh,
}

impl FaultDirection {
    /// The words in both notations.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::TooLow => "te laag",
            Self::TooHigh => "te hoog",
        }
    }
}
