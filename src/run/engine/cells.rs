//! From Arrow batches to cells: the positions come with the pass, the types from the columns.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StructArray};
use arrow::datatypes::{
    DataType, Decimal128Type, Float64Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::error::unexpected;
use crate::diagnostic::Diagnostic;
use crate::measure::{CellKey, CellTable, Member, Quantity};
use crate::model::Type;
use crate::plan::functions::percentile::row_of;
use crate::plan::functions::period::UNPLACED;
use crate::plan::functions::tally::tallied;
use crate::plan::{Pass, SetLayout};

/// Files the rows of a pass under their keys.
pub(super) struct Reader<'a> {
    pass: &'a Pass,
    /// Values in a cell.
    width: usize,
    tables: &'a mut [CellTable],
    unplaced: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(pass: &'a Pass, width: usize, tables: &'a mut [CellTable]) -> Self {
        Self { pass, width, tables, unplaced: 0 }
    }

    pub(super) fn unplaced(&self) -> u64 {
        self.unplaced
    }

    pub(super) fn read(&mut self, batch: &RecordBatch) -> Result<(), Diagnostic> {
        let column = |index: usize| batch.columns().get(index).ok_or_else(|| unexpected("te weinig kolommen"));
        let slots = column(self.pass.slot)?.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected("periode"))?;
        let counts = column(self.pass.rows)?.as_primitive_opt::<Int64Type>().ok_or_else(|| unexpected("aantal"))?;
        let grouping = self.pass.grouping.map(column).transpose()?;
        for row in 0..batch.num_rows() {
            let Some((index, set)) = self.set_of(grouping, row)? else { return Err(unexpected("groepering")) };
            let slot = slots.value(row);
            if slot == UNPLACED && index == 0 {
                self.unplaced += u64::try_from(counts.value(row)).unwrap_or(0);
            }
            let (Ok(slot), Some(&first)) = (usize::try_from(slot), set.targets.first()) else { continue };
            let members = set.members.iter().map(|&(at, ty)| member(column(at)?, ty, row));
            let key = CellKey { slot, members: members.collect::<Result<_, _>>()? };
            let mut values = vec![Quantity::None; self.width];
            for value in &self.pass.values {
                let into = values.get_mut(value.target..).unwrap_or_default();
                quantities(column(value.column)?, value.item, row, into)?;
            }
            for &also in set.targets.iter().skip(1) {
                self.file(also, key.clone(), values.clone())?;
            }
            self.file(first, key, values)?;
        }
        Ok(())
    }

    /// The set that a row belongs to, with its index.
    fn set_of(&self, grouping: Option<&ArrayRef>, row: usize) -> Result<Option<(usize, &'a SetLayout)>, Diagnostic> {
        let sets = &self.pass.sets;
        let Some(column) = grouping else {
            return Ok(sets.first().map(|set| (0, set)));
        };
        let mask = unsigned(column, row).ok_or_else(|| unexpected("groepering"))?;
        Ok(sets.iter().enumerate().find(|(_, set)| set.mask == mask))
    }

    fn file(&mut self, table: usize, key: CellKey, values: Vec<Quantity>) -> Result<(), Diagnostic> {
        let table = self.tables.get_mut(table).ok_or_else(|| unexpected("korrel"))?;
        match table.cells.entry(key) {
            Entry::Vacant(place) => {
                place.insert(values);
                Ok(())
            }
            Entry::Occupied(_) => Err(unexpected("een cel komt twee keer")),
        }
    }
}

fn unsigned(column: &ArrayRef, row: usize) -> Option<u64> {
    match column.data_type() {
        DataType::UInt8 => column.as_primitive_opt::<UInt8Type>().map(|c| c.value(row).into()),
        DataType::UInt16 => column.as_primitive_opt::<UInt16Type>().map(|c| c.value(row).into()),
        DataType::UInt32 => column.as_primitive_opt::<UInt32Type>().map(|c| c.value(row).into()),
        DataType::UInt64 => column.as_primitive_opt::<UInt64Type>().map(|c| c.value(row)),
        _ => None,
    }
}

