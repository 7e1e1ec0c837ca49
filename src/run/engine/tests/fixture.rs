//! A small telephone table and short words for expressions.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringViewArray};
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::logical_expr::LogicalPlanBuilder;

pub(super) use std::collections::BTreeMap;

pub(super) use crate::measure::{Atom, Axis, CellKey, Grain, Holistic};
pub(super) use crate::model::{ColumnRef, RowKind, TableId, Value};

use super::super::*;
use crate::measure::{AtomOp, HolisticOp, Member, Quantity};
use crate::model::expr::{Arithmetic, Comparison, RowFunction};
use crate::model::table::{Column, ColumnKind, Origin, Relation, Table};
use crate::model::{RowExpr, Type};
use crate::source::{SourceId, Span};

pub(super) fn nowhere() -> Span {
    Span { source: SourceId(0), start: 0, end: 0 }
}

/// µs UTC of `2026-10-25 00:30`, read as UTC.
pub(super) fn at(text: &str) -> i64 {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time").and_utc().timestamp_micros()
}

pub(super) fn column(name: &str, ty: Type, kind: ColumnKind) -> Column {
    Column {
        name: name.to_owned(),
        ty,
        nullable: true,
        key: false,
        personal: false,
        values: None,
        relation: None,
        mark: false,
        kind,
        span: nowhere(),
    }
}

pub(super) fn stored(name: &str, ty: Type) -> Column {
    column(name, ty, ColumnKind::Stored { physical: name.to_owned(), unit: None })
}

pub(super) fn table(id: usize, name: &str, origin: Origin, columns: Vec<Column>) -> Table {
    Table {
        id: TableId(id),
        source: "acd".to_owned(),
        name: name.to_owned(),
        title: None,
        source_title: None,
        origin,
        columns,
        key: vec![0],
        axis: None,
        requirements: Vec::new(),
        valid: None,
        span: nowhere(),
    }
}

const COLUMNS: [(&str, Type); 10] = [
    ("id", Type::Text),
    ("moment", Type::Moment),
    ("dag", Type::Date),
    ("richting", Type::Text),
    ("team", Type::Text),
    ("wacht", Type::Duration),
    ("score", Type::Number),
    ("open", Type::Bool),
    ("klant", Type::Integer),
    ("leeg", Type::Integer),
];

pub(super) fn index(name: &str) -> usize {
    COLUMNS.iter().position(|(n, _)| *n == name).expect("a column")
}

pub(super) fn col(name: &str) -> RowExpr {
    let index = index(name);
    RowExpr { kind: RowKind::Column(ColumnRef::own(index)), ty: COLUMNS[index].1, span: nowhere() }
}

pub(super) fn constant(value: Value, ty: Type) -> RowExpr {
    RowExpr { kind: RowKind::Constant(value), ty, span: nowhere() }
}

pub(super) fn text(text: &str) -> RowExpr {
    constant(Value::Text(text.to_owned()), Type::Text)
}

pub(super) fn duration(seconds: i64) -> RowExpr {
    constant(Value::Int(seconds * 1_000_000), Type::Duration)
}

pub(super) fn boolean(kind: RowKind) -> RowExpr {
    RowExpr { kind, ty: Type::Bool, span: nowhere() }
}

pub(super) fn boolean_negate(x: RowExpr) -> RowExpr {
    RowExpr { ty: x.ty, kind: RowKind::Negate(Box::new(x)), span: nowhere() }
}

pub(super) fn compare(op: Comparison, a: RowExpr, b: RowExpr) -> RowExpr {
    boolean(RowKind::Compare(op, Box::new(a), Box::new(b)))
}

pub(super) fn arith(op: Arithmetic, a: RowExpr, b: RowExpr, ty: Type) -> RowExpr {
    RowExpr { kind: RowKind::Arithmetic(op, Box::new(a), Box::new(b)), ty, span: nowhere() }
}

pub(super) fn coalesce(list: Vec<RowExpr>) -> RowExpr {
    RowExpr { ty: list[0].ty, kind: RowKind::Coalesce(list), span: nowhere() }
}

pub(super) fn function(function: RowFunction, x: RowExpr) -> RowExpr {
    let ty = if function == RowFunction::DateOf { Type::Date } else { Type::Integer };
    RowExpr { kind: RowKind::Function(function, vec![x]), ty, span: nowhere() }
}

pub(super) fn two_texts(function: RowFunction, a: RowExpr, b: RowExpr) -> RowExpr {
    boolean(RowKind::Function(function, vec![a, b]))
}

pub(super) fn atom(op: AtomOp, filter: Option<RowExpr>) -> Atom {
    Atom { axis: 0, op, filter }
}

/// 24 and 25 October 2026, local days of Amsterdam; the second has 25 hours.
fn days() -> Vec<i64> {
    vec![at("2026-10-23 22:00"), at("2026-10-24 22:00"), at("2026-10-25 23:00")]
}

pub(super) fn scan(atoms: Vec<Atom>, dimensions: Vec<RowExpr>, grains: Vec<Vec<usize>>) -> Scan {
    Scan {
        table: TableId(0),
        axes: vec![Axis { column: ColumnRef::own(index("moment")), is_date: false, bounds: days() }],
        dimensions,
        atoms,
        grains: grains.into_iter().map(|dimensions| Grain { axis: 0, dimensions }).collect(),
        holistic: Vec::new(),
    }
}

