//! What a declaration says of the rows of its table, each as a condition that no row should meet: what may not be empty
//! is, a value is on no list, an `eis` does not hold, a relation points at nothing, a moment cannot be right. Whether
//! they do, the data tell (`meetlat check --data`).

use std::collections::BTreeSet;
use std::ops::Range;

use super::lower::{and, filled, lower};
use crate::calendar::day_number;
use crate::model::expr::Comparison;
use crate::model::{Column, ColumnKind, ColumnRef, Model, RowExpr, RowKind, TableId, Type, Value};
use crate::source::Span;

/// Something that no row should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    pub kind: Breach,
    /// True of a row that breaks it.
    pub condition: RowExpr,
    /// What to show of such a row: a column of its own.
    pub column: Option<usize>,
    /// Where it was declared.
    pub span: Span,
}

/// How a row breaks what was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// Empty in a column that is never empty.
    Empty,
    /// A value that is not in `in (…)`.
    Unlisted,
    /// Index of the `eis` that does not hold.
    Requirement(usize),
    /// The relation of a column finds no row.
    Orphan,
    /// A day or moment up to 1 January 1900, or from 2100 on: what systems fill in when they do not know.
    Doubtful,
}

/// All expectations of a stored table, in the order of its declaration. `connected` says which tables have data.
#[must_use]
pub fn expectations(model: &Model, table: TableId, connected: &dyn Fn(TableId) -> bool) -> Vec<Expectation> {
    let this = model.table(table);
    let mut found = Vec::new();
    for (index, column) in this.columns.iter().enumerate() {
        if matches!(column.kind, ColumnKind::Stored { .. }) {
            of_column(model, index, column, connected, &mut found);
        }
    }
    for (index, requirement) in this.requirements.iter().enumerate() {
        let reached = touched(model, table, &requirement.condition);
        if reached.iter().all(|(at, _)| *at == table || connected(*at)) {
            let holds = lower(&requirement.condition, model.zone, 0).value;
            let condition = logical(RowKind::Not(Box::new(holds)), requirement.span);
            found.push(Expectation {
                kind: Breach::Requirement(index),
                condition,
                column: None,
                span: requirement.span,
            });
        }
    }
    found
}

fn of_column(
    model: &Model,
    index: usize,
    column: &Column,
    connected: &dyn Fn(TableId) -> bool,
    found: &mut Vec<Expectation>,
) {
    let span = column.span;
    let own = || RowExpr { kind: RowKind::Column(ColumnRef::own(index)), ty: column.ty, span };
    let mut add = |kind: Breach, condition: RowExpr| {
        found.push(Expectation { kind, condition, column: Some(index), span });
    };
    if !column.nullable {
        add(Breach::Empty, filled(own(), false));
    }
    if let Some(values) = &column.values {
        let listed = logical(RowKind::In(Box::new(own()), values.clone()), span);
        add(Breach::Unlisted, logical(RowKind::Not(Box::new(listed)), span));
    }
    if let Some(relation) = column.relation.filter(|r| connected(r.table)) {
        let target = model.table(relation.table);
        let reached = ColumnRef { via: vec![index], column: relation.column };
        if let Some(key) = target.columns.get(relation.column) {
            let reached = RowExpr { kind: RowKind::Column(reached), ty: key.ty, span };
            let orphan = and([filled(own(), true), filled(reached, false)]);
            if let Some(condition) = orphan {
                add(Breach::Orphan, condition);
            }
        }
    }
    if let Some((low, high)) = plausible(model, column.ty) {
        let bound = |op, at: i64| {
            let constant = RowExpr { kind: RowKind::Constant(Value::Int(at)), ty: column.ty, span };
            logical(RowKind::Compare(op, Box::new(own()), Box::new(constant)), span)
        };
        let outside = vec![bound(Comparison::Less, low), bound(Comparison::GreaterEqual, high)];
        add(Breach::Doubtful, logical(RowKind::Or(outside), span));
    }
}

/// The days that can be right.
#[must_use]
pub fn plausible_days() -> Option<Range<i64>> {
    let (low, high) = ends()?;
    Some(day_number(low).into()..day_number(high).into())
}

fn ends() -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let first = |year: i32| chrono::NaiveDate::from_ymd_opt(year, 1, 1);
    Some((first(1900)?.succ_opt()?, first(2100)?))
}

/// From when and until when a day (or moment) can be right.
fn plausible(model: &Model, ty: Type) -> Option<(i64, i64)> {
    let (low, high) = ends()?;
    match ty {
        Type::Date => Some((day_number(low).into(), day_number(high).into())),
        Type::Moment => Some((model.zone.midnight(low), model.zone.midnight(high))),
        _ => None,
    }
}

/// The stored columns that a condition over the rows of a table stands on, also through computed ones.
#[must_use]
pub fn touched(model: &Model, table: TableId, condition: &RowExpr) -> BTreeSet<(TableId, usize)> {
    let mut found = BTreeSet::new();
    condition.walk(&mut |part| {
        let RowKind::Column(reference) = &part.kind else { return };
        for end in 0..reference.via.len() {
            found.insert((model.target(table, &reference.via[..end]), reference.via[end]));
        }
        let at = model.target(table, &reference.via);
        match &model.column(table, reference).kind {
            ColumnKind::Computed(inner) => found.extend(touched(model, at, inner)),
            _ => {
                found.insert((at, reference.column));
            }
        }
    });
    found
}

fn logical(kind: RowKind, span: Span) -> RowExpr {
    RowExpr { kind, ty: Type::Bool, span }
}
