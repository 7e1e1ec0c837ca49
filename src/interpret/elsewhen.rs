//! Other stretches of time than the period at hand, found by walking over days: the calendar's own arithmetic takes no
//! part in it.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::calendar::{Period, PeriodKind, Shift, Zone};

/// What a formula looks at instead of `period`; nothing where there is no such stretch.
pub(super) fn stretch(period: &Period, shift: Shift, zone: Zone) -> Option<Period> {
    let whole = period.kind == PeriodKind::Whole;
    match shift {
        Shift::Previous if whole => None,
        Shift::Previous => around(period.kind, period.from.pred_opt()?, zone),
        Shift::YearEarlier if whole => {
            let from = same_day_last_year(period.from)?;
            let last = period.until.pred_opt()?;
            let until = match same_day_last_year(period.until) {
                Some(until) => until,
                None => same_day_last_year(last)?.succ_opt()?,
            };
            Some(days_from(from, until, zone))
        }
        Shift::YearEarlier => {
            // The label with the year before in it: some day of the two years back has it, or none.
            let label = &period.label;
            let (year, rest) = label.split_at_checked(4)?;
            let wanted = format!("{:04}{rest}", year.parse::<i32>().ok()? - 1);
            let mut day = period.from;
            for _ in 0..800 {
                day = day.pred_opt()?;
                if name_of(period.kind, day) == wanted {
                    return around(period.kind, day, zone);
                }
            }
            None
        }
        Shift::Running(count, unit) => Some(days_from(before(period.until, count, unit)?, period.until, zone)),
        Shift::SoFar(unit) => {
            if !nests(period.kind, unit) {
                return None;
            }
            // Whole weeks: each lies where its Thursday does.
            let tells = |day: NaiveDate| if period.kind == PeriodKind::Week { thursday_of(day) } else { Some(day) };
            let name = name_of(unit, tells(period.from)?);
            let mut from = period.from;
            while let Some(day) = from.pred_opt()
                && tells(day).is_some_and(|day| name_of(unit, day) == name)
            {
                from = day;
            }
            Some(days_from(from, period.until, zone))
        }
        Shift::Past(count, unit) => {
            // The first day of the unit that has not ended yet.
            let mut until = period.until;
            while name_of(unit, until) == name_of(unit, until.pred_opt()?) {
                until = until.pred_opt()?;
            }
            if count == 1 {
                return around(unit, until.pred_opt()?, zone);
            }
            let mut from = until;
            for _ in 0..count {
                from = around(unit, from.pred_opt()?, zone)?.from;
            }
            Some(days_from(from, until, zone))
        }
        Shift::To(name) if name.kind == period.kind => around(name.kind, name.from, zone),
        Shift::To(_) => None,
    }
}

/// The days in the year of a period's first day, and those in the period.
pub(super) fn days(period: &Period) -> (f64, f64) {
    let count = |mut day: NaiveDate, until: NaiveDate| {
        let mut days = 0.0;
        while day < until {
            days += 1.0;
            day = day.succ_opt().unwrap_or(until);
        }
        days
    };
    let year = |y: i32| NaiveDate::from_ymd_opt(y, 1, 1).unwrap_or(period.from);
    (count(year(period.from.year()), year(period.from.year() + 1)), count(period.from, period.until))
}

/// The name of the period that a day lies in.
fn name_of(kind: PeriodKind, day: NaiveDate) -> String {
    let part = |months: u32| (day.month() - 1) / months + 1;
    match kind {
        PeriodKind::Day | PeriodKind::Whole => day.to_string(),
        PeriodKind::Week => format!("{:04}-W{:02}", day.iso_week().year(), day.iso_week().week()),
        PeriodKind::Month => format!("{:04}-{:02}", day.year(), day.month()),
        PeriodKind::Quarter => format!("{:04}-K{}", day.year(), part(3)),
        PeriodKind::Tertial => format!("{:04}-T{}", day.year(), part(4)),
        PeriodKind::HalfYear => format!("{:04}-H{}", day.year(), part(6)),
        PeriodKind::Year => format!("{:04}", day.year()),
    }
}

/// The period that holds a day: all days around it with the same name.
fn around(kind: PeriodKind, day: NaiveDate, zone: Zone) -> Option<Period> {
    let name = name_of(kind, day);
    let (mut from, mut until) = (day, day.succ_opt()?);
    while let Some(earlier) = from.pred_opt()
        && name_of(kind, earlier) == name
    {
        from = earlier;
    }
    while name_of(kind, until) == name {
        until = until.succ_opt()?;
    }
    Some(Period { kind, label: name, ..days_from(from, until, zone) })
}

fn days_from(from: NaiveDate, until: NaiveDate, zone: Zone) -> Period {
    let (start, end) = (zone.midnight(from), zone.midnight(until));
    Period { kind: PeriodKind::Whole, label: PeriodKind::Whole.word().to_owned(), from, until, start, end }
}

fn same_day_last_year(day: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year() - 1, day.month(), day.day())
}

fn thursday_of(day: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_isoywd_opt(day.iso_week().year(), day.iso_week().week(), Weekday::Thu)
}

/// So many units before a day; a day that a month lacks is its last.
fn before(day: NaiveDate, count: u32, unit: PeriodKind) -> Option<NaiveDate> {
    let months = match unit {
        PeriodKind::Day | PeriodKind::Week | PeriodKind::Whole => {
            let mut found = day;
            for _ in 0..count * if unit == PeriodKind::Week { 7 } else { 1 } {
                found = found.pred_opt()?;
            }
            return Some(found);
        }
        PeriodKind::Month => 1,
        PeriodKind::Quarter => 3,
        PeriodKind::Tertial => 4,
        PeriodKind::HalfYear => 6,
        PeriodKind::Year => 12,
    };
    let (mut year, mut month) = (day.year(), day.month());
    for _ in 0..count * months {
        (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
    }
    (1..=day.day()).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month, d))
}

/// Whether every period of a kind lies in one unit. Weeks lie where their Thursday does.
fn nests(kind: PeriodKind, unit: PeriodKind) -> bool {
    use PeriodKind::{Day, HalfYear, Month, Quarter, Tertial, Week, Whole, Year};
    match kind {
        Day => unit != Whole,
        Week => !matches!(unit, Day | Whole),
        Month => matches!(unit, Month | Quarter | Tertial | HalfYear | Year),
        Quarter => matches!(unit, Quarter | HalfYear | Year),
        Tertial => matches!(unit, Tertial | Year),
        HalfYear => matches!(unit, HalfYear | Year),
        Year => unit == Year,
        Whole => false,
    }
}
