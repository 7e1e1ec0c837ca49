//! How far a row sees: the bounds of a window in the form of its axis (days, or µs UTC).

use crate::calendar::{Zone, day_number, day_of};
use crate::model::expr::{Direction, Window};

/// From where, for a row at `at`, an earlier row lies in the window: inclusive. `is_date` tells days from moments.
#[must_use]
pub fn earliest(window: Window, is_date: bool, zone: Zone, at: i64) -> i64 {
    match window {
        Window::Micros(length) => at.saturating_sub(length),
        Window::Days(days) if is_date => at.saturating_sub(days),
        Window::Days(days) => midnight(zone, at, days.saturating_neg()).unwrap_or(i64::MIN),
    }
}

/// Until where, for a row at `at`, a later row lies in the window: exclusive.
#[must_use]
pub fn latest(window: Window, is_date: bool, zone: Zone, at: i64) -> i64 {
    match window {
        Window::Micros(length) => at.saturating_add(length).saturating_add(1),
        Window::Days(days) if is_date => at.saturating_add(days).saturating_add(1),
        Window::Days(days) => midnight(zone, at, days.saturating_add(1)).unwrap_or(i64::MAX),
    }
}

/// The range that rows in `first..until` see, themselves included.
#[must_use]
pub fn widened(
    direction: Direction,
    window: Window,
    is_date: bool,
    zone: Zone,
    (first, until): (i64, i64),
) -> (i64, i64) {
    match direction {
        Direction::Earlier if first == i64::MIN => (first, until),
        Direction::Earlier => (earliest(window, is_date, zone, first), until),
        Direction::Later => (first, latest(window, is_date, zone, until.saturating_sub(1))),
    }
}

/// The beginning of the day so many days from that of an instant; nothing outside the calendar.
fn midnight(zone: Zone, at: i64, days: i64) -> Option<i64> {
    let number = i64::from(day_number(zone.day(at)?)).saturating_add(days);
    day_of(i32::try_from(number).ok()?).map(|day| zone.midnight(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::HOUR;

    const WEEK: Window = Window::Days(7);

    fn at(text: &str) -> i64 {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment");
        Zone::default().instant(local)
    }

    #[test]
    fn days_are_whole_days_across_the_clock_change() {
        // 26 October 2025 has 25 hours.
        for time in ["2025-10-28 00:00", "2025-10-28 23:59"] {
            assert_eq!(earliest(WEEK, false, Zone::default(), at(time)), at("2025-10-21 00:00"));
            assert_eq!(latest(WEEK, false, Zone::default(), at(time)), at("2025-11-05 00:00"));
        }
        assert_eq!(earliest(Window::Days(0), false, Zone::default(), at("2025-10-26 12:00")), at("2025-10-26 00:00"));
    }

    #[test]
    fn hours_are_hours() {
        let day = Window::Micros(24 * HOUR);
        assert_eq!(earliest(day, false, Zone::default(), at("2025-10-26 12:00")), at("2025-10-25 13:00"));
        assert_eq!(latest(day, false, Zone::default(), 0), 24 * HOUR + 1);
    }

    #[test]
    fn dates_and_the_ends_of_time() {
        assert_eq!((earliest(WEEK, true, Zone::default(), 10), latest(WEEK, true, Zone::default(), 10)), (3, 18));
        let range = (10, 20);
        assert_eq!(widened(Direction::Earlier, WEEK, true, Zone::default(), range), (3, 20));
        assert_eq!(widened(Direction::Later, WEEK, true, Zone::default(), range), (10, 27));
        assert_eq!(widened(Direction::Earlier, WEEK, false, Zone::default(), (i64::MIN, 0)), (i64::MIN, 0));
        assert_eq!(earliest(Window::Days(i64::MAX), false, Zone::default(), 0), i64::MIN);
        assert_eq!(latest(Window::Days(i64::MAX), false, Zone::default(), 0), i64::MAX);
    }
}
