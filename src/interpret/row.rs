//! Row expressions: the value of an expression for one row. Knows rows and relations through [`World`]; knows nothing of
//! periods, aggregates and KPIs.

use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};
use unicode_normalization::UnicodeNormalization;

use super::value::{arithmetic, compare, conform, holds, negate, round};
use super::world::World;
use crate::calendar::{day_number, day_of, first_day, last_day};
use crate::model::expr::RowFunction;
use crate::model::{Level, RowExpr, RowKind, SharedDimension, TableId, Type, Value};

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
        RowKind::Repeats(repeats) => Outcome::Known(world.repeated(table, repeats, row)),
        kind => Outcome::Known(combine(world, expr, kind, &parts)),
    };
    let outcome = match outcome {
        Outcome::Known(value) => Outcome::Known(conform(value, expr.ty)),
        Outcome::Undecided => Outcome::Undecided,
    };
    world.tell(expr, &parts, &outcome);
    outcome
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
        (RowKind::Member(id, level, _), [Value::Text(text)]) => member(world.model().dimension(*id), *level, text),
        _ => Value::Empty,
    }
}

/// The member that a text spells, or its group. A text that nobody spells so is a member of its own.
fn member(dimension: &SharedDimension, level: Level, text: &str) -> Value {
    let plain = |text: &str| text.trim().nfc().collect::<String>().to_lowercase();
    let wanted = plain(text);
    if wanted.is_empty() {
        return Value::Empty;
    }
    for (at, member) in dimension.members.iter().enumerate() {
        let spells = plain(&member.name) == wanted || member.spellings.iter().any(|s| plain(s) == wanted);
        if !spells {
            continue;
        }
        let group = dimension.groups.iter().find(|g| g.members.contains(&at));
        return Value::Text(match group {
            Some(group) if level == Level::Group => group.name.clone(),
            _ => member.name.clone(),
        });
    }
    Value::Text(format!("(onbekend: {wanted})"))
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
        (RowFunction::Workdays(id), [a, b], [x, y]) => {
            let calendar = &world.model().calendar(id).rules;
            match (local(world, a, *x), local(world, b, *y)) {
                (Some(a), Some(b)) => Value::Int(calendar.workdays_between(a.date(), b.date())),
                _ => Value::Empty,
            }
        }
        (RowFunction::WorkingTime(id), [Value::Int(a), Value::Int(b)], _) => {
            Value::Int(world.model().calendar(id).rules.open_between(*a, *b, world.zone()))
        }
        (RowFunction::AddWorkdays(id), [Value::Int(day), Value::Int(n)], _) => {
            let day = i32::try_from(*day).ok().and_then(day_of);
            let moved = day.map(|day| world.model().calendar(id).rules.add_workdays(day, *n));
            moved.map_or(Value::Empty, |day| Value::Int(day_number(day).into()))
        }
        (RowFunction::AddMonths, [Value::Int(day), Value::Int(n)], _) => months_later(*day, *n),
        (RowFunction::StartsWith, [Value::Text(text), Value::Text(with)], _) => Value::Bool(text.starts_with(with)),
        (RowFunction::Contains, [Value::Text(text), Value::Text(what)], _) => Value::Bool(text.contains(what)),
        _ => Value::Empty,
    }
}

