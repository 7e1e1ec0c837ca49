//! Dutch public holidays: which days a law or a collective agreement makes free. Pure rules over years; knows no calendar
//! of a municipality.
//!
//! Sources: Algemene termijnenwet, article 3, subsections 1 and 2 (Good Friday is equated with a holiday, 5 May is one every
//! year); CAO Gemeenten, article 6.6 (no Good Friday; 5 May is free every year from 2024 on, before that it was left to
//! each municipality). Extra days by royal decree (Termijnenwet, article 3, subsection 3) differ per year: a municipality
//! names them as closed days of its calendar. The rules are applied to all years, also those before the law.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A set of holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolidaySet {
    /// Algemene termijnenwet, article 3.
    Termijnenwet,
    /// CAO Gemeenten, article 6.6.
    CaoGemeenten,
}

impl HolidaySet {
    pub const ALL: [Self; 2] = [Self::Termijnenwet, Self::CaoGemeenten];

    /// The word in a calendar.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Termijnenwet => "termijnenwet",
            Self::CaoGemeenten => "cao_gemeenten",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Termijnenwet => "de Algemene termijnenwet",
            Self::CaoGemeenten => "de CAO Gemeenten",
        }
    }

    /// The set of a word, if it is one.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.word() == word)
    }

    /// The name of the holiday that a day is in this set, if it is one. Where two fall together, the first by the order of
    /// the year's list.
    #[must_use]
    pub fn holiday(self, day: NaiveDate) -> Option<&'static str> {
        // No holiday falls in these months; asked of millions of days, that saves most of the work.
        if matches!(day.month(), 2 | 7..=11) || (matches!(day.month(), 1 | 12) && !matches!(day.day(), 1 | 25 | 26)) {
            return None;
        }
        self.in_year(day.year()).into_iter().find(|(holiday, _)| *holiday == day).map(|(_, name)| name)
    }

    /// The holidays of a year; two may fall on one day.
    #[must_use]
    pub fn in_year(self, year: i32) -> Vec<(NaiveDate, &'static str)> {
        let Some(easter) = easter(year) else { return Vec::new() };
        let fixed = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        let after = |days: u64| easter.checked_add_days(Days::new(days));
        let all = [
            (fixed(1, 1), "Nieuwjaarsdag"),
            (easter.checked_sub_days(Days::new(2)).filter(|_| self.has_good_friday()), "Goede Vrijdag"),
            (after(1), "tweede paasdag"),
            (kings_day(year), if year >= 2014 { "Koningsdag" } else { "Koninginnedag" }),
            (fixed(5, 5).filter(|_| self.has_liberation_day(year)), "Bevrijdingsdag"),
            (after(39), "Hemelvaartsdag"),
            (after(50), "tweede pinksterdag"),
            (fixed(12, 25), "eerste kerstdag"),
            (fixed(12, 26), "tweede kerstdag"),
        ];
        all.into_iter().filter_map(|(day, name)| Some((day?, name))).collect()
    }

    fn has_good_friday(self) -> bool {
        self == Self::Termijnenwet
    }

    fn has_liberation_day(self, year: i32) -> bool {
        match self {
            Self::Termijnenwet => true,
            Self::CaoGemeenten => year >= 2024,
        }
    }
}

/// The day on which the king's birthday is celebrated: 27 April, on a Sunday the Saturday before; until 2013 30 April,
/// on a Sunday the Saturday before from 1980 on and the Monday after until then.
fn kings_day(year: i32) -> Option<NaiveDate> {
    let day = NaiveDate::from_ymd_opt(year, 4, if year >= 2014 { 27 } else { 30 })?;
    match day.weekday() {
        Weekday::Sun if year >= 1980 => day.pred_opt(),
        Weekday::Sun => day.succ_opt(),
        _ => Some(day),
    }
}

/// Easter Sunday of the Gregorian calendar: the Sunday after the full moon of spring (Meeus, Jones, Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (century, in_century) = (year.div_euclid(100), year.rem_euclid(100));
    let golden = year.rem_euclid(19);
    // Leap days left out in centuries, and the drift of the moon.
    let leap_shift = century - century.div_euclid(4);
    let moon_shift = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let moon = (19 * golden + leap_shift - moon_shift + 15).rem_euclid(30);
    let weekday =
        (32 + 2 * century.rem_euclid(4) + 2 * in_century.div_euclid(4) - moon - in_century.rem_euclid(4)).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * weekday).div_euclid(451);
    let days = moon + weekday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(set: HolidaySet, year: i32) -> Vec<String> {
        let mut days: Vec<String> = set.in_year(year).iter().map(|(d, _)| d.format("%m-%d").to_string()).collect();
        days.sort();
        days
    }

    #[test]
    fn the_two_sets_of_known_years() {
        let law = ["01-01", "04-03", "04-06", "04-27", "05-05", "05-14", "05-25", "12-25", "12-26"];
        assert_eq!(days(HolidaySet::Termijnenwet, 2026), law);
        let agreement = ["01-01", "04-06", "04-27", "05-05", "05-14", "05-25", "12-25", "12-26"];
        assert_eq!(days(HolidaySet::CaoGemeenten, 2026), agreement);
        // Before 2024 5 May was not free by the agreement; not in a lustrum year either.
        assert!(!days(HolidaySet::CaoGemeenten, 2020).contains(&"05-05".to_owned()));
        assert!(days(HolidaySet::Termijnenwet, 2020).contains(&"05-05".to_owned()));
    }

    #[test]
    fn easter_of_known_years() {
        for (year, day) in [(1818, "03-22"), (1943, "04-25"), (2000, "04-23"), (2019, "04-21"), (2038, "04-25")] {
            assert_eq!(easter(year).map(|d| d.format("%m-%d").to_string()).as_deref(), Some(day), "{year}");
        }
    }

    #[test]
    fn the_kings_birthday_is_never_celebrated_on_a_sunday() {
        let on = |year| kings_day(year).map(|d| d.format("%m-%d").to_string()).unwrap_or_default();
        assert_eq!([2013, 2014, 2015, 2025].map(on), ["04-30", "04-26", "04-27", "04-26"]);
        assert_eq!([1972, 1978, 1989, 1995, 2000].map(on), ["05-01", "05-01", "04-29", "04-29", "04-29"]);
    }

    #[test]
    fn two_holidays_on_one_day_are_one_free_day() {
        let day = NaiveDate::from_ymd_opt(2016, 5, 5).expect("a day");
        assert_eq!(HolidaySet::Termijnenwet.holiday(day), Some("Bevrijdingsdag"));
        assert_eq!(HolidaySet::CaoGemeenten.holiday(day), Some("Hemelvaartsdag"));
        assert_eq!(HolidaySet::CaoGemeenten.holiday(day.succ_opt().expect("a day")), None);
    }
}
