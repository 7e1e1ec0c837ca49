//! Sentences about a KPI in plain Dutch: how far from its norm, since when, whether that is more than noise, and what is
//! missing. They say no more than the rows do. Plain text, no markup.

use super::number;
use super::series;
use super::words;
use crate::judge::attention::{Miss, Missing};
use crate::judge::variation::{Assurance, Change, Rule, Side, Special, Variation, Verdict};
use crate::judge::{Row, Status};
use crate::model::BoundTest;
use crate::model::expr::Comparison;

/// `76,1 % in juni 2026`
#[must_use]
pub fn value(row: &Row) -> String {
    match row.value {
        Some(_) => format!("{} in {}", words::value(row), words::period_in_words(row)),
        None => format!("{} in {}", row.status.word(), words::period_in_words(row)),
    }
}

/// `De norm is ≥ 80 %: dat is 3,9 %-punt te laag.`
#[must_use]
pub fn against(row: &Row) -> Option<String> {
    row.norm.as_ref()?;
    let norm = words::norm(row);
    let Some(short) = short(row) else { return Some(format!("De norm is {norm}.")) };
    Some(format!("De norm is {norm}: {short}."))
}

/// `3,9 %-punt te laag`; none where the norm is met or has no distance.
#[must_use]
pub fn short(row: &Row) -> Option<String> {
    let distance = row.distance.filter(|d| *d <= 0.0)?;
    let size = distance.abs();
    if size == 0.0 {
        return Some("precies op de grens, en die telt niet mee".to_owned()).filter(|_| row.status != Status::Met);
    }
    let unit = number::difference_unit(&row.unit);
    let value = row.value?;
    let high = match row.test? {
        BoundTest::Compare(Comparison::Greater | Comparison::GreaterEqual, _) => false,
        BoundTest::Compare(Comparison::Less | Comparison::LessEqual, _) => true,
        BoundTest::Compare(_, bound) => value > bound,
        BoundTest::Between(_, high) => value > high,
        BoundTest::Data(..) => return None,
    };
    let side = if high { "te hoog" } else { "te laag" };
    Some(format!("{} {side}", visible(size, unit)))
}

/// A distance with as many decimals as it takes to show that it is not nothing.
fn visible(size: f64, unit: &str) -> String {
    let text = number::value(size, unit);
    let nothing = !text.chars().any(|c| ('1'..='9').contains(&c));
    if nothing { format!("minder dan {}", text.replace("0,0", "0,1")) } else { text }
}

/// `De norm is sinds april 2026 niet gehaald, 3 maanden op rij; over het geheel 12 van de 24 maanden niet.`
#[must_use]
pub fn since(miss: &Miss<'_>) -> String {
    let kind = series::kind(miss.row);
    let all = words::periods(miss.judged, kind);
    let (one, _) = words::names(kind);
    let word = if miss.row.status == Status::Near { "Net niet gehaald" } else { "Niet gehaald" };
    if miss.judged == 1 {
        return format!("{word}; er is één {one} om naar te kijken.");
    }
    let near = match miss.near {
        0 => String::new(),
        n if n == miss.run => " (net niet)".to_owned(),
        n => format!(" (waarvan {n} net niet)"),
    };
    if miss.run == miss.judged {
        return format!("De norm is in geen van de {all} gehaald{near}.");
    }
    let since = words::period_in_words(miss.since);
    let run = words::periods(miss.run, kind);
    // What is nearly always so comes before how long it lasts now.
    if miss.missed * 4 >= miss.judged * 3 {
        return format!(
            "De norm is in {} van de {all} niet gehaald, nu {run} op rij sinds {since}{near}.",
            miss.missed
        );
    }
    if miss.run == 1 {
        return format!("{word}; de {one} ervoor nog wel{}.", over_all(miss, &all));
    }
    format!("De norm is sinds {since} niet gehaald, {run} op rij{near}{}.", over_all(miss, &all))
}

/// How often, where that is more than the run itself.
fn over_all(miss: &Miss<'_>, all: &str) -> String {
    if miss.missed == miss.run { String::new() } else { format!("; over het geheel {} van de {all} niet", miss.missed) }
}

