//! Rows that are given as values (those of a toets) as a source: no file, the same plan. Knows no KPIs.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringViewArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};

use super::error::{READ_FAILED, SourceError};
use super::rows::{Wish, canonical_type};
use super::{identity, parquet};
use crate::model::{Table, Value};

/// Stands in for the columns where none is wanted: rows can still be counted.
const COUNTED: &str = "rij";

/// The plan of given rows, each with a value per column of the table; and what identifies their content.
///
/// # Errors
/// When DataFusion refuses them, which would be a fault of ours.
pub fn open(table: &Table, wishes: &[Wish], rows: &[Vec<Value>]) -> Result<(LogicalPlan, String), SourceError> {
    let failed =
        |_| SourceError::new(READ_FAILED, format!("de gegeven rijen van `{}` zijn niet te lezen", table.full_name()));
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for wish in wishes {
        let ty = canonical_type(wish.ty);
        let index = table.column_named(&wish.name);
        let values: Vec<&Value> =
            rows.iter().map(|row| index.and_then(|i| row.get(i)).unwrap_or(&Value::Empty)).collect();
        arrays.push(array(&ty, &values));
        fields.push(Field::new(&wish.name, ty, true));
    }
    let outputs = wishes.iter().map(|w| datafusion::logical_expr::ident(&w.name).alias(&w.name)).collect();
    if wishes.is_empty() {
        fields.push(Field::new(COUNTED, DataType::Int64, true));
        arrays.push(Arc::new(Int64Array::from(vec![1; rows.len()])));
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(|e| failed(e.into()))?;
    let source = provider_as_source(Arc::new(MemTable::try_new(schema, vec![vec![batch]]).map_err(failed)?));
    let plan = LogicalPlanBuilder::scan("bron", source, None).and_then(|scan| parquet::project(scan, outputs));
    let content = rows.iter().map(|row| format!("{row:?}")).collect();
    Ok((plan.map_err(failed)?, identity::together(content)))
}

/// A column in canonical form; a value of another form is empty.
fn array(ty: &DataType, values: &[&Value]) -> ArrayRef {
    let values = values.iter().copied();
    match ty {
        DataType::Boolean => {
            let truth = |v: &Value| if let Value::Bool(b) = v { Some(*b) } else { None };
            Arc::new(values.map(truth).collect::<BooleanArray>())
        }
        DataType::Int64 => {
            let whole = |v: &Value| match v {
                Value::Int(n) => Some(*n),
                Value::Money(m) => i64::try_from(*m).ok(),
                _ => None,
            };
            Arc::new(values.map(whole).collect::<Int64Array>())
        }
        DataType::Float64 => {
            let float = |v: &Value| if let Value::Float(x) = v { Some(*x) } else { None };
            Arc::new(values.map(float).collect::<Float64Array>())
        }
        _ => {
            let texts = values.map(|v| if let Value::Text(t) = v { Some(t.as_str()) } else { None });
            Arc::new(texts.collect::<StringViewArray>())
        }
    }
}