/// The same day of the month so many months later; where that month has no such day, its last.
fn months_later(day: i64, months: i64) -> Value {
    let Some(from) = i32::try_from(day).ok().and_then(day_of) else { return Value::Empty };
    let count = i64::from(from.year()) * 12 + i64::from(from.month0()) + months;
    let (year, month) = (i32::try_from(count.div_euclid(12)), u32::try_from(count.rem_euclid(12) + 1));
    let (Ok(year), Ok(month)) = (year, month) else { return Value::Empty };
    let found = (1..=from.day()).rev().find_map(|day| chrono::NaiveDate::from_ymd_opt(year, month, day));
    found.map_or(Value::Empty, |day| Value::Int(day_number(day.clamp(first_day(), last_day())).into()))
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
        if due >= world.peilmoment() {
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

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::{Outcome, from_truth};
    use crate::interpret::evaluate;
    use crate::model::expr::{Arithmetic, Comparison, RowFunction};
    use crate::model::{RowExpr, RowKind, Type, Value};

    /// The value of an expression over a row of (moment, date, due moment, due date, yes/no).
    fn eval_in(row: Vec<Value>, peilmoment: &str, expr: &RowExpr) -> Outcome {
        let mut project = Project::new();
        let columns = vec![
            column("gedaan", Type::Moment),
            column("dag", Type::Date),
            column("termijn", Type::Moment),
            column("uiterste_dag", Type::Date),
            column("ja", Type::Bool),
        ];
        let table = project.table(None, columns, vec![row]);
        evaluate(&project.checked(), table, &project.data, 0, expr, at(peilmoment))
    }

    fn eval(expr: &RowExpr) -> Value {
        match eval_in(Vec::new(), "2026-02-01 00:00", expr) {
            Outcome::Known(value) => value,
            Outcome::Undecided => panic!("undecided"),
        }
    }

    fn truth_of(value: Option<bool>) -> RowExpr {
        lit(value.map_or(Value::Empty, Value::Bool), Type::Bool)
    }

    #[test]
    fn logic_has_three_values() {
        const N: Option<bool> = None;
        const T: Option<bool> = Some(true);
        const F: Option<bool> = Some(false);
        let table = [(T, T, T, T), (T, F, F, T), (T, N, N, T), (F, F, F, F), (F, N, F, N), (N, N, N, N)];
        for (a, b, and, or) in table {
            for (a, b) in [(a, b), (b, a)] {
                let parts = vec![truth_of(a), truth_of(b)];
                assert_eq!(eval(&expr(RowKind::And(parts.clone()), Type::Bool)), from_truth(and), "{a:?} en {b:?}");
                assert_eq!(eval(&expr(RowKind::Or(parts), Type::Bool)), from_truth(or), "{a:?} of {b:?}");
            }
        }
        for (x, not) in [(T, F), (F, T), (N, N)] {
            assert_eq!(eval(&expr(RowKind::Not(Box::new(truth_of(x))), Type::Bool)), from_truth(not));
        }
    }

    #[test]
    fn empty_values() {
        let empty = || lit(Value::Empty, Type::Integer);
        let one = || lit(Value::Int(1), Type::Integer);
        assert_eq!(eval(&cmp(Comparison::Equal, empty(), empty())), Value::Empty);
        assert_eq!(eval(&cmp(Comparison::NotEqual, empty(), one())), Value::Empty);
        assert_eq!(eval(&calc(Arithmetic::Add, one(), empty(), Type::Integer)), Value::Empty);
        let list = vec![Value::Int(1), Value::Int(2)];
        assert_eq!(eval(&expr(RowKind::In(Box::new(empty()), list.clone()), Type::Bool)), Value::Empty);
        assert_eq!(eval(&expr(RowKind::In(Box::new(one()), list), Type::Bool)), YES);
        assert_eq!(eval(&expr(RowKind::Filled(Box::new(empty()), false), Type::Bool)), YES);
        assert_eq!(eval(&expr(RowKind::Filled(Box::new(empty()), true), Type::Bool)), NO);
        assert_eq!(eval(&expr(RowKind::Coalesce(vec![empty(), one()]), Type::Integer)), Value::Int(1));
        assert_eq!(eval(&call(RowFunction::Least, vec![one(), empty()], Type::Integer)), Value::Empty);
        assert_eq!(eval(&call(RowFunction::Greatest, vec![empty(), one()], Type::Integer)), Value::Empty);
        let choice =
            |c| RowKind::If(Box::new(truth_of(c)), Box::new(one()), Box::new(lit(Value::Int(2), Type::Integer)));
        assert_eq!(eval(&expr(choice(Some(true)), Type::Integer)), Value::Int(1));
        assert_eq!(eval(&expr(choice(None), Type::Integer)), Value::Int(2));
    }

    #[test]
    fn numbers_take_the_form_of_their_type() {
        let choice = RowKind::If(
            Box::new(truth_of(Some(true))),
            Box::new(lit(Value::Int(1), Type::Integer)),
            Box::new(lit(Value::Float(1.5), Type::Number)),
        );
        assert_eq!(eval(&expr(choice, Type::Number)), Value::Float(1.0));
        let least = vec![lit(Value::Int(2), Type::Integer), lit(Value::Float(1.5), Type::Number)];
        assert_eq!(eval(&call(RowFunction::Least, least.clone(), Type::Number)), Value::Float(1.5));
        assert_eq!(eval(&call(RowFunction::Greatest, least, Type::Number)), Value::Float(2.0));
    }

    #[test]
    fn parts_of_a_moment_are_local() {
        // Half past midnight on Thursday 1 January 2026 in Amsterdam is still 2025 in UTC.
        let new_year = || lit(moment("2026-01-01 00:30"), Type::Moment);
        let part = |f| eval(&call(f, vec![new_year()], Type::Integer));
        assert_eq!(part(RowFunction::DateOf), date("2026-01-01"));
        assert_eq!(part(RowFunction::HourOf), Value::Int(0));
        assert_eq!(part(RowFunction::WeekdayOf), Value::Int(4));
        assert_eq!(part(RowFunction::WeekOf), Value::Int(1));
        assert_eq!(part(RowFunction::MonthOf), Value::Int(1));
        let of_day = |f, d| eval(&call(f, vec![lit(date(d), Type::Date)], Type::Integer));
        assert_eq!(of_day(RowFunction::WeekOf, "2027-01-01"), Value::Int(53));
        assert_eq!(of_day(RowFunction::DateOf, "2027-01-01"), date("2027-01-01"));
        assert_eq!(of_day(RowFunction::WeekdayOf, "2027-01-03"), Value::Int(7));
        // The hour that occurs twice: 02:30 UTC+2 and UTC+1.
        let first = at("2025-10-26 02:30");
        for instant in [first, first + crate::calendar::HOUR] {
            let hour = call(RowFunction::HourOf, vec![lit(Value::Int(instant), Type::Moment)], Type::Integer);
            assert_eq!(eval(&hour), Value::Int(2));
        }
    }

    #[test]
    fn texts() {
        let call = |f, a, b| eval(&call(f, vec![lit(text(a), Type::Text), lit(text(b), Type::Text)], Type::Bool));
        assert_eq!(call(RowFunction::StartsWith, "Paspoort", "Pas"), YES);
        assert_eq!(call(RowFunction::StartsWith, "Paspoort", "pas"), NO);
        assert_eq!(call(RowFunction::Contains, "Paspoort", "spo"), YES);
    }

    #[test]
    fn timely_with_a_moment_as_due() {
        let expr = timely(col(0, Type::Moment), col(2, Type::Moment));
        let judge = |done: Value, due: Value| eval_in(vec![done, Value::Empty, due], "2026-02-01 12:01", &expr);
        let due = || moment("2026-02-01 12:00");
        assert_eq!(judge(due(), due()), Outcome::Known(YES));
        assert_eq!(judge(moment("2026-02-01 12:01"), due()), Outcome::Known(NO));
        assert_eq!(judge(Value::Empty, due()), Outcome::Known(NO));
        assert_eq!(judge(due(), Value::Empty), Outcome::Known(Value::Empty));
        // At or after the peilmoment it has not passed: done or not.
        assert_eq!(judge(Value::Empty, moment("2026-02-01 12:01")), Outcome::Undecided);
        assert_eq!(judge(moment("2026-01-01 09:00"), moment("2026-02-01 12:01")), Outcome::Undecided);
    }

    #[test]
    fn timely_with_a_day_as_due() {
        let of_moment = timely(col(0, Type::Moment), col(3, Type::Date));
        let judge = |done: &str, peilmoment| {
            let row = vec![moment(done), Value::Empty, Value::Empty, date("2026-01-31")];
            eval_in(row, peilmoment, &of_moment)
        };
        // The whole day counts, and can be judged from the midnight after it.
        assert_eq!(judge("2026-01-31 23:59", "2026-02-01 00:00"), Outcome::Known(YES));
        assert_eq!(judge("2026-02-01 00:00", "2026-02-01 00:00"), Outcome::Known(NO));
        assert_eq!(judge("2026-01-30 12:00", "2026-01-31 23:59"), Outcome::Undecided);
        let of_day = timely(col(1, Type::Date), col(3, Type::Date));
        for (done, answer) in [("2026-01-31", YES), ("2026-02-01", NO)] {
            let row = vec![Value::Empty, date(done), Value::Empty, date("2026-01-31")];
            assert_eq!(eval_in(row, "2026-02-01 00:00", &of_day), Outcome::Known(answer));
        }
        let day_and_moment = timely(col(1, Type::Date), col(2, Type::Moment));
        for (done, answer) in [("2026-01-31", YES), ("2026-02-01", NO)] {
            let row = vec![Value::Empty, date(done), moment("2026-01-31 09:00")];
            assert_eq!(eval_in(row, "2026-02-01 00:00", &day_and_moment), Outcome::Known(answer));
        }
    }

    #[test]
    fn undecided_takes_everything_around_it_along() {
        let early = || timely(col(0, Type::Moment), col(2, Type::Moment));
        let around = [
            RowKind::And(vec![truth_of(Some(false)), early()]),
            RowKind::Or(vec![truth_of(Some(true)), early()]),
            RowKind::Not(Box::new(early())),
            RowKind::Filled(Box::new(early()), true),
            RowKind::If(Box::new(truth_of(Some(true))), Box::new(truth_of(Some(true))), Box::new(early())),
            RowKind::Coalesce(vec![truth_of(Some(true)), early()]),
        ];
        for kind in around {
            let row = vec![Value::Empty, Value::Empty, moment("2026-03-01 09:00")];
            assert_eq!(eval_in(row, "2026-02-01 00:00", &expr(kind, Type::Bool)), Outcome::Undecided);
        }
    }
}
