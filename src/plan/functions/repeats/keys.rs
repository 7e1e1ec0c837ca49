//! Numbers for keys: equal keys get one number, others another. Exact: a hash only says where to look.

use std::hash::{DefaultHasher, Hasher};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, internal_err};

/// The number of a row whose key is empty.
pub(super) const EMPTY: u32 = u32::MAX;
/// The number of a key that nobody has.
pub(super) const UNKNOWN: u32 = u32::MAX - 1;

/// Texts up to this length stand in an Arrow view as they are.
const INLINE: u32 = 12;

/// The distinct keys of one or more columns.
#[derive(Debug, Default)]
pub(super) struct Keys {
    columns: Vec<Column>,
    /// Of the second column on: the numbers of the columns before, together with the number in this one.
    pairs: Vec<Table>,
}

#[derive(Debug, Default)]
struct Column {
    codes: Table,
    long: Long,
}

impl Keys {
    pub(super) fn new(columns: usize) -> Self {
        let pairs = (1..columns).map(|_| Table::default()).collect();
        Self { columns: (0..columns).map(|_| Column::default()).collect(), pairs }
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.pairs.last().map_or_else(|| self.columns.first().map_or(0, |c| c.codes.keys.len()), |p| p.keys.len())
    }

    /// Bytes held.
    pub(super) fn size(&self) -> usize {
        let columns = self.columns.iter().map(|c| c.codes.size() + c.long.size());
        columns.sum::<usize>() + self.pairs.iter().map(Table::size).sum::<usize>()
    }

    /// The number of each row's key; a key that is new gets the next number.
    pub(super) fn insert(&mut self, arrays: &[ArrayRef]) -> Result<Vec<u32>> {
        let mut numbers = Vec::new();
        for (place, array) in arrays.iter().enumerate() {
            let Some(column) = self.columns.get_mut(place) else { return internal_err!("more keys than expected") };
            let own = column.insert(array)?;
            match place.checked_sub(1).and_then(|at| self.pairs.get_mut(at)) {
                None => numbers = own,
                Some(pairs) => combine(&mut numbers, &own, |code| pairs.insert(code)),
            }
        }
        Ok(numbers)
    }

    /// The number of each row's key, or [`UNKNOWN`].
    pub(super) fn find(&self, arrays: &[ArrayRef]) -> Result<Vec<u32>> {
        let mut numbers = Vec::new();
        for (place, array) in arrays.iter().enumerate() {
            let Some(column) = self.columns.get(place) else { return internal_err!("more keys than expected") };
            let own = column.find(array)?;
            match place.checked_sub(1).and_then(|at| self.pairs.get(at)) {
                None => numbers = own,
                Some(pairs) => combine(&mut numbers, &own, |code| pairs.find(code)),
            }
        }
        Ok(numbers)
    }

    /// Takes the keys of another over: the number here of each number there.
    pub(super) fn absorb(&mut self, other: &Self) -> Vec<u32> {
        let mut maps = self.columns.iter_mut().zip(&other.columns).map(|(mine, theirs)| mine.absorb(theirs));
        let mut numbers = maps.next().unwrap_or_default();
        let at = |map: &[u32], number: u128| map.get(low(number) as usize).copied().unwrap_or(UNKNOWN);
        for (own, (mine, theirs)) in maps.zip(self.pairs.iter_mut().zip(&other.pairs)) {
            let pair = |&code: &u128| mine.insert(pair(at(&numbers, code), at(&own, code >> 32)));
            numbers = theirs.keys.iter().map(pair).collect();
        }
        numbers
    }
}

/// Replaces the numbers of columns by those of pairs with the next column.
fn combine(numbers: &mut [u32], own: &[u32], mut number: impl FnMut(u128) -> u32) {
    for (so_far, &own) in numbers.iter_mut().zip(own) {
        *so_far = match (*so_far, own) {
            (EMPTY, _) | (_, EMPTY) => EMPTY,
            (UNKNOWN, _) | (_, UNKNOWN) => UNKNOWN,
            (a, b) => number(pair(a, b)),
        };
    }
}

