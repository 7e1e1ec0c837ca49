//! E-mail to the municipality as JSON lines, with the short names of the mail system. Answering is slow in August, and
//! better since January 2026, when a team of its own began to work on it.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveDateTime};

use crate::rng::Rng;
use crate::streams::pace::{awake, count, done, known, shift, slowness};
use crate::year::{day, days};

/// The mailbox, who answers it, its department and the subject.
type Postbox = (&'static str, &'static str, Option<&'static str>, Option<&'static str>);

const BOXES: [(Postbox, f64); 7] = [
    (("info", "KCC", Some("Dienstverlening"), Some("algemeen")), 26.0),
    (("info", "KCC", Some("Dienstverlening"), Some("afval")), 14.0),
    (("burgerzaken", "KCC", Some("Dienstverlening"), Some("burgerzaken")), 18.0),
    (("belastingen", "backoffice", Some("Financiën"), Some("belastingen")), 15.0),
    (("wmo", "backoffice", Some("Sociaal Domein"), Some("Wmo")), 13.0),
    (("vergunningen", "backoffice", Some("Omgeving"), Some("vergunningen")), 10.0),
    (("info", "backoffice", None, None), 4.0),
];

/// All e-mails, one JSON object per line, in order of arrival.
pub fn lines() -> Result<String, std::fmt::Error> {
    let mut rng = Rng::new(36_037);
    let mut text = String::new();
    let mut number = 0;
    for date in days() {
        let mut moments: Vec<NaiveDateTime> =
            (0..count(&mut rng, date, 6.0 * shift(date, 0.15), 0.25)).map(|_| awake(&mut rng, date)).collect();
        moments.sort_unstable();
        for received in moments {
            number += 1;
            one(&mut rng, &mut text, number, received)?;
        }
    }
    Ok(text)
}

fn one(rng: &mut Rng, text: &mut String, number: usize, received: NaiveDateTime) -> std::fmt::Result {
    let (postbox, by, department, subject) = rng.pick(&BOXES);
    write!(text, r#"{{"id":"m{number:05}","in":"{}""#, stamp(received))?;
    if !rng.chance(0.05) {
        write!(text, r#","van":"k{:04x}""#, (9_000.0 * rng.unit().powf(1.4)) as u32)?;
    }
    // One clerk's name for the team was typed by hand.
    let by_text = if number == 1_718 { "Kcc" } else { by };
    write!(text, r#","box":"{postbox}","door":"{by_text}""#)?;
    for (name, value) in [("afd", department), ("over", subject)] {
        if let Some(value) = value {
            write!(text, r#","{name}":"{value}""#)?;
        }
    }
    let automatic = postbox == "info" || (postbox == "burgerzaken" && received.date() >= day(2025, 10, 1));
    let answer = answer(rng, by, received).and_then(known);
    let confirmed = if automatic {
        Some(received + chrono::Duration::seconds(rng.between(20, 95)))
    } else if rng.chance(0.86) {
        let days = rng.pick(&[(0, 55.0), (1, 32.0), (2, 9.0), (4, 4.0)]);
        let moment = done(rng, received, days);
        known(answer.map_or(moment, |a| a.min(moment)))
    } else {
        None
    };
    if let Some(confirmed) = confirmed {
        write!(text, r#","bev":"{}""#, stamp(confirmed))?;
    }
    write!(text, r#","auto":{automatic}"#)?;
    if let Some(answer) = answer {
        write!(text, r#","antw":"{}""#, stamp(answer))?;
        let more = rng.chance(0.24);
        let ready = if more { known(extra(rng, answer)) } else { Some(answer) };
        if let Some(ready) = ready.filter(|_| !rng.chance(0.03)) {
            write!(text, r#","klaar":"{}""#, stamp(ready))?;
        }
    }
    text.push_str("}\n");
    Ok(())
}

fn extra(rng: &mut Rng, answer: NaiveDateTime) -> NaiveDateTime {
    let days = rng.between(1, 12);
    done(rng, answer, days)
}

/// When the answer comes, if ever.
fn answer(rng: &mut Rng, by: &str, received: NaiveDateTime) -> Option<NaiveDateTime> {
    let date = received.date();
    let better = improvement(date);
    if rng.chance(0.045 - 0.035 * better) {
        return None;
    }
    let median = if by == "KCC" { 2.3 - 1.1 * better } else { 3.9 - 1.6 * better };
    let days = rng.duration(median * slowness(date), 0.72) - i64::from(by == "KCC" && rng.chance(0.3));
    Some(done(rng, received, days.max(0)))
}

/// From 0 before the new team to 1 when it is up to speed, in April 2026.
fn improvement(date: NaiveDate) -> f64 {
    ((date - day(2026, 1, 5)).num_days() as f64 / 90.0).clamp(0.0, 0.7)
        + if date >= day(2026, 1, 5) { 0.3 } else { 0.0 }
}

fn stamp(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%dT%H:%M").to_string()
}
