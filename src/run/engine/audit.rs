//! Holds the rows of a table against its declaration: counts, and a few rows of each breach as plain values.

use std::collections::BTreeSet;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::DataFrame;
use futures::StreamExt;

use super::valid::{self, WrongTimes};
use super::{Engine, error};
use crate::diagnostic::Diagnostic;
use crate::measure::audit::Expectation;
use crate::model::{ColumnRef, Model, RowExpr, Table, TableId, Type, Value};
use crate::plan::audit::{self, EXAMPLES};
use crate::plan::needs::reference;
use crate::plan::{StoredPlans, Tables};
use crate::run::source::value_at;

/// What the rows of a table are.
#[derive(Clone, Debug, PartialEq)]
pub struct Audit {
    pub rows: u64,
    /// The least and the greatest meetmoment: days or µs UTC.
    pub span: Option<(i64, i64)>,
    /// The local days of the meetmoment, in order, each with its number of rows.
    pub days: Vec<(i64, u64)>,
    /// Keys of more than one row.
    pub repeated: Option<Repeated>,
    /// Of the expectations that rows break: which, by how many, and some of them.
    pub breaches: Vec<Broken>,
    /// Of rows that are valid for a time.
    pub times: WrongTimes,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Repeated {
    pub keys: u64,
    pub rows: u64,
    /// The first few keys, each with its number of rows.
    pub examples: Vec<(Vec<Value>, u64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// Index of the expectation.
    pub expectation: usize,
    pub rows: u64,
    /// The key of such rows, and the value of the column in question where there is one.
    pub examples: Vec<(Vec<Value>, Option<Value>)>,
}

/// The local times of a `tijdstip` column that a change of the clock makes doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockChanges {
    pub column: usize,
    pub twice: u64,
    pub never: u64,
}

impl Engine {
    /// Counts over all rows of a table, and where rows break something reads it once more for examples.
    ///
    /// # Errors
    /// What is wrong with the source.
    pub fn audit(
        &self,
        model: &Model,
        table: TableId,
        expectations: &[Expectation],
        stored: &StoredPlans,
    ) -> Result<Audit, Diagnostic> {
        let tables = Tables { model, stored, peilmoment: 0, repeats: &[] };
        let run = |plan: datafusion::common::Result<_>| {
            let plan = plan.map_err(|e| error::of_engine(&e))?;
            self.block_on(self.batches(plan))
        };
        let counts = numbers(&run(tables.breaches(table, expectations))?);
        let at = |index: usize| counts.get(index).copied().flatten();
        let this = model.table(table);
        let end = expectations.len() + 1;
        let span = this.axis.and_then(|_| at(end).zip(at(end + 1)));
        let mut audit = Audit {
            rows: unsigned(at(0)),
            span,
            days: Vec::new(),
            repeated: None,
            breaches: Vec::new(),
            times: WrongTimes::default(),
        };
        if let Some(plan) = tables.rows_by_day(table).map_err(|e| error::of_engine(&e))? {
            audit.days = pairs(&run(Ok(plan))?);
        }
        if let Some(column) = when_valid(model, table) {
            let plan = tables.validity(table, column).map_err(|e| error::of_engine(&e))?;
            if let Some(plan) = plan {
                audit.times = valid::tell(model, table, column, &run(Ok(plan))?)?;
            }
        }
        if !this.key.is_empty() {
            let totals = numbers(&run(tables.repeated_key_count(table))?);
            let keys = unsigned(totals.first().copied().flatten());
            if keys > 0 {
                let batches = run(tables.repeated_keys(table))?;
                let types: Vec<Type> = this.row_key().iter().filter_map(|&k| Some(this.columns.get(k)?.ty)).collect();
                let examples = values(&batches, &types, types.len()).into_iter().map(|(key, n)| (key, n.unwrap_or(0)));
                let rows = unsigned(totals.get(1).copied().flatten());
                audit.repeated = Some(Repeated { keys, rows, examples: examples.collect() });
            }
        }
        let broken = |index: usize| Some((index, unsigned(at(index + 1)))).filter(|(_, rows)| *rows > 0);
        let broken: Vec<(usize, u64)> = (0..expectations.len()).filter_map(broken).collect();
        audit.breaches = self.examples(&tables, table, expectations, &broken)?;
        Ok(audit)
    }

