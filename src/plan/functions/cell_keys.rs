//! `cel(periode, lid, …)`: one small number for each combination of a period and members that occurs, so that grouping
//! compares numbers instead of texts. The numbers are in order of first appearance and mean nothing outside the process;
//! [`CellKeys`] tells which combination each stands for.

use std::collections::BTreeMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, StringViewArray, UInt32Array};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int32Type, Int64Type};
use datafusion::common::{Result, exec_err, internal_datafusion_err, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// A member in the form of its column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyPart {
    Empty,
    Bool(bool),
    Int(i64),
    /// The bits of a float.
    Float(u64),
    Text(Box<str>),
}

/// The code of an empty member.
const EMPTY: u32 = 0;
/// Longest text that an Arrow view holds inside itself: equal views are then equal texts, in all batches.
const INLINE: u32 = 12;

/// The combinations that occurred, with their numbers. Shared by all threads of a pass.
#[derive(Debug)]
pub struct CellKeys {
    known: Mutex<Known>,
    /// What threads remember between batches.
    resting: Mutex<Vec<Memory>>,
}

/// The codes of members and the numbers of combinations.
#[derive(Debug)]
struct Known {
    /// Per dimension.
    members: Vec<Coded<KeyPart>>,
    /// Per dimension, from the second on: (combination so far, code of the member) → combination.
    cells: Vec<Coded<(u32, u32)>>,
}

/// Values with their codes, which count from 0.
#[derive(Debug)]
struct Coded<T> {
    codes: BTreeMap<T, u32>,
    values: Vec<T>,
}

impl<T: Clone + Ord> Coded<T> {
    fn new() -> Self {
        Self { codes: BTreeMap::new(), values: Vec::new() }
    }

    fn code(&mut self, value: T) -> Result<u32> {
        if let Some(&code) = self.codes.get(&value) {
            return Ok(code);
        }
        let Ok(code) = u32::try_from(self.values.len()) else {
            return exec_err!("te veel verschillende waarden in een dimensie");
        };
        self.values.push(value.clone());
        self.codes.insert(value, code);
        Ok(code)
    }
}

impl CellKeys {
    /// For combinations of a period and so many dimensions.
    #[must_use]
    pub fn new(dimensions: usize) -> Arc<Self> {
        let mut members: Vec<Coded<KeyPart>> = (0..dimensions).map(|_| Coded::new()).collect();
        for coded in &mut members {
            coded.codes.insert(KeyPart::Empty, EMPTY);
            coded.values.push(KeyPart::Empty);
        }
        let known = Known { members, cells: (0..dimensions).map(|_| Coded::new()).collect() };
        Arc::new(Self { known: Mutex::new(known), resting: Mutex::default() })
    }

