//! Formulas: what a KPI amounts to in one period for one combination of members. Knows KPIs and periods; how a row
//! expression or an aggregate is calculated is not its business.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::aggregate::{Gathered, last_axis, summarise, summarise_weighted};
use super::row::evaluate;
use super::value::Key;
use super::world::World;
use super::{elsewhen, groups, member_of, stock};
use crate::calendar::{Period, Shift};
use crate::measure::Member;
use crate::model::expr::Arithmetic;
use crate::model::norm::{DataLimit, Limit};
use crate::model::sampling::{Sampled, sampled};
use crate::model::{
    AggFunc, Aggregate, Calculation, ColumnRef, Formula, FormulaKind, Kpi, KpiId, RowExpr, TableId, Type, Value,
};

/// What is asked of a KPI: a period, and the member per dimension (no dimensions: the total).
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) kpi: &'a Kpi,
    pub(super) period: &'a Period,
    /// The first day of the asked period, also where the formula looks at another: the versions of that day count.
    pub(super) day: NaiveDate,
    /// Whether persons are counted.
    pub(super) shielded: bool,
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
    /// Different persons in the rows that `n` counts (those rows where no persons are known); only where it matters.
    pub(super) persons: Option<u64>,
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
    // Always over a window of its own, or over the period.
    let figure = match scope.kpi.method.window.map(|window| shifted(scope, window)) {
        None => observed(scope, formula, asking),
        Some(Some(period)) => observed(&Scope { period: &period, ..*scope }, formula, asking),
        Some(None) => Figure::default(),
    };
    asking.pop();
    figure
}

/// A KPI's formula, with the n that its meetmethode asks.
fn observed(scope: &Scope<'_>, formula: &Formula, asking: &mut Vec<KpiId>) -> Figure {
    let mut figure = of_formula(scope, formula, asking);
    if let Some(observations) = &scope.kpi.method.observations {
        let sum = of_aggregate(scope, observations, false).value.unwrap_or(0.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of whole numbers")]
        let n = sum.max(0.0) as u64;
        figure.n = Some(n);
    }
    figure
}

/// Another stretch of time than the scope's.
pub(super) fn shifted(scope: &Scope<'_>, shift: Shift) -> Option<Period> {
    elsewhen::stretch(scope.period, shift, scope.world.model().zone)
}

fn of_formula(scope: &Scope<'_>, formula: &Formula, asking: &mut Vec<KpiId>) -> Figure {
    match &formula.kind {
        FormulaKind::Number(x) => Figure { value: Some(*x), ..Figure::default() },
        FormulaKind::Aggregate(aggregate) => of_aggregate(scope, aggregate, true),
        FormulaKind::Kpi(id) => of_other(scope, *id, asking),
        FormulaKind::Over(x, shift) => match shifted(scope, shift.value) {
            Some(period) => of_formula(&Scope { period: &period, ..*scope }, x, asking),
            None => Figure::default(),
        },
        FormulaKind::Index(x, base) => {
            let now = of_formula(scope, x, asking);
            let then = match shifted(scope, Shift::To(base.value)) {
                Some(period) => of_formula(&Scope { period: &period, ..*scope }, x, asking),
                None => Figure::default(),
            };
            Figure {
                value: divide(100.0, now, then).value,
                n: now.n,
                n_empty: now.n_empty,
                persons: now.persons,
                ..Figure::default()
            }
        }
        FormulaKind::Yearly(x) => {
            let x = of_formula(scope, x, asking);
            let (year, days) = elsewhen::days(scope.period);
            let value = x.value.and_then(|v| finite(v * year / days));
            Figure { value, n: x.n, n_empty: x.n_empty, persons: x.persons, ..Figure::default() }
        }
        FormulaKind::Negate(x) => {
            let x = of_formula(scope, x, asking);
            Figure { value: x.value.map(|v| -v), n: x.n, n_empty: x.n_empty, persons: x.persons, ..Figure::default() }
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
        FormulaKind::Portion(x) => {
            let whole = Scope { dimensions: &[], members: &[], ..*scope };
            let (part, whole) = (of_formula(scope, x, asking), of_formula(&whole, x, asking));
            // The part itself is shown too, so its persons count.
            Figure { persons: fewest(part, whole), ..divide(100.0, part, whole) }
        }
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
                persons: fewest(a, b),
                ..Figure::default()
            }
        }
    }
}

/// The fewer persons of two sides; where one knows none, its rows stand for them.
fn fewest(a: Figure, b: Figure) -> Option<u64> {
    if a.persons.is_none() && b.persons.is_none() {
        return None;
    }
    let of = |x: Figure| if x.persons.is_some() { x.persons } else { x.n };
    of(a).into_iter().chain(of(b)).min()
}

/// `factor · a / b`. Rests on the rows of the denominator, or of the numerator where the denominator counts none.
fn divide(factor: f64, a: Figure, b: Figure) -> Figure {
    let value = match (a.value, b.value) {
        (Some(a), Some(b)) if b != 0.0 => finite(factor * a / b),
        _ => None,
    };
    let rests_on = if b.n.is_some() { b } else { a };
    Figure { value, numerator: a.value, denominator: b.value, ..rests_on }
}

fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// `kpi(name)`: with the asker's period and those of its dimensions that the other has too.
fn of_other(scope: &Scope<'_>, id: KpiId, asking: &mut Vec<KpiId>) -> Figure {
    of_version(scope, id, |inner| of_kpi(inner, asking))
}

/// What another KPI is here: with the dimensions that it shares.
pub(super) fn of_version<T: Default>(scope: &Scope<'_>, id: KpiId, what: impl FnOnce(&Scope<'_>) -> T) -> T {
    let Some(other) = scope.world.model().version_on(id, scope.day) else { return T::default() };
    let shared = scope.dimensions.iter().zip(scope.members).filter(|(name, _)| has_dimension(other, name));
    let (dimensions, members): (Vec<String>, Vec<Member>) = shared.map(|(d, m)| (d.clone(), m.clone())).unzip();
    let inner = Scope { kpi: other, dimensions: &dimensions, members: &members, filters: &[], ..*scope };
    what(&inner)
}

fn has_dimension(kpi: &Kpi, name: &str) -> bool {
    kpi.dimensions.iter().any(|d| d.name == name)
}

/// `weighted`: whether the source's weights count.
fn of_aggregate(scope: &Scope<'_>, aggregate: &Aggregate, weighted: bool) -> Figure {
    let Some(source) = scope.kpi.sources.get(aggregate.source) else { return Figure::default() };
    let table = source.table;
    let asked = scope.filters.get(aggregate.source).and_then(Option::as_ref);
    let outer: Vec<&RowExpr> = source.filter.iter().chain(asked).collect();
    let is_last = aggregate.func == AggFunc::Last;
    let axis = if is_last { last_axis(scope.world.model(), table, aggregate) } else { Some(source.axis.clone()) };
    let Some(axis) = axis else { return Figure::default() };

    let weight = source.weight.as_ref().filter(|_| weighted);
    let mut gathered = Gathered::default();
    let mut chosen = Vec::new();
    // Empty is a person too: all rows without one are taken to be of one.
    let person = scope.world.model().person(table).filter(|_| scope.shielded && !is_last);
    let mut persons: BTreeSet<Key> = BTreeSet::new();
    // Whether the table has any row in the period, of whatever population or member.
    let mut present = false;
    for row in 0..scope.world.row_count(table) {
        let lies_in = if is_last {
            before_end(scope.world, table, row, &axis, scope.period)
        } else if aggregate.func == AggFunc::Stock {
            let begun = stock::begun(scope.world, table, row, aggregate, scope.period);
            present |= begun;
            begun && stock::open(scope.world, table, row, aggregate, scope.period)
        } else {
            within(scope.world, table, row, &axis, scope.period)
        };
        if lies_in {
            present = true;
            if has_members(scope, aggregate.source, table, row) {
                if let Some(person) = person.filter(|_| rests_on(scope, table, row, aggregate, &outer, weight)) {
                    persons.insert(Key::new(scope.world.cell(table, row, person).or_empty()));
                }
                match weight {
                    _ if aggregate.per.is_some() => chosen.push(row),
                    None => gathered.add(scope.world, table, row, aggregate, &outer),
                    Some(weight) => gathered.add_weighted(scope.world, table, row, aggregate, &outer, weight),
                }
            }
        }
    }

    let summary = match (&aggregate.per, weight) {
        (Some(groups), _) => groups::summarise(scope.world, table, &chosen, &outer, aggregate, groups),
        (None, Some(_)) => summarise_weighted(aggregate, &gathered),
        (None, None) => summarise(aggregate, gathered),
    };
    let argument = aggregate.arg.as_ref().map_or(Type::Integer, |arg| arg.ty);
    let sides = summary.sides(argument).filter(|_| present);
    Figure {
        value: summary.as_figure(argument).filter(|_| present),
        numerator: sides.map(|(yes, _)| yes),
        denominator: sides.map(|(_, judged)| judged),
        n: summary.n,
        n_empty: summary.n_empty,
        // A condition on groups leaves some of them, one for each person.
        persons: person.map(|_| persons.len() as u64).map(|all| match (&aggregate.per, &aggregate.filter, summary.n) {
            (Some(_), Some(_), Some(n)) => n.min(all),
            _ => all,
        }),
    }
}

/// Whether a row is one of those that an aggregate's value rests on: of two levels, one that is in a group.
fn rests_on(
    scope: &Scope<'_>,
    table: TableId,
    row: usize,
    aggregate: &Aggregate,
    outer: &[&RowExpr],
    weight: Option<&RowExpr>,
) -> bool {
    if let Some(groups) = &aggregate.per {
        return groups::is_grouped(scope.world, table, row, outer, groups);
    }
    let mut alone = Gathered::default();
    let summary = match weight {
        None => {
            alone.add(scope.world, table, row, aggregate, outer);
            summarise(aggregate, alone)
        }
        Some(weight) => {
            alone.add_weighted(scope.world, table, row, aggregate, outer, weight);
            summarise_weighted(aggregate, &alone)
        }
    };
    summary.n == Some(1)
}

