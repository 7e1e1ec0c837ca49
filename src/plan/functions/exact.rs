//! An exact sum of floats. Every finite float is an integer times 2^-1074, so a sum is kept as digits of that integer and
//! rounded once, at the end: the answer is the correctly rounded true sum, whatever the order. Knows no Arrow.

/// Bits per digit. A digit has 64 bits, so that additions can wait for their carries.
const DIGIT: u32 = 32;
const DIGIT_MASK: i64 = 0xffff_ffff;
const FRACTION_BITS: u32 = 52;
/// Each addition adds less than 2^53 to a digit, so 2^9 of them stay below 2^62.
const PENDING: u32 = 512;

const SAW_NAN: u8 = 1;
const SAW_PLUS: u8 = 2;
const SAW_MINUS: u8 = 4;

/// A running sum: Σ `digits[i]` · 2^(32 · (`base` + i) − 1074).
#[derive(Clone, Debug, Default)]
pub struct ExactSum {
    digits: Vec<i64>,
    base: u32,
    /// Additions since the carries were done.
    pending: u32,
    special: u8,
}

impl ExactSum {
    /// Adds a float. NaN, and both infinities, make the sum NaN.
    #[inline]
    pub fn add(&mut self, x: f64) {
        let bits = x.to_bits();
        let exponent = u32::try_from((bits >> FRACTION_BITS) & 0x7ff).unwrap_or(0);
        if exponent == 0x7ff {
            self.special |= if x.is_nan() {
                SAW_NAN
            } else if x > 0.0 {
                SAW_PLUS
            } else {
                SAW_MINUS
            };
            return;
        }
        let fraction = bits & ((1 << FRACTION_BITS) - 1);
        let mantissa = if exponent == 0 { fraction } else { fraction | (1 << FRACTION_BITS) };
        if mantissa == 0 {
            return;
        }
        let place = exponent.max(1) - 1;
        let (digit, shift) = (place / DIGIT, place % DIGIT);
        let low = (mantissa << shift).cast_signed() & DIGIT_MASK;
        let high = (mantissa >> (DIGIT - shift)).cast_signed();
        let at = self.room(digit, 2);
        if let Some([a, b]) = self.digits.get_mut(at..at + 2) {
            if bits >> 63 == 0 {
                *a += low;
                *b += high;
            } else {
                *a -= low;
                *b -= high;
            }
        }
        self.added();
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &mut Self) {
        other.carry();
        self.special |= other.special;
        if other.digits.is_empty() {
            return;
        }
        let at = self.room(other.base, other.digits.len());
        for (mine, theirs) in self.digits.iter_mut().skip(at).zip(&other.digits) {
            *mine += theirs;
        }
        self.added();
    }

    fn added(&mut self) {
        self.pending += 1;
        if self.pending >= PENDING {
            self.carry();
            self.pending = 1;
        }
    }

    /// Makes sure that `count` digits from place `digit` on exist; the index of the first.
    #[inline]
    fn room(&mut self, digit: u32, count: usize) -> usize {
        if self.digits.is_empty() {
            self.base = digit;
        }
        if digit < self.base {
            let missing = (self.base - digit) as usize;
            self.digits.splice(..0, std::iter::repeat_n(0, missing));
            self.base = digit;
        }
        let at = (digit - self.base) as usize;
        if self.digits.len() < at + count {
            self.digits.resize(at + count, 0);
        }
        at
    }

    /// Brings every digit but the highest into 0 … 2^32 − 1, and the highest into −2^31 … 2^31 − 1.
    fn carry(&mut self) {
        let Some(last) = self.digits.len().checked_sub(1) else {
            return;
        };
        let mut carry = 0;
        for digit in self.digits.iter_mut().take(last) {
            let value = *digit + carry;
            *digit = value & DIGIT_MASK;
            carry = value >> DIGIT;
        }
        let mut top = self.digits.pop().unwrap_or(0) + carry;
        while !(-(1 << 31)..1 << 31).contains(&top) {
            self.digits.push(top & DIGIT_MASK);
            top >>= DIGIT;
        }
        self.digits.push(top);
        self.pending = 0;
    }

    /// The correctly rounded sum (half to even); 0 over nothing.
    #[must_use]
    pub fn value(&self) -> f64 {
        match self.special {
            0 => {}
            SAW_PLUS => return f64::INFINITY,
            SAW_MINUS => return f64::NEG_INFINITY,
            _ => return f64::NAN,
        }
        let mut magnitude = self.clone();
        magnitude.carry();
        let negative = magnitude.digits.last().is_some_and(|&top| top < 0);
        if negative {
            magnitude.digits.iter_mut().for_each(|digit| *digit = -*digit);
            magnitude.carry();
        }
        let rounded = magnitude.round();
        if negative { -rounded } else { rounded }
    }

