//! `cel_periode(cel)` and `cel_lid(cel)`: from the numbers of `cel(…)` back to the period and the members that they stand
//! for.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Float64Array, Int32Array, Int64Array, StringViewArray, UInt32Array,
};
use arrow::datatypes::{DataType, UInt32Type};
use datafusion::common::{Result, internal_datafusion_err, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::cell_keys::{CellKeys, KeyPart};

/// The period (Int32) of a number that `cel` gave with the same keys.
#[must_use]
pub fn cell_slot(keys: &Arc<CellKeys>, cell: Expr) -> Expr {
    call(keys, Asked::Slot, cell)
}

/// The member (of type `ty`) of a number that `cel` gave: of its how manieth dimension.
#[must_use]
pub fn cell_member(keys: &Arc<CellKeys>, index: usize, ty: DataType, cell: Expr) -> Expr {
    call(keys, Asked::Member(index, ty), cell)
}

fn call(keys: &Arc<CellKeys>, asked: Asked, cell: Expr) -> Expr {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::new_from_impl(PartOf { keys: Arc::clone(keys), asked, signature }).call(vec![cell])
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Asked {
    Slot,
    Member(usize, DataType),
}

#[derive(Debug)]
struct PartOf {
    keys: Arc<CellKeys>,
    asked: Asked,
    signature: Signature,
}

impl PartialEq for PartOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys) && self.asked == other.asked
    }
}

impl Eq for PartOf {}

impl Hash for PartOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.keys).hash(state);
        self.asked.hash(state);
    }
}

impl ScalarUDFImpl for PartOf {
    fn name(&self) -> &'static str {
        match self.asked {
            Asked::Slot => "cel_periode",
            Asked::Member(..) => "cel_lid",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(match &self.asked {
            Asked::Slot => DataType::Int32,
            Asked::Member(_, ty) => ty.clone(),
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let Some(cells) = arrays.first().and_then(|a| a.as_primitive_opt::<UInt32Type>()) else {
            return internal_err!("{} over something else than numbers of cells", self.name());
        };
        Ok(ColumnarValue::Array(match &self.asked {
            Asked::Slot => Arc::new(self.slots(cells)?),
            Asked::Member(index, ty) => self.members(*index, ty, cells)?,
        }))
    }
}

impl PartOf {
    fn slots(&self, cells: &UInt32Array) -> Result<Int32Array> {
        cells
            .values()
            .iter()
            .map(|&cell| self.keys.combination(cell).map(|(slot, _)| slot).ok_or_else(unknown))
            .collect()
    }

    fn members(&self, index: usize, ty: &DataType, cells: &UInt32Array) -> Result<ArrayRef> {
        let part = |&cell: &u32| {
            let (_, mut members) = self.keys.combination(cell).ok_or_else(unknown)?;
            if index < members.len() { Ok(members.swap_remove(index)) } else { Err(unknown()) }
        };
        let parts: Vec<KeyPart> = cells.values().iter().map(part).collect::<Result<_>>()?;
        let parts = parts.iter();
        Ok(match ty {
            DataType::Utf8View => Arc::new(parts.map(text).collect::<StringViewArray>()),
            DataType::Int64 => Arc::new(parts.map(int).collect::<Int64Array>()),
            DataType::Float64 => Arc::new(parts.map(float).collect::<Float64Array>()),
            DataType::Boolean => Arc::new(parts.map(truth).collect::<BooleanArray>()),
            DataType::Null => arrow::array::new_null_array(ty, parts.len()),
            _ => return internal_err!("a member of {ty}"),
        })
    }
}

fn unknown() -> datafusion::error::DataFusionError {
    internal_datafusion_err!("the number of a cell that nobody gave")
}

fn text(part: &KeyPart) -> Option<&str> {
    if let KeyPart::Text(text) = part { Some(text) } else { None }
}

fn int(part: &KeyPart) -> Option<i64> {
    if let KeyPart::Int(value) = part { Some(*value) } else { None }
}

fn float(part: &KeyPart) -> Option<f64> {
    if let KeyPart::Float(bits) = part { Some(f64::from_bits(*bits)) } else { None }
}

fn truth(part: &KeyPart) -> Option<bool> {
    if let KeyPart::Bool(value) = part { Some(*value) } else { None }
}
