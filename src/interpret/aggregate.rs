//! Aggregates: what a set of rows amounts to. Rows are added one at a time; which rows (period, member, group) is the
//! caller's business, so this knows no KPIs and no periods.

use super::row::{Outcome, all, evaluate};
use super::value::{Key, conform, round_to_wide, to_float, wide_to_float};
use super::world::World;
use crate::calendar::SECOND;
use crate::model::expr::MONEY_SCALE;
use crate::model::{AggFunc, Aggregate, ColumnRef, EmptyRule, Model, RowExpr, TableId, Type, Value};

/// What an aggregate has taken from the rows so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Rows in the population, where there is no argument.
    rows: u64,
    /// The arguments that are not empty.
    values: Vec<Value>,
    /// Of weighted rows: per row the weight, and the argument in the base of its type (1 for `ja`, 0 for `nee`).
    weighted: Vec<(f64, f64)>,
    /// Of a percentage: rows whose condition is `ja`, and rows in the denominator.
    yes: u64,
    judged: u64,
    /// Rows left out because something was empty.
    empty: u64,
    /// Of `laatste`: moment, table key and value of the latest row.
    latest: Option<(Key, Vec<Key>, Key)>,
}

/// The column that `laatste` goes by: its own `op`, otherwise the table's meetmoment.
pub(super) fn last_axis(model: &Model, table: TableId, aggregate: &Aggregate) -> Option<ColumnRef> {
    aggregate.on.clone().or_else(|| model.table(table).axis.map(ColumnRef::own))
}

impl Gathered {
    /// Rows left out so far because something was empty.
    pub(super) fn left_out(&self) -> u64 {
        self.empty
    }

    /// Takes a row in. `outer` are the conditions besides the aggregate's own: those of the source use and `--where`.
    pub(super) fn add(
        &mut self,
        world: &World<'_>,
        table: TableId,
        row: usize,
        aggregate: &Aggregate,
        outer: &[&RowExpr],
    ) {
        let mut conditions = Vec::new();
        for &condition in outer.iter().chain(&aggregate.filter.as_ref()) {
            match evaluate(world, table, row, condition) {
                Outcome::Known(Value::Bool(b)) => conditions.push(Some(b)),
                Outcome::Known(_) => conditions.push(None),
                Outcome::Undecided => return,
            }
        }
        self.add_conditioned(world, table, row, aggregate, conditions, None);
    }

    /// The same of a row that counts as heavy as `weight`; one without weight is left out as empty.
    pub(super) fn add_weighted(
        &mut self,
        world: &World<'_>,
        table: TableId,
        row: usize,
        aggregate: &Aggregate,
        outer: &[&RowExpr],
        weight: &RowExpr,
    ) {
        let mut conditions = Vec::new();
        for &condition in outer.iter().chain(&aggregate.filter.as_ref()) {
            match evaluate(world, table, row, condition) {
                Outcome::Known(Value::Bool(b)) => conditions.push(Some(b)),
                Outcome::Known(_) => conditions.push(None),
                Outcome::Undecided => return,
            }
        }
        let Outcome::Known(weight) = evaluate(world, table, row, weight) else { return };
        self.add_conditioned(world, table, row, aggregate, conditions, Some(weight));
    }

    fn add_conditioned(
        &mut self,
        world: &World<'_>,
        table: TableId,
        row: usize,
        aggregate: &Aggregate,
        conditions: Vec<Option<bool>>,
        weight: Option<Value>,
    ) {
        // Of a row outside the population only whether it can be judged matters.
        let inside = conditions.iter().all(|c| *c == Some(true));
        let argument = world.aside(inside, || aggregate.arg.as_ref().map(|arg| evaluate(world, table, row, arg)));
        let argument = match argument {
            Some(Outcome::Undecided) => return,
            Some(Outcome::Known(value)) => Some(value),
            None => None,
        };
        match all(conditions.into_iter()) {
            Some(true) => {}
            Some(false) => return,
            None => {
                self.empty += 1;
                return;
            }
        }
        if let Some(weight) = weight {
            return self.weigh(aggregate, &weight, argument);
        }
        match (aggregate.func, argument) {
            (AggFunc::Percentage, Some(condition)) => self.judge(&condition, aggregate.empty),
            (AggFunc::Last, Some(value)) => self.keep_latest(world, table, row, aggregate, value),
            // Whether the row of a stock is open, the caller has seen to.
            (AggFunc::Stock, _) | (_, None) => self.rows += 1,
            (_, Some(Value::Empty)) => self.empty += 1,
            (_, Some(value)) => self.values.push(value),
        }
    }