pub(super) fn holistic(op: HolisticOp, sets: Vec<Vec<usize>>) -> Scan {
    let mut scan = scan(Vec::new(), vec![col("team"), col("richting")], vec![]);
    let filter = Some(boolean(RowKind::Filled(Box::new(col("team")), true)));
    let windows = days().windows(2).map(|pair| (pair[0], pair[1])).collect();
    scan.holistic.push(Holistic { axis: 0, windows, op, filter, sets });
    scan
}

pub(super) fn engine(threads: usize) -> Engine {
    Engine::new(Limits { threads: Some(threads), memory: None }).expect("an engine")
}

pub(super) fn texts(list: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringViewArray::from(list.to_vec()))
}

pub(super) fn ints(list: &[Option<i64>]) -> ArrayRef {
    Arc::new(Int64Array::from(list.to_vec()))
}

/// A plan over rows in memory, one partition per row.
pub(super) fn plan(columns: Vec<(&str, ArrayRef)>) -> LogicalPlan {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)));
    let batch = batch.expect("a batch");
    let rows = (0..batch.num_rows()).map(|row| vec![batch.slice(row, 1)]).collect();
    let provider = MemTable::try_new(batch.schema(), rows).expect("a table");
    LogicalPlanBuilder::scan("t", provider_as_source(Arc::new(provider)), None)
        .and_then(LogicalPlanBuilder::build)
        .expect("a plan")
}

/// The telephone table: model and rows.
pub(super) fn small() -> (Model, StoredPlans) {
    let columns = COLUMNS.iter().map(|(name, ty)| stored(name, *ty)).collect();
    let tables = vec![table(0, "gesprek", Origin::Stored, columns)];
    let model = Model { tables, ..Model::default() };
    let moments = [
        Some(at("2026-10-24 07:00")),
        Some(at("2026-10-24 21:30")),
        Some(at("2026-10-24 07:05")),
        Some(at("2026-10-25 00:30")),
        Some(at("2026-10-25 01:30")),
        Some(at("2026-10-25 11:00")),
        Some(at("2026-10-25 23:00")),
        None,
    ];
    let rows = plan(vec![
        (
            "id",
            texts(&[Some("g1"), Some("g2"), Some("g3"), Some("g4"), Some("g5"), Some("g6"), Some("g7"), Some("g8")]),
        ),
        ("moment", ints(&moments)),
        (
            "dag",
            ints(&[Some(20_000), Some(20_001), Some(20_000), Some(19_000), Some(20_000), None, None, Some(20_001)]),
        ),
        (
            "richting",
            texts(&[Some("in"), Some("in"), None, Some("uit"), Some("in"), Some("uit"), Some("in"), Some("in")]),
        ),
        ("team", texts(&[Some("A"), Some("A"), None, Some("A"), Some("B"), Some("B"), Some("A"), Some("A")])),
        ("wacht", ints(&[10, 30, -1, 5, -1, 20, 1, 1].map(|s: i64| (s >= 0).then_some(s * 1_000_000)))),
        (
            "score",
            Arc::new(Float64Array::from(vec![
                Some(0.1),
                Some(0.2),
                None,
                Some(1e16),
                Some(-1.0),
                Some(9.0),
                None,
                None,
            ])),
        ),
        (
            "open",
            Arc::new(BooleanArray::from(vec![
                Some(false),
                Some(true),
                None,
                Some(false),
                Some(true),
                Some(true),
                None,
                None,
            ])),
        ),
        ("klant", ints(&[Some(1), Some(2), Some(1), Some(1), Some(1), Some(3), Some(9), Some(9)])),
        ("leeg", ints(&[None; 8])),
    ]);
    (model, StoredPlans::from([(TableId(0), rows)]))
}

/// Runs a scan of the telephone table with one and with several threads.
pub(super) fn run(scan: &Scan) -> ScanCells {
    let (model, stored) = small();
    run_on(&model, scan, &stored)
}

pub(super) fn run_on(model: &Model, scan: &Scan, stored: &StoredPlans) -> ScanCells {
    let alone = engine(1).execute(model, scan, stored, 0).expect("cells");
    let together = engine(4).execute(model, scan, stored, 0).expect("cells");
    assert_eq!(alone, together);
    alone
}

/// The cells of a table under readable keys.
pub(super) fn lines(table: &CellTable) -> Vec<(String, Vec<Quantity>)> {
    let line = |(key, values): (&CellKey, &Vec<Quantity>)| {
        let mut words = vec![key.slot.to_string()];
        words.extend(key.members.iter().map(Member::label));
        (words.join(" "), values.clone())
    };
    table.cells.iter().map(line).collect()
}

pub(super) fn named(list: Vec<(&str, Vec<Quantity>)>) -> Vec<(String, Vec<Quantity>)> {
    list.into_iter().map(|(key, values)| (key.to_owned(), values)).collect()
}

pub(super) fn related(mut column: Column, table: usize, key: usize) -> Column {
    column.relation = Some(Relation { table: TableId(table), column: key, at: None });
    column
}