fn pair(a: u32, b: u32) -> u128 {
    u128::from(a) | u128::from(b) << 32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is asked")]
fn low(code: u128) -> u32 {
    code as u32
}

impl Column {
    fn insert(&mut self, array: &ArrayRef) -> Result<Vec<u32>> {
        let Self { codes, long } = self;
        numbers(array, |code| codes.insert(code), |text| Some(long.insert(text)))
    }

    fn find(&self, array: &ArrayRef) -> Result<Vec<u32>> {
        numbers(array, |code| self.codes.find(code), |text| self.long.find(text))
    }

    fn absorb(&mut self, other: &Self) -> Vec<u32> {
        let texts: Vec<u32> = other.long.texts.iter().map(|text| self.long.insert(text)).collect();
        let code = |&code: &u128| {
            let place = usize::try_from(code >> 64).unwrap_or(usize::MAX);
            // A long text is its length, its beginning and its number there. Without such texts nothing is one.
            match texts.get(place).filter(|_| low(code) > INLINE) {
                Some(&number) => self.codes.insert(code & u128::from(u64::MAX) | u128::from(number) << 64),
                None => self.codes.insert(code),
            }
        };
        other.codes.keys.iter().map(code).collect()
    }
}

/// The number of each value of an array of one of the engine's types.
fn numbers(
    array: &ArrayRef,
    mut number: impl FnMut(u128) -> u32,
    mut long: impl FnMut(&str) -> Option<u32>,
) -> Result<Vec<u32>> {
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let empty = |row: usize| nulls.is_some_and(|n| n.is_null(row));
    let mut found = Vec::with_capacity(array.len());
    match array.data_type() {
        DataType::Utf8View => {
            let Some(texts) = array.as_string_view_opt() else { return internal_err!("a text that is none") };
            for (row, &view) in texts.views().iter().enumerate() {
                found.push(if empty(row) {
                    EMPTY
                } else if low(view) <= INLINE {
                    number(view)
                } else {
                    // Its length and first four bytes, and in place of where the rest stands its number.
                    let rest = long(texts.value(row)).map(|n| view & u128::from(u64::MAX) | u128::from(n) << 64);
                    rest.map_or(UNKNOWN, &mut number)
                });
            }
        }
        DataType::Int64 => {
            let Some(values) = array.as_primitive_opt::<Int64Type>() else { return internal_err!("no whole number") };
            let code = |value: &i64| u128::from(value.cast_unsigned());
            found.extend(values.values().iter().enumerate().map(
                |(row, value)| {
                    if empty(row) { EMPTY } else { number(code(value)) }
                },
            ));
        }
        DataType::Boolean => {
            let Some(values) = array.as_boolean_opt() else { return internal_err!("no yes or no") };
            found.extend(values.iter().map(|value| value.map_or(EMPTY, |value| number(u128::from(value)))));
        }
        other => return internal_err!("a key of type {other}"),
    }
    Ok(found)
}

/// Texts that do not fit in a view, each with its number.
#[derive(Debug, Default)]
struct Long {
    texts: Vec<Box<str>>,
    /// By hash: number + 1; 0 is free. As many as a power of two, at most half of them taken.
    slots: Vec<u32>,
    bytes: usize,
}

impl Long {
    fn size(&self) -> usize {
        self.bytes + self.texts.capacity() * size_of::<Box<str>>() + self.slots.capacity() * size_of::<u32>()
    }

    fn place(slots: &[u32], text: &str) -> usize {
        let mut hasher = DefaultHasher::new();
        hasher.write(text.as_bytes());
        usize::try_from(hasher.finish() & (slots.len() as u64).wrapping_sub(1)).unwrap_or(0)
    }

    fn find(&self, text: &str) -> Option<u32> {
        let mut place = Self::place(&self.slots, text);
        while let Some(number) = self.slots.get(place)?.checked_sub(1) {
            if self.texts.get(number as usize).is_some_and(|known| **known == *text) {
                return Some(number);
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
        None
    }

    fn insert(&mut self, text: &str) -> u32 {
        if let Some(known) = self.find(text) {
            return known;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(UNKNOWN);
        self.bytes += text.len();
        self.texts.push(text.into());
        if self.texts.len() * 2 > self.slots.len() {
            let mut slots = vec![0; (self.slots.len() * 2).max(64)];
            for (number, text) in (1..).zip(&self.texts) {
                Self::take(&mut slots, text, number);
            }
            self.slots = slots;
        } else {
            Self::take(&mut self.slots, text, number + 1);
        }
        number
    }

    fn take(slots: &mut [u32], text: &str, entry: u32) {
        let mut place = Self::place(slots, text);
        while slots[place] != 0 {
            place = (place + 1) & (slots.len() - 1);
        }
        slots[place] = entry;
    }
}

/// Codes of 128 bits, each with its number: open addressing, with a part of the hash beside the number so that a
/// stranger is mostly seen without looking its code up.
#[derive(Debug, Default)]
struct Table {
    keys: Vec<u128>,
    /// Upper half: part of the hash; lower half: number + 1, 0 is free. At most half of them taken.
    slots: Vec<u64>,
}

const TAG: u64 = 0xFFFF_FFFF_0000_0000;

impl Table {
    fn size(&self) -> usize {
        self.keys.capacity() * size_of::<u128>() + self.slots.capacity() * size_of::<u64>()
    }

    #[inline]
    fn find(&self, code: u128) -> u32 {
        let hash = hash(code);
        let Some(last) = self.slots.len().checked_sub(1) else { return UNKNOWN };
        let mut place = index(hash) & last;
        loop {
            match self.slots.get(place) {
                Some(&slot) if slot != 0 => {
                    if slot & TAG == hash & TAG && self.keys.get(number(slot) as usize) == Some(&code) {
                        return number(slot);
                    }
                }
                _ => return UNKNOWN,
            }
            place = (place + 1) & last;
        }
    }

    #[inline]
    fn insert(&mut self, code: u128) -> u32 {
        let known = self.find(code);
        if known == UNKNOWN { self.add(code) } else { known }
    }

    fn add(&mut self, code: u128) -> u32 {
        let number = u32::try_from(self.keys.len()).unwrap_or(UNKNOWN);
        self.keys.push(code);
        if self.keys.len() * 2 > self.slots.len() {
            self.slots = vec![0; (self.slots.len() * 2).max(1024)];
            for (number, &code) in (1..).zip(&self.keys) {
                take(&mut self.slots, hash(code), number);
            }
        } else {
            take(&mut self.slots, hash(code), u64::from(number) + 1);
        }
        number
    }
}

fn take(slots: &mut [u64], hash: u64, entry: u64) {
    let last = slots.len() - 1;
    let mut place = index(hash) & last;
    while slots[place] != 0 {
        place = (place + 1) & last;
    }
    slots[place] = hash & TAG | entry;
}

/// The number in a slot that is taken.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is asked")]
fn number(slot: u64) -> u32 {
    (slot as u32).wrapping_sub(1)
}

#[expect(clippy::cast_possible_truncation, reason = "the lower bits decide the place")]
fn index(hash: u64) -> usize {
    hash as usize
}

/// Both halves, multiplied and folded.
#[expect(clippy::cast_possible_truncation, reason = "halves")]
fn hash(code: u128) -> u64 {
    let (low, high) = (code as u64 ^ 0x9E37_79B9_7F4A_7C15, (code >> 64) as u64 ^ 0xD6E8_FEB8_6659_FD93);
    let product = u128::from(low) * u128::from(high);
    product as u64 ^ (product >> 64) as u64
}