/// What is known of a period that may still change, newer than the verdict: `Juni 2026 kan nog veranderen; tot nu toe 83,6 %.`
#[must_use]
pub fn provisional(told: &Row, rows: &[&Row]) -> Option<String> {
    let newer = rows.iter().rev().find(|row| row.value.is_some()).filter(|row| row.period_from > told.period_from)?;
    if !crate::judge::attention::preliminary(newer) {
        return None;
    }
    let period = words::capital(&words::period_in_words(newer));
    Some(format!("{period} kan nog veranderen; tot nu toe {}.", words::value(newer)))
}

/// What the two icons say, in a sentence.
#[must_use]
pub fn change(variation: &Variation, rows: &[&Row]) -> Option<String> {
    let (special, first) = latest_special(variation, rows)?;
    let word = special.change.word();
    let capital = words::capital(word);
    let more = match special.change {
        Change::Improvement | Change::Concern => " die meer is",
        Change::High | Change::Low => ", meer",
    };
    Some(format!(
        "{capital}{more} dan de normale variatie, sinds {}: {}.",
        words::period_in_words(first),
        special.why()
    ))
}

/// The special point that the verdict is about, and the first row of the stretch that makes it special: of a trend its
/// points, otherwise what lies on that side of the centre.
#[must_use]
pub fn latest_special<'a>(variation: &Variation, rows: &[&'a Row]) -> Option<(Special, &'a Row)> {
    let Verdict::Judged { point, .. } = variation.verdict else { return None };
    let special = variation.points.get(point)?.special()?;
    let beyond = |index: usize| {
        let centre = variation.baseline(index).and_then(|baseline| baseline.centre);
        let value = rows.get(index).and_then(|row| row.value);
        value.zip(centre).is_some_and(|(value, centre)| match special.side {
            Side::High => value > centre,
            Side::Low => value < centre,
        })
    };
    let first_of_baseline = variation.baseline(point)?.from;
    let mut first = point;
    for index in (first_of_baseline..point).rev() {
        let Some(before) = variation.points.get(index).filter(|p| p.left_out().is_none()) else { continue };
        let alike = before.special().filter(|s| s.side == special.side);
        let belongs = match special.rule {
            Rule::Trend => alike.is_some_and(|s| s.rule == Rule::Trend),
            Rule::Shift => beyond(index),
            Rule::OutsideLimit | Rule::TwoOfThree => alike.is_some() && beyond(index),
        };
        if !belongs {
            break;
        }
        first = index;
    }
    rows.get(first).map(|row| (special, *row))
}

/// Whether the norm will be met as long as nothing changes.
#[must_use]
pub fn assurance(assurance: Assurance) -> String {
    match assurance {
        Assurance::ConsistentlyMeets => {
            "Haalt de norm structureel: ook de slechtste gewone periode blijft aan de goede kant.".to_owned()
        }
        Assurance::ConsistentlyFails => {
            "Haalt de norm structureel niet: zonder verandering wordt zij ook in een goede periode niet gehaald."
                .to_owned()
        }
        Assurance::HitOrMiss => {
            "Wisselend: of de norm gehaald wordt, hangt van het toeval af. Eén periode zegt weinig over de volgende."
                .to_owned()
        }
    }
}

/// Why there is no verdict on variation.
#[must_use]
pub fn too_few(variation: &Variation) -> Option<String> {
    let Verdict::TooFew { points } = variation.verdict else { return None };
    Some(format!(
        "Te weinig punten om te zeggen wat normaal is: {points} van de {} die daarvoor nodig zijn.",
        crate::judge::variation::LEAST
    ))
}

