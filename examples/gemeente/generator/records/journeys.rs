//! What customers think of each step of a journey, as a survey exports it: one JSON object per line.

use std::fmt::Write as _;

use chrono::{Days, Months};

use super::{Sheet, along, mark, office_moment};
use crate::rng::Rng;
use crate::year::day;

/// A journey, a step of it, how many answer about it in a quarter, their mean mark at the start, and what two years add.
const STEPS: [(&str, &str, u32, f64, f64); 8] = [
    ("verhuizen", "website", 16, 7.3, 0.5),
    ("verhuizen", "bevestiging", 12, 6.9, 0.6),
    ("verhuizen", "telefoon", 6, 7.0, 0.2),
    ("bouwvergunning", "website", 10, 5.7, 1.1),
    ("bouwvergunning", "balie", 9, 6.8, 0.1),
    ("bouwvergunning", "besluit", 8, 5.4, 0.5),
    ("paspoort", "afspraak maken", 14, 7.6, 0.2),
    ("paspoort", "balie", 13, 7.8, -0.4),
];

pub fn sheet() -> Sheet {
    let mut rng = Rng::new(505_050);
    let mut text = String::new();
    let mut number = 0;
    for quarter in (0..8).map(|q| day(2024, 7, 1) + Months::new(3 * q)) {
        for (journey, step, answers, mean, gain) in STEPS {
            for _ in 0..(i64::from(answers) + rng.between(-3, 3)) {
                number += 1;
                let moment = office_moment(&mut rng, quarter + Days::new(1), 12);
                let customer = if rng.chance(0.92) {
                    format!(",\"klant\":\"k{:04}\"", rng.between(1, 4_000))
                } else {
                    String::new()
                };
                let given = mark(&mut rng, mean + gain * along(moment.date()), 1.3);
                let given = if rng.chance(0.97) { format!(",\"cijfer\":{given}") } else { String::new() };
                writeln!(
                    text,
                    "{{\"respons_id\":\"j{number:04}\",\"moment\":\"{}\"{customer},\"klantreis\":\"{journey}\",\"contactpunt\":\"{step}\"{given}}}",
                    moment.format("%Y-%m-%dT%H:%M:%S")
                )
                .expect("a String takes all");
            }
        }
    }
    Sheet { name: "klantreizen.jsonl", text }
}
