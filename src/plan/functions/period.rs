//! `periode(t)`: the index of the period that holds a raw 64-bit axis value. The hottest function of a scan: it remembers
//! the last hit, because neighbouring rows mostly share a period. It does not know whether values are days or µs.

use std::sync::Arc;

use arrow::array::{Array, AsArray, Int32Array, Int64Array};
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The answer for an empty value.
pub const UNPLACED: i32 = -1;
/// The answer for a value before the first bound, or from the last one on.
pub const OUTSIDE: i32 = -2;

/// The period of `value` (Int64): i where `bounds[i] <= value < bounds[i + 1]`, as an Int32 that is never empty.
/// `bounds` ascend.
#[must_use]
pub fn period_of(bounds: &[i64], value: Expr) -> Expr {
    let function = PeriodOf { bounds: bounds.into(), signature: Signature::any(1, Volatility::Immutable) };
    ScalarUDF::new_from_impl(function).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct PeriodOf {
    bounds: Arc<[i64]>,
    signature: Signature,
}

impl ScalarUDFImpl for PeriodOf {
    fn name(&self) -> &'static str {
        "periode"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int32)
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name(), DataType::Int32, false)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match args.args.as_slice() {
            [ColumnarValue::Array(array)] => {
                let Some(values) = array.as_primitive_opt::<Int64Type>() else {
                    return internal_err!("periode over {}", array.data_type());
                };
                Ok(ColumnarValue::Array(Arc::new(periods(&self.bounds, values))))
            }
            [ColumnarValue::Scalar(ScalarValue::Int64(value))] => {
                let slot = value.map_or(UNPLACED, |t| Finder::new(&self.bounds).find(t));
                Ok(ColumnarValue::Scalar(ScalarValue::Int32(Some(slot))))
            }
            _ => internal_err!("periode with other arguments than one Int64"),
        }
    }
}

/// The periods of a column.
fn periods(bounds: &[i64], values: &Int64Array) -> Int32Array {
    let mut finder = Finder::new(bounds);
    let slots: Vec<i32> = match values.nulls().filter(|n| n.null_count() > 0) {
        None => values.values().iter().map(|&t| finder.find(t)).collect(),
        Some(nulls) => {
            let pairs = values.values().iter().zip(nulls.iter());
            pairs.map(|(&t, filled)| if filled { finder.find(t) } else { UNPLACED }).collect()
        }
    };
    Int32Array::from(slots)
}

/// Looks values up, first in the range of the last hit.
struct Finder<'a> {
    bounds: &'a [i64],
    /// The range of the last hit, half open, and its answer.
    low: i64,
    high: i64,
    slot: i32,
}

impl<'a> Finder<'a> {
    fn new(bounds: &'a [i64]) -> Self {
        Self { bounds, low: 0, high: 0, slot: OUTSIDE }
    }

    #[inline]
    fn find(&mut self, value: i64) -> i32 {
        if value < self.low || value >= self.high {
            self.search(value);
        }
        self.slot
    }

    #[inline(never)]
    fn search(&mut self, value: i64) {
        let after = self.bounds.partition_point(|&bound| bound <= value);
        self.low = after.checked_sub(1).and_then(|i| self.bounds.get(i)).copied().unwrap_or(i64::MIN);
        self.high = self.bounds.get(after).copied().unwrap_or(i64::MAX);
        let inside = after > 0 && after < self.bounds.len();
        self.slot = if inside { i32::try_from(after - 1).unwrap_or(OUTSIDE) } else { OUTSIDE };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_value() {
        let values = Int64Array::from(vec![
            Some(9),
            Some(10),
            Some(19),
            None,
            Some(20),
            Some(29),
            Some(30),
            Some(i64::MIN),
            Some(i64::MAX),
            Some(12),
        ]);
        let found = periods(&[10, 20, 30], &values);
        assert_eq!(found.values(), &[-2, 0, 0, -1, 1, 1, -2, -2, -2, 0]);
    }

    #[test]
    fn a_first_bound_without_beginning() {
        let found = periods(&[i64::MIN, 0, 5], &Int64Array::from(vec![i64::MIN, -1, 0, 4, 5]));
        assert_eq!(found.values(), &[0, 0, 1, 1, -2]);
    }

    #[test]
    fn without_bounds_all_is_outside() {
        assert_eq!(periods(&[], &Int64Array::from(vec![1, 2])).values(), &[-2, -2]);
        assert_eq!(periods(&[1], &Int64Array::from(vec![0, 1])).values(), &[-2, -2]);
    }
}
