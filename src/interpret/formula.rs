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
fn shifted(scope: &Scope<'_>, shift: Shift) -> Option<Period> {
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
    let Some(other) = scope.world.model().version_on(id, scope.day) else { return Figure::default() };
    let shared = scope.dimensions.iter().zip(scope.members).filter(|(name, _)| has_dimension(other, name));
    let (dimensions, members): (Vec<String>, Vec<Member>) = shared.map(|(d, m)| (d.clone(), m.clone())).unzip();
    let inner = Scope { kpi: other, dimensions: &dimensions, members: &members, filters: &[], ..*scope };
    of_kpi(&inner, asking)
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
pub(super) fn moment(world: &World<'_>, table: TableId, row: usize, axis: &ColumnRef) -> Option<(i64, Type)> {
    match world.column(table, row, axis).or_empty() {
        Value::Int(at) => Some((at, world.model().column(table, axis).ty)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::calendar::{HOUR, PeriodKind};
    use crate::interpret::Answer;
    use crate::model::expr::{Arithmetic, Comparison};
    use crate::model::{AggFunc, Aggregate, Calculation, Formula, FormulaKind, KpiId, RowExpr, TableId, Type, Value};

    /// Rows of (id, moment, team, number, day).
    fn table(project: &mut Project, rows: &[(&str, &str, i64)]) -> TableId {
        let columns = vec![
            column("id", Type::Integer),
            column("moment", Type::Moment),
            column("team", Type::Text),
            column("getal", Type::Integer),
            column("dag", Type::Date),
        ];
        let rows = rows.iter().enumerate().map(|(i, (when, team, n))| {
            let id = Value::Int(i64::try_from(i).expect("few"));
            let team = if team.is_empty() { Value::Empty } else { text(team) };
            vec![id, moment(when), team, Value::Int(*n), date(&when[..10])]
        });
        project.table(Some(1), columns, rows.collect())
    }

    /// January and March have rows; February none.
    fn project() -> (Project, TableId) {
        let mut project = Project::new();
        let rows = [
            ("2026-01-05 09:00", "a", 4),
            ("2026-01-31 23:59", "b", 6),
            ("2026-03-01 00:00", "a", 0),
            ("2026-03-02 00:00", "a", 8),
        ];
        let table = table(&mut project, &rows);
        (project, table)
    }

    fn number(func: AggFunc) -> Aggregate {
        agg(func, Some(col(3, Type::Integer)), Type::Integer)
    }

    fn is_team(team: &str) -> RowExpr {
        cmp(Comparison::Equal, col(2, Type::Text), lit(text(team), Type::Text))
    }

    fn constant(x: f64) -> Formula {
        formula(FormulaKind::Number(x))
    }

    fn quarter(project: &Project, kpi: KpiId) -> Vec<Answer> {
        project.ask(kpi, "2026-01-01", "2026-04-01", &[])
    }

    fn values(answers: &[Answer]) -> Vec<Option<f64>> {
        answers.iter().map(|a| a.value).collect()
    }

    #[test]
    fn nothing_to_count_is_zero_only_where_the_source_has_rows() {
        let (mut project, table) = project();
        for func in [AggFunc::Sum, AggFunc::CountDistinct] {
            let kpi = project.kpi(&[(table, 1)], number(func).filtered(is_team("c")));
            assert_eq!(values(&quarter(&project, kpi)), [Some(0.0), None, Some(0.0)], "{func:?}");
        }
        for func in [AggFunc::Mean, AggFunc::Median, AggFunc::Percentile(90.0), AggFunc::Min, AggFunc::Max] {
            let kpi = project.kpi(&[(table, 1)], number(func).filtered(is_team("c")));
            assert_eq!(values(&quarter(&project, kpi)), [None, None, None], "{func:?}");
        }
        let kpi = project.kpi(&[(table, 1)], count().filtered(is_team("b")));
        let answers = quarter(&project, kpi);
        let figures: Vec<_> = answers.iter().map(Answer::figures).collect();
        assert_eq!(figures, [(Some(1.0), Some(1), Some(0)), (None, Some(0), Some(0)), (Some(0.0), Some(0), Some(0))]);
        // Presence is of the table, whatever the population, the member or `--where`.
        project.filter(kpi, 0, is_team("c"));
        project.filters = vec![Some(is_team("d"))];
        assert_eq!(values(&quarter(&project, kpi)), [Some(0.0), None, Some(0.0)]);
    }

    #[test]
    fn the_day_of_the_clock_change() {
        let mut project = Project::new();
        let rows = [("2025-10-26 00:00", "", 1), ("2025-10-26 23:30", "", 1), ("2025-10-27 00:00", "", 1)];
        let table = table(&mut project, &rows);
        // An hour before the midnight that ends the day of 25 hours.
        let last = at("2025-10-27 00:00") - HOUR / 2;
        assert_eq!(last - at("2025-10-26 00:00"), 24 * HOUR + HOUR / 2);
        for axis in [1, 4] {
            let kpi = project.kpi(&[(table, axis)], count());
            let days = project.ask_per(PeriodKind::Day, kpi, "2025-10-26", "2025-10-28", &[]);
            assert_eq!(values(&days), [Some(2.0), Some(1.0)]);
            assert_eq!(days[0].period, "2025-10-26");
        }
    }

    #[test]
    fn the_last_known_value_stays_until_the_next() {
        let mut project = Project::new();
        let rows = [
            ("2025-06-01 00:00", "a", 100),
            ("2026-02-15 00:00", "a", 110),
            ("2026-02-15 00:00", "b", 120),
            ("2026-04-01 00:00", "a", 130),
        ];
        let table = table(&mut project, &rows);
        for on in [1, 4] {
            let kpi = project.kpi(&[(table, 1)], number(AggFunc::Last).on(on));
            let answers = project.ask(kpi, "2025-05-01", "2025-07-01", &[]);
            assert_eq!(values(&answers), [None, Some(100.0)]);
            // Ties: the greatest key.
            assert_eq!(values(&quarter(&project, kpi)), [Some(100.0), Some(120.0), Some(120.0)]);
            assert_eq!(quarter(&project, kpi)[0].figures(), (Some(100.0), None, None));
        }
        // An empty value is no last value; a filter chooses.
        project.data.tables.get_mut(&table).expect("the table")[2][3] = Value::Empty;
        let kpi = project.kpi(&[(table, 1)], number(AggFunc::Last).on(1));
        assert_eq!(values(&quarter(&project, kpi)), [Some(100.0), Some(110.0), Some(110.0)]);
        let kpi = project.kpi(&[(table, 1)], number(AggFunc::Last).on(1).filtered(is_team("b")));
        assert_eq!(values(&quarter(&project, kpi)), [None, None, None]);
    }

    #[test]
    fn a_ratio_over_two_sources() {
        let (mut project, visits) = project();
        let people = table(&mut project, &[("2025-01-01 00:00", "", 5_000)]);
        let last = number(AggFunc::Last).on(1).of(1);
        let per = FormulaKind::Per(Box::new(count().into()), 1000, Box::new(last.into()));
        let kpi = project.kpi(&[(visits, 1), (people, 1)], formula(per));
        let answers = quarter(&project, kpi);
        assert_eq!(values(&answers), [Some(0.4), None, Some(0.4)]);
        // n is that of the numerator: a stock counts no rows. The numerator is not scaled.
        assert_eq!(answers[0].figures(), (Some(0.4), Some(2), Some(0)));
        assert_eq!(answers[0].sides(), (Some(2.0), Some(5_000.0)));
        assert_eq!(answers[1].sides(), (None, Some(5_000.0)));
    }

    #[test]
    fn shares_and_divisions() {
        let (mut project, table) = project();
        let team_a = || Box::new(Formula::from(number(AggFunc::Sum).filtered(is_team("a"))));
        let all = || Box::new(Formula::from(number(AggFunc::Sum)));
        let kpi = project.kpi(&[(table, 1)], formula(FormulaKind::Share(team_a(), all())));
        let answer = project.january(kpi);
        assert_eq!((answer.figures(), answer.sides()), ((Some(40.0), Some(2), Some(0)), (Some(4.0), Some(10.0))));
        // Division by zero: no value, but both sides are known.
        let nobody = number(AggFunc::Sum).filtered(is_team("c"));
        let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Divide, number(AggFunc::Sum), nobody));
        let answer = project.january(kpi);
        assert_eq!((answer.figures(), answer.sides()), ((None, Some(0), Some(0)), (Some(10.0), Some(0.0))));
        let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Divide, number(AggFunc::Sum), constant(4.0)));
        assert_eq!(project.january(kpi).figures(), (Some(2.5), Some(2), Some(0)));
    }

    #[test]
    fn sums_of_parts_rest_on_the_smaller_n() {
        let (mut project, table) = project();
        project.data.tables.get_mut(&table).expect("the table")[1][3] = Value::Empty;
        let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Subtract, count(), number(AggFunc::Mean)));
        let answer = project.january(kpi);
        assert_eq!((answer.figures(), answer.sides()), ((Some(-2.0), Some(1), Some(1)), (None, None)));
        let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Multiply, constant(3.0), count()));
        assert_eq!(project.january(kpi).figures(), (Some(6.0), Some(2), Some(0)));
        let missing = number(AggFunc::Mean).filtered(is_team("c"));
        let kpi = project.kpi(&[(table, 1)], binary(Arithmetic::Add, count(), missing));
        assert_eq!(project.january(kpi).figures(), (None, Some(0), Some(0)));
        let kpi = project.kpi(&[(table, 1)], formula(FormulaKind::Negate(Box::new(count().into()))));
        assert_eq!(project.january(kpi).figures(), (Some(-2.0), Some(2), Some(0)));
    }

    #[test]
    fn other_kpis_keep_their_own_population_and_lack_dimensions() {
        let (mut project, table) = project();
        let team = || vec![Some(col(2, Type::Text))];
        let with_team = project.kpi(&[(table, 1)], count());
        project.dimension(with_team, "team", Type::Text, team());
        let without = project.kpi(&[(table, 1)], number(AggFunc::Sum));
        project.filter(without, 0, cmp(Comparison::Greater, col(3, Type::Integer), lit(Value::Int(4), Type::Integer)));
        let kpi = |id| formula(FormulaKind::Kpi(id));
        let both = project.kpi(&[], binary(Arithmetic::Divide, kpi(with_team), kpi(without)));
        project.dimension(both, "team", Type::Text, Vec::new());
        let answer = project.january(both);
        assert_eq!((answer.value, answer.sides(), answer.n), (Some(2.0 / 6.0), (Some(2.0), Some(6.0)), Some(1)));
        let answers = project.ask(both, "2026-01-01", "2026-02-01", &["team"]);
        let labels: Vec<String> = answers.iter().map(|a| a.members[0].label()).collect();
        assert_eq!(labels, ["a", "b"]);
        assert_eq!(values(&answers), [Some(1.0 / 6.0), Some(1.0 / 6.0)]);
        let alone = project.kpi(&[], kpi(with_team));
        assert_eq!(
            (project.january(alone).figures(), project.january(alone).sides()),
            ((Some(2.0), Some(2), Some(0)), (None, None))
        );
    }

    #[test]
    fn without_an_indicator_and_in_a_circle_there_is_no_value() {
        let (mut project, table) = project();
        let none = project.kpi(&[(table, 1)], count());
        project.model.kpis[none.0].calculation = Calculation::NotMeasurable { reason: "te duur".to_owned() };
        let answer = project.january(none);
        assert_eq!((answer.figures(), answer.sides()), ((None, None, None), (None, None)));
        let circle = project.kpi(&[], formula(FormulaKind::Kpi(KpiId(1))));
        assert_eq!(project.january(circle).value, None);
        assert!(project.ask(circle, "2026-01-01", "2026-02-01", &["team"]).is_empty());
    }
}
