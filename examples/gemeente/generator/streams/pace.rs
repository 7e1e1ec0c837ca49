//! When things happen in the streams: how busy a day is, what grows and what shrinks, working days, and the summer in which
//! there are too few people. It must not know which system it is used for.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

use crate::rng::Rng;
use crate::year::{at, day, is_open};

/// What is left or has come: 1 on the first day, `1 + total` two years later.
pub fn shift(date: NaiveDate, total: f64) -> f64 {
    1.0 + total * (date - day(2024, 7, 1)).num_days() as f64 / 730.0
}

/// How much happens on a day: `mean` on an average working day, a part of it when the town hall is closed.
pub fn count(rng: &mut Rng, date: NaiveDate, mean: f64, when_closed: f64) -> usize {
    let season = match date.month() {
        7 | 8 => 0.84,
        12 => 0.88,
        1 => 1.14,
        2 | 3 => 1.08,
        _ => 1.0,
    };
    let weekday = match date.weekday() {
        Weekday::Mon => 1.2,
        Weekday::Tue => 1.06,
        Weekday::Fri => 0.82,
        _ => 0.97,
    };
    rng.poisson(mean * season * if is_open(date) { weekday } else { when_closed })
}

/// A moment at which citizens are awake.
pub fn awake(rng: &mut Rng, date: NaiveDate) -> NaiveDateTime {
    let hour = rng.pick(&[(7, 2.0), (9, 6.0), (11, 5.0), (13, 5.0), (15, 5.0), (17, 3.0), (19, 5.0), (21, 3.0)]);
    at(date, hour * 3600 + rng.between(0, 7199))
}

/// A moment in office hours.
pub fn office(rng: &mut Rng, date: NaiveDate) -> NaiveDateTime {
    at(date, 8 * 3600 + 1800 + rng.between(0, 17 * 1800 - 1))
}

/// The day that lies so many working days later.
pub fn later(date: NaiveDate, working_days: i64) -> NaiveDate {
    date.iter_days().skip(1).filter(|d| is_open(*d)).nth((working_days.max(1) - 1) as usize).unwrap_or(date)
}

/// When work that takes so many working days is done: within the same day for none.
pub fn done(rng: &mut Rng, from: NaiveDateTime, working_days: i64) -> NaiveDateTime {
    if working_days > 0 || !is_open(from.date()) {
        return office(rng, later(from.date(), working_days));
    }
    let moment = from + chrono::Duration::minutes(rng.between(12, 200));
    if moment < at(from.date(), 17 * 3600 + 1800) { moment } else { office(rng, later(from.date(), 1)) }
}

/// How much longer work takes: in August too many people are away.
pub fn slowness(date: NaiveDate) -> f64 {
    match (date.month(), date.day()) {
        (7, 20..) => 1.4,
        (8, _) => 1.85,
        _ => 1.0,
    }
}

/// What is known on the day on which the data were taken: nothing from after 30 June 2026.
pub fn known(moment: NaiveDateTime) -> Option<NaiveDateTime> {
    (moment < at(day(2026, 7, 1), 0)).then_some(moment)
}

/// The same for a day.
pub fn known_day(date: NaiveDate) -> Option<NaiveDate> {
    (date < day(2026, 7, 1)).then_some(date)
}

/// `2024-12-31 13:45:00`, or nothing.
pub fn iso(moment: Option<NaiveDateTime>) -> String {
    moment.map(|m| m.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

/// `2024-12-31`, or nothing.
pub fn iso_day(date: Option<NaiveDate>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

/// `ja`, `nee`, or nothing.
pub fn yes_no(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "ja",
        Some(false) => "nee",
        None => "",
    }
}