    /// The period and the members of a number; nothing for a number that was never given.
    #[must_use]
    pub fn combination(&self, number: u32) -> Option<(i32, Vec<KeyPart>)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut members = Vec::with_capacity(known.members.len());
        let mut at = number;
        for (cells, parts) in known.cells.iter().zip(&known.members).rev() {
            let &(before, code) = cells.values.get(usize::try_from(at).ok()?)?;
            members.push(parts.values.get(usize::try_from(code).ok()?)?.clone());
            at = before;
        }
        members.reverse();
        Some((at.cast_signed(), members))
    }

    /// The number of each row.
    fn numbers(&self, slots: &[i32], members: &[ArrayRef]) -> Result<Vec<u32>> {
        let resting = || self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = resting().pop().unwrap_or_else(|| Memory::new(members.len()));
        let mut numbers: Vec<u32> = slots.iter().map(|slot| slot.cast_unsigned()).collect();
        for (index, column) in members.iter().enumerate() {
            self.add(index, column, &mut memory, &mut numbers)?;
        }
        resting().push(memory);
        Ok(numbers)
    }

    /// From the combinations so far to those with one dimension more.
    fn add(&self, dimension: usize, column: &ArrayRef, memory: &mut Memory, numbers: &mut [u32]) -> Result<()> {
        let Some(memory) = memory.dimensions.get_mut(dimension) else {
            return internal_err!("a dimension too many");
        };
        match column.data_type() {
            DataType::Utf8View => {
                let column = column.as_string_view_opt().ok_or_else(|| wrong(column))?;
                self.add_texts(dimension, column, memory, numbers)
            }
            DataType::Int64 => {
                let values = column.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong(column))?;
                let key = |row: usize| values.values().get(row).map_or(0, |v| u128::from(v.cast_unsigned()));
                let part = |row: usize| KeyPart::Int(values.value(row));
                self.add_each(dimension, column, memory, numbers, key, part)
            }
            DataType::Float64 => {
                let values = column.as_primitive_opt::<Float64Type>().ok_or_else(|| wrong(column))?;
                let key = |row: usize| values.values().get(row).map_or(0, |v| u128::from(v.to_bits()));
                let part = |row: usize| KeyPart::Float(values.value(row).to_bits());
                self.add_each(dimension, column, memory, numbers, key, part)
            }
            DataType::Boolean => {
                let values: &BooleanArray = column.as_boolean_opt().ok_or_else(|| wrong(column))?;
                let key = |row: usize| u128::from(values.value(row));
                let part = |row: usize| KeyPart::Bool(values.value(row));
                self.add_each(dimension, column, memory, numbers, key, part)
            }
            DataType::Null => {
                let never = |_| KeyPart::Empty;
                self.add_each(dimension, column, memory, numbers, |_| 0, never)
            }
            _ => Err(wrong(column)),
        }
    }

    fn add_texts(
        &self,
        dimension: usize,
        column: &StringViewArray,
        memory: &mut DimensionMemory,
        numbers: &mut [u32],
    ) -> Result<()> {
        memory.next_batch();
        let views = column.views();
        let nulls = column.nulls().filter(|n| n.null_count() > 0);
        for (row, (number, &view)) in numbers.iter_mut().zip(views.iter()).enumerate() {
            let view = if nulls.is_some_and(|n| n.is_null(row)) { NOBODY } else { view };
            *number = match memory.recent(*number, view) {
                Some(known) => known,
                None => self.find(dimension, memory, *number, view, || KeyPart::Text(column.value(row).into()))?,
            };
        }
        Ok(())
    }

    fn add_each(
        &self,
        dimension: usize,
        column: &ArrayRef,
        memory: &mut DimensionMemory,
        numbers: &mut [u32],
        key: impl Fn(usize) -> u128,
        part: impl Fn(usize) -> KeyPart,
    ) -> Result<()> {
        let nulls = column.logical_nulls().filter(|n| n.null_count() > 0);
        for (row, number) in numbers.iter_mut().enumerate() {
            let key = if nulls.as_ref().is_some_and(|n| n.is_null(row)) { NOBODY } else { key(row) << 32 };
            *number = match memory.recent(*number, key) {
                Some(known) => known,
                None => self.find(dimension, memory, *number, key, || part(row))?,
            };
        }
        Ok(())
    }

    /// The combination of `before` and the member with this key, where it was not among the recent ones.
    #[inline(never)]
    fn find(
        &self,
        dimension: usize,
        memory: &mut DimensionMemory,
        before: u32,
        key: u128,
        part: impl FnOnce() -> KeyPart,
    ) -> Result<u32> {
        let code = match memory.code(key) {
            Some(code) => code,
            None => memory.remember_code(key, self.member(dimension, part())?),
        };
        let pair = u64::from(before) << 32 | u64::from(code);
        let number = if let Some(&number) = memory.cells.get(&pair) {
            number
        } else {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let cells = known.cells.get_mut(dimension);
            let cells = cells.ok_or_else(|| internal_datafusion_err!("a dimension too many"))?;
            *memory.cells.entry(pair).or_insert(cells.code((before, code))?)
        };
        memory.remember(before, key, number);
        Ok(number)
    }

    #[cold]
    fn member(&self, dimension: usize, part: KeyPart) -> Result<u32> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let members = known.members.get_mut(dimension);
        members.ok_or_else(|| internal_datafusion_err!("a dimension too many"))?.code(part)
    }
}

