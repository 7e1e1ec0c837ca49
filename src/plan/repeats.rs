//! `herhaald` and `vervolgd`: which rows must be read before a scan, so that its rows can find what they see of each
//! other; and the expression that finds it.

use std::sync::Arc;

use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::expr::{Scope, physical};
use super::functions::repeats::{Answers, Limits, Ties, Timeline, repeated};
use super::needs::reference;
use super::table::Tables;
use crate::measure::Scan;
use crate::model::expr::Repeats;
use crate::model::{ColumnRef, RowExpr, RowKind, Type};

/// Rows that see each other: one population with one key on one axis. Several questions may look along it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Columns: the moment; whether the row is of the population, where `with_pass`; then the `keys` of the line.
    pub rows: LogicalPlan,
    /// The same, and the table's key.
    pub rows_with_ties: LogicalPlan,
    pub with_pass: bool,
    pub keys: usize,
    /// The rows that answers are asked of: from, until.
    pub asked: (i64, i64),
    /// The rows that those see.
    pub seen: (i64, i64),
    pub questions: Vec<Repeats>,
}

/// A question of which the answers are known.
#[derive(Clone, Debug)]
pub struct Known {
    pub question: Repeats,
    pub answers: Arc<Answers>,
    pub ties: Arc<Ties>,
}

impl Known {
    /// As if there were no rows: for a plan that is shown and not executed.
    #[must_use]
    pub fn unread(scope: &Scope<'_>, question: Repeats) -> Self {
        let line = Arc::new(Timeline::of(Vec::new()));
        let answers = Arc::new(Answers::of(line, &mut limits(scope, &question), (0, 0)));
        Self { question, answers, ties: Arc::default() }
    }
}

/// How far a question sees.
#[must_use]
pub fn limits(scope: &Scope<'_>, question: &Repeats) -> Limits {
    Limits::new(question.direction, question.window, question.axis.ty == Type::Date, scope.model.zone)
}

/// The lines that a scan needs.
///
/// # Errors
/// When a stored table or column is missing.
pub fn lines(tables: &Tables<'_>, scan: &Scan) -> Result<Vec<Line>> {
    let scope = tables.scope(scan.table);
    let mut questions: Vec<Repeats> = Vec::new();
    for expr in scan.expressions().chain(scan.inner(tables.model)) {
        let ready = scope.ready(expr);
        for part in [Some(&ready.value), ready.judgeable.as_ref()].into_iter().flatten() {
            part.walk(&mut |node| {
                if let RowKind::Repeats(repeats) = &node.kind
                    && !questions.contains(repeats)
                {
                    questions.push(repeats.as_ref().clone());
                }
            });
        }
    }
    let everything = (i64::MIN, i64::MAX);
    let seen = scan.reach(tables.model);
    let asked = scan.axes.first().and_then(|axis| Some((*axis.bounds.first()?, *axis.bounds.last()?)));
    let asked = asked.filter(|_| seen.is_some()).unwrap_or(everything);
    let mut lines: Vec<Line> = Vec::new();
    for question in questions {
        let same = |line: &&mut Line| {
            line.questions.first().is_some_and(|known| {
                (&known.keys, &known.axis, &known.population) == (&question.keys, &question.axis, &question.population)
            })
        };
        match lines.iter_mut().find(same) {
            Some(line) => line.questions.push(question),
            None => lines.push(line(tables, scan, question, asked, seen.unwrap_or(everything))?),
        }
    }
    Ok(lines)
}

fn line(tables: &Tables<'_>, scan: &Scan, question: Repeats, asked: (i64, i64), seen: (i64, i64)) -> Result<Line> {
    let scope = tables.scope(scan.table);
    let ties = ties(&scope);
    let parts = [&question.axis].into_iter().chain(&question.population).chain(&question.keys);
    let plan = |parts: Vec<&RowExpr>| -> Result<LogicalPlan> {
        let columns = parts.iter().enumerate().map(|(i, part)| Ok(value(&scope, part)?.alias(format!("r{i}"))));
        let columns = columns.collect::<Result<Vec<Expr>>>()?;
        let rows = tables.rows_for(scan.table, parts)?;
        LogicalPlanBuilder::from(rows).project(columns)?.build()
    };
    let rows = plan(parts.clone().collect())?;
    let rows_with_ties = plan(parts.chain(&ties).collect())?;
    let (with_pass, keys) = (question.population.is_some(), question.keys.len());
    Ok(Line { rows, rows_with_ties, with_pass, keys, asked, seen, questions: vec![question] })
}

/// The columns that order rows of one moment: those of the table's key.
#[must_use]
pub fn ties(scope: &Scope<'_>) -> Vec<RowExpr> {
    let ties = scope.model.table(scope.table).ties();
    ties.into_iter().map(|column| reference(scope.model, scope.table, &ColumnRef::own(column))).collect()
}

/// The answer of a row.
pub(super) fn answer(scope: &Scope<'_>, question: &Repeats) -> Result<Expr> {
    let Some(number) = scope.repeats.iter().position(|known| known.question == *question) else {
        return plan_err!("{} before its rows were read", question.direction.word());
    };
    let known = &scope.repeats[number];
    let values = |list: &[RowExpr]| list.iter().map(|x| value(scope, x)).collect::<Result<Vec<Expr>>>();
    let pass = question.population.as_ref().map(|p| value(scope, p)).transpose()?;
    let (time, keys, ties) = (value(scope, &question.axis)?, values(&question.keys)?, values(&ties(scope))?);
    Ok(repeated(number + 1, (&known.answers, &known.ties), time, pass, keys, ties))
}

/// An expression in the physical form of its type.
fn value(scope: &Scope<'_>, expr: &RowExpr) -> Result<Expr> {
    scope.cast(&scope.ready(expr).value, &physical(expr.ty))
}
