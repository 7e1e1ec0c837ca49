//! The sum of the greatest values of a group: of a percentage of them, rounded up. All values of a group are kept, and the
//! greatest are found by selection; values that are equal at the border are worth the same, so the sum is one.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, Float64Array};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};

use super::exact::ExactSum;
use super::groups::{Grouped, Single};
use super::percentile::{Kind, Values, key_field};

/// As sums of whole numbers have.
const PRECISION: u8 = 38;

/// The sum of the greatest `percent` percent of the filled values of `value` (Int64 or Float64), as Decimal128(38, 0) or
/// Float64; empty over none.
#[must_use]
pub fn top_sum(value: Expr, percent: f64) -> Expr {
    let function = TopSum { percent: percent.to_bits(), signature: Signature::any(1, Volatility::Immutable) };
    AggregateUDF::new_from_impl(function).call(vec![value])
}

/// How many of `count` values are `percent` percent of them: rounded up, so at least one of any. Percentages are taken
/// with nine decimals, so that 7 % of 100 is 7 and not, by a rounding of floats, 8.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 10^11")]
fn top_count(percent: f64, count: usize) -> usize {
    const PARTS: f64 = 1e9;
    let parts = (percent.clamp(0.0, 100.0) * PARTS).round() as u128;
    let found = (parts * count as u128).div_ceil(100 * PARTS as u128);
    usize::try_from(found).unwrap_or(count).min(count)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct TopSum {
    /// The bits of the percentage: part of what the function is.
    percent: u64,
    signature: Signature,
}

impl TopSum {
    fn groups(&self, args: &AccumulatorArgs) -> Result<Tops> {
        Ok(Tops { percent: f64::from_bits(self.percent), values: Values::new(args, Vec::new())? })
    }
}

impl AggregateUDFImpl for TopSum {
    fn name(&self) -> &'static str {
        "som_van_top"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        match arguments {
            [DataType::Int64] => Ok(DataType::Decimal128(PRECISION, 0)),
            [DataType::Float64] => Ok(DataType::Float64),
            other => internal_err!("the greatest of {other:?}"),
        }
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let list = DataType::LargeList(Arc::new(key_field()));
        Ok(vec![Arc::new(Field::new(format_state_name(args.name, "waarden"), list, true))])
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single(self.groups(&args)?)))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(self.groups(&args)?))
    }
}

/// All values per group.
#[derive(Debug)]
struct Tops {
    percent: f64,
    values: Values,
}

impl Tops {
    /// The keys of the greatest values of a group; none of none.
    fn greatest<'v>(&self, keys: &'v mut [i64]) -> Option<&'v [i64]> {
        let rest = keys.len() - top_count(self.percent, keys.len());
        if rest > 0 {
            keys.select_nth_unstable(rest);
        }
        keys.get(rest..).filter(|top| !top.is_empty())
    }
}

impl Grouped for Tops {
    fn grow(&mut self, groups: usize) {
        self.values.grow(groups);
    }
}

impl GroupsAccumulator for Tops {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.values.update_batch(values, group_indices, opt_filter, total_num_groups)
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.values.merge_batch(values, group_indices, total_num_groups)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let mut groups = self.values.emit(emit_to);
        let tops = groups.iter_mut().map(|keys| self.greatest(keys));
        if self.values.kind == Kind::Int {
            let sums = tops.map(|top| top.map(|top| top.iter().map(|&n| i128::from(n)).sum::<i128>()));
            let array: Decimal128Array = sums.collect();
            return Ok(Arc::new(array.with_precision_and_scale(PRECISION, 0)?));
        }
        let sums = tops.map(|top| {
            top.map(|top| {
                let mut sum = ExactSum::default();
                for &key in top {
                    sum.add(self.values.float(key));
                }
                sum.value()
            })
        });
        Ok(Arc::new(sums.collect::<Float64Array>()))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        self.values.state(emit_to)
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        self.values.convert_to_state(values, opt_filter)
    }

    fn size(&self) -> usize {
        self.values.size()
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray, Int64Array};
    use arrow::datatypes::{Decimal128Type, Float64Type};

    use super::*;

    fn tops(kind: Kind, percent: f64) -> Tops {
        Tops { percent, values: Values::of(kind, Vec::new()) }
    }

    #[test]
    fn the_number_is_rounded_up_and_not_by_floats() {
        let cases = [(7.0, 100, 7), (7.0, 101, 8), (7.0, 10, 1), (7.0, 1, 1), (7.0, 0, 0), (33.3, 1000, 333)];
        for (percent, count, expected) in cases {
            assert_eq!(top_count(percent, count), expected, "{percent} of {count}");
        }
        assert_eq!(top_count(100.0, 13), 13);
        assert_eq!(top_count(0.1, 3000), 3);
        // 7 % of n, wherever that is whole.
        assert!((1..2000).all(|n| top_count(7.0, n * 100) == n * 7));
    }

    #[test]
    fn the_greatest_are_summed_with_filter_merge_and_ties() {
        let values: ArrayRef = Arc::new(Int64Array::from(vec![Some(5), Some(-1), None, Some(5), Some(2), Some(9)]));
        let filter = BooleanArray::from(vec![true, true, true, true, true, false]);
        let mut found = tops(Kind::Int, 25.0);
        found.update_batch(std::slice::from_ref(&values), &[0; 6], Some(&filter), 2).expect("an update");
        let state = found.state(EmitTo::All).expect("a state");
        found.merge_batch(&state, &[0, 1], 2).expect("a merge");
        let result = found.evaluate(EmitTo::All).expect("sums");
        assert_eq!(result.as_primitive::<Decimal128Type>().value(0), 5);
        assert!(result.is_null(1));
    }

    #[test]
    fn floats_are_summed_exactly() {
        let values: ArrayRef = Arc::new(Float64Array::from(vec![1e100, 1.0, -1e100, 0.25]));
        let mut found = tops(Kind::Float, 100.0);
        found.update_batch(&[values], &[0; 4], None, 1).expect("an update");
        let result = found.evaluate(EmitTo::All).expect("sums");
        assert_eq!(result.as_primitive::<Float64Type>().value(0).to_bits(), 1.25_f64.to_bits());
    }
}
