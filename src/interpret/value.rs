//! What can be done with plain values: compare, order, calculate, round. Knows no rows, no tables and no expressions.

use std::cmp::Ordering;

use crate::model::expr::{Arithmetic, Comparison, MONEY_SCALE};
use crate::model::{Type, Value};

/// Brings a number to the physical form of its type: `Int` and `Float` may meet in an expression (`als(v, 1, 1.5)`), a
/// column has one form. Other values stay as they are.
pub(super) fn conform(value: Value, ty: Type) -> Value {
    match value {
        Value::Int(n) if is_float(ty) => Value::Float(to_float(n)),
        Value::Float(x) if is_int(ty) => Value::Int(round_to_int(x)),
        other => other,
    }
}

/// Types whose values are `Float`.
fn is_float(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Score(..) | Type::Percentage | Type::PercentPoint)
}

/// Types whose values are `Int`.
fn is_int(ty: Type) -> bool {
    matches!(ty, Type::Integer | Type::Date | Type::Moment | Type::Duration | Type::Days | Type::Workdays)
}

/// The nearest `f64`.
#[expect(clippy::cast_precision_loss, reason = "numbers meet as f64")]
pub(super) fn to_float(n: i64) -> f64 {
    n as f64
}

/// The nearest `f64`.
#[expect(clippy::cast_precision_loss, reason = "numbers meet as f64")]
pub(super) fn wide_to_float(n: i128) -> f64 {
    n as f64
}

/// Half away from zero; what does not fit becomes the nearest that does.
#[expect(clippy::cast_possible_truncation, reason = "saturates, and is meant to")]
pub(super) fn round_to_int(x: f64) -> i64 {
    x.round() as i64
}

/// Half away from zero; what does not fit becomes the nearest that does.
#[expect(clippy::cast_possible_truncation, reason = "saturates, and is meant to")]
pub(super) fn round_to_wide(x: f64) -> i128 {
    x.round() as i128
}

/// A quantity in the base of its type: seconds, euro, percentage 0–100, days; nothing when it is empty.
pub(super) fn in_base(value: &Value, ty: Type) -> Option<f64> {
    match value {
        Value::Int(n) if ty == Type::Duration => Some(to_float(*n) / 1e6),
        Value::Int(n) => Some(to_float(*n)),
        Value::Float(x) => Some(*x),
        Value::Money(m) => Some(wide_to_float(*m) / wide_to_float(MONEY_SCALE)),
        Value::Empty | Value::Bool(_) | Value::Text(_) => None,
    }
}

/// The order of two values that can be compared; nothing when one is empty or they are of different kinds.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Money(a), Value::Money(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Float(b)) => to_float(*a).partial_cmp(b),
        (Value::Float(a), Value::Int(b)) => a.partial_cmp(&to_float(*b)),
        _ => None,
    }
}

/// Whether an order satisfies a comparison.
pub(super) fn holds(op: Comparison, order: Ordering) -> bool {
    match op {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterEqual => order != Ordering::Less,
    }
}

/// `a op b` with a result of type `ty`. Empty when a side is empty, on division by zero, and for kinds that do not go
/// together. Whole numbers wrap.
pub(super) fn arithmetic(op: Arithmetic, a: &Value, b: &Value, ty: Type) -> Value {
    match (a, b) {
        (Value::Money(a), Value::Money(b)) => amounts(op, *a, *b),
        (Value::Money(a), Value::Int(b)) => match op {
            Arithmetic::Multiply => Value::Money(a.wrapping_mul(i128::from(*b))),
            Arithmetic::Divide if *b != 0 => Value::Money(divide_rounded(*a, i128::from(*b))),
            _ => Value::Empty,
        },
        (Value::Money(a), Value::Float(b)) => match op {
            Arithmetic::Multiply => Value::Money(round_to_wide(wide_to_float(*a) * b)),
            Arithmetic::Divide if *b != 0.0 => Value::Money(round_to_wide(wide_to_float(*a) / b)),
            _ => Value::Empty,
        },
        (Value::Int(_) | Value::Float(_), Value::Money(_)) if op == Arithmetic::Multiply => arithmetic(op, b, a, ty),
        (Value::Int(a), Value::Int(b)) => whole_numbers(op, *a, *b, ty),
        (Value::Int(a), Value::Float(b)) => numbers(op, to_float(*a), *b, ty),
        (Value::Float(a), Value::Int(b)) => numbers(op, *a, to_float(*b), ty),
        (Value::Float(a), Value::Float(b)) => numbers(op, *a, *b, ty),
        _ => Value::Empty,
    }
}

