//! Lowering of row expressions: `peilmoment` becomes a constant and `tijdig` ordinary three-valued logic plus the
//! condition under which a row can be judged at all. Spans are dropped, so that equal expressions of two KPIs are equal.

use crate::calendar::{Zone, day_number};
use crate::model::expr::{Comparison, Repeats, RowFunction};
use crate::model::{RowExpr, RowKind, Type, Value};
use crate::source::{SourceId, Span};

/// The span of everything that no author wrote.
const NOWHERE: Span = Span { source: SourceId(u32::MAX), start: 0, end: 0 };

/// An expression in three-valued logic.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowered {
    pub value: RowExpr,
    /// The row can be judged: the conjunction over all `tijdig` in the expression; never empty. None = always.
    pub judgeable: Option<RowExpr>,
}

/// Lowers an expression. `peilmoment` is µs UTC, `zone` the project's.
#[must_use]
pub fn lower(expr: &RowExpr, zone: Zone, peilmoment: i64) -> Lowered {
    let mut lowering = Lowering { zone, peilmoment, judgeable: Vec::new() };
    let value = lowering.expr(expr);
    Lowered { value, judgeable: and(lowering.judgeable) }
}

/// The conjunction of conditions: flat, each once; none of none.
#[must_use]
pub fn and(conditions: impl IntoIterator<Item = RowExpr>) -> Option<RowExpr> {
    let mut list: Vec<RowExpr> = Vec::new();
    for condition in conditions {
        let parts = if let RowKind::And(parts) = condition.kind { parts } else { vec![condition] };
        for part in parts {
            if !list.contains(&part) {
                list.push(part);
            }
        }
    }
    if list.len() > 1 { Some(bool_expr(RowKind::And(list))) } else { list.pop() }
}

/// `x is gevuld` (`filled`) or `x is leeg`.
#[must_use]
pub fn filled(x: RowExpr, filled: bool) -> RowExpr {
    bool_expr(RowKind::Filled(Box::new(x), filled))
}

/// The disjunction of conditions; none of none.
#[must_use]
pub fn any(conditions: Vec<RowExpr>) -> Option<RowExpr> {
    conditions.into_iter().reduce(|a, b| match a.kind {
        RowKind::Or(mut list) => {
            list.push(b);
            bool_expr(RowKind::Or(list))
        }
        _ => or(a, b),
    })
}

/// `a of b`
#[must_use]
pub fn or(a: RowExpr, b: RowExpr) -> RowExpr {
    bool_expr(RowKind::Or(vec![a, b]))
}

/// Whether a day or moment does not come before another; where one of them is a day, by their days.
#[must_use]
pub fn not_before(a: RowExpr, b: RowExpr) -> RowExpr {
    if a.ty == b.ty {
        return compare(Comparison::GreaterEqual, a, b);
    }
    compare(Comparison::GreaterEqual, day_of(a), day_of(b))
}

fn bool_expr(kind: RowKind) -> RowExpr {
    RowExpr { kind, ty: Type::Bool, span: NOWHERE }
}

/// A constant in the physical form of its type.
#[must_use]
pub fn constant(value: Value, ty: Type) -> RowExpr {
    RowExpr { kind: RowKind::Constant(value), ty, span: NOWHERE }
}

fn compare(op: Comparison, a: RowExpr, b: RowExpr) -> RowExpr {
    bool_expr(RowKind::Compare(op, Box::new(a), Box::new(b)))
}

fn day_of(x: RowExpr) -> RowExpr {
    if x.ty == Type::Date {
        return x;
    }
    RowExpr { kind: RowKind::Function(RowFunction::DateOf, vec![x]), ty: Type::Date, span: NOWHERE }
}

struct Lowering {
    zone: Zone,
    peilmoment: i64,
    judgeable: Vec<RowExpr>,
}

