//! The fixed list of changes: each comparison turned or made (non-)strict, each bound and number one step up or down,
//! each `waarbij` and `niet` dropped, `en` and `of` exchanged, each `leeg telt` changed, numerator and population
//! swapped. Made on the model, so that nothing is parsed again; the same definition gives the same list.

use super::super::part::{
    Root, aggregate_mut, at_mut, filter_mut, formula_at_mut, formula_mut, get, get_mut, roots, see_source,
};
use crate::model::expr::{Arithmetic, Comparison, MONEY_SCALE, Window};
use crate::model::{
    AggFunc, BoundTest, EmptyRule, Formula, FormulaKind, Kpi, KpiId, Model, Norms, RowExpr, RowKind, TableId, Type,
    Value, text,
};
use crate::source::Span;

/// Where something is changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Spot {
    /// A part of a row expression: children from its root.
    Row(Root, Vec<usize>),
    /// A whole `waarbij`.
    Filter(Root),
    /// A part of the calculation.
    Formula(Vec<usize>),
    /// The nth aggregate.
    Aggregate(usize),
    /// A bound of the norm: of which norms (the total's and those of members, in order) and which; its `bijna` or itself.
    Bound { norms: usize, bound: usize, near: bool },
    /// `minimaal N waarnemingen`
    Minimum,
}

/// What is done there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Change {
    /// `<` and `>`, `=` and `<>`, `is leeg` and `is gevuld`
    Turn,
    /// `<` and `<=`
    Strictness,
    Up,
    Down,
    /// The lower end of `tussen`, up or down.
    LowUp,
    LowDown,
    /// A `waarbij` or `niet` goes.
    Drop,
    /// `en` and `of`
    Exchange,
    Empty(EmptyRule),
    /// Numerator and denominator, condition and population.
    Swap,
}

/// One change, in words.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    pub spot: Spot,
    pub change: Change,
    pub span: Span,
    pub told: String,
}

/// All changes of a KPI's definition, in the order of its parts.
pub(super) fn changes(model: &Model, kpi: KpiId) -> Vec<Mutant> {
    let mut list = Vec::new();
    let kpi = model.kpi(kpi);
    if let Some(formula) = kpi.formula() {
        of_formula(model, kpi, formula, &mut Vec::new(), &mut list);
    }
    of_aggregates(model, kpi, &mut list);
    for (root, table) in roots(model, kpi) {
        let Some(expr) = get(model, kpi.id, root) else { continue };
        if root.is_filter() {
            let told = format!("`waarbij {}` weggelaten", text::expr(model, table, expr));
            list.push(Mutant { spot: Spot::Filter(root), change: Change::Drop, span: expr.span, told });
        }
        of_row(model, table, root, expr, &mut Vec::new(), &mut list);
    }
    of_norms(model, kpi, &mut list);
    if let Some(n) = kpi.method.minimum {
        for (change, other) in [(Change::Up, n.saturating_add(1)), (Change::Down, n.saturating_sub(1))] {
            let told = format!("`minimaal {n}` werd `minimaal {other}`");
            list.push(Mutant { spot: Spot::Minimum, change, span: kpi.name_span, told });
        }
    }
    list
}

fn of_formula(model: &Model, kpi: &Kpi, formula: &Formula, path: &mut Vec<usize>, list: &mut Vec<Mutant>) {
    let possible: &[Change] = match &formula.kind {
        FormulaKind::Share(..) | FormulaKind::Per(..) | FormulaKind::Binary(Arithmetic::Divide, ..) => &[Change::Swap],
        FormulaKind::Number(_) => &[Change::Up, Change::Down],
        _ => &[],
    };
    for &change in possible {
        let mut other = formula.clone();
        if in_formula(&mut other, change) {
            let told = became(&text::formula(model, kpi, formula), &text::formula(model, kpi, &other));
            list.push(Mutant { spot: Spot::Formula(path.clone()), change, span: formula.span, told });
        }
    }
    for (index, child) in formula.children().into_iter().enumerate() {
        path.push(index);
        of_formula(model, kpi, child, path, list);
        path.pop();
    }
}