    /// The value of digits that are all in 0 … 2^32 − 1.
    fn round(&self) -> f64 {
        let Some(top) = self.digits.iter().rposition(|&digit| digit != 0) else {
            return 0.0;
        };
        let digit = |back: usize| -> u128 {
            let found = top.checked_sub(back).and_then(|i| self.digits.get(i));
            found.map_or(0, |&d| u128::from(d.unsigned_abs()))
        };
        // The highest three digits hold at least 65 significant bits.
        let window = digit(0) << (2 * DIGIT) | digit(1) << DIGIT | digit(2);
        let lowest = i64::from(DIGIT) * (i64::from(self.base) + i64::try_from(top).unwrap_or(0) - 2);
        let drop = 128 - window.leading_zeros() - (FRACTION_BITS + 1);
        let place = lowest + i64::from(drop);
        let mantissa = u64::try_from(window >> drop).unwrap_or(u64::MAX);
        if place <= 0 {
            // Exact: nothing lies below 2^-1074, so the dropped bits are zero.
            return f64::from_bits(mantissa >> u32::try_from(-place).unwrap_or(63).min(63));
        }
        let rest = window & ((1 << drop) - 1);
        let half = 1_u128 << (drop - 1);
        let beneath = self.digits.iter().take(top.saturating_sub(2)).any(|&digit| digit != 0);
        let up = rest > half || (rest == half && (beneath || mantissa & 1 == 1));
        let exponent = u64::try_from(place + 1).unwrap_or(0x7ff);
        if exponent >= 0x7ff {
            return f64::INFINITY;
        }
        f64::from_bits((exponent << FRACTION_BITS) + (mantissa - (1 << FRACTION_BITS)) + u64::from(up))
    }

    /// Appends the sum to `bytes`; [`Self::decode`] reads it.
    pub fn encode(&mut self, bytes: &mut Vec<u8>) {
        self.carry();
        bytes.push(self.special);
        bytes.extend_from_slice(&self.base.to_le_bytes());
        self.digits.iter().for_each(|digit| bytes.extend_from_slice(&digit.to_le_bytes()));
    }

    /// The sum that [`Self::encode`] wrote.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (special, rest) = bytes.split_first()?;
        let (base, digits) = rest.split_first_chunk::<4>()?;
        let digits = digits.chunks_exact(8).map(|chunk| chunk.try_into().map_or(0, i64::from_le_bytes)).collect();
        Some(Self { digits, base: u32::from_le_bytes(*base), pending: 0, special: *special })
    }

    /// Bytes on the heap.
    #[must_use]
    pub fn heap(&self) -> usize {
        self.digits.capacity() * size_of::<i64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(list: &[f64]) -> f64 {
        let mut sum = ExactSum::default();
        for &x in list {
            sum.add(x);
        }
        sum.value()
    }

    /// A small generator, so that the test needs no crate.
    fn next(state: &mut u64) -> u64 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    }

    #[test]
    fn single_values_come_back() {
        let mut state = 7;
        for _ in 0..20_000 {
            let x = f64::from_bits(next(&mut state));
            if x.is_finite() {
                assert_eq!(sum(&[x]).to_bits(), (x + 0.0).to_bits(), "{x:e}");
            }
        }
        for x in [f64::MIN_POSITIVE, 5e-324, f64::MAX, -f64::MAX, 0.0, 1.0, -1.0] {
            assert_eq!(sum(&[x]).to_bits(), x.to_bits());
        }
    }

    #[test]
    fn two_values_are_rounded_as_the_processor_does() {
        let mut state = 99;
        for i in 0..50_000_u64 {
            let a = f64::from_bits(next(&mut state));
            let spread = (i % 120) << 52;
            let b = f64::from_bits((next(&mut state) & 0x800f_ffff_ffff_ffff) | (a.to_bits() & 0x7ff0_0000_0000_0000));
            let b = f64::from_bits(b.to_bits().saturating_sub(spread));
            if a.is_finite() && b.is_finite() {
                assert_eq!(sum(&[a, b]).to_bits(), (a + b + 0.0).to_bits(), "{a:e} {b:e}");
            }
        }
    }

    #[test]
    fn order_does_not_matter_and_cancelling_is_exact() {
        assert_eq!(sum(&[1e100, 1.0, -1e100]).to_bits(), 1.0_f64.to_bits());
        assert_eq!(sum(&[0.1; 10]).to_bits(), 1.0_f64.to_bits());
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX]).to_bits(), f64::MAX.to_bits());
        assert!(sum(&[f64::MAX, f64::MAX]).is_infinite());
        let mut state = 3;
        let mut list: Vec<f64> =
            (0..3000).map(|_| f64::from_bits(next(&mut state))).filter(|x| x.is_finite()).collect();
        let first = sum(&list);
        list.sort_by(f64::total_cmp);
        assert_eq!(sum(&list).to_bits(), first.to_bits());
        list.reverse();
        assert_eq!(sum(&list).to_bits(), first.to_bits());
    }

    #[test]
    fn merging_in_any_split_gives_the_same() {
        let mut state = 5;
        let list: Vec<f64> = (0..2000)
            .map(|_| (f64::from(u32::try_from(next(&mut state) >> 32).expect("32 bits")) / 1e5 - 9000.0) / 3.0)
            .collect();
        let whole = sum(&list);
        for parts in [2, 3, 7, 1000] {
            let mut total = ExactSum::default();
            for part in list.chunks(list.len() / parts) {
                let mut one = ExactSum::default();
                for &x in part {
                    one.add(x);
                }
                let mut bytes = Vec::new();
                one.encode(&mut bytes);
                total.merge(&mut ExactSum::decode(&bytes).expect("a sum"));
            }
            assert_eq!(total.value().to_bits(), whole.to_bits());
        }
    }

    #[test]
    fn what_is_no_number() {
        assert!(sum(&[1.0, f64::NAN]).is_nan());
        assert!(sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
        assert_eq!(sum(&[f64::NEG_INFINITY, 1.0]).to_bits(), f64::NEG_INFINITY.to_bits());
    }
}
