//! The sheet with all result rows, as a table to filter and to calculate with: the columns of the CSV, in the units of the
//! contract.

use rust_xlsxwriter::{Table, TableColumn, TableStyle, Worksheet};

use super::pen::{At, Look, Pen};
use super::{Problem, ROWS, tab};
use crate::judge::Row;
use crate::measure::Member;
use crate::report::csv;

/// The most rows below the head of a sheet.
pub const MOST: usize = 1_048_575;

/// Whether so many rows fit.
pub fn room(rows: usize) -> Result<(), Problem> {
    if rows > MOST { Err(Problem::TooManyRows(rows)) } else { Ok(()) }
}

/// What a column has.
#[derive(Clone, Copy)]
enum Cell {
    Text(fn(&Row) -> String),
    Number(fn(&Row) -> Option<f64>),
    Count(fn(&Row) -> Option<u64>),
    Date(fn(&Row) -> Option<chrono::NaiveDate>),
    Truth(fn(&Row) -> bool),
}

const BEFORE: [(&str, f64, Cell); 6] = [
    ("kpi", 32.0, Cell::Text(|r| r.kpi.clone())),
    ("titel", 40.0, Cell::Text(|r| r.title.clone())),
    ("versie", 12.0, Cell::Date(|r| r.version)),
    ("periode", 11.0, Cell::Text(|r| r.period.clone())),
    ("periode_van", 13.0, Cell::Date(|r| Some(r.period_from))),
    ("periode_tot", 13.0, Cell::Date(|r| Some(r.period_until))),
];

const AFTER: [(&str, f64, Cell); 16] = [
    ("waarde", 12.0, Cell::Number(|r| r.value)),
    ("eenheid", 12.0, Cell::Text(|r| r.unit.clone())),
    ("teller", 12.0, Cell::Number(|r| r.numerator)),
    ("noemer", 12.0, Cell::Number(|r| r.denominator)),
    ("n", 10.0, Cell::Count(|r| r.n)),
    ("n_leeg", 10.0, Cell::Count(|r| r.n_empty)),
    ("ondergrens", 13.0, Cell::Number(|r| r.lower)),
    ("bovengrens", 13.0, Cell::Number(|r| r.upper)),
    ("norm", 15.0, Cell::Text(|r| r.norm.clone().unwrap_or_default())),
    ("norm_soort", 13.0, Cell::Text(|r| r.norm_kind.to_owned())),
    ("afstand", 12.0, Cell::Number(|r| r.distance)),
    ("status", 22.0, Cell::Text(|r| r.status.word().to_owned())),
    ("kenmerken", 30.0, Cell::Text(csv::marks)),
    ("reeksbreuk", 13.0, Cell::Truth(|r| r.series_break)),
    ("definitie_hash", 19.0, Cell::Text(|r| r.definition_hash.clone())),
    ("invoer_hash", 19.0, Cell::Text(|r| r.input_hash.clone().unwrap_or_default())),
];

pub fn draw(rows: &[Row]) -> Result<Worksheet, Problem> {
    let (mut sheet, mut pen) = tab(ROWS)?;
    let dimensions = csv::dimensions(rows);
    let heads = headers(&dimensions);
    for (column, (text, width)) in (0..).zip(&heads) {
        sheet.set_column_width(column, *width)?;
        pen.text(&mut sheet, (0, column), text, Look::Head)?;
    }
    for (at, row) in (1..).zip(rows) {
        line(&mut sheet, &mut pen, at, row, &dimensions)?;
    }
    let last = u16::try_from(heads.len().saturating_sub(1)).unwrap_or(0);
    let columns: Vec<TableColumn> = heads.iter().map(|(text, _)| TableColumn::new().set_header(text)).collect();
    // A table has at least one row.
    let bottom = u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
    let table = Table::new().set_name("resultaten").set_columns(&columns).set_style(TableStyle::Light9);
    sheet.add_table(0, 0, bottom, last, &table)?;
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_repeat_rows(0, 0)?;
    Ok(sheet)
}

/// Names and widths of the columns; names differ in more than case, as a table asks.
fn headers(dimensions: &[&str]) -> Vec<(String, f64)> {
    let own = |list: &[(&str, f64, Cell)]| -> Vec<(String, f64)> {
        list.iter().map(|(name, width, _)| ((*name).to_owned(), *width)).collect()
    };
    let mut heads = own(&BEFORE);
    for name in dimensions {
        let name = format!("dim_{name}");
        let taken = |name: &str| heads.iter().any(|(other, _)| other.to_lowercase() == name.to_lowercase());
        let unique =
            (2..=heads.len() + 2).map(|n| format!("{name}_{n}")).find(|other| !taken(other)).filter(|_| taken(&name));
        heads.push((unique.unwrap_or(name), 16.0));
    }
    heads.extend(own(&AFTER));
    heads
}

fn line(sheet: &mut Worksheet, pen: &mut Pen, at: u32, row: &Row, dimensions: &[&str]) -> Result<(), Problem> {
    let mut column = 0;
    for (_, _, cell) in &BEFORE {
        draw_cell(sheet, pen, (at, column), row, *cell)?;
        column += 1;
    }
    for name in dimensions {
        let member = row.dimensions.iter().find(|(n, _)| n == name).map(|(_, member)| member);
        draw_member(sheet, pen, (at, column), member)?;
        column += 1;
    }
    for (_, _, cell) in &AFTER {
        draw_cell(sheet, pen, (at, column), row, *cell)?;
        column += 1;
    }
    Ok(())
}

fn draw_member(sheet: &mut Worksheet, pen: &mut Pen, at: At, member: Option<&Member>) -> Result<(), Problem> {
    let day = |days: &i32| crate::calendar::day_of(*days);
    match member {
        None => Ok(()),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
        Some(Member::Int(n)) => pen.number(sheet, at, Some(*n as f64), "0"),
        Some(Member::Date(days)) if day(days).is_some() => day(days).map_or(Ok(()), |day| pen.date(sheet, at, day)),
        Some(other) => pen.text(sheet, at, &other.label(), Look::Plain),
    }
}

fn draw_cell(sheet: &mut Worksheet, pen: &mut Pen, at: At, row: &Row, cell: Cell) -> Result<(), Problem> {
    match cell {
        Cell::Text(text) => pen.text(sheet, at, &text(row), Look::Plain),
        Cell::Number(number) => pen.number(sheet, at, number(row), "General"),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
        Cell::Count(count) => pen.number(sheet, at, count(row).map(|n| n as f64), "0"),
        Cell::Date(day) => day(row).map_or(Ok(()), |day| pen.date(sheet, at, day)),
        Cell::Truth(truth) => {
            sheet.write_boolean(at.0, at.1, truth(row))?;
            Ok(())
        }
    }
}
