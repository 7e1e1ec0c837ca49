//! A derived table: one row per key of the base's rows, with aggregates over them.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::functions::core::expr_fn::{coalesce, get_field};
use datafusion::functions_aggregate::expr_fn::{count, count_distinct, max, min};
use datafusion::functions_nested::expr_fn::array_element;
use datafusion::logical_expr::{Expr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, Operator, binary_expr, cast};

use super::expr::{Scope, all_of, bool_literal, column_name, float_literal, int_literal, physical, plain_zero};
use super::functions::{Operation, calculate, float_sum, int_sum, latest, percentiles};
use super::names::Names;
use super::needs::reference;
use crate::model::{AggFunc, Aggregate, ColumnKind, ColumnRef, EmptyRule, RowExpr, TableId};

/// Groups `rows` of the base (whose scope this is) by the key columns of `derived`, and calculates `columns` (keys and
/// aggregates, by index) from them.
pub(super) fn grouped(
    scope: &Scope<'_>,
    derived: TableId,
    filter: Option<&RowExpr>,
    columns: &BTreeSet<usize>,
    rows: LogicalPlan,
) -> Result<LogicalPlan> {
    let mut group = Group { scope, inputs: Names::new("x"), aggregates: Names::new("a") };
    let (mut keys, mut outputs, mut passes) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(filter) = filter {
        passes.extend(group.conditions(filter)?);
    }
    for (index, column) in scope.model.table(derived).columns.iter().enumerate() {
        let name = column_name(&ColumnRef::own(index));
        match &column.kind {
            ColumnKind::Key(key) => {
                let expr = reference(scope.model, scope.table, &ColumnRef::own(*key));
                passes.push(scope.expr(&scope.ready(&expr).value)?.is_not_null());
                let input = group.input(&expr)?;
                if columns.contains(&index) {
                    outputs.push(input.clone().alias(name));
                }
                keys.push(input);
            }
            ColumnKind::Aggregated(aggregate) if columns.contains(&index) => {
                outputs.push(group.aggregate(aggregate)?.alias(name));
            }
            _ => {}
        }
    }
    let Some(passes) = all_of(passes) else {
        return plan_err!("the derived table {} has no key", scope.model.table(derived).full_name());
    };
    let plan = LogicalPlanBuilder::from(rows).filter(passes)?.project(group.inputs.exprs())?;
    let plan = plan.aggregate(keys.clone(), group.aggregates.exprs())?;
    plan.project(if outputs.is_empty() { keys } else { outputs })?.build()
}

/// Aggregates over the rows of a group, as columns of a table: in the canonical types.
pub(super) struct Group<'a, 'm> {
    pub(super) scope: &'a Scope<'m>,
    /// What is calculated per row, each once.
    pub(super) inputs: Names,
    /// What is aggregated, each once.
    pub(super) aggregates: Names,
}

impl Group<'_, '_> {
    /// An expression as a column of the projection under the aggregate.
    fn input(&mut self, expr: &RowExpr) -> Result<Expr> {
        let ready = self.scope.ready(expr);
        Ok(self.inputs.column(self.scope.expr(&ready.value)?))
    }

    /// What a row must satisfy to pass a filter.
    fn conditions(&self, filter: &RowExpr) -> Result<Vec<Expr>> {
        let ready = self.scope.ready(filter);
        [Some(ready.value), ready.judgeable].iter().flatten().map(|part| self.scope.expr(part)).collect()
    }

    /// An aggregate with its filter, as a column of the aggregate's output.
    fn over(&mut self, aggregate: Expr, filter: Option<&Expr>) -> Result<Expr> {
        let aggregate = match filter {
            None => aggregate,
            Some(filter) => aggregate.filter(filter.clone()).build()?,
        };
        Ok(self.aggregates.column(aggregate))
    }

