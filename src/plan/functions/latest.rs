//! `laatste`: the value of the row with the greatest (order, ties…, value) among the rows whose order and value are
//! filled. Mergeable, and the same in every order of rows.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryBuilder, BooleanArray, Int64Array, StructArray, UInt32Array};
use arrow::buffer::NullBuffer;
use arrow::compute::{SortOptions, take as take_rows};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Int64Type};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{Result, internal_datafusion_err, internal_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};

use super::groups::{Grouped, Single, for_each_row, take};

/// The latest row by `order` (Int64), then `ties`, then `value`: a Struct of them, in that order (fields `k0`, `k1`, …);
/// empty over none. An empty tie is the greatest.
#[must_use]
pub fn latest(order: Expr, ties: Vec<Expr>, value: Expr) -> Expr {
    let mut args = vec![order];
    args.extend(ties);
    args.push(value);
    let signature = Signature::any(args.len(), Volatility::Immutable);
    AggregateUDF::new_from_impl(Latest { signature }).call(args)
}

/// The name of a field of the result.
#[must_use]
pub fn field_name(index: usize) -> String {
    format!("k{index}")
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Latest {
    signature: Signature,
}

fn fields(types: impl Iterator<Item = DataType>) -> Fields {
    types.enumerate().map(|(i, ty)| Field::new(field_name(i), ty, true)).collect()
}

impl Latest {
    fn groups(args: &AccumulatorArgs) -> Result<Rows> {
        let fields = fields(args.expr_fields.iter().map(|f| f.data_type().clone()));
        // All but the order, which is compared by itself.
        let sort = SortOptions { descending: false, nulls_first: false };
        let keys = fields.iter().skip(1).map(|f| SortField::new_with_options(f.data_type().clone(), sort)).collect();
        Ok(Rows { converter: RowConverter::new(keys)?, fields, best: Vec::new(), newest: Vec::new(), held: 0 })
    }
}

impl AggregateUDFImpl for Latest {
    fn name(&self) -> &'static str {
        "laatste"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(fields(types.iter().cloned())))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![
            Arc::new(Field::new(format_state_name(args.name, "volgorde"), DataType::Int64, true)),
            Arc::new(Field::new(format_state_name(args.name, "rij"), DataType::Binary, true)),
        ])
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single(Self::groups(&args)?)))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Self::groups(&args)?))
    }
}

/// The best row of a group so far: its order, and its ties and value in Arrow's row format, which compares as bytes.
#[derive(Clone, Debug)]
struct Best {
    order: i64,
    row: Vec<u8>,
}

#[derive(Debug)]
struct Rows {
    converter: RowConverter,
    fields: Fields,
    best: Vec<Option<Best>>,
    /// Per group the greatest order seen in rows: at least that of the best row.
    newest: Vec<i64>,
    /// Bytes of all rows together.
    held: usize,
}

impl Rows {
    fn offer(&mut self, group: usize, order: i64, row: &[u8]) {
        if let Some(newest) = self.newest.get_mut(group) {
            *newest = order.max(*newest);
        }
        match self.best.get_mut(group) {
            Some(Some(best)) if (best.order, best.row.as_slice()) < (order, row) => {
                self.held = self.held.saturating_sub(best.row.len()) + row.len();
                best.order = order;
                best.row.clear();
                best.row.extend_from_slice(row);
            }
            Some(best @ None) => {
                self.held += row.len();
                *best = Some(Best { order, row: row.to_vec() });
            }
            _ => {}
        }
    }

    /// The rows that may be a group's latest: only those with the greatest order in this batch are worth comparing.
    fn candidates(
        &mut self,
        orders: &Int64Array,
        value: &dyn Array,
        groups: &[usize],
        filter: Option<&BooleanArray>,
    ) -> Vec<u32> {
        let nulls = NullBuffer::union(orders.nulls(), value.logical_nulls().as_ref());
        for_each_row(groups, nulls.as_ref(), filter, |row, group| {
            if let (Some(newest), Some(&order)) = (self.newest.get_mut(group), orders.values().get(row)) {
                *newest = order.max(*newest);
            }
        });
        let mut rows = Vec::new();
        for_each_row(groups, nulls.as_ref(), filter, |row, group| {
            if orders.values().get(row) == self.newest.get(group) {
                rows.extend(u32::try_from(row));
            }
        });
        rows
    }
}

impl Grouped for Rows {
    fn grow(&mut self, groups: usize) {
        if self.best.len() < groups {
            self.best.resize(groups, None);
            self.newest.resize(groups, i64::MIN);
        }
    }
}

