//! Periods seen from another one: the one before, the same one a year earlier, the twelve months that end with it, the
//! year so far. Whether that stretch holds any data is not its business.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::Zone;
use super::period::{Period, PeriodKind, PeriodName};

/// The way from a period to another stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shift {
    /// The period of the same kind right before. There is none before [`PeriodKind::Whole`].
    Previous,
    /// The same period a year earlier: the same date, ISO week number or month. None for 29 February, and for week 53
    /// where the year before has 52. Of the whole range: the same dates.
    YearEarlier,
    /// So many units back from the period's end. A day that a month lacks is its last.
    Running(u32, PeriodKind),
    /// From the start of the unit in which the period lies to the period's end. Weeks stay whole: a week lies in the unit
    /// that holds its Thursday, as in ISO's years. None where the period's kind does not fit in the unit.
    SoFar(PeriodKind),
    /// The last so many whole units that ended at or before the period's end. One unit is a period of its kind.
    Past(u32, PeriodKind),
    /// That period, from periods of its own kind; from others none.
    To(PeriodName),
}

impl Shift {
    /// The stretch, seen from `period`; none where there is none. A stretch that is no period is of
    /// [`PeriodKind::Whole`].
    #[must_use]
    pub fn of(self, period: &Period, zone: Zone) -> Option<Period> {
        match self {
            Self::Previous if period.kind == PeriodKind::Whole => None,
            Self::Previous => {
                let start = period.kind.start(period.from.pred_opt()?);
                Period::starting(period.kind, start, zone)
            }
            Self::YearEarlier => year_earlier(period, zone),
            Self::Running(count, unit) => Some(Period::stretch(back(period.until, count, unit)?, period.until, zone)),
            Self::SoFar(unit) => {
                let from = period.kind.fits(unit).then(|| start_of(unit, period))?;
                Some(Period::stretch(from, period.until, zone))
            }
            Self::Past(count, unit) => {
                let until = unit.start(period.until);
                let from = back(until, count, unit)?;
                if count == 1 {
                    return Period::starting(unit, from, zone);
                }
                Some(Period::stretch(from, until, zone))
            }
            Self::To(name) => {
                if period.kind != name.kind {
                    return None;
                }
                Period::starting(name.kind, name.from, zone)
            }
        }
    }

    /// Whether it leads from any period of `kind` to somewhere.
    #[must_use]
    pub fn suits(self, kind: PeriodKind) -> bool {
        match self {
            Self::Previous => kind != PeriodKind::Whole,
            Self::SoFar(unit) => kind.fits(unit),
            Self::To(name) => kind == name.kind,
            Self::YearEarlier | Self::Running(..) | Self::Past(..) => true,
        }
    }
}

fn year_earlier(period: &Period, zone: Zone) -> Option<Period> {
    let earlier = |day: NaiveDate| NaiveDate::from_ymd_opt(day.year() - 1, day.month(), day.day());
    match period.kind {
        PeriodKind::Whole => {
            let from = earlier(period.from)?;
            // The last day shifts, so that a range up to 29 February ends on the 28th.
            let until = earlier(period.until).or_else(|| earlier(period.until.pred_opt()?)?.succ_opt())?;
            Some(Period::stretch(from, until, zone))
        }
        PeriodKind::Week => {
            let week = period.from.iso_week();
            let start = NaiveDate::from_isoywd_opt(week.year() - 1, week.week(), Weekday::Mon)?;
            Period::starting(PeriodKind::Week, start, zone)
        }
        kind => Period::starting(kind, earlier(period.from)?, zone),
    }
}

/// So many units before a day.
fn back(day: NaiveDate, count: u32, unit: PeriodKind) -> Option<NaiveDate> {
    match unit.months() {
        Some(months) => day.checked_sub_months(Months::new(count.checked_mul(months)?)),
        None if unit == PeriodKind::Week => day.checked_sub_days(Days::new(u64::from(count) * 7)),
        None => day.checked_sub_days(Days::new(u64::from(count))),
    }
}

