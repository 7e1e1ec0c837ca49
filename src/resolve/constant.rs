//! Constants: the value of an expression without columns, and the change of a value to another type.

use crate::model::expr::Arithmetic;
use crate::model::expr::{MONEY_SCALE, arithmetic_type};
use crate::model::{RowExpr, RowKind, Type, Unit, Value};

/// The value of an expression that uses no row; nothing when it does, or where it cannot be computed (a division by
/// zero, too large).
pub(super) fn fold(expr: &RowExpr) -> Option<Value> {
    match &expr.kind {
        RowKind::Constant(value) => (!value.is_empty()).then(|| value.clone()),
        RowKind::Negate(x) => match fold(x)? {
            Value::Int(n) => n.checked_neg().map(Value::Int),
            Value::Float(x) => Some(Value::Float(-x)),
            Value::Money(n) => n.checked_neg().map(Value::Money),
            _ => None,
        },
        RowKind::Arithmetic(op, a, b) => arithmetic(*op, &fold(a)?, a.ty, &fold(b)?, b.ty),
        _ => None,
    }
}

fn arithmetic(op: Arithmetic, left: &Value, left_type: Type, right: &Value, right_type: Type) -> Option<Value> {
    let ty = arithmetic_type(op, left_type, right_type)?;
    let (x, y) = (as_float(left)?, as_float(right)?);
    let float = match op {
        Arithmetic::Add => x + y,
        Arithmetic::Subtract => x - y,
        Arithmetic::Multiply => x * y,
        Arithmetic::Divide if y == 0.0 => return None,
        Arithmetic::Divide => x / y,
    };
    Some(match (left, right) {
        (Value::Int(m), Value::Int(n)) if ty != Type::Number && op != Arithmetic::Divide => Value::Int(match op {
            Arithmetic::Add => m.checked_add(*n)?,
            Arithmetic::Subtract => m.checked_sub(*n)?,
            Arithmetic::Multiply | Arithmetic::Divide => m.checked_mul(*n)?,
        }),
        (Value::Money(m), Value::Money(n)) if ty == Type::Money => Value::Money(match op {
            Arithmetic::Add => m.checked_add(*n)?,
            _ => m.checked_sub(*n)?,
        }),
        (Value::Money(m), Value::Int(n)) | (Value::Int(n), Value::Money(m)) if op == Arithmetic::Multiply => {
            Value::Money(m.checked_mul(i128::from(*n))?)
        }
        _ => from_float(float, ty)?,
    })
}

#[expect(clippy::cast_precision_loss, reason = "constants in definitions are far below 2^53")]
fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        // In ten-thousandths: a ratio of two amounts, or an amount by a number, comes out right.
        Value::Money(n) => Some(*n as f64),
        Value::Empty | Value::Bool(_) | Value::Text(_) => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn from_float(x: f64, ty: Type) -> Option<Value> {
    let whole = || (x.abs() < 9e18).then(|| x.round() as i64);
    Some(match ty {
        Type::Duration | Type::Integer | Type::Days | Type::Workdays => Value::Int(whole()?),
        Type::Money => Value::Money(i128::from(whole()?)),
        _ if x.is_finite() => Value::Float(x),
        _ => return None,
    })
}

/// A value of type `from` as one of type `to`, where both are the same kind of quantity.
#[expect(clippy::cast_precision_loss, reason = "constants in definitions are far below 2^53")]
pub(super) fn coerce(value: &Value, from: Type, to: Type) -> Option<Value> {
    match (to, value) {
        (Type::Number | Type::Score(..), Value::Int(n)) if from.is_plain_number() => Some(Value::Float(*n as f64)),
        (Type::Number | Type::Score(..), Value::Float(_)) if from.is_plain_number() => Some(value.clone()),
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
        (Type::Integer, Value::Float(x)) if from.is_plain_number() => {
            (x.fract() == 0.0 && x.abs() < 9e15).then_some(Value::Int(*x as i64))
        }
        _ => (from == to).then(|| value.clone()),
    }
}

/// A value in the base of its unit: seconds, euro, percentage 0–100, days, plain numbers.
#[expect(clippy::cast_precision_loss, reason = "constants in definitions are far below 2^53")]
pub(super) fn base(value: &Value, ty: Type) -> Option<f64> {
    match value {
        Value::Int(n) if ty == Type::Duration => Some(*n as f64 / 1e6),
        Value::Int(n) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        Value::Money(n) => Some(*n as f64 / MONEY_SCALE as f64),
        Value::Empty | Value::Bool(_) | Value::Text(_) => None,
    }
}

/// A bare number with the unit of a type behind it: what the author probably meant.
pub(super) fn with_unit(number: &str, ty: Type) -> Option<String> {
    Some(match ty {
        Type::Duration => format!("{number} s"),
        Type::Money => format!("€ {number}"),
        Type::Percentage => format!("{number}%"),
        Type::PercentPoint => format!("{number} procentpunt"),
        Type::Days => format!("{number} dagen"),
        Type::Workdays => format!("{number} werkdagen"),
        _ => return None,
    })
}

/// How a value of this unit is written, as an example in help texts.
pub(super) fn example(unit: Unit) -> String {
    let plain = match unit.ty {
        Type::Duration => "20 s",
        Type::Money => "€ 4.50",
        Type::Percentage => "80%",
        Type::PercentPoint => "20 procentpunt",
        Type::Days => "3 dagen",
        Type::Workdays => "5 werkdagen",
        _ => "5",
    };
    unit.per.map_or_else(|| plain.to_owned(), |n| format!("{plain} per {n}"))
}
