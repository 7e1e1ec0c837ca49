//! `tel(a, b, …)`: how often each of several conditions is `ja`, counted together. A scan asks for dozens of counts over
//! the same rows; one at a time each walks all rows and looks every group up again.
//!
//! The conditions of eight columns make a byte per row. A table spreads its bits over the eight bytes of a word, so that
//! one addition counts eight conditions; before a byte can overflow, the word is added to wide counters.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, FixedSizeListArray, Int64Array};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{DataType, Field, Int64Type};
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};

use super::groups::{Grouped, Single, counting, take};

/// Conditions in a byte.
const LANES: usize = 8;
/// Rows in a word of bits.
const WORD: usize = 64;
/// Additions that a byte can hold.
const FULL: u8 = u8::MAX;

/// The counts (a list of Int64, one for each condition) of the rows where each of `conditions` (Boolean) is `ja`.
#[must_use]
pub fn tally(conditions: Vec<Expr>) -> Expr {
    let signature = Signature::any(conditions.len(), Volatility::Immutable);
    AggregateUDF::new_from_impl(Tally { signature }).call(conditions)
}

/// Count `item` in a row of a tally's output.
#[must_use]
pub fn tallied(column: &dyn Array, row: usize, item: usize) -> Option<i64> {
    let lists = column.as_fixed_size_list_opt()?;
    let width = usize::try_from(lists.value_length()).ok()?;
    let values = lists.values().as_primitive_opt::<Int64Type>()?;
    (item < width).then(|| values.values().get(row * width + item).copied())?
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Tally {
    signature: Signature,
}

fn list_type(width: usize) -> Result<(Arc<Field>, i32)> {
    let width = i32::try_from(width).map_err(|_| internal_datafusion_err!("too many conditions"))?;
    Ok((Arc::new(Field::new_list_field(DataType::Int64, false)), width))
}

impl AggregateUDFImpl for Tally {
    fn name(&self) -> &'static str {
        "tel"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, args: &[DataType]) -> Result<DataType> {
        let (field, width) = list_type(args.len())?;
        Ok(DataType::FixedSizeList(field, width))
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Single(Counts::new(args.exprs.len()))))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Counts::new(args.exprs.len())))
    }
}

/// Per group a counter for each condition.
#[derive(Debug)]
struct Counts {
    /// Conditions.
    width: usize,
    /// Groups × conditions.
    wide: Vec<i64>,
    /// Groups × (conditions / 8, rounded up): what is not yet in `wide`, eight conditions to a word.
    narrow: Vec<u64>,
    /// Per group: additions to `narrow`.
    pending: Vec<u8>,
}

impl Counts {
    fn new(width: usize) -> Self {
        Self { width, wide: Vec::new(), narrow: Vec::new(), pending: Vec::new() }
    }

    fn words(&self) -> usize {
        self.width.div_ceil(LANES)
    }

    /// Counts rows: `bits` are those of the conditions, 64 rows to a word.
    fn count(&mut self, bits: &[Vec<u64>], groups: &[usize]) {
        let words = self.words();
        let mut bytes = vec![[0_u8; WORD]; words];
        for (block, groups) in groups.chunks(WORD).enumerate() {
            for (bytes, lanes) in bytes.iter_mut().zip(bits.chunks(LANES)) {
                let mut columns = [0_u64; LANES];
                for (column, lane) in columns.iter_mut().zip(lanes) {
                    *column = lane.get(block).copied().unwrap_or(0);
                }
                *bytes = rows_of(columns);
            }
            for (row, &group) in groups.iter().enumerate() {
                self.add(group, row, &bytes);
            }
        }
    }

    #[inline]
    fn add(&mut self, group: usize, row: usize, bytes: &[[u8; WORD]]) {
        let words = bytes.len();
        let Some(narrow) = self.narrow.get_mut(group * words..(group + 1) * words) else { return };
        for (word, bytes) in narrow.iter_mut().zip(bytes) {
            *word += SPREAD[usize::from(bytes[row % WORD])];
        }
        let Some(pending) = self.pending.get_mut(group) else { return };
        *pending += 1;
        if *pending == FULL {
            self.widen(group);
        }
    }

