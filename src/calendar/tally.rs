//! The sums that answer `werkdagen`, `werktijd` and `… + 5 werkdagen` with one look-up per value, however far two moments
//! lie apart: per day how much lies before it. The same answers as `working`, which goes day by day.
//!
//! Moments from 1970 up to 2100 are found by their UTC day, without asking the zone: the calendar's days and hours are
//! kept as instants. Other years (a birthday, `9999-12-31` for "no end") are summed when the first of them turns up.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};

use super::working::{DAY, WorkCalendar, first_day, last_day};
use super::{Zone, day_number, day_of};

/// UTC days since 1970-01-01 that are summed beforehand: up to 2100-01-01.
const NEAR: usize = 47_482;

/// The sums of one calendar in one zone.
#[derive(Debug)]
pub struct Tally {
    calendar: WorkCalendar,
    zone: Zone,
    /// Working days up to and including the local day of an instant.
    workdays: Steps,
    /// Open µs before an instant.
    open: Steps,
    /// By local day since 1970-01-01: working days up to and including it.
    until: Vec<i64>,
    /// The working days of those local days, ascending.
    days: Vec<i64>,
    far: OnceLock<Far>,
}

impl Tally {
    #[must_use]
    pub fn new(calendar: WorkCalendar, zone: Zone) -> Self {
        let last = i64::try_from(NEAR).unwrap_or(0);
        let local_days = || (-2..last + 2).filter_map(|n| Some((n, i32::try_from(n).ok().and_then(day_of)?)));
        let mut until = Vec::with_capacity(NEAR);
        let mut days = Vec::new();
        let (mut workdays, mut open) = (Stretches::default(), Stretches::default());
        for (number, day) in local_days() {
            let works = calendar.is_workday(day);
            if works {
                // One unit long, and over at midnight: from then on the day counts.
                let midnight = zone.midnight(day);
                workdays.add(midnight - 1, midnight);
            }
            for (from, to) in calendar.opening(day, zone) {
                open.add(from, to);
            }
            if (1..last).contains(&number) {
                let so_far = i64::try_from(days.len()).unwrap_or(0) + i64::from(works);
                until.push(so_far);
                if works {
                    days.push(number);
                }
            }
        }
        let mut tally = Self {
            workdays: workdays.finish(),
            open: open.finish(),
            until,
            days,
            far: OnceLock::new(),
            calendar,
            zone,
        };
        // Days and instants count from the same day: 2 January 1970, the first whole local day.
        let start = tally.until.first().copied().unwrap_or(0);
        let at = tally.zone.midnight(day_of(1).unwrap_or_default());
        tally.workdays.shift = start - tally.workdays.at(at).unwrap_or(0);
        tally
    }

    /// Working days up to and including the local day of an instant, from some fixed day on; nothing where that asks for
    /// [`Self::workdays_far`].
    #[inline]
    #[must_use]
    pub fn workdays_at(&self, instant: i64) -> Option<i64> {
        self.workdays.at(instant)
    }

    /// As [`Self::workdays_at`], for any instant.
    #[inline(never)]
    #[must_use]
    pub fn workdays_far(&self, instant: i64) -> i64 {
        self.workdays_at(instant).unwrap_or_else(|| self.days_far(self.local_day(instant)))
    }

    /// Working days up to and including a day (days since 1970), from the same fixed day on.
    #[inline]
    #[must_use]
    pub fn days_at(&self, day: i64) -> Option<i64> {
        self.until.get(usize::try_from(day.wrapping_sub(1)).ok()?).copied()
    }

    /// As [`Self::days_at`], for any day.
    #[inline(never)]
    #[must_use]
    pub fn days_far(&self, day: i64) -> i64 {
        self.days_at(day).unwrap_or_else(|| self.far().workdays(day))
    }

    /// Open µs before an instant, from some fixed instant on; nothing where that asks for [`Self::open_far`].
    #[inline]
    #[must_use]
    pub fn open_at(&self, instant: i64) -> Option<i64> {
        self.open.at(instant)
    }

    /// As [`Self::open_at`], for any instant.
    #[inline(never)]
    #[must_use]
    pub fn open_far(&self, instant: i64) -> i64 {
        self.open_at(instant).unwrap_or_else(|| {
            let day = self.local_day(instant);
            let hours = i32::try_from(day).ok().and_then(day_of).map(|d| self.calendar.opening(d, self.zone));
            let today = hours.into_iter().flatten().map(|(from, to)| instant.clamp(from, to) - from).sum::<i64>();
            self.far().open(day) + today
        })
    }

