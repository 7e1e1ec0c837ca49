//! Formulas: what a KPI amounts to in one period for one combination of members. Knows KPIs and periods; how a row
//! expression or an aggregate is calculated is not its business.

use super::aggregate::{Gathered, last_axis, summarise};
use super::member_of;
use super::row::evaluate;
use super::world::World;
use crate::calendar::Period;
use crate::measure::Member;
use crate::model::expr::Arithmetic;
use crate::model::{
    AggFunc, Aggregate, Calculation, ColumnRef, Formula, FormulaKind, Kpi, KpiId, RowExpr, TableId, Type, Value,
};

/// What is asked of a KPI: a period, and the member per dimension (no dimensions: the total).
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) kpi: &'a Kpi,
    pub(super) period: &'a Period,
    pub(super) dimensions: &'a [String],
    pub(super) members: &'a [Member],
    /// `--where`, per source use.
    pub(super) filters: &'a [Option<RowExpr>],
}

/// A figure with what it rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figure {
    pub(super) value: Option<f64>,
    pub(super) numerator: Option<f64>,
    pub(super) denominator: Option<f64>,
    pub(super) n: Option<u64>,
    pub(super) n_empty: Option<u64>,
}

/// The figure of the scope's KPI.
pub(super) fn figure(scope: &Scope<'_>) -> Figure {
    of_kpi(scope, &mut Vec::new())
}

/// `asking`: the KPIs whose formula this one stands in. One that asks for itself (which the checker refuses) has no
/// value.
fn of_kpi(scope: &Scope<'_>, asking: &mut Vec<KpiId>) -> Figure {
    let Calculation::Formula(formula) = &scope.kpi.calculation else { return Figure::default() };
    if asking.contains(&scope.kpi.id) {
        return Figure::default();
    }
    asking.push(scope.kpi.id);
    let figure = of_formula(scope, formula, asking);
    asking.pop();
    figure
}

fn of_formula(scope: &Scope<'_>, formula: &Formula, asking: &mut Vec<KpiId>) -> Figure {
    match &formula.kind {
        FormulaKind::Number(x) => Figure { value: Some(*x), ..Figure::default() },
        FormulaKind::Aggregate(aggregate) => of_aggregate(scope, aggregate),
        FormulaKind::Kpi(id) => of_other(scope, *id, asking),
        FormulaKind::Negate(x) => {
            let x = of_formula(scope, x, asking);
            Figure { value: x.value.map(|v| -v), n: x.n, n_empty: x.n_empty, ..Figure::default() }
        }
        FormulaKind::Binary(Arithmetic::Divide, a, b) => {
            divide(1.0, of_formula(scope, a, asking), of_formula(scope, b, asking))
        }
        FormulaKind::Per(a, k, b) => {
            #[expect(clippy::cast_precision_loss, reason = "a figure is an f64")]
            let k = *k as f64;
            divide(k, of_formula(scope, a, asking), of_formula(scope, b, asking))
        }
        FormulaKind::Share(a, b) => divide(100.0, of_formula(scope, a, asking), of_formula(scope, b, asking)),
        FormulaKind::Binary(op, a, b) => {
            let (a, b) = (of_formula(scope, a, asking), of_formula(scope, b, asking));
            let value = match (a.value, b.value) {
                (Some(a), Some(b)) => finite(match op {
                    Arithmetic::Add => a + b,
                    Arithmetic::Subtract => a - b,
                    Arithmetic::Multiply => a * b,
                    Arithmetic::Divide => a / b,
                }),
                _ => None,
            };
            Figure {
                value,
                n: a.n.into_iter().chain(b.n).min(),
                n_empty: a.n_empty.into_iter().chain(b.n_empty).max(),
                ..Figure::default()
            }
        }
    }
}

/// `factor · a / b`. Rests on the rows of the denominator, or of the numerator where the denominator counts none.
fn divide(factor: f64, a: Figure, b: Figure) -> Figure {
    let value = match (a.value, b.value) {
        (Some(a), Some(b)) if b != 0.0 => finite(factor * a / b),
        _ => None,
    };
    let rests_on = if b.n.is_some() { b } else { a };
    Figure { value, numerator: a.value, denominator: b.value, n: rests_on.n, n_empty: rests_on.n_empty }
}

fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// `kpi(name)`: with the asker's period and those of its dimensions that the other has too.
fn of_other(scope: &Scope<'_>, id: KpiId, asking: &mut Vec<KpiId>) -> Figure {
    let other = scope.world.model().kpi(id);
    let shared = scope.dimensions.iter().zip(scope.members).filter(|(name, _)| has_dimension(other, name));
    let (dimensions, members): (Vec<String>, Vec<Member>) = shared.map(|(d, m)| (d.clone(), m.clone())).unzip();
    let inner = Scope { kpi: other, dimensions: &dimensions, members: &members, filters: &[], ..*scope };
    Figure { numerator: None, denominator: None, ..of_kpi(&inner, asking) }
}

fn has_dimension(kpi: &Kpi, name: &str) -> bool {
    kpi.dimensions.iter().any(|d| d.name == name)
}

fn of_aggregate(scope: &Scope<'_>, aggregate: &Aggregate) -> Figure {
    let Some(source) = scope.kpi.sources.get(aggregate.source) else { return Figure::default() };
    let table = source.table;
    let asked = scope.filters.get(aggregate.source).and_then(Option::as_ref);
    let outer: Vec<&RowExpr> = source.filter.iter().chain(asked).collect();
    let is_last = aggregate.func == AggFunc::Last;
    let axis = if is_last { last_axis(scope.world.model(), table, aggregate) } else { Some(source.axis.clone()) };
    let Some(axis) = axis else { return Figure::default() };

    let mut gathered = Gathered::default();
    // Whether the table has any row in the period, of whatever population or member.
    let mut present = false;
    for row in 0..scope.world.row_count(table) {
        let lies_in = if is_last {
            before_end(scope.world, table, row, &axis, scope.period)
        } else {
            within(scope.world, table, row, &axis, scope.period)
        };
        if lies_in {
            present = true;
            if has_members(scope, aggregate.source, table, row) {
                gathered.add(scope.world, table, row, aggregate, &outer);
            }
        }
    }

    let summary = summarise(aggregate, gathered);
    let argument = aggregate.arg.as_ref().map_or(Type::Integer, |arg| arg.ty);
    let sides = summary.sides().filter(|_| present);
    Figure {
        value: summary.as_figure(argument).filter(|_| present),
        numerator: sides.map(|(yes, _)| yes),
        denominator: sides.map(|(_, judged)| judged),
        n: summary.n,
        n_empty: summary.n_empty,
    }
}

/// Whether a row is of the asked members. A dimension that the source lacks is constant over it.
fn has_members(scope: &Scope<'_>, source: usize, table: TableId, row: usize) -> bool {
    scope.dimensions.iter().zip(scope.members).all(|(name, member)| {
        let dimension = scope.kpi.dimensions.iter().find(|d| d.name == *name);
        let Some((dimension, Some(expr))) = dimension.map(|d| (d, d.exprs.get(source).and_then(Option::as_ref))) else {
            return true;
        };
        member_of(evaluate(scope.world, table, row, expr).or_empty(), dimension.ty) == *member
    })
}

/// Whether a row lies in a period. An empty axis lies in none.
pub(super) fn within(world: &World<'_>, table: TableId, row: usize, axis: &ColumnRef, period: &Period) -> bool {
    match moment(world, table, row, axis) {
        Some((at, Type::Date)) => i64::from(period.from_day()) <= at && at < i64::from(period.until_day()),
        Some((at, _)) => period.start <= at && at < period.end,
        None => false,
    }
}

/// Whether a row lies before the end of a period: in it, or any time before.
fn before_end(world: &World<'_>, table: TableId, row: usize, axis: &ColumnRef, period: &Period) -> bool {
    match moment(world, table, row, axis) {
        Some((at, Type::Date)) => at < i64::from(period.until_day()),
        Some((at, _)) => at < period.end,
        None => false,
    }
}

/// The place of a row on an axis, with the axis's type.
fn moment(world: &World<'_>, table: TableId, row: usize, axis: &ColumnRef) -> Option<(i64, Type)> {
    match world.column(table, row, axis).or_empty() {
        Value::Int(at) => Some((at, world.model().column(table, axis).ty)),
        _ => None,
    }
}
