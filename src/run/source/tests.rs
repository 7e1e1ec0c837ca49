//! Whole sources, opened and read: what the files of this folder show by format, and here the means for it.

mod faults;
mod parquet;
mod sql;
mod text;
mod workbook;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::prelude::SessionContext;

use super::*;
use crate::model::table::{Origin, StoredUnit, TableId};
use crate::model::{Column, Type, Value};
use crate::source::{SourceId, Span};

pub(super) fn column(name: &str, ty: Type) -> Column {
    Column {
        name: name.to_owned(),
        ty,
        nullable: true,
        key: false,
        personal: false,
        values: None,
        relation: None,
        mark: false,
        kind: ColumnKind::Stored { physical: name.to_owned(), unit: None },
        span: Span::new(SourceId(0), 0..0),
    }
}

/// A duration that the source holds as a number.
pub(super) fn duration(name: &str, unit: StoredUnit) -> Column {
    Column { kind: ColumnKind::Stored { physical: name.to_owned(), unit: Some(unit) }, ..column(name, Type::Duration) }
}

pub(super) fn table(columns: Vec<Column>) -> Table {
    Table {
        id: TableId(0),
        source: "acd".to_owned(),
        source_title: None,
        name: "gesprek".to_owned(),
        title: None,
        origin: Origin::Stored,
        columns,
        key: Vec::new(),
        axis: None,
        requirements: Vec::new(),
        valid: None,
        span: Span::new(SourceId(0), 0..0),
    }
}

/// A connection to `path` in the project `base`.
pub(super) fn at(base: &Path, path: &str) -> Connection {
    Connection { base: base.to_path_buf(), ..Connection::to(Location::Path(path.to_owned())) }
}

pub(super) async fn rows(table: &Table, connection: &Connection) -> Result<Vec<Vec<Value>>, SourceError> {
    read_values(&SessionContext::new(), table, connection, Zone::default()).await
}

pub(super) async fn opened(table: &Table, connection: &Connection) -> Result<Opened, SourceError> {
    let all: BTreeSet<usize> = (0..table.columns.len()).collect();
    let wanted = Wanted { columns: &all, bounds: None };
    open(&SessionContext::new(), table, connection, Zone::default(), &wanted).await
}

/// Writes `text` (or bytes) to `name` under `base`.
pub(super) fn put(base: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = base.join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, text).expect("a file");
}

pub(super) fn put_parquet(base: &Path, name: &str, columns: Vec<(&str, ArrayRef)>) {
    let path = base.join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let mut writer =
        ArrowWriter::try_new(fs::File::create(path).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
}

pub(super) fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// The first value of each row.
pub(super) fn first(rows: Vec<Vec<Value>>) -> Vec<Value> {
    rows.into_iter().filter_map(|row| row.into_iter().next()).collect()
}

pub(super) fn shared<A: arrow::array::Array + 'static>(array: A) -> ArrayRef {
    Arc::new(array)
}
