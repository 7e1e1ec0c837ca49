//! The rows of a source as they are: cells by column, before any definition says what they mean. Reads one file after the
//! other, in order of path; may be visited more than once.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use calamine::{Data, ExcelDateTime, Range};
use chrono::NaiveDate;
use csv::{ByteRecord, ReaderBuilder};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value as Json;

use super::super::source::error::{BAD_ROW, DAMAGED, READ_FAILED, in_io};
use super::super::source::files::{Located, SourceFile, locate};
use super::super::source::{Connection, Encoding, Format, SourceError, decode, delimited, workbook};
use super::guess::Written;
use super::profile::Cell;
use crate::calendar::{HOUR, SECOND, day_number};

/// Objects of JSON lines that are looked at to find the columns.
const SAMPLE: usize = 10_000;

/// A source, opened.
#[derive(Debug)]
pub struct Source {
    located: Located,
    encoding: Encoding,
    separator: u8,
    sheet: Option<String>,
    columns: Vec<String>,
    remarks: Vec<String>,
    /// What the reader found out about the writing, for the settings.
    settings: Vec<(&'static str, String)>,
}

/// What is done with each row: its cells, in the order of the columns.
type Visit<'v> = &'v mut dyn FnMut(&[Cell<'_>]);

impl Source {
    /// Finds the files of a path and the columns in them.
    ///
    /// # Errors
    /// What is not there, damaged, empty or of an unknown format.
    pub fn open(path: &str, connection: &Connection) -> Result<Self, SourceError> {
        let located = locate(path, connection)?;
        let mut source = Self {
            located,
            encoding: connection.encoding,
            separator: b',',
            sheet: connection.sheet.clone(),
            columns: Vec::new(),
            remarks: Vec::new(),
            settings: Vec::new(),
        };
        let Some(first) = source.located.files.first().cloned() else {
            return Err(SourceError::new(DAMAGED, format!("`{path}` is leeg")));
        };
        if matches!(source.located.format, Format::Csv | Format::JsonLines) && !is_utf8(&source.located.files)? {
            source.encoding = Encoding::named("windows-1252").unwrap_or_default();
            source.settings.push(("codering", "windows-1252".to_owned()));
        }
        source.columns = match source.located.format {
            Format::Parquet => source.parquet_columns(&first)?,
            Format::Csv => source.delimited_columns(&first, connection.separator)?,
            Format::JsonLines => source.json_columns()?,
            Format::Workbook => source.sheet_columns(&first)?,
        };
        source.columns.extend(first.keys.iter().map(|(name, _)| name.clone()));
        Ok(source)
    }

    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    pub fn settings(&self) -> Vec<(&'static str, String)> {
        self.settings.clone()
    }

    pub fn remarks(&self) -> Vec<String> {
        self.remarks.clone()
    }

    /// How values are written in it.
    pub fn kind(&self) -> Written {
        match self.located.format {
            Format::Parquet => Written::Typed,
            Format::Csv => Written::Text,
            Format::JsonLines | Format::Workbook => Written::Mixed,
        }
    }

    /// Shows every row.
    ///
    /// # Errors
    /// A failure to read.
    pub fn visit(&self, visit: Visit<'_>) -> Result<(), SourceError> {
        for file in &self.located.files {
            match self.located.format {
                Format::Parquet => self.visit_parquet(file, visit)?,
                Format::Csv => self.visit_delimited(file, visit)?,
                Format::JsonLines => self.visit_json(file, visit)?,
                Format::Workbook => self.visit_sheet(file, visit)?,
            }
        }
        Ok(())
    }

    fn parquet_columns(&mut self, file: &SourceFile) -> Result<Vec<String>, SourceError> {
        let schema = parquet(file)?.schema().clone();
        let mut names = Vec::new();
        for field in schema.fields() {
            if field.data_type().is_nested() {
                self.remarks.push(format!(
                    "`{}` is samengesteld ({}) en is weggelaten",
                    field.name(),
                    field.data_type()
                ));
            } else {
                names.push(field.name().clone());
            }
        }
        Ok(names)
    }

    fn visit_parquet(&self, file: &SourceFile, visit: Visit<'_>) -> Result<(), SourceError> {
        let failed = || SourceError::new(READ_FAILED, format!("`{}` is niet te lezen", file.shown));
        let reader = parquet(file)?.with_batch_size(8192).build().map_err(|_| failed())?;
        for batch in reader {
            let batch = batch.map_err(|_| failed())?;
            let own = self.columns.len() - file.keys.len();
            let arrays: Option<Vec<Values>> = self
                .columns
                .iter()
                .take(own)
                .map(|name| batch.column_by_name(name).map_or(Some(Values::Empty), Values::of))
                .collect();
            let arrays = arrays.ok_or_else(failed)?;
            for row in 0..batch.num_rows() {
                let cells: Vec<Cell<'_>> = arrays
                    .iter()
                    .map(|array| array.cell(row))
                    .chain(file.keys.iter().map(|(_, key)| Cell::Text(key)))
                    .collect();
                visit(&cells);
            }
        }
        Ok(())
    }

    fn delimited_columns(&mut self, file: &SourceFile, separator: Option<u8>) -> Result<Vec<String>, SourceError> {
        self.separator = match separator {
            Some(separator) => separator,
            None => delimited::detect(file, self.encoding)?,
        };
        let mut reader = self.reader(file)?;
        let mut record = ByteRecord::new();
        let broken = |_| SourceError::new(READ_FAILED, format!("`{}` is niet als csv te lezen", file.shown));
        if !reader.read_byte_record(&mut record).map_err(broken)? {
            return Err(SourceError::new(DAMAGED, format!("`{}` is leeg: er is geen kopregel", file.shown)));
        }
        let names: Vec<String> = record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        Ok(names)
    }

    fn reader(&self, file: &SourceFile) -> Result<csv::Reader<Box<dyn Read + Send>>, SourceError> {
        let input = decode::open(file, self.encoding)?;
        Ok(ReaderBuilder::new().delimiter(self.separator).has_headers(false).flexible(true).from_reader(input))
    }

    fn visit_delimited(&self, file: &SourceFile, visit: Visit<'_>) -> Result<(), SourceError> {
        let mut reader = self.reader(file)?;
        let mut record = ByteRecord::new();
        let broken = |_| SourceError::new(READ_FAILED, format!("`{}` is niet als csv te lezen", file.shown));
        let own = self.columns.len() - file.keys.len();
        let mut header = true;
        while reader.read_byte_record(&mut record).map_err(broken)? {
            if std::mem::take(&mut header) {
                continue;
            }
            let texts = (0..own).map(|at| std::str::from_utf8(record.get(at).unwrap_or_default()).unwrap_or_default());
            let keys = file.keys.iter().map(|(_, key)| key.as_str());
            let cells: Vec<Cell<'_>> = texts.chain(keys).map(Cell::Text).collect();
            visit(&cells);
        }
        Ok(())
    }

    fn json_columns(&mut self) -> Result<Vec<String>, SourceError> {
        let (mut names, mut odd, mut left) = (Vec::new(), BTreeSet::new(), SAMPLE);
        for file in &self.located.files {
            objects(file, self.encoding, &mut |object| {
                leaves(object, "", &mut names, &mut odd);
                left -= 1;
                left > 0
            })?;
            if left == 0 {
                break;
            }
        }
        self.remarks.extend(odd.iter().map(|name| format!("`{name}` is een lijst en is weggelaten")));
        Ok(names)
    }

    fn visit_json(&self, file: &SourceFile, visit: Visit<'_>) -> Result<(), SourceError> {
        let own = self.columns.len() - file.keys.len();
        objects(file, self.encoding, &mut |object| {
            let values = self.columns.iter().take(own).map(|name| json_cell(lookup(object, name)));
            let cells: Vec<Cell<'_>> = values.chain(file.keys.iter().map(|(_, key)| Cell::Text(key))).collect();
            visit(&cells);
            true
        })
    }

    fn sheet_columns(&mut self, file: &SourceFile) -> Result<Vec<String>, SourceError> {
        let (sheet, cells) = workbook::cells(file, self.sheet.as_deref())?;
        let Some((_, names)) = workbook::header(&cells, &[]) else {
            return Err(SourceError::new(DAMAGED, format!("blad `{sheet}` van `{}` is leeg", file.shown)));
        };
        self.settings.push(("blad", sheet));
        Ok(names.into_iter().map(|(_, name)| name).collect())
    }

    fn visit_sheet(&self, file: &SourceFile, visit: Visit<'_>) -> Result<(), SourceError> {
        let (_, cells) = workbook::cells(file, self.sheet.as_deref())?;
        let Some((header, names)) = workbook::header(&cells, &[]) else { return Ok(()) };
        let end = cells.end().map_or(0, |(row, _)| row + 1);
        for row in (header + 1..end).filter(|row| !workbook::is_blank(&cells, *row)) {
            let own = self.columns.iter().take(self.columns.len() - file.keys.len());
            let place = |name: &String| names.iter().find(|(_, known)| known == name).map(|(column, _)| *column);
            let values = own.map(|name| place(name).map_or(Cell::Empty, |column| sheet_cell(&cells, (row, column))));
            let cells: Vec<Cell<'_>> = values.chain(file.keys.iter().map(|(_, key)| Cell::Text(key))).collect();
            visit(&cells);
        }
        Ok(())
    }
}

fn parquet(file: &SourceFile) -> Result<ParquetRecordBatchReaderBuilder<File>, SourceError> {
    let damaged = || SourceError::new(DAMAGED, format!("`{}` is geen Parquet-bestand of is beschadigd", file.shown));
    let opened = File::open(&file.path).map_err(|e| in_io(&e, &file.shown))?;
    ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|_| damaged())
}

/// An array of Parquet in one of a few forms.
enum Values {
    Empty,
    Text(ArrayRef),
    Int(ArrayRef),
    Float(ArrayRef),
    Decimal(ArrayRef),
    Bool(ArrayRef),
    Day(ArrayRef),
    Moment(ArrayRef),
    Duration(ArrayRef),
}

impl Values {
    fn of(array: &ArrayRef) -> Option<Self> {
        let as_type = |ty: &DataType| cast(array, ty).ok();
        Some(match array.data_type() {
            DataType::Null => Self::Empty,
            DataType::Dictionary(_, values) => return Self::of(&as_type(values)?),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text(as_type(&DataType::Utf8View)?),
            DataType::Boolean => Self::Bool(array.clone()),
            DataType::Date32 | DataType::Date64 => Self::Day(as_type(&DataType::Date32)?),
            DataType::Timestamp(_, zone) => {
                Self::Moment(as_type(&DataType::Timestamp(TimeUnit::Microsecond, zone.clone()))?)
            }
            DataType::Duration(_) => {
                Self::Duration(cast(&as_type(&DataType::Duration(TimeUnit::Microsecond))?, &DataType::Int64).ok()?)
            }
            DataType::Decimal32(_, 0) | DataType::Decimal64(_, 0) | DataType::Decimal128(_, 0) => {
                Self::Int(as_type(&DataType::Int64)?)
            }
            ty if ty.is_decimal() => Self::Decimal(as_type(&DataType::Float64)?),
            ty if ty.is_integer() => Self::Int(as_type(&DataType::Int64)?),
            ty if ty.is_floating() => Self::Float(as_type(&DataType::Float64)?),
            // Times of day, bytes: as text, for a look.
            _ => Self::Text(as_type(&DataType::Utf8View)?),
        })
    }

    fn cell(&self, row: usize) -> Cell<'_> {
        let array = match self {
            Self::Empty => return Cell::Empty,
            Self::Text(a)
            | Self::Int(a)
            | Self::Float(a)
            | Self::Decimal(a)
            | Self::Bool(a)
            | Self::Day(a)
            | Self::Moment(a)
            | Self::Duration(a) => a,
        };
        if array.is_null(row) {
            return Cell::Empty;
        }
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(a) => Cell::Text(a.as_string_view().value(row)),
            Self::Int(a) => Cell::Int(a.as_primitive::<Int64Type>().value(row)),
            Self::Float(a) => Cell::Float(a.as_primitive::<Float64Type>().value(row)),
            Self::Decimal(a) => Cell::Decimal(a.as_primitive::<Float64Type>().value(row)),
            Self::Bool(a) => Cell::Bool(a.as_boolean().value(row)),
            Self::Day(a) => Cell::Day(a.as_primitive::<Date32Type>().value(row).into()),
            Self::Moment(a) => Cell::Moment(a.as_primitive::<TimestampMicrosecondType>().value(row)),
            Self::Duration(a) => Cell::Duration(a.as_primitive::<Int64Type>().value(row)),
        }
    }
}

