//! Lists that somebody fills in: the numbers and addresses of the town, its annual report, and calls per number and year.

use chrono::{Datelike, Days};

use super::{Sheet, dutch_day, yes};
use crate::calls;
use crate::rng::Rng;
use crate::year::day;

const DEPARTMENTS: [&str; 5] = ["Dienstverlening", "Financiën", "Omgeving", "Sociaal Domein", "Openbare Ruimte"];

/// What was reached in a year, why there is nothing or something is wrong, and whether the figure is no good.
type Reached = (&'static str, &'static str, bool);

/// Indicator, and what the report says about 2024 and 2025.
const REPORT: [(&str, [Reached; 2]); 5] = [
    ("Volledig telefonisch antwoord", [("", "koppeling ontbreekt", false), ("74", "", false)]),
    ("Totaal beantwoorde gesprekken", [("84", "koppeling ontbreekt", true), ("87", "", false)]),
    ("Opnemen gesprekken binnen 30 sec", [("71", "", false), ("79", "", false)]),
    ("Beantwoorden vragen via Twitter/Facebook/WhatsApp", [("92", "", false), ("97", "", false)]),
    ("Tevreden bezoekers", [("81", "", false), ("", "niet elk jaar gemeten", false)]),
];

pub fn sheets() -> Vec<Sheet> {
    vec![ways_in(), report(), totals()]
}

/// The list was begun on 1 July 2024; half of what was on it went into the general number or the form on the website.
fn ways_in() -> Sheet {
    let mut rng = Rng::new(14_050);
    let mut sheet = Sheet::new("ingangen.csv", "ingang;soort;directie;sinds;vervallen");
    let start = day(2024, 7, 1);
    for number in 0..34_i64 {
        let phone = number % 2 == 0;
        let name = if phone {
            format!("0900-99{:03}", 100 + 7 * number)
        } else {
            format!("postbus{number}@voorbeeldstad.example")
        };
        let department = DEPARTMENTS[rng.between(0, 4) as usize];
        // A few came in later, and most of those stay.
        let since = if number >= 30 { start + Days::new(rng.between(60, 500) as u64) } else { start };
        let ended = rng.chance(0.55) && number < 31;
        let ended = ended.then(|| since + Days::new(rng.between(40, 725) as u64)).filter(|d| *d <= day(2026, 6, 30));
        let kind = if phone { "publieksnummer" } else { "e-mailadres" };
        sheet.row(&[&name, kind, department, &dutch_day(since), &ended.map(dutch_day).unwrap_or_default()]);
    }
    sheet
}

fn report() -> Sheet {
    let mut sheet = Sheet::new("jaarverslag.csv", "indicator;jaar;behaald;reden;onbetrouwbaar");
    for (indicator, years) in REPORT {
        for (year, (reached, reason, bad)) in (2024..).zip(years) {
            sheet.row(&[indicator, &dutch_day(day(year, 12, 31)), reached, reason, yes(bad)]);
        }
    }
    sheet
}

/// Both numbers, over the months of a year that the example covers; what runs on is an estimate. The old number was given
/// up at the end of 2025.
fn totals() -> Sheet {
    let calls = calls::calls();
    let mut sheet = Sheet::new("jaartotalen.csv", "nummer;jaar;gesprekken;geraamd");
    for (last, estimate) in [(day(2024, 12, 31), true), (day(2025, 12, 31), false), (day(2026, 6, 30), true)] {
        let ours = |c: &&calls::Call| c.number == "algemeen" && c.external && c.direction == "inkomend";
        let count = calls.iter().filter(ours).filter(|c| c.arrived.year() == last.year()).count();
        let count = if estimate { (count + 50) / 100 * 100 } else { count };
        sheet.row(&["algemeen", &dutch_day(last), &count.to_string(), yes(estimate)]);
    }
    for (last, count) in [(day(2024, 12, 31), "2106"), (day(2025, 12, 31), "2240")] {
        sheet.row(&["0900-1234", &dutch_day(last), count, yes(false)]);
    }
    sheet
}
