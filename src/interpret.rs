//! The reference interpreter: what a KPI amounts to, row by row over the model; slow and obvious. It is the oracle of every
//! differential test, so it shares no code with `measure` (but the key type [`Member`]), `plan` and `combine`, and it
//! knows no engine, no files and no clock.
//!
//! [`answer`] goes over periods and members; `formula` says what a KPI is in one of them and
//! `elsewhen` which other stretch of time a formula looks at; `aggregate` what rows amount to;
//! `row` what an expression is for one row; `world` which rows there are; `value` how values are compared and calculated.

mod aggregate;
mod elsewhen;
mod formula;
mod groups;
mod marks;
mod repeats;
mod row;
mod stock;
#[cfg(test)]
mod testing;
mod valid;
mod value;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

pub use self::formula::Shares;
use self::formula::{Scope, figure, within};
pub use self::marks::Marks;
pub use self::row::Outcome;
pub use self::valid::{WrongRows, wrong_rows};
use self::value::{conform, wide_to_float};
use self::world::World;
use crate::calendar::{Period, PeriodKind, Periods};
use crate::check::Checked;
use crate::measure::Member;
use crate::model::expr::MONEY_SCALE;
use crate::model::norm::Limit;
use crate::model::{AggFunc, Calculation, Formula, FormulaKind, Kpi, KpiId, Model, RowExpr, TableId, Type, Value};

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
    /// Different persons in the rows that `n` counts; only where cells over few of them are not shown.
    pub persons: Option<u64>,
    /// What an interval is made of; only where one is asked for.
    pub shares: Option<Shares>,
    /// What the rows say of the values that the norm takes from them, in the order of [`crate::model::Norms::data`].
    pub limits: Vec<Limit>,
    /// What the rows say of the answer, by `kenmerk` columns.
    pub marks: Marks,
    /// The days that were looked at: the first, and the one after the last.
    pub looked_at: Vec<(NaiveDate, NaiveDate)>,
}

/// Hears what every expression was for every row that it decided something of.
pub trait Observer {
    /// `parts` are the values of the expression's children.
    fn seen(&self, expr: &RowExpr, parts: &[Value], outcome: &Outcome);
}

/// One answer per period and combination of members, ordered by period, then members; without dimensions one per
/// period. Nothing where the range holds more periods than [`Periods::LIMIT`].
#[must_use]
pub fn answer(model: &Checked, data: &Data, question: &Question<'_>) -> Vec<Answer> {
    observed(model, data, question, None)
}

/// [`answer`], with somebody who hears how it comes about.
#[must_use]
pub fn observed(model: &Checked, data: &Data, question: &Question<'_>, observer: Option<&dyn Observer>) -> Vec<Answer> {
    let model = model.model();
    let world = World::new(model, data, question.peilmoment).observed(observer);
    let Ok(periods) = Periods::over(question.period, question.from, question.until, model.zone) else {
        return Vec::new();
    };
    let kpi = model.kpi(question.kpi);
    let mut answers = Vec::new();
    for periods in alike(model, kpi, periods.list) {
        answer_stretch(&world, kpi, question, &periods, &mut answers);
    }
    answers
}

/// The periods in which this version of a KPI holds, cut where a version of a KPI that it calculates with begins or ends.
fn alike(model: &Model, kpi: &Kpi, periods: Vec<Period>) -> Vec<Vec<Period>> {
    let versions = |period: &Period| {
        let mut used = Vec::new();
        let mut todo = vec![kpi.id];
        while let Some(id) = todo.pop() {
            let version = model.version_on(id, period.from).map(|k| k.id);
            if used.contains(&version) {
                continue;
            }
            used.push(version);
            if let Some(Calculation::Formula(formula)) = version.map(|id| &model.kpi(id).calculation) {
                let mut others = BTreeSet::new();
                mentioned(formula, &mut others);
                todo.extend(others);
            }
        }
        used
    };
    let mut stretches: Vec<Vec<Period>> = Vec::new();
    let mut before = None;
    for period in periods {
        if !kpi.holds_on(period.from) {
            continue;
        }
        let now = versions(&period);
        match stretches.last_mut() {
            Some(stretch) if before.as_ref() == Some(&now) => stretch.push(period),
            _ => stretches.push(vec![period]),
        }
        before = Some(now);
    }
    stretches
}

