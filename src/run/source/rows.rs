//! Rows of text sources to batches with the logical columns in canonical form.
//!
//! The readers (`delimited.rs`, `jsonl.rs`) hand over cells; here they become numbers, moments and texts, or a fault.
//! This file knows neither files nor the engine's plans.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, StringViewBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::cell;
use super::clock::LocalClock;
use super::moment::{self, DatePattern};
use crate::calendar::Zone;
use crate::model::Type;
use crate::model::table::StoredUnit;

/// Rows in a batch.
pub const BATCH: usize = 8192;

/// A stored column that is read.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The logical name.
    pub name: String,
    /// The name in the source; nothing when the column does not exist there (`geen`) and is always empty.
    pub physical: Option<String>,
    pub ty: Type,
    pub unit: Option<StoredUnit>,
    pub nullable: bool,
    /// Its values stay out of messages.
    pub personal: bool,
    /// Of a `tijdstip`: not the moment, but how often its local time occurs (2 in autumn, 0 in spring, otherwise 1).
    pub occurrences: bool,
}

/// How a text source writes its values.
#[derive(Clone, Debug)]
pub struct Writing {
    pub comma: bool,
    pub pattern: Option<DatePattern>,
    pub zone: Zone,
}

/// The canonical physical type of a logical type.
#[must_use]
pub fn canonical_type(ty: Type) -> DataType {
    match ty {
        Type::Text | Type::Unknown => DataType::Utf8View,
        Type::Bool => DataType::Boolean,
        Type::Integer | Type::Days | Type::Workdays | Type::Date | Type::Moment | Type::Duration | Type::Money => {
            DataType::Int64
        }
        Type::Number | Type::Score(..) | Type::Percentage | Type::PercentPoint => DataType::Float64,
    }
}

/// The schema of the batches of these columns.
#[must_use]
pub fn schema_of(wishes: &[Wish]) -> SchemaRef {
    let field = |w: &Wish| Field::new(&w.name, canonical_type(w.ty), true);
    Arc::new(Schema::new(wishes.iter().map(field).collect::<Vec<_>>()))
}

enum Slot {
    Int(Int64Builder),
    Float(Float64Builder),
    Bool(BooleanBuilder),
    Text(StringViewBuilder),
}

impl Slot {
    fn new(ty: &DataType) -> Self {
        match ty {
            DataType::Int64 => Self::Int(Int64Builder::new()),
            DataType::Float64 => Self::Float(Float64Builder::new()),
            DataType::Boolean => Self::Bool(BooleanBuilder::new()),
            _ => Self::Text(StringViewBuilder::new()),
        }
    }

    fn empty(&mut self) {
        match self {
            Self::Int(b) => b.append_null(),
            Self::Float(b) => b.append_null(),
            Self::Bool(b) => b.append_null(),
            Self::Text(b) => b.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Int(b) => Arc::new(b.finish()),
            Self::Float(b) => Arc::new(b.finish()),
            Self::Bool(b) => Arc::new(b.finish()),
            Self::Text(b) => Arc::new(b.finish()),
        }
    }
}

struct Column {
    ty: Type,
    unit: Option<StoredUnit>,
    occurrences: bool,
    slot: Slot,
}

/// Gathers rows. A row is one call per column, in any order, and then [`Builder::end_row`].
pub struct Builder {
    columns: Vec<Column>,
    schema: SchemaRef,
    comma: bool,
    pattern: Option<DatePattern>,
    clock: LocalClock,
    rows: usize,
}

impl Builder {
    #[must_use]
    pub fn new(wishes: &[Wish], writing: &Writing) -> Self {
        let column = |w: &Wish| {
            let slot = Slot::new(&canonical_type(w.ty));
            Column { ty: w.ty, unit: w.unit, occurrences: w.occurrences, slot }
        };
        Self {
            columns: wishes.iter().map(column).collect(),
            schema: schema_of(wishes),
            comma: writing.comma,
            pattern: writing.pattern.clone(),
            clock: LocalClock::new(writing.zone),
            rows: 0,
        }
    }

