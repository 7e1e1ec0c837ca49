//! Reporting periods: days, ISO weeks, months … as stretches of local days, with their labels and their bounds in UTC.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Zone, day_number};

/// What a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodKind {
    Day,
    /// ISO week, from Monday.
    Week,
    Month,
    Quarter,
    /// Four months.
    Tertial,
    HalfYear,
    Year,
    /// The whole asked range.
    Whole,
}

impl PeriodKind {
    pub const ALL: [Self; 8] =
        [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Tertial, Self::HalfYear, Self::Year, Self::Whole];

    /// The word in definitions and on the command line (there `hele-reeks` is accepted too).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "dag",
            Self::Week => "week",
            Self::Month => "maand",
            Self::Quarter => "kwartaal",
            Self::Tertial => "tertaal",
            Self::HalfYear => "halfjaar",
            Self::Year => "jaar",
            Self::Whole => "hele reeks",
        }
    }

    /// The first day of the period that holds `day`. For [`Self::Whole`] the day itself.
    #[must_use]
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let month = |m: u32| NaiveDate::from_ymd_opt(day.year(), m, 1).unwrap_or(day);
        match self {
            Self::Day | Self::Whole => day,
            Self::Week => {
                day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
            }
            Self::Month => month(day.month()),
            Self::Quarter => month((day.month0() / 3) * 3 + 1),
            Self::Tertial => month((day.month0() / 4) * 4 + 1),
            Self::HalfYear => month((day.month0() / 6) * 6 + 1),
            Self::Year => month(1),
        }
    }

    /// How many months a period of this kind has; none of days, weeks and the whole range.
    #[must_use]
    pub fn months(self) -> Option<u32> {
        match self {
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Tertial => Some(4),
            Self::HalfYear => Some(6),
            Self::Year => Some(12),
            Self::Day | Self::Week | Self::Whole => None,
        }
    }

    /// Whether each period of this kind lies in one period of kind `unit`. A week does: in that of its Thursday.
    #[must_use]
    pub fn fits(self, unit: Self) -> bool {
        match (self, unit) {
            (Self::Whole, _) | (_, Self::Whole) => false,
            (Self::Day, _) => true,
            (Self::Week, unit) => unit != Self::Day,
            (kind, unit) => kind.months().zip(unit.months()).is_some_and(|(own, whole)| whole % own == 0),
        }
    }

    /// The period that has `day` inside it: its first day and the day after its last. None where one begins on that day.
    #[must_use]
    pub fn around(self, day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let start = self.start(day);
        (start != day).then(|| self.next(start)).flatten().map(|next| (start, next))
    }

    /// The first day of the period after the one that starts on `start`.
    fn next(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day | Self::Whole => start.checked_add_days(Days::new(1)),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Quarter => start.checked_add_months(Months::new(3)),
            Self::Tertial => start.checked_add_months(Months::new(4)),
            Self::HalfYear => start.checked_add_months(Months::new(6)),
            Self::Year => start.checked_add_months(Months::new(12)),
        }
    }

    /// `2026-01-05`, `2026-W05`, `2026-01`, `2026-K1`, `2026-T1`, `2026-H1`, `2026`, `hele reeks`.
    #[must_use]
    pub fn label(self, start: NaiveDate) -> String {
        let year = start.year();
        match self {
            Self::Day => start.format("%Y-%m-%d").to_string(),
            Self::Week => format!("{}-W{:02}", start.iso_week().year(), start.iso_week().week()),
            Self::Month => start.format("%Y-%m").to_string(),
            Self::Quarter => format!("{year}-K{}", start.month0() / 3 + 1),
            Self::Tertial => format!("{year}-T{}", start.month0() / 4 + 1),
            Self::HalfYear => format!("{year}-H{}", start.month0() / 6 + 1),
            Self::Year => year.to_string(),
            Self::Whole => "hele reeks".to_owned(),
        }
    }
}

/// One period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub kind: PeriodKind,
    pub label: String,
    /// First local day.
    pub from: NaiveDate,
    /// The local day after the last.
    pub until: NaiveDate,
    /// First instant, µs UTC.
    pub start: i64,
    /// First instant after, µs UTC.
    pub end: i64,
}

impl Period {
    /// The period of a kind that starts on a day; none at the end of time. Of [`PeriodKind::Whole`] that day.
    #[must_use]
    pub fn starting(kind: PeriodKind, from: NaiveDate, zone: Zone) -> Option<Self> {
        let until = kind.next(from)?;
        Some(Self { kind, label: kind.label(from), ..Self::stretch(from, until, zone) })
    }

    /// A stretch of days that is no period of a kind.
    #[must_use]
    pub fn stretch(from: NaiveDate, until: NaiveDate, zone: Zone) -> Self {
        Self {
            kind: PeriodKind::Whole,
            label: PeriodKind::Whole.label(from),
            from,
            until,
            start: zone.midnight(from),
            end: zone.midnight(until),
        }
    }

    /// From and until in the form of a time axis: days where it holds dates, otherwise µs UTC.
    #[must_use]
    pub fn on_axis(&self, is_date: bool) -> (i64, i64) {
        if is_date { (self.from_day().into(), self.until_day().into()) } else { (self.start, self.end) }
    }

