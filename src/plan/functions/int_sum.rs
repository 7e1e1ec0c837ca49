//! The exact sum of 64-bit integers in 128 bits: no overflow below 2^64 rows, no order.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Decimal128Type, Int64Type};
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};

use super::groups::{Grouped, Single, counting, for_each_row, take};

/// Ten to the 38th exceeds 2^126: enough for 2^62 rows of the largest 64-bit number.
const PRECISION: u8 = 38;

/// The sum (Decimal128(38, 0)) of the filled values of `value` (Int64); empty over none.
#[must_use]
pub fn int_sum(value: Expr) -> Expr {
    AggregateUDF::new_from_impl(IntSum { signature: Signature::any(1, Volatility::Immutable) }).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct IntSum {
    signature: Signature,
}

impl AggregateUDFImpl for IntSum {
    fn name(&self) -> &'static str {
        "som_exact"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Decimal128(PRECISION, 0))
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single(IntSums::default())))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(IntSums::default()))
    }
}

/// Per group the sum, and whether there was a value.
#[derive(Debug, Default)]
struct IntSums {
    sums: Vec<i128>,
    seen: Vec<bool>,
}

impl IntSums {
    #[inline]
    fn add(&mut self, group: usize, value: i128) {
        if let (Some(sum), Some(seen)) = (self.sums.get_mut(group), self.seen.get_mut(group)) {
            *sum = sum.wrapping_add(value);
            *seen = true;
        }
    }
}

impl Grouped for IntSums {
    fn grow(&mut self, groups: usize) {
        if self.sums.len() < groups {
            self.sums.resize(groups, 0);
            self.seen.resize(groups, false);
        }
    }
}

impl GroupsAccumulator for IntSums {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let values = first::<Int64Type>(values)?;
        let numbers: &[i64] = values.values();
        for_each_row(group_indices, values.nulls(), opt_filter, |row, group| {
            if let Some(&value) = numbers.get(row) {
                self.add(group, value.into());
            }
        });
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.grow(total_num_groups);
        let values = first::<Decimal128Type>(values)?;
        let numbers: &[i128] = values.values();
        for_each_row(group_indices, values.nulls(), None, |row, group| {
            if let Some(&value) = numbers.get(row) {
                self.add(group, value);
            }
        });
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let sums = take(&mut self.sums, emit_to);
        let seen = take(&mut self.seen, emit_to);
        let array = Decimal128Array::new(sums.into(), Some(NullBuffer::from(seen)));
        Ok(Arc::new(array.with_precision_and_scale(PRECISION, 0)?))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit_to)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let values = first::<Int64Type>(values)?;
        let numbers: Vec<i128> = values.values().iter().map(|&v| v.into()).collect();
        let nulls = counting(values.nulls(), opt_filter).map(NullBuffer::new);
        let array = Decimal128Array::new(numbers.into(), nulls).with_precision_and_scale(PRECISION, 0)?;
        Ok(vec![Arc::new(array)])
    }

    fn size(&self) -> usize {
        self.sums.capacity() * size_of::<i128>() + self.seen.capacity()
    }
}

fn first<T: arrow::datatypes::ArrowPrimitiveType>(values: &[ArrayRef]) -> Result<&arrow::array::PrimitiveArray<T>> {
    let found = values.first().and_then(|array| array.as_primitive_opt::<T>());
    found.ok_or_else(|| internal_datafusion_err!("a sum over something else than {}", T::DATA_TYPE))
}

#[cfg(test)]
mod tests {
    use arrow::array::Int64Array;

    use super::*;

    #[test]
    fn beyond_64_bits_with_filter_merge_and_state() {
        let values: ArrayRef =
            Arc::new(Int64Array::from(vec![Some(i64::MAX), Some(i64::MAX), None, Some(-7), Some(5)]));
        let filter = BooleanArray::from(vec![Some(true), Some(true), Some(true), Some(true), None]);
        let mut sums = IntSums::default();
        sums.update_batch(std::slice::from_ref(&values), &[0, 0, 2, 1, 1], Some(&filter), 3).expect("an update");
        let state = sums.convert_to_state(&[values], Some(&filter)).expect("a state");
        sums.merge_batch(&state, &[0, 0, 0, 1, 1], 3).expect("a merge");
        let result = sums.evaluate(EmitTo::All).expect("sums");
        let result = result.as_primitive::<Decimal128Type>();
        assert_eq!(result.value(0), 4 * i128::from(i64::MAX));
        assert_eq!(result.value(1), -14);
        assert!(result.is_null(2));
    }

    #[test]
    fn over_nothing_is_empty() {
        let mut single = Single(IntSums::default());
        assert!(single.evaluate().expect("a value").is_null());
    }
}