fn wrong(column: &ArrayRef) -> datafusion::error::DataFusionError {
    internal_datafusion_err!("a dimension of {}", column.data_type())
}

/// What one thread knows of the codes, so that it asks [`CellKeys`] once for each.
#[derive(Debug)]
struct Memory {
    dimensions: Vec<DimensionMemory>,
}

impl Memory {
    fn new(dimensions: usize) -> Self {
        Self { dimensions: (0..dimensions).map(|_| DimensionMemory::default()).collect() }
    }
}

#[derive(Debug)]
struct DimensionMemory {
    /// The last combinations, each at the place that its hash gives.
    recent: Vec<Recent>,
    /// By the value, or by the view of a short text.
    codes: Numbers<u128>,
    /// By the view of a long text, which holds within its batch.
    of_batch: Numbers<u128>,
    /// By (combination so far, code), 32 bits each.
    cells: Numbers<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Recent {
    key: u128,
    before: u32,
    number: u32,
}

/// Places for recent combinations: a power of two.
const PLACES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 10;
/// The key of an empty member: no text has a view of this length, and other keys end in 32 zeros.
const NOBODY: u128 = u128::MAX;
/// A key that is no member's, for places that are free.
const FREE: u128 = u128::MAX - 1;

impl Default for DimensionMemory {
    fn default() -> Self {
        let recent = vec![Recent { key: FREE, ..Recent::default() }; PLACES];
        Self { recent, codes: Numbers::default(), of_batch: Numbers::default(), cells: Numbers::default() }
    }
}

impl DimensionMemory {
    /// Forgets what holds within a batch only.
    fn next_batch(&mut self) {
        if !self.of_batch.is_empty() {
            self.of_batch.clear();
            self.recent.fill(Recent { key: FREE, ..Recent::default() });
        }
    }

    #[inline]
    fn recent(&self, before: u32, key: u128) -> Option<u32> {
        let found = self.recent.get(place(before, key))?;
        (found.key == key && found.before == before).then_some(found.number)
    }

    fn remember(&mut self, before: u32, key: u128, number: u32) {
        if let Some(recent) = self.recent.get_mut(place(before, key)) {
            *recent = Recent { key, before, number };
        }
    }

    fn code(&self, key: u128) -> Option<u32> {
        if key == NOBODY { Some(EMPTY) } else { self.codes.get(&key).or_else(|| self.of_batch.get(&key)).copied() }
    }

    fn remember_code(&mut self, key: u128, code: u32) -> u32 {
        let lasting = length(key) <= INLINE;
        let table = if lasting { &mut self.codes } else { &mut self.of_batch };
        table.insert(key, code);
        code
    }
}

/// The length of the text of a view: its low 32 bits, which are 0 in the keys of numbers.
#[expect(clippy::cast_possible_truncation, reason = "the low bits are meant")]
fn length(key: u128) -> u32 {
    key as u32
}

#[inline]
fn place(before: u32, key: u128) -> usize {
    (mixed(key, before.into()) >> (u64::BITS - PLACE_BITS)) as usize
}

/// A quick hash of numbers. What is kept under it are the members of dimensions, not an opponent's choice of keys.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
fn mixed(key: u128, more: u64) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let (low, high) = (key as u64, (key >> 64) as u64);
    (low ^ high.rotate_left(29) ^ more.wrapping_mul(ODD)).wrapping_mul(ODD)
}

#[expect(clippy::disallowed_types, reason = "looked up, never walked through")]
type Numbers<K> = std::collections::HashMap<K, u32, BuildHasherDefault<Mixer>>;

#[derive(Debug, Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        // Tables take the lowest bits, and multiplying leaves the best ones on top.
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(byte.into());
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = mixed(value.into(), self.0);
    }

    fn write_u128(&mut self, value: u128) {
        self.0 = mixed(value, self.0);
    }
}