fn of_aggregates(model: &Model, kpi: &Kpi, list: &mut Vec<Mutant>) {
    for (index, aggregate) in kpi.aggregates().into_iter().enumerate() {
        let mut possible = Vec::new();
        if let Some(rule) = aggregate.empty {
            let rules = [EmptyRule::No, EmptyRule::Yes, EmptyRule::Skip].into_iter().filter(|other| *other != rule);
            possible.extend(rules.map(Change::Empty));
        }
        if aggregate.func == AggFunc::Percentage && aggregate.filter.is_some() {
            possible.push(Change::Swap);
        }
        if matches!(aggregate.func, AggFunc::Percentile(_)) {
            possible.extend([Change::Up, Change::Down]);
        }
        for change in possible {
            let mut other = aggregate.clone();
            if in_aggregate(&mut other, change) {
                let told = became(&text::aggregate(model, kpi, aggregate), &text::aggregate(model, kpi, &other));
                list.push(Mutant { spot: Spot::Aggregate(index), change, span: aggregate.span, told });
            }
        }
    }
}

fn of_row(model: &Model, table: TableId, root: Root, expr: &RowExpr, path: &mut Vec<usize>, list: &mut Vec<Mutant>) {
    let possible: &[Change] = match &expr.kind {
        RowKind::Compare(Comparison::Equal | Comparison::NotEqual, ..) | RowKind::Filled(..) => &[Change::Turn],
        RowKind::Compare(..) => &[Change::Turn, Change::Strictness],
        RowKind::Not(_) => &[Change::Drop],
        RowKind::And(_) | RowKind::Or(_) => &[Change::Exchange],
        RowKind::Constant(_) | RowKind::Repeats(_) => &[Change::Up, Change::Down],
        _ => &[],
    };
    for &change in possible {
        let mut other = expr.clone();
        if in_row(&mut other, change) {
            let told = became(&text::expr(model, table, expr), &text::expr(model, table, &other));
            list.push(Mutant { spot: Spot::Row(root, path.clone()), change, span: expr.span, told });
        }
    }
    for (index, child) in expr.children().into_iter().enumerate() {
        path.push(index);
        of_row(model, table, root, child, path, list);
        path.pop();
    }
}

fn of_norms(model: &Model, kpi: &Kpi, list: &mut Vec<Mutant>) {
    for (norms, (_, one)) in kpi.norms.all().into_iter().enumerate() {
        for (bound, b) in one.bounds.iter().enumerate() {
            for (near, test) in std::iter::once((false, b.test)).chain(b.near.map(|near| (true, near))) {
                for change in of_test(&test) {
                    let mut other = test;
                    if in_test(&mut other, change, kpi.unit.ty) {
                        let word = if near { "bijna" } else { "norm" };
                        let shown = |t: &BoundTest| format!("{word} {}", text::bound_of(model, kpi, t));
                        let told = became(&shown(&test), &shown(&other));
                        list.push(Mutant { spot: Spot::Bound { norms, bound, near }, change, span: b.span, told });
                    }
                }
            }
        }
    }
}

fn of_test(test: &BoundTest) -> Vec<Change> {
    let strict = |op: Comparison| {
        if matches!(op, Comparison::Equal | Comparison::NotEqual) {
            vec![Change::Turn]
        } else {
            vec![Change::Turn, Change::Strictness]
        }
    };
    match test {
        BoundTest::Compare(op, _) => [strict(*op), vec![Change::Up, Change::Down]].concat(),
        BoundTest::Between(..) => vec![Change::Up, Change::Down, Change::LowUp, Change::LowDown],
        BoundTest::Data(op, _) => strict(*op),
    }
}

fn became(before: &str, after: &str) -> String {
    format!("`{before}` werd `{after}`")
}

