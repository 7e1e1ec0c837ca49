//! What a report draws beside a KPI's own values, as KPIs of their own so that one and the same pass over the data
//! answers both: how the observations behind a mean are spread, and a value per hour and weekday. Their names hold a `#`,
//! which no author can write.

use super::expr::{Arithmetic, Comparison, RowExpr, RowKind, Value};
use super::form::{Form, hour_and_weekday, spread};
use super::kpi::{AggFunc, Aggregate, Calculation, Details, Dimension, Formula, FormulaKind, Kpi, KpiId};
use super::norm::{BoundTest, Norms};
use super::types::{Type, Unit};
use crate::calendar::{HOUR, MINUTE, PeriodKind, SECOND};

/// What the names of companions end with.
pub const DISTRIBUTION: &str = "#verdeling";
pub const HEATMAP: &str = "#uren";

/// Hours in a heatmap's member: `weekday * 24 + hour`, weekdays from 1.
pub const HOURS: i64 = 24;

/// The end of a class of a distribution, in the base of the unit: seconds, days, working days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    pub value: f64,
    /// Whether the edge itself belongs to the class before it.
    pub included: bool,
}

const DAY: i64 = 24 * HOUR;

/// Up to so many µs is a class of its own.
const DURATIONS: [i64; 25] = [
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    20 * SECOND,
    30 * SECOND,
    45 * SECOND,
    MINUTE,
    90 * SECOND,
    2 * MINUTE,
    3 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    45 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    DAY,
    3 * DAY,
    7 * DAY,
    28 * DAY,
    84 * DAY,
];
const DAYS: [i64; 17] = [-1, 0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 56, 84, 112, 182, 365];
const WORKDAYS: [i64; 16] = [-1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 60, 120];

/// The classes of a KPI's distribution, in order; the last class has no end. The norm's bounds are edges too, on the side
/// that the norm puts them: what the norm calls good ends exactly there.
#[must_use]
pub fn edges(kpi: &Kpi) -> Vec<Edge> {
    let Some(ty) = spread(kpi).and_then(|a| a.arg.as_ref()).map(|arg| arg.ty) else { return Vec::new() };
    let plain: &[i64] = match ty {
        Type::Duration => &DURATIONS,
        Type::Days => &DAYS,
        _ => &WORKDAYS,
    };
    #[expect(clippy::cast_precision_loss, reason = "durations up to a few months, whole days")]
    let base = |n: &i64| if ty == Type::Duration { *n as f64 / SECOND as f64 } else { *n as f64 };
    let mut edges: Vec<Edge> = plain.iter().map(|n| Edge { value: base(n), included: true }).collect();
    for bound in &kpi.norms.bounds {
        if let BoundTest::Compare(op, value) = bound.test {
            edges.retain(|e| !e.value.total_cmp(&value).is_eq());
            edges.push(Edge { value, included: matches!(op, Comparison::LessEqual | Comparison::Greater) });
        }
    }
    edges.sort_by(|a, b| a.value.total_cmp(&b.value));
    edges.dedup();
    edges
}

/// The companions of a KPI; their ids are still to be given. None for a KPI that protects persons: classes are smaller
/// than what it shields.
#[must_use]
pub fn of(kpi: &Kpi) -> Vec<Kpi> {
    if kpi.method.shield.is_some() {
        return Vec::new();
    }
    let asked = kpi.details.visualisation.iter().any(|form| form.value == Form::Heatmap);
    distribution(kpi).into_iter().chain(asked.then(|| heatmap(kpi)).flatten()).collect()
}

