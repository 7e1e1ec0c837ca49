//! A store of results: one Parquet file that runs add to. A run replaces the rows of the same KPI, version and period
//! and leaves the others; the file is read, put together in memory and written as a whole by the caller's `write`, so that
//! a killed run leaves it as it was. Runs that add at the same time wait for each other.
//!
//! `table` makes the columns. This module knows no verdicts: what a row says is for others.

mod table;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, UInt64Array};
use arrow::compute::{
    CastOptions, SortColumn, cast_with_options, concat_batches, filter_record_batch, lexsort_to_indices,
    take_record_batch,
};
use arrow::datatypes::{Date32Type, Schema};
use arrow::error::ArrowError;
use chrono::NaiveDate;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

use crate::diagnostic::Diagnostic;

/// A file that is no store of results.
const NO_STORE: &str = "ML710";
/// The file of a store that is named by its folder.
const FILE: &str = "uitkomsten.parquet";

/// A result row as it is stored; fields in the order of the contract (taal.md 8).
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    pub kpi: &'a str,
    pub title: &'a str,
    pub version: Option<NaiveDate>,
    pub period: &'a str,
    pub period_from: NaiveDate,
    /// Exclusive.
    pub period_until: NaiveDate,
    /// Names with the labels of members.
    pub dimensions: Vec<(&'a str, String)>,
    pub value: Option<f64>,
    pub unit: &'a str,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub n: Option<u64>,
    pub n_empty: Option<u64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub norm: Option<&'a str>,
    pub norm_kind: &'a str,
    pub distance: Option<f64>,
    pub status: &'a str,
    /// Marks with their reasons.
    pub marks: Vec<(&'a str, &'a str)>,
    pub series_break: bool,
    pub definition_hash: &'a str,
    pub input_hash: Option<&'a str>,
}

/// Why nothing was added.
#[derive(Clone, Debug)]
pub enum Refused {
    /// What stands there is not a store, or cannot be read.
    NoStore(Box<Diagnostic>),
    /// A sentence for the user: there is no right to write, or the like.
    Unwritten(String),
}

/// The file of a store: the path itself, or the usual file in a folder.
#[must_use]
pub fn file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(FILE) } else { path.to_owned() }
}

/// Adds the rows to the store at `path`, which is made when it is not there. `write` puts the bytes in the place of the
/// file as a whole, or fails with a sentence for the user.
///
/// # Errors
/// When the file is not a store or cannot be written; it is then as it was.
pub fn add(
    path: &Path,
    records: &[Record<'_>],
    write: impl FnOnce(&[u8]) -> Result<(), String>,
) -> Result<(), Refused> {
    // Where a link stands, the store is behind it.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // Held until the end of this function; a killed run lets go of it too.
    let held = lock(&path);
    let no_store = |why: &str| Refused::NoStore(Box::new(no_store(&path, why)));
    let old = match File::open(&path) {
        Ok(file) => Some(read(file).map_err(|why| no_store(&why))?),
        Err(e) if e.kind() == ErrorKind::NotFound => None,
        Err(e) if e.kind() == ErrorKind::PermissionDenied => return Err(no_store("het mag niet gelezen worden")),
        Err(_) => return Err(no_store("het is niet te lezen")),
    };
    let bytes = merged(old, records).map_err(|e| no_store(&format!("het is niet aan te vullen: {e}")))?;
    if held.is_some() {
        clear(&path);
    }
    write(&bytes).map_err(Refused::Unwritten)
}

fn no_store(path: &Path, why: &str) -> Diagnostic {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Diagnostic::error(NO_STORE, format!("`{name}` kan geen uitkomsten krijgen: {why}"))
        .help("noem met --output een bestand dat er nog niet is, of een verzameling van `--format parquet`")
}

/// Waits for other runs that add to this store. Where the file system knows no locks, the last run wins, and its file is
/// whole.
fn lock(path: &Path) -> Option<File> {
    let name = beside(path, ".", ".slot")?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(name).ok()?;
    file.lock().ok()?;
    Some(file)
}

fn beside(path: &Path, before: &str, after: &str) -> Option<PathBuf> {
    let mut name = OsString::from(before);
    name.push(path.file_name()?);
    name.push(after);
    Some(path.with_file_name(name))
}

/// Takes away what killed runs left: `NAME.123.deel`. Only the holder of the lock writes such a file.
fn clear(path: &Path) {
    let (Some(name), Some(folder)) = (path.file_name(), path.parent()) else { return };
    let start = format!("{}.", name.to_string_lossy());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let other = entry.file_name();
        let middle = other.to_str().and_then(|n| n.strip_prefix(&start)?.strip_suffix(".deel"));
        if middle.is_some_and(|m| !m.is_empty() && m.bytes().all(|b| b.is_ascii_digit())) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The rows of a store, or in words why it is none. Another program may have written it, as long as the columns are those.
fn read(file: File) -> Result<RecordBatch, String> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_| "het is geen Parquet-bestand".to_owned())?;
    let ours = Arc::new(table::schema());
    let found = Arc::clone(builder.schema());
    if let Some(why) = difference(&found, &ours) {
        return Err(format!("het is geen verzameling van uitkomsten ({why})"));
    }
    let damaged = |_| "het bestand is beschadigd".to_owned();
    let reader = builder.build().map_err(|_| "het bestand is beschadigd".to_owned())?;
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, ArrowError>>().map_err(damaged)?;
    let all = concat_batches(&found, &batches).map_err(damaged)?;
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    let columns = all.columns().iter().zip(ours.fields());
    let cast = columns.map(|(column, field)| cast_with_options(column, field.data_type(), &strict));
    let columns = cast.collect::<Result<Vec<_>, _>>().map_err(|_| "een kolom heeft een ander type".to_owned())?;
    RecordBatch::try_new(ours, columns).map_err(|_| "een kolom die gevuld moet zijn, is leeg".to_owned())
}