impl GroupsAccumulator for Rows {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let [order, keys @ ..] = values else {
            return internal_err!("laatste without an order");
        };
        let (Some(orders), Some(value)) = (order.as_primitive_opt::<Int64Type>(), keys.last()) else {
            return internal_err!("laatste with an order of {}", order.data_type());
        };
        let candidates = UInt32Array::from(self.candidates(orders, value, group_indices, opt_filter));
        if candidates.is_empty() {
            return Ok(());
        }
        let keys: Vec<ArrayRef> = keys.iter().map(|key| take_rows(key, &candidates, None)).collect::<Result<_, _>>()?;
        let rows = self.converter.convert_columns(&keys)?;
        for (&row, key) in candidates.values().iter().zip(rows.iter()) {
            let row = row as usize;
            if let (Some(&group), Some(&order)) = (group_indices.get(row), orders.values().get(row)) {
                self.offer(group, order, key.data());
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.grow(total_num_groups);
        let [orders, rows] = values else {
            return internal_err!("the state of laatste has two columns");
        };
        let (Some(orders), Some(rows)) = (orders.as_primitive_opt::<Int64Type>(), rows.as_binary_opt::<i32>()) else {
            return internal_err!("the state of laatste is not Int64 and Binary");
        };
        for ((order, row), &group) in orders.iter().zip(rows.iter()).zip(group_indices) {
            if let (Some(order), Some(row)) = (order, row) {
                self.offer(group, order, row);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let best = take(&mut self.best, emit_to);
        take(&mut self.newest, emit_to);
        let parser = self.converter.parser();
        let rows = best.iter().flatten().map(|best| parser.parse(&best.row));
        let found = self.converter.convert_rows(rows)?;
        // Back to one row per group, the empty ones included.
        let mut next = 0;
        let places: UInt32Array = best
            .iter()
            .map(|best| {
                best.as_ref().map(|_| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
        let orders: Int64Array = best.iter().map(|best| best.as_ref().map(|best| best.order)).collect();
        let nulls = orders.nulls().cloned();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(orders)];
        for column in &found {
            columns.push(take_rows(column, &places, None)?);
        }
        let gone: usize = best.iter().flatten().map(|best| best.row.len()).sum();
        self.held = self.held.saturating_sub(gone);
        Ok(Arc::new(StructArray::try_new(self.fields.clone(), columns, nulls)?))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let best = take(&mut self.best, emit_to);
        take(&mut self.newest, emit_to);
        let orders: Int64Array = best.iter().map(|best| best.as_ref().map(|best| best.order)).collect();
        let mut rows = BinaryBuilder::new();
        for best in &best {
            rows.append_option(best.as_ref().map(|best| &best.row));
        }
        let gone: usize = best.iter().flatten().map(|best| best.row.len()).sum();
        self.held = self.held.saturating_sub(gone);
        Ok(vec![Arc::new(orders), Arc::new(rows.finish())])
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let [order, keys @ ..] = values else {
            return internal_err!("laatste without an order");
        };
        let (Some(orders), Some(value)) = (order.as_primitive_opt::<Int64Type>(), keys.last()) else {
            return internal_err!("laatste with an order of {}", order.data_type());
        };
        let nulls = NullBuffer::union(orders.nulls(), value.logical_nulls().as_ref());
        let counting = super::groups::counting(nulls.as_ref(), opt_filter).map(NullBuffer::new);
        let rows = self.converter.convert_columns(keys)?;
        let mut states = BinaryBuilder::new();
        for (index, row) in rows.iter().enumerate() {
            let counts = counting.as_ref().is_none_or(|bits| bits.is_valid(index));
            states.append_option(counts.then(|| row.data()));
        }
        Ok(vec![Arc::new(Int64Array::new(orders.values().clone(), counting)), Arc::new(states.finish())])
    }

    fn size(&self) -> usize {
        self.best.capacity() * (size_of::<Option<Best>>() + size_of::<i64>()) + self.held + self.converter.size()
    }
}

/// A column of a result: field `index` of the struct.
///
/// # Errors
/// When the result has no such field.
pub fn column(result: &dyn Array, index: usize) -> Result<&ArrayRef> {
    let found = result.as_struct_opt().and_then(|rows| rows.columns().get(index));
    found.ok_or_else(|| internal_datafusion_err!("laatste gives no field {index}"))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, StringViewArray};

    use super::*;

    fn rows() -> Rows {
        let fields = fields([DataType::Int64, DataType::Utf8View, DataType::Float64].into_iter());
        let sort = SortOptions { descending: false, nulls_first: false };
        let keys = fields.iter().skip(1).map(|f| SortField::new_with_options(f.data_type().clone(), sort)).collect();
        Rows {
            converter: RowConverter::new(keys).expect("a converter"),
            fields,
            best: Vec::new(),
            newest: Vec::new(),
            held: 0,
        }
    }

    fn values() -> Vec<ArrayRef> {
        vec![
            Arc::new(Int64Array::from(vec![Some(1), Some(9), Some(9), Some(9), None, Some(99), Some(5)])),
            Arc::new(StringViewArray::from(vec!["z", "a", "b", "b", "c", "d", "e"])),
            Arc::new(Float64Array::from(vec![Some(1.), Some(2.), Some(3.), Some(4.), Some(5.), None, Some(7.)])),
        ]
    }

    fn check(found: &mut Rows) {
        let result = found.evaluate(EmitTo::All).expect("rows");
        assert_eq!(column(&result, 0).expect("orders").as_primitive::<Int64Type>().value(0), 9);
        assert_eq!(column(&result, 1).expect("ties").as_string_view().value(0), "b");
        let value = column(&result, 2).expect("values").as_primitive::<arrow::datatypes::Float64Type>();
        assert!((value.value(0) - 4.0).abs() < f64::EPSILON);
        assert!(result.is_null(1));
        assert!((value.value(2) - 7.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_greatest_tuple_with_a_value() {
        let groups = [0, 0, 0, 0, 0, 0, 2];
        let mut found = rows();
        found.update_batch(&values(), &groups, None, 3).expect("an update");
        check(&mut found);
        let mut merged = rows();
        let states = merged.convert_to_state(&values(), None).expect("states");
        merged.merge_batch(&states, &groups, 3).expect("a merge");
        let states = merged.state(EmitTo::All).expect("a state");
        merged.merge_batch(&states, &[0, 1, 2], 3).expect("a merge");
        check(&mut merged);
    }

    #[test]
    fn the_filter_decides() {
        let filter = BooleanArray::from(vec![Some(true), Some(false), None, Some(false), Some(true), Some(true), None]);
        let mut found = rows();
        found.update_batch(&values(), &[0; 7], Some(&filter), 1).expect("an update");
        let result = found.evaluate(EmitTo::All).expect("rows");
        assert_eq!(column(&result, 0).expect("orders").as_primitive::<Int64Type>().value(0), 1);
    }
}