/// Whether the text of all files is UTF-8 (or says of itself what it is).
fn is_utf8(files: &[SourceFile]) -> Result<bool, SourceError> {
    for file in files {
        let mut input = BufReader::with_capacity(64 * 1024, decode::open(file, Encoding::default())?);
        let mut line = Vec::new();
        loop {
            line.clear();
            let count = input.read_until(b'\n', &mut line).map_err(|e| in_io(&e, &file.shown))?;
            if count == 0 {
                break;
            }
            if std::str::from_utf8(&line).is_err() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Shows each object of a file, until `visit` says no.
fn objects(file: &SourceFile, encoding: Encoding, visit: &mut dyn FnMut(&Json) -> bool) -> Result<(), SourceError> {
    let mut input = BufReader::with_capacity(64 * 1024, decode::open(file, encoding)?);
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        number += 1;
        let count = input.read_until(b'\n', &mut line).map_err(|e| in_io(&e, &file.shown))?;
        if count == 0 {
            return Ok(());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let Ok(object @ Json::Object(_)) = serde_json::from_slice(&line) else {
            let text = format!("`{}`, regel {number}: geen volledig JSON-object", file.shown);
            return Err(SourceError::new(BAD_ROW, text).help("verwacht wordt één JSON-object per regel"));
        };
        if !visit(&object) {
            return Ok(());
        }
    }
}

/// The paths of the plain values in an object, in the order in which they first occur.
fn leaves(value: &Json, path: &str, names: &mut Vec<String>, odd: &mut BTreeSet<String>) {
    match value {
        Json::Object(map) => {
            for (key, inner) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                leaves(inner, &path, names, odd);
            }
        }
        Json::Array(_) => {
            odd.insert(path.to_owned());
        }
        _ if names.iter().any(|known| known == path) => {}
        _ => names.push(path.to_owned()),
    }
}

fn lookup<'v>(object: &'v Json, path: &str) -> Option<&'v Json> {
    object.get(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        lookup(object.get(first)?, rest)
    })
}

