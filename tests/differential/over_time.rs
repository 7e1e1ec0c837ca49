//! Generated formulas that look at another stretch of time, and the seasons in which the cases play: around a leap day,
//! around week 53, around the end of summer time.

use chrono::{Datelike, Days, NaiveDate};
use meetlat::calendar::PeriodKind;

use super::rows::Random;

/// The first day of a case's data and of its asked range.
pub fn season(random: &mut Random) -> NaiveDate {
    let (year, month) = [(2025, 9), (2025, 9), (2024, 1), (2020, 11)][usize::try_from(random.below(4)).expect("small")];
    NaiveDate::from_ymd_opt(year, month, 1).expect("a day")
}

/// The period of a KPI.
pub fn period(random: &mut Random) -> PeriodKind {
    use PeriodKind::{Day, Month, Quarter, Tertial, Week, Whole, Year};
    [Month, Month, Month, Week, Week, Day, Quarter, Tertial, Year, Whole]
        [usize::try_from(random.below(10)).expect("small")]
}

/// A formula or, one time in three, something over time around it.
pub fn wrapped(formula: String, kind: PeriodKind, season: NaiveDate, random: &mut Random) -> String {
    match random.below(18) {
        0 => format!("vorige({formula})"),
        1 => format!("vorig_jaar({formula})"),
        2 => lopend(&formula, kind, random),
        3 => cumulatief(&formula, kind, random),
        4 => format!("index({formula}, basis {})", base(kind, season, random)),
        5 => format!("op_jaarbasis({formula})"),
        6 => {
            let inner = lopend(&formula, kind, random);
            format!("{inner} / vorige({inner})")
        }
        7 => format!("vorige(vorig_jaar({formula}))"),
        8 => format!("index({}, basis {})", lopend(&formula, kind, random), base(kind, season, random)),
        _ => formula,
    }
}

/// A further part of the meetmethode.
pub fn always(random: &mut Random) -> String {
    if random.below(8) > 0 {
        return String::new();
    }
    let unit = ["dag", "week", "maand", "kwartaal", "tertaal", "halfjaar", "jaar", "2 maanden", "5 weken", "10 dagen"];
    format!(", altijd over afgelopen {}", random.pick(&unit))
}

fn lopend(formula: &str, kind: PeriodKind, random: &mut Random) -> String {
    let window = match kind {
        PeriodKind::Day => random.pick(&["1 dagen", "7 dagen", "30 dagen", "1 maanden", "12 maanden"]),
        PeriodKind::Week => random.pick(&["1 weken", "3 weken", "1 maanden", "40 dagen", "12 maanden"]),
        PeriodKind::Whole => random.pick(&["3 weken", "2 maanden"]),
        _ => random.pick(&["12 maanden", "12 maanden", "13 maanden", "24 maanden", "60 weken"]),
    };
    format!("lopend({formula}, {window})")
}

fn cumulatief(formula: &str, kind: PeriodKind, random: &mut Random) -> String {
    let unit = match kind {
        PeriodKind::Day => random.pick(&["week", "maand", "kwartaal", "jaar"]),
        PeriodKind::Week | PeriodKind::Month => random.pick(&["kwartaal", "tertaal", "halfjaar", "jaar"]),
        _ => "jaar",
    };
    format!("cumulatief({formula}, {unit})")
}

/// A period in or near the season, perhaps a year earlier.
fn base(kind: PeriodKind, season: NaiveDate, random: &mut Random) -> String {
    let days = u64::try_from(random.below(100)).expect("small");
    let day = season.checked_add_days(Days::new(days)).expect("a day");
    let day = if random.below(3) == 0 { day.with_year(day.year() - 1).unwrap_or(day) } else { day };
    kind.label(kind.start(day))
}
