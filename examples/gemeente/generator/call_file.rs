//! Calls as Parquet: naive local microseconds, dictionary and delta encoding, fixed writer properties, so that the same
//! calls give the same bytes.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use chrono::NaiveDateTime;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;

use crate::calls::Call;

const MOMENTS: [&str; 4] = ["binnenkomst", "laatste_keuze", "opgenomen", "beeindigd"];

/// Writes calls to one file; the first of them has number `first`.
pub fn write(path: &Path, calls: &[Call], first: usize) -> Result<(), Box<dyn Error>> {
    let batch = batch(calls, first)?;
    let mut properties = WriterProperties::builder()
        .set_created_by("gemeente-data".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(9)?))
        .set_max_row_group_row_count(Some(10_000))
        .set_column_dictionary_enabled(ColumnPath::from("gesprek_id"), false)
        .set_column_encoding(ColumnPath::from("gesprek_id"), Encoding::DELTA_BYTE_ARRAY);
    for name in MOMENTS {
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(name), false)
            .set_column_encoding(ColumnPath::from(name), Encoding::DELTA_BINARY_PACKED);
    }
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties.build()))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}

fn batch(calls: &[Call], first: usize) -> Result<RecordBatch, Box<dyn Error>> {
    let ids: Vec<String> = (first..).take(calls.len()).map(|n| format!("g{n:06}")).collect();
    let moments = |of: fn(&Call) -> Option<NaiveDateTime>| -> ArrayRef {
        let micros = calls.iter().map(|c| of(c).map(|m| m.and_utc().timestamp_micros()));
        Arc::new(micros.collect::<TimestampMicrosecondArray>())
    };
    let texts = |of: fn(&Call) -> Option<&str>| -> ArrayRef { Arc::new(calls.iter().map(of).collect::<StringArray>()) };
    let flags =
        |of: fn(&Call) -> bool| -> ArrayRef { Arc::new(calls.iter().map(|c| Some(of(c))).collect::<BooleanArray>()) };
    let numbers = |of: fn(&Call) -> Option<i32>| -> ArrayRef { Arc::new(calls.iter().map(of).collect::<Int32Array>()) };
    let columns: Vec<(&str, ArrayRef, bool)> = vec![
        ("gesprek_id", Arc::new(StringArray::from(ids)), false),
        ("beller", texts(|c| c.caller.as_deref()), true),
        ("nummer", texts(|c| Some(c.number)), false),
        ("extern", flags(|c| c.external), false),
        ("richting", texts(|c| Some(c.direction)), false),
        ("binnenkomst", moments(|c| Some(c.arrived)), false),
        ("laatste_keuze", moments(|c| c.last_choice), true),
        ("opgenomen", moments(|c| c.answered), true),
        ("beeindigd", moments(|c| Some(c.ended)), false),
        ("nawerk", numbers(|c| c.wrap_up), true),
        ("uitkomst", texts(|c| Some(c.outcome)), false),
        ("terugval", texts(|c| Some(c.fallback)), false),
        ("team", texts(|c| c.team), true),
        ("onderwerp", texts(|c| c.subject), true),
        ("doorverbindingen", numbers(|c| Some(c.transfers)), false),
        ("terugbelnotitie", flags(|c| c.callback), false),
    ];
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}
