//! Survey answers after a contact, as JSON lines. Missing answers are left out or `null`, as the survey tool does.

use chrono::NaiveDate;

use crate::rng::Rng;
use crate::year::{at, bustle, days, is_open, new_exchange, shift};

const EFFORT: [&str; 5] = ["geen", "weinig", "neutraal", "veel", "heel veel"];

/// All answers, one JSON object per line.
pub fn lines() -> String {
    let mut rng = Rng::new(7_502);
    let mut text = String::new();
    let mut number = 0;
    for date in days().filter(|d| is_open(*d)) {
        for _ in 0..rng.poisson(7.0 * bustle(date)) {
            number += 1;
            let digital = 22.0 * shift(date, 0.2);
            let calling = 38.0 * shift(date, -0.09);
            let channel = rng.pick(&[("balie", 40.0), ("telefoon", calling), ("digitaal", digital)]);
            let moment = at(date, 9 * 3600 + rng.between(0, 11 * 3600)).format("%Y-%m-%dT%H:%M:%S");
            // Satisfaction and effort share a cause.
            let mood = rng.normal() + if channel == "telefoon" { calling_mood(date) } else { 0.05 };
            let grade = (7.3 + 1.45 * mood + 0.5 * rng.normal()).clamp(1.0, 10.0).round();
            let effort = 1.35 - 0.95 * mood + 0.6 * rng.normal();
            let effort = EFFORT[effort.round().clamp(0.0, 4.0) as usize];
            let recommends = (grade - 0.4 + 0.8 * rng.normal()).round().clamp(0.0, 10.0);
            // One answer whose channel was typed by hand.
            let channel_text = if number == 1_717 { "Telfoon" } else { channel };
            text.push_str(&format!(r#"{{"respons_id":"r{number:05}","kanaal":"{channel_text}","moment":"{moment}""#));
            if channel == "balie" {
                let place = rng.pick(&[("Stadskantoor", 3.0), ("Servicepunt Andréplein", 1.0)]);
                text.push_str(&format!(r#","locatie":"{place}""#));
            }
            if channel == "telefoon" && rng.chance(0.8) {
                let subject = rng.pick(&[("burgerzaken", 4.0), ("belastingen", 3.0), ("afval", 2.0), ("Wmo", 2.0)]);
                text.push_str(&format!(r#","onderwerp":"{subject}""#));
            }
            if rng.chance(0.04) {
                text.push_str(r#","cijfer":null"#);
            } else if grade == 5.0 && rng.chance(0.25) {
                text.push_str(r#","cijfer":5.5"#);
            } else {
                text.push_str(&format!(r#","cijfer":{grade}"#));
            }
            if !rng.chance(0.06) {
                text.push_str(&format!(r#","moeite":"{effort}""#));
            }
            if !rng.chance(0.2) {
                text.push_str(&format!(r#","aanbeveling":{recommends}"#));
            }
            text.push_str("}\n");
        }
    }
    text
}

/// How callers feel: the waiting of the old exchange, the weeks of change, and the time after.
fn calling_mood(date: NaiveDate) -> f64 {
    match (date - new_exchange()).num_days() {
        ..0 => -0.2,
        0..28 => -0.5,
        _ => 0.12,
    }
}
