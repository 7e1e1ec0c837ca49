//! Calls, tickets and products as Parquet: naive local microseconds, dictionary and delta encoding, fixed writer properties, so
//! that the same rows give the same bytes.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Date32Type};
use chrono::NaiveDateTime;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;

use crate::calls::Call;
use crate::counter::{Product, Ticket};

/// Name, values, and whether a value may be missing.
type Column<'a> = (&'a str, ArrayRef, bool);

/// Writes calls to one file; the first of them has number `first`.
pub fn write_calls(path: &Path, calls: &[Call], first: usize) -> Result<(), Box<dyn Error>> {
    write(path, call_columns(calls, first), "gesprek_id")
}

/// Writes tickets to one file.
pub fn write_tickets(path: &Path, tickets: &[Ticket]) -> Result<(), Box<dyn Error>> {
    write(path, ticket_columns(tickets), "volgnummer")
}

/// Writes what was ordered and handed over to one file; fees are amounts with two decimals.
pub fn write_products(path: &Path, products: &[Product]) -> Result<(), Box<dyn Error>> {
    write(path, product_columns(products)?, "volgnummer")
}

/// Moments as differences; the key, whose values are all different, by their common beginning.
fn write(path: &Path, columns: Vec<Column>, key: &str) -> Result<(), Box<dyn Error>> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
    let mut properties = WriterProperties::builder()
        .set_created_by("gemeente-data".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(9)?))
        .set_max_row_group_row_count(Some(10_000))
        .set_column_dictionary_enabled(ColumnPath::from(key), false)
        .set_column_encoding(ColumnPath::from(key), Encoding::DELTA_BYTE_ARRAY);
    for field in batch.schema().fields().iter().filter(|f| matches!(f.data_type(), DataType::Timestamp(..))) {
        let name = field.name().as_str();
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(name), false)
            .set_column_encoding(ColumnPath::from(name), Encoding::DELTA_BINARY_PACKED);
    }
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties.build()))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}

/// One column of moments, texts, flags or numbers.
fn moments<T>(rows: &[T], of: fn(&T) -> Option<NaiveDateTime>) -> ArrayRef {
    let micros = rows.iter().map(|row| of(row).map(|m| m.and_utc().timestamp_micros()));
    Arc::new(micros.collect::<TimestampMicrosecondArray>())
}

fn texts<T>(rows: &[T], of: fn(&T) -> Option<&str>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<StringArray>())
}

fn flags<T>(rows: &[T], of: fn(&T) -> Option<bool>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<BooleanArray>())
}

fn numbers<T>(rows: &[T], of: fn(&T) -> Option<i32>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<Int32Array>())
}

fn call_columns(calls: &[Call], first: usize) -> Vec<Column<'static>> {
    let ids: Vec<String> = (first..).take(calls.len()).map(|n| format!("g{n:06}")).collect();
    vec![
        ("gesprek_id", Arc::new(StringArray::from(ids)), false),
        ("beller", texts(calls, |c| c.caller.as_deref()), true),
        ("nummer", texts(calls, |c| Some(c.number)), false),
        ("extern", flags(calls, |c| Some(c.external)), false),
        ("richting", texts(calls, |c| Some(c.direction)), false),
        ("binnenkomst", moments(calls, |c| Some(c.arrived)), false),
        ("laatste_keuze", moments(calls, |c| c.last_choice), true),
        ("opgenomen", moments(calls, |c| c.answered), true),
        ("beeindigd", moments(calls, |c| Some(c.ended)), false),
        ("nawerk", numbers(calls, |c| c.wrap_up), true),
        ("uitkomst", texts(calls, |c| Some(c.outcome)), false),
        ("terugval", texts(calls, |c| Some(c.fallback)), false),
        ("team", texts(calls, |c| c.team), true),
        ("onderwerp", texts(calls, |c| c.subject), true),
        ("doorverbindingen", numbers(calls, |c| Some(c.transfers)), false),
        ("terugbelnotitie", flags(calls, |c| Some(c.callback)), false),
        ("wacht_na_opname", numbers(calls, |c| c.held), true),
        ("calamiteit", flags(calls, |c| c.calamity), true),
    ]
}

fn ticket_columns(tickets: &[Ticket]) -> Vec<Column<'static>> {
    vec![
        ("volgnummer", texts(tickets, |t| Some(&t.id)), false),
        ("locatie", texts(tickets, |t| Some(t.location)), false),
        ("domein", texts(tickets, |t| Some(t.domain)), false),
        ("soort", texts(tickets, |t| Some(if t.by_appointment { "afspraak" } else { "inloop" })), false),
        ("afspraak", moments(tickets, |t| t.appointment), true),
        ("afgifte", moments(tickets, |t| Some(t.issued)), false),
        ("oproep", moments(tickets, |t| t.called), true),
        ("start", moments(tickets, |t| t.started), true),
        ("eind", moments(tickets, |t| t.ended), true),
        ("nawerk_eind", moments(tickets, |t| t.wrapped_up), true),
    ]
}

fn product_columns(products: &[Product]) -> Result<Vec<Column<'static>>, Box<dyn Error>> {
    let lines = (1..).take(products.len()).collect::<Int32Array>();
    let fees = products.iter().map(|p| p.fee.map(i128::from)).collect::<Decimal128Array>();
    let days = products.iter().map(|p| Some(Date32Type::from_naive_date(p.day))).collect::<Date32Array>();
    Ok(vec![
        ("regel", Arc::new(lines), false),
        ("volgnummer", texts(products, |p| Some(&p.ticket)), false),
        ("product", texts(products, |p| Some(p.name)), false),
        ("handeling", texts(products, |p| Some(if p.ordered { "besteld" } else { "verstrekt" })), false),
        ("aantal", numbers(products, |p| Some(p.count as i32)), false),
        ("leges", Arc::new(fees.with_precision_and_scale(9, 2)?), true),
        ("datum", Arc::new(days), false),
    ])
}
