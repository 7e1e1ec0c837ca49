//! The reference interpreter: what a KPI amounts to, row by row over the model; slow and obvious. It is the oracle of every
//! differential test, so it shares no code with `measure` (but the key type [`Member`]), `plan` and `combine`, and it
//! knows no engine, no files and no clock.
//!
//! [`answer`] goes over periods and members; `formula` says what a KPI is in one of them; `aggregate` what rows amount to;
//! `row` what an expression is for one row; `world` which rows there are; `value` how values are compared and calculated.

mod aggregate;
mod formula;
mod row;
#[cfg(test)]
#[allow(clippy::wildcard_imports, reason = "a test helper")]
mod testing;
mod value;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use self::formula::{Scope, figure, within};
pub use self::row::Outcome;
use self::value::{conform, wide_to_float};
use self::world::World;
use crate::calendar::{Period, PeriodKind, Periods};
use crate::check::Checked;
use crate::measure::Member;
use crate::model::expr::MONEY_SCALE;
use crate::model::{Calculation, Formula, FormulaKind, Kpi, KpiId, RowExpr, TableId, Type, Value};

/// The rows of stored tables: per row one value per column, in the order of [`crate::model::Table::columns`]. Only the
/// values of stored columns count; computed columns and derived tables are calculated here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    pub tables: BTreeMap<TableId, Vec<Vec<Value>>>,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub kpi: KpiId,
    pub period: PeriodKind,
    /// The asked range; periods that touch it are taken whole.
    pub from: NaiveDate,
    /// Exclusive.
    pub until: NaiveDate,
    /// Names of dimensions; none for the total.
    pub dimensions: &'a [String],
    /// µs UTC.
    pub peilmoment: i64,
    /// `--where`, per source use of the KPI; missing ones let everything through.
    pub filters: &'a [Option<RowExpr>],
}

/// One KPI, one period, one combination of members.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The label, `2026-01`.
    pub period: String,
    /// In the order of the asked dimensions.
    pub members: Vec<Member>,
    /// In base units: seconds, euro, percentage 0–100.
    pub value: Option<f64>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub n: Option<u64>,
    pub n_empty: Option<u64>,
}

/// One answer per period and combination of members, ordered by period, then members; without dimensions one per
/// period. Nothing where the range holds more periods than [`Periods::LIMIT`].
#[must_use]
pub fn answer(model: &Checked, data: &Data, question: &Question<'_>) -> Vec<Answer> {
    let model = model.model();
    let world = World::new(model, data, question.peilmoment);
    let Ok(periods) = Periods::over(question.period, question.from, question.until, model.zone) else {
        return Vec::new();
    };
    let kpi = model.kpi(question.kpi);
    let mut combinations = BTreeSet::new();
    if question.dimensions.is_empty() {
        combinations.insert(Vec::new());
    } else {
        let occurring = Occurring { world: &world, dimensions: question.dimensions, periods: &periods.list };
        occurring.collect(kpi, question.filters, &mut Vec::new(), &mut combinations);
    }
    let mut answers = Vec::new();
    for period in &periods.list {
        for members in &combinations {
            let figure = figure(&Scope {
                world: &world,
                kpi,
                period,
                dimensions: question.dimensions,
                members,
                filters: question.filters,
            });
            answers.push(Answer {
                period: period.label.clone(),
                members: members.clone(),
                value: figure.value,
                numerator: figure.numerator,
                denominator: figure.denominator,
                n: figure.n,
                n_empty: figure.n_empty,
            });
        }
    }
    answers
}

/// The value of a row expression for one row (counted from 0) of a table.
#[must_use]
pub fn evaluate(model: &Checked, table: TableId, data: &Data, row: usize, expr: &RowExpr, peilmoment: i64) -> Outcome {
    row::evaluate(&World::new(model.model(), data, peilmoment), table, row, expr)
}

/// The combinations of members that occur in a range.
struct Occurring<'a> {
    world: &'a World<'a>,
    dimensions: &'a [String],
    periods: &'a [Period],
}

impl Occurring<'_> {
    /// Those of a KPI's population, over its source uses that have all the dimensions. A KPI without sources of its own
    /// (`afgeleid`) has those of the KPIs in its formula.
    fn collect(
        &self,
        kpi: &Kpi,
        filters: &[Option<RowExpr>],
        asking: &mut Vec<KpiId>,
        into: &mut BTreeSet<Vec<Member>>,
    ) {
        if asking.contains(&kpi.id) {
            return;
        }
        asking.push(kpi.id);
        for (source, used) in kpi.sources.iter().enumerate() {
            let Some(exprs) = self.expressions(kpi, source) else { continue };
            let conditions: Vec<&RowExpr> =
                used.filter.iter().chain(filters.get(source).and_then(Option::as_ref)).collect();
            for row in 0..self.world.row_count(used.table) {
                let asked = self.periods.iter().any(|p| within(self.world, used.table, row, &used.axis, p));
                if asked && conditions.iter().all(|c| row::evaluate(self.world, used.table, row, c).is_yes()) {
                    let member = |&(expr, ty): &(&RowExpr, Type)| {
                        member_of(row::evaluate(self.world, used.table, row, expr).or_empty(), ty)
                    };
                    into.insert(exprs.iter().map(member).collect());
                }
            }
        }
        if kpi.sources.is_empty()
            && let Calculation::Formula(formula) = &kpi.calculation
        {
            let mut others = BTreeSet::new();
            mentioned(formula, &mut others);
            for other in others {
                self.collect(self.world.model().kpi(other), &[], asking, into);
            }
        }
        asking.pop();
    }

    /// The expression and type of each asked dimension in a source use; nothing when it lacks one.
    fn expressions<'k>(&self, kpi: &'k Kpi, source: usize) -> Option<Vec<(&'k RowExpr, Type)>> {
        let of = |name: &String| {
            let dimension = kpi.dimensions.iter().find(|d| d.name == *name)?;
            Some((dimension.exprs.get(source)?.as_ref()?, dimension.ty))
        };
        self.dimensions.iter().map(of).collect()
    }
}

/// The KPIs in a formula.
fn mentioned(formula: &Formula, into: &mut BTreeSet<KpiId>) {
    match &formula.kind {
        FormulaKind::Number(_) | FormulaKind::Aggregate(_) => {}
        FormulaKind::Kpi(id) => {
            into.insert(*id);
        }
        FormulaKind::Negate(x) => mentioned(x, into),
        FormulaKind::Binary(_, a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Share(a, b) => {
            mentioned(a, into);
            mentioned(b, into);
        }
    }
}

/// The member that a dimension's value is.
fn member_of(value: Value, ty: Type) -> Member {
    match conform(value, ty) {
        Value::Empty => Member::Empty,
        Value::Bool(b) => Member::Bool(b),
        Value::Int(n) if ty == Type::Date => i32::try_from(n).map_or(Member::Int(n), Member::Date),
        Value::Int(n) => Member::Int(n),
        // There is one zero.
        Value::Float(x) => Member::Text((x + 0.0).to_string()),
        Value::Money(m) => Member::Text((wide_to_float(m) / wide_to_float(MONEY_SCALE)).to_string()),
        Value::Text(text) => Member::Text(text),
    }
}
