//! A calendar in plain Dutch: which days are working days, when it is open, what is closed. For `explain`.

use crate::calendar::{Dated, HolidaySet, WEEKDAYS};
use crate::model::expr::RowFunction;
use crate::model::{Calendar, CalendarId, Kpi, Model, calendar};

/// What a reader must know of the working days and opening hours by which a KPI counts; nothing where it uses none.
#[must_use]
pub fn lines(model: &Model, kpi: &Kpi) -> Vec<String> {
    let functions = calendar::counted_by(model, kpi);
    let mut lines = Vec::new();
    if functions.iter().any(|f| matches!(f, RowFunction::AddWorkdays(_))) {
        lines.push(
            "Een termijn in werkdagen telt vanaf de dag erna: die is werkdag 1 als het een werkdag is.".to_owned(),
        );
    }
    if functions.iter().any(|f| matches!(f, RowFunction::Workdays(_))) {
        lines.push("werkdagen(a, b) telt de werkdagen na de dag van a tot en met de dag van b.".to_owned());
    }
    if functions.iter().any(|f| matches!(f, RowFunction::WorkingTime(_))) {
        lines.push("werktijd(a, b) telt de tijd tussen a en b die binnen de openingstijden valt.".to_owned());
    }
    let mut ids: Vec<CalendarId> = functions.iter().filter_map(|f| f.calendar()).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let timed = functions.contains(&RowFunction::WorkingTime(id));
        let days = functions.iter().any(|f| f.calendar() == Some(id) && !matches!(f, RowFunction::WorkingTime(_)));
        lines.extend(described(model.calendar(id), days, timed));
    }
    lines
}

/// One calendar: its name, then what it says about days and (where `timed`) hours.
fn described(calendar: &Calendar, days: bool, timed: bool) -> Vec<String> {
    let title = calendar.title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
    let mut lines = vec![match calendar.span {
        Some(_) => format!("Kalender {}{title}:", calendar.name),
        None => "Er is geen kalender gedeclareerd; daarom geldt:".to_owned(),
    }];
    if days {
        for week in &calendar.rules.workdays {
            let names = WEEKDAYS.iter().zip(week.rule).filter_map(|(name, works)| works.then_some(*name));
            lines.push(format!("    werkdagen {}{}", names.collect::<Vec<_>>().join(", "), when(week)));
        }
    }
    for set in &calendar.rules.holidays {
        let name = set.rule.map_or("geen feestdagen", HolidaySet::title);
        let of = if set.rule.is_some() { "feestdagen van " } else { "" };
        lines.push(format!("    {of}{name}{}", when(set)));
    }
    if timed {
        lines.extend(hours(calendar));
    }
    for day in &calendar.rules.closed {
        let reason =
            calendar.reasons.iter().find(|(closed, _)| closed == day).map(|(_, reason)| format!(" ({reason})"));
        lines.push(format!("    gesloten {day}{}", reason.unwrap_or_default()));
    }
    lines
}

/// ` vanaf 2025-09-01 tot 2026-01-01`
fn when<T>(rule: &Dated<T>) -> String {
    let from = rule.from.map(|from| format!(" vanaf {from}")).unwrap_or_default();
    let until = rule.until.map(|until| format!(" tot {until}")).unwrap_or_default();
    from + &until
}

/// The opening hours, days with the same hours together, in the order of the week.
fn hours(calendar: &Calendar) -> Vec<String> {
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for (day, rules) in WEEKDAYS.iter().zip(&calendar.rules.hours) {
        for rule in rules {
            let (from, until) = rule.rule;
            let text = format!("{} - {}{}", clock(from), clock(until), when(rule));
            match found.iter_mut().find(|(known, _)| *known == text) {
                Some((_, days)) => days.push(day),
                None => found.push((text, vec![day])),
            }
        }
    }
    found.into_iter().map(|(text, days)| format!("    open {} {text}", days.join(", "))).collect()
}

/// µs since midnight as `08:30`.
fn clock(micros: i64) -> String {
    let seconds = micros / crate::calendar::SECOND;
    let rest = if seconds % 60 == 0 { String::new() } else { format!(":{:02}", seconds % 60) };
    format!("{:02}:{:02}{rest}", seconds / 3600, seconds / 60 % 60)
}
