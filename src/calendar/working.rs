//! Working days and opening hours, day by day: the plain meaning of a calendar. `tally` answers the same questions for
//! millions of rows. Knows no notation and no model.
//!
//! A calendar speaks about the years 1 through 9999; outside these there are no working days and no opening hours.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};

use super::{HOUR, HolidaySet, Zone, day_number, day_of};

/// A day in microseconds of local time.
pub(super) const DAY: i64 = 24 * HOUR;

/// The names of the days of the week, from Monday.
pub const WEEKDAYS: [&str; 7] = ["ma", "di", "wo", "do", "vr", "za", "zo"];

/// A rule with the days on which it holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dated<T> {
    /// First day; none = always has.
    pub from: Option<NaiveDate>,
    /// The day after the last; none = until further notice.
    pub until: Option<NaiveDate>,
    pub rule: T,
}

impl<T> Dated<T> {
    /// A rule for all days.
    pub fn always(rule: T) -> Self {
        Self { from: None, until: None, rule }
    }

    /// Whether the rule holds on a day, as far as its own days go.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// The rules for a day: of those that hold then, the ones that began last.
pub fn applicable<T>(rules: &[Dated<T>], day: NaiveDate) -> impl Iterator<Item = &T> {
    let latest = rules.iter().filter(|r| r.covers(day)).map(|r| r.from).max();
    rules.iter().filter(move |r| r.covers(day) && Some(r.from) == latest).map(|r| &r.rule)
}

/// Which days are working days and when there is someone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkCalendar {
    /// Per rule the working days of the week, from Monday.
    pub workdays: Vec<Dated<[bool; 7]>>,
    /// Per rule the holidays; none: no holidays at all.
    pub holidays: Vec<Dated<Option<HolidaySet>>>,
    /// Opening hours per weekday from Monday: from and until in µs of local time since midnight, at most 24:00.
    pub hours: [Vec<Dated<(i64, i64)>>; 7],
    /// Days on which nobody works, whatever the rules say.
    pub closed: BTreeSet<NaiveDate>,
}

impl Default for WorkCalendar {
    /// Monday to Friday, the holidays of the Algemene termijnenwet, no opening hours.
    fn default() -> Self {
        Self {
            workdays: vec![Dated::always([true, true, true, true, true, false, false])],
            holidays: vec![Dated::always(Some(HolidaySet::Termijnenwet))],
            hours: Default::default(),
            closed: BTreeSet::new(),
        }
    }
}

impl WorkCalendar {
    /// Whether opening hours are declared for any day.
    #[must_use]
    pub fn has_hours(&self) -> bool {
        self.hours.iter().any(|day| !day.is_empty())
    }

    /// A day in the years of a calendar.
    fn within(day: NaiveDate) -> bool {
        (1..=9999).contains(&day.year())
    }

    /// A holiday or a closed day.
    fn is_free(&self, day: NaiveDate) -> bool {
        let holiday = || applicable(&self.holidays, day).flatten().any(|set| set.holiday(day).is_some());
        !Self::within(day) || self.closed.contains(&day) || holiday()
    }

