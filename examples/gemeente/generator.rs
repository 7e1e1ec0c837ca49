//! Makes the data of the example municipality: two years of calls, counter visits, survey answers and inhabitants
//! of Voorbeeldstad, a town that does not exist. The same bytes on every run.
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

#[path = "generator/calls.rs"]
mod calls;
#[path = "generator/counter.rs"]
mod counter;
#[path = "generator/counts.rs"]
mod counts;
#[path = "generator/opening.rs"]
mod opening;
#[path = "generator/parquet_files.rs"]
mod parquet_files;
#[path = "generator/records.rs"]
mod records;
#[path = "generator/rng.rs"]
mod rng;
#[path = "generator/streams.rs"]
mod streams;
#[path = "generator/surveys.rs"]
mod surveys;
#[path = "generator/transfers.rs"]
mod transfers;
#[path = "generator/year.rs"]
mod year;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use calls::Call;
use chrono::Datelike;
use counter::Ticket;
use year::{day, days, windows_1252};

const TEAMS: &str = "code;naam;afdeling\n\
    KCC;Klantcontactcentrum;Dienstverlening\n\
    BEL;Belastingen;Financiën\n\
    SOC;Loket Sociaal Domein;Sociaal Domein\n\
    24U;24-uurslijn;Openbare Ruimte\n";

/// Municipality, its name, and its inhabitants on the first day of eight quarters.
const INHABITANTS: [(&str, &str, [u32; 8]); 3] = [
    ("GM9997", "Overkant aan Zee", [21_402, 21_391, 21_377, 21_352, 21_340, 21_322, 21_298, 21_311]),
    ("GM9998", "Buurdorp", [8_861, 8_874, 8_890, 8_897, 8_905, 8_911, 8_930, 8_942]),
    ("GM9999", "Voorbeeldstad", [47_955, 48_020, 48_094, 48_150, 48_212, 48_275, 48_351, 48_390]),
];

fn main() -> Result<(), Box<dyn Error>> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gemeente/data");
    let folder = std::env::args_os().nth(1).map_or_else(default, PathBuf::from);
    let (calls, (tickets, products)) = (calls::calls(), counter::visits());
    write_half_years(&folder, &calls, &tickets)?;
    fs::write(folder.join("teams.csv"), windows_1252(TEAMS))?;
    fs::write(folder.join("doorverbindingen.csv"), windows_1252(&transfers::csv(&calls)?))?;
    fs::write(folder.join("openstelling.csv"), windows_1252(&opening::csv()?))?;
    fs::write(folder.join("tellingen.csv"), windows_1252(&counts::csv()?))?;
    parquet_files::write_products(&folder.join("producten.parquet"), &products)?;
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

/// Calls and tickets, a file per half year.
fn write_half_years(folder: &Path, calls: &[Call], tickets: &[Ticket]) -> Result<(), Box<dyn Error>> {
    let (acd, balie) = (folder.join("acd"), folder.join("balie"));
    fs::create_dir_all(&acd)?;
    fs::create_dir_all(&balie)?;
    for (name, from, to) in [
        ("2024-h2.parquet", day(2024, 7, 1), day(2025, 1, 1)),
        ("2025-h1.parquet", day(2025, 1, 1), day(2025, 7, 1)),
        ("2025-h2.parquet", day(2025, 7, 1), day(2026, 1, 1)),
        ("2026-h1.parquet", day(2026, 1, 1), day(2026, 7, 1)),
    ] {
        let call = |date| calls.partition_point(|c| c.arrived.date() < date);
        let ticket = |date| tickets.partition_point(|t| t.issued.date() < date);
        parquet_files::write_calls(&acd.join(name), &calls[call(from)..call(to)], call(from) + 1)?;
        parquet_files::write_tickets(&balie.join(name), &tickets[ticket(from)..ticket(to)])?;
    }
    Ok(())
}

fn inhabitants_csv() -> Result<String, std::fmt::Error> {
    let mut text = "gemeentecode;naam;peildatum;inwoners\n".to_owned();
    for (code, name, counts) in INHABITANTS {
        let quarters = days().filter(|d| d.day() == 1 && d.month0() % 3 == 0);
        for (quarter, count) in quarters.zip(counts) {
            writeln!(text, "{code};{name};{};{count}", quarter.format("%d-%m-%Y"))?;
        }
    }
    Ok(text)
}
