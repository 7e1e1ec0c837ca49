//! A sheet of a workbook (xlsx), row by row. Knows cells and sheets only; values are the affair of `rows.rs`.
//!
//! The header is the row at the top that names the wanted columns (a sheet may begin with a title), the rows below it
//! count; blank ones are passed over. A cell holds a number, a moment or a text as the workbook says; a number that is shown
//! as a percentage (0.782 as 78,2 %) is one.

use std::fs::File;
use std::io::BufReader;

use calamine::{Data, ExcelDateTime, Range, Reader, StyleRange, Xlsx, XlsxError, open_workbook};
use serde_json::Value as Json;

use super::error::{BAD_ROW, BAD_SETTING, DAMAGED, NO_COLUMN, SourceError, in_io, missing_column};
use super::files::SourceFile;
use super::rows::{Builder, Wish};
use super::text::{Fault, Rows, TextScan};
use crate::diagnostic::suggest::nearest;
use crate::model::Type;

/// Rows at the top of a sheet that are looked at to find the header.
const TOP: usize = 20;

type Book = Xlsx<BufReader<File>>;

/// Where the cells of a column come from.
enum Place {
    /// Column of the sheet, from 0.
    Cell(u32),
    /// From a `sleutel=waarde` folder.
    Fixed(String),
    Nowhere,
}

/// One sheet being read.
pub struct Workbook {
    cells: Range<Data>,
    styles: Option<StyleRange>,
    places: Vec<Place>,
    /// The next row of the sheet, from 0.
    row: u32,
    /// After the last one.
    end: u32,
}

impl Workbook {
    /// Opens `file` and finds the columns of `scan` in its sheet.
    ///
    /// # Errors
    /// What is no workbook, a sheet that is not there or not chosen, a missing or doubled column.
    pub fn open(file: &SourceFile, scan: &TextScan) -> Result<Self, SourceError> {
        let (mut book, sheet, cells) = open(file, scan.sheet.as_deref())?;
        let shares = scan.wishes.iter().any(|w| matches!(w.ty, Type::Percentage | Type::PercentPoint));
        let styles = shares.then(|| book.worksheet_style(&sheet)).transpose().map_err(|e| failed(&e, file))?;
        let wanted: Vec<&str> = scan.wishes.iter().filter_map(|w| w.physical.as_deref()).collect();
        let (header, names) = header(&cells, &wanted)
            .ok_or_else(|| SourceError::new(DAMAGED, format!("blad `{sheet}` van `{}` is leeg", file.shown)))?;
        let places = scan.wishes.iter().map(|wish| place(wish, &names, file, scan)).collect::<Result<_, _>>()?;
        let end = cells.end().map_or(0, |(row, _)| row + 1);
        Ok(Self { cells, styles, places, row: header + 1, end })
    }

    /// Whether a number is shown as a percentage.
    fn is_share(&self, at: (u32, u32)) -> bool {
        let format = self.styles.as_ref().and_then(|s| s.get(at)).and_then(|s| s.number_format.as_ref());
        format.is_some_and(|f| f.format_code.contains('%'))
    }

    /// Adds the value of a cell. False when it does not fit its column.
    fn add(&self, builder: &mut Builder, index: usize, wish: &Wish, at: (u32, u32)) -> bool {
        match self.cells.get_value(at).unwrap_or(&Data::Empty) {
            Data::Empty => {
                builder.empty(index);
                true
            }
            Data::String(text) => builder.text(index, text.trim()),
            Data::DateTimeIso(text) | Data::DurationIso(text) => builder.text(index, text),
            Data::Bool(truth) => builder.json(index, Some(&Json::Bool(*truth))),
            Data::Int(number) => builder.json(index, Some(&Json::from(*number))),
            Data::Float(number) => {
                let share = matches!(wish.ty, Type::Percentage | Type::PercentPoint) && self.is_share(at);
                builder.json(index, Some(&number_of(if share { hundredfold(*number) } else { *number })))
            }
            Data::DateTime(moment) => clock_text(moment, wish).is_some_and(|text| builder.text(index, &text)),
            Data::Error(_) => false,
        }
    }
}

impl Rows for Workbook {
    fn next(&mut self, builder: &mut Builder, file: &SourceFile, scan: &TextScan) -> Result<bool, SourceError> {
        while self.row < self.end && is_blank(&self.cells, self.row) {
            self.row += 1;
        }
        if self.row >= self.end {
            return Ok(false);
        }
        for (index, (place, wish)) in self.places.iter().zip(scan.wishes.iter()).enumerate() {
            let (fits, shown) = match place {
                Place::Nowhere => {
                    builder.empty(index);
                    continue;
                }
                Place::Fixed(text) => (builder.text(index, text), text.clone()),
                Place::Cell(column) => {
                    let at = (self.row, *column);
                    if self.add(builder, index, wish, at) {
                        continue;
                    }
                    (false, self.cells.get_value(at).map(ToString::to_string).unwrap_or_default())
                }
            };
            if !fits {
                return Err(Fault { line: u64::from(self.row) + 1, index, value: &shown }.word(file, scan));
            }
        }
        builder.end_row();
        self.row += 1;
        Ok(true)
    }
}

/// The cells of a sheet, with its name.
///
/// # Errors
/// What is no workbook, and a sheet that is not there or not chosen.
pub fn cells(file: &SourceFile, named: Option<&str>) -> Result<(String, Range<Data>), SourceError> {
    let (_, sheet, cells) = open(file, named)?;
    Ok((sheet, cells))
}

fn open(file: &SourceFile, named: Option<&str>) -> Result<(Book, String, Range<Data>), SourceError> {
    let mut book: Book = open_workbook(&file.path).map_err(|e| failed(&e, file))?;
    let sheet = sheet(&mut book, file, named)?;
    let cells = book.worksheet_range(&sheet).map_err(|e| failed(&e, file))?;
    Ok((book, sheet, cells))
}

