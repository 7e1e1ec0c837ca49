//! How far the rows of a timeline see. Rows come in order, so mostly from one day, whose bounds are those of the last.

use crate::calendar::{Zone, day_number, day_of};
use crate::measure::window;
use crate::model::expr::{Direction, Window};

/// The bounds of one window.
#[derive(Debug)]
pub struct Limits {
    direction: Direction,
    window: Window,
    is_date: bool,
    zone: Zone,
    /// The last day, half open, and its answer.
    day: (i64, i64),
    bound: i64,
}

impl Limits {
    /// `is_date` where rows have a day and no moment.
    #[must_use]
    pub fn new(direction: Direction, window: Window, is_date: bool, zone: Zone) -> Self {
        Self { direction, window, is_date, zone, day: (0, 0), bound: 0 }
    }

    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// From where an earlier row lies in the window of a row at `at`: inclusive.
    #[inline]
    pub fn earliest(&mut self, at: i64) -> i64 {
        self.bound(at, window::earliest)
    }

    /// Until where a later row lies in the window of a row at `at`: exclusive.
    #[inline]
    pub fn latest(&mut self, at: i64) -> i64 {
        self.bound(at, window::latest)
    }

    #[inline]
    fn bound(&mut self, at: i64, of: fn(Window, bool, Zone, i64) -> i64) -> i64 {
        if self.is_date || matches!(self.window, Window::Micros(_)) {
            return of(self.window, self.is_date, self.zone, at);
        }
        if at < self.day.0 || at >= self.day.1 {
            self.bound = of(self.window, false, self.zone, at);
            self.day = self.day_around(at).unwrap_or((0, 0));
        }
        self.bound
    }

    fn day_around(&self, at: i64) -> Option<(i64, i64)> {
        let day = self.zone.day(at)?;
        let next = day_of(day_number(day).checked_add(1)?)?;
        Some((self.zone.midnight(day), self.zone.midnight(next)))
    }
}
