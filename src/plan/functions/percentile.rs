//! Exact percentiles of one argument, several at once: all values of a group are kept, and the asked ranks are found by
//! selection. Linear between neighbours at rank 1 + p/100 · (n − 1), as Excel's PERCENTIEL.INC.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Float64Builder, Int64Array, LargeListArray, ListBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type};
use datafusion::common::{Result, internal_datafusion_err, internal_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};

use super::groups::{Grouped, Single, counting, for_each_row, take};

/// The percentiles (each 0–100) of the filled values of `value` (Int64 or Float64), as a List of Float64 in the order of
/// `percentiles`; empty over none.
#[must_use]
pub fn percentiles(value: Expr, percentiles: &[f64]) -> Expr {
    let function = Percentiles {
        ranks: percentiles.iter().map(|p| p.to_bits()).collect(),
        signature: Signature::any(1, Volatility::Immutable),
    };
    AggregateUDF::new_from_impl(function).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Percentiles {
    /// The bits of each percentile: part of what the function is.
    ranks: Arc<[u64]>,
    signature: Signature,
}

impl Percentiles {
    fn groups(&self, args: &AccumulatorArgs) -> Result<Values> {
        let ranks = self.ranks.iter().map(|&bits| f64::from_bits(bits)).collect();
        Values::new(args, ranks)
    }
}

impl AggregateUDFImpl for Percentiles {
    fn name(&self) -> &'static str {
        "percentielen"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true))))
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

/// The items of the state: values as sortable keys.
pub(super) fn key_field() -> Field {
    Field::new_list_field(DataType::Int64, false)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Float,
}

/// All values per group, floats as integers of the same order.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) kind: Kind,
    ranks: Vec<f64>,
    groups: Vec<Vec<i64>>,
    /// Values in all groups together.
    held: usize,
}

/// Floats ↔ integers of the same total order; its own inverse.
#[inline]
fn flip(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

#[inline]
fn key_of(x: f64) -> i64 {
    flip((x + 0.0).to_bits().cast_signed())
}

impl Values {
    /// Nothing so far; the kind is that of the argument.
    pub(super) fn new(args: &AccumulatorArgs, ranks: Vec<f64>) -> Result<Self> {
        let kind = match args.expr_fields.first().map(|f| f.data_type()) {
            Some(DataType::Int64) => Kind::Int,
            Some(DataType::Float64) => Kind::Float,
            other => return internal_err!("values of {other:?}"),
        };
        Ok(Self::of(kind, ranks))
    }

    pub(super) fn of(kind: Kind, ranks: Vec<f64>) -> Self {
        Self { kind, ranks, groups: Vec::new(), held: 0 }
    }

    /// The keys of the groups that are asked for.
    pub(super) fn emit(&mut self, emit_to: EmitTo) -> Vec<Vec<i64>> {
        let groups = take(&mut self.groups, emit_to);
        self.held = self.held.saturating_sub(groups.iter().map(Vec::len).sum());
        groups
    }

    /// The argument as keys.
    fn keys(&self, values: &[ArrayRef]) -> Result<Int64Array> {
        let array = values.first().ok_or_else(|| internal_datafusion_err!("percentiles of nothing"))?;
        let keys = match self.kind {
            Kind::Int => array.as_primitive_opt::<Int64Type>().cloned(),
            Kind::Float => array.as_primitive_opt::<Float64Type>().map(|floats| floats.unary(key_of)),
        };
        keys.ok_or_else(|| internal_datafusion_err!("percentiles over {}", array.data_type()))
    }

    #[expect(clippy::cast_precision_loss, reason = "percentiles are floats")]
    pub(super) fn float(&self, key: i64) -> f64 {
        match self.kind {
            Kind::Int => key as f64,
            Kind::Float => f64::from_bits(flip(key).cast_unsigned()),
        }
    }

    /// `low + part · (high − low)`, with the exact difference for integers.
    #[expect(clippy::cast_precision_loss, reason = "percentiles are floats")]
    fn between(&self, low: i64, high: i64, part: f64) -> f64 {
        let difference = match self.kind {
            Kind::Int => (i128::from(high) - i128::from(low)) as f64,
            Kind::Float => self.float(high) - self.float(low),
        };
        self.float(low) + part * difference
    }

    /// A percentile of values in any order, which are partly sorted on the way.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ranks")]
    fn percentile(&self, values: &mut [i64], percentile: f64) -> Option<f64> {
        let last = values.len().checked_sub(1)?;
        let rank = percentile * last as f64 / 100.0;
        let index = (rank.floor().max(0.0) as usize).min(last);
        let part = rank - index as f64;
        let (_, &mut low, above) = values.select_nth_unstable(index);
        match above.iter().min() {
            Some(&high) if part > 0.0 && high != low => Some(self.between(low, high, part)),
            _ => Some(self.float(low)),
        }
    }
}

impl Grouped for Values {
    fn grow(&mut self, groups: usize) {
        if self.groups.len() < groups {
            self.groups.resize(groups, Vec::new());
        }
    }
}

impl GroupsAccumulator for Values {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let keys = self.keys(values)?;
        let numbers: &[i64] = keys.values();
        for_each_row(group_indices, keys.nulls(), opt_filter, |row, group| {
            if let (Some(&key), Some(list)) = (numbers.get(row), self.groups.get_mut(group)) {
                list.push(key);
                self.held += 1;
            }
        });
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.grow(total_num_groups);
        let states = values.first().and_then(|array| array.as_list_opt::<i64>());
        let Some((states, keys)) = states.and_then(|s| Some((s, s.values().as_primitive_opt::<Int64Type>()?))) else {
            return internal_err!("the state of percentiles is no list of keys");
        };
        let offsets = states.value_offsets();
        for_each_row(group_indices, states.nulls(), None, |row, group| {
            let range = offsets.get(row..row + 2).and_then(|ends| match ends {
                [from, to] => Some(usize::try_from(*from).ok()?..usize::try_from(*to).ok()?),
                _ => None,
            });
            let found = range.and_then(|range| keys.values().get(range));
            if let (Some(found), Some(list)) = (found, self.groups.get_mut(group)) {
                list.extend_from_slice(found);
                self.held += found.len();
            }
        });
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = take(&mut self.groups, emit_to);
        let mut lists = ListBuilder::new(Float64Builder::new());
        for mut values in groups {
            self.held = self.held.saturating_sub(values.len());
            if values.is_empty() {
                lists.append_null();
                continue;
            }
            for &percentile in &self.ranks {
                let found = self.percentile(&mut values, percentile);
                lists.values().append_option(found);
            }
            lists.append(true);
        }
        Ok(Arc::new(lists.finish()))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let groups = take(&mut self.groups, emit_to);
        let offsets = OffsetBuffer::from_lengths(groups.iter().map(Vec::len));
        let keys = Int64Array::from(groups.concat());
        self.held = self.held.saturating_sub(keys.len());
        Ok(vec![Arc::new(LargeListArray::try_new(Arc::new(key_field()), offsets, Arc::new(keys), None)?)])
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let keys = self.keys(values)?;
        let nulls = counting(keys.nulls(), opt_filter).map(NullBuffer::new);
        let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(1, keys.len()));
        let keys = Int64Array::new(keys.values().clone(), None);
        Ok(vec![Arc::new(LargeListArray::try_new(Arc::new(key_field()), offsets, Arc::new(keys), nulls)?)])
    }

    fn size(&self) -> usize {
        self.groups.capacity() * size_of::<Vec<i64>>() + self.held * size_of::<i64>()
    }
}

