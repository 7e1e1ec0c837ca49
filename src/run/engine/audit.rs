//! Holds the rows of a table against its declaration: counts, and a few rows of each breach as plain values.

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;

use super::{Engine, error};
use crate::diagnostic::Diagnostic;
use crate::measure::audit::Expectation;
use crate::model::{ColumnRef, Model, RowExpr, TableId, Type, Value};
use crate::plan::needs::reference;
use crate::plan::{StoredPlans, Tables};
use crate::run::source::value_at;

/// What the rows of a table are.
#[derive(Clone, Debug, PartialEq)]
pub struct Audit {
    pub rows: u64,
    /// The least and the greatest meetmoment: days or µs UTC.
    pub span: Option<(i64, i64)>,
    /// Keys of more than one row.
    pub repeated: Option<Repeated>,
    /// Of the expectations that rows break: which, by how many, and some of them.
    pub breaches: Vec<Broken>,
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

impl Engine {
    /// Reads all rows of a table once, and again for each breach.
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
        let mut audit = Audit { rows: unsigned(at(0)), span, repeated: None, breaches: Vec::new() };
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
        for (index, expectation) in expectations.iter().enumerate() {
            let rows = unsigned(at(index + 1));
            if rows == 0 {
                continue;
            }
            let key = this.key.iter().filter(|k| Some(**k) != expectation.column);
            let shown: Vec<usize> = key.copied().chain(expectation.column).collect();
            let exprs: Vec<RowExpr> = shown.iter().map(|&c| reference(model, table, &ColumnRef::own(c))).collect();
            let types: Vec<Type> = exprs.iter().map(|e| e.ty).collect();
            let batches = run(tables.offenders(table, &expectation.condition, &exprs))?;
            let examples = values(&batches, &types, usize::MAX).into_iter().map(|(mut row, _)| {
                let last = if expectation.column.is_some() { row.pop() } else { None };
                (row, last)
            });
            audit.breaches.push(Broken { expectation: index, rows, examples: examples.collect() });
        }
        Ok(audit)
    }
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
