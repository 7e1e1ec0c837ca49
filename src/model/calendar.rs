//! Calendars: which days are working days and when there is someone. The rules themselves are `crate::calendar`'s.

use chrono::NaiveDate;

use crate::calendar::WorkCalendar;
use crate::source::Span;

/// Index in [`super::Model::calendars`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarId(pub usize);

#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    pub name: String,
    pub title: Option<String>,
    pub rules: WorkCalendar,
    /// Why a closed day is closed, where that is said.
    pub reasons: Vec<(NaiveDate, String)>,
    /// More was stated than could be understood, which is reported: whatever uses it is silent.
    pub incomplete: bool,
    /// The declared name; none for the built-in calendar.
    pub span: Option<Span>,
}

impl Calendar {
    /// The calendar of a project that declares none: Monday to Friday, the holidays of the Algemene termijnenwet.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            name: "standaard".to_owned(),
            title: None,
            rules: WorkCalendar::default(),
            reasons: Vec::new(),
            incomplete: false,
            span: None,
        }
    }
}