fn json_cell(value: Option<&Json>) -> Cell<'_> {
    match value {
        None | Some(Json::Null | Json::Array(_) | Json::Object(_)) => Cell::Empty,
        Some(Json::Bool(truth)) => Cell::Bool(*truth),
        Some(Json::String(text)) => Cell::Text(text),
        Some(Json::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(n), _) => Cell::Int(n),
            (None, Some(x)) => Cell::Float(x),
            (None, None) => Cell::Empty,
        },
    }
}

fn sheet_cell(cells: &Range<Data>, at: (u32, u32)) -> Cell<'_> {
    match cells.get_value(at) {
        None | Some(Data::Empty | Data::Error(_)) => Cell::Empty,
        Some(Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text)) => Cell::Text(text),
        Some(Data::Bool(truth)) => Cell::Bool(*truth),
        Some(Data::Int(n)) => Cell::Int(*n),
        #[expect(clippy::cast_possible_truncation, reason = "whole and small enough")]
        Some(Data::Float(x)) if x.fract() == 0.0 && x.abs() < 9e15 => Cell::Int(*x as i64),
        Some(Data::Float(x)) => Cell::Float(*x),
        Some(Data::DateTime(moment)) if moment.is_duration() =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "µs of what fits in a sheet")]
            Cell::Duration((moment.as_f64() * 86_400_000_000.0).round() as i64)
        }
        Some(Data::DateTime(moment)) => moment_of(moment),
    }
}

/// A day or a moment, as the sheet shows it.
fn moment_of(value: &ExcelDateTime) -> Cell<'static> {
    let (year, month, day, hour, minute, second, millis) = value.to_ymd_hms_milli();
    let Some(date) = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()) else { return Cell::Empty };
    let day = i64::from(day_number(date));
    let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    let micros = seconds * SECOND + i64::from(millis) * 1000;
    if micros == 0 { Cell::Day(day) } else { Cell::Moment(day * 24 * HOUR + micros) }
}
