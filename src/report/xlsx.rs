//! Results as a workbook for Excel and LibreOffice: an overview, all rows, the definitions, and a sheet per KPI with a
//! chart. Bytes in memory; the same input gives the same bytes. It knows no file and no clock, and writes no formula: a
//! text is a text, whatever it begins with.
//!
//! `names` makes names of sheets, `pen` writes cells; the others make one kind of sheet each.

mod chart;
mod definitions;
mod kpi;
mod names;
mod overview;
mod pen;
mod rows;

use std::fmt;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

pub use super::input::{Definition, Input};
use super::series::{self, Block, Entry};
use super::words::clean;
use names::Names;
use pen::Pen;

/// Why there is no workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A sheet has no room for so many rows.
    TooManyRows(usize),
    /// What the writer says.
    Other(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyRows(n) => {
                let (n, most) = (super::number::count(*n as u64), super::number::count(rows::MOST as u64));
                write!(f, "{n} rijen passen niet op een werkblad, dat er hoogstens {most} heeft")
            }
            Self::Other(why) => write!(f, "het werkboek kan niet gemaakt worden: {why}"),
        }
    }
}

impl From<XlsxError> for Problem {
    fn from(error: XlsxError) -> Self {
        Self::Other(error.to_string())
    }
}

/// One KPI in one period kind, with its sheet.
struct Sheet<'a> {
    name: String,
    group: &'a str,
    /// Whether its periods are of more than one year.
    years: bool,
    entry: &'a Entry<'a>,
}

/// Sizes of paper.
const A3: u8 = 8;
const A4: u8 = 9;

/// The three sheets that are not of one KPI.
const OVERVIEW: &str = "Overzicht";
const ROWS: &str = "Alle rijen";
const DEFINITIONS: &str = "Definities";

/// The whole workbook.
///
/// # Errors
/// When there are more rows than a sheet can hold.
pub fn workbook(input: &Input<'_>) -> Result<Vec<u8>, Problem> {
    rows::room(input.rows.len())?;
    let blocks = series::blocks(input.rows, input.groups);
    let mut names = Names::with([OVERVIEW, ROWS, DEFINITIONS]);
    let mut sheets = sheets(&blocks, &mut names);
    // What is wrong first; the rest as the groups are.
    sheets.sort_by_key(|s| s.entry.standing().map(series::Standing::rank));
    let mut book = Workbook::new();
    book.set_properties(&properties(input)?);
    let overview = overview::draw(&blocks, &sheets, input)?;
    let first = [overview, rows::draw(input.rows)?, definitions::draw(&sheets, input)?];
    let footer = footer(input);
    let tabs = first.into_iter().map(Ok).chain(sheets.iter().map(|sheet| kpi::draw(sheet, input)));
    for tab in tabs {
        let mut tab = tab?;
        // As wide as the paper.
        tab.set_landscape().set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        tab.set_paper_size(if tab.name() == ROWS { A3 } else { A4 }).set_footer(&footer);
        book.push_worksheet(tab);
    }
    Ok(book.save_to_buffer()?)
}

fn sheets<'a>(blocks: &'a [Block<'a>], names: &mut Names) -> Vec<Sheet<'a>> {
    let mut sheets = Vec::new();
    for block in blocks {
        let years = block.spans_years();
        for (group, entries) in &block.groups {
            for entry in entries {
                sheets.push(Sheet { name: names.unique(&entry.title(), entry.kpi), group, years, entry });
            }
        }
    }
    sheets
}

/// A worksheet with its name; names come from [`Names`] and are valid.
fn tab(name: &str) -> Result<(Worksheet, Pen), Problem> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    Ok((sheet, Pen::default()))
}

/// In place of the time at which it was made: what it was made from.
fn properties(input: &Input<'_>) -> Result<DocProperties, Problem> {
    let origin = input.origin();
    let at = input.heading.peilmoment.map_or_else(|| ExcelDateTime::from_ymd(2000, 1, 1), pen::moment)?;
    let project = clean(input.heading.project.as_deref().unwrap_or("Resultaten"));
    let mut properties = DocProperties::new()
        .set_title(project)
        .set_subject("KPI's")
        .set_author(format!("meetlat {}", origin.version))
        .set_creation_datetime(&at)
        .set_custom_property("meetlat", origin.version.as_str())
        .set_custom_property("definities", origin.definitions.as_str());
    if let Some(at) = &origin.peilmoment {
        properties = properties.set_custom_property("peilmoment", at.as_str());
    }
    if let Some(input) = &origin.input {
        properties = properties.set_custom_property("invoer", input.as_str());
    }
    Ok(properties)
}

/// At the foot of a printed page: where the figures come from.
fn footer(input: &Input<'_>) -> String {
    let origin = input.origin();
    let mut made: Vec<String> = origin.peilmoment.iter().map(|at| format!("peilmoment {at}")).collect();
    made.push(format!("meetlat {}", origin.version));
    made.push(format!("definities {}", origin.definitions));
    made.extend(origin.input.iter().map(|hash| format!("invoer {hash}")));
    // A footer has at most 255 characters, and `&` begins a command in it.
    let project = clean(input.heading.project.as_deref().unwrap_or_default());
    let project: String = project.chars().take(40).collect();
    format!("&L&8 {}&C&8 {}&R&8 &P / &N", project.replace('&', "&&"), made.join(" · "))
}

#[cfg(test)]
mod tests;
