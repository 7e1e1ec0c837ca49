//! A whole (small) table as values: what the reference interpreter reads. The same path as the engine's, on purpose.

use std::collections::BTreeSet;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Float64Type, Int64Type};
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;

use super::error::{READ_FAILED, SourceError, source_error};
use super::{Connection, Wanted, open};
use crate::calendar::Zone;
use crate::model::table::ColumnKind;
use crate::model::{Table, Type, Value};

/// The rows of a stored table, each with a value per column in the order of `table.columns`; computed columns and
/// columns mapped to `geen` are empty.
///
/// # Errors
/// Everything that can be wrong with a source.
pub async fn read_values(
    ctx: &SessionContext,
    table: &Table,
    connection: &Connection,
    zone: Zone,
) -> Result<Vec<Vec<Value>>, SourceError> {
    let stored = |(_, column): &(usize, &crate::model::Column)| matches!(column.kind, ColumnKind::Stored { .. });
    let columns: BTreeSet<usize> = table.columns.iter().enumerate().filter(stored).map(|(i, _)| i).collect();
    let opened = open(ctx, table, connection, zone, &Wanted { columns: &columns, bounds: None }).await?;
    let failed = |e: DataFusionError| {
        source_error(&e).unwrap_or_else(|| {
            SourceError::new(READ_FAILED, format!("de rijen van `{}` zijn niet te lezen", table.full_name()))
                .help(format!("de rekenmotor meldt: {}", e.strip_backtrace().lines().next().unwrap_or_default()))
        })
    };
    let frame = ctx.execute_logical_plan(opened.plan).await.map_err(failed)?;
    let mut rows = Vec::new();
    // by partition, so that the order of rows does not depend on the speed of threads
    for batch in frame.collect_partitioned().await.map_err(failed)?.into_iter().flatten() {
        for row in 0..batch.num_rows() {
            let value = |index: usize| {
                let Some(column) = table.columns.get(index).filter(|_| columns.contains(&index)) else {
                    return Value::Empty;
                };
                batch.column_by_name(&column.name).map_or(Value::Empty, |array| value_at(array, row, column.ty))
            };
            rows.push((0..table.columns.len()).map(value).collect());
        }
    }
    Ok(rows)
}

/// The value in a row of a column in canonical form.
pub fn value_at(array: &ArrayRef, row: usize, ty: Type) -> Value {
    if array.is_null(row) {
        return Value::Empty;
    }
    if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
        let number = numbers.value(row);
        return if ty == Type::Money { Value::Money(i128::from(number)) } else { Value::Int(number) };
    }
    if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        return Value::Float(numbers.value(row));
    }
    if let Some(truths) = array.as_boolean_opt() {
        return Value::Bool(truths.value(row));
    }
    array.as_string_view_opt().map_or(Value::Empty, |texts| Value::Text(texts.value(row).to_owned()))
}