    /// First day as days since 1970-01-01.
    #[must_use]
    pub fn from_day(&self) -> i32 {
        day_number(self.from)
    }

    /// The day after the last as days since 1970-01-01.
    #[must_use]
    pub fn until_day(&self) -> i32 {
        day_number(self.until)
    }
}

/// A period by its name: `2005-K1`. Never of [`PeriodKind::Whole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeriodName {
    pub kind: PeriodKind,
    /// Its first day.
    pub from: NaiveDate,
}

impl PeriodName {
    /// The period of a label (see [`PeriodKind::label`]); none where the text is no label.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-').unwrap_or((text, ""));
        if year.len() != 4 || !text.is_ascii() {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        let digits = |part: &str| part.parse::<u32>().ok();
        let (kind, from) = match rest.split_at_checked(1) {
            None => (PeriodKind::Year, NaiveDate::from_ymd_opt(year, 1, 1)?),
            Some(("W", week)) => {
                (PeriodKind::Week, NaiveDate::from_isoywd_opt(year, digits(week)?, chrono::Weekday::Mon)?)
            }
            Some((letter @ ("K" | "T" | "H"), number)) => {
                let (kind, months) = match letter {
                    "K" => (PeriodKind::Quarter, 3),
                    "T" => (PeriodKind::Tertial, 4),
                    _ => (PeriodKind::HalfYear, 6),
                };
                let month = digits(number)?.checked_sub(1)?.checked_mul(months)?.checked_add(1)?;
                (kind, NaiveDate::from_ymd_opt(year, month, 1)?)
            }
            Some(_) if rest.len() == 2 => (PeriodKind::Month, NaiveDate::from_ymd_opt(year, digits(rest)?, 1)?),
            Some(_) => (PeriodKind::Day, text.parse().ok()?),
        };
        let name = Self { kind, from };
        (name.to_string() == text).then_some(name)
    }
}

impl std::fmt::Display for PeriodName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kind.label(self.from))
    }
}

/// The periods of one kind over a range, in order and without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Periods {
    pub kind: PeriodKind,
    pub list: Vec<Period>,
}

/// More periods than a report can hold: nearly always one wrong date in the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyPeriods;

impl Periods {
    /// The most periods that one range may have: 30 years of days.
    pub const LIMIT: usize = 11_000;

    /// All periods of `kind` that touch the local days `from` up to and excluding `until`, each whole: a period is
    /// never cut off ([`PeriodKind::Whole`] is the range itself). An empty range gives no periods.
    ///
    /// # Errors
    /// When the range holds more than [`Self::LIMIT`] periods.
    pub fn over(kind: PeriodKind, from: NaiveDate, until: NaiveDate, zone: Zone) -> Result<Self, TooManyPeriods> {
        let mut list = Vec::new();
        let mut start = kind.start(from);
        while start < until {
            let end = if kind == PeriodKind::Whole { until } else { kind.next(start).ok_or(TooManyPeriods)? };
            if list.len() == Self::LIMIT {
                return Err(TooManyPeriods);
            }
            list.push(Period { kind, label: kind.label(start), ..Period::stretch(start, end, zone) });
            start = end;
        }
        Ok(Self { kind, list })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a day")
    }

    fn labels(kind: PeriodKind, from: NaiveDate, until: NaiveDate) -> Vec<String> {
        Periods::over(kind, from, until, Zone::default()).expect("few").list.into_iter().map(|p| p.label).collect()
    }

    #[test]
    fn periods_are_whole_and_touch_the_range() {
        assert_eq!(labels(PeriodKind::Month, day(2026, 1, 15), day(2026, 3, 1)), ["2026-01", "2026-02"]);
        assert_eq!(labels(PeriodKind::Tertial, day(2026, 4, 30), day(2026, 5, 2)), ["2026-T1", "2026-T2"]);
        assert_eq!(labels(PeriodKind::Week, day(2027, 1, 1), day(2027, 1, 5)), ["2026-W53", "2027-W01"]);
        assert!(labels(PeriodKind::Month, day(2026, 1, 1), day(2026, 1, 1)).is_empty());
    }

    #[test]
    fn names_read_back() {
        for text in ["2005", "2005-K1", "2005-T3", "2005-H2", "2005-03", "2020-W53", "2004-02-29"] {
            assert_eq!(PeriodName::read(text).map(|name| name.to_string()).as_deref(), Some(text));
        }
        for text in
            ["", "05", "2005-", "2005-K5", "2005-K0", "2005-13", "2005-3", "2005-W1", "2021-W53", "2005-Q1", "é2005"]
        {
            assert_eq!(PeriodName::read(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_are_local_midnights() {
        let days = Periods::over(PeriodKind::Day, day(2025, 10, 26), day(2025, 10, 27), Zone::default()).expect("few");
        assert_eq!(days.list[0].end - days.list[0].start, 25 * crate::calendar::HOUR);
    }

    #[test]
    fn a_wrong_date_does_not_give_a_million_periods() {
        assert_eq!(
            Periods::over(PeriodKind::Day, day(1900, 1, 1), day(2026, 1, 1), Zone::default()),
            Err(TooManyPeriods)
        );
    }
}