/// The first day of the unit in which a period lies; of weeks in longer units the first Monday of theirs.
fn start_of(unit: PeriodKind, period: &Period) -> NaiveDate {
    if period.kind != PeriodKind::Week || unit == PeriodKind::Week {
        return unit.start(period.from);
    }
    let thursday = |monday: NaiveDate| monday.checked_add_days(Days::new(3)).unwrap_or(monday);
    let start = unit.start(thursday(period.from));
    let monday = PeriodKind::Week.start(start);
    if thursday(monday) >= start { monday } else { monday.checked_add_days(Days::new(7)).unwrap_or(monday) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Periods;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn period(kind: PeriodKind, from: &str) -> Period {
        let from = day(from);
        Periods::over(kind, from, from.succ_opt().expect("a day"), Zone::default()).expect("few").list.remove(0)
    }

    fn shifted(shift: Shift, kind: PeriodKind, from: &str) -> Option<String> {
        let found = shift.of(&period(kind, from), Zone::default())?;
        assert_eq!(
            (found.start, found.end),
            (Zone::default().midnight(found.from), Zone::default().midnight(found.until))
        );
        Some(if found.kind == PeriodKind::Whole { format!("{}/{}", found.from, found.until) } else { found.label })
    }

    #[test]
    fn the_period_before() {
        for (kind, from, before) in [
            (PeriodKind::Day, "2024-03-01", "2024-02-29"),
            (PeriodKind::Week, "2027-01-04", "2026-W53"),
            (PeriodKind::Month, "2026-01-10", "2025-12"),
            (PeriodKind::Tertial, "2026-01-01", "2025-T3"),
            (PeriodKind::Year, "2026-01-01", "2025"),
        ] {
            assert_eq!(shifted(Shift::Previous, kind, from).as_deref(), Some(before));
        }
        assert_eq!(shifted(Shift::Previous, PeriodKind::Whole, "2026-01-01"), None);
    }

    #[test]
    fn a_year_earlier() {
        for (kind, from, before) in [
            (PeriodKind::Day, "2024-02-29", None),
            (PeriodKind::Day, "2025-02-28", Some("2024-02-28")),
            (PeriodKind::Week, "2026-12-28", None),
            (PeriodKind::Week, "2027-01-04", Some("2026-W01")),
            (PeriodKind::Month, "2024-02-29", Some("2023-02")),
            (PeriodKind::HalfYear, "2026-07-01", Some("2025-H2")),
            (PeriodKind::Whole, "2024-02-29", None),
            (PeriodKind::Whole, "2024-02-28", Some("2023-02-28/2023-03-01")),
            (PeriodKind::Whole, "2026-03-31", Some("2025-03-31/2025-04-01")),
        ] {
            assert_eq!(shifted(Shift::YearEarlier, kind, from).as_deref(), before, "{kind:?} {from}");
        }
    }

    #[test]
    fn windows_that_end_with_the_period() {
        let running = |n, unit, kind, from| shifted(Shift::Running(n, unit), kind, from).expect("a window");
        assert_eq!(running(12, PeriodKind::Month, PeriodKind::Month, "2026-03-01"), "2025-04-01/2026-04-01");
        assert_eq!(running(4, PeriodKind::Week, PeriodKind::Week, "2026-01-05"), "2025-12-15/2026-01-12");
        // The month before 31 March begins where February ends.
        assert_eq!(running(1, PeriodKind::Month, PeriodKind::Day, "2026-03-30"), "2026-02-28/2026-03-31");
        assert_eq!(running(1, PeriodKind::Year, PeriodKind::Day, "2024-02-28"), "2023-02-28/2024-02-29");
        assert_eq!(running(30, PeriodKind::Day, PeriodKind::Month, "2026-03-01"), "2026-03-02/2026-04-01");
    }

    #[test]
    fn the_unit_so_far() {
        let so_far = |unit, kind, from| shifted(Shift::SoFar(unit), kind, from);
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(so_far(PeriodKind::Year, PeriodKind::Month, "2026-03-01"), is("2026-01-01/2026-04-01"));
        assert_eq!(so_far(PeriodKind::Quarter, PeriodKind::Day, "2026-05-02"), is("2026-04-01/2026-05-03"));
        // Week 53 of 2026 ends in 2027 and is the last of its year; week 1 of 2026 begins in 2025.
        assert_eq!(so_far(PeriodKind::Year, PeriodKind::Week, "2026-12-28"), is("2025-12-29/2027-01-04"));
        assert_eq!(so_far(PeriodKind::Year, PeriodKind::Week, "2027-01-04"), is("2027-01-04/2027-01-11"));
        // The week of 26 January has its Thursday in January, that of 30 March in April.
        assert_eq!(so_far(PeriodKind::Month, PeriodKind::Week, "2026-01-26"), is("2025-12-29/2026-02-02"));
        assert_eq!(so_far(PeriodKind::Month, PeriodKind::Week, "2026-03-30"), is("2026-03-30/2026-04-06"));
        assert_eq!(so_far(PeriodKind::HalfYear, PeriodKind::Tertial, "2026-05-01"), None);
        assert_eq!(so_far(PeriodKind::Month, PeriodKind::Quarter, "2026-05-01"), None);
        assert_eq!(so_far(PeriodKind::Year, PeriodKind::Whole, "2026-05-01"), None);
    }

    #[test]
    fn whole_units_that_are_over() {
        let past = |n, unit, kind, from| shifted(Shift::Past(n, unit), kind, from).expect("a window");
        assert_eq!(past(1, PeriodKind::Quarter, PeriodKind::Month, "2026-06-01"), "2026-K2");
        assert_eq!(past(1, PeriodKind::Quarter, PeriodKind::Month, "2026-05-01"), "2026-K1");
        assert_eq!(past(1, PeriodKind::Week, PeriodKind::Day, "2026-01-11"), "2026-W02");
        assert_eq!(past(1, PeriodKind::Week, PeriodKind::Day, "2026-01-10"), "2026-W01");
        assert_eq!(past(12, PeriodKind::Month, PeriodKind::Week, "2026-03-23"), "2025-03-01/2026-03-01");
    }

    #[test]
    fn a_base_is_of_the_same_kind() {
        let base = |text: &str| PeriodName::read(text).expect("a period");
        assert_eq!(shifted(Shift::To(base("2005-K1")), PeriodKind::Quarter, "2026-01-01").as_deref(), Some("2005-K1"));
        assert_eq!(shifted(Shift::To(base("2005-K1")), PeriodKind::Month, "2026-01-01"), None);
    }
}
