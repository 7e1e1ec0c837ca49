//! Whether rows are what was declared, as plans: one pass that counts all breaches of a table, one that gives the rows
//! that break any rule, how many rows there are of each day, and keys that occur more than once.

use datafusion::common::Result;
use datafusion::functions_aggregate::expr_fn::{count, max, min, sum};
use datafusion::logical_expr::{Expr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, SortExpr};

use super::expr::{bool_literal, int_literal, named};
use super::functions::{Part, local_part};
use super::needs::reference;
use super::table::{Tables, value_of};
use crate::measure::audit::Expectation;
use crate::model::{ColumnRef, RowExpr, TableId, Type};

/// Rows that are shown of one breach.
pub const EXAMPLES: usize = 3;

impl Tables<'_> {
    /// One row of Int64 columns: `rows`, then the breaches of each expectation, then the least and the greatest value of
    /// the meetmoment where the table has one.
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn breaches(&self, table: TableId, expectations: &[Expectation]) -> Result<LogicalPlan> {
        let scope = self.scope(table);
        let axis = self.model.table(table).axis.map(|axis| reference(self.model, table, &ColumnRef::own(axis)));
        let conditions = expectations.iter().map(|e| &e.condition);
        let rows = self.rows_for(table, conditions.clone().chain(&axis))?;
        let mut list = vec![count(int_literal(1)).alias("rows")];
        for (index, condition) in conditions.enumerate() {
            let broken = value_of(&scope, condition)?.eq(bool_literal(true));
            list.push(count(int_literal(1)).filter(broken).build()?.alias(format!("b{index}")));
        }
        if let Some(axis) = &axis {
            let value = value_of(&scope, axis)?;
            list.extend([min(value.clone()).alias("oldest"), max(value).alias("newest")]);
        }
        LogicalPlanBuilder::from(rows).aggregate(Vec::<Expr>::new(), list)?.build()
    }

    /// The rows that meet any of `conditions`: what is `shown` of them as `c0` …, and which they meet as `b0` ….
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn offenders(&self, table: TableId, conditions: &[&RowExpr], shown: &[RowExpr]) -> Result<LogicalPlan> {
        let scope = self.scope(table);
        let rows = self.rows_for(table, shown.iter().chain(conditions.iter().copied()))?;
        let mut list = Vec::new();
        for (index, expr) in shown.iter().enumerate() {
            list.push(value_of(&scope, expr)?.alias(format!("c{index}")));
        }
        let mut any = bool_literal(false);
        for (index, condition) in conditions.iter().enumerate() {
            let broken = value_of(&scope, condition)?.eq(bool_literal(true)).is_true();
            any = any.or(broken.clone());
            list.push(broken.alias(format!("b{index}")));
        }
        LogicalPlanBuilder::from(rows).filter(any)?.project(list)?.build()
    }

    /// How many rows there are of each local day of the meetmoment: `day` and `n`, in order. None where the table has
    /// no meetmoment.
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn rows_by_day(&self, table: TableId) -> Result<Option<LogicalPlan>> {
        let Some(axis) = self.model.table(table).axis else { return Ok(None) };
        let axis = reference(self.model, table, &ColumnRef::own(axis));
        let zone = (axis.ty == Type::Moment).then_some(self.model.zone);
        let rows = self.rows_for(table, [&axis])?;
        let value = value_of(&self.scope(table), &axis)?;
        let plan = LogicalPlanBuilder::from(rows)
            .filter(value.clone().is_not_null())?
            .project(vec![local_part(Part::Day, zone, value).alias("day")])?
            .aggregate(vec![named("day")], vec![count(int_literal(1)).alias("n")])?
            .sort(vec![named("day").sort(true, true)])?;
        plan.build().map(Some)
    }

    /// The first few keys that more than one row has, in order, each with its number of rows (the last column, `n`).
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn repeated_keys(&self, table: TableId) -> Result<LogicalPlan> {
        let (plan, order) = self.key_counts(table)?;
        plan.sort(order)?.limit(0, Some(EXAMPLES))?.build()
    }

    /// One row: how many keys more than one row has (`keys`), and how many rows those are (`rows`).
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn repeated_key_count(&self, table: TableId) -> Result<LogicalPlan> {
        let (plan, _) = self.key_counts(table)?;
        let list = vec![count(int_literal(1)).alias("keys"), sum(named("n")).alias("rows")];
        plan.aggregate(Vec::<Expr>::new(), list)?.build()
    }

    fn key_counts(&self, table: TableId) -> Result<(LogicalPlanBuilder, Vec<SortExpr>)> {
        let scope = self.scope(table);
        let key: Vec<RowExpr> = self
            .model
            .table(table)
            .row_key()
            .iter()
            .map(|&k| reference(self.model, table, &ColumnRef::own(k)))
            .collect();
        let rows = self.rows_for(table, &key)?;
        let mut list = Vec::new();
        for (index, expr) in key.iter().enumerate() {
            list.push(value_of(&scope, expr)?.alias(format!("c{index}")));
        }
        let names: Vec<Expr> = (0..key.len()).map(|i| named(format!("c{i}"))).collect();
        let order = names.iter().map(|name| name.clone().sort(true, true)).collect();
        let plan = LogicalPlanBuilder::from(rows)
            .project(list)?
            .aggregate(names, vec![count(int_literal(1)).alias("n")])?
            .filter(named("n").gt(int_literal(1)))?;
        Ok((plan, order))
    }
}

/// One row: how many of the local times in each column occur twice, and how many never, where `occurrences` holds how
/// often each does.
///
/// # Errors
/// When the plan lacks a column.
pub fn clock_changes(occurrences: LogicalPlan, columns: &[&str]) -> Result<LogicalPlan> {
    let mut list = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        for (name, times) in [("twice", 2), ("never", 0)] {
            let such = named(*column).eq(int_literal(times));
            list.push(count(int_literal(1)).filter(such).build()?.alias(format!("{name}{index}")));
        }
    }
    LogicalPlanBuilder::from(occurrences).aggregate(Vec::<Expr>::new(), list)?.build()
}