    /// A few rows of each breach, from one pass over the rows that break anything: those with the least keys.
    fn examples(
        &self,
        tables: &Tables<'_>,
        table: TableId,
        expectations: &[Expectation],
        broken: &[(usize, u64)],
    ) -> Result<Vec<Broken>, Diagnostic> {
        if broken.is_empty() {
            return Ok(Vec::new());
        }
        let this = tables.model.table(table);
        let found: Vec<&Expectation> = broken.iter().filter_map(|(index, _)| expectations.get(*index)).collect();
        let columns: BTreeSet<usize> = this.key.iter().copied().chain(found.iter().filter_map(|e| e.column)).collect();
        let columns: Vec<usize> = columns.into_iter().collect();
        let shown: Vec<RowExpr> = columns.iter().map(|&c| reference(tables.model, table, &ColumnRef::own(c))).collect();
        let conditions: Vec<&RowExpr> = found.iter().map(|e| &e.condition).collect();
        let plan = tables.offenders(table, &conditions, &shown).map_err(|e| error::of_engine(&e))?;
        let mut firsts: Vec<Firsts> = Vec::new();
        for e in &found {
            let key = this.key.iter().filter(|k| Some(**k) != e.column);
            let place = |c: usize| Some((columns.iter().position(|&at| at == c)?, this.columns.get(c)?.ty));
            firsts.push(Firsts {
                cells: key.copied().chain(e.column).filter_map(place).collect(),
                rows: Vec::new(),
                order: None,
            });
        }
        self.block_on(self.gather(plan, columns.len(), &mut firsts))?;
        let broken = broken.iter().zip(found).zip(firsts).map(|((&(expectation, rows), e), firsts)| {
            let examples = firsts.rows.into_iter().map(|(_, mut row)| {
                let last = if e.column.is_some() { row.pop() } else { None };
                (row, last)
            });
            Broken { expectation, rows, examples: examples.collect() }
        });
        Ok(broken.collect())
    }

    /// Streams the rows of [`Tables::offenders`], and keeps the first of each breach.
    async fn gather(&self, plan: LogicalPlan, shown: usize, firsts: &mut [Firsts]) -> Result<(), Diagnostic> {
        let frame = DataFrame::new(self.context.state(), plan);
        let mut stream = frame.execute_stream().await.map_err(|e| error::of_engine(&e))?;
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(|e| error::of_engine(&e))?;
            for (index, first) in firsts.iter_mut().enumerate() {
                let meets = batch.columns().get(shown + index).and_then(|c| c.as_boolean_opt());
                let Some(meets) = meets else { return Err(error::unexpected("voorbeelden")) };
                first.take(&batch, meets).ok_or_else(|| error::unexpected("voorbeelden"))?;
            }
        }
        Ok(())
    }
}

/// The first rows of a breach, in order of what is shown of them.
struct Firsts {
    /// Which columns of a batch are shown.
    cells: Vec<(usize, Type)>,
    rows: Vec<(OwnedRow, Vec<Value>)>,
    /// Made with the first batch.
    order: Option<RowConverter>,
}