/// The rows of a sample: how many are `ja` in a share, or on either side of a difference of shares. With weights the same
/// shares of as many rows as say as much without.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    pub plus: f64,
    /// Of a difference: the rows on the other side, and those on both.
    pub minus: Option<(f64, f64)>,
    pub n: f64,
}

/// The counts behind a figure of a sample, where an interval is asked for.
pub(super) fn shares(scope: &Scope<'_>) -> Option<Shares> {
    scope.kpi.method.confidence?;
    let own = scope.kpi.method.window.map(|window| shifted(scope, window));
    let scope = &match &own {
        None => *scope,
        Some(period) => Scope { period: period.as_ref()?, ..*scope },
    };
    let (x, y) = match sampled(scope.world.model(), scope.kpi).ok()? {
        Sampled::Share(a) => (a, None),
        Sampled::Difference(a, b) => (a, Some(b)),
    };
    let source = scope.kpi.sources.get(x.source)?;
    let asked = scope.filters.get(x.source).and_then(Option::as_ref);
    let outer: Vec<&RowExpr> = source.filter.iter().chain(asked).collect();
    let (mut all, mut squares, mut plus, mut minus, mut both) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for row in 0..scope.world.row_count(source.table) {
        let counts = within(scope.world, source.table, row, &source.axis, scope.period)
            && has_members(scope, x.source, source.table, row)
            && rests_on(scope, source.table, row, x, &outer, None);
        let weight = match &source.weight {
            None => Some(1.0),
            Some(w) => super::value::in_base(&evaluate(scope.world, source.table, row, w).or_empty(), w.ty),
        };
        let Some(weight) = weight.filter(|_| counts) else { continue };
        let yes = |aggregate: &Aggregate| {
            let mut alone = Gathered::default();
            alone.add(scope.world, source.table, row, aggregate, &outer);
            summarise(aggregate, alone).sides(Type::Integer).is_some_and(|(yes, _)| yes > 0.0)
        };
        let (on_plus, on_minus) = (yes(x), y.is_some_and(yes));
        all += weight;
        squares += weight * weight;
        plus += if on_plus { weight } else { 0.0 };
        minus += if on_minus { weight } else { 0.0 };
        both += if on_plus && on_minus { weight } else { 0.0 };
    }
    let rows = if squares > 0.0 { all * all / squares } else { 0.0 };
    let scaled = |sum: f64| if all > 0.0 { sum / all * rows } else { 0.0 };
    Some(Shares { plus: scaled(plus), minus: y.map(|_| (scaled(minus), scaled(both))), n: rows })
}

/// What the rows of the scope say of a value that the norm takes from them.
pub(super) fn limit(scope: &Scope<'_>, limit: &DataLimit) -> Limit {
    let own = scope.kpi.method.window.map(|window| shifted(scope, window));
    let period = match &own {
        None => scope.period,
        Some(Some(period)) => period,
        Some(None) => return Limit::None,
    };
    let Some(source) = scope.kpi.sources.get(limit.source) else { return Limit::None };
    let asked = scope.filters.get(limit.source).and_then(Option::as_ref);
    let (mut values, mut empty): (Vec<f64>, u64) = (Vec::new(), 0);
    for row in 0..scope.world.row_count(source.table) {
        let counts = |filter: &RowExpr| evaluate(scope.world, source.table, row, filter).is_yes();
        if within(scope.world, source.table, row, &source.axis, period)
            && source.filter.iter().chain(asked).all(counts)
            && has_members(scope, limit.source, source.table, row)
        {
            let value = evaluate(scope.world, source.table, row, &limit.expr).or_empty();
            match super::value::in_base(&value, limit.expr.ty) {
                Some(value) => values.push(value),
                None => empty += 1,
            }
        }
    }
    let low = values.iter().copied().reduce(f64::min);
    let high = values.iter().copied().reduce(f64::max);
    match (low, high) {
        (Some(low), Some(high)) if empty > 0 || low < high => Limit::Several { low, high, empty },
        (Some(low), _) => Limit::One(low),
        (None, _) => Limit::None,
    }
}

/// Whether a row is of the asked members. A dimension that the source lacks is constant over it.
pub(super) fn has_members(scope: &Scope<'_>, source: usize, table: TableId, row: usize) -> bool {
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
pub(super) fn before_end(world: &World<'_>, table: TableId, row: usize, axis: &ColumnRef, period: &Period) -> bool {
    match moment(world, table, row, axis) {
        Some((at, Type::Date)) => at < i64::from(period.until_day()),
        Some((at, _)) => at < period.end,
        None => false,
    }
}

/// The place of a row on an axis, with the axis's type.
pub(super) fn moment(world: &World<'_>, table: TableId, row: usize, axis: &ColumnRef) -> Option<(i64, Type)> {
    match world.column(table, row, axis).or_empty() {
        Value::Int(at) => Some((at, world.model().column(table, axis).ty)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
