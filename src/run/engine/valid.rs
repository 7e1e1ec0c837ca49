//! Whether the rows of a key are valid one after another: a data error otherwise, with the least such key, or with all
//! of them counted where one looks at the data alone.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, make_comparator};
use arrow::compute::{SortOptions, concat_batches};
use arrow::datatypes::Int64Type;

use super::error::{shown, unexpected};
use crate::calendar::{day_of, iso_moment};
use crate::diagnostic::Diagnostic;
use crate::model::{Model, Table, TableId, Type};
use crate::plan::audit::EXAMPLES;
use crate::plan::valid::measure_of;

/// Two rows of a key are valid at one moment.
pub const OVERLAP: &str = "ML616";
/// A row ends before it begins.
pub const REVERSED: &str = "ML617";

/// Checks the rows of [`crate::plan::Tables::validity`], in their order.
pub(super) fn check(model: &Model, table: TableId, column: usize, batches: &[RecordBatch]) -> Result<(), Diagnostic> {
    let Some(found) = faults(model, table, batches)? else { return Ok(()) };
    let words = Words { model, table: model.table(table), column, ty: measure_of(model, table) };
    let first = found.list.first().map(|fault| match *fault {
        Fault::Overlap(row, spans) => words.overlap(&found.keys.slice(row, 1), spans),
        Fault::Reversed(row, (begin, end)) => words.reversed(&found.keys.slice(row, 1), begin, end),
    });
    first.map_or(Ok(()), Err)
}

/// What is wrong with when rows are valid, of a whole table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WrongTimes {
    /// Rows that begin while another of the same key is valid.
    pub overlapping: u64,
    /// Rows that end before they begin.
    pub reversed: u64,
    /// A few of each, as text: the key with both validities, or that of the row. Nothing personal.
    pub examples: [Vec<String>; 2],
}

/// The same rows, with all that is wrong counted.
pub(super) fn tell(
    model: &Model,
    table: TableId,
    column: usize,
    batches: &[RecordBatch],
) -> Result<WrongTimes, Diagnostic> {
    let mut wrong = WrongTimes::default();
    let Some(found) = faults(model, table, batches)? else { return Ok(wrong) };
    let words = Words { model, table: model.table(table), column, ty: measure_of(model, table) };
    let [overlapping, reversed] = &mut wrong.examples;
    for fault in &found.list {
        let (rows, examples) = match fault {
            Fault::Overlap(..) => (&mut wrong.overlapping, &mut *overlapping),
            Fault::Reversed(..) => (&mut wrong.reversed, &mut *reversed),
        };
        *rows += 1;
        if examples.len() < EXAMPLES {
            examples.push(words.example(&found.keys, fault));
        }
    }
    Ok(wrong)
}

/// What is wrong with a row: its place, and from when until when it (or the row that it meets, and it) is valid.
enum Fault {
    Overlap(usize, [(i64, i64); 2]),
    Reversed(usize, (i64, i64)),
}

struct Faults {
    keys: ArrayRef,
    list: Vec<Fault>,
}

fn faults(model: &Model, table: TableId, batches: &[RecordBatch]) -> Result<Option<Faults>, Diagnostic> {
    let Some(first) = batches.first() else { return Ok(None) };
    let all = concat_batches(&first.schema(), batches).map_err(|_| unexpected("geldigheid"))?;
    let [keys, from, until] = all.columns() else { return Err(unexpected("geldigheid")) };
    let ends =
        |array: &ArrayRef| array.as_primitive_opt::<Int64Type>().cloned().ok_or_else(|| unexpected("geldigheid"));
    let (from, until) = (ends(from)?, ends(until)?);
    let compare = make_comparator(keys, keys, SortOptions::default()).map_err(|_| unexpected("geldigheid"))?;
    let inclusive = model.table(table).valid.is_some_and(|valid| valid.inclusive);
    let mut list = Vec::new();
    // The row of this key that is valid the longest so far.
    let mut before: Option<usize> = None;
    for row in 0..all.num_rows() {
        let (begin, end) = (from.value(row), until.value(row));
        if end < begin || (inclusive && end == begin) {
            list.push(Fault::Reversed(row, (begin, end)));
            continue;
        }
        if end == begin {
            continue;
        }
        if let Some(other) = before.filter(|&other| compare(other, row).is_eq() && begin < until.value(other)) {
            let spans = [(from.value(other), until.value(other)), (begin, end)];
            list.push(Fault::Overlap(row, spans));
            if end <= until.value(other) {
                continue;
            }
        }
        before = Some(row);
    }
    Ok(Some(Faults { keys: ArrayRef::clone(keys), list }))
}

/// What to do about either.
pub const ONE_AT_A_TIME: &str =
    "per sleutel geldt er op elk moment hoogstens één rij: verbeter het begin of het eind in de bron";
pub const NEVER_VALID: &str = "verbeter het begin of het eind in de bron; een rij die nooit gold, hoort er niet in";

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
        let diagnostic = Diagnostic::error(OVERLAP, message);
        let told =
            if self.personal() { diagnostic } else { diagnostic.help(format!("de ene geldt {a}, de andere {b}")) };
        told.help(ONE_AT_A_TIME)
    }

    fn reversed(&self, key: &ArrayRef, from: i64, until: i64) -> Diagnostic {
        let message = format!("een rij van {} in {} eindigt voordat zij begint", self.key(key), self.table.full_name());
        let diagnostic = Diagnostic::error(REVERSED, message);
        let span = || format!("de rij geldt {}", self.span(from, until));
        let told = if self.personal() { diagnostic } else { diagnostic.help(span()) };
        told.help(NEVER_VALID)
    }

    /// ``zaaktype `bezwaar` (van 2025-01-01 tot 2026-01-01 en vanaf 2025-07-01)``
    fn example(&self, keys: &ArrayRef, fault: &Fault) -> String {
        let (row, spans) = match *fault {
            Fault::Overlap(row, spans) => (row, spans.to_vec()),
            Fault::Reversed(row, span) => (row, vec![span]),
        };
        let key = self.key(&keys.slice(row, 1));
        if self.personal() {
            return key;
        }
        let spans: Vec<String> = spans.into_iter().map(|(from, until)| self.span(from, until)).collect();
        format!("{key} ({})", spans.join(" en "))
    }

    /// Whether the days of a validity are no one's business.
    fn personal(&self) -> bool {
        let personal = |column: usize| self.table.columns.get(column).is_none_or(|c| c.personal);
        self.table.valid.is_none_or(|valid| personal(valid.from) || personal(valid.until))
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