/// The number (UInt32, never empty) of the combination of `slot` (Int32, never empty) and `members`.
#[must_use]
pub fn cell_of(keys: &Arc<CellKeys>, slot: Expr, members: Vec<Expr>) -> Expr {
    let signature = Signature::any(members.len() + 1, Volatility::Immutable);
    let args = std::iter::once(slot).chain(members).collect();
    ScalarUDF::new_from_impl(CellOf { keys: Arc::clone(keys), signature }).call(args)
}

#[derive(Debug)]
struct CellOf {
    keys: Arc<CellKeys>,
    signature: Signature,
}

impl PartialEq for CellOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys)
    }
}

impl Eq for CellOf {}

impl Hash for CellOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.keys).hash(state);
    }
}

impl ScalarUDFImpl for CellOf {
    fn name(&self) -> &'static str {
        "cel"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::UInt32)
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.name(), DataType::UInt32, false)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let arrays = args.args.into_iter().map(|a| a.into_array(rows)).collect::<Result<Vec<_>>>()?;
        let Some((slots, members)) = arrays.split_first() else {
            return internal_err!("cel without arguments");
        };
        let Some(slots) = slots.as_primitive_opt::<Int32Type>() else {
            return internal_err!("cel over {}", slots.data_type());
        };
        let numbers = self.keys.numbers(slots.values(), members)?;
        Ok(ColumnarValue::Array(Arc::new(UInt32Array::from(numbers))))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, Int64Array};

    use super::*;

    #[test]
    fn numbers_stand_for_their_combinations() {
        let keys = CellKeys::new(4);
        let long = "een onderwerp dat niet in een view past";
        let texts: ArrayRef = Arc::new(StringViewArray::from(vec![Some("a"), Some(long), None, Some("a"), Some("")]));
        let ints: ArrayRef = Arc::new(Int64Array::from(vec![Some(0), None, Some(-1), Some(0), Some(i64::MAX)]));
        let floats: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.5), None, Some(1.0), Some(0.5), None]));
        let bools: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true), None]));
        let slots = [0, -1, 2, 0, i32::MAX];
        let columns = [texts, ints, floats, bools];
        let numbers = keys.numbers(&slots, &columns).expect("numbers");
        assert_eq!(numbers[0], numbers[3]);
        assert_eq!(keys.numbers(&slots, &columns).expect("numbers"), numbers, "also in a later batch");
        let text = |t: &str| KeyPart::Text(t.into());
        let expected = [
            (0, vec![text("a"), KeyPart::Int(0), KeyPart::Float(0.5_f64.to_bits()), KeyPart::Bool(true)]),
            (-1, vec![text(long), KeyPart::Empty, KeyPart::Empty, KeyPart::Empty]),
            (2, vec![KeyPart::Empty, KeyPart::Int(-1), KeyPart::Float(1_f64.to_bits()), KeyPart::Bool(false)]),
        ];
        for (number, expected) in numbers.iter().zip(expected) {
            assert_eq!(keys.combination(*number), Some(expected));
        }
        assert_eq!(keys.combination(99), None);
    }

    #[test]
    fn long_texts_of_other_batches_are_the_same_members() {
        let keys = CellKeys::new(1);
        let batch = |list: &[&str]| Arc::new(StringViewArray::from_iter_values(list)) as ArrayRef;
        let one = keys.numbers(&[0, 0], &[batch(&["afdeling Burgerzaken", "afdeling Belastingen"])]).expect("numbers");
        let two = keys.numbers(&[0, 0], &[batch(&["afdeling Belastingen", "afdeling Burgerzaken"])]).expect("numbers");
        assert_eq!([one[0], one[1]], [two[1], two[0]]);
    }

    #[test]
    fn without_dimensions_the_period_is_the_number() {
        let keys = CellKeys::new(0);
        let numbers = keys.numbers(&[3, -2], &[]).expect("numbers");
        assert_eq!(keys.combination(numbers[0]), Some((3, Vec::new())));
        assert_eq!(keys.combination(numbers[1]), Some((-2, Vec::new())));
    }
}
