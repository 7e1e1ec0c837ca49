//! Calendars as written.

use super::{Name, Text, Validity};
use crate::source::{Span, Spanned};

/// `kalender gemeente "Gemeentehuis" { feestdagen … werkdagen … open … gesloten … }`
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarDef {
    pub name: Name,
    pub title: Option<Text>,
    /// In the order as written; one word may come several times.
    pub clauses: Vec<CalendarClause>,
    /// More stands here that could not be read; a diagnostic has been given.
    pub incomplete: bool,
    pub span: Span,
}

/// One statement of a calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarClause {
    pub word: Spanned<CalendarWord>,
    pub body: CalendarBody,
    /// The whole statement, word included (in YAML: key and value, or the item of a list).
    pub span: Span,
}

/// The words that begin a statement of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarWord {
    Holidays,
    Workdays,
    Open,
    Closed,
}

impl CalendarWord {
    /// All of them, in the order in which `fmt` writes them.
    pub const ALL: [Self; 4] = [Self::Holidays, Self::Workdays, Self::Open, Self::Closed];

    /// The word in both notations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Holidays => "feestdagen",
            Self::Workdays => "werkdagen",
            Self::Open => "open",
            Self::Closed => "gesloten",
        }
    }

    /// The statement of a word, if it is one.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum CalendarBody {
    /// `feestdagen cao_gemeenten vanaf 2024-01-01`; `set` is the word as written, none for `geen`.
    Holidays { set: Option<Name>, validity: Validity },
    /// `werkdagen ma, di, wo, do, vr`: words as written.
    Workdays { days: Vec<Name>, validity: Validity },
    /// `open ma, di 08:30 - 17:00 vanaf 2025-09-01`: seconds since midnight, at most those of 24:00.
    Open { days: Vec<Name>, from: Spanned<u32>, until: Spanned<u32>, validity: Validity },
    /// `gesloten 2026-12-24, 2026-12-31 "collectief verlof"`
    Closed { days: Vec<Spanned<chrono::NaiveDate>>, reason: Option<Text> },
    /// Could not be read; a diagnostic has been given.
    Broken,
}
