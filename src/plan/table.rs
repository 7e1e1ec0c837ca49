//! The rows of a table as a logical plan: stored, derived from another or united from others, with the columns of n:1
//! relations joined on.
//! It knows no scan and no period.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::{Column, Result, plan_datafusion_err, plan_err};
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, cast, when};

use super::expr::{Scope, column_name, named, physical};
use super::needs::{base_refs, by_relation, derived_refs, reference, relation_of};
use super::repeats::Known;
use super::{counted, derived, needs, united, valid};
use crate::model::table::Origin;
use crate::model::{ColumnKind, ColumnRef, Model, RowExpr, TableId};

/// The stored tables: each a plan whose columns have the logical names (only those that are needed may be there) and the
/// canonical types of [`super`].
pub type StoredPlans = BTreeMap<TableId, LogicalPlan>;

/// Makes plans of tables.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    pub model: &'a Model,
    pub stored: &'a StoredPlans,
    /// µs UTC, for what derived tables judge by it.
    pub peilmoment: i64,
    /// What rows have been found to see of each other.
    pub repeats: &'a [Known],
}

impl<'a> Tables<'a> {
    /// The expressions of a table's rows.
    #[must_use]
    pub fn scope(&self, table: TableId) -> Scope<'a> {
        Scope { model: self.model, table, peilmoment: self.peilmoment, repeats: self.repeats }
    }

    /// The rows with all columns that some expressions need.
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn rows_for<'e>(&self, table: TableId, exprs: impl IntoIterator<Item = &'e RowExpr>) -> Result<LogicalPlan> {
        let scope = self.scope(table);
        let mut refs = BTreeSet::new();
        exprs.into_iter().for_each(|expr| base_refs(&scope, expr, &mut refs));
        self.rows(table, &refs)
    }

    /// The rows of a table with these columns, named by [`column_name`]. Own columns are plain ones (any but computed); columns of relations may be of any kind, and are empty where the relation points at nothing.
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn rows(&self, table: TableId, refs: &BTreeSet<ColumnRef>) -> Result<LogicalPlan> {
        let own = needs::own_columns(&self.scope(table), refs);
        let mut plan = match &self.model.table(table).origin {
            Origin::Stored => self.stored_rows(table, &own)?,
            Origin::Derived { base, filter } => {
                let scope = self.scope(*base);
                let rows = self.rows(*base, &derived_refs(&scope, table, filter.as_ref(), &own))?;
                derived::grouped(&scope, table, filter.as_ref(), &own, rows)?
            }
            Origin::United { parts } => united::rows(self, table, parts, &own)?,
            Origin::Groups { .. } => return plan_err!("the rows of groups outside their scan"),
        };
        plan = counted::beside(self, plan, table, &own)?;
        for (hop, wanted) in by_relation(refs) {
            plan = self.joined(plan, table, hop, wanted)?;
        }
        Ok(plan)
    }

    fn stored_rows(&self, table: TableId, columns: &BTreeSet<usize>) -> Result<LogicalPlan> {
        let this = self.model.table(table);
        let Some(plan) = self.stored.get(&table) else {
            return plan_err!("no plan for table {}", this.full_name());
        };
        let mut list = Vec::new();
        for &index in columns {
            if this.columns.get(index).is_some_and(|column| matches!(column.kind, ColumnKind::Counted(_))) {
                continue;
            }
            let column =
                this.columns.get(index).ok_or_else(|| plan_datafusion_err!("no column {index} in {}", this.name))?;
            let found = plan.schema().iter().find(|(_, field)| *field.name() == column.name);
            let Some((qualifier, field)) = found else {
                return plan_err!("the plan of table {} has no column {}", this.full_name(), column.name);
            };
            let expr = Expr::Column(Column::new(qualifier.cloned(), field.name()));
            let ty = physical(column.ty);
            let expr = if *field.data_type() == ty { expr } else { cast(expr, ty) };
            list.push(expr.alias(column_name(&ColumnRef::own(index))));
        }
        if list.is_empty() {
            return Ok(plan.clone());
        }
        LogicalPlanBuilder::from(plan.clone()).project(list)?.build()
    }

    /// Adds the columns of one relation. The target is the build side of the join (it is the small one), so the rows
    /// keep streaming: `target RIGHT JOIN rows`, which keeps every row. Where the target's rows are valid for a time, only
    /// the one that is valid at the row's moment joins; the engine has seen to it that there is at most one.
    fn joined(
        &self,
        rows: LogicalPlan,
        table: TableId,
        hop: usize,
        wanted: BTreeSet<ColumnRef>,
    ) -> Result<LogicalPlan> {
        let Some(relation) = relation_of(self.model, table, hop) else {
            return plan_err!("column {hop} of {} is no relation", self.model.table(table).full_name());
        };
        let target = relation.table;
        let scope = self.scope(target);
        let key = reference(self.model, target, &ColumnRef::own(relation.column));
        let columns: Vec<RowExpr> = wanted.iter().map(|column| reference(self.model, target, column)).collect();
        let valid = valid::ends(self.model, target);
        let inner = self.rows_for(target, columns.iter().chain([&key]).chain(valid.iter().flatten()))?;
        let key_name = format!("k{hop}");
        let mut list = vec![value_of(&scope, &key)?.alias(&key_name)];
        let own_scope = self.scope(table);
        let at = relation.at.map(|at| reference(self.model, table, &ColumnRef::own(at)));
        let filter = match &at {
            None => None,
            Some(at) => valid::columns(&scope, &own_scope, hop, at, &mut list)?,
        };
        for (mut column, expr) in wanted.into_iter().zip(&columns) {
            column.via.insert(0, hop);
            list.push(value_of(&scope, expr)?.alias(column_name(&column)));
        }
        let inner = LogicalPlanBuilder::from(inner).project(list)?.build()?;
        let own = value_of(&own_scope, &reference(self.model, table, &ColumnRef::own(hop)))?;
        LogicalPlanBuilder::from(inner)
            .join_with_expr_keys(rows, JoinType::Right, (vec![named(key_name)], vec![own]), filter)?
            .build()
    }

    /// The least and the greatest value of a column of days or moments: one row of two Int64 columns.
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn extent(&self, table: TableId, column: &ColumnRef) -> Result<LogicalPlan> {
        let column = reference(self.model, table, column);
        let rows = self.rows_for(table, [&column])?;
        let value = value_of(&self.scope(table), &column)?;
        let ends = vec![min(value.clone()).alias("oldest"), max(value).alias("newest")];
        LogicalPlanBuilder::from(rows).aggregate(Vec::<Expr>::new(), ends)?.build()
    }

    /// A plan with one row (`k`) when a relation's target has a key value more than once: the least such value,
    /// otherwise empty. None where that cannot be.
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn duplicate_key(&self, table: TableId, column: usize) -> Result<Option<LogicalPlan>> {
        let this = self.model.table(table);
        if matches!(this.origin, Origin::Derived { .. }) && this.key == [column] {
            return Ok(None);
        }
        let key = reference(self.model, table, &ColumnRef::own(column));
        let rows = self.rows_for(table, [&key])?;
        let plan = LogicalPlanBuilder::from(rows)
            .project(vec![value_of(&self.scope(table), &key)?.alias("k")])?
            .filter(named("k").is_not_null())?
            .aggregate(vec![named("k")], vec![count(super::expr::int_literal(1)).alias("n")])?
            .filter(named("n").gt(super::expr::int_literal(1)))?
            .aggregate(Vec::<Expr>::new(), vec![min(named("k")).alias("k")])?
            .build()?;
        Ok(Some(plan))
    }
}

/// An expression over a table's rows; empty where it cannot be judged.
pub(super) fn value_of(scope: &Scope<'_>, expr: &RowExpr) -> Result<Expr> {
    let ready = scope.ready(expr);
    let value = scope.expr(&ready.value)?;
    match &ready.judgeable {
        None => Ok(value),
        Some(judgeable) => when(scope.expr(judgeable)?, value).end(),
    }
}