    /// An empty value in column `index`.
    pub fn empty(&mut self, index: usize) {
        if let Some(column) = self.columns.get_mut(index) {
            column.slot.empty();
        }
    }

    /// A cell of text; an empty cell is an empty value. False when it does not fit the type: then nothing is added.
    #[must_use]
    pub fn text(&mut self, index: usize, text: &str) -> bool {
        self.convert(index, text, self.comma)
    }

    fn convert(&mut self, index: usize, text: &str, comma: bool) -> bool {
        let Some(column) = self.columns.get_mut(index) else { return true };
        if text.is_empty() || (!matches!(column.slot, Slot::Text(_)) && text.trim().is_empty()) {
            column.slot.empty();
            return true;
        }
        let pattern = self.pattern.as_ref();
        match &mut column.slot {
            Slot::Text(builder) => {
                builder.append_value(text);
                true
            }
            Slot::Bool(builder) => cell::truth(text).map(|v| builder.append_value(v)).is_some(),
            Slot::Float(builder) => {
                let value = match column.ty {
                    Type::Percentage | Type::PercentPoint => cell::percentage(text, comma),
                    _ => cell::float(text, comma),
                };
                value.map(|v| builder.append_value(v)).is_some()
            }
            Slot::Int(builder) => {
                let value = match (column.ty, column.unit) {
                    (Type::Date, _) => moment::day(text, pattern, &self.clock),
                    (Type::Moment, _) if column.occurrences => moment::occurrences(text, pattern, &mut self.clock),
                    (Type::Moment, _) => moment::moment(text, pattern, &mut self.clock),
                    (Type::Duration, Some(unit)) => {
                        cell::plain(text, comma).and_then(|n| cell::scaled(&n, unit.micros()))
                    }
                    (Type::Duration, None) => cell::clock_duration(text),
                    (Type::Money, _) => cell::money(text, comma),
                    _ => cell::integer(text, comma),
                };
                value.map(|v| builder.append_value(v)).is_some()
            }
        }
    }

    /// A value of JSON: numbers as numbers, texts as cells, `null` and a missing key as empty. False when it does not
    /// fit the type.
    #[must_use]
    pub fn json(&mut self, index: usize, value: Option<&serde_json::Value>) -> bool {
        use serde_json::Value as Json;
        let Some(column) = self.columns.get_mut(index) else { return true };
        match (value, &mut column.slot) {
            (None | Some(Json::Null), slot) => {
                slot.empty();
                true
            }
            (Some(Json::Bool(truth)), Slot::Bool(builder)) => {
                builder.append_value(*truth);
                true
            }
            (Some(Json::String(text)), Slot::Text(builder)) => {
                builder.append_value(text);
                true
            }
            (Some(Json::Number(_)), _) if matches!(column.ty, Type::Date | Type::Moment) => false,
            (Some(Json::Number(number)), Slot::Int(builder)) => {
                let text = number.to_string();
                // floats in JSON may be written with an exponent; those that are whole or short are exact all the same
                let plain = if text.contains(['e', 'E']) { number.as_f64().map(|x| x.to_string()) } else { Some(text) };
                let value = plain.and_then(|text| match (column.ty, column.unit) {
                    (Type::Duration, Some(unit)) => cell::scaled(&text, unit.micros()),
                    (Type::Duration, None) => None,
                    (Type::Money, _) => cell::scaled(&text, 10_000),
                    _ => cell::integer(&text, false),
                });
                value.map(|v| builder.append_value(v)).is_some()
            }
            (Some(Json::Number(number)), _) => self.convert(index, &number.to_string(), false),
            (Some(Json::String(text)), _) => self.text(index, text),
            (Some(Json::Bool(_) | Json::Array(_) | Json::Object(_)), _) => false,
        }
    }

    pub fn end_row(&mut self) {
        self.rows += 1;
    }

    /// Rows gathered since the last batch.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The batch of the rows gathered so far; the builder starts anew.
    ///
    /// # Errors
    /// When a row did not fill each column once, which is a fault of the reader.
    pub fn batch(&mut self) -> Result<RecordBatch, ArrowError> {
        let arrays = self.columns.iter_mut().map(|c| c.slot.finish()).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        self.rows = 0;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
    }
}
