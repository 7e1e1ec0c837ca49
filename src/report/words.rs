//! The Dutch of results: periods, statuses, lists. It knows no layout.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::series::{self, Standing};
use crate::calendar::{PeriodKind, day_in_words as day, days_in_words as range};
use crate::judge::{Row, Status};
use crate::report::number;

/// What stands above the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub project: Option<String>,
    pub from: NaiveDate,
    /// Exclusive.
    pub until: NaiveDate,
    /// Local time.
    pub peilmoment: Option<NaiveDateTime>,
}

/// `Gemeente Voorbeeldstad · januari – juni 2026 · peilmoment 1 juli 2026 00:00`
pub fn heading(heading: &Heading) -> String {
    let mut parts: Vec<String> = heading.project.iter().cloned().collect();
    parts.push(stretch(heading));
    parts.extend(heading.peilmoment.map(|at| format!("peilmoment {}", moment(at))));
    parts.join(" · ")
}

/// `januari – juni 2026`
pub fn stretch(heading: &Heading) -> String {
    range(heading.from, heading.until)
}

/// `1 juli 2026 00:00`
pub fn moment(at: NaiveDateTime) -> String {
    format!("{} {}", day(at.date()), at.format("%H:%M"))
}

/// The head of a period's column: `jan`, or `jan 25` when the table spans years.
pub fn head(row: &Row, years: bool) -> String {
    let from = row.period_from;
    let month: String = month_short(from.month()).to_owned();
    let short = |label: &str| label.split_once('-').map_or(label, |(_, part)| part).to_owned();
    match (series::kind(row), years) {
        (Some(PeriodKind::Month), false) => month,
        (Some(PeriodKind::Month), true) => format!("{month} {:02}", from.year().rem_euclid(100)),
        (Some(PeriodKind::Day), false) => format!("{} {month}", from.day()),
        (Some(PeriodKind::Week | PeriodKind::Quarter | PeriodKind::Tertial | PeriodKind::HalfYear), false) => {
            short(&row.period)
        }
        _ => row.period.clone(),
    }
}

/// The period of a table of one period, in words; nothing for the whole range, which stands above.
pub fn period(row: &Row) -> Option<String> {
    match series::kind(row) {
        Some(PeriodKind::Whole) => None,
        Some(PeriodKind::Month | PeriodKind::Day | PeriodKind::Year) => Some(range(row.period_from, row.period_until)),
        _ => Some(row.period.clone()),
    }
}

/// A period inside a sentence: `juni 2026`, `week 25 van 2026`, `het tweede kwartaal van 2026`, `2025`, `de hele reeks`.
pub fn period_in_words(row: &Row) -> String {
    let (year, part) = row.period.split_once('-').unwrap_or((&row.period, ""));
    let ordinal = |which: &str, kind: &str| {
        let place = match which {
            "1" => "eerste",
            "2" => "tweede",
            "3" => "derde",
            _ => "vierde",
        };
        format!("het {place} {kind} van {year}")
    };
    let number = part.get(1..).unwrap_or_default();
    match series::kind(row) {
        Some(PeriodKind::Whole) => "de hele reeks".to_owned(),
        Some(PeriodKind::Week) => format!("week {} van {year}", number.trim_start_matches('0')),
        Some(PeriodKind::Quarter) => ordinal(number, "kwartaal"),
        Some(PeriodKind::Tertial) => ordinal(number, "tertaal"),
        Some(PeriodKind::HalfYear) => ordinal(number, "halfjaar"),
        Some(PeriodKind::Day | PeriodKind::Month | PeriodKind::Year) | None => range(row.period_from, row.period_until),
    }
}

/// `1 maand`, `3 kwartalen`
pub fn periods(n: usize, kind: Option<PeriodKind>) -> String {
    let (one, many) = names(kind);
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", number::count(n as u64)) }
}

/// One period and several of a kind.
pub fn names(kind: Option<PeriodKind>) -> (&'static str, &'static str) {
    match kind {
        Some(PeriodKind::Day) => ("dag", "dagen"),
        Some(PeriodKind::Week) => ("week", "weken"),
        Some(PeriodKind::Month) => ("maand", "maanden"),
        Some(PeriodKind::Quarter) => ("kwartaal", "kwartalen"),
        Some(PeriodKind::Tertial) => ("tertaal", "tertalen"),
        Some(PeriodKind::HalfYear) => ("halfjaar", "halfjaren"),
        Some(PeriodKind::Year) => ("jaar", "jaren"),
        Some(PeriodKind::Whole) | None => ("periode", "perioden"),
    }
}