    /// A row with its weight.
    fn weigh(&mut self, aggregate: &Aggregate, weight: &Value, argument: Option<Value>) {
        let x = match argument {
            None => Some(1.0),
            Some(Value::Bool(b)) => Some(f64::from(u8::from(b))),
            Some(Value::Empty) => match aggregate.empty {
                Some(EmptyRule::No) => Some(0.0),
                Some(EmptyRule::Yes) => Some(1.0),
                Some(EmptyRule::Skip) | None => None,
            },
            Some(value) => number(&value).map(|x| x / scale_of(aggregate.arg.as_ref().map_or(Type::Number, |a| a.ty))),
        };
        match (number(weight), x) {
            (Some(weight), Some(x)) => self.weighted.push((weight, x)),
            _ => self.empty += 1,
        }
    }

    /// The condition of a percentage.
    fn judge(&mut self, condition: &Value, rule: Option<EmptyRule>) {
        let truth = match (condition, rule) {
            (Value::Bool(b), _) => Some(*b),
            (_, Some(EmptyRule::No)) => Some(false),
            (_, Some(EmptyRule::Yes)) => Some(true),
            (_, Some(EmptyRule::Skip) | None) => None,
        };
        match truth {
            Some(yes) => {
                self.judged += 1;
                self.yes += u64::from(yes);
            }
            None => self.empty += 1,
        }
    }

    /// Latest moment first, then the greatest key, then the greatest value.
    fn keep_latest(&mut self, world: &World<'_>, table: TableId, row: usize, aggregate: &Aggregate, value: Value) {
        let axis = last_axis(world.model(), table, aggregate);
        let moment = axis.map_or(Value::Empty, |axis| world.column(table, row, &axis).or_empty());
        if moment.is_empty() || value.is_empty() {
            self.empty += 1;
            return;
        }
        let key = world.model().table(table).ties().into_iter();
        let key = key.map(|column| Key::new(world.cell(table, row, column).or_empty())).collect();
        let candidate = (Key::new(moment), key, Key::new(value));
        if self.latest.as_ref().is_none_or(|latest| candidate > *latest) {
            self.latest = Some(candidate);
        }
    }
}

/// The outcome of an aggregate, before it becomes a cell of a derived table or the figure of a KPI.
#[derive(Debug)]
pub(super) struct Summary {
    amount: Amount,
    /// Rows evaluated; none for `laatste`.
    pub(super) n: Option<u64>,
    /// Rows left out because something was empty; none for `laatste`.
    pub(super) n_empty: Option<u64>,
}

#[derive(Debug)]
enum Amount {
    /// Over nothing there is no value.
    Nothing,
    Count(u64),
    /// A sum in the smallest parts of its type.
    Whole(i128),
    /// A numerator in the smallest parts of its type, and what to divide it by.
    Quotient(f64, f64),
    /// Rows that are `ja`, and rows judged (perhaps none).
    Percentage(u64, u64),
    /// A part and its whole, in the smallest parts of their type (of weighted rows: in its base).
    Part(f64, f64),
    /// A sum in the base of its type.
    InBase(f64),
    /// One of the values.
    Picked(Value),
}

/// The outcome over the rows that were gathered. `aantal`, `aantal_uniek` and `som` over none are 0: whether 0 may be
/// said is up to the caller.
pub(super) fn summarise(aggregate: &Aggregate, gathered: Gathered) -> Summary {
    let Gathered { rows, mut values, weighted: _, yes, judged, empty, latest } = gathered;
    let filled = values.len() as u64;
    let mut n = Some(filled);
    let mut n_empty = Some(empty);
    values.sort_by_cached_key(|v| Key::new(v.clone()));
    let amount = match aggregate.func {
        AggFunc::Count | AggFunc::Stock => {
            n = Some(rows + filled);
            Amount::Count(rows + filled)
        }
        AggFunc::CountDistinct => {
            values.dedup_by_key(|v| Key::new(v.clone()));
            Amount::Count(values.len() as u64)
        }
        AggFunc::Sum => sum(&values),
        AggFunc::Mean if filled == 0 => Amount::Nothing,
        AggFunc::Mean => match sum(&values) {
            Amount::Whole(total) => Amount::Quotient(wide_to_float(total), count_to_float(filled)),
            Amount::Quotient(total, _) => Amount::Quotient(total, count_to_float(filled)),
            other => other,
        },
        AggFunc::Median => percentile(&values, 50.0),
        AggFunc::Percentile(p) => percentile(&values, p),
        AggFunc::Min => values.first().map_or(Amount::Nothing, |v| Amount::Picked(v.clone())),
        AggFunc::Max => values.last().map_or(Amount::Nothing, |v| Amount::Picked(v.clone())),
        AggFunc::Percentage => {
            n = Some(judged);
            Amount::Percentage(yes, judged)
        }
        AggFunc::Last => {
            (n, n_empty) = (None, None);
            latest.map_or(Amount::Nothing, |(_, _, value)| Amount::Picked(value.into_value()))
        }
        AggFunc::TopShare(p) => {
            let first = values.len() - top_count(p, values.len());
            Amount::Part(total(&values[first..]), total(&values))
        }
    };
    Summary { amount, n, n_empty }
}

