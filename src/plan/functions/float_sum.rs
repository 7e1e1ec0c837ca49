//! The correctly rounded sum of floats as an aggregate: independent of the order of rows and of partitions.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryBuilder, BooleanArray, Float64Array};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};

use super::exact::ExactSum;
use super::groups::{Grouped, Single, for_each_row, take};

/// The sum (Float64) of the filled values of `value` (Float64); empty over none, NaN where a value is NaN.
#[must_use]
pub fn float_sum(value: Expr) -> Expr {
    AggregateUDF::new_from_impl(FloatSum { signature: Signature::any(1, Volatility::Immutable) }).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct FloatSum {
    signature: Signature,
}

impl AggregateUDFImpl for FloatSum {
    fn name(&self) -> &'static str {
        "som_vast"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format_state_name(args.name, "som"), DataType::Binary, true))])
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single(FloatSums::default())))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(FloatSums::default()))
    }
}

/// Per group the running sum, none where no value was seen.
#[derive(Debug, Default)]
struct FloatSums {
    sums: Vec<Option<ExactSum>>,
}

impl FloatSums {
    #[inline]
    fn sum(&mut self, group: usize) -> Option<&mut ExactSum> {
        self.sums.get_mut(group).map(Option::get_or_insert_default)
    }
}

impl Grouped for FloatSums {
    fn grow(&mut self, groups: usize) {
        if self.sums.len() < groups {
            self.sums.resize(groups, None);
        }
    }
}

impl GroupsAccumulator for FloatSums {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let values = first(values)?;
        let numbers: &[f64] = values.values();
        for_each_row(group_indices, values.nulls(), opt_filter, |row, group| {
            if let (Some(&value), Some(sum)) = (numbers.get(row), self.sum(group)) {
                sum.add(value);
            }
        });
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.grow(total_num_groups);
        let Some(states) = values.first().and_then(|array| array.as_binary_opt::<i32>()) else {
            return Err(internal_datafusion_err!("the state of a sum of floats is not Binary"));
        };
        for (bytes, &group) in states.iter().zip(group_indices) {
            if let (Some(mut theirs), Some(sum)) = (bytes.and_then(ExactSum::decode), self.sum_if(bytes, group)) {
                sum.merge(&mut theirs);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let sums = take(&mut self.sums, emit_to);
        let array: Float64Array = sums.iter().map(|sum| sum.as_ref().map(ExactSum::value)).collect();
        Ok(Arc::new(array))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut states = BinaryBuilder::new();
        let mut bytes = Vec::new();
        for sum in take(&mut self.sums, emit_to) {
            if let Some(mut sum) = sum {
                bytes.clear();
                sum.encode(&mut bytes);
                states.append_value(&bytes);
            } else {
                states.append_null();
            }
        }
        Ok(vec![Arc::new(states.finish())])
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let mut rows = Self::default();
        let count = values.first().map_or(0, Array::len);
        let groups: Vec<usize> = (0..count).collect();
        rows.update_batch(values, &groups, opt_filter, count)?;
        rows.state(EmitTo::All)
    }

    fn size(&self) -> usize {
        // A sum of everyday numbers holds about six digits; exact counting would cost a walk per batch.
        self.sums.capacity() * (size_of::<Option<ExactSum>>() + 6 * size_of::<i64>())
    }
}

impl FloatSums {
    /// The sum of a group, made only where there is a state to merge.
    fn sum_if(&mut self, bytes: Option<&[u8]>, group: usize) -> Option<&mut ExactSum> {
        bytes.and_then(|_| self.sum(group))
    }
}

fn first(values: &[ArrayRef]) -> Result<&Float64Array> {
    let found = values.first().and_then(|array| array.as_primitive_opt::<Float64Type>());
    found.ok_or_else(|| internal_datafusion_err!("a sum of floats over something else than Float64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_filters_and_states() {
        let values: ArrayRef =
            Arc::new(Float64Array::from(vec![Some(1e100), Some(1.0), None, Some(-1e100), Some(9.0)]));
        let filter = BooleanArray::from(vec![Some(true), Some(true), Some(true), Some(true), None]);
        let mut sums = FloatSums::default();
        sums.update_batch(std::slice::from_ref(&values), &[0, 0, 1, 0, 0], Some(&filter), 2).expect("an update");
        let states = sums.convert_to_state(&[values], Some(&filter)).expect("states");
        sums.merge_batch(&states, &[0, 0, 1, 0, 0], 2).expect("a merge");
        let states = sums.state(EmitTo::All).expect("a state");
        sums.merge_batch(&states, &[0, 1], 2).expect("a merge");
        let result = sums.evaluate(EmitTo::All).expect("sums");
        assert_eq!(result.as_primitive::<Float64Type>(), &Float64Array::from(vec![Some(2.0), None]));
    }
}
