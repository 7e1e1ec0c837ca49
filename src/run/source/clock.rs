//! Local times to instants for whole columns: the offsets of a zone, looked up once per process.
//!
//! Gives the same answers as [`Zone::instant`], only faster. It knows no columns and no files.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::DateTime;

use crate::calendar::{HOUR, Zone};

const DAY: i64 = 24 * HOUR;
/// 1970-01-01 until 2100-01-01, in days: the range with a table; outside it each value is asked of the zone.
const DAYS: i64 = 47_482;

/// Stretches of local time of a zone: (first local µs, offset in µs, or nothing when it changes within).
type Offsets = Vec<(i64, Option<i64>)>;

/// The tables made so far, by name of zone.
type ByZone = Vec<(&'static str, Arc<Offsets>)>;

/// Turns local times of one zone into instants; remembers the stretch of the last one.
#[derive(Clone, Debug)]
pub struct LocalClock {
    zone: Zone,
    offsets: Arc<Offsets>,
    start: i64,
    end: i64,
    offset: Option<i64>,
}

impl LocalClock {
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self { zone, offsets: offsets(zone), start: 0, end: 0, offset: None }
    }

    #[must_use]
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The instant (µs UTC) of a local time (µs since 1970-01-01 00:00 local); nothing outside the years that the
    /// calendar can hold. The first of a double time; a time in a gap moves forward.
    pub fn instant(&mut self, local: i64) -> Option<i64> {
        if !(self.start..self.end).contains(&local) {
            self.find(local);
        }
        match self.offset {
            Some(offset) => local.checked_sub(offset),
            None => slow(self.zone, local),
        }
    }

    /// How often a local time occurs: twice in the hour that is put back, never in the one that is skipped.
    pub fn occurrences(&mut self, local: i64) -> Option<i64> {
        if !(self.start..self.end).contains(&local) {
            self.find(local);
        }
        if self.offset.is_some() {
            return Some(1);
        }
        let times = self.zone.occurrences(DateTime::from_timestamp_micros(local)?.naive_utc());
        i64::try_from(times).ok()
    }

    /// What to take off every local time from `least` through `greatest` to get its instant; nothing where that is not
    /// the same for all.
    pub fn offset_between(&mut self, least: i64, greatest: i64) -> Option<i64> {
        self.find(least);
        // The table ends within the range of numbers, so that nothing overflows.
        self.offset.filter(|_| (self.start..self.end).contains(&greatest))
    }

    fn find(&mut self, local: i64) {
        let at = self.offsets.partition_point(|&(start, _)| start <= local);
        let here = at.checked_sub(1).and_then(|i| self.offsets.get(i));
        (self.start, self.offset) = here.copied().unwrap_or((i64::MIN, None));
        self.end = self.offsets.get(at).map_or(i64::MAX, |&(start, _)| start);
    }
}

fn slow(zone: Zone, local: i64) -> Option<i64> {
    DateTime::from_timestamp_micros(local).map(|t| zone.instant(t.naive_utc()))
}

fn offsets(zone: Zone) -> Arc<Offsets> {
    static KNOWN: OnceLock<Mutex<ByZone>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, found)) = known.iter().find(|(name, _)| *name == zone.name()) {
        return Arc::clone(found);
    }
    let fresh = Arc::new(tabulate(zone));
    known.push((zone.name(), Arc::clone(&fresh)));
    fresh
}

/// A day whose two midnights have one offset has no change within; the others are left to the zone.
fn tabulate(zone: Zone) -> Offsets {
    let offset_at = |day: i64| slow(zone, day * DAY).map(|t| day * DAY - t);
    let mut table: Offsets = Vec::new();
    let mut before = offset_at(0);
    for day in 0..DAYS {
        let after = offset_at(day + 1);
        let offset = if before == after { before } else { None };
        if table.last().is_none_or(|&(_, last)| last != offset) {
            table.push((day * DAY, offset));
        }
        before = after;
    }
    table.push((DAYS * DAY, None));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_how_often_a_local_time_occurs() {
        let mut clock = LocalClock::new(Zone::default());
        let at = |text: &str| {
            let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment");
            local.and_utc().timestamp_micros()
        };
        let cases = [
            ("2026-03-29 01:59", 1),
            ("2026-03-29 02:00", 0),
            ("2026-03-29 02:59", 0),
            ("2026-03-29 03:00", 1),
            ("2026-10-25 01:59", 1),
            ("2026-10-25 02:00", 2),
            ("2026-10-25 02:59", 2),
            ("2026-10-25 03:00", 1),
            ("2026-07-01 02:30", 1),
            ("2150-07-01 02:30", 1),
        ];
        for (text, times) in cases {
            assert_eq!(clock.occurrences(at(text)), Some(times), "{text}");
        }
        let mut utc = LocalClock::new(Zone::UTC);
        assert_eq!(utc.occurrences(at("2026-10-25 02:30")), Some(1));
    }

    #[test]
    fn agrees_with_the_zone_across_the_changes() {
        for name in ["Europe/Amsterdam", "America/Santiago", "Africa/Casablanca", "Australia/Lord_Howe", "UTC"] {
            let zone = Zone::named(name).expect("a zone");
            let mut clock = LocalClock::new(zone);
            // every 10 minutes of 2025, and 1 µs around each
            for step in 0..(366 * 144) {
                let local = 1_735_600_000_000_000 + step * 600_000_000;
                for t in [local - 1, local, local + 1] {
                    assert_eq!(clock.instant(t), slow(zone, t), "{name} {t}");
                }
            }
        }
    }

    #[test]
    fn one_offset_between_two_times_or_none() {
        let mut clock = LocalClock::new(Zone::default());
        let day = |n: i64| (20_089 + n) * DAY; // 1 January 2025
        assert_eq!(clock.offset_between(day(0), day(87)), Some(HOUR));
        assert_eq!(clock.offset_between(day(90), day(91)), Some(2 * HOUR));
        assert_eq!(clock.offset_between(day(0), day(91)), None);
        assert_eq!(clock.offset_between(0, day(0)), None);
        assert_eq!(clock.offset_between(DAYS * DAY, i64::MAX), None);
        assert_eq!(clock.offset_between(i64::MIN, i64::MIN), None);
    }

    #[test]
    fn agrees_far_away_and_never_panics() {
        let zone = Zone::default();
        let mut clock = LocalClock::new(zone);
        for t in [i64::MIN, -DAY * 40_000, -1, 0, 1, DAYS * DAY, DAYS * DAY * 3, i64::MAX] {
            assert_eq!(clock.instant(t), slow(zone, t), "{t}");
        }
    }
}