/// The percentiles that a list of results holds in a row.
#[must_use]
pub fn row_of(list: &dyn Array, row: usize) -> Option<Float64Array> {
    let lists = list.as_list_opt::<i32>()?;
    (row < lists.len() && lists.is_valid(row)).then(|| lists.value(row).as_primitive_opt::<Float64Type>().cloned())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(kind: Kind, ranks: &[f64]) -> Values {
        Values::of(kind, ranks.to_vec())
    }

    fn answer(values: &mut Values) -> Vec<Option<Vec<f64>>> {
        let result = values.evaluate(EmitTo::All).expect("percentiles");
        (0..result.len()).map(|row| row_of(&result, row).map(|list| list.values().to_vec())).collect()
    }

    #[test]
    fn as_excel_does() {
        let mut found = values(Kind::Int, &[0.0, 25.0, 50.0, 95.0, 100.0]);
        let column: ArrayRef = Arc::new(Int64Array::from(vec![Some(4), Some(1), None, Some(3), Some(2), Some(-9)]));
        let filter = BooleanArray::from(vec![true, true, true, true, true, false]);
        found.update_batch(&[column], &[0, 0, 0, 0, 0, 0], Some(&filter), 2).expect("an update");
        assert_eq!(answer(&mut found), vec![Some(vec![1.0, 1.75, 2.5, 3.0 + 0.85, 4.0]), None]);
    }

    #[test]
    fn states_merge_in_any_split() {
        let column = |list: Vec<Option<f64>>| -> ArrayRef { Arc::new(Float64Array::from(list)) };
        let all = vec![Some(-1.5), Some(0.5), None, Some(-0.0), Some(1e9), Some(-7.25)];
        let mut whole = values(Kind::Float, &[10.0, 50.0]);
        whole.update_batch(&[column(all.clone())], &[0; 6], None, 1).expect("an update");
        let mut parts = values(Kind::Float, &[10.0, 50.0]);
        let rows = parts.convert_to_state(&[column(all.clone())], None).expect("rows");
        parts.merge_batch(&rows, &[0; 6], 1).expect("a merge");
        let state = parts.state(EmitTo::All).expect("a state");
        parts.merge_batch(&state, &[0], 1).expect("a merge");
        let expected = vec![Some(vec![-7.25 + 0.4 * 5.75, 0.0])];
        assert_eq!(answer(&mut whole), expected);
        assert_eq!(answer(&mut parts), expected);
    }
}
