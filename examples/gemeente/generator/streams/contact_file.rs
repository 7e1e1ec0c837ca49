//! Contacts as Parquet, with the roles of customers in them and the answers to the questions afterwards.

use std::error::Error;
use std::path::Path;

use chrono::{Duration, NaiveDateTime};

use crate::rng::Rng;
use crate::streams::columns::{flags, ids, moments, numbers, texts, write};
use crate::streams::contacts::Contact;
use crate::streams::pace::known;
use crate::year::day;

fn id(place: usize) -> String {
    format!("c{:05}", place + 1)
}

fn customer(number: u32) -> String {
    format!("k{number:04x}")
}

pub fn contacts(path: &Path, all: &[Contact]) -> Result<(), Box<dyn Error>> {
    let initiative = |c: &Contact| Some(if c.by_customer { "klant" } else { "gemeente" });
    let columns = vec![
        ("contact_id", ids('c', all.len())),
        ("moment", moments(all.iter().map(|c| Some(c.moment)))),
        ("kanaal", texts(all.iter().map(|c| Some(c.channel)))),
        ("onderwerp", texts(all.iter().map(|c| c.subject))),
        ("initiatief", texts(all.iter().map(initiative))),
        ("klant", texts(all.iter().map(|c| c.customer.map(customer)))),
        ("medewerker", texts(all.iter().map(|c| c.clerk.map(|n| format!("m{n:02}"))))),
        ("team", texts(all.iter().map(|c| c.team))),
        ("afdeling", texts(all.iter().map(|c| c.department))),
        ("zaak", texts(all.iter().map(|c| c.case.as_deref()))),
        ("duur", numbers(all.iter().map(|c| c.seconds))),
        ("niveau", numbers(all.iter().map(|c| c.level))),
        ("lijn", texts(all.iter().map(|c| c.line))),
        ("vervolg", texts(all.iter().map(|c| c.next))),
        ("resultaat", texts(all.iter().map(|c| c.next.map(result)))),
        ("doorgezet", moments(all.iter().map(|c| c.passed))),
        ("uiterlijk", moments(all.iter().map(|c| c.due))),
        ("afgehandeld", moments(all.iter().map(|c| c.ready))),
        ("in_een_keer_goed", flags(all.iter().map(|c| c.right))),
    ];
    write(path, columns, &["contact_id"])
}

/// What the clerk picks from the list of the municipality.
fn result(next: &str) -> &'static str {
    match next {
        "geen" => "beantwoord",
        "zaak" => "aanvraag genoteerd",
        "doorverbonden" => "naar collega",
        _ => "nog niet klaar",
    }
}

/// A row per role of a known customer; some are there for somebody else too.
pub fn roles(path: &Path, all: &[Contact]) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::new(109_109);
    let mut rows: Vec<(usize, u32, &str, NaiveDateTime)> = Vec::new();
    for (place, contact) in all.iter().enumerate() {
        let Some(customer) = contact.customer else { continue };
        rows.push((place, customer, "klant", contact.moment));
        if rng.chance(0.03) {
            rows.push((place, customer, "vertegenwoordiger", contact.moment));
        }
    }
    let columns = vec![
        ("betrokkene_id", ids('r', rows.len())),
        ("contact", texts(rows.iter().map(|r| Some(id(r.0))))),
        ("klant", texts(rows.iter().map(|r| Some(customer(r.1))))),
        ("rol", texts(rows.iter().map(|r| Some(r.2)))),
        ("moment", moments(rows.iter().map(|r| Some(r.3)))),
    ];
    write(path, columns, &["betrokkene_id", "contact"])
}

struct Answer {
    place: usize,
    moment: NaiveDateTime,
    recommends: Option<i32>,
    grade: Option<i32>,
    kept: Option<bool>,
    solved: Option<bool>,
}

/// The questions afterwards: who was helped at once is kinder, and 2026 is a little better than the years before.
pub fn answers(path: &Path, all: &[Contact]) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::new(105_107);
    let mut rows: Vec<Answer> = Vec::new();
    for (place, contact) in all.iter().enumerate() {
        if !contact.by_customer || !rng.chance(0.085) {
            continue;
        }
        let Some(moment) = known(contact.moment + Duration::minutes(rng.duration(700.0, 1.1))) else { continue };
        let helped = contact.next == Some("geen");
        let later = if contact.moment.date() >= day(2026, 1, 1) { 0.3 } else { 0.0 };
        let mood = rng.normal() + later + if helped { 0.25 } else { -0.9 };
        let grade = (7.5 + 1.25 * mood).round().clamp(1.0, 10.0);
        let recommends = (grade + 0.35 + 0.9 * rng.normal()).round().clamp(0.0, 10.0);
        let solved = rng.chance(if helped { 0.91 } else { 0.34 });
        let kept = rng.chance(if grade >= 7.0 { 0.94 } else { 0.62 });
        rows.push(Answer {
            place,
            moment,
            recommends: (!rng.chance(0.12)).then_some(recommends as i32),
            grade: (!rng.chance(0.03)).then_some(grade as i32),
            kept: (!rng.chance(0.15)).then_some(kept),
            solved: (!rng.chance(0.1)).then_some(solved),
        });
    }
    let columns = vec![
        ("respons_id", ids('n', rows.len())),
        ("contact", texts(rows.iter().map(|r| Some(id(r.place))))),
        ("moment", moments(rows.iter().map(|r| Some(r.moment)))),
        ("kanaal", texts(rows.iter().map(|r| Some(all[r.place].channel)))),
        ("team", texts(rows.iter().map(|r| all[r.place].team))),
        ("aanbeveling", numbers(rows.iter().map(|r| r.recommends))),
        ("totaalcijfer", numbers(rows.iter().map(|r| r.grade))),
        ("waargemaakt", flags(rows.iter().map(|r| r.kept))),
        ("opgelost", flags(rows.iter().map(|r| r.solved))),
    ];
    write(path, columns, &["respons_id", "contact"])
}