    /// The `n`th working day after a day, before it where `n` is negative, the day itself where `n` is 0; as days since
    /// 1970, never outside the years of the calendar.
    #[must_use]
    pub fn add(&self, day: i64, n: i64) -> i64 {
        self.add_near(day, n)
            .unwrap_or_else(|| if n == 0 { day.clamp(first(), last()) } else { self.far().add(day, n) })
    }

    /// As [`Self::add`]; nothing where that must look at years far away.
    #[inline]
    #[must_use]
    pub fn add_near(&self, day: i64, n: i64) -> Option<i64> {
        let until = self.days_at(day)?;
        // The sums count from the first day on, and so are the place of a day in the list.
        let index = match n {
            0 => return Some(day),
            1.. => until.checked_add(n - 1)?,
            _ => {
                let before = self.days_at(day.wrapping_sub(1))?;
                before.checked_add(n)?
            }
        };
        self.days.get(usize::try_from(index).ok()?).copied()
    }

    /// The local day of an instant, as days since 1970; of one that no calendar knows, the nearest that it does.
    fn local_day(&self, instant: i64) -> i64 {
        let near = |day: NaiveDate| i64::from(day_number(day.clamp(first_day(), last_day())));
        // A day further, so that the opening hours of the last day are counted whole.
        self.zone.day(instant).map_or(if instant < 0 { first() } else { last() + 1 }, |day| match day {
            day if day > last_day() => last() + 1,
            day => near(day),
        })
    }

    fn far(&self) -> &Far {
        self.far.get_or_init(|| {
            let mut far = Far::new(&self.calendar, self.zone);
            // Both count from the same day.
            far.workdays_shift = self.days_at(1).unwrap_or(0) - far.workdays(1);
            let midnight = self.zone.midnight(day_of(1).unwrap_or_default());
            far.open_shift = self.open_at(midnight).unwrap_or(0) - far.open(1);
            far
        })
    }
}

fn first() -> i64 {
    i64::from(day_number(first_day()))
}

fn last() -> i64 {
    i64::from(day_number(last_day()))
}

/// How much of some stretches of time lies before an instant: `lines[day]` plus what of the stretches of that UTC day does.
#[derive(Debug, Default)]
struct Steps {
    /// Per UTC day: the sum before it, and the start and length of its first stretch.
    lines: Vec<[i64; 3]>,
    /// Start and length of the further stretches of a day: `width` of them per day.
    more: Vec<[i64; 2]>,
    width: usize,
    /// Added to every answer.
    shift: i64,
}

impl Steps {
    #[inline]
    fn at(&self, instant: i64) -> Option<i64> {
        // What lies before 1970 becomes huge, and is no line.
        let day = usize::try_from(instant.cast_unsigned() / DAY.cast_unsigned()).ok()?;
        let &[base, start, length] = self.lines.get(day)?;
        let mut sum = base + (instant - start).clamp(0, length);
        if self.width > 0 {
            let more = self.more.get(day * self.width..(day + 1) * self.width)?;
            sum += more.iter().map(|[start, length]| (instant - start).clamp(0, *length)).sum::<i64>();
        }
        Some(sum + self.shift)
    }
}

/// Stretches of time, cut at UTC midnights.
#[derive(Debug, Default)]
struct Stretches {
    /// The UTC day, the start and the length.
    cut: Vec<(i64, i64, i64)>,
}

impl Stretches {
    fn add(&mut self, from: i64, to: i64) {
        let mut at = from;
        while at < to {
            let day = at.div_euclid(DAY);
            let end = to.min((day + 1) * DAY);
            self.cut.push((day, at, end - at));
            at = end;
        }
    }

    fn finish(mut self) -> Steps {
        self.cut.sort_unstable();
        let mut per_day: Vec<Vec<[i64; 2]>> = vec![Vec::new(); NEAR];
        for (day, start, length) in self.cut {
            if let Some(list) = usize::try_from(day).ok().and_then(|day| per_day.get_mut(day)) {
                list.push([start, length]);
            }
        }
        let width = per_day.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1);
        let mut steps = Steps { width, ..Steps::default() };
        let mut sum = 0;
        for list in per_day {
            let mut list = list.into_iter();
            let [start, length] = list.next().unwrap_or([0, 0]);
            steps.lines.push([sum, start, length]);
            sum += length;
            for _ in 0..width {
                let next = list.next().unwrap_or([0, 0]);
                sum += next[1];
                steps.more.push(next);
            }
        }
        steps
    }
}

