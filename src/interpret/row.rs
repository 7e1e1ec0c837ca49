//! Row expressions: the value of an expression for one row. Knows rows and relations through [`World`]; knows nothing of
//! periods, aggregates and KPIs.

use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};

use super::value::{arithmetic, compare, conform, holds, negate, round};
use super::world::World;
use crate::calendar::{day_number, day_of};
use crate::model::expr::RowFunction;
use crate::model::{RowExpr, RowKind, TableId, Type, Value};

/// What an expression gives for a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Known(Value),
    /// A `tijdig` in it cannot be judged yet: the row leaves the aggregate.
    Undecided,
}

impl Outcome {
    /// The value, an undecided one as empty.
    #[must_use]
    pub fn or_empty(self) -> Value {
        match self {
            Self::Known(value) => value,
            Self::Undecided => Value::Empty,
        }
    }

    /// Whether a condition is `ja`.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        *self == Self::Known(Value::Bool(true))
    }
}

/// The value of `expr` for a row. All parts are calculated, also those that an `als` does not take: one undecided part
/// makes the whole undecided.
pub(super) fn evaluate(world: &World<'_>, table: TableId, row: usize, expr: &RowExpr) -> Outcome {
    let mut parts = Vec::new();
    for child in expr.children() {
        match evaluate(world, table, row, child) {
            Outcome::Known(value) => parts.push(value),
            Outcome::Undecided => return Outcome::Undecided,
        }
    }
    let outcome = match &expr.kind {
        RowKind::Column(reference) => world.column(table, row, reference),
        RowKind::Timely { done, due } => match parts.as_slice() {
            [d, u] => timely(world, d, done.ty, u, due.ty),
            _ => Outcome::Known(Value::Empty),
        },
        kind => Outcome::Known(combine(world, expr, kind, &parts)),
    };
    match outcome {
        Outcome::Known(value) => Outcome::Known(conform(value, expr.ty)),
        Outcome::Undecided => Outcome::Undecided,
    }
}

/// The value of an expression from the values of its parts.
fn combine(world: &World<'_>, expr: &RowExpr, kind: &RowKind, parts: &[Value]) -> Value {
    match (kind, parts) {
        (RowKind::Constant(value), _) => value.clone(),
        (RowKind::Peilmoment, _) => Value::Int(world.peilmoment()),
        (RowKind::Not(_), [x]) => from_truth(truth(x).map(|x| !x)),
        (RowKind::Negate(_), [x]) => negate(x),
        (RowKind::And(_), list) => from_truth(all(list.iter().map(truth))),
        (RowKind::Or(_), list) => from_truth(any(list.iter().map(truth))),
        (RowKind::Compare(op, ..), [a, b]) => from_truth(compare(a, b).map(|order| holds(*op, order))),
        (RowKind::Arithmetic(op, ..), [a, b]) => arithmetic(*op, a, b, expr.ty),
        (RowKind::In(_, list), [x]) => {
            if x.is_empty() {
                Value::Empty
            } else {
                Value::Bool(list.iter().any(|v| compare(x, v).is_some_and(std::cmp::Ordering::is_eq)))
            }
        }
        (RowKind::Filled(_, filled), [x]) => Value::Bool(x.is_empty() != *filled),
        (RowKind::If(..), [condition, a, b]) => if truth(condition) == Some(true) { a } else { b }.clone(),
        (RowKind::Coalesce(_), list) => list.iter().find(|v| !v.is_empty()).cloned().unwrap_or(Value::Empty),
        (RowKind::Function(function, args), list) => {
            let types: Vec<Type> = args.iter().map(|a| a.ty).collect();
            call(world, *function, list, &types)
        }
        _ => Value::Empty,
    }
}

/// A condition: `ja`, `nee`, or nothing for empty.
fn truth(value: &Value) -> Option<bool> {
    if let Value::Bool(b) = value { Some(*b) } else { None }
}

fn from_truth(truth: Option<bool>) -> Value {
    truth.map_or(Value::Empty, Value::Bool)
}