fn amounts(op: Arithmetic, a: i128, b: i128) -> Value {
    match op {
        Arithmetic::Add => Value::Money(a.wrapping_add(b)),
        Arithmetic::Subtract => Value::Money(a.wrapping_sub(b)),
        Arithmetic::Divide if b != 0 => Value::Float(wide_to_float(a) / wide_to_float(b)),
        Arithmetic::Multiply | Arithmetic::Divide => Value::Empty,
    }
}

fn whole_numbers(op: Arithmetic, a: i64, b: i64, ty: Type) -> Value {
    match op {
        Arithmetic::Add => Value::Int(a.wrapping_add(b)),
        Arithmetic::Subtract => Value::Int(a.wrapping_sub(b)),
        Arithmetic::Multiply => Value::Int(a.wrapping_mul(b)),
        Arithmetic::Divide if b == 0 => Value::Empty,
        // A duration divided by a count stays a duration, in whole microseconds.
        Arithmetic::Divide if is_int(ty) => {
            let quotient = divide_rounded(i128::from(a), i128::from(b));
            Value::Int(i64::try_from(quotient).unwrap_or(i64::MAX))
        }
        Arithmetic::Divide => Value::Float(to_float(a) / to_float(b)),
    }
}

/// As `f64`; where the result is a duration it is rounded to whole microseconds.
fn numbers(op: Arithmetic, a: f64, b: f64, ty: Type) -> Value {
    let result = match op {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide if b == 0.0 => return Value::Empty,
        Arithmetic::Divide => a / b,
    };
    conform(Value::Float(result), ty)
}

/// `-x`
pub(super) fn negate(value: &Value) -> Value {
    match value {
        Value::Int(n) => Value::Int(n.wrapping_neg()),
        Value::Float(x) => Value::Float(-x),
        Value::Money(m) => Value::Money(m.wrapping_neg()),
        _ => Value::Empty,
    }
}

/// `afronden(x, n)`: half away from zero. Whole numbers have nothing to round.
pub(super) fn round(value: &Value, decimals: &Value) -> Value {
    let decimals = match decimals {
        Value::Int(n) => i32::try_from(*n).unwrap_or(0),
        Value::Float(x) => i32::try_from(round_to_int(*x)).unwrap_or(0),
        _ => return Value::Empty,
    };
    match value {
        Value::Float(x) => {
            let scale = 10_f64.powi(decimals);
            Value::Float((x * scale).round() / scale)
        }
        Value::Money(m) => {
            // Ten-thousandths: four decimals are all there are.
            let part = u32::try_from(decimals).ok().and_then(|d| 10_i128.checked_pow(d));
            match part.map(|p| MONEY_SCALE / p) {
                Some(step) if step > 1 => Value::Money(divide_rounded(*m, step).wrapping_mul(step)),
                _ => Value::Money(*m),
            }
        }
        Value::Int(n) => Value::Int(*n),
        _ => Value::Empty,
    }
}

/// `a / b` half away from zero; b is not 0.
fn divide_rounded(a: i128, b: i128) -> i128 {
    let quotient = a.wrapping_div(b);
    let rest = a.wrapping_rem(b).unsigned_abs();
    if rest >= b.unsigned_abs() - rest {
        quotient.wrapping_add(if (a < 0) == (b < 0) { 1 } else { -1 })
    } else {
        quotient
    }
}

/// A value as a key: equal values are one key, and keys have an order (empty first).
#[derive(Clone, Debug)]
pub(super) struct Key(Value);

impl Key {
    pub(super) fn new(value: Value) -> Self {
        // There is one zero.
        Self(if let Value::Float(x) = value { Value::Float(x + 0.0) } else { value })
    }

    pub(super) fn into_value(self) -> Value {
        self.0
    }

