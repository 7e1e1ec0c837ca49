//! Text sources (CSV, JSON lines) and sheets of a workbook as a table of the engine: one partition per file, read anew for each execution.
//!
//! Knows the engine's streams and the readers; nothing of Parquet.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::PartitionStream;

use super::delimited::Delimited;
use super::error::{BAD_VALUE, SourceError, shown_value};
use super::files::{Located, SourceFile};
use super::jsonl::JsonLines;
use super::rows::{BATCH, Builder, Wish, Writing, schema_of};
use super::workbook::Workbook;
use super::{Encoding, Format};
use crate::model::Type;

/// What all files of a text source have in common.
#[derive(Clone, Debug)]
pub struct TextScan {
    /// `acd.gesprek`
    pub table: String,
    pub format: Format,
    pub wishes: Arc<[Wish]>,
    pub writing: Writing,
    pub encoding: Encoding,
    /// Of a workbook.
    pub sheet: Option<String>,
    /// Nothing: found in the header line.
    pub separator: Option<u8>,
}

/// A reader of rows.
pub trait Rows {
    /// Adds the next row to `builder`; false at the end of the file.
    fn next(&mut self, builder: &mut Builder, file: &SourceFile, scan: &TextScan) -> Result<bool, SourceError>;
}

/// A value that does not fit, with its place.
pub struct Fault<'a> {
    pub line: u64,
    /// Of the column, in the wishes.
    pub index: usize,
    pub value: &'a str,
}

impl Fault<'_> {
    /// The fault in words; without the value where the column holds personal data.
    pub fn word(&self, file: &SourceFile, scan: &TextScan) -> SourceError {
        let Some(wish) = scan.wishes.get(self.index) else {
            return SourceError::new(BAD_VALUE, format!("`{}`, regel {}: onleesbare waarde", file.shown, self.line));
        };
        let value = if wish.personal { "deze waarde".to_owned() } else { format!("`{}`", shown_value(self.value)) };
        let column = wish.physical.as_deref().unwrap_or(&wish.name);
        let what = match (wish.ty, wish.unit) {
            (Type::Integer, _) => "geheel getal",
            (Type::Number, _) => "getal",
            (Type::Duration, Some(_)) => "duur in een getal",
            _ => wish.ty.word(),
        };
        let text = format!("`{}`, regel {}: kolom `{column}`: {value} is geen {what}", file.shown, self.line);
        let error = SourceError::new(BAD_VALUE, text);
        match advice(wish, scan, self.value) {
            Some(help) => error.help(help),
            None => error,
        }
    }
}

fn advice(wish: &Wish, scan: &TextScan, value: &str) -> Option<&'static str> {
    let numeric = wish.ty.is_quantity() && !(wish.ty == Type::Duration && wish.unit.is_none());
    match wish.ty {
        Type::Date | Type::Moment if scan.writing.pattern.is_none() => {
            Some("verwacht wordt 2026-01-05 of 2026-01-05 09:00; zet anders bij de bron `datums: dd-mm-jjjj`")
        }
        Type::Date | Type::Moment => Some("controleer `datums` van de bron in meetlat.yaml"),
        Type::Duration if wish.unit.is_none() => {
            Some("verwacht wordt u:mm:ss of mm:ss; staat er een getal, schrijf dan in de definitie `duur in s`")
        }
        Type::Bool => Some("verwacht wordt ja of nee, j of n, true of false, waar of onwaar, 1 of 0"),
        _ if numeric && !scan.writing.comma && value.contains(',') => {
            Some("staat er een decimale komma, zet dan bij de bron `decimaal: \",\"`")
        }
        _ if numeric && scan.writing.comma && value.contains('.') => {
            Some("de bron heeft `decimaal: \",\"`: een punt mag alleen tussen groepen van drie cijfers staan")
        }
        _ => None,
    }
}

/// The files of a text source as a table with the columns of `scan`.
///
/// # Errors
/// When a file cannot be opened or lacks a column.
pub fn table(located: &Located, scan: TextScan) -> Result<StreamingTable, SourceError> {
    for file in &located.files {
        match scan.format {
            Format::JsonLines => JsonLines::check(file, &scan)?,
            Format::Workbook => drop(Workbook::open(file, &scan)?),
            Format::Csv | Format::Parquet => drop(Delimited::open(file, &scan)?),
        }
    }
    let schema = schema_of(&scan.wishes);
    let scan = Arc::new(scan);
    let partition = |file: &SourceFile| -> Arc<dyn PartitionStream> {
        Arc::new(Partition { file: Arc::new(file.clone()), scan: Arc::clone(&scan), schema: Arc::clone(&schema) })
    };
    let partitions = located.files.iter().map(partition).collect();
    StreamingTable::try_new(Arc::clone(&schema), partitions)
        .map_err(|_| SourceError::new(super::error::READ_FAILED, format!("`{}` is niet te lezen", located.shown)))
}

struct Partition {
    file: Arc<SourceFile>,
    scan: Arc<TextScan>,
    schema: SchemaRef,
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.shown)
    }
}

impl PartitionStream for Partition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut stream = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.schema), 2);
        let sender = stream.tx();
        let (file, scan) = (Arc::clone(&self.file), Arc::clone(&self.scan));
        stream.spawn_blocking(move || {
            // a closed channel means that nobody wants more rows
            read(&file, &scan, &mut |batch| sender.blocking_send(Ok(batch)).is_ok())
        });
        stream.build()
    }
}

/// Reads `file` and hands each batch to `give`, until that says false.
fn read(file: &SourceFile, scan: &TextScan, give: &mut dyn FnMut(RecordBatch) -> bool) -> EngineResult<()> {
    let mut rows: Box<dyn Rows> = match scan.format {
        Format::JsonLines => Box::new(JsonLines::open(file, scan)?),
        Format::Workbook => Box::new(Workbook::open(file, scan)?),
        Format::Csv | Format::Parquet => Box::new(Delimited::open(file, scan)?),
    };
    let mut builder = Builder::new(&scan.wishes, &scan.writing);
    let batch = |b: &mut Builder| b.batch().map_err(|e| DataFusionError::ArrowError(Box::new(e), None));
    while rows.next(&mut builder, file, scan)? {
        if builder.rows() >= BATCH && !give(batch(&mut builder)?) {
            return Ok(());
        }
    }
    if builder.rows() > 0 {
        give(batch(&mut builder)?);
    }
    Ok(())
}
