//! What else is known about customers: complaints, what they were asked for, their profiles, and how many there are.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::rng::Rng;
use crate::streams::columns::{dates, flags, ids, moments, texts, write};
use crate::streams::pace::{count, known_day, later, office, shift};
use crate::year::{day, days, is_open};

/// The first days of the months.
fn months() -> impl Iterator<Item = NaiveDate> {
    days().filter(|d| d.day() == 1)
}

pub fn complaints_csv() -> Result<String, std::fmt::Error> {
    let mut rng = Rng::new(44_045);
    let mut text = "klacht_id;ontvangen;soort;kanaal;afdeling;klant;afgehandeld;gegrond\n".to_owned();
    let mut number = 0;
    for date in days().filter(|d| is_open(*d)) {
        // The form that was broken in March 2026 gave complaints of its own.
        let broken = date >= day(2026, 3, 10) && date <= day(2026, 3, 27);
        let mean = 0.68 * shift(date, -0.2) * if broken { 2.2 } else { 1.0 };
        for _ in 0..count(&mut rng, date, mean, 0.0) {
            number += 1;
            let kind = rng.pick(&[("inhoudelijk", 76.0), ("bejegening", 24.0)]);
            let channel = rng.pick(&[("webformulier", 52.0), ("brief", 20.0), ("telefoon", 16.0), ("e-mail", 12.0)]);
            let department = rng.pick(&[
                ("Sociaal Domein", 30.0),
                ("Openbare Ruimte", if broken { 90.0 } else { 30.0 }),
                ("Financiën", 18.0),
                ("Dienstverlening", 20.0),
                ("", 2.0),
            ]);
            let ready = known_day(later(date, rng.duration(18.0, 0.45).max(1)));
            let founded = ready.map(|_| if rng.chance(0.36) { "ja" } else { "nee" }).unwrap_or_default();
            let ready = ready.map(|d| d.format("%d-%m-%Y").to_string()).unwrap_or_default();
            let customer = format!("k{:04x}", (22_000.0 * rng.unit().powf(1.5)) as u32);
            let date = date.format("%d-%m-%Y");
            writeln!(text, "h{number:03};{date};{kind};{channel};{department};{customer};{ready};{founded}")?;
        }
    }
    Ok(text)
}

/// Every time a customer was asked for something; since October 2025 the income is taken from what is known already.
pub fn asked(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::new(53_053);
    let mut rows: Vec<(NaiveDateTime, Option<String>, &str, &str)> = Vec::new();
    for date in days().filter(|d| is_open(*d)) {
        let income = if date >= day(2025, 10, 1) { 10.0 } else { 30.0 };
        for _ in 0..count(&mut rng, date, 7.0, 0.0) {
            let what =
                rng.pick(&[("inkomen", income), ("adres", 22.0), ("telefoonnummer", 20.0), ("geboorteakte", 6.0)]);
            let channel = rng.pick(&[("telefoon", 46.0), ("webformulier", 34.0), ("balie", 20.0)]);
            let customer = (!rng.chance(0.04)).then(|| format!("k{:04x}", (5_000.0 * rng.unit().powf(1.9)) as u32));
            rows.push((office(&mut rng, date), customer, what, channel));
        }
    }
    rows.sort();
    let columns = vec![
        ("uitvraag_id", ids('u', rows.len())),
        ("contact", texts(rows.iter().map(|_| None::<&str>))),
        ("klant", texts(rows.iter().map(|r| r.1.as_deref()))),
        ("gegeven", texts(rows.iter().map(|r| Some(r.2)))),
        ("kanaal", texts(rows.iter().map(|r| Some(r.3)))),
        ("moment", moments(rows.iter().map(|r| Some(r.0)))),
    ];
    write(path, columns, &["uitvraag_id"])
}

/// A profile, and from which share of its life each part of it is there.
struct Profile {
    customer: String,
    since: NaiveDate,
    parts: [f64; 7],
}

/// What is together about each customer, on the last day of every month. It fills up as clerks ask for more.
pub fn profiles(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut rng = Rng::new(43_056);
    let all: Vec<Profile> = (0..620)
        .map(|n| Profile {
            customer: format!("k{:04x}", 35 * n),
            since: day(2024, 7, 1) + chrono::Duration::days(rng.between(-500, 729)),
            parts: std::array::from_fn(|_| rng.unit()),
        })
        .collect();
    let mut rows = Vec::new();
    for month in months() {
        let date = month + chrono::Months::new(1) - chrono::Days::new(1);
        rows.extend(all.iter().filter(|p| p.since <= date).map(|p| (date, p)));
    }
    let has = |part: usize, start: f64, total: f64| {
        flags(rows.iter().map(move |(date, p)| Some(p.parts[part] < start * shift(*date, total))))
    };
    let preference = rows.iter().map(|(date, p)| {
        let share = p.parts[6] / (0.34 * shift(*date, 0.7));
        (share < 1.0).then_some(if share < 0.45 {
            "e-mail"
        } else if share < 0.8 {
            "telefoon"
        } else {
            "brief"
        })
    });
    let columns = vec![
        ("klant", texts(rows.iter().map(|(_, p)| Some(p.customer.as_str())))),
        ("peildatum", dates(rows.iter().map(|(date, _)| Some(*date)))),
        ("voorkeurskanaal", texts(preference)),
        ("heeft_contactgegevens", has(0, 0.78, 0.2)),
        ("heeft_contacthistorie", has(1, 0.6, 0.4)),
        ("heeft_lopende_zaken", has(2, 0.55, 0.3)),
        ("heeft_producten", has(3, 0.66, 0.15)),
        ("zichtbaar_voor_klant", has(4, 0.4, 0.6)),
        ("zichtbaar_voor_medewerker", has(5, 0.85, 0.12)),
    ];
    write(path, columns, &[])
}

/// How many customers there are, and what they have from the municipality.
pub fn count_csv() -> Result<String, std::fmt::Error> {
    let mut text = "peildatum,klanten,diensten\n".to_owned();
    for (number, month) in (0..).zip(months()) {
        writeln!(text, "{month},{},{}", 23_150 + 7 * number, 61_200 + 55 * number + 900 * (number / 12))?;
    }
    Ok(text)
}