    /// Brings the narrow counters of a group into the wide ones.
    #[inline(never)]
    fn widen(&mut self, group: usize) {
        let words = self.words();
        let narrow = self.narrow.get_mut(group * words..(group + 1) * words);
        let wide = self.wide.get_mut(group * self.width..(group + 1) * self.width);
        let (Some(narrow), Some(wide)) = (narrow, wide) else { return };
        for (wide, word) in wide.chunks_mut(LANES).zip(narrow) {
            for (count, lane) in wide.iter_mut().zip(word.to_le_bytes()) {
                *count += i64::from(lane);
            }
            *word = 0;
        }
        if let Some(pending) = self.pending.get_mut(group) {
            *pending = 0;
        }
    }

    fn lists(&self, counts: Vec<i64>) -> Result<ArrayRef> {
        let (field, width) = list_type(self.width)?;
        Ok(Arc::new(FixedSizeListArray::try_new(field, width, Arc::new(Int64Array::from(counts)), None)?))
    }
}

impl Grouped for Counts {
    fn grow(&mut self, groups: usize) {
        if self.pending.len() < groups {
            self.wide.resize(groups * self.width, 0);
            self.narrow.resize(groups * self.words(), 0);
            self.pending.resize(groups, 0);
        }
    }
}

impl GroupsAccumulator for Counts {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let bits = values.iter().map(|column| words_of(column, opt_filter)).collect::<Result<Vec<_>>>()?;
        self.count(&bits, group_indices);
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.grow(total_num_groups);
        let lists = values.first().and_then(|a| a.as_fixed_size_list_opt());
        let counts = lists.and_then(|l| l.values().as_primitive_opt::<Int64Type>());
        let counts = counts.ok_or_else(|| internal_datafusion_err!("counts in another form"))?;
        for (more, &group) in counts.values().chunks(self.width).zip(group_indices) {
            if let Some(wide) = self.wide.get_mut(group * self.width..(group + 1) * self.width) {
                wide.iter_mut().zip(more).for_each(|(count, more)| *count += more);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        (0..self.pending.len()).for_each(|group| self.widen(group));
        let groups = take(&mut self.pending, emit_to).len();
        self.narrow.truncate(self.pending.len() * self.words());
        let counts = take(&mut self.wide, EmitTo::First(groups * self.width));
        self.lists(counts)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit_to)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let rows = values.first().map_or(0, Array::len);
        let mut counts = vec![0; rows * self.width];
        for (index, column) in values.iter().enumerate() {
            for row in truths(column, opt_filter)?.set_indices() {
                if let Some(count) = counts.get_mut(row * self.width + index) {
                    *count = 1;
                }
            }
        }
        Ok(vec![self.lists(counts)?])
    }

    fn size(&self) -> usize {
        self.wide.capacity() * size_of::<i64>() + self.narrow.capacity() * size_of::<u64>() + self.pending.capacity()
    }
}

/// The rows where a condition is `ja`.
fn truths(column: &ArrayRef, filter: Option<&BooleanArray>) -> Result<BooleanBuffer> {
    let column =
        column.as_boolean_opt().ok_or_else(|| internal_datafusion_err!("a condition of {}", column.data_type()))?;
    let filled = counting(column.nulls(), filter);
    Ok(filled.map_or_else(|| column.values().clone(), |filled| column.values() & &filled))
}

fn words_of(column: &ArrayRef, filter: Option<&BooleanArray>) -> Result<Vec<u64>> {
    let truths = truths(column, filter)?;
    let chunks = truths.bit_chunks();
    Ok(chunks.iter().chain(std::iter::once(chunks.remainder_bits())).collect())
}