/// Sums over all years of a calendar, by local day.
#[derive(Debug)]
struct Far {
    /// Working days up to and including the first day, the second, …
    workdays: Vec<i64>,
    /// Open µs before the first day, the second, …, and behind the last.
    open: Vec<i64>,
    workdays_shift: i64,
    open_shift: i64,
}

impl Far {
    fn new(calendar: &WorkCalendar, zone: Zone) -> Self {
        let mut far = Self { workdays: Vec::new(), open: vec![0], workdays_shift: 0, open_shift: 0 };
        let (mut workdays, mut open) = (0, 0);
        let hours = calendar.has_hours();
        for day in first_day().iter_days().take_while(|day| *day <= last_day()) {
            workdays += i64::from(calendar.is_workday(day));
            far.workdays.push(workdays);
            if hours {
                // No zone changed its clock before 1800, and none is known to do so after 2200.
                let changes = (1800..2200).contains(&day.year());
                let exact = || calendar.opening(day, zone).iter().map(|(from, to)| to - from).sum::<i64>();
                open += if changes { exact() } else { calendar.hours_of(day) };
                far.open.push(open);
            }
        }
        far
    }

    /// A day's place; of one outside, the nearest.
    fn index(day: i64) -> usize {
        usize::try_from(day.clamp(first(), last()) - first()).unwrap_or(0)
    }

    fn workdays(&self, day: i64) -> i64 {
        let before = day < first();
        let sum = if before { 0 } else { self.workdays.get(Self::index(day)).copied().unwrap_or(0) };
        sum + self.workdays_shift
    }

    fn open(&self, day: i64) -> i64 {
        let index = if day > last() { self.open.len() - 1 } else { Self::index(day).min(self.open.len() - 1) };
        self.open.get(index).copied().unwrap_or(0) + self.open_shift
    }

    fn add(&self, day: i64, n: i64) -> i64 {
        let index = Self::index(day);
        let until = self.workdays.get(index).copied().unwrap_or(0);
        let before = index.checked_sub(1).and_then(|i| self.workdays.get(i)).copied().unwrap_or(0);
        // The day on which the sum becomes this.
        let wanted = if n > 0 { until.saturating_add(n) } else { before.saturating_add(n).saturating_add(1) };
        if wanted < 1 {
            return first();
        }
        let place = self.workdays.partition_point(|&sum| sum < wanted);
        i64::try_from(place).map_or(last(), |place| first().saturating_add(place)).min(last())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Dated, HOUR, HolidaySet, MINUTE};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// A town hall with evening opening, a lunch break on Tuesdays, a Saturday desk, a 24-hour Wednesday (Thursday before
    /// 2025 closed), other hours and fewer days from September 2025 on, and some closed days.
    fn town_hall() -> WorkCalendar {
        let mut calendar = WorkCalendar::default();
        let hours = |from: i64, to: i64| (from * 30 * MINUTE, to * 30 * MINUTE);
        calendar.hours[0].push(Dated::always(hours(17, 34)));
        calendar.hours[1] = vec![Dated::always(hours(17, 24)), Dated::always(hours(26, 34))];
        calendar.hours[2].push(Dated::always((0, 24 * HOUR)));
        calendar.hours[3].push(Dated { from: Some(day("2025-01-01")), until: None, rule: hours(17, 40) });
        calendar.hours[0].push(Dated {
            from: Some(day("2025-09-01")),
            until: Some(day("2026-03-01")),
            rule: hours(18, 32),
        });
        calendar.hours[5].push(Dated::always(hours(20, 26)));
        calendar.hours[6].push(Dated::always((HOUR, 4 * HOUR)));
        let fewer = [true, true, true, true, false, false, false];
        calendar.workdays.push(Dated { from: Some(day("2025-09-01")), until: None, rule: fewer });
        let other = Dated { from: Some(day("2025-01-01")), until: None, rule: Some(HolidaySet::CaoGemeenten) };
        calendar.holidays.push(other);
        calendar.closed = [day("2025-12-24"), day("2025-10-27"), day("2031-01-02")].into();
        calendar
    }

    struct Random(u64);