    /// Whether a day is a working day.
    #[must_use]
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        let weekday = day.weekday().num_days_from_monday() as usize;
        applicable(&self.workdays, day).any(|days| days.get(weekday) == Some(&true)) && !self.is_free(day)
    }

    /// The rules for the hours of a day; none where it is free.
    fn rules_of(&self, day: NaiveDate) -> &[Dated<(i64, i64)>] {
        let weekday = day.weekday().num_days_from_monday() as usize;
        let rules = self.hours.get(weekday).map_or(&[][..], Vec::as_slice);
        if rules.is_empty() || self.is_free(day) { &[] } else { rules }
    }

    /// How long a day is open when no clock changes, in µs.
    pub(super) fn hours_of(&self, day: NaiveDate) -> i64 {
        applicable(self.rules_of(day), day).map(|(from, until)| until - from).sum()
    }

    /// The opening hours of a day as instants (µs UTC), apart and in order. A clock change makes them longer or shorter;
    /// what falls in the hour that does not exist moves forward.
    #[must_use]
    pub fn opening(&self, day: NaiveDate, zone: Zone) -> Vec<(i64, i64)> {
        let rules = self.rules_of(day);
        let instant = |local: i64| {
            let (day, rest) = if local < DAY { (Some(day), local) } else { (day.succ_opt(), local - DAY) };
            day.and_then(|day| {
                day.and_time(chrono::NaiveTime::MIN).checked_add_signed(chrono::Duration::microseconds(rest))
            })
            .map(|local| zone.instant(local))
        };
        let mut stretches: Vec<(i64, i64)> = applicable(rules, day)
            .filter_map(|&(from, until)| Some((instant(from)?, instant(until)?)))
            .filter(|(from, until)| from < until)
            .collect();
        stretches.sort_unstable();
        let mut apart: Vec<(i64, i64)> = Vec::new();
        for (from, until) in stretches {
            match apart.last_mut() {
                Some(last) if from < last.1 => last.1 = last.1.max(until),
                _ => apart.push((from, until)),
            }
        }
        apart
    }

    /// The working days after `a` up to and including `b`; negative when `b` precedes `a`. Day by day.
    #[must_use]
    pub fn workdays_between(&self, a: NaiveDate, b: NaiveDate) -> i64 {
        let (first, last, sign) = if a <= b { (a, b, 1) } else { (b, a, -1) };
        // The day before the first is none of the calendar's days, and so never counts.
        let near = |day: NaiveDate| day.clamp(first_day().pred_opt().unwrap_or_default(), last_day());
        let days = near(first).iter_days().skip(1).take_while(|day| *day <= near(last));
        sign * i64::try_from(days.filter(|day| self.is_workday(*day)).count()).unwrap_or(i64::MAX)
    }

    /// The time inside opening hours from `a` to `b` (µs UTC), in µs; negative when `b` precedes `a`. Day by day.
    #[must_use]
    pub fn open_between(&self, a: i64, b: i64, zone: Zone) -> i64 {
        let (first, last, sign) = if a <= b { (a, b, 1) } else { (b, a, -1) };
        let day = |instant, other| zone.day(instant).unwrap_or(other).clamp(first_day(), last_day());
        let (from, until) = (day(first, first_day()), day(last, last_day()));
        let mut total = 0;
        for day in from.iter_days().take_while(|day| *day <= until) {
            for (open, close) in self.opening(day, zone) {
                total += close.min(last).saturating_sub(open.max(first)).max(0);
            }
        }
        sign * total
    }

    /// The `n`th working day after `day` (before it where `n` is negative); `day` itself where `n` is 0. What lies
    /// outside the years of the calendar becomes their nearest day. Day by day.
    #[must_use]
    pub fn add_workdays(&self, day: NaiveDate, n: i64) -> NaiveDate {
        let mut left = n.unsigned_abs();
        let mut at = day.clamp(first_day(), last_day());
        while left > 0 {
            let next = if n > 0 { at.succ_opt() } else { at.pred_opt() };
            let Some(next) = next.filter(|next| if n > 0 { *next <= last_day() } else { *next >= first_day() }) else {
                return if n > 0 { last_day() } else { first_day() };
            };
            at = next;
            left -= u64::from(self.is_workday(at));
        }
        at
    }
}

/// The first day of which a calendar speaks.
#[must_use]
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default()
}

/// The last day of which a calendar speaks.
#[must_use]
pub fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default()
}

/// A day (days since 1970) with `months` months added: the same day of the month, or the month's last day where it has no
/// such day. Days outside the years 1 through 9999 become the nearest of these.
#[must_use]
pub fn add_months(day: i64, months: i64) -> i64 {
    let (first, last) = (first_day(), last_day());
    let day = i32::try_from(day).ok().and_then(day_of).unwrap_or(if day < 0 { first } else { last });
    let months_abs = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
    let moved = if months < 0 { day.checked_sub_months(months_abs) } else { day.checked_add_months(months_abs) };
    let moved = moved.unwrap_or(if months < 0 { first } else { last });
    i64::from(day_number(moved.clamp(first, last)))
}
