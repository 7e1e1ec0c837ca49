//! What no toets decides. A definition consists of parts: its conditions, populations, choices, the rule on empty
//! answers, bounds, minimum and dimensions. Each has sides (`ja` and `nee`; above and below), and a side is decided when
//! a toets of the KPI reaches it on the interpreter. Whether the toets would also notice a mistake there, `mutate` tells.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::compare;
use super::part::{Root, get, roots};
use super::{Answers, Ask, Bench, given, in_parallel};
use crate::check::Checked;
use crate::interpret::{Observer, Outcome};
use crate::judge::{Row, Status};
use crate::model::trial::ResultKey;
use crate::model::{Kpi, KpiId, Model, RowExpr, RowKind, TableId, Trial, Type, Value, text};
use crate::source::Span;

/// What the toetsen of one KPI decide.
#[derive(Clone, Debug)]
pub struct Coverage {
    pub kpi: KpiId,
    pub trials: usize,
    /// Sides in all, and those that were reached.
    pub sides: usize,
    pub reached: usize,
    /// What was not reached, in the order of the definition.
    pub gaps: Vec<Gap>,
}

/// A side that no toets reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub span: Span,
    /// The part and what never happens: `` `wachttijd <= 10 min` is nooit nee ``.
    pub told: String,
}

/// One side of a part: where it is, what to say when it is not reached, and how that is seen.
struct Side {
    span: Span,
    told: String,
    seen: Sight,
}

