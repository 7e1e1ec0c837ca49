//! Columns of the streams as Parquet: days and naive local milliseconds, small encodings, fixed writer properties, so that
//! the same rows give the same bytes.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Int32Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow::datatypes::DataType;
use chrono::{NaiveDate, NaiveDateTime};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;

use crate::year::day;

/// A column: its name, and its cells.
pub type Column = (&'static str, ArrayRef);

pub fn texts<T: AsRef<str>>(cells: impl Iterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(cells.collect::<StringArray>())
}

pub fn moments(cells: impl Iterator<Item = Option<NaiveDateTime>>) -> ArrayRef {
    Arc::new(cells.map(|m| m.map(|m| m.and_utc().timestamp_millis())).collect::<TimestampMillisecondArray>())
}

pub fn dates(cells: impl Iterator<Item = Option<NaiveDate>>) -> ArrayRef {
    let since = day(1970, 1, 1);
    Arc::new(cells.map(|d| d.map(|d| (d - since).num_days() as i32)).collect::<Date32Array>())
}

pub fn numbers(cells: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    Arc::new(cells.collect::<Int32Array>())
}

pub fn flags(cells: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(cells.collect::<BooleanArray>())
}

/// Numbers for rows, after a letter: `c00001`, `c00002`, …
pub fn ids(letter: char, count: usize) -> ArrayRef {
    texts((1..=count).map(|n| Some(format!("{letter}{n:05}"))))
}

/// Writes a table; `sorted` names the columns of texts that rise from row to row.
pub fn write(path: &Path, columns: Vec<Column>, sorted: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut properties = WriterProperties::builder()
        .set_created_by("gemeente-data".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(15)?))
        .set_max_row_group_row_count(Some(20_000));
    let mut plain = |name: &str, encoding| {
        let path = ColumnPath::from(name);
        let builder = std::mem::take(&mut properties);
        properties = builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding);
    };
    for (name, cells) in &columns {
        if sorted.contains(name) {
            plain(name, Encoding::DELTA_BYTE_ARRAY);
        } else if matches!(cells.data_type(), DataType::Timestamp(..)) {
            plain(name, Encoding::DELTA_BINARY_PACKED);
        }
    }
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, cells)| {
        let nullable = cells.null_count() > 0;
        (name, cells, nullable)
    }))?;
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties.build()))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}