fn difference(found: &Schema, ours: &Schema) -> Option<String> {
    let names = |schema: &Schema| schema.fields().iter().map(|f| f.name().clone()).collect::<Vec<_>>();
    let (found, ours) = (names(found), names(ours));
    if let Some(missing) = ours.iter().find(|name| !found.contains(name)) {
        return Some(format!("kolom `{missing}` ontbreekt"));
    }
    if let Some(other) = found.iter().find(|name| !ours.contains(name)) {
        return Some(format!("kolom `{other}` hoort er niet bij"));
    }
    (found != ours).then(|| "de kolommen staan in een andere volgorde".to_owned())
}

/// The old rows without those that are replaced, and the new, as Parquet. The order is that of KPI, version and period,
/// and within those as given: it does not depend on which runs came first.
fn merged(old: Option<RecordBatch>, records: &[Record<'_>]) -> Result<Vec<u8>, ArrowError> {
    let schema = Arc::new(table::schema());
    let new = table::batch(records)?;
    let mut parts = Vec::new();
    if let Some(old) = old {
        parts.push(filter_record_batch(&old, &kept(&old, records))?);
    }
    parts.push(new);
    let all = concat_batches(&schema, &parts)?;
    write(&sorted(&all)?)
}

/// Which rows are of another KPI, version or period than the new ones.
fn kept(old: &RecordBatch, records: &[Record<'_>]) -> BooleanArray {
    let day = |d: NaiveDate| crate::calendar::day_number(d);
    let replaced: BTreeSet<(&str, Option<i32>, &str)> =
        records.iter().map(|r| (r.kpi, r.version.map(day), r.period)).collect();
    let (kpi, period) = (old.column(table::KPI).as_string::<i32>(), old.column(table::PERIOD).as_string::<i32>());
    let version = old.column(table::VERSION).as_primitive::<Date32Type>();
    let key = |i| (kpi.value(i), version.is_valid(i).then(|| version.value(i)), period.value(i));
    (0..old.num_rows()).map(|i| Some(!replaced.contains(&key(i)))).collect()
}

fn sorted(all: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let by = |i: usize| SortColumn { values: Arc::clone(all.column(i)), options: None };
    let mut keys: Vec<SortColumn> =
        [table::KPI, table::VERSION, table::PERIOD_FROM, table::PERIOD].into_iter().map(by).collect();
    // Rows that are equal so far stay as they are.
    let places = UInt64Array::from_iter_values(0..all.num_rows() as u64);
    keys.push(SortColumn { values: Arc::new(places), options: None });
    take_record_batch(all, &lexsort_to_indices(&keys, None)?)
}

fn write(rows: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, rows.schema(), Some(properties))?;
    writer.write(rows)?;
    writer.close()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