    /// The value of an aggregated column over the columns of the aggregate.
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate) -> Result<Expr> {
        let mut conditions = Vec::new();
        if let Some(filter) = &aggregate.filter {
            conditions.extend(self.conditions(filter)?);
        }
        if let Some(judgeable) = aggregate.arg.as_ref().and_then(|arg| self.scope.ready(arg).judgeable) {
            conditions.push(self.scope.expr(&judgeable)?);
        }
        let filter = all_of(conditions.clone()).map(|filter| self.inputs.column(filter));
        let filter = filter.as_ref();
        let Some(arg) = &aggregate.arg else {
            return self.over(count(int_literal(1)), filter);
        };
        let ty = physical(arg.ty);
        let whole = physical(aggregate.ty) == DataType::Int64;
        let x = self.input(arg)?;
        Ok(match aggregate.func {
            AggFunc::Count => self.over(count(int_literal(1)), filter)?,
            AggFunc::CountDistinct => {
                let x = if ty == DataType::Float64 { self.inputs.column(plain_zero(self.ready(arg)?)) } else { x };
                self.over(count_distinct(x), filter)?
            }
            AggFunc::Sum if ty == DataType::Int64 => {
                let sum = self.over(int_sum(x), filter)?;
                coalesce(vec![calculate(Operation::SumToInt, vec![sum]), int_literal(0)])
            }
            AggFunc::Sum => coalesce(vec![self.over(float_sum(x), filter)?, float_literal(0.0)]),
            AggFunc::Mean if ty == DataType::Int64 => {
                let n = self.over(count(x.clone()), filter)?;
                let sum = self.over(int_sum(x), filter)?;
                calculate(if whole { Operation::MeanInt } else { Operation::MeanFloat }, vec![sum, n])
            }
            AggFunc::Mean => {
                let n = cast(self.over(count(x.clone()), filter)?, DataType::Float64);
                calculate(Operation::Divide, vec![self.over(float_sum(x), filter)?, n])
            }
            AggFunc::Median => self.percentile(x, 50.0, whole, filter)?,
            AggFunc::Percentile(p) => self.percentile(x, p, whole, filter)?,
            AggFunc::Min => self.over(min(x), filter)?,
            AggFunc::Max => self.over(max(x), filter)?,
            AggFunc::Percentage => self.percentage(aggregate, arg, conditions)?,
            AggFunc::Last => self.last(aggregate, x, filter)?,
            AggFunc::TopShare(_) => return plan_err!("a share of the top of one group"),
            AggFunc::Stock => return plan_err!("a stock in a derived table"),
        })
    }

    fn ready(&self, arg: &RowExpr) -> Result<Expr> {
        self.scope.expr(&self.scope.ready(arg).value)
    }

    fn percentile(&mut self, x: Expr, p: f64, whole: bool, filter: Option<&Expr>) -> Result<Expr> {
        let found = array_element(self.over(percentiles(x, &[p]), filter)?, int_literal(1));
        Ok(if whole { calculate(Operation::RoundToInt, vec![found]) } else { found })
    }

    fn percentage(&mut self, aggregate: &Aggregate, arg: &RowExpr, mut conditions: Vec<Expr>) -> Result<Expr> {
        let condition = self.ready(arg)?;
        let condition = match aggregate.empty {
            Some(EmptyRule::No) => coalesce(vec![condition, bool_literal(false)]),
            Some(EmptyRule::Yes) => coalesce(vec![condition, bool_literal(true)]),
            Some(EmptyRule::Skip) | None => condition,
        };
        let filter = all_of(conditions.clone()).map(|filter| self.inputs.column(filter));
        let x = self.inputs.column(condition.clone());
        let of = self.over(count(x.clone()), filter.as_ref())?;
        conditions.push(condition);
        let yes = all_of(conditions).map(|yes| self.inputs.column(yes));
        let yes = self.over(count(x), yes.as_ref())?;
        let hundredfold = binary_expr(float_literal(100.0), Operator::Multiply, cast(yes, DataType::Float64));
        Ok(calculate(Operation::Divide, vec![hundredfold, cast(of, DataType::Float64)]))
    }

    fn last(&mut self, aggregate: &Aggregate, value: Expr, filter: Option<&Expr>) -> Result<Expr> {
        let (model, base) = (self.scope.model, self.scope.table);
        let Some(on) = &aggregate.on else {
            return plan_err!("laatste without a time axis");
        };
        let order = self.input(&reference(model, base, on))?;
        let ties = model.table(base).ties().into_iter();
        let ties: Result<Vec<Expr>> =
            ties.map(|key| self.input(&reference(model, base, &ColumnRef::own(key)))).collect();
        let ties = ties?;
        let field = super::functions::latest::field_name(ties.len() + 1);
        let found = self.over(latest(order, ties, value), filter)?;
        Ok(get_field(found, field))
    }
}
