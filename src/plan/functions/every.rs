//! `alle(a, b, …)`: whether all conditions are `ja`; an empty answer is `nee`. What decides if a row counts needs no third
//! value, and eight conditions are eight passes over bits instead of eight columns with their own nulls.

use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Whether all `conditions` (Boolean) are `ja`, each taken once; one alone is itself, and none gives none.
#[must_use]
pub fn every(conditions: Vec<Expr>) -> Option<Expr> {
    let mut distinct: Vec<Expr> = Vec::new();
    for condition in conditions {
        if !distinct.contains(&condition) {
            distinct.push(condition);
        }
    }
    if distinct.len() < 2 {
        return distinct.pop();
    }
    let signature = Signature::any(distinct.len(), Volatility::Immutable);
    Some(ScalarUDF::new_from_impl(Every { signature }).call(distinct))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Every {
    signature: Signature,
}

impl ScalarUDFImpl for Every {
    fn name(&self) -> &'static str {
        "alle"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name(), DataType::Boolean, false)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut all: Option<BooleanBuffer> = None;
        for arg in args.args {
            let array = arg.into_array(args.number_rows)?;
            let column = array.as_boolean_opt();
            let column = column.ok_or_else(|| internal_datafusion_err!("a condition of {}", array.data_type()))?;
            let yes = yes(column);
            all = Some(all.map_or_else(|| yes.clone(), |all| &all & &yes));
        }
        let all = all.unwrap_or_else(|| BooleanBuffer::new_set(args.number_rows));
        Ok(ColumnarValue::Array(Arc::new(BooleanArray::new(all, None))))
    }
}

/// The rows where a condition is `ja`.
pub fn yes(column: &BooleanArray) -> BooleanBuffer {
    match column.nulls().filter(|n| n.null_count() > 0) {
        None => column.values().clone(),
        Some(nulls) => column.values() & nulls.inner(),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::ArrayRef;
    use datafusion::common::ScalarValue;
    use datafusion::common::config::ConfigOptions;

    use super::*;

    #[test]
    fn an_empty_answer_is_no() {
        let a: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(true), Some(false), None]));
        let b: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(true), Some(true)]));
        let ask = |args: Vec<ColumnarValue>| {
            let args = ScalarFunctionArgs {
                arg_fields: Vec::new(),
                number_rows: 4,
                return_field: Arc::new(Field::new("x", DataType::Boolean, false)),
                config_options: Arc::new(ConfigOptions::new()),
                args,
            };
            let found = Every { signature: Signature::any(2, Volatility::Immutable) }.invoke_with_args(args);
            found.and_then(|f| f.into_array(4)).expect("an answer").as_boolean().clone()
        };
        let (a, b) = (ColumnarValue::Array(a), ColumnarValue::Array(b));
        let expected = BooleanArray::from(vec![true, false, false, false]);
        assert_eq!(ask(vec![a.clone(), b.clone()]), expected);
        assert_eq!(ask(vec![a.clone(), ColumnarValue::Scalar(ScalarValue::Boolean(None))]).true_count(), 0);
        assert_eq!(ask(vec![b, ColumnarValue::Scalar(ScalarValue::Boolean(Some(true))), a]), expected);
    }
}