/// The outcome over weighted rows.
pub(super) fn summarise_weighted(aggregate: &Aggregate, gathered: &Gathered) -> Summary {
    let rows = &gathered.weighted;
    let weights = exact_sum(rows.iter().map(|(weight, _)| *weight));
    let products = exact_sum(rows.iter().map(|(weight, x)| x * weight));
    let amount = match aggregate.func {
        AggFunc::Percentage => Amount::Part(products, weights),
        AggFunc::Mean if weights == 0.0 => Amount::Nothing,
        AggFunc::Mean => Amount::InBase(products / weights),
        _ => Amount::InBase(products),
    };
    Summary { amount, n: Some(rows.len() as u64), n_empty: Some(gathered.empty) }
}

/// How many of `count` values are `percent` percent of them, rounded up.
fn top_count(percent: f64, count: usize) -> usize {
    // The percentage as the decimal number that was written: `7` is 7, `33.3` is 333 / 10.
    let written = percent.to_string();
    let (whole, decimals) = written.split_once('.').unwrap_or((&written, ""));
    let digits: u128 = format!("{whole}{decimals}").parse().unwrap_or(0);
    let parts = 100 * 10_u128.pow(u32::try_from(decimals.len()).unwrap_or(0));
    usize::try_from((digits * count as u128).div_ceil(parts)).map_or(count, |k| k.min(count))
}

/// The sum in the smallest parts of the values' type.
fn total(values: &[Value]) -> f64 {
    match sum(values) {
        Amount::Whole(total) => wide_to_float(total),
        Amount::Quotient(total, _) => total,
        _ => 0.0,
    }
}

/// The smallest parts in the base of a type.
fn scale_of(ty: Type) -> f64 {
    match ty {
        Type::Duration => to_float(SECOND),
        Type::Money => wide_to_float(MONEY_SCALE),
        _ => 1.0,
    }
}

impl Summary {
    /// As the figure of a KPI, in the base of the argument's type: seconds, euro, percentage 0–100.
    pub(super) fn as_figure(&self, argument: Type) -> Option<f64> {
        let scale = scale_of(argument);
        let figure = match &self.amount {
            Amount::Count(n) => count_to_float(*n),
            Amount::Whole(total) => wide_to_float(*total) / scale,
            Amount::Quotient(above, below) => above / (below * scale),
            Amount::Percentage(yes, judged) if *judged > 0 => 100.0 * count_to_float(*yes) / count_to_float(*judged),
            Amount::Picked(Value::Int(n)) => to_float(*n) / scale,
            Amount::Picked(Value::Money(m)) => wide_to_float(*m) / scale,
            Amount::Picked(Value::Float(x)) | Amount::InBase(x) => *x,
            // In one base or another: that falls out.
            Amount::Part(part, whole) if *whole != 0.0 => 100.0 * part / whole,
            Amount::Nothing | Amount::Percentage(..) | Amount::Part(..) | Amount::Picked(_) => return None,
        };
        figure.is_finite().then_some(figure)
    }

    /// Of a percentage or a share: the part and the whole, in the base of the argument's type.
    pub(super) fn sides(&self, argument: Type) -> Option<(f64, f64)> {
        match self.amount {
            Amount::Percentage(yes, judged) => Some((count_to_float(yes), count_to_float(judged))),
            Amount::Part(part, whole) => Some((part / scale_of(argument), whole / scale_of(argument))),
            _ => None,
        }
    }

