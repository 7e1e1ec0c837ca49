//! The columns of a store: those of the contract in their order, typed. Dimensions are a map, because KPIs have different
//! ones and the columns of a store do not change; marks are a list.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, ListBuilder, MapBuilder, MapFieldNames, RecordBatch,
    StringArray, StringBuilder, StructBuilder, UInt64Array,
};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema};
use arrow::error::ArrowError;
use chrono::NaiveDate;

use super::Record;
use crate::calendar::day_number;

/// Places of the columns by which rows are found and put in order.
pub const KPI: usize = 0;
pub const VERSION: usize = 2;
pub const PERIOD: usize = 3;
pub const PERIOD_FROM: usize = 4;

/// The columns; what may be missing is nullable.
pub fn schema() -> Schema {
    let filled = |name: &str, kind: DataType| Field::new(name, kind, false);
    let maybe = |name: &str, kind: DataType| Field::new(name, kind, true);
    Schema::new(vec![
        filled("kpi", DataType::Utf8),
        filled("titel", DataType::Utf8),
        maybe("versie", DataType::Date32),
        filled("periode", DataType::Utf8),
        filled("periode_van", DataType::Date32),
        filled("periode_tot", DataType::Date32),
        filled("dimensies", DataType::Map(entries(), false)),
        maybe("waarde", DataType::Float64),
        filled("eenheid", DataType::Utf8),
        maybe("teller", DataType::Float64),
        maybe("noemer", DataType::Float64),
        maybe("n", DataType::UInt64),
        maybe("n_leeg", DataType::UInt64),
        maybe("ondergrens", DataType::Float64),
        maybe("bovengrens", DataType::Float64),
        maybe("norm", DataType::Utf8),
        filled("norm_soort", DataType::Utf8),
        maybe("afstand", DataType::Float64),
        filled("status", DataType::Utf8),
        filled("kenmerken", DataType::List(mark())),
        filled("reeksbreuk", DataType::Boolean),
        filled("definitie_hash", DataType::Utf8),
        maybe("invoer_hash", DataType::Utf8),
    ])
}

fn key() -> FieldRef {
    Arc::new(Field::new("key", DataType::Utf8, false))
}

fn value() -> FieldRef {
    Arc::new(Field::new("value", DataType::Utf8, false))
}

fn entries() -> FieldRef {
    let fields = Fields::from(vec![key(), value()]);
    Arc::new(Field::new("key_value", DataType::Struct(fields), false))
}

fn mark_fields() -> Fields {
    Fields::from(vec![
        Field::new("kenmerk", DataType::Utf8, false),
        // Empty when the mark says it all, as in JSON.
        Field::new("reden", DataType::Utf8, false),
    ])
}

fn mark() -> FieldRef {
    Arc::new(Field::new("element", DataType::Struct(mark_fields()), false))
}

pub fn batch(records: &[Record<'_>]) -> Result<RecordBatch, ArrowError> {
    let columns: Vec<ArrayRef> = vec![
        texts(records, |r| Some(r.kpi)),
        texts(records, |r| Some(r.title)),
        days(records, |r| r.version),
        texts(records, |r| Some(r.period)),
        days(records, |r| Some(r.period_from)),
        days(records, |r| Some(r.period_until)),
        dimensions(records)?,
        numbers(records, |r| r.value),
        texts(records, |r| Some(r.unit)),
        numbers(records, |r| r.numerator),
        numbers(records, |r| r.denominator),
        counts(records, |r| r.n),
        counts(records, |r| r.n_empty),
        numbers(records, |r| r.lower),
        numbers(records, |r| r.upper),
        texts(records, |r| r.norm),
        texts(records, |r| Some(r.norm_kind)),
        numbers(records, |r| r.distance),
        texts(records, |r| Some(r.status)),
        marks(records)?,
        Arc::new(records.iter().map(|r| Some(r.series_break)).collect::<BooleanArray>()),
        texts(records, |r| Some(r.definition_hash)),
        texts(records, |r| r.input_hash),
    ];
    RecordBatch::try_new(Arc::new(schema()), columns)
}

fn texts<'a>(records: &'a [Record<'_>], of: impl Fn(&'a Record<'_>) -> Option<&'a str>) -> ArrayRef {
    Arc::new(records.iter().map(of).collect::<StringArray>())
}

/// Numbers that are none (an overflow) are missing, as in JSON.
fn numbers(records: &[Record<'_>], of: impl Fn(&Record<'_>) -> Option<f64>) -> ArrayRef {
    let finite = |r| of(r).filter(|v: &f64| v.is_finite());
    // JSON knows no -0 either.
    let plain = |v: f64| if v == 0.0 { 0.0 } else { v };
    Arc::new(records.iter().map(|r| finite(r).map(plain)).collect::<Float64Array>())
}

fn counts(records: &[Record<'_>], of: impl Fn(&Record<'_>) -> Option<u64>) -> ArrayRef {
    Arc::new(records.iter().map(of).collect::<UInt64Array>())
}

fn days(records: &[Record<'_>], of: impl Fn(&Record<'_>) -> Option<NaiveDate>) -> ArrayRef {
    Arc::new(records.iter().map(|r| of(r).map(day_number)).collect::<Date32Array>())
}

fn dimensions(records: &[Record<'_>]) -> Result<ArrayRef, ArrowError> {
    let names = MapFieldNames { entry: "key_value".to_owned(), key: "key".to_owned(), value: "value".to_owned() };
    let mut builder = MapBuilder::new(Some(names), StringBuilder::new(), StringBuilder::new())
        .with_keys_field(key())
        .with_values_field(value());
    for record in records {
        for (name, member) in &record.dimensions {
            builder.keys().append_value(name);
            builder.values().append_value(member);
        }
        builder.append(true)?;
    }
    Ok(Arc::new(builder.finish()))
}

fn marks(records: &[Record<'_>]) -> Result<ArrayRef, ArrowError> {
    let lost = || ArrowError::SchemaError("kenmerken".to_owned());
    let pair = StructBuilder::new(mark_fields(), vec![Box::new(StringBuilder::new()), Box::new(StringBuilder::new())]);
    let mut builder = ListBuilder::new(pair).with_field(mark());
    for record in records {
        for (name, reason) in &record.marks {
            let pair = builder.values();
            pair.field_builder::<StringBuilder>(0).ok_or_else(lost)?.append_value(name);
            pair.field_builder::<StringBuilder>(1).ok_or_else(lost)?.append_value(reason);
            pair.append(true);
        }
        builder.append(true);
    }
    Ok(Arc::new(builder.finish()))
}
