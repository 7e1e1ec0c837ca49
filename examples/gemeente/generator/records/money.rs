//! The ledger: per month what each channel costs, and what the numbers cost and bring in. The old 0900 number was given up
//! at the end of 2025.

use chrono::{Months, NaiveDate};

use super::{Sheet, along, decimal, dutch_day, months, yes};
use crate::rng::Rng;
use crate::year::day;

/// Channel, item, department, whether it is overhead that was divided, euros a month at the start, and the part of it
/// that is added over two years.
const COSTS: [(&str, &str, &str, bool, f64, f64); 19] = [
    ("telefoon", "callcenter", "Dienstverlening", false, 13_200.0, -0.12),
    ("telefoon", "huisvesting", "Bedrijfsvoering", true, 1_180.0, 0.05),
    ("telefoon", "ict", "Bedrijfsvoering", true, 1_550.0, 0.08),
    ("balie", "personeel", "Dienstverlening", false, 6_100.0, 0.03),
    ("balie", "huisvesting", "Bedrijfsvoering", true, 1_300.0, 0.05),
    ("balie", "ict", "Bedrijfsvoering", true, 1_220.0, 0.08),
    ("email", "personeel", "Dienstverlening", false, 4_150.0, -0.16),
    ("email", "ict", "Bedrijfsvoering", true, 370.0, 0.08),
    ("web", "personeel", "Communicatie", false, 2_300.0, 0.12),
    ("web", "ict", "Bedrijfsvoering", true, 1_950.0, 0.22),
    ("post", "personeel", "Bedrijfsvoering", false, 1_350.0, -0.21),
    ("post", "porti", "Financiën", false, 460.0, -0.12),
    ("post", "huisvesting", "Bedrijfsvoering", true, 310.0, 0.05),
    ("sociaal", "personeel", "Communicatie", false, 1_120.0, 0.10),
    ("sociaal", "ict", "Bedrijfsvoering", true, 160.0, 0.08),
    ("chat", "personeel", "Dienstverlening", false, 780.0, 0.30),
    ("chat", "ict", "Bedrijfsvoering", true, 190.0, 0.08),
    ("", "leiding", "Dienstverlening", true, 3_700.0, 0.04),
    ("", "opleiding", "Dienstverlening", true, 480.0, 0.0),
];

/// Paid minutes on the 0900 number in a month, at ten cents each.
const PAID_MINUTES: f64 = 1_290.0;

pub fn sheets() -> Vec<Sheet> {
    let mut rng = Rng::new(220_601);
    let mut book = Book {
        sheet: Sheet::new("boekingen.csv", "boeking_id;datum;soort;kanaal;post;afdeling;doorbelast;bedrag;geraamd"),
        number: 0,
    };
    for month in months() {
        let last = month + Months::new(1) - chrono::Days::new(1);
        for (channel, item, department, overhead, start, growth) in COSTS {
            let amount = start * (1.0 + growth * along(month)) * (1.0 + 0.015 * rng.normal());
            // The bill of the last month for what the building uses has yet to come.
            let estimate = item == "huisvesting" && last == day(2026, 6, 30);
            let amount = if estimate { (amount / 50.0).round() * 50.0 } else { amount };
            book.add(last, "kosten", [channel, item, department], overhead, Some(amount), estimate);
        }
        numbers(&mut rng, &mut book, last);
    }
    vec![book.sheet]
}

/// What the telephone numbers themselves cost and bring in.
fn numbers(rng: &mut Rng, book: &mut Book, last: NaiveDate) {
    let of = |item| ["telefoon", item, "Dienstverlening"];
    if last < day(2026, 1, 1) {
        let minutes = (PAID_MINUTES * (1.0 - 0.9 * along(last)) * (1.0 + 0.04 * rng.normal())).round();
        book.add(last, "opbrengst", of("0900-nummer"), false, Some(minutes * 0.10), false);
        book.add(last, "kosten", of("0900-nummer"), false, Some(48.5), false);
    }
    // The provider has not sent its bill over the last month: unknown, and not zero.
    let known = last != day(2026, 6, 30);
    let cost = 212.0 + 3.0 * rng.normal();
    book.add(last, "kosten", of("14-nummer"), false, known.then_some(cost), false);
}

struct Book {
    sheet: Sheet,
    number: u32,
}

impl Book {
    fn add(&mut self, date: NaiveDate, kind: &str, of: [&str; 3], overhead: bool, amount: Option<f64>, estimate: bool) {
        self.number += 1;
        let [channel, item, department] = of;
        let amount = amount.map(|a| decimal(a, 2)).unwrap_or_default();
        self.sheet.row(&[
            &format!("f{:04}", self.number),
            &dutch_day(date),
            kind,
            channel,
            item,
            department,
            yes(overhead),
            &amount,
            yes(estimate),
        ]);
    }
}