/// Three-valued `en`: one `nee` makes `nee`, otherwise one empty makes empty.
pub(super) fn all(list: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for truth in list {
        match truth {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

/// Three-valued `of`: one `ja` makes `ja`, otherwise one empty makes empty.
fn any(list: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(list.map(|truth| truth.map(|b| !b))).map(|b| !b)
}

fn call(world: &World<'_>, function: RowFunction, args: &[Value], types: &[Type]) -> Value {
    match (function, args, types) {
        (RowFunction::DateOf, [x], [Type::Date]) => x.clone(),
        (RowFunction::DateOf, [x], [ty]) => {
            local(world, x, *ty).map_or(Value::Empty, |t| Value::Int(day_number(t.date()).into()))
        }
        (RowFunction::HourOf, [x], [ty]) => part(world, x, *ty, |t| t.hour()),
        (RowFunction::WeekdayOf, [x], [ty]) => part(world, x, *ty, |t| t.weekday().number_from_monday()),
        (RowFunction::WeekOf, [x], [ty]) => part(world, x, *ty, |t| t.iso_week().week()),
        (RowFunction::MonthOf, [x], [ty]) => part(world, x, *ty, |t| t.month()),
        (RowFunction::Least, list, _) => extreme(list, std::cmp::Ordering::Less),
        (RowFunction::Greatest, list, _) => extreme(list, std::cmp::Ordering::Greater),
        (RowFunction::Round, [x, n], _) => round(x, n),
        (RowFunction::StartsWith, [Value::Text(text), Value::Text(with)], _) => Value::Bool(text.starts_with(with)),
        (RowFunction::Contains, [Value::Text(text), Value::Text(what)], _) => Value::Bool(text.contains(what)),
        _ => Value::Empty,
    }
}

/// The local time of a `tijdstip`; of a `datum` its first moment.
fn local(world: &World<'_>, value: &Value, ty: Type) -> Option<NaiveDateTime> {
    let Value::Int(n) = value else { return None };
    if ty == Type::Date {
        day_of(i32::try_from(*n).ok()?).map(|day| day.and_time(NaiveTime::MIN))
    } else {
        world.zone().local(*n)
    }
}

fn part(world: &World<'_>, value: &Value, ty: Type, take: impl Fn(NaiveDateTime) -> u32) -> Value {
    local(world, value, ty).map_or(Value::Empty, |t| Value::Int(take(t).into()))
}

/// The least or greatest; empty when one is empty.
fn extreme(list: &[Value], wanted: std::cmp::Ordering) -> Value {
    let mut best: Option<&Value> = None;
    for value in list {
        match best.map(|b| compare(value, b)) {
            None if value.is_empty() => return Value::Empty,
            None => best = Some(value),
            Some(None) => return Value::Empty,
            Some(Some(order)) if order == wanted => best = Some(value),
            Some(Some(_)) => {}
        }
    }
    best.cloned().unwrap_or(Value::Empty)
}

/// `tijdig(done, uiterlijk due)`
fn timely(world: &World<'_>, done: &Value, done_ty: Type, due: &Value, due_ty: Type) -> Outcome {
    let yes = |b| Outcome::Known(Value::Bool(b));
    let Value::Int(due) = *due else { return Outcome::Known(Value::Empty) };
    let done = if let Value::Int(done) = *done { Some(done) } else { None };
    if due_ty == Type::Date {
        // The whole day counts: it is due at the next midnight, exclusive.
        let Some(end) = midnight(world, due.saturating_add(1)) else { return Outcome::Known(Value::Empty) };
        if end > world.peilmoment() {
            return Outcome::Undecided;
        }
        yes(done.is_some_and(|done| if done_ty == Type::Date { done <= due } else { done < end }))
    } else {
        if due > world.peilmoment() {
            return Outcome::Undecided;
        }
        // A day against a moment: done on the day of the moment is in time.
        let done = if done_ty == Type::Date { done.and_then(|d| midnight(world, d)) } else { done };
        yes(done.is_some_and(|done| done <= due))
    }
}

/// The first instant of a day.
fn midnight(world: &World<'_>, day: i64) -> Option<i64> {
    day_of(i32::try_from(day).ok()?).map(|day| world.zone().midnight(day))
}