    /// As a cell of a derived table, in the physical form of `ty`; fractions of the smallest part are rounded half away
    /// from zero.
    pub(super) fn as_cell(&self, ty: Type) -> Value {
        let number = |x: f64| {
            if ty == Type::Money { Value::Money(round_to_wide(x)) } else { conform(Value::Float(x), ty) }
        };
        match &self.amount {
            Amount::Nothing | Amount::Percentage(_, 0) | Amount::Part(..) | Amount::InBase(_) => Value::Empty,
            Amount::Count(n) => conform(Value::Int(i64::try_from(*n).unwrap_or(i64::MAX)), ty),
            Amount::Whole(total) if ty == Type::Money => Value::Money(*total),
            Amount::Whole(total) => conform(Value::Int(wrap(*total)), ty),
            Amount::Quotient(above, below) => number(above / below),
            Amount::Percentage(yes, judged) => Value::Float(100.0 * count_to_float(*yes) / count_to_float(*judged)),
            Amount::Picked(value) => conform(value.clone(), ty),
        }
    }
}

/// The nearest `f64`.
#[expect(clippy::cast_precision_loss, reason = "a figure is an f64")]
fn count_to_float(n: u64) -> f64 {
    n as f64
}

/// Whole numbers wrap.
#[expect(clippy::cast_possible_truncation, reason = "wraps, and is meant to")]
fn wrap(total: i128) -> i64 {
    total as i64
}

/// The number of a value in the smallest parts of its type.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(to_float(*n)),
        Value::Money(m) => Some(wide_to_float(*m)),
        Value::Float(x) => Some(*x),
        Value::Empty | Value::Bool(_) | Value::Text(_) => None,
    }
}

fn sum(values: &[Value]) -> Amount {
    let mut total = 0_i128;
    for value in values {
        match value {
            Value::Int(n) => total = total.wrapping_add(i128::from(*n)),
            Value::Money(m) => total = total.wrapping_add(*m),
            _ => return Amount::Quotient(exact_sum(values.iter().filter_map(number)), 1.0),
        }
    }
    Amount::Whole(total)
}