    impl Random {
        fn below(&mut self, n: i64) -> i64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from(self.0 >> 33).expect("31 bits") % n
        }
    }

    #[test]
    fn the_sums_say_what_going_day_by_day_says() {
        for name in ["Europe/Amsterdam", "Europe/London", "America/New_York", "Pacific/Auckland"] {
            let zone = Zone::named(name).expect("a zone");
            let calendar = town_hall();
            let tally = Tally::new(calendar.clone(), zone);
            let mut random = Random(7);
            let start = zone.midnight(day("2025-03-20"));
            for _ in 0..400 {
                // A year around clock changes, often near one of them.
                let mut moment = |near: i64| start + near * DAY + random.below(20 * DAY / 1000) * 1000;
                let pairs = [(moment(0), moment(0)), (moment(210), moment(215)), (moment(0), moment(210))];
                for (a, b) in pairs {
                    let days = |t| zone.day(t).expect("a day");
                    let expected = calendar.workdays_between(days(a), days(b));
                    let workdays = |t| tally.workdays_at(t).expect("near");
                    assert_eq!(workdays(b) - workdays(a), expected, "{name} {a} {b}");
                    let number = |t| i64::from(day_number(days(t)));
                    let by_day = |t| tally.days_at(number(t)).expect("near");
                    assert_eq!(by_day(b) - workdays(a), expected, "{name} {a} {b}");
                    let open = |t| tally.open_at(t).expect("near");
                    assert_eq!(open(b) - open(a), calendar.open_between(a, b, zone), "{name} {a} {b}");
                    let n = random.below(41) - 20;
                    let moved = i64::from(day_number(calendar.add_workdays(days(a), n)));
                    assert_eq!(tally.add(number(a), n), moved, "{name} {} {n}", days(a));
                }
            }
        }
    }

    #[test]
    fn a_clock_change_makes_opening_hours_longer_and_shorter() {
        let zone = Zone::default();
        let tally = Tally::new(town_hall(), zone);
        let open = |text: &str| {
            let day = day(text);
            let after = zone.midnight(day.succ_opt().expect("a day"));
            tally.open_at(after).expect("near") - tally.open_at(zone.midnight(day)).expect("near")
        };
        // Sundays from 01:00 to 04:00: an ordinary one, the end of summer time, its begin.
        assert_eq!(open("2025-10-19"), 3 * HOUR);
        assert_eq!(open("2025-10-26"), 4 * HOUR);
        assert_eq!(open("2025-03-30"), 2 * HOUR);
    }

    #[test]
    fn years_far_away_have_working_days_too() {
        let zone = Zone::default();
        let calendar = WorkCalendar::default();
        let tally = Tally::new(calendar.clone(), zone);
        let number = |text: &str| i64::from(day_number(day(text)));
        for (a, b) in [("1969-12-20", "1970-01-10"), ("2099-12-20", "2100-01-20"), ("1899-12-30", "1971-01-01")] {
            let expected = calendar.workdays_between(day(a), day(b));
            assert_eq!(tally.days_far(number(b)) - tally.days_far(number(a)), expected, "{a} {b}");
            let far = |text: &str| tally.workdays_far(zone.midnight(day(text)) + 12 * HOUR);
            assert_eq!(far(b) - far(a), expected, "{a} {b}");
        }
        for n in [-30, -1, 1, 12, 60] {
            for start in ["1970-01-05", "1969-12-31", "2099-12-30", "9999-12-01", "0001-01-10"] {
                let moved = calendar.add_workdays(day(start), n);
                assert_eq!(tally.add(number(start), n), i64::from(day_number(moved)), "{start} {n}");
            }
        }
        // Beyond the years of the calendar nothing is counted, and nothing goes wrong.
        assert_eq!(tally.days_far(i64::MAX), tally.days_far(last()));
        assert_eq!(tally.workdays_far(i64::MAX), tally.days_far(last()));
        assert_eq!(tally.workdays_far(i64::MIN), tally.days_far(i64::MIN));
        assert_eq!(
            (tally.add(0, i64::MAX), tally.add(0, i64::MIN), tally.add(i64::MAX, -1)),
            (last(), first(), 2_932_895)
        );
        assert_eq!((tally.open_far(i64::MIN), tally.open_far(i64::MAX), tally.open_far(0)), (0, 0, 0));
    }

    #[test]
    fn opening_hours_far_away() {
        let zone = Zone::default();
        let calendar = town_hall();
        let tally = Tally::new(calendar.clone(), zone);
        let at = |text: &str| zone.midnight(day(text)) + 10 * HOUR + 7;
        for (a, b) in [("1969-12-20", "1970-01-10"), ("2099-12-20", "2100-01-20"), ("1890-01-01", "1890-02-01")] {
            let expected = calendar.open_between(at(a), at(b), zone);
            assert_eq!(tally.open_far(at(b)) - tally.open_far(at(a)), expected, "{a} {b}");
        }
        let (end, last) = (tally.open_far(i64::MAX), zone.midnight(last_day()));
        assert_eq!(end - tally.open_far(last), calendar.open_between(last, i64::MAX, zone));
        assert_eq!(tally.open_far(i64::MIN), tally.open_far(zone.midnight(first_day())));
    }
}
