//! CSV and its kin, row by row. Knows the shape of the text only; values are the affair of `rows.rs`.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use super::Encoding;
use super::decode;
use super::error::{BAD_ROW, DAMAGED, NO_COLUMN, SourceError, in_io, missing_column};
use super::files::SourceFile;
use super::rows::Builder;
use super::text::{Fault, Rows, TextScan};

/// Where the cells of a column come from.
enum Place {
    Cell(usize),
    /// From a `sleutel=waarde` folder.
    Fixed(String),
    Nowhere,
}

/// One file being read.
pub struct Delimited {
    reader: csv::Reader<Box<dyn Read + Send>>,
    record: ByteRecord,
    places: Vec<Place>,
    width: usize,
}

impl Delimited {
    /// Opens `file` and finds the columns of `scan` in its header line.
    ///
    /// # Errors
    /// A file without header line, a missing or doubled column, or a failure to read.
    pub fn open(file: &SourceFile, scan: &TextScan) -> Result<Self, SourceError> {
        let separator = match scan.separator {
            Some(separator) => separator,
            None => detect(file, scan.encoding)?,
        };
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(decode::open(file, scan.encoding)?);
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record).map_err(|e| failed(&e, file))? {
            return Err(SourceError::new(DAMAGED, format!("`{}` is leeg: er is geen kopregel", file.shown)));
        }
        let mut names = Vec::with_capacity(record.len());
        for cell in &record {
            names.push(std::str::from_utf8(cell).map_err(|_| decode::malformed(&file.shown, Some(1)))?.trim());
        }
        let mut places = Vec::with_capacity(scan.wishes.len());
        for wish in scan.wishes.iter() {
            let Some(physical) = &wish.physical else {
                places.push(Place::Nowhere);
                continue;
            };
            let mut here = names.iter().enumerate().filter(|(_, name)| *name == physical).map(|(i, _)| i);
            let key = file.keys.iter().find(|(name, _)| name == physical);
            places.push(match (here.next(), key) {
                (Some(index), _) => Place::Cell(index),
                (None, Some((_, value))) => Place::Fixed(value.clone()),
                (None, None) => {
                    return Err(missing_column(physical, &wish.name, &scan.table, &file.shown, &names));
                }
            });
            if here.next().is_some() {
                let text = format!("`{}` heeft meer dan één kolom `{physical}`", file.shown);
                return Err(
                    SourceError::new(NO_COLUMN, text).help("geef de kolommen in het bestand verschillende namen")
                );
            }
        }
        let width = names.len();
        Ok(Self { reader, record, places, width })
    }
}

impl Rows for Delimited {
    fn next(&mut self, builder: &mut Builder, file: &SourceFile, scan: &TextScan) -> Result<bool, SourceError> {
        if !self.reader.read_byte_record(&mut self.record).map_err(|e| failed(&e, file))? {
            return Ok(false);
        }
        let start = || self.record.position().map_or(0, csv::Position::byte);
        let line = || decode::line_at(file, scan.encoding, start());
        if self.record.len() != self.width {
            let text = format!(
                "`{}`, regel {}: {} cellen, de kopregel heeft er {}",
                file.shown,
                line(),
                self.record.len(),
                self.width
            );
            let help = "een scheidingsteken of een nieuwe regel binnen een cel hoort tussen dubbele aanhalingstekens";
            return Err(SourceError::new(BAD_ROW, text).help(help));
        }
        for (index, place) in self.places.iter().enumerate() {
            let text = match place {
                Place::Nowhere => "",
                Place::Fixed(text) => text,
                Place::Cell(at) => std::str::from_utf8(self.record.get(*at).unwrap_or_default())
                    .map_err(|_| decode::malformed(&file.shown, Some(line())))?,
            };
            if !builder.text(index, text) {
                return Err(Fault { line: line(), index, value: text }.word(file, scan));
            }
        }
        builder.end_row();
        Ok(true)
    }
}

fn failed(error: &csv::Error, file: &SourceFile) -> SourceError {
    match error.kind() {
        csv::ErrorKind::Io(inner) => in_io(inner, &file.shown),
        _ => SourceError::new(BAD_ROW, format!("`{}` is niet als csv te lezen", file.shown)),
    }
}

/// The separator that the first line has most of: `;`, tab or comma, outside quotes; `;` when it has none.
///
/// # Errors
/// When the file cannot be read.
pub fn detect(file: &SourceFile, encoding: Encoding) -> Result<u8, SourceError> {
    const CANDIDATES: [u8; 3] = *b";\t,";
    let mut reader = decode::open(file, encoding)?;
    let mut counts = [0_usize; 3];
    let mut quoted = false;
    let mut buffer = [0_u8; 4096];
    // a first line of a mebibyte is no header line
    'file: for _ in 0..256 {
        let count = reader.read(&mut buffer).map_err(|e| in_io(&e, &file.shown))?;
        if count == 0 {
            break;
        }
        for &byte in buffer.get(..count).unwrap_or_default() {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' | b'\r' if !quoted && counts != [0; 3] => break 'file,
                _ if quoted => {}
                _ => {
                    if let Some(at) = CANDIDATES.iter().position(|&c| c == byte)
                        && let Some(count) = counts.get_mut(at)
                    {
                        *count += 1;
                    }
                }
            }
        }
    }
    let best = CANDIDATES.iter().zip(counts).rev().max_by_key(|&(_, count)| count);
    Ok(best.map_or(b';', |(&separator, _)| separator))
}
