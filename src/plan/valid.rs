//! Rows that are valid for a time: which of them a dated relation joins, and how the engine sees that there is one at most.
//! It knows tables and relations; no scan and no period.

use datafusion::common::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::expr::{Scope, named};
use super::functions::valid_bound::{ValidBound, valid_bound};
use super::needs::reference;
use super::table::{Tables, value_of};
use crate::model::{ColumnRef, Model, RowExpr, TableId, Type};

/// The begin and the end of the rows of a table; nothing where they are not valid for a time.
pub(super) fn ends(model: &Model, table: TableId) -> Option<[RowExpr; 2]> {
    let valid = model.table(table).valid?;
    Some([valid.from, valid.until].map(|column| reference(model, table, &ColumnRef::own(column))))
}

/// Begin and end in the form in which moments of a type compare with them: `begin <= moment < end`, never empty.
fn bounds(scope: &Scope<'_>, with: Type) -> Result<Option<[Expr; 2]>> {
    let (Some(valid), Some([from, until])) = (scope.model.table(scope.table).valid, ends(scope.model, scope.table))
    else {
        return Ok(None);
    };
    let bound = |expr: &RowExpr, inclusive: bool, missing: i64| {
        let (is_date, with_dates, zone) = (expr.ty == Type::Date, with == Type::Date, scope.model.zone);
        let bound = ValidBound { is_date, with_dates, inclusive, missing, zone };
        value_of(scope, expr).map(|value| valid_bound(bound, value))
    };
    Ok(Some([bound(&from, false, i64::MIN)?, bound(&until, valid.inclusive, i64::MAX)?]))
}

/// Adds begin and end to the columns of a relation's target (whose scope comes first), and gives the condition under
/// which a row of the other side falls between them. The work per row of that side is two comparisons.
pub(super) fn columns(
    target: &Scope<'_>,
    own: &Scope<'_>,
    hop: usize,
    at: &RowExpr,
    list: &mut Vec<Expr>,
) -> Result<Option<Expr>> {
    let Some([from, until]) = bounds(target, at.ty)? else { return Ok(None) };
    let (from_name, until_name) = (format!("f{hop}"), format!("u{hop}"));
    list.extend([from.alias(&from_name), until.alias(&until_name)]);
    let at = value_of(own, at)?;
    Ok(Some(at.clone().gt_eq(named(from_name)).and(at.lt(named(until_name)))))
}

impl Tables<'_> {
    /// The keys of a table with the time that each row is valid, as `k`, `from` and `until`, in that order: a row that
    /// begins before the one above it has ended is valid at the same moment. Days where both ends are days, otherwise µs
    /// UTC. None where the rows are not valid for a time.
    ///
    /// # Errors
    /// When a stored table or column is missing.
    pub fn validity(&self, table: TableId, column: usize) -> Result<Option<LogicalPlan>> {
        let key = reference(self.model, table, &ColumnRef::own(column));
        let scope = self.scope(table);
        let Some(ends) = ends(self.model, table) else { return Ok(None) };
        let Some([from, until]) = bounds(&scope, measure_of(self.model, table))? else { return Ok(None) };
        let rows = self.rows_for(table, ends.iter().chain([&key]))?;
        let plan = LogicalPlanBuilder::from(rows)
            .project(vec![value_of(&scope, &key)?.alias("k"), from.alias("from"), until.alias("until")])?
            .filter(named("k").is_not_null())?
            .sort(["k", "from", "until"].map(|name| named(name).sort(true, false)))?
            .build()?;
        Ok(Some(plan))
    }
}

/// In what the validities of a table compare with each other: in days where both ends are days, otherwise in moments.
#[must_use]
pub fn measure_of(model: &Model, table: TableId) -> Type {
    let days = ends(model, table).is_some_and(|ends| ends.iter().all(|end| end.ty == Type::Date));
    if days { Type::Date } else { Type::Moment }
}