/// The member in a row.
fn member(column: &ArrayRef, ty: Type, row: usize) -> Result<Member, Diagnostic> {
    if column.is_null(row) {
        return Ok(Member::Empty);
    }
    let found = match column.data_type() {
        DataType::Utf8View => column.as_string_view_opt().map(|c| Member::Text(c.value(row).to_owned())),
        DataType::Boolean => column.as_boolean_opt().map(|c| Member::Bool(c.value(row))),
        DataType::Int64 => column.as_primitive_opt::<Int64Type>().map(|c| match (ty, i32::try_from(c.value(row))) {
            (Type::Date, Ok(day)) => Member::Date(day),
            _ => Member::Int(c.value(row)),
        }),
        DataType::Float64 => column.as_primitive_opt::<Float64Type>().map(|c| Member::Text(c.value(row).to_string())),
        DataType::Null => Some(Member::Empty),
        _ => None,
    };
    found.ok_or_else(|| unexpected("dimensie"))
}

/// The value or values in a row, written to the front of `into`.
fn quantities(column: &ArrayRef, item: Option<usize>, row: usize, into: &mut [Quantity]) -> Result<(), Diagnostic> {
    if let Some(item) = item {
        let count = tallied(column, row, item).ok_or_else(|| unexpected("aantal"))?;
        into.iter_mut().take(1).for_each(|place| *place = Quantity::Int(count.into()));
        return Ok(());
    }
    if let DataType::List(field) = column.data_type()
        && *field.data_type() == DataType::Utf8View
    {
        into.iter_mut().take(1).for_each(|place| *place = texts(column, row));
        return Ok(());
    }
    if let DataType::List(_) = column.data_type() {
        let Some(list) = row_of(column, row) else { return Ok(()) };
        for (place, value) in into.iter_mut().zip(list.iter()) {
            *place = value.map_or(Quantity::None, Quantity::Float);
        }
        return Ok(());
    }
    if let Some(place) = into.first_mut() {
        *place = quantity(column, row)?;
    }
    Ok(())
}

/// The different texts of a list.
fn texts(column: &ArrayRef, row: usize) -> Quantity {
    let list = column.as_list_opt::<i32>().filter(|lists| lists.is_valid(row)).map(|lists| lists.value(row));
    let found: BTreeSet<String> = list
        .iter()
        .filter_map(|list| list.as_string_view_opt())
        .flat_map(|texts| texts.iter().flatten().map(str::to_owned))
        .collect();
    if found.is_empty() { Quantity::None } else { Quantity::Texts(found) }
}

fn quantity(column: &ArrayRef, row: usize) -> Result<Quantity, Diagnostic> {
    if column.is_null(row) {
        return Ok(Quantity::None);
    }
    let found = match column.data_type() {
        DataType::Int64 => column.as_primitive_opt::<Int64Type>().map(|c| Quantity::Int(c.value(row).into())),
        DataType::Decimal128(..) => column.as_primitive_opt::<Decimal128Type>().map(|c| Quantity::Int(c.value(row))),
        DataType::Float64 => column.as_primitive_opt::<Float64Type>().map(|c| Quantity::Float(c.value(row))),
        DataType::Struct(_) => return last(column, row),
        DataType::Null => Some(Quantity::None),
        _ => None,
    };
    found.ok_or_else(|| unexpected("waarde"))
}

/// The struct that `laatste` gives: order, ties, value.
fn last(column: &ArrayRef, row: usize) -> Result<Quantity, Diagnostic> {
    let fields = column.as_struct_opt().map(StructArray::columns).unwrap_or_default();
    let [order, ties @ .., value] = fields else { return Err(unexpected("laatste")) };
    let Some(order) = order.as_primitive_opt::<Int64Type>().map(|o| o.value(row)) else {
        return Err(unexpected("laatste"));
    };
    let ties = ties.iter().map(|tie| member(tie, Type::Unknown, row)).collect::<Result<_, _>>()?;
    Ok(Quantity::Last { order, ties, value: Box::new(quantity(value, row)?) })
}
