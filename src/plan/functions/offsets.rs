//! The offsets of a time zone as a sorted table, so that a local time costs one addition per row. Exact across clock
//! changes from 1900 to 2100; outside those years every value asks the zone itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::calendar::{HOUR, SECOND, Zone};

const DAY: i64 = 24 * HOUR;
/// 1900-01-01 and 2101-01-01, days since 1970.
const FIRST_DAY: i64 = -25_567;
const LAST_DAY: i64 = 47_847;

/// When which offset holds in a zone.
#[derive(Debug)]
pub struct Offsets {
    zone: Zone,
    /// Ascending instants (µs UTC); shift i holds from `starts[i]` until `starts[i + 1]`.
    starts: Vec<i64>,
    /// Local time minus UTC, µs.
    shifts: Vec<i64>,
}

static TABLES: Mutex<BTreeMap<&'static str, Arc<Offsets>>> = Mutex::new(BTreeMap::new());

impl PartialEq for Offsets {
    fn eq(&self, other: &Self) -> bool {
        self.zone == other.zone
    }
}

impl Eq for Offsets {}

impl std::hash::Hash for Offsets {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.zone.name().hash(state);
    }
}

impl Offsets {
    /// The table of a zone, made once per process.
    #[must_use]
    pub fn of(zone: Zone) -> Arc<Self> {
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(zone.name()).or_insert_with(|| Arc::new(Self::build(zone))))
    }

    /// Walks the days and finds the second of each change.
    fn build(zone: Zone) -> Self {
        let mut table = Self { zone, starts: Vec::new(), shifts: Vec::new() };
        let mut before = probe(zone, FIRST_DAY * DAY);
        table.push(FIRST_DAY * DAY, before);
        for day in FIRST_DAY..LAST_DAY {
            let end = (day + 1) * DAY;
            let after = probe(zone, end);
            if after != before {
                let (mut low, mut high) = (day * DAY / SECOND, end / SECOND);
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if probe(zone, middle * SECOND) == before {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                table.push(high * SECOND, after);
                before = after;
            }
        }
        table.starts.push(LAST_DAY * DAY);
        table
    }

    fn push(&mut self, start: i64, offset: i64) {
        self.starts.push(start);
        self.shifts.push(offset);
    }

    /// A reader that remembers the last hit.
    #[must_use]
    pub fn cursor(&self) -> Cursor<'_> {
        Cursor { table: self, low: 0, high: 0, offset: 0 }
    }
}

/// Local minus UTC at an instant, µs.
fn probe(zone: Zone, instant: i64) -> i64 {
    zone.local(instant).map_or(0, |local| local.and_utc().timestamp_micros() - instant)
}

/// Reads a table with values that are mostly near each other.
#[derive(Debug)]
pub struct Cursor<'a> {
    table: &'a Offsets,
    low: i64,
    high: i64,
    offset: i64,
}

impl Cursor<'_> {
    /// The local time of an instant as µs since 1970-01-01 00:00 local.
    #[inline]
    pub fn local(&mut self, instant: i64) -> i64 {
        if instant < self.low || instant >= self.high {
            self.search(instant);
        }
        instant.wrapping_add(self.offset)
    }

    #[inline(never)]
    fn search(&mut self, instant: i64) {
        let after = self.table.starts.partition_point(|&start| start <= instant);
        let found = after.checked_sub(1).and_then(|i| Some((self.table.starts.get(i)?, self.table.shifts.get(i)?)));
        (self.low, self.high, self.offset) = match (found, self.table.starts.get(after)) {
            (Some((&low, &offset)), Some(&high)) => (low, high, offset),
            _ => (0, 0, probe(self.table.zone, instant)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_to_the_zone_around_every_change() {
        for name in ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "UTC"] {
            let zone = Zone::named(name).expect("a zone");
            let table = Offsets::of(zone);
            let mut cursor = table.cursor();
            let mut instants: Vec<i64> = table.starts.iter().flat_map(|&s| [s - 1, s, s + 1]).collect();
            instants.extend((0..4000).map(|i| i * 913 * DAY / 10 - 180_000 * DAY));
            for t in instants {
                let expected = zone.local(t).expect("a time").and_utc().timestamp_micros();
                assert_eq!(cursor.local(t), expected, "{name} {t}");
            }
        }
    }
}
