//! When the telephone is answered, and the exchange's list of it. It must not know about calls.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::year::{day, days, is_open};

/// The hours of the general number on a day, in minutes after midnight; none when it is closed.
pub fn phone_hours(date: NaiveDate) -> Vec<(i64, i64)> {
    let (from, to) = (8 * 60 + 30, 17 * 60);
    if !is_open(date) {
        return Vec::new();
    }
    if date == day(2025, 10, 3) {
        return vec![(from, 12 * 60)]; // The old exchange is taken down.
    }
    if date == day(2025, 10, 6) {
        return vec![(9 * 60 + 30, to)]; // The new one starts an hour late.
    }
    if (day(2025, 10, 7)..day(2025, 10, 11)).contains(&date) {
        return vec![(from, 12 * 60 + 30), (13 * 60, to)]; // Lessons at lunch.
    }
    if (date.month(), date.day()) == (12, 24) || (date.month(), date.day()) == (12, 31) {
        return vec![(from, 15 * 60)];
    }
    vec![(from, to)]
}

/// The opening times as CSV; a weekday on which the number is closed has a line without times.
pub fn csv() -> Result<String, std::fmt::Error> {
    let mut text = "datum;volgnummer;nummer;open_vanaf;open_tot\n".to_owned();
    for date in days().filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun)) {
        let shown = date.format("%d-%m-%Y");
        let hours = phone_hours(date);
        for (number, (from, to)) in (1..).zip(&hours) {
            writeln!(text, "{shown};{number};algemeen;{from};{to}")?;
        }
        if hours.is_empty() {
            writeln!(text, "{shown};1;algemeen;;")?;
        }
    }
    Ok(text)
}
