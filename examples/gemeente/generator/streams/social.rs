//! Questions through social media, as JSON lines. Since September 2025 somebody looks in the weekend too.

use std::fmt::Write as _;

use chrono::{Datelike, Duration, NaiveDateTime, Weekday};

use crate::rng::Rng;
use crate::streams::pace::{awake, count, done, known, shift, slowness};
use crate::year::{day, days, is_open};

/// All questions, one JSON object per line.
pub fn lines() -> Result<String, std::fmt::Error> {
    let mut rng = Rng::new(96_097);
    let mut text = String::new();
    let mut number = 0;
    for date in days() {
        let mut moments: Vec<NaiveDateTime> =
            (0..count(&mut rng, date, 1.5 * shift(date, 0.6), 0.6)).map(|_| awake(&mut rng, date)).collect();
        moments.sort_unstable();
        for received in moments {
            number += 1;
            let whatsapp = 20.0 * shift(date, 3.0);
            let medium = rng.pick(&[("Twitter", 22.0), ("Facebook", 48.0), ("WhatsApp", whatsapp)]);
            // Somebody tried a medium that the municipality does not use.
            let medium = if number == 404 { "Instagram" } else { medium };
            let stamp = |m: NaiveDateTime| m.format("%Y-%m-%dT%H:%M:%S").to_string();
            write!(text, r#"{{"bericht_id":"b{number:04}","medium":"{medium}","ontvangen":"{}""#, stamp(received))?;
            if let Some(answered) = answer(&mut rng, medium, received).and_then(known) {
                write!(text, r#","beantwoord":"{}""#, stamp(answered))?;
            }
            write!(text, r#","afzender":"k{:04x}""#, (2_500.0 * rng.unit().powf(1.6)) as u32)?;
            if !rng.chance(0.08) {
                let subject = rng.pick(&[("afval", 4.0), ("wegen", 3.0), ("burgerzaken", 2.0), ("evenementen", 1.5)]);
                write!(text, r#","onderwerp":"{subject}""#)?;
            }
            text.push_str("}\n");
        }
    }
    Ok(text)
}

/// When the first answer with content comes, if ever.
fn answer(rng: &mut Rng, medium: &str, received: NaiveDateTime) -> Option<NaiveDateTime> {
    let date = received.date();
    if rng.chance(if medium == "WhatsApp" { 0.015 } else { 0.05 }) {
        return None;
    }
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && date >= day(2025, 9, 1);
    if weekend && rng.chance(0.8) {
        return Some(received + Duration::minutes(rng.duration(190.0, 0.7)));
    }
    let minutes = rng.duration(if medium == "WhatsApp" { 45.0 } else { 100.0 } * slowness(date), 0.9);
    let late = rng.chance(0.09 * slowness(date));
    if is_open(date) && !late && minutes < 600 {
        return Some(received + Duration::minutes(minutes));
    }
    let days = if late { rng.between(1, 3) } else { 1 };
    Some(done(rng, received, days))
}
