//! E-forms: who begins, who gives up, and what comes in, on paper too. In March 2026 the form for reports about the street
//! was broken for two weeks.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use chrono::{Duration, NaiveDate, NaiveDateTime};

use crate::rng::Rng;
use crate::streams::columns::{ids, moments, texts, write as write_file};
use crate::streams::pace::{awake, count, done, iso, known, office, shift, slowness};
use crate::year::{day, days};

/// A form: its name, kind, share of the sessions, how often people give up, and how often we must ask for more.
struct Form {
    name: &'static str,
    kind: &'static str,
    share: f64,
    given_up: f64,
    asked: f64,
    days: f64,
}

const FORMS: [Form; 7] = [
    Form { name: "melding openbare ruimte", kind: "melding", share: 30.0, given_up: 0.09, asked: 0.06, days: 4.0 },
    Form { name: "verhuizing", kind: "aanvraag", share: 20.0, given_up: 0.13, asked: 0.09, days: 2.0 },
    Form { name: "uittreksel BRP", kind: "aanvraag", share: 13.0, given_up: 0.16, asked: 0.03, days: 1.0 },
    Form { name: "parkeervergunning", kind: "aanvraag", share: 10.0, given_up: 0.2, asked: 0.14, days: 4.0 },
    Form { name: "kwijtschelding", kind: "aanvraag", share: 8.0, given_up: 0.38, asked: 0.42, days: 18.0 },
    Form { name: "contactformulier", kind: "contact", share: 14.0, given_up: 0.1, asked: 0.0, days: 3.0 },
    Form { name: "reactie op de website", kind: "reactie", share: 5.0, given_up: 0.3, asked: 0.0, days: 9.0 },
];

const BROKEN: &str = "melding openbare ruimte";

/// A session: its form, when it began, was saved on the way, and was sent.
struct Session {
    form: &'static Form,
    begun: NaiveDateTime,
    saved: Option<NaiveDateTime>,
    sent: Option<NaiveDateTime>,
}

/// Writes the sessions, and gives what was received as CSV.
pub fn write(path: &Path) -> Result<String, Box<dyn Error>> {
    let mut rng = Rng::new(29_031);
    let mut sessions: Vec<Session> = Vec::new();
    let mut received: Vec<(NaiveDateTime, String)> = Vec::new();
    for date in days() {
        let mut begun: Vec<NaiveDateTime> =
            (0..count(&mut rng, date, 6.2 * shift(date, 0.4), 0.55)).map(|_| awake(&mut rng, date)).collect();
        begun.sort_unstable();
        for begun in begun {
            let form = form(&mut rng);
            let (saved, sent) = session(&mut rng, form, begun);
            sessions.push(Session { form, begun, saved, sent });
            if let Some(sent) = sent {
                let id = format!("s{:05}", sessions.len());
                received.push((sent, rest(&mut rng, form, &id, "e-formulier", sent)));
            }
        }
        for _ in 0..count(&mut rng, date, 0.75 * shift(date, -0.5), 0.0) {
            let arrived = office(&mut rng, date);
            let form = &FORMS[rng.pick(&[(1, 3.0), (3, 1.0), (4, 3.0), (2, 1.0)])];
            let way = rng.pick(&[("papier", 9.0), ("overig", 1.0)]);
            received.push((arrived, rest(&mut rng, form, "", way, arrived)));
        }
    }
    received.sort();
    let mut text = "ontvangst_id,sessie,formulier,soort,weg,ontvangen,aanvulling,verwerkt\n".to_owned();
    for (number, (_, rest)) in (1..).zip(&received) {
        writeln!(text, "f{number:05},{rest}")?;
    }
    write_sessions(path, &sessions)?;
    Ok(text)
}

fn write_sessions(path: &Path, sessions: &[Session]) -> Result<(), Box<dyn Error>> {
    let columns = vec![
        ("sessie_id", ids('s', sessions.len())),
        ("formulier", texts(sessions.iter().map(|s| Some(s.form.name)))),
        ("soort", texts(sessions.iter().map(|s| Some(s.form.kind)))),
        ("begonnen", moments(sessions.iter().map(|s| Some(s.begun)))),
        ("bewaard", moments(sessions.iter().map(|s| s.saved))),
        ("verzonden", moments(sessions.iter().map(|s| s.sent))),
    ];
    write_file(path, columns, &["sessie_id"])
}

fn form(rng: &mut Rng) -> &'static Form {
    let shares: Vec<(usize, f64)> = FORMS.iter().enumerate().map(|(i, f)| (i, f.share)).collect();
    &FORMS[rng.pick(&shares)]
}

fn is_broken(form: &Form, date: NaiveDate) -> bool {
    form.name == BROKEN && date >= day(2026, 3, 9) && date <= day(2026, 3, 22)
}

/// When it was saved on the way, and when it was sent.
fn session(rng: &mut Rng, form: &Form, begun: NaiveDateTime) -> (Option<NaiveDateTime>, Option<NaiveDateTime>) {
    let given_up = if is_broken(form, begun.date()) { 0.82 } else { form.given_up };
    if rng.chance(given_up) {
        let saved = rng.chance(0.15).then(|| begun + Duration::minutes(rng.between(4, 30)));
        return (saved.and_then(known), None);
    }
    if form.given_up > 0.15 && rng.chance(0.22) {
        let saved = begun + Duration::minutes(rng.between(5, 25));
        let pause = rng.waiting(2.6 * 24.0 * 60.0).max(20);
        return (known(saved), known(saved + Duration::minutes(pause)));
    }
    (None, known(begun + Duration::seconds(rng.duration(420.0, 0.5).clamp(60, 5400))))
}

/// A received form after its number. Since October 2025 the forms ask for the right papers themselves.
fn rest(rng: &mut Rng, form: &Form, session: &str, way: &str, arrived: NaiveDateTime) -> String {
    let better = if arrived.date() >= day(2025, 10, 1) && way == "e-formulier" { 0.55 } else { 1.0 };
    let paper = if way == "papier" { 1.5 } else { 1.0 };
    let asked = rng.chance((form.asked * better * paper).min(0.9)).then(|| {
        let days = rng.between(1, 9);
        done(rng, arrived, days)
    });
    let days = rng.duration(form.days * slowness(arrived.date()), 0.55);
    let ready = done(rng, asked.unwrap_or(arrived), days);
    let (asked, ready) = (asked.and_then(known), known(ready).filter(|_| !rng.chance(0.01)));
    format!("{session},{},{},{way},{},{},{}", form.name, form.kind, iso(Some(arrived)), iso(asked), iso(ready))
}
