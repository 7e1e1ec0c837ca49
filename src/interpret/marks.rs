//! Where a formula looks, and the marks that the rows there leave on an answer by their `kenmerk` columns: every row of the
//! populations, in the stretch of time where it looks; of `laatste` the row taken, of `werkvoorraad` the open rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::aggregate::last_axis;
use super::formula::{Scope, before_end, has_members, moment, of_version, shifted, within};
use super::row::evaluate;
use super::stock;
use super::value::Key;
use crate::model::{AggFunc, Aggregate, Calculation, Formula, FormulaKind, KpiId, TableId, Type, Value};

/// By the name of the mark: why, where that is said.
pub type Marks = BTreeMap<String, BTreeSet<String>>;

/// What is behind an answer.
#[derive(Default)]
pub(super) struct Behind {
    pub(super) marks: Marks,
    /// The days that were looked at: the first, and the one after the last.
    pub(super) looked_at: BTreeSet<(NaiveDate, NaiveDate)>,
}

/// What is behind the figure of the scope's KPI. `asking`: the KPIs whose formula this one stands in.
pub(super) fn of_kpi(scope: &Scope<'_>, asking: &mut Vec<KpiId>, found: &mut Behind) {
    let window = scope.kpi.method.window.map(|window| shifted(scope, window));
    let period = match &window {
        None => scope.period,
        Some(Some(period)) => period,
        Some(None) => return,
    };
    found.looked_at.insert((period.from, period.until));
    let Calculation::Formula(formula) = &scope.kpi.calculation else { return };
    if asking.contains(&scope.kpi.id) {
        return;
    }
    asking.push(scope.kpi.id);
    of_formula(&Scope { period, ..*scope }, formula, asking, found);
    asking.pop();
}

fn of_formula(scope: &Scope<'_>, formula: &Formula, asking: &mut Vec<KpiId>, found: &mut Behind) {
    found.looked_at.insert((scope.period.from, scope.period.until));
    let mut elsewhere = |shift, x: &Formula, asking: &mut Vec<KpiId>| {
        if let Some(period) = shifted(scope, shift) {
            of_formula(&Scope { period: &period, ..*scope }, x, asking, found);
        }
    };
    match &formula.kind {
        FormulaKind::Number(_) => {}
        FormulaKind::Aggregate(aggregate) => of_aggregate(scope, aggregate, &mut found.marks),
        FormulaKind::Kpi(id) => of_version(scope, *id, |other| of_kpi(other, asking, found)),
        FormulaKind::Over(x, shift) => elsewhere(shift.value, x, asking),
        FormulaKind::Index(x, base) => {
            elsewhere(crate::calendar::Shift::To(base.value), x, asking);
            of_formula(scope, x, asking, found);
        }
        FormulaKind::Negate(x) | FormulaKind::Yearly(x) | FormulaKind::Portion(x) => {
            of_formula(scope, x, asking, found);
        }
        FormulaKind::Binary(_, a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Share(a, b) => {
            of_formula(scope, a, asking, found);
            of_formula(scope, b, asking, found);
        }
    }
}

fn of_aggregate(scope: &Scope<'_>, aggregate: &Aggregate, found: &mut Marks) {
    let Some(source) = scope.kpi.sources.get(aggregate.source) else { return };
    let (world, table) = (scope.world, source.table);
    if !world.model().table(table).columns.iter().any(|column| column.mark) {
        return;
    }
    let asked = scope.filters.get(aggregate.source).and_then(Option::as_ref);
    let counts = |row: usize| {
        let passes = |filter| evaluate(world, table, row, filter).is_yes();
        source.filter.iter().chain(asked).all(passes) && has_members(scope, aggregate.source, table, row)
    };
    if aggregate.func == AggFunc::Last {
        let rows = (0..world.row_count(table)).filter(|&row| counts(row));
        if let Some(row) = taken(scope, table, aggregate, rows) {
            of_row(scope, table, row, found);
        }
        return;
    }
    for row in 0..world.row_count(table) {
        let lies_in = if aggregate.func == AggFunc::Stock {
            stock::begun(world, table, row, aggregate, scope.period)
                && stock::open(world, table, row, aggregate, scope.period)
        } else {
            within(world, table, row, &source.axis, scope.period)
        };
        if lies_in && counts(row) {
            of_row(scope, table, row, found);
        }
    }
}

/// The row whose value `laatste` is: the latest; of those the last by key, by what the marks say, and by value.
fn taken(scope: &Scope<'_>, table: TableId, aggregate: &Aggregate, rows: impl Iterator<Item = usize>) -> Option<usize> {
    let world = scope.world;
    let axis = last_axis(world.model(), table, aggregate)?;
    let place = |row: usize| {
        if !before_end(world, table, row, &axis, scope.period) {
            return None;
        }
        if !aggregate.filter.iter().all(|filter| evaluate(world, table, row, filter).is_yes()) {
            return None;
        }
        let value = evaluate(world, table, row, aggregate.arg.as_ref()?).or_empty();
        let (at, _) = moment(world, table, row, &axis)?;
        let own = |column: usize| Key::new(world.cell(table, row, column).or_empty());
        let definition = world.model().table(table);
        let keys: Vec<Key> = definition.key.iter().map(|&key| own(key)).collect();
        let marks = definition.columns.iter().enumerate().filter(|(_, column)| column.mark);
        let marks: Vec<Key> = marks
            .map(|(index, column)| match world.cell(table, row, index).or_empty() {
                Value::Empty if column.ty == Type::Text => Key::new(Value::Text(String::new())),
                Value::Empty => Key::new(Value::Bool(false)),
                value => Key::new(value),
            })
            .collect();
        (!value.is_empty()).then(|| ((at, keys, marks, Key::new(value)), row))
    };
    rows.filter_map(place).max().map(|(_, row)| row)
}

/// What one row says. `reden` tells why the other `ja_nee` marks of the row are there.
fn of_row(scope: &Scope<'_>, table: TableId, row: usize, found: &mut Marks) {
    let (mut yes, mut said, mut why) = (Vec::new(), Vec::new(), None);
    for (index, column) in scope.world.model().table(table).columns.iter().enumerate().filter(|(_, c)| c.mark) {
        match scope.world.cell(table, row, index).or_empty() {
            Value::Bool(true) => yes.push(&column.name),
            Value::Text(text) if text.trim().is_empty() => {}
            Value::Text(text) if column.name == "reden" => why = Some(text.trim().to_owned()),
            Value::Text(text) => said.push((&column.name, text.trim().to_owned())),
            _ => {}
        }
    }
    for &name in &yes {
        found.entry(name.clone()).or_default().extend(why.clone());
    }
    if let (true, Some(why)) = (yes.is_empty(), why) {
        found.entry("reden".to_owned()).or_default().insert(why);
    }
    for (name, text) in said {
        found.entry(name.clone()).or_default().insert(text);
    }
}