impl Firsts {
    /// Takes in the rows of a batch for which `meets`; nothing when the batch has other columns than asked for.
    fn take(&mut self, batch: &RecordBatch, meets: &BooleanArray) -> Option<()> {
        if meets.true_count() == 0 {
            return Some(());
        }
        let batch = filter_record_batch(batch, meets).ok()?;
        let arrays: Vec<ArrayRef> =
            self.cells.iter().map(|(at, _)| batch.columns().get(*at).cloned()).collect::<Option<_>>()?;
        if arrays.is_empty() {
            return Some(());
        }
        if self.order.is_none() {
            let fields = arrays.iter().map(|a| SortField::new(a.data_type().clone())).collect();
            self.order = RowConverter::new(fields).ok();
        }
        let order = self.order.as_ref()?.convert_columns(&arrays).ok()?;
        for (row, place) in order.iter().enumerate() {
            if self.rows.len() >= EXAMPLES && self.rows.last().is_some_and(|(last, _)| last.row() <= place) {
                continue;
            }
            let values = arrays.iter().zip(&self.cells).map(|(array, (_, ty))| value_at(array, row, *ty)).collect();
            let at = self.rows.partition_point(|(other, _)| other.row() <= place);
            self.rows.insert(at, (place.owned(), values));
            self.rows.truncate(EXAMPLES);
        }
        Some(())
    }
}

/// The column by which rows that are valid for a time follow one another: what relations look for, or the only key.
fn when_valid(model: &Model, table: TableId) -> Option<usize> {
    let this = model.table(table);
    this.valid?;
    let relations = model.tables.iter().flat_map(|t| &t.columns).filter_map(|c| c.relation);
    let sought = relations.filter(|r| r.table == table).map(|r| r.column).min();
    let mut keys = this.key_at_a_moment();
    sought.or_else(|| keys.next().filter(|_| keys.next().is_none()))
}

/// See [`Engine::clock_changes`].
pub(super) fn clock_changes(
    engine: &Engine,
    table: &Table,
    plan: LogicalPlan,
    columns: &BTreeSet<usize>,
) -> Result<Vec<ClockChanges>, Diagnostic> {
    let names: Vec<&str> = columns.iter().filter_map(|&c| Some(table.columns.get(c)?.name.as_str())).collect();
    let plan = audit::clock_changes(plan, &names).map_err(|e| error::of_engine(&e))?;
    let counts = numbers(&engine.block_on(engine.batches(plan))?);
    let at = |index: usize| unsigned(counts.get(index).copied().flatten());
    let changes = columns.iter().enumerate();
    Ok(changes.map(|(i, &column)| ClockChanges { column, twice: at(2 * i), never: at(2 * i + 1) }).collect())
}

/// The rows of a plan of two whole numbers.
fn pairs(batches: &[RecordBatch]) -> Vec<(i64, u64)> {
    let mut found = Vec::new();
    for batch in batches {
        let [a, b] = batch.columns() else { continue };
        let (Some(a), Some(b)) = (a.as_primitive_opt::<Int64Type>(), b.as_primitive_opt::<Int64Type>()) else {
            continue;
        };
        found.extend(a.iter().zip(b).filter_map(|(a, b)| Some((a?, unsigned(b)))));
    }
    found
}

fn unsigned(n: Option<i64>) -> u64 {
    n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0)
}

/// The one row of a plan of whole numbers.
fn numbers(batches: &[RecordBatch]) -> Vec<Option<i64>> {
    let Some(batch) = batches.iter().find(|b| b.num_rows() > 0) else { return Vec::new() };
    let first = |array: &arrow::array::ArrayRef| array.as_primitive_opt::<Int64Type>()?.iter().next().flatten();
    batch.columns().iter().map(first).collect()
}

/// The rows as values of these types, and the number in column `count`.
fn values(batches: &[RecordBatch], types: &[Type], count: usize) -> Vec<(Vec<Value>, Option<u64>)> {
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells = types
                .iter()
                .enumerate()
                .map(|(i, ty)| batch.columns().get(i).map_or(Value::Empty, |a| value_at(a, row, *ty)));
            let n = batch.columns().get(count).and_then(|a| Some(a.as_primitive_opt::<Int64Type>()?.value(row)));
            rows.push((cells.collect(), n.map(|n| unsigned(Some(n)))));
        }
    }
    rows
}
