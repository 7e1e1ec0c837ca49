//! The two years that the example covers: opening days, busy months, what grows and shrinks, and how moments are
//! written. Moments are naive local times, as the systems of the example store them.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

/// A date that is known to exist.
pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the example's dates exist")
}

/// The days from 1 July 2024 up to and including 30 June 2026.
pub fn days() -> impl Iterator<Item = NaiveDate> {
    day(2024, 7, 1).iter_days().take_while(|d| *d < day(2026, 7, 1))
}

/// How much of something is left, or has come, beside the first day: 1 on that day, and `per_year` more for every year
/// since. What falls by 18 % in the two years has −0.09; what grows by 40 % has 0.20.
pub fn shift(date: NaiveDate, per_year: f64) -> f64 {
    1.0 + per_year * (date - day(2024, 7, 1)).num_days() as f64 / 365.0
}

/// A moment on a day, by the second of the day; past midnight it is the next day.
pub fn at(date: NaiveDate, second: i64) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + chrono::Duration::seconds(second)
}

/// Whether the town hall is open: no weekends, no public holidays, no Friday after Ascension Day.
pub fn is_open(date: NaiveDate) -> bool {
    let closed = [
        day(2024, 12, 25),
        day(2024, 12, 26),
        day(2025, 1, 1),
        day(2025, 4, 21), // Easter Monday; King's Day is a Saturday
        day(2025, 5, 5),  // Liberation Day
        day(2025, 5, 29), // Ascension Day
        day(2025, 5, 30), // the Friday after it
        day(2025, 6, 9),  // Whit Monday
        day(2025, 12, 25),
        day(2025, 12, 26),
        day(2026, 1, 1),
        day(2026, 4, 6),  // Easter Monday
        day(2026, 4, 27), // King's Day
        day(2026, 5, 5),  // Liberation Day
        day(2026, 5, 14), // Ascension Day
        day(2026, 5, 15), // the Friday after it
        day(2026, 5, 25), // Whit Monday
    ];
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !closed.contains(&date)
}

/// Whether it is holiday time: fewer people come, but fewer people stand at the desks as well.
pub fn is_summer(date: NaiveDate) -> bool {
    matches!(date.month(), 7 | 8)
}

/// The day on which the new telephone exchange was taken into use: Monday 6 October 2025.
pub fn new_exchange() -> NaiveDate {
    day(2025, 10, 6)
}

/// The week in which the telephone exchange was broken: 4 up to and including 10 May 2026.
pub fn is_broken(date: NaiveDate) -> bool {
    date >= day(2026, 5, 4) && date <= day(2026, 5, 10)
}

/// How busy a day is beside the average of 1: the season, the weekday, and the days that were closed before it.
pub fn bustle(date: NaiveDate) -> f64 {
    let season = match date.month() {
        7 => 0.84,
        8 => 0.74, // the summer dip: three weeks without builders, and everybody else away too
        12 => 0.90,
        1 => 1.10,
        2 => 1.08,
        3 => 1.14,
        5 => 1.04,
        6 => 1.08,
        _ => 1.0,
    };
    let weekday = match date.weekday() {
        Weekday::Mon => 1.24,
        Weekday::Tue => 1.05,
        Weekday::Wed => 0.94,
        Weekday::Thu => 0.97,
        _ => 0.84,
    };
    let after_holiday =
        date.weekday() != Weekday::Mon && date.checked_sub_days(Days::new(1)).is_some_and(|d| !is_open(d));
    season * weekday * if after_holiday { 1.2 } else { 1.0 }
}

/// `31-12-2025 13:45:00`, or nothing: how the counter's export writes moments.
pub fn dutch(moment: Option<NaiveDateTime>) -> String {
    moment.map(|m| m.format("%d-%m-%Y %H:%M:%S").to_string()).unwrap_or_default()
}

/// Windows-1252 bytes of a text. The example needs Latin letters only, which are one byte each.
pub fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}