/// How a side is seen.
enum Sight {
    /// The expression had this outcome.
    Expr { place: Place, bit: u8 },
    /// A result cell said this of the rows that a toets expects.
    Result(Box<dyn Fn(&Seen<'_>) -> bool>),
}

/// An expected row with the result it was compared with.
struct Seen<'a> {
    kpi: &'a Kpi,
    row: &'a Row,
    /// The columns that were compared.
    keys: Vec<ResultKey>,
}

/// The how manieth version, root and part of it.
type Place = (usize, usize, usize);

const YES: u8 = 1;
const NO: u8 = 2;
const EMPTY: u8 = 4;
/// No alternative of `eerste_gevuld` before the last was filled.
const LATER: u8 = 8;

/// What the toetsen of these KPIs decide.
#[must_use]
pub fn coverage(bench: &Bench<'_>, kpis: &[KpiId], trials: &[&Trial]) -> Vec<Coverage> {
    let of = |index: usize| kpis.get(index).map(|kpi| of_kpi(bench, *kpi, trials));
    in_parallel(kpis.len(), of).into_iter().flatten().collect()
}

fn of_kpi(bench: &Bench<'_>, id: KpiId, trials: &[&Trial]) -> Coverage {
    let model = bench.checked.model();
    let versions: Vec<KpiId> = model.versions(&model.kpi(id).name).map(|k| k.id).collect();
    let sides: Vec<Side> =
        versions.iter().enumerate().flat_map(|(version, id)| sides(model, model.kpi(*id), version)).collect();
    let mut reached = vec![false; sides.len()];
    let mine: Vec<&&Trial> = trials.iter().filter(|trial| trial.kpi == id).collect();
    for trial in &mine {
        let Ok(checked) = bench.definitions(trial) else { continue };
        let data = given::data(checked.model(), trial);
        let ask = Ask::of(checked, trial, &data);
        let record = Record::of(checked.model(), &versions);
        let answers = ask.observed(checked, &data, Some(&record));
        let rows = compared(checked, trial, &answers);
        let seen = record.seen.into_inner();
        for (side, reached) in sides.iter().zip(&mut reached) {
            *reached |= match &side.seen {
                Sight::Expr { place, bit } => seen.get(place).is_some_and(|bits| bits & bit != 0),
                Sight::Result(says) => rows.iter().any(says),
            };
        }
    }
    let gaps = sides.iter().zip(&reached).filter(|(_, reached)| !**reached);
    let gaps = gaps.map(|(side, _)| Gap { span: side.span, told: side.told.clone() }).collect();
    let count = reached.iter().filter(|r| **r).count();
    Coverage { kpi: id, trials: mine.len(), sides: sides.len(), reached: count, gaps }
}

/// The expected rows of a toets with their results.
fn compared<'a>(checked: &'a Checked, trial: &Trial, answers: &'a Answers) -> Vec<Seen<'a>> {
    let model = checked.model();
    let rows = trial.expected.iter().enumerate().filter_map(|(index, expected)| {
        let row = compare::find(expected, index, answers).ok()?;
        let kpi = model.version_on(trial.kpi, row.period_from)?;
        Some(Seen { kpi, row, keys: expected.cells.iter().map(|cell| cell.key).collect() })
    });
    rows.collect()
}

// ------------------------------------------------------------------------------------------------ what was seen

/// The outcomes of every part of every root, by their places in memory.
struct Record {
    places: BTreeMap<usize, Vec<Place>>,
    seen: RefCell<BTreeMap<Place, u8>>,
}

impl Record {
    fn of(model: &Model, versions: &[KpiId]) -> Self {
        let mut places: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
        for (version, kpi) in versions.iter().enumerate() {
            for (number, (root, _)) in roots(model, model.kpi(*kpi)).into_iter().enumerate() {
                let Some(expr) = get(model, *kpi, root) else { continue };
                for (part, expr) in parts(expr).into_iter().enumerate() {
                    places.entry(address(expr)).or_default().push((version, number, part));
                }
            }
        }
        Self { places, seen: RefCell::default() }
    }
}

/// An expression and everything in it, in a fixed order.
fn parts(expr: &RowExpr) -> Vec<&RowExpr> {
    let mut list = Vec::new();
    expr.walk(&mut |part| list.push(part));
    list
}

fn address(expr: &RowExpr) -> usize {
    std::ptr::from_ref(expr).addr()
}

impl Observer for Record {
    fn seen(&self, expr: &RowExpr, parts: &[Value], outcome: &Outcome) {
        let Some(places) = self.places.get(&address(expr)) else { return };
        let mut bits = match outcome {
            Outcome::Known(Value::Bool(true)) => YES,
            Outcome::Known(Value::Bool(false)) => NO,
            Outcome::Known(Value::Empty) => EMPTY,
            _ => 0,
        };
        if let (RowKind::Coalesce(_), Some(first)) = (&expr.kind, parts.first()) {
            bits |= if first.is_empty() { LATER } else { YES };
        }
        for place in places {
            *self.seen.borrow_mut().entry(*place).or_default() |= bits;
        }
    }
}

// ------------------------------------------------------------------------------------------------ what there is to see

fn sides(model: &Model, kpi: &Kpi, version: usize) -> Vec<Side> {
    let mut list = Vec::new();
    outcome(kpi, &mut list);
    for (number, (root, table)) in roots(model, kpi).into_iter().enumerate() {
        if let Some(expr) = get(model, kpi.id, root) {
            of_root(model, kpi, (version, number, root, table), expr, &mut list);
        }
    }
    norms(model, kpi, &mut list);
    minimum(kpi, &mut list);
    dimensions(kpi, &mut list);
    list
}

/// That a toets compares what the calculation gives.
fn outcome(kpi: &Kpi, list: &mut Vec<Side>) {
    if kpi.formula().is_some() {
        let compares = |seen: &Seen<'_>| {
            let figure = [ResultKey::Value, ResultKey::Numerator, ResultKey::Denominator];
            seen.keys.iter().any(|key| figure.contains(key)) && seen.row.value.is_some()
        };
        list.push(Side {
            span: kpi.calculation_span,
            told: "geen toets verwacht een waarde van de berekening".to_owned(),
            seen: Sight::Result(Box::new(compares)),
        });
    }
}