/// Makes a change in a model. Whether it could be made.
pub(super) fn apply(model: &mut Model, kpi: KpiId, mutant: &Mutant) -> bool {
    let done = match &mutant.spot {
        Spot::Row(root, path) => {
            get_mut(model, kpi, *root).and_then(|expr| at_mut(expr, path)).map(|expr| in_row(expr, mutant.change))
        }
        Spot::Filter(root) => filter_mut(model, kpi, *root).map(|filter| filter.take().is_some()),
        Spot::Formula(path) => formula_mut(model, kpi)
            .and_then(|formula| formula_at_mut(formula, path))
            .map(|formula| in_formula(formula, mutant.change)),
        Spot::Aggregate(n) => aggregate_mut(model, kpi, *n).map(|aggregate| in_aggregate(aggregate, mutant.change)),
        Spot::Bound { norms, bound, near } => {
            let Some(kpi) = model.kpis.get_mut(kpi.0) else { return false };
            let ty = kpi.unit.ty;
            let bound = nth_norms(&mut kpi.norms, *norms).and_then(|n| n.bounds.get_mut(*bound));
            bound.map(|bound| match (&mut bound.near, near) {
                (Some(test), true) => in_test(test, mutant.change, ty),
                _ => in_test(&mut bound.test, mutant.change, ty),
            })
        }
        Spot::Minimum => model.kpis.get_mut(kpi.0).and_then(|kpi| kpi.method.minimum.as_mut()).map(|n| {
            *n = if mutant.change == Change::Up { n.saturating_add(1) } else { n.saturating_sub(1) };
            true
        }),
    };
    if let Spot::Row(Root::Source(n), _) | Spot::Filter(Root::Source(n)) = mutant.spot {
        see_source(model, kpi, n);
    }
    done.unwrap_or(false)
}

/// As [`Norms::all`] orders them.
fn nth_norms(norms: &mut Norms, n: usize) -> Option<&mut Norms> {
    let Some(n) = n.checked_sub(1) else { return Some(norms) };
    let per = norms.per.as_mut()?;
    let named = per.named.len();
    if n < named { per.named.get_mut(n).map(|(_, norms)| norms) } else { per.rest.as_mut().filter(|_| n == named) }
}

fn in_row(expr: &mut RowExpr, change: Change) -> bool {
    let ty = expr.ty;
    match (&mut expr.kind, change) {
        (RowKind::Compare(op, ..), Change::Turn) => *op = turned(*op),
        (RowKind::Compare(op, ..), Change::Strictness) => *op = other_strictness(*op),
        (RowKind::Filled(_, filled), Change::Turn) => *filled = !*filled,
        (RowKind::Not(inner), Change::Drop) => {
            let inner = std::mem::replace(inner.as_mut(), empty(expr.span));
            *expr = inner;
        }
        (RowKind::And(parts), Change::Exchange) => expr.kind = RowKind::Or(std::mem::take(parts)),
        (RowKind::Or(parts), Change::Exchange) => expr.kind = RowKind::And(std::mem::take(parts)),
        (RowKind::Constant(value), Change::Up | Change::Down) => {
            let Some(next) = step(value, ty, change == Change::Up) else { return false };
            *value = next;
        }
        (RowKind::Repeats(repeats), Change::Up | Change::Down) => {
            let ty = if matches!(repeats.window, Window::Days(_)) { Type::Days } else { Type::Duration };
            let (Window::Days(length) | Window::Micros(length)) = &mut repeats.window;
            let Some(Value::Int(next)) = step(&Value::Int(*length), ty, change == Change::Up) else { return false };
            if next < 0 {
                return false;
            }
            *length = next;
        }
        _ => return false,
    }
    true
}

fn empty(span: Span) -> RowExpr {
    RowExpr { kind: RowKind::Constant(Value::Empty), ty: Type::Unknown, span }
}