/// The sheet to read: the one that the settings name, or the only one that holds anything.
fn sheet(book: &mut Book, file: &SourceFile, named: Option<&str>) -> Result<String, SourceError> {
    let names = book.sheet_names();
    let listed = || names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    if let Some(named) = named {
        if let Some(found) = names.iter().find(|name| *name == named) {
            return Ok(found.clone());
        }
        let error = SourceError::new(BAD_SETTING, format!("`{}` heeft geen blad `{named}`", file.shown));
        return Err(match nearest(named, names.iter().map(String::as_str)) {
            Some(near) => error.help(format!("bedoelde u `{near}`?")),
            None => error.help(format!("de bladen zijn {}", listed())),
        });
    }
    let filled = |name: &&String| book.worksheet_range(name).is_ok_and(|cells| !cells.is_empty());
    match names.iter().filter(filled).collect::<Vec<_>>().as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(SourceError::new(DAMAGED, format!("`{}` is leeg", file.shown))),
        _ => Err(SourceError::new(BAD_SETTING, format!("`{}` heeft meer dan één blad", file.shown))
            .help(format!("kies bij de bron een `blad`: {}", listed()))),
    }
}

/// The header row (of the sheet, from 0) and its names by column: of the rows at the top the one that has most of the
/// wanted columns, then most cells, then the first.
pub fn header(cells: &Range<Data>, wanted: &[&str]) -> Option<(u32, Vec<(u32, String)>)> {
    let (first, last) = (cells.start()?.0, cells.end()?.0);
    let rows = (first..=last).filter(|row| !is_blank(cells, *row)).map(|row| (row, names(cells, row))).take(TOP);
    let fit = |names: &[(u32, String)]| {
        (wanted.iter().filter(|name| names.iter().any(|(_, known)| known == *name)).count(), names.len())
    };
    rows.reduce(|best, row| if fit(&row.1) > fit(&best.1) { row } else { best })
}

fn names(cells: &Range<Data>, row: u32) -> Vec<(u32, String)> {
    let (Some((_, first)), Some((_, last))) = (cells.start(), cells.end()) else { return Vec::new() };
    let name = |column: u32| {
        let text = cells.get_value((row, column))?.to_string().trim().to_owned();
        (!text.is_empty()).then_some((column, text))
    };
    (first..=last).filter_map(name).collect()
}

/// Whether a row of the sheet holds nothing.
pub fn is_blank(cells: &Range<Data>, row: u32) -> bool {
    let (Some((_, first)), Some((_, last))) = (cells.start(), cells.end()) else { return true };
    (first..=last).all(|column| match cells.get_value((row, column)) {
        None | Some(Data::Empty) => true,
        Some(Data::String(text)) => text.trim().is_empty(),
        Some(_) => false,
    })
}

fn place(wish: &Wish, names: &[(u32, String)], file: &SourceFile, scan: &TextScan) -> Result<Place, SourceError> {
    let Some(physical) = &wish.physical else { return Ok(Place::Nowhere) };
    let mut here = names.iter().filter(|(_, name)| name == physical).map(|(column, _)| *column);
    let key = file.keys.iter().find(|(name, _)| name == physical);
    let place = match (here.next(), key) {
        (Some(column), _) => Place::Cell(column),
        (None, Some((_, value))) => Place::Fixed(value.clone()),
        (None, None) => {
            let names: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
            return Err(missing_column(physical, &wish.name, &scan.table, &file.shown, &names));
        }
    };
    if here.next().is_some() {
        let text = format!("`{}` heeft meer dan één kolom `{physical}`", file.shown);
        return Err(SourceError::new(NO_COLUMN, text).help("geef de kolommen in het blad verschillende namen"));
    }
    Ok(place)
}

/// A number of a cell; a whole one without a fraction, so that an identifier reads as people see it.
fn number_of(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and smaller than 2^53")]
        return Json::from(number as i64);
    }
    Json::from(number)
}

/// 78.2 of 0.782, without the dust of binary fractions: Excel keeps fifteen digits.
fn hundredfold(number: f64) -> f64 {
    format!("{:.14e}", number * 100.0).parse().unwrap_or(number * 100.0)
}

/// A moment, day or stretch of time as text; nothing where it does not fit the column.
fn clock_text(value: &ExcelDateTime, wish: &Wish) -> Option<String> {
    if wish.ty == Type::Duration {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of what fits in a sheet")]
        let millis = (value.as_f64() * 86_400_000.0).round() as i64;
        let (sign, millis) = if millis < 0 { ("-", -millis) } else { ("", millis) };
        let (seconds, rest) = (millis / 1000, millis % 1000);
        return Some(format!("{sign}{}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    }
    if value.is_duration() {
        return None;
    }
    let (year, month, day, hour, minute, second, millis) = value.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let midnight = (hour, minute, second, millis) == (0, 0, 0, 0);
    if midnight && wish.ty != Type::Moment {
        return Some(date);
    }
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    Some(format!("{date} {hour:02}:{minute:02}:{second:02}{fraction}"))
}

fn failed(error: &XlsxError, file: &SourceFile) -> SourceError {
    match error {
        XlsxError::Io(inner) => in_io(inner, &file.shown),
        XlsxError::Password => SourceError::new(BAD_ROW, format!("`{}` heeft een wachtwoord", file.shown))
            .help("bewaar een kopie zonder wachtwoord, op een plek waar alleen u bij kunt"),
        _ => SourceError::new(DAMAGED, format!("`{}` is niet als rekenblad (xlsx) te lezen", file.shown))
            .help("open het in uw rekenprogramma en bewaar het opnieuw als .xlsx"),
    }
}