/// How many observations lie in each class.
fn distribution(kpi: &Kpi) -> Option<Kpi> {
    let aggregate = spread(kpi)?;
    let arg = aggregate.arg.as_ref()?;
    let filled = expr(arg, Type::Bool, RowKind::Filled(Box::new(arg.clone()), true));
    let filter = match &aggregate.filter {
        Some(own) => expr(arg, Type::Bool, RowKind::And(vec![own.clone(), filled])),
        None => filled,
    };
    let count = Aggregate {
        func: AggFunc::Count,
        arg: None,
        filter: Some(filter),
        empty: None,
        ty: Type::Integer,
        ..aggregate.clone()
    };
    let formula = Formula {
        kind: FormulaKind::Aggregate(Box::new(count)),
        unit: Unit::of(Type::Integer),
        span: kpi.calculation_span,
    };
    let exprs = kpi.sources.iter().enumerate().map(|(i, _)| (i == aggregate.source).then(|| class(kpi, arg))).collect();
    Some(companion(kpi, DISTRIBUTION, formula, ("klasse", exprs)))
}

/// The index of the class of a value.
fn class(kpi: &Kpi, arg: &RowExpr) -> RowExpr {
    let whole = |n: usize| constant(arg, i64::try_from(n).unwrap_or(i64::MAX));
    let edges = edges(kpi);
    let last = whole(edges.len());
    edges.iter().enumerate().rev().fold(last, |rest, (i, edge)| {
        let op = if edge.included { Comparison::LessEqual } else { Comparison::Less };
        let limit = expr(arg, arg.ty, RowKind::Constant(Value::Int(physical(edge.value, arg.ty))));
        let below = expr(arg, Type::Bool, RowKind::Compare(op, Box::new(arg.clone()), Box::new(limit)));
        expr(arg, Type::Integer, RowKind::If(Box::new(below), Box::new(whole(i)), Box::new(rest)))
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "edges are small")]
fn physical(value: f64, ty: Type) -> i64 {
    let scale = if ty == Type::Duration { SECOND as f64 } else { 1.0 };
    (value * scale).floor() as i64
}

/// The KPI's own value per weekday and hour, over the whole range.
fn heatmap(kpi: &Kpi) -> Option<Kpi> {
    let (hour, weekday) = hour_and_weekday(kpi)?;
    let formula = kpi.formula()?.clone();
    let exprs =
        hour.exprs.iter().zip(&weekday.exprs).map(|(hour, weekday)| Some(cell(hour.as_ref()?, weekday.as_ref()?)));
    let mut made = companion(kpi, HEATMAP, formula, ("cel", exprs.collect()));
    made.method.period = Some(PeriodKind::Whole);
    Some(made)
}

fn cell(hour: &RowExpr, weekday: &RowExpr) -> RowExpr {
    let both =
        |op, a: RowExpr, b: RowExpr| expr(hour, Type::Integer, RowKind::Arithmetic(op, Box::new(a), Box::new(b)));
    let days = both(Arithmetic::Multiply, weekday.clone(), constant(hour, HOURS));
    both(Arithmetic::Add, days, hour.clone())
}

fn expr(near: &RowExpr, ty: Type, kind: RowKind) -> RowExpr {
    RowExpr { kind, ty, span: near.span }
}

fn constant(near: &RowExpr, n: i64) -> RowExpr {
    expr(near, Type::Integer, RowKind::Constant(Value::Int(n)))
}

/// The KPI with another calculation and one dimension; it has no norm and belongs nowhere.
fn companion(kpi: &Kpi, suffix: &str, formula: Formula, dimension: (&str, Vec<Option<RowExpr>>)) -> Kpi {
    let (name, exprs) = dimension;
    let mut made = kpi.clone();
    made.id = KpiId(usize::MAX);
    made.name = format!("{}{suffix}", kpi.name);
    made.unit = formula.unit;
    made.calculation = Calculation::Formula(formula);
    made.dimensions =
        vec![Dimension { name: name.to_owned(), ty: Type::Integer, exprs, shared: None, span: kpi.dimensions_span }];
    made.norms = Norms::default();
    made.details = Details::default();
    made.method.minimum = None;
    made.method.confidence = None;
    made.method.observations = None;
    made
}