fn of_root(model: &Model, kpi: &Kpi, at: (usize, usize, Root, TableId), expr: &RowExpr, list: &mut Vec<Side>) {
    let (version, number, root, table) = at;
    let written = |part: &RowExpr| text::expr(model, table, part);
    let mut side = |part: usize, expr: &RowExpr, bit: u8, told: String| {
        list.push(Side { span: expr.span, told, seen: Sight::Expr { place: (version, number, part), bit } });
    };
    for (index, part) in parts(expr).into_iter().enumerate() {
        match &part.kind {
            // The whole of a filter is told as such; `en`, `of` and `niet` are seen through their parts.
            RowKind::And(_) | RowKind::Or(_) | RowKind::Not(_) | RowKind::Constant(_) => {}
            RowKind::Coalesce(_) => {
                side(index, part, YES, format!("in `{}` is de eerste nooit gevuld", written(part)));
                side(index, part, LATER, format!("in `{}` is de eerste altijd gevuld", written(part)));
            }
            RowKind::If(condition, ..) if is_composite(condition) => {
                side(index + 1, condition, YES, format!("`{}` kiest nooit het eerste", written(part)));
                side(index + 1, condition, NO, format!("`{}` kiest nooit het tweede", written(part)));
            }
            _ if part.ty == Type::Bool => {
                side(index, part, YES, format!("`{}` is nooit ja", written(part)));
                side(index, part, NO, format!("`{}` is nooit nee", written(part)));
            }
            _ => {}
        }
    }
    if root.is_filter() && is_composite(expr) {
        side(0, expr, YES, format!("geen rij komt door `waarbij {}`", written(expr)));
        side(0, expr, NO | EMPTY, format!("geen rij valt weg door `waarbij {}`", written(expr)));
    }
    if let Root::Argument(n) = root
        && let Some(aggregate) = kpi.aggregates().get(n)
        && aggregate.empty.is_some()
    {
        side(0, expr, EMPTY, format!("`{}` is nooit leeg, dus `leeg telt …` beslist niets", written(expr)));
    }
}

fn is_composite(expr: &RowExpr) -> bool {
    matches!(expr.kind, RowKind::And(_) | RowKind::Or(_) | RowKind::Not(_))
}

fn judged(seen: &Seen<'_>) -> bool {
    seen.keys.iter().any(|key| matches!(key, ResultKey::Status | ResultKey::Distance))
}

fn norms(model: &Model, kpi: &Kpi, list: &mut Vec<Side>) {
    let id = kpi.id;
    for (which, (label, norms)) in kpi.norms.all().into_iter().enumerate() {
        for (index, bound) in norms.bounds.iter().enumerate() {
            let whose = label.map_or_else(String::new, |l| format!("{l} "));
            let shown = format!("norm {whose}{}", text::bound_of(model, kpi, &bound.test));
            let sides = [
                (Status::Met, format!("`{shown}` wordt nooit gehaald")),
                (Status::NotMet, format!("`{shown}` wordt nooit niet gehaald")),
            ];
            let near = bound
                .near
                .map(|near| (Status::Near, format!("`bijna {}` komt nooit voor", text::bound_of(model, kpi, &near))));
            for (status, told) in sides.into_iter().chain(near) {
                let says = move |seen: &Seen<'_>| {
                    judged(seen) && seen.row.status == status && seen.kpi.id == id && applies(seen, which, index)
                };
                list.push(Side { span: bound.span, told, seen: Sight::Result(Box::new(says)) });
            }
        }
    }
}

/// Whether a bound is the one that a row was judged by.
fn applies(seen: &Seen<'_>, which: usize, index: usize) -> bool {
    let norms = &seen.kpi.norms;
    let members: Vec<(String, String)> = seen.row.dimensions.iter().map(|(n, m)| (n.clone(), m.label())).collect();
    let (Some(mine), Some((_, one))) = (norms.of_row(&members), norms.all().into_iter().nth(which)) else {
        return false;
    };
    std::ptr::eq(mine, one)
        && one.bounds.get(index).zip(mine.on(seen.row.period_from)).is_some_and(|(a, b)| std::ptr::eq(a, b))
}

fn minimum(kpi: &Kpi, list: &mut Vec<Side>) {
    let Some(minimum) = kpi.method.minimum else { return };
    let mut side = |told: String, says: fn(&Seen<'_>) -> bool| {
        list.push(Side { span: kpi.name_span, told, seen: Sight::Result(Box::new(says)) });
    };
    side(format!("er zijn altijd minstens {minimum} waarnemingen"), |seen| {
        judged(seen) && seen.row.status == Status::TooFew
    });
    side(format!("er zijn nooit {minimum} waarnemingen"), |seen| {
        judged(seen) && !matches!(seen.row.status, Status::TooFew | Status::NoData | Status::NotMeasurable)
    });
}

fn dimensions(kpi: &Kpi, list: &mut Vec<Side>) {
    for dimension in &kpi.dimensions {
        let name = dimension.name.clone();
        let says = move |seen: &Seen<'_>| seen.row.dimensions.iter().any(|(n, _)| *n == name);
        list.push(Side {
            span: dimension.span,
            told: format!("geen toets splitst uit naar `{}`", dimension.name),
            seen: Sight::Result(Box::new(says)),
        });
    }
}
