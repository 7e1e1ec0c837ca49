//! Records that the town keeps beside its daily systems: money, teams, the knowledge base, research, and lists that are
//! filled in by hand. They do not look at the other data, but for the calls that were listened in on.

#[path = "records/journeys.rs"]
mod journeys;
#[path = "records/knowledge.rs"]
mod knowledge;
#[path = "records/lists.rs"]
mod lists;
#[path = "records/money.rs"]
mod money;
#[path = "records/research.rs"]
mod research;
#[path = "records/staff.rs"]
mod staff;

use std::fs;
use std::io;
use std::path::Path;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, Weekday};

use crate::rng::Rng;
use crate::year::{at, day, windows_1252};

/// A CSV file in the making, or one JSON object per line.
#[derive(Clone)]
struct Sheet {
    name: &'static str,
    text: String,
}

impl Sheet {
    fn new(name: &'static str, header: &str) -> Self {
        Self { name, text: format!("{header}\n") }
    }

    fn row(&mut self, cells: &[&str]) {
        self.text += &cells.join(";");
        self.text.push('\n');
    }
}

/// Writes all of them into a folder.
pub fn write(folder: &Path) -> io::Result<()> {
    let sheets = [money::sheets(), staff::sheets(), knowledge::sheets(), research::sheets(), lists::sheets()];
    for sheet in sheets.concat().iter().chain([&journeys::sheet()]) {
        fs::write(folder.join(sheet.name), windows_1252(&sheet.text))?;
    }
    Ok(())
}

/// The first days of the twenty-four months from July 2024.
fn months() -> impl Iterator<Item = NaiveDate> {
    (0..24).map(|m| day(2024, 7, 1) + Months::new(m))
}

/// How far along the two years a day is, from 0 to 1.
fn along(date: NaiveDate) -> f64 {
    ((date - day(2024, 7, 1)).num_days() as f64 / 729.0).clamp(0.0, 1.0)
}

/// A working day within some weeks of a day, at an hour that the town hall is open.
fn office_moment(rng: &mut Rng, first: NaiveDate, weeks: i64) -> NaiveDateTime {
    let mut date = first + Days::new(rng.between(0, 7 * weeks - 1) as u64);
    while matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
        date = date.succ_opt().unwrap_or(date);
    }
    at(date, rng.between(9 * 3600, 17 * 3600 - 1))
}

fn yes(it: bool) -> &'static str {
    if it { "ja" } else { "nee" }
}

/// An answer that may not have been noted.
fn noted(it: Option<bool>) -> &'static str {
    it.map(yes).unwrap_or_default()
}

/// `31-12-2025`
fn dutch_day(date: NaiveDate) -> String {
    date.format("%d-%m-%Y").to_string()
}

/// `12,5`
fn decimal(value: f64, places: usize) -> String {
    format!("{value:.places$}").replace('.', ",")
}

/// A mark from 1 to 10 around a mean.
fn mark(rng: &mut Rng, mean: f64, spread: f64) -> u32 {
    (mean + spread * rng.normal()).round().clamp(1.0, 10.0) as u32
}
