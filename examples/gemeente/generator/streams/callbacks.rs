//! Requests to call back, one for each contact that ended in one. They are late in August.

use std::error::Error;
use std::path::Path;

use chrono::NaiveDateTime;

use crate::rng::Rng;
use crate::streams::columns::{ids, moments, texts, write as write_file};
use crate::streams::contacts::Contact;
use crate::streams::pace::{done, known, slowness};

struct Request<'a> {
    contact: &'a Contact,
    link: Option<String>,
    made: NaiveDateTime,
    called: Option<NaiveDateTime>,
    ended: Option<NaiveDateTime>,
    status: &'static str,
}

pub fn write(path: &Path, contacts: &[Contact]) -> Result<(), Box<dyn Error>> {
    let rows = requests(contacts);
    let columns = vec![
        ("verzoek_id", ids('t', rows.len())),
        ("contact", texts(rows.iter().map(|r| r.link.as_deref()))),
        ("aangemaakt", moments(rows.iter().map(|r| Some(r.made)))),
        ("kanaal", texts(rows.iter().map(|r| Some(r.contact.channel)))),
        ("afdeling", texts(rows.iter().map(|r| r.contact.department))),
        ("team", texts(rows.iter().map(|r| r.contact.team))),
        ("onderwerp", texts(rows.iter().map(|r| r.contact.subject))),
        ("klant", texts(rows.iter().map(|r| r.contact.customer.map(|n| format!("k{n:04x}"))))),
        ("teruggebeld", moments(rows.iter().map(|r| r.called))),
        ("afgehandeld", moments(rows.iter().map(|r| r.ended))),
        ("status", texts(rows.iter().map(|r| Some(r.status)))),
    ];
    write_file(path, columns, &["verzoek_id"])
}

fn requests(contacts: &[Contact]) -> Vec<Request<'_>> {
    let mut rng = Rng::new(130_102);
    let mut rows = Vec::new();
    for (place, contact) in contacts.iter().enumerate().filter(|(_, c)| c.next == Some("terugbelverzoek")) {
        let Some(made) = known(contact.moment + chrono::Duration::seconds(rng.between(60, 300))) else { continue };
        let days = rng.duration(1.05 * slowness(made.date()), 0.75);
        let called = done(&mut rng, made, days);
        let how = rng.pick(&[("called", 90.0), ("unreachable", 6.0), ("withdrawn", 4.0)]);
        let ended = known(called);
        let status = match (how, ended) {
            ("withdrawn", Some(_)) => "vervallen",
            (_, Some(_)) => "verwerkt",
            (_, None) => "te verwerken",
        };
        let link = rng.chance(0.97).then(|| format!("c{:05}", place + 1));
        rows.push(Request { contact, link, made, called: ended.filter(|_| how == "called"), ended, status });
    }
    rows
}
