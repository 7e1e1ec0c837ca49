//! The least or the greatest of 64-bit integers, per group.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};

use super::groups::{Grouped, Single, counting, for_each_row, take};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extreme {
    Least,
    Greatest,
}

/// The extreme (Int64) of the filled values of `value` (Int64); empty over none.
#[must_use]
pub fn int_extreme(extreme: Extreme, value: Expr) -> Expr {
    let signature = Signature::any(1, Volatility::Immutable);
    AggregateUDF::new_from_impl(IntExtreme { extreme, signature }).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct IntExtreme {
    extreme: Extreme,
    signature: Signature,
}

impl AggregateUDFImpl for IntExtreme {
    fn name(&self) -> &'static str {
        match self.extreme {
            Extreme::Least => "minste",
            Extreme::Greatest => "meeste",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single(Extremes::new(self.extreme))))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Extremes::new(self.extreme)))
    }
}

/// Per group the extreme so far, and whether there was a value.
#[derive(Debug)]
struct Extremes {
    extreme: Extreme,
    values: Vec<i64>,
    seen: Vec<bool>,
}

impl Extremes {
    fn new(extreme: Extreme) -> Self {
        Self { extreme, values: Vec::new(), seen: Vec::new() }
    }

    fn update(
        &mut self,
        numbers: &Int64Array,
        groups: &[usize],
        filter: Option<&BooleanArray>,
        further: impl Fn(i64, i64) -> bool,
    ) {
        let values: &[i64] = numbers.values();
        for_each_row(groups, numbers.nulls(), filter, |row, group| {
            let known = self.values.get_mut(group).zip(self.seen.get_mut(group));
            if let (Some(&value), Some((known, seen))) = (values.get(row), known)
                && (!*seen || further(value, *known))
            {
                *known = value;
                *seen = true;
            }
        });
    }
}

impl Grouped for Extremes {
    fn grow(&mut self, groups: usize) {
        if self.values.len() < groups {
            self.values.resize(groups, 0);
            self.seen.resize(groups, false);
        }
    }
}

impl GroupsAccumulator for Extremes {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let numbers = first(values)?;
        match self.extreme {
            Extreme::Least => self.update(numbers, group_indices, opt_filter, |a, b| a < b),
            Extreme::Greatest => self.update(numbers, group_indices, opt_filter, |a, b| a > b),
        }
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.update_batch(values, group_indices, None, total_num_groups)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let values = take(&mut self.values, emit_to);
        let seen = take(&mut self.seen, emit_to);
        Ok(Arc::new(Int64Array::new(values.into(), Some(NullBuffer::from(seen)))))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit_to)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let numbers = first(values)?;
        let nulls = counting(numbers.nulls(), opt_filter).map(NullBuffer::new);
        Ok(vec![Arc::new(Int64Array::new(numbers.values().clone(), nulls))])
    }

    fn size(&self) -> usize {
        self.values.capacity() * size_of::<i64>() + self.seen.capacity()
    }
}

fn first(values: &[ArrayRef]) -> Result<&Int64Array> {
    let found = values.first().and_then(|array| array.as_primitive_opt::<Int64Type>());
    found.ok_or_else(|| internal_datafusion_err!("an extreme over something else than Int64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_group_with_filter_merge_and_state() {
        let values: ArrayRef = Arc::new(Int64Array::from(vec![Some(3), Some(-1), None, Some(9), Some(i64::MIN)]));
        let filter = BooleanArray::from(vec![Some(true), Some(true), Some(true), Some(false), None]);
        for (extreme, expected) in [(Extreme::Least, [Some(-1), Some(9)]), (Extreme::Greatest, [Some(3), Some(9)])] {
            let mut found = Extremes::new(extreme);
            found.update_batch(std::slice::from_ref(&values), &[0, 0, 1, 1, 1], Some(&filter), 3).expect("an update");
            let state = found.convert_to_state(&[Arc::new(Int64Array::from(vec![9]))], None).expect("a state");
            found.merge_batch(&state, &[1], 3).expect("a merge");
            let result = found.evaluate(EmitTo::All).expect("extremes");
            let [a, b] = expected;
            assert_eq!(result.as_primitive::<Int64Type>(), &Int64Array::from(vec![a, b, None]));
        }
    }
}
