//! Whether the rows of a key are valid one after another: a data error otherwise, with the least such key.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, make_comparator};
use arrow::compute::{SortOptions, concat_batches};
use arrow::datatypes::Int64Type;

use super::error::{shown, unexpected};
use crate::calendar::{day_of, iso_moment};
use crate::diagnostic::Diagnostic;
use crate::model::{Model, Table, TableId, Type};
use crate::plan::valid::measure_of;

/// Two rows of a key are valid at one moment.
const OVERLAP: &str = "ML616";
/// A row ends before it begins.
const REVERSED: &str = "ML617";

/// Checks the rows of [`crate::plan::Tables::validity`], in their order.
pub(super) fn check(model: &Model, table: TableId, column: usize, batches: &[RecordBatch]) -> Result<(), Diagnostic> {
    let Some(first) = batches.first() else { return Ok(()) };
    let all = concat_batches(&first.schema(), batches).map_err(|_| unexpected("geldigheid"))?;
    let [keys, from, until] = all.columns() else { return Err(unexpected("geldigheid")) };
    let ends =
        |array: &ArrayRef| array.as_primitive_opt::<Int64Type>().cloned().ok_or_else(|| unexpected("geldigheid"));
    let (from, until) = (ends(from)?, ends(until)?);
    let compare = make_comparator(keys, keys, SortOptions::default()).map_err(|_| unexpected("geldigheid"))?;
    let words = Words { model, table: model.table(table), column, ty: measure_of(model, table) };
    let inclusive = words.table.valid.is_some_and(|valid| valid.inclusive);
    // The last row that is valid at some moment.
    let mut before: Option<usize> = None;
    for row in 0..all.num_rows() {
        let (begin, end) = (from.value(row), until.value(row));
        if end < begin || (inclusive && end == begin) {
            return Err(words.reversed(&keys.slice(row, 1), begin, end));
        }
        if end == begin {
            continue;
        }
        if let Some(other) = before.filter(|&other| compare(other, row).is_eq() && begin < until.value(other)) {
            let spans = [(from.value(other), until.value(other)), (begin, end)];
            return Err(words.overlap(&keys.slice(row, 1), spans));
        }
        before = Some(row);
    }
    Ok(())
}

struct Words<'a> {
    model: &'a Model,
    table: &'a Table,
    column: usize,
    ty: Type,
}

impl Words<'_> {
    fn overlap(&self, key: &ArrayRef, spans: [(i64, i64); 2]) -> Diagnostic {
        let [a, b] = spans.map(|(from, until)| self.span(from, until));
        let message = format!("van {} gelden twee rijen van {} tegelijk", self.key(key), self.table.full_name());
        Diagnostic::error(OVERLAP, message)
            .help(format!("de ene geldt {a}, de andere {b}"))
            .help("per sleutel geldt er op elk moment hoogstens één rij: verbeter het begin of het eind in de bron")
    }

    fn reversed(&self, key: &ArrayRef, from: i64, until: i64) -> Diagnostic {
        let message = format!("een rij van {} in {} eindigt voordat zij begint", self.key(key), self.table.full_name());
        Diagnostic::error(REVERSED, message)
            .help(format!("de rij geldt {}", self.span(from, until)))
            .help("verbeter het begin of het eind in de bron; een rij die nooit gold, hoort er niet in")
    }

    /// ``zaaktype `bezwaar` ``; without its value where that is no one's business.
    fn key(&self, value: &ArrayRef) -> String {
        let column = self.table.columns.get(self.column);
        let name = column.map_or("?", |c| c.name.as_str());
        let personal = column.is_none_or(|c| c.personal);
        let value = if personal { None } else { shown(column.map(|c| c.ty), value) };
        value.map_or_else(|| format!("één `{name}`"), |value| format!("{name} `{value}`"))
    }

    /// `van 2025-01-01 tot 2026-01-01`
    fn span(&self, from: i64, until: i64) -> String {
        let inclusive = self.table.valid.is_some_and(|valid| valid.inclusive);
        let word = if inclusive { "tot en met" } else { "tot" };
        let last = if inclusive { until.saturating_sub(1) } else { until };
        match (from, until) {
            (i64::MIN, i64::MAX) => "altijd".to_owned(),
            (i64::MIN, _) => format!("{word} {}", self.moment(last)),
            (_, i64::MAX) => format!("vanaf {}", self.moment(from)),
            _ => format!("van {} {word} {}", self.moment(from), self.moment(last)),
        }
    }

    fn moment(&self, value: i64) -> String {
        let day = || i32::try_from(value).ok().and_then(day_of).map(|day| day.to_string());
        let local = || self.model.zone.local(value).map(iso_moment);
        let text = if self.ty == Type::Date { day() } else { local() };
        text.unwrap_or_else(|| value.to_string())
    }
}