/// `Geen gegevens sinds mei 2026 (2 maanden); de laatste waarde is van april 2026.`
#[must_use]
pub fn missing(missing: &Missing<'_>) -> String {
    format!(
        "Geen gegevens sinds {} ({}); het laatste cijfer is van {}.",
        words::period_in_words(missing.since),
        words::periods(missing.periods, series::kind(missing.since)),
        words::period_in_words(missing.last)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::attention;
    use crate::report::sample;

    fn row(period: &str, value: f64, status: Status) -> Row {
        let mut row = sample::row("sl", period, Some(value), status);
        row.distance = Some(value - 80.0);
        row
    }

    #[test]
    fn how_far_and_since_when() {
        let rows = [
            row("2026-01", 82.0, Status::Met),
            row("2026-02", 70.0, Status::NotMet),
            row("2026-03", 81.0, Status::Met),
            row("2026-04", 79.0, Status::Near),
            row("2026-05", 76.1, Status::NotMet),
        ];
        let rows: Vec<&Row> = rows.iter().collect();
        let miss = attention::of(&rows).miss.expect("missed");
        assert_eq!(value(miss.row), "76,1 % in mei 2026");
        assert_eq!(against(miss.row).as_deref(), Some("De norm is ≥ 80 %: 3,9 %-punt te laag."));
        assert_eq!(
            since(&miss),
            "De norm is sinds april 2026 niet gehaald, 2 maanden op rij (waarvan 1 net niet); over het geheel 3 van de 5 maanden niet."
        );
        let first: Vec<&Row> = rows.iter().take(2).copied().collect();
        assert_eq!(since(&attention::of(&first).miss.expect("missed")), "Niet gehaald; de maand ervoor nog wel.");
        assert_eq!(attention::of(&rows.iter().take(3).copied().collect::<Vec<_>>()).miss, None);
        let often: Vec<Row> = ["2026-01", "2026-02", "2026-03", "2026-04"]
            .into_iter()
            .map(|period| {
                row(
                    period,
                    if period == "2026-02" { 81.0 } else { 70.0 },
                    if period == "2026-02" { Status::Met } else { Status::NotMet },
                )
            })
            .collect();
        let told = attention::of(&often.iter().collect::<Vec<_>>()).miss.map(|m| since(&m));
        let text = "De norm is in 3 van de 4 maanden niet gehaald, nu 2 maanden op rij sinds maart 2026.";
        assert_eq!(told.as_deref(), Some(text));
    }

    #[test]
    fn a_change_is_told_from_where_it_began() {
        // Six months around 80, then nine above the mean of all: the first of these is where it began, not where it had
        // lasted for seven.
        let months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];
        let labels =
            months.iter().map(|m| format!("2025-{m}")).chain(months.iter().take(3).map(|m| format!("2026-{m}")));
        let values = [80.0, 81.0, 79.0, 80.0, 81.0, 79.0, 85.0, 86.0, 85.0, 86.0, 85.0, 86.0, 85.0, 86.0, 85.0];
        let rows: Vec<Row> = labels.zip(values).map(|(label, value)| row(&label, value, Status::Met)).collect();
        let rows: Vec<&Row> = rows.iter().collect();
        let normal = crate::judge::variation::of(&rows);
        let told = change(&normal, &rows).expect("a change");
        assert!(told.contains("sinds juli 2025: zeven punten op rij boven het gemiddelde"), "{told}");
    }

    #[test]
    fn a_distance_is_never_told_as_nothing() {
        assert_eq!(short(&row("2026-01", 79.99, Status::NotMet)).as_deref(), Some("minder dan 0,1 %-punt te laag"));
    }

    #[test]
    fn periods_without_figures() {
        let rows = [
            row("2026-01", 82.0, Status::Met),
            sample::row("sl", "2026-02", None, Status::NoData),
            sample::row("sl", "2026-03", None, Status::NoData),
        ];
        let rows: Vec<&Row> = rows.iter().collect();
        let told = attention::of(&rows).missing.map(|m| missing(&m));
        let text = "Geen gegevens sinds februari 2026 (2 maanden); het laatste cijfer is van januari 2026.";
        assert_eq!(told.as_deref(), Some(text));
        // Nothing was ever there: that is another matter.
        assert_eq!(attention::of(rows.get(1..).unwrap_or_default()).missing, None);
    }
}
