//! Local time: zones, period boundaries and their labels, holidays, working days and opening hours. A leaf: it knows no model, no engine and no clock.
//!
//! Instants are 64-bit microseconds since 1970-01-01 00:00 UTC. Dates are days since 1970-01-01. All boundaries are local
//! midnights of the project's zone, so that the day of a clock change has 23 or 25 hours.

mod holidays;
mod period;
mod shift;
mod tally;
mod words;
mod working;

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Timelike, Utc};
pub use holidays::HolidaySet;
pub use period::{Period, PeriodKind, PeriodName, Periods, TooManyPeriods};
pub use shift::Shift;
pub use tally::Tally;
pub use words::{day_in_words, days_in_words};
pub use working::{Dated, WEEKDAYS, WorkCalendar, add_months, applicable, first_day, last_day};

/// Microseconds in a second, minute, hour.
pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;

/// A time zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(chrono_tz::Tz);

impl Default for Zone {
    /// Europe/Amsterdam.
    fn default() -> Self {
        Self(chrono_tz::Europe::Amsterdam)
    }
}

impl Zone {
    /// UTC itself: for sources that say so.
    pub const UTC: Self = Self(chrono_tz::UTC);

    /// The zone of a name such as `Europe/Amsterdam`; nothing when the database has no such zone.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The instant (µs UTC) of a local time. A time that occurs twice is the first; one that does not exist moves
    /// forward by the length of the gap.
    #[must_use]
    pub fn instant(self, local: NaiveDateTime) -> i64 {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(t) | LocalResult::Ambiguous(t, _) => t.timestamp_micros(),
            LocalResult::None => self.instant_in_gap(local),
        }
    }

    /// How a local time stands to the clock changes: once, twice or never.
    #[must_use]
    pub fn occurrences(self, local: NaiveDateTime) -> usize {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(_) => 1,
            LocalResult::Ambiguous(..) => 2,
            LocalResult::None => 0,
        }
    }

    /// Reads a local time inside a gap with the offset that held before it.
    fn instant_in_gap(self, local: NaiveDateTime) -> i64 {
        let naive = local.and_utc().timestamp_micros();
        let before = local.checked_sub_signed(chrono::Duration::hours(3)).unwrap_or(local);
        match self.0.from_local_datetime(&before) {
            LocalResult::Single(t) | LocalResult::Ambiguous(t, _) => {
                naive - (before.and_utc().timestamp_micros() - t.timestamp_micros())
            }
            LocalResult::None => naive,
        }
    }

    /// The local time of an instant; nothing outside the years that chrono can hold.
    #[must_use]
    pub fn local(self, instant: i64) -> Option<NaiveDateTime> {
        DateTime::<Utc>::from_timestamp_micros(instant).map(|t| t.with_timezone(&self.0).naive_local())
    }

    /// The local day of an instant.
    #[must_use]
    pub fn day(self, instant: i64) -> Option<NaiveDate> {
        self.local(instant).map(|t| t.date())
    }

    /// The first instant (µs UTC) of a local day.
    #[must_use]
    pub fn midnight(self, day: NaiveDate) -> i64 {
        self.instant(day.and_time(chrono::NaiveTime::MIN))
    }

    /// The first local day (days since 1970) that begins at or after an instant.
    #[must_use]
    pub fn first_day_from(self, instant: i64) -> i64 {
        self.day(instant).map_or(i64::MAX, |day| i64::from(day_number(day)) + i64::from(self.midnight(day) < instant))
    }

    /// The first local midnight after an instant: the default peilmoment of data whose newest moment it is. A moment
    /// that is itself a midnight gives the next one.
    #[must_use]
    pub fn next_midnight(self, instant: i64) -> Option<i64> {
        let day = self.day(instant)?;
        Some(self.midnight(day.checked_add_days(Days::new(1))?))
    }
}

/// Days since 1970-01-01.
#[must_use]
pub fn day_number(day: NaiveDate) -> i32 {
    day.signed_duration_since(NaiveDate::default()).num_days().try_into().unwrap_or(i32::MAX)
}

/// The day of a number of days since 1970-01-01.
#[must_use]
pub fn day_of(number: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(chrono::Duration::days(i64::from(number)))
}

/// `2026-07-01T00:00:00`, with fractions of a second only where there are any: how moments stand in results.
#[must_use]
pub fn iso_moment(local: NaiveDateTime) -> String {
    if local.nanosecond() == 0 {
        local.format("%Y-%m-%dT%H:%M:%S").to_string()
    } else {
        local.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
    }
}

/// The Dutch name of a month, 1–12.
#[must_use]
pub fn month_name(month: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    NAMES.get(month.wrapping_sub(1) as usize).copied().unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment")
    }

    #[test]
    fn a_time_that_occurs_twice_is_the_first() {
        let zone = Zone::default();
        // 26 October 2025: 03:00 summer time becomes 02:00 winter time.
        let first = zone.instant(local("2025-10-26 02:30"));
        assert_eq!(first, local("2025-10-26 00:30").and_utc().timestamp_micros());
    }

    #[test]
    fn a_time_that_does_not_exist_moves_forward() {
        let zone = Zone::default();
        // 30 March 2025: 02:00 becomes 03:00.
        let moved = zone.instant(local("2025-03-30 02:30"));
        assert_eq!(zone.local(moved), Some(local("2025-03-30 03:30")));
    }

    #[test]
    fn the_next_midnight_of_a_short_day() {
        let zone = Zone::default();
        let noon = zone.instant(local("2025-03-30 12:00"));
        let next = zone.next_midnight(noon);
        assert_eq!(next.and_then(|t| zone.local(t)), Some(local("2025-03-31 00:00")));
        let day = zone.midnight(NaiveDate::from_ymd_opt(2025, 3, 30).expect("a day"));
        assert_eq!(next.map(|t| t - day), Some(23 * HOUR));
    }
}