/// From eight columns of 64 bits to 64 rows of eight.
fn rows_of(columns: [u64; LANES]) -> [u8; WORD] {
    let columns = columns.map(u64::to_le_bytes);
    let mut rows = [0; WORD];
    for (index, rows) in rows.chunks_exact_mut(LANES).enumerate() {
        let square = u64::from_le_bytes(std::array::from_fn(|lane| columns[lane][index]));
        rows.copy_from_slice(&transposed(square).to_le_bytes());
    }
    rows
}

/// The transpose of eight by eight bits: bit j of byte i goes to bit i of byte j (Hacker's Delight, 7-3).
fn transposed(square: u64) -> u64 {
    let mut x = square;
    for (shift, mask) in [(7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0x0000_0000_F0F0_F0F0)] {
        let swap = (x ^ (x >> shift)) & mask;
        x ^= swap ^ (swap << shift);
    }
    x
}

/// Bit i of a byte as the lowest bit of byte i.
static SPREAD: [u64; 256] = spread();

const fn spread() -> [u64; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut lane = 0;
        while lane < LANES {
            table[byte] |= ((byte as u64 >> lane) & 1) << (8 * lane);
            lane += 1;
        }
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<(usize, Vec<Option<bool>>)>;

    fn columns(width: usize, rows: &Rows) -> Vec<ArrayRef> {
        let column = |i: usize| rows.iter().map(|(_, list)| list[i]).collect::<BooleanArray>();
        (0..width).map(|i| Arc::new(column(i)) as ArrayRef).collect()
    }

    fn plainly(width: usize, rows: &Rows, keep: impl Fn(usize) -> bool) -> Vec<i64> {
        let mut counts = vec![0; 3 * width];
        for (row, (group, list)) in rows.iter().enumerate().filter(|(row, _)| keep(*row)) {
            assert!(row < rows.len());
            for (i, _) in list.iter().enumerate().filter(|(_, c)| **c == Some(true)) {
                counts[group * width + i] += 1;
            }
        }
        counts
    }

    fn told(array: &ArrayRef, width: usize) -> Vec<i64> {
        (0..array.len())
            .flat_map(|row| (0..width).map(move |i| (row, i)))
            .filter_map(|(r, i)| tallied(array, r, i))
            .collect()
    }

    proptest! {
        #[test]
        fn counts_as_one_by_one(width in 1_usize..20, seed in prop::collection::vec((0_usize..3, any::<u64>()), 0..900)) {
            let of = |bits: u64, i: usize| [Some(true), Some(false), None, Some(true)][((bits >> (2 * i)) & 3) as usize];
            let rows: Rows = seed.iter().map(|(g, bits)| (*g, (0..width).map(|i| of(*bits, i)).collect())).collect();
            let groups: Vec<usize> = rows.iter().map(|(g, _)| *g).collect();
            let filter: BooleanArray = (0..rows.len()).map(|i| [Some(true), None, Some(true), Some(false)][i % 4]).collect();
            let columns = columns(width, &rows);
            let mut counts = Counts::new(width);
            counts.update_batch(&columns, &groups, None, 3).expect("counted");
            let state = counts.convert_to_state(&columns, Some(&filter)).expect("a state");
            counts.merge_batch(&state, &groups, 3).expect("merged");
            counts.update_batch(&columns, &groups, Some(&filter), 3).expect("counted");
            let all = plainly(width, &rows, |_| true);
            let some = plainly(width, &rows, |row| row % 2 == 0);
            let expected: Vec<i64> = all.iter().zip(&some).map(|(a, b)| a + 2 * b).collect();
            let first = counts.evaluate(EmitTo::First(1)).expect("counts");
            let rest = counts.evaluate(EmitTo::All).expect("counts");
            prop_assert_eq!([told(&first, width), told(&rest, width)].concat(), expected);
        }
    }

    #[test]
    fn a_transpose_moves_every_bit() {
        for from in 0..64 {
            let (byte, bit) = (from / 8, from % 8);
            assert_eq!(transposed(1 << from), 1 << (bit * 8 + byte));
        }
    }
}
