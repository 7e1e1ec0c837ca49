//! JSON lines: one object per line. Knows the shape of the text only; values are the affair of `rows.rs`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};

use serde_json::Value;

use super::decode;
use super::error::{BAD_ROW, SourceError, in_io, missing_column};
use super::files::SourceFile;
use super::rows::Builder;
use super::text::{Fault, Rows, TextScan};
use crate::diagnostic::suggest::nearest;

/// Lines that are looked at to find a misspelled column.
const SAMPLE: usize = 1000;

/// One file being read.
pub struct JsonLines {
    reader: BufReader<Box<dyn Read + Send>>,
    buffer: Vec<u8>,
    line: u64,
}

impl JsonLines {
    /// Opens `file`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(file: &SourceFile, scan: &TextScan) -> Result<Self, SourceError> {
        let reader = BufReader::with_capacity(64 * 1024, decode::open(file, scan.encoding)?);
        Ok(Self { reader, buffer: Vec::new(), line: 0 })
    }

    /// Holds the columns of `scan` against the first lines of `file`. A key may be missing from any line, so only a
    /// column that may not be empty or that looks like a misspelling of a key that does occur is a fault.
    ///
    /// # Errors
    /// A missing column, a line that is no object, or a failure to read.
    pub fn check(file: &SourceFile, scan: &TextScan) -> Result<(), SourceError> {
        let mut reader = Self::open(file, scan)?;
        let mut missing: Vec<_> = scan.wishes.iter().filter_map(|w| w.physical.as_ref().map(|p| (w, p))).collect();
        missing.retain(|(_, physical)| file.keys.iter().all(|(key, _)| key != *physical));
        let mut keys = BTreeSet::new();
        for _ in 0..SAMPLE {
            let Some(object) = reader.object(file)? else { break };
            missing.retain(|(_, physical)| lookup(&object, physical).is_none());
            if let Value::Object(map) = object {
                keys.extend(map.into_iter().map(|(key, _)| key));
            }
        }
        let names: Vec<&str> = keys.iter().map(String::as_str).collect();
        let known: BTreeSet<&str> = scan.wishes.iter().filter_map(|w| w.physical.as_deref()).collect();
        let free = || names.iter().copied().filter(|name| !known.contains(name));
        let fault = missing.iter().find(|(w, physical)| !w.nullable || nearest(physical, free()).is_some());
        match fault {
            Some((wish, physical)) if !names.is_empty() => {
                Err(missing_column(physical, &wish.name, &scan.table, &file.shown, &names))
            }
            _ => Ok(()),
        }
    }

    /// The next line that is not blank, as an object.
    fn object(&mut self, file: &SourceFile) -> Result<Option<Value>, SourceError> {
        loop {
            self.buffer.clear();
            let count = self.reader.read_until(b'\n', &mut self.buffer).map_err(|e| in_io(&e, &file.shown))?;
            if count == 0 {
                return Ok(None);
            }
            self.line += 1;
            if self.buffer.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if std::str::from_utf8(&self.buffer).is_err() {
                return Err(decode::malformed(&file.shown, Some(self.line)));
            }
            return match serde_json::from_slice(&self.buffer) {
                Ok(object @ Value::Object(_)) => Ok(Some(object)),
                _ => Err(self.no_object(file)),
            };
        }
    }

    fn no_object(&self, file: &SourceFile) -> SourceError {
        let text = format!("`{}`, regel {}: geen volledig JSON-object", file.shown, self.line);
        let error = SourceError::new(BAD_ROW, text).help("verwacht wordt één JSON-object per regel");
        if self.line == 1 && self.buffer.trim_ascii_start().starts_with(b"[") {
            return error.help("het bestand is één lijst; maak er regels van, bijvoorbeeld met `jq -c '.[]'`");
        }
        error
    }
}

impl Rows for JsonLines {
    fn next(&mut self, builder: &mut Builder, file: &SourceFile, scan: &TextScan) -> Result<bool, SourceError> {
        let Some(object) = self.object(file)? else { return Ok(false) };
        for (index, wish) in scan.wishes.iter().enumerate() {
            let Some(physical) = &wish.physical else {
                builder.empty(index);
                continue;
            };
            let value = lookup(&object, physical);
            let fits = match (value, file.keys.iter().find(|(key, _)| key == physical)) {
                (None, Some((_, key))) => builder.text(index, key),
                (value, _) => builder.json(index, value),
            };
            if !fits {
                let text = match value {
                    Some(Value::String(text)) => text.clone(),
                    Some(value) => value.to_string(),
                    None => String::new(),
                };
                return Err(Fault { line: self.line, index, value: &text }.word(file, scan));
            }
        }
        builder.end_row();
        Ok(true)
    }
}

/// The value of a key, or of a path `a.b` through objects.
fn lookup<'v>(object: &'v Value, physical: &str) -> Option<&'v Value> {
    object.get(physical).or_else(|| {
        let (first, rest) = physical.split_once('.')?;
        lookup(object.get(first)?, rest)
    })
}
