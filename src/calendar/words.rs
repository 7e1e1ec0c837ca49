//! Days in Dutch words.

use chrono::{Datelike, Days, NaiveDate};

use super::month_name;

/// `1 juli 2026`
#[must_use]
pub fn day_in_words(d: NaiveDate) -> String {
    format!("{} {} {}", d.day(), month_name(d.month()), d.year())
}

/// A range of days in words, in whole months or years where it is that. `until` is exclusive.
#[must_use]
pub fn days_in_words(from: NaiveDate, until: NaiveDate) -> String {
    let last = until.checked_sub_days(Days::new(1)).filter(|last| *last >= from).unwrap_or(from);
    let (same_year, same_month) = (from.year() == last.year(), from.month() == last.month());
    let month = |d: NaiveDate| format!("{} {}", month_name(d.month()), d.year());
    if from.day() == 1 && until.day() == 1 && until > from {
        return match (from.ordinal() == 1 && until.ordinal() == 1, same_year, same_month) {
            (true, true, _) => from.year().to_string(),
            (true, false, _) => format!("{} – {}", from.year(), last.year()),
            (_, true, true) => month(from),
            (_, true, false) => format!("{} – {}", month_name(from.month()), month(last)),
            (_, false, _) => format!("{} – {}", month(from), month(last)),
        };
    }
    match (from == last, same_year, same_month) {
        (true, ..) => day_in_words(from),
        (_, true, true) => format!("{} – {}", from.day(), day_in_words(last)),
        (_, true, false) => format!("{} {} – {}", from.day(), month_name(from.month()), day_in_words(last)),
        (_, false, _) => format!("{} – {}", day_in_words(from), day_in_words(last)),
    }
}
