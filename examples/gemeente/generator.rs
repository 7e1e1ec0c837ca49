//! Makes the data of the example municipality: a year of calls, counter visits, survey answers and inhabitants of
//! Voorbeeldstad, a town that does not exist. The same bytes on every run.
//!
//! `cargo run --example gemeente-data [DIR]` writes into DIR, by default `examples/gemeente/data`.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::match_same_arms,
    reason = "made-up figures: all numbers are small, and exact where they are compared"
)]

#[path = "generator/call_file.rs"]
mod call_file;
#[path = "generator/calls.rs"]
mod calls;
#[path = "generator/counter.rs"]
mod counter;
#[path = "generator/records.rs"]
mod records;
#[path = "generator/rng.rs"]
mod rng;
#[path = "generator/streams.rs"]
mod streams;
#[path = "generator/surveys.rs"]
mod surveys;
#[path = "generator/year.rs"]
mod year;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use year::{day, dutch, windows_1252};

const TEAMS: &str = "code;naam;afdeling\n\
    KCC;Klantcontactcentrum;Dienstverlening\n\
    BEL;Belastingen;Financiën\n\
    SOC;Loket Sociaal Domein;Sociaal Domein\n\
    24U;24-uurslijn;Openbare Ruimte\n";

/// Municipality, its name, and its inhabitants on the first day of four quarters.
const INHABITANTS: [(&str, &str, [u32; 4]); 3] = [
    ("GM9997", "Overkant aan Zee", [21_340, 21_322, 21_298, 21_311]),
    ("GM9998", "Buurdorp", [8_905, 8_911, 8_930, 8_942]),
    ("GM9999", "Voorbeeldstad", [48_212, 48_275, 48_351, 48_390]),
];

fn main() -> Result<(), Box<dyn Error>> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gemeente/data");
    let folder = std::env::args_os().nth(1).map_or_else(default, PathBuf::from);
    let acd = folder.join("acd");
    fs::create_dir_all(&acd)?;

    let calls = calls::calls();
    let new_year = year::at(day(2026, 1, 1), 0);
    let half = calls.partition_point(|c| c.arrived < new_year);
    call_file::write(&acd.join("2025-h2.parquet"), &calls[..half], 1)?;
    call_file::write(&acd.join("2026-h1.parquet"), &calls[half..], half + 1)?;
    fs::write(folder.join("teams.csv"), windows_1252(TEAMS))?;

    let (tickets, products) = counter::visits();
    fs::write(folder.join("balie.csv"), windows_1252(&ticket_csv(&tickets)?))?;
    fs::write(folder.join("producten.csv"), windows_1252(&product_csv(&products)?))?;
    fs::write(folder.join("enquete.jsonl"), surveys::lines())?;
    fs::write(folder.join("inwoners.csv"), inhabitants_csv()?)?;
    records::write(&folder)?;
    streams::write(&folder)?;
    println!(
        "{} calls, {} tickets, {} product lines in {}",
        calls.len(),
        tickets.len(),
        products.len(),
        folder.display()
    );
    Ok(())
}

fn ticket_csv(tickets: &[counter::Ticket]) -> Result<String, std::fmt::Error> {
    let mut text = "volgnummer;locatie;domein;soort;afspraak;afgifte;oproep;start;eind;nawerk_eind\n".to_owned();
    for t in tickets {
        let kind = if t.by_appointment { "afspraak" } else { "inloop" };
        let moments = [t.appointment, Some(t.issued), t.called, t.started, t.ended, t.wrapped_up].map(dutch).join(";");
        writeln!(text, "{};{};{};{kind};{moments}", t.id, t.location, t.domain)?;
    }
    Ok(text)
}

fn product_csv(products: &[counter::Product]) -> Result<String, std::fmt::Error> {
    let mut text = "regel;volgnummer;product;handeling;aantal;leges;datum\n".to_owned();
    for (line, p) in (1..).zip(products) {
        let act = if p.ordered { "besteld" } else { "verstrekt" };
        let fee = p.fee.map(|cents| format!("{},{:02}", cents / 100, cents % 100)).unwrap_or_default();
        writeln!(text, "{line};{};{};{act};{};{fee};{}", p.ticket, p.name, p.count, p.day.format("%d-%m-%Y"))?;
    }
    Ok(text)
}

fn inhabitants_csv() -> Result<String, std::fmt::Error> {
    let mut text = "gemeentecode;naam;peildatum;inwoners\n".to_owned();
    let quarters = [day(2025, 7, 1), day(2025, 10, 1), day(2026, 1, 1), day(2026, 4, 1)];
    for (code, name, counts) in INHABITANTS {
        for (quarter, count) in quarters.iter().zip(counts) {
            writeln!(text, "{code};{name};{};{count}", quarter.format("%d-%m-%Y"))?;
        }
    }
    Ok(text)
}