fn month_short(month: u32) -> &'static str {
    const NAMES: [&str; 12] = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    NAMES.get(month.wrapping_sub(1) as usize).copied().unwrap_or("?")
}

/// `1 eerdere maand`, `4 eerdere kwartalen`, `1 eerder jaar`
pub fn earlier(n: usize, kind: Option<PeriodKind>) -> String {
    let (one, many) = names(kind);
    let neuter =
        matches!(kind, Some(PeriodKind::Quarter | PeriodKind::Tertial | PeriodKind::HalfYear | PeriodKind::Year));
    let which = if neuter { "eerder" } else { "eerdere" };
    if n == 1 { format!("1 {which} {one}") } else { format!("{n} eerdere {many}") }
}

/// The value of a row, or in a few letters why there is none.
pub fn value(row: &Row) -> String {
    match (row.value, row.status) {
        (Some(v), _) => number::value_against(v, &row.unit, row.norm.as_deref()),
        (None, Status::NoData) => "geen geg.".to_owned(),
        (None, Status::TooFew) => "te weinig".to_owned(),
        (None, Status::Shielded) => "afgesch.".to_owned(),
        (None, Status::NotMeasurable) => "niet meetb.".to_owned(),
        (None, _) => "–".to_owned(),
    }
}

/// The norm of a row; `–` when it has none.
pub fn norm(row: &Row) -> String {
    row.norm.as_deref().map_or_else(|| "–".to_owned(), |text| number::norm(text, &row.unit))
}

/// What stands under a value: `✗ niet`, `~ bijna`, `!` for a mark on a value, `·` for what may still change.
pub fn mark(row: &Row) -> String {
    let mut parts = match row.status {
        Status::NotMet => vec!["✗ niet"],
        Status::Near => vec!["~ bijna"],
        Status::TooFew if row.value.is_some() => vec!["? weinig"],
        _ => Vec::new(),
    };
    let marked = row.marks.iter().any(|m| m.mark != series::PRELIMINARY);
    if (marked && row.value.is_some()) || row.series_break {
        parts.push("!");
    }
    if series::preliminary(row) {
        parts.push("·");
    }
    parts.join(" ")
}

/// The status in words, with an icon.
pub fn status(row: &Row) -> String {
    match Standing::of(row) {
        Standing::NotMet => "✗ niet gehaald".to_owned(),
        Standing::Near => "~ bijna".to_owned(),
        Standing::Met => "✓ gehaald".to_owned(),
        Standing::NoData => "? geen gegevens".to_owned(),
        Standing::Shielded => "– afgeschermd".to_owned(),
        Standing::TooFew => "? te weinig waarnemingen".to_owned(),
        Standing::Preliminary => format!("· voorlopig {}", row.status.word()),
        Standing::NoNorm => "geen norm".to_owned(),
        Standing::NotMeasurable => "– niet meetbaar".to_owned(),
    }
}

/// The first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// `a, b en c`
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} en {last}", first.join(", ")),
    }
}

/// `1 KPI`, `14 KPI's`
pub fn kpis(n: usize) -> String {
    if n == 1 { "1 KPI".to_owned() } else { format!("{} KPI's", number::count(n as u64)) }
}

/// Names come from files of others: control and direction characters must not steer the terminal.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::day;

    #[test]
    fn ranges() {
        let cases = [
            ((2026, 1, 1), (2026, 7, 1), "januari – juni 2026"),
            ((2026, 6, 1), (2026, 7, 1), "juni 2026"),
            ((2026, 1, 1), (2027, 1, 1), "2026"),
            ((2025, 1, 1), (2027, 1, 1), "2025 – 2026"),
            ((2025, 11, 1), (2026, 7, 1), "november 2025 – juni 2026"),
            ((2026, 1, 3), (2026, 3, 16), "3 januari – 15 maart 2026"),
            ((2026, 1, 3), (2026, 1, 16), "3 – 15 januari 2026"),
            ((2026, 1, 3), (2026, 1, 4), "3 januari 2026"),
            ((2025, 12, 3), (2026, 1, 4), "3 december 2025 – 3 januari 2026"),
            ((2026, 1, 3), (2026, 1, 1), "3 januari 2026"),
        ];
        for ((a, b, c), (d, e, f), text) in cases {
            assert_eq!(range(day(a, b, c), day(d, e, f)), text);
        }
    }

    #[test]
    fn lists() {
        let items = |n: usize| ["a", "b", "c"].into_iter().take(n).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!([list(&items(0)), list(&items(1)), list(&items(3))], ["", "a", "a, b en c"]);
    }
}