/// Linear between the neighbours at rank 1 + p/100 · (n − 1); the values are in order.
fn percentile(values: &[Value], p: f64) -> Amount {
    let numbers: Vec<f64> = values.iter().filter_map(number).collect();
    let Some(last) = numbers.len().checked_sub(1) else { return Amount::Nothing };
    let place = (p.clamp(0.0, 100.0) * count_to_float(last as u64) / 100.0).max(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the number of values")]
    let below = place.floor() as usize;
    let at = |i: usize| numbers.get(i.min(last)).copied().unwrap_or(0.0);
    let (low, high) = (at(below), at(below + 1));
    Amount::Quotient(low + (place - place.floor()) * (high - low), 1.0)
}

/// The exact sum, rounded once, so that the order of the numbers does not matter (Shewchuk's partial sums, as in
/// Python's `math.fsum`).
fn exact_sum(numbers: impl Iterator<Item = f64>) -> f64 {
    // Numbers that do not overlap, in order of size; their exact sum is the sum so far.
    let mut partials: Vec<f64> = Vec::new();
    let mut not_finite = 0.0;
    for number in numbers {
        if !number.is_finite() {
            not_finite += number;
            continue;
        }
        let mut x = number;
        let mut next = Vec::new();
        for y in partials {
            let (large, small) = if x.abs() < y.abs() { (y, x) } else { (x, y) };
            let high = large + small;
            let low = small - (high - large);
            if low != 0.0 {
                next.push(low);
            }
            x = high;
        }
        next.push(x);
        partials = next;
    }
    if not_finite != 0.0 {
        return not_finite;
    }
    // From the largest down, until something does not fit any more; that one decides only where the rest is a tie.
    let mut total = partials.pop().unwrap_or(0.0);
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = total;
        total = x + y;
        low = y - (total - x);
        if low != 0.0 {
            break;
        }
    }
    if let Some(&next) = partials.last()
        && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
    {
        let twice = low * 2.0;
        let x = total + twice;
        #[expect(clippy::float_cmp, reason = "exactly half way or not")]
        if twice == x - total {
            total = x;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::exact_sum;
    use crate::model::expr::Comparison;
    use crate::model::{AggFunc, Aggregate, EmptyRule, KpiId, RowExpr, RowKind, Type, Value};

    /// A KPI over January rows of (id, moment, duration, yes/no, amount, number, due moment).
    fn over(rows: Vec<[Value; 5]>, aggregate: Aggregate) -> (Project, KpiId) {
        let mut project = Project::new();
        let columns = vec![
            column("id", Type::Integer),
            column("moment", Type::Moment),
            column("duur", Type::Duration),
            column("goed", Type::Bool),
            column("kosten", Type::Money),
            column("cijfer", Type::Number),
            column("termijn", Type::Moment),
        ];
        let rows = rows.into_iter().enumerate().map(|(i, row)| {
            let id = Value::Int(i64::try_from(i).expect("few"));
            [id, moment("2026-01-05 09:00")].into_iter().chain(row).collect()
        });
        let table = project.table(Some(1), columns, rows.collect());
        let kpi = project.kpi(&[(table, 1)], aggregate);
        (project, kpi)
    }

    fn numbers(values: &[f64]) -> Vec<[Value; 5]> {
        let row = |&x: &f64| [Value::Empty, Value::Empty, Value::Empty, Value::Float(x), Value::Empty];
        values.iter().map(row).collect()
    }

    fn answers(values: [Value; 4]) -> Vec<[Value; 5]> {
        values.into_iter().map(|v| [Value::Empty, v, Value::Empty, Value::Empty, Value::Empty]).collect()
    }

    type Figures = (Option<f64>, Option<u64>, Option<u64>);

    fn figures(rows: Vec<[Value; 5]>, aggregate: Aggregate) -> Figures {
        let (project, kpi) = over(rows, aggregate);
        project.january(kpi).figures()
    }

    fn number() -> RowExpr {
        col(5, Type::Number)
    }

    fn good() -> RowExpr {
        col(3, Type::Bool)
    }

    #[test]
    fn figures_are_in_base_units() {
        let row = |s: i64, m: i128| [Value::Int(s * SECOND), Value::Empty, Value::Money(m), Value::Empty, Value::Empty];
        let rows = vec![row(20, 45_000), row(25, 5_000)];
        let duration = |f| figures(rows.clone(), agg(f, Some(col(2, Type::Duration)), Type::Duration)).0;
        assert_eq!(duration(AggFunc::Sum), Some(45.0));
        assert_eq!(duration(AggFunc::Mean), Some(22.5));
        assert_eq!(duration(AggFunc::Median), Some(22.5));
        assert_eq!(duration(AggFunc::Max), Some(25.0));
        let amount = |f| figures(rows.clone(), agg(f, Some(col(4, Type::Money)), Type::Money)).0;
        assert_eq!(amount(AggFunc::Sum), Some(5.0));
        assert_eq!(amount(AggFunc::Mean), Some(2.5));
        assert_eq!(amount(AggFunc::Min), Some(0.5));
    }

    #[test]
    fn percentiles_are_linear_between_neighbours() {
        let of = |values: &[f64], f| figures(numbers(values), agg(f, Some(number()), Type::Number)).0;
        assert_eq!(of(&[4.0, 1.0, 3.0, 2.0], AggFunc::Median), Some(2.5));
        assert_eq!(of(&[3.0, 1.0, 2.0], AggFunc::Median), Some(2.0));
        assert_eq!(of(&[10.0, 20.0, 30.0, 40.0, 50.0], AggFunc::Percentile(90.0)), Some(46.0));
        assert_eq!(of(&[10.0, 20.0], AggFunc::Percentile(0.0)), Some(10.0));
        assert_eq!(of(&[10.0, 20.0], AggFunc::Percentile(100.0)), Some(20.0));
        assert_eq!(of(&[7.0], AggFunc::Percentile(95.0)), Some(7.0));
    }

    #[test]
    fn empty_arguments_are_left_out_and_counted() {
        let mut rows = numbers(&[1.0, 2.0, 2.0]);
        rows.push([const { Value::Empty }; 5]);
        let of = |f| figures(rows.clone(), agg(f, Some(number()), Type::Number));
        assert_eq!(of(AggFunc::Sum), (Some(5.0), Some(3), Some(1)));
        assert_eq!(of(AggFunc::CountDistinct), (Some(2.0), Some(3), Some(1)));
        assert_eq!(of(AggFunc::Min), (Some(1.0), Some(3), Some(1)));
        assert_eq!(figures(rows, count()), (Some(4.0), Some(4), Some(0)));
    }

    #[test]
    fn percentages_count_an_empty_condition_by_their_rule() {
        let of = |rule| {
            let aggregate = Aggregate { empty: rule, ..agg(AggFunc::Percentage, Some(good()), Type::Percentage) };
            let (project, kpi) = over(answers([YES, NO, Value::Empty, Value::Empty]), aggregate);
            let answer = project.january(kpi);
            (answer.figures(), answer.sides())
        };
        let skipped = ((Some(50.0), Some(2), Some(2)), (Some(1.0), Some(2.0)));
        assert_eq!(of(None), skipped);
        assert_eq!(of(Some(EmptyRule::Skip)), skipped);
        assert_eq!(of(Some(EmptyRule::No)), ((Some(25.0), Some(4), Some(0)), (Some(1.0), Some(4.0))));
        assert_eq!(of(Some(EmptyRule::Yes)), ((Some(75.0), Some(4), Some(0)), (Some(3.0), Some(4.0))));
    }

    #[test]
    fn a_percentage_over_no_rows_has_no_value() {
        let nobody = agg(AggFunc::Percentage, Some(good()), Type::Percentage).filtered(lit(NO, Type::Bool));
        let (project, kpi) = over(answers([YES, NO, YES, NO]), nobody);
        let answer = project.january(kpi);
        assert_eq!((answer.figures(), answer.sides()), ((None, Some(0), Some(0)), (Some(0.0), Some(0.0))));
    }

    #[test]
    fn an_empty_population_is_counted_unless_another_condition_says_no() {
        let (mut project, kpi) = over(answers([YES, NO, Value::Empty, Value::Empty]), count().filtered(good()));
        assert_eq!(project.january(kpi).figures(), (Some(1.0), Some(1), Some(2)));
        // `nee en leeg` is `nee`: the row with id 3 is not left out because something was empty.
        let not_three = || cmp(Comparison::NotEqual, col(0, Type::Integer), lit(Value::Int(3), Type::Integer));
        project.filters = vec![Some(not_three())];
        assert_eq!(project.january(kpi).figures(), (Some(1.0), Some(1), Some(1)));
        project.filters.clear();
        project.filter(kpi, 0, not_three());
        assert_eq!(project.january(kpi).figures(), (Some(1.0), Some(1), Some(1)));
    }

    #[test]
    fn what_cannot_be_judged_yet_leaves_the_aggregate() {
        let due = |when: &str| [Value::Empty, YES, Value::Empty, Value::Empty, moment(when)];
        let none = [const { Value::Empty }; 5];
        let rows = || vec![due("2026-01-06 09:00"), due("2026-01-04 09:00"), due("2026-03-01 09:00"), none.clone()];
        let timely = || timely(col(1, Type::Moment), col(6, Type::Moment));
        let of = |aggregate| {
            let (mut project, kpi) = over(rows(), aggregate);
            project.peilmoment = at("2026-02-01 00:00");
            let answer = project.january(kpi);
            (answer.figures(), answer.sides())
        };
        let share = || agg(AggFunc::Percentage, Some(timely()), Type::Percentage);
        assert_eq!(of(share()), ((Some(50.0), Some(2), Some(1)), (Some(1.0), Some(2.0))));
        assert_eq!(
            of(share().counting_empty(EmptyRule::Yes)).0,
            (Some(200.0 / 3.0), Some(3), Some(0)),
            "the undecided row is not an empty one"
        );
        assert_eq!(of(count().filtered(timely())).0, (Some(1.0), Some(1), Some(1)));
        let guarded = expr(RowKind::And(vec![good(), timely()]), Type::Bool);
        assert_eq!(of(count().filtered(guarded)).0, (Some(1.0), Some(1), Some(1)));
        let number = agg(AggFunc::CountDistinct, Some(col(0, Type::Integer)), Type::Integer);
        let late = expr(RowKind::Not(Box::new(timely())), Type::Bool);
        assert_eq!(of(number.filtered(late)).0, (Some(1.0), Some(1), Some(1)));
    }

    #[test]
    fn sums_of_fractions_do_not_depend_on_their_order() {
        let sum = |list: &[f64]| exact_sum(list.iter().copied()).to_bits();
        assert_eq!(sum(&[0.1; 10]), 1.0_f64.to_bits());
        assert_eq!(sum(&[1e100, 1.0, -1e100]), 1.0_f64.to_bits());
        assert_eq!(sum(&[1e-16, 1.0, 1e16]), sum(&[1e16, 1e-16, 1.0]));
        assert_eq!(sum(&[]), 0.0_f64.to_bits());
    }
}