fn in_formula(formula: &mut Formula, change: Change) -> bool {
    let ty = formula.unit.ty;
    match (&mut formula.kind, change) {
        (
            FormulaKind::Share(a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Binary(Arithmetic::Divide, a, b),
            Change::Swap,
        ) => std::mem::swap(a, b),
        (FormulaKind::Number(x), Change::Up) => *x += step_of(*x, ty),
        (FormulaKind::Number(x), Change::Down) => *x -= step_of(*x, ty),
        _ => return false,
    }
    true
}

fn in_aggregate(aggregate: &mut crate::model::Aggregate, change: Change) -> bool {
    match (&mut aggregate.func, change) {
        (_, Change::Empty(rule)) => aggregate.empty = Some(rule),
        (AggFunc::Percentage, Change::Swap) => std::mem::swap(&mut aggregate.arg, &mut aggregate.filter),
        (AggFunc::Percentile(p), Change::Up) => *p = (*p + 1.0).min(100.0),
        (AggFunc::Percentile(p), Change::Down) => *p = (*p - 1.0).max(0.0),
        _ => return false,
    }
    true
}

fn in_test(test: &mut BoundTest, change: Change, ty: Type) -> bool {
    match (test, change) {
        (BoundTest::Compare(op, _) | BoundTest::Data(op, _), Change::Turn) => *op = turned(*op),
        (BoundTest::Compare(op, _) | BoundTest::Data(op, _), Change::Strictness) => *op = other_strictness(*op),
        (BoundTest::Compare(_, x) | BoundTest::Between(_, x), Change::Up)
        | (BoundTest::Between(x, _), Change::LowUp) => *x += step_of(*x, ty),
        (BoundTest::Compare(_, x) | BoundTest::Between(_, x), Change::Down)
        | (BoundTest::Between(x, _), Change::LowDown) => *x -= step_of(*x, ty),
        _ => return false,
    }
    true
}

fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
    }
}

fn other_strictness(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::LessEqual,
        Comparison::LessEqual => Comparison::Less,
        Comparison::Greater => Comparison::GreaterEqual,
        Comparison::GreaterEqual => Comparison::Greater,
        Comparison::Equal | Comparison::NotEqual => op,
    }
}

/// The next value up or down: one of the smallest parts in which people write it. Texts have none.
fn step(value: &Value, ty: Type, up: bool) -> Option<Value> {
    let sign = |n: i64| if up { n } else { -n };
    match value {
        Value::Int(n) => {
            let by = match ty {
                Type::Duration => duration_step(*n / 1_000_000) * 1_000_000,
                Type::Moment => 60_000_000,
                _ => 1,
            };
            n.checked_add(sign(by)).map(Value::Int)
        }
        Value::Money(m) => {
            let by = if m % MONEY_SCALE == 0 { MONEY_SCALE } else { MONEY_SCALE / 100 };
            m.checked_add(if up { by } else { -by }).map(Value::Money)
        }
        Value::Float(x) => Some(Value::Float(if up { x + step_of(*x, ty) } else { x - step_of(*x, ty) })),
        Value::Empty | Value::Bool(_) | Value::Text(_) => None,
    }
}

/// The step of a duration of so many seconds: seconds under two minutes, minutes under two hours, else hours.
fn duration_step(seconds: i64) -> i64 {
    match seconds.abs() {
        120..7_200 if seconds % 60 == 0 => 60,
        7_200.. if seconds % 3_600 == 0 => 3_600,
        _ => 1,
    }
}

/// The step of a number in the base of its unit: that of its last decimal.
fn step_of(x: f64, ty: Type) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds of a norm")]
    if ty == Type::Duration && x.fract() == 0.0 && x.abs() < 1e12 {
        return duration_step(x as i64) as f64;
    }
    let text = x.to_string();
    match text.split_once('.') {
        Some((_, decimals)) if decimals.len() < 9 => 0.1_f64.powi(i32::try_from(decimals.len()).unwrap_or(1)),
        _ => 1.0,
    }
}
