//! Calendars: which days are working days and when there is someone. The rules themselves are `crate::calendar`'s.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::expr::RowFunction;
use super::table::{Origin, TableId};
use super::{Aggregate, ColumnKind, Formula, FormulaKind, Kpi, Model, RowExpr, RowKind};
use crate::calendar::WorkCalendar;
use crate::source::Span;

/// Index in [`super::Model::calendars`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarId(pub usize);

#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    pub name: String,
    pub title: Option<String>,
    pub rules: WorkCalendar,
    /// Why a closed day is closed, where that is said.
    pub reasons: Vec<(NaiveDate, String)>,
    /// More was stated than could be understood, which is reported: whatever uses it is silent.
    pub incomplete: bool,
    /// The declared name; none for the built-in calendar.
    pub span: Option<Span>,
}

impl Calendar {
    /// The calendar of a project that declares none: Monday to Friday, the holidays of the Algemene termijnenwet.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            name: "standaard".to_owned(),
            title: None,
            rules: WorkCalendar::default(),
            reasons: Vec::new(),
            incomplete: false,
            span: None,
        }
    }
}

/// What a KPI counts by calendars, each once: in its calculation, populations and dimensions, and in the columns that these
/// use. Not in the other KPIs that it refers to.
#[must_use]
pub fn counted_by(model: &Model, kpi: &Kpi) -> Vec<RowFunction> {
    let mut found = Found { model, functions: Vec::new(), columns: BTreeSet::new() };
    if let super::Calculation::Formula(formula) = &kpi.calculation {
        formula.walk(&mut |part: &Formula| {
            if let FormulaKind::Aggregate(a) = &part.kind
                && let Some(used) = kpi.sources.get(a.source)
            {
                found.aggregate(used.table, a);
            }
        });
    }
    if let Some(a) = &kpi.method.observations
        && let Some(used) = kpi.sources.get(a.source)
    {
        found.aggregate(used.table, a);
    }
    for (index, used) in kpi.sources.iter().enumerate() {
        let dimensions = kpi.dimensions.iter().filter_map(|d| d.exprs.get(index)?.as_ref());
        used.filter.iter().chain(&used.weight).chain(dimensions).for_each(|expr| found.expr(used.table, expr));
    }
    found.functions
}

struct Found<'a> {
    model: &'a Model,
    functions: Vec<RowFunction>,
    columns: BTreeSet<(TableId, usize)>,
}

impl Found<'_> {
    /// An aggregate over a source: what it sums up, and where it has two levels the groups and their keys.
    fn aggregate(&mut self, source: TableId, a: &Aggregate) {
        let table = a.table(source);
        a.arg.iter().chain(&a.filter).for_each(|expr| self.expr(table, expr));
        if let Some(groups) = &a.per {
            groups.keys.iter().chain(&groups.rows).for_each(|expr| self.expr(source, expr));
        }
    }

    fn expr(&mut self, table: TableId, expr: &RowExpr) {
        let model = self.model;
        let mut columns = Vec::new();
        expr.walk(&mut |part| match &part.kind {
            RowKind::Function(function, _) if function.calendar().is_some() && !self.functions.contains(function) => {
                self.functions.push(*function);
            }
            RowKind::Column(reference) => columns.push((model.target(table, &reference.via), reference.column)),
            _ => {}
        });
        for (table, column) in columns {
            self.column(table, column);
        }
    }

    fn column(&mut self, id: TableId, index: usize) {
        if !self.columns.insert((id, index)) {
            return;
        }
        let model = self.model;
        let Some(column) = model.table(id).columns.get(index) else { return };
        match (&column.kind, &model.table(id).origin) {
            (ColumnKind::Computed(expr), _) => self.expr(id, expr),
            (ColumnKind::Key(of), Origin::Derived { base, .. }) => self.column(*base, *of),
            (ColumnKind::Aggregated(a), Origin::Derived { base, filter }) => {
                a.arg.iter().chain(&a.filter).chain(filter).for_each(|expr| self.expr(*base, expr));
            }
            (ColumnKind::Aggregated(a), Origin::Groups { base }) => self.aggregate(*base, a),
            (ColumnKind::United(list), Origin::United { parts }) => {
                list.iter().zip(parts).for_each(|(expr, &part)| self.expr(part, expr));
            }
            (ColumnKind::Counted(count), _) => {
                self.column(count.table, count.via);
                count.filter.iter().for_each(|expr| self.expr(count.table, expr));
            }
            _ => {}
        }
    }
}