impl Lowering {
    fn expr(&mut self, expr: &RowExpr) -> RowExpr {
        let mut one = |x: &RowExpr| Box::new(self.expr(x));
        let kind = match &expr.kind {
            RowKind::Column(_) | RowKind::Constant(_) => expr.kind.clone(),
            RowKind::Peilmoment => RowKind::Constant(Value::Int(self.peilmoment)),
            RowKind::Not(x) => RowKind::Not(one(x)),
            RowKind::Negate(x) => RowKind::Negate(one(x)),
            RowKind::Filled(x, f) => RowKind::Filled(one(x), *f),
            RowKind::In(x, list) => RowKind::In(one(x), list.clone()),
            RowKind::Compare(op, a, b) => RowKind::Compare(*op, one(a), one(b)),
            RowKind::Arithmetic(op, a, b) => RowKind::Arithmetic(*op, one(a), one(b)),
            RowKind::If(c, a, b) => RowKind::If(one(c), one(a), one(b)),
            RowKind::And(list) => {
                let list: Vec<RowExpr> = list.iter().map(|x| self.expr(x)).collect();
                return and(list).unwrap_or_else(|| constant(Value::Bool(true), Type::Bool));
            }
            RowKind::Or(list) => RowKind::Or(self.list(list)),
            RowKind::Coalesce(list) => RowKind::Coalesce(self.list(list)),
            RowKind::Function(f, list) => RowKind::Function(*f, self.list(list)),
            RowKind::Member(id, level, x) => RowKind::Member(*id, *level, one(x)),
            RowKind::Timely { done, due } => return self.timely(done, due),
            RowKind::Repeats(repeats) => RowKind::Repeats(Box::new(self.repeats(repeats))),
        };
        RowExpr { kind, ty: expr.ty, span: NOWHERE }
    }

    fn list(&mut self, list: &[RowExpr]) -> Vec<RowExpr> {
        list.iter().map(|x| self.expr(x)).collect()
    }

    /// A key that cannot be judged yet is empty, for the rows that look at this one; and a row that cannot be judged is
    /// not in the population.
    fn repeats(&mut self, repeats: &Repeats) -> Repeats {
        let (zone, peilmoment) = (self.zone, self.peilmoment);
        let key = |x: &RowExpr| {
            let Lowered { value, judgeable } = lower(x, zone, peilmoment);
            let Some(judgeable) = judgeable else { return value };
            if !self.judgeable.contains(&judgeable) {
                self.judgeable.push(judgeable.clone());
            }
            let ty = value.ty;
            let empty = Box::new(constant(Value::Empty, ty));
            RowExpr { kind: RowKind::If(Box::new(judgeable), Box::new(value), empty), ty, span: NOWHERE }
        };
        let keys = repeats.keys.iter().map(key).collect();
        let population = repeats.population.as_ref().and_then(|p| {
            let Lowered { value, judgeable } = lower(p, zone, peilmoment);
            and([value].into_iter().chain(judgeable))
        });
        let axis = lower(&repeats.axis, zone, peilmoment).value;
        Repeats { keys, axis, population, ..*repeats }
    }

    /// See [`RowKind::Timely`].
    fn timely(&mut self, done: &RowExpr, due: &RowExpr) -> RowExpr {
        let done = self.expr(done);
        let due = self.expr(due);
        let in_time = match (done.ty, due.ty) {
            (Type::Moment, Type::Moment) => compare(Comparison::LessEqual, done.clone(), due.clone()),
            _ => compare(Comparison::LessEqual, day_of(done.clone()), day_of(due.clone())),
        };
        let past = if due.ty == Type::Date {
            let today = self.zone.day(self.peilmoment).map_or(i64::MAX, |d| i64::from(day_number(d)));
            compare(Comparison::Less, due.clone(), constant(Value::Int(today), Type::Date))
        } else {
            compare(Comparison::Less, due.clone(), constant(Value::Int(self.peilmoment), Type::Moment))
        };
        let judgeable = or(filled(due.clone(), false), past);
        if !self.judgeable.contains(&judgeable) {
            self.judgeable.push(judgeable);
        }
        let judged = bool_expr(RowKind::And(vec![filled(done, true), in_time]));
        bool_expr(RowKind::If(
            Box::new(filled(due, true)),
            Box::new(judged),
            Box::new(constant(Value::Empty, Type::Bool)),
        ))
    }
}