    fn rank(&self) -> u8 {
        match self.0 {
            Value::Empty => 0,
            Value::Bool(_) => 1,
            Value::Int(_) => 2,
            Value::Float(_) => 3,
            Value::Money(_) => 4,
            Value::Text(_) => 5,
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
            (a, b) => compare(a, b).filter(|_| self.rank() == other.rank()).unwrap_or(self.rank().cmp(&other.rank())),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn durations_times_and_by_numbers_are_rounded_half_away_from_zero() {
        let by = |op, a: i64, b: Value| arithmetic(op, &Value::Int(a), &b, Type::Duration);
        assert_eq!(by(Arithmetic::Multiply, 3, Value::Float(0.5)), Value::Int(2));
        assert_eq!(by(Arithmetic::Multiply, -3, Value::Float(0.5)), Value::Int(-2));
        assert_eq!(by(Arithmetic::Divide, 3, Value::Int(2)), Value::Int(2));
        assert_eq!(by(Arithmetic::Divide, -3, Value::Int(2)), Value::Int(-2));
        assert_eq!(by(Arithmetic::Divide, SECOND, Value::Int(3)), Value::Int(333_333));
        assert_eq!(by(Arithmetic::Multiply, SECOND, Value::Int(36)), Value::Int(36 * SECOND));
    }

    #[test]
    fn whole_numbers_divide_to_a_fraction_and_wrap() {
        let by = |op, a, b| arithmetic(op, &Value::Int(a), &Value::Int(b), Type::Number);
        assert_eq!(by(Arithmetic::Divide, 1, 4), Value::Float(0.25));
        assert_eq!(by(Arithmetic::Divide, 1, 0), Value::Empty);
        assert_eq!(by(Arithmetic::Add, i64::MAX, 1), Value::Int(i64::MIN));
        assert_eq!(arithmetic(Arithmetic::Divide, &Value::Float(1.0), &Value::Float(-0.0), Type::Number), Value::Empty);
        assert_eq!(arithmetic(Arithmetic::Add, &Value::Int(1), &Value::Empty, Type::Integer), Value::Empty);
    }

    #[test]
    fn amounts() {
        let by = |op, a, b| arithmetic(op, &Value::Money(a), &b, Type::Money);
        assert_eq!(by(Arithmetic::Add, 45_000, Value::Money(1)), Value::Money(45_001));
        assert_eq!(by(Arithmetic::Divide, 45_000, Value::Money(90_000)), Value::Float(0.5));
        assert_eq!(by(Arithmetic::Divide, 5, Value::Int(2)), Value::Money(3));
        assert_eq!(by(Arithmetic::Divide, 5, Value::Int(-2)), Value::Money(-3));
        assert_eq!(by(Arithmetic::Multiply, 5, Value::Float(0.5)), Value::Money(3));
        assert_eq!(arithmetic(Arithmetic::Multiply, &Value::Int(2), &Value::Money(7), Type::Money), Value::Money(14));
        assert_eq!(by(Arithmetic::Divide, 5, Value::Money(0)), Value::Empty);
    }

    #[test]
    fn rounding() {
        let to = |x, n| round(&x, &Value::Int(n));
        assert_eq!(to(Value::Float(2.5), 0), Value::Float(3.0));
        assert_eq!(to(Value::Float(-2.5), 0), Value::Float(-3.0));
        assert_eq!(to(Value::Float(1.25), 1), Value::Float(1.3));
        assert_eq!(to(Value::Money(12_350), 1), Value::Money(12_000));
        assert_eq!(to(Value::Money(12_500), 1), Value::Money(13_000));
        assert_eq!(to(Value::Money(-12_500), 1), Value::Money(-13_000));
        assert_eq!(to(Value::Money(12_345), 6), Value::Money(12_345));
        assert_eq!(to(Value::Int(12), 2), Value::Int(12));
    }

    #[test]
    fn comparing() {
        let less = |a: Value, b: Value| compare(&a, &b).map(|o| holds(Comparison::Less, o));
        assert_eq!(less(Value::Int(1), Value::Float(1.5)), Some(true));
        assert_eq!(less(Value::Float(1.5), Value::Int(1)), Some(false));
        assert_eq!(less(Value::Empty, Value::Int(1)), None);
        // Exact code points: a composed é is not a decomposed one, and capitals count.
        let equal = |a: &str, b: &str| compare(&Value::Text(a.into()), &Value::Text(b.into())) == Some(Ordering::Equal);
        assert!(!equal("\u{e9}", "e\u{301}"));
        assert!(!equal("Balie", "balie"));
        assert!(equal("balie", "balie"));
    }

    #[test]
    fn keys() {
        assert_eq!(Key::new(Value::Float(-0.0)), Key::new(Value::Float(0.0)));
        assert!(Key::new(Value::Empty) < Key::new(Value::Bool(false)));
        assert!(Key::new(Value::Text("a".into())) < Key::new(Value::Text("b".into())));
    }
}