/// The answers of periods in which all definitions stay the same.
fn answer_stretch(
    world: &World<'_>,
    kpi: &Kpi,
    question: &Question<'_>,
    periods: &[Period],
    answers: &mut Vec<Answer>,
) {
    let mut combinations = BTreeSet::new();
    if question.dimensions.is_empty() {
        combinations.insert(Vec::new());
    } else {
        let measured: Vec<Period> = match kpi.method.window {
            None => periods.to_vec(),
            Some(window) => periods.iter().filter_map(|p| elsewhen::stretch(p, window, world.zone())).collect(),
        };
        let day = periods.first().map(|p| p.from).unwrap_or_default();
        let occurring = Occurring { world, dimensions: question.dimensions, day, periods: &measured };
        occurring.collect(kpi, question.filters, &mut Vec::new(), &mut combinations);
    }
    for period in periods {
        for members in &combinations {
            let scope = Scope {
                world,
                kpi,
                period,
                day: period.from,
                shielded: world.model().shield_on(kpi, period.from).is_some(),
                dimensions: question.dimensions,
                members,
                filters: question.filters,
            };
            let figure = figure(&scope);
            // Nothing of the value depends on it.
            let mut behind = marks::Behind::default();
            world.aside(false, || marks::of_kpi(&scope, &mut Vec::new(), &mut behind));
            answers.push(Answer {
                period: period.label.clone(),
                members: members.clone(),
                value: figure.value,
                numerator: figure.numerator,
                denominator: figure.denominator,
                n: figure.n,
                n_empty: figure.n_empty,
                persons: figure.persons.or(figure.n).filter(|_| scope.shielded),
                shares: formula::shares(&scope),
                limits: kpi.norms.data.iter().map(|limit| formula::limit(&scope, limit)).collect(),
                marks: behind.marks,
                looked_at: behind.looked_at.into_iter().collect(),
            });
        }
    }
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
    /// Of which day the versions of definitions count.
    day: NaiveDate,
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
                let asked = self.periods.iter().any(|p| {
                    within(self.world, used.table, row, &used.axis, p) || self.is_open(kpi, source, used.table, row, p)
                });
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
                if let Some(other) = self.world.model().version_on(other, self.day) {
                    self.collect(other, &[], asking, into);
                }
            }
        }
        asking.pop();
    }

    /// Whether a `werkvoorraad` of the KPI over this source finds the row open in a period, apart from its own `waarbij`.
    fn is_open(&self, kpi: &Kpi, source: usize, table: TableId, row: usize, period: &Period) -> bool {
        kpi.aggregates()
            .into_iter()
            .filter(|a| a.func == AggFunc::Stock && a.source == source)
            .any(|a| stock::begun(self.world, table, row, a, period) && stock::open(self.world, table, row, a, period))
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
        FormulaKind::Negate(x)
        | FormulaKind::Over(x, _)
        | FormulaKind::Index(x, _)
        | FormulaKind::Yearly(x)
        | FormulaKind::Portion(x) => {
            mentioned(x, into);
        }
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

#[cfg(test)]
mod tests {
    use super::testing::*;
    use super::{KpiId, Member, Type, Value, member_of};
    use crate::model::expr::{Comparison, RowFunction};
    use crate::model::{AggFunc, EmptyRule, FormulaKind, TableId};

    /// Rows of (id, moment, team, yes/no).
    fn table(project: &mut Project) -> TableId {
        let row = |id, when: &str, team: Value, good: Value| vec![Value::Int(id), moment(when), team, good];
        project.table(
            Some(1),
            vec![
                column("id", Type::Integer),
                column("moment", Type::Moment),
                column("team", Type::Text),
                column("goed", Type::Bool),
            ],
            vec![
                row(1, "2026-01-05 09:30", text("b"), YES),
                row(2, "2026-02-05 10:30", text("a"), NO),
                row(3, "2026-02-06 09:00", Value::Empty, YES),
                row(4, "2026-04-01 09:00", text("later"), YES),
                row(5, "2026-02-06 09:00", text("gefilterd"), Value::Empty),
            ],
        )
    }

    fn project() -> (Project, KpiId) {
        let mut project = Project::new();
        let table = table(&mut project);
        let kpi = project.kpi(&[(table, 1)], count());
        let filled = cmp(Comparison::NotEqual, col(0, Type::Integer), lit(Value::Int(5), Type::Integer));
        project.filter(kpi, 0, filled);
        project.dimension(kpi, "team", Type::Text, vec![Some(col(2, Type::Text))]);
        let hour = call(RowFunction::HourOf, vec![col(1, Type::Moment)], Type::Integer);
        project.dimension(kpi, "uur", Type::Integer, vec![Some(hour)]);
        (project, kpi)
    }

    fn rows(project: &Project, kpi: KpiId, until: &str, dimensions: &[&str]) -> Vec<(String, String, Option<f64>)> {
        let answers = project.ask(kpi, "2026-01-15", until, dimensions);
        let label = |members: &[Member]| members.iter().map(Member::label).collect::<Vec<_>>().join(" ");
        answers.into_iter().map(|a| (a.period, label(&a.members), a.value)).collect()
    }

    fn row(period: &str, members: &str, value: f64) -> (String, String, Option<f64>) {
        (period.to_owned(), members.to_owned(), Some(value))
    }

    #[test]
    fn each_member_that_occurs_has_an_answer_in_each_period() {
        let (project, kpi) = project();
        assert_eq!(
            rows(&project, kpi, "2026-02-02", &["team"]),
            [
                row("2026-01", "a", 0.0),
                row("2026-01", "b", 1.0),
                row("2026-01", "(leeg)", 0.0),
                row("2026-02", "a", 1.0),
                row("2026-02", "b", 0.0),
                row("2026-02", "(leeg)", 1.0),
            ]
        );
        assert_eq!(rows(&project, kpi, "2026-02-02", &[]), [row("2026-01", "", 1.0), row("2026-02", "", 2.0)]);
    }

    #[test]
    fn members_combine_in_the_order_asked() {
        let (project, kpi) = project();
        let answers = rows(&project, kpi, "2026-02-02", &["uur", "team"]);
        let february: Vec<_> = answers.into_iter().filter(|(period, ..)| period == "2026-02").collect();
        assert_eq!(
            february,
            [row("2026-02", "9 b", 0.0), row("2026-02", "9 (leeg)", 1.0), row("2026-02", "10 a", 1.0)]
        );
    }

    #[test]
    fn where_narrows_rows_and_members() {
        let (mut project, kpi) = project();
        project.filters = vec![Some(col(3, Type::Bool))];
        assert_eq!(
            rows(&project, kpi, "2026-02-02", &["team"]),
            [
                row("2026-01", "b", 1.0),
                row("2026-01", "(leeg)", 0.0),
                row("2026-02", "b", 0.0),
                row("2026-02", "(leeg)", 1.0),
            ]
        );
    }

    #[test]
    fn a_source_without_the_dimension_is_constant_over_it() {
        let (mut project, kpi) = project();
        let people = project.table(
            Some(1),
            vec![column("id", Type::Integer), column("dag", Type::Date), column("inwoners", Type::Integer)],
            vec![vec![Value::Int(1), date("2025-01-01"), Value::Int(500)]],
        );
        let source = project.model.kpis[kpi.0].sources[0].table;
        let last = agg(AggFunc::Last, Some(col(2, Type::Integer)), Type::Integer).on(1).of(1);
        let per = FormulaKind::Per(Box::new(count().into()), 1000, Box::new(last.into()));
        let ratio = project.kpi(&[(source, 1), (people, 1)], formula(per));
        project.dimension(ratio, "team", Type::Text, vec![Some(col(2, Type::Text)), None]);
        let answers = rows(&project, ratio, "2026-02-01", &["team"]);
        assert_eq!(answers, [row("2026-01", "b", 2.0)]);
        assert!(rows(&project, ratio, "2026-02-01", &["onbekend"]).is_empty());
    }

    #[test]
    fn an_undecided_dimension_is_empty() {
        let (mut project, kpi) = project();
        project.peilmoment = at("2026-01-31 00:00");
        let judged = timely(col(1, Type::Moment), col(1, Type::Moment));
        project.dimension(kpi, "op tijd", Type::Bool, vec![Some(judged)]);
        let answers = rows(&project, kpi, "2026-02-02", &["op tijd"]);
        assert_eq!(
            answers,
            [
                row("2026-01", "ja", 1.0),
                row("2026-01", "(leeg)", 0.0),
                row("2026-02", "ja", 0.0),
                row("2026-02", "(leeg)", 2.0),
            ]
        );
    }

    #[test]
    fn percentages_per_member_have_their_own_denominator() {
        let (mut project, kpi) = project();
        let table = project.model.kpis[kpi.0].sources[0].table;
        let share = agg(AggFunc::Percentage, Some(col(3, Type::Bool)), Type::Percentage).counting_empty(EmptyRule::No);
        let kpi = project.kpi(&[(table, 1)], share);
        project.dimension(kpi, "team", Type::Text, vec![Some(col(2, Type::Text))]);
        let answers = project.ask(kpi, "2026-02-01", "2026-03-01", &["team"]);
        let figures: Vec<_> = answers.iter().map(|a| (a.members[0].label(), a.value, a.n)).collect();
        assert_eq!(
            figures,
            [
                ("a".to_owned(), Some(0.0), Some(1)),
                ("gefilterd".to_owned(), Some(0.0), Some(1)),
                ("(leeg)".to_owned(), Some(100.0), Some(1)),
            ]
        );
    }

    #[test]
    fn members_by_type() {
        assert_eq!(member_of(date("1970-01-02"), Type::Date), Member::Date(1));
        assert_eq!(member_of(Value::Int(3), Type::Days), Member::Int(3));
        assert_eq!(member_of(Value::Float(7.5), Type::Score(1.0, 10.0)), Member::Text("7.5".to_owned()));
        assert_eq!(member_of(Value::Int(7), Type::Number), Member::Text("7".to_owned()));
        assert_eq!(member_of(YES, Type::Bool), Member::Bool(true));
        assert_eq!(member_of(Value::Money(45_000), Type::Money), Member::Text("4.5".to_owned()));
        assert_eq!(member_of(Value::Empty, Type::Text), Member::Empty);
    }

    #[test]
    fn too_many_periods_give_no_answers() {
        let (project, kpi) = project();
        let days = crate::calendar::PeriodKind::Day;
        assert!(project.ask_per(days, kpi, "1900-01-01", "2026-01-01", &[]).is_empty());
    }
}
