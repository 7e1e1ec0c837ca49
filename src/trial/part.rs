//! The parts of a definition that can be looked at and changed: every row expression that a KPI's figures come from, its
//! own and those of the computed columns and derived tables that it uses. One list for coverage and mutation, always in
//! the same order.

use std::collections::BTreeSet;

use crate::model::table::Origin;
use crate::model::{Aggregate, ColumnKind, Formula, FormulaKind, Kpi, KpiId, Model, RowExpr, RowKind, TableId};

/// Where a row expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Root {
    /// What the nth aggregate of the calculation is about.
    Argument(usize),
    /// Its `waarbij`.
    Filter(usize),
    /// Of a calculation in two levels: the part of its `waarbij` that chooses rows.
    Rows(usize),
    /// The `waarbij` of a source use.
    Source(usize),
    /// A dimension, in a source use.
    Dimension(usize, usize),
    /// A value of the norm that comes from the rows.
    Norm(usize),
    /// A computed column.
    Column(TableId, usize),
    /// What an aggregated column of a derived table is about.
    ColumnArgument(TableId, usize),
    /// Its `waarbij`.
    ColumnFilter(TableId, usize),
    /// The `waarbij` of a derived table.
    Table(TableId),
    /// A column of a united table, in the nth part.
    Part(TableId, usize, usize),
    /// The `waarbij` of a column that counts rows that point here.
    Count(TableId, usize),
}

impl Root {
    /// A condition that chooses rows.
    pub(super) fn is_filter(self) -> bool {
        matches!(
            self,
            Self::Filter(_)
                | Self::Rows(_)
                | Self::Source(_)
                | Self::ColumnFilter(..)
                | Self::Table(_)
                | Self::Count(..)
        )
    }

    /// The table that a change of it changes.
    pub(super) fn table(self) -> Option<TableId> {
        match self {
            Self::Column(table, _)
            | Self::ColumnArgument(table, _)
            | Self::ColumnFilter(table, _)
            | Self::Part(table, ..)
            | Self::Count(table, _)
            | Self::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// All row expressions behind a KPI, each with the table whose rows it speaks of.
pub(super) fn roots(model: &Model, kpi: &Kpi) -> Vec<(Root, TableId)> {
    let mut found = Found { model, list: Vec::new(), tables: BTreeSet::new(), columns: BTreeSet::new() };
    for (index, aggregate) in kpi.aggregates().into_iter().enumerate() {
        if let Some(used) = kpi.sources.get(aggregate.source) {
            let table = aggregate.table(used.table);
            found.add(Root::Argument(index), table, aggregate.arg.as_ref());
            found.add(Root::Filter(index), table, aggregate.filter.as_ref());
            let rows = aggregate.per.as_ref().and_then(|groups| groups.rows.as_ref());
            found.add(Root::Rows(index), used.table, rows);
        }
    }
    for (index, used) in kpi.sources.iter().enumerate() {
        found.add(Root::Source(index), used.table, used.filter.as_ref());
        for (number, dimension) in kpi.dimensions.iter().enumerate() {
            found.add(Root::Dimension(number, index), used.table, dimension.exprs.get(index).and_then(Option::as_ref));
        }
    }
    for (index, limit) in kpi.norms.data.iter().enumerate() {
        if let Some(used) = kpi.sources.get(limit.source) {
            found.add(Root::Norm(index), used.table, Some(&limit.expr));
        }
    }
    for used in &kpi.sources {
        found.table(used.table);
    }
    found.list
}

struct Found<'m> {
    model: &'m Model,
    list: Vec<(Root, TableId)>,
    tables: BTreeSet<TableId>,
    columns: BTreeSet<(TableId, usize)>,
}

impl Found<'_> {
    fn add(&mut self, root: Root, table: TableId, expr: Option<&RowExpr>) {
        let Some(expr) = expr else { return };
        self.list.push((root, table));
        let mut used = BTreeSet::new();
        expr.walk(&mut |part| {
            if let RowKind::Column(reference) = &part.kind {
                used.insert((self.model.target(table, &reference.via), reference.column));
            }
        });
        for (table, column) in used {
            self.column(table, column);
        }
    }

    /// The rows of a derived table come about by its own `waarbij`, those of a united one by their parts.
    fn table(&mut self, id: TableId) {
        if !self.tables.insert(id) {
            return;
        }
        match &self.model.table(id).origin {
            Origin::Derived { base, filter } => {
                self.add(Root::Table(id), *base, filter.as_ref());
                self.table(*base);
            }
            Origin::United { parts } => parts.iter().for_each(|&part| self.table(part)),
            Origin::Stored | Origin::Groups { .. } => {}
        }
    }

    fn column(&mut self, id: TableId, index: usize) {
        if !self.columns.insert((id, index)) {
            return;
        }
        self.table(id);
        let table = self.model.table(id);
        match table.columns.get(index).map(|c| &c.kind) {
            Some(ColumnKind::Computed(expr)) => self.add(Root::Column(id, index), id, Some(expr)),
            Some(ColumnKind::Aggregated(aggregate)) => {
                if let Origin::Derived { base, .. } | Origin::Groups { base } = table.origin {
                    self.add(Root::ColumnArgument(id, index), base, aggregate.arg.as_ref());
                    self.add(Root::ColumnFilter(id, index), base, aggregate.filter.as_ref());
                }
            }
            Some(ColumnKind::United(list)) => {
                if let Origin::United { parts } = &table.origin {
                    for (number, (expr, &part)) in list.iter().zip(parts).enumerate() {
                        self.add(Root::Part(id, index, number), part, Some(expr));
                    }
                }
            }
            Some(ColumnKind::Counted(count)) => {
                self.table(count.table);
                self.column(count.table, count.via);
                self.add(Root::Count(id, index), count.table, count.filter.as_ref());
            }
            _ => {}
        }
    }
}

/// The expression at a root.
pub(super) fn get(model: &Model, kpi: KpiId, root: Root) -> Option<&RowExpr> {
    let kpi = model.kpi(kpi);
    let column = |table: TableId, index: usize| model.table(table).columns.get(index).map(|c| &c.kind);
    let aggregated = |table, index| match column(table, index) {
        Some(ColumnKind::Aggregated(aggregate)) => Some(aggregate),
        _ => None,
    };
    match root {
        Root::Argument(n) => kpi.aggregates().get(n)?.arg.as_ref(),
        Root::Filter(n) => kpi.aggregates().get(n)?.filter.as_ref(),
        Root::Rows(n) => kpi.aggregates().get(n)?.per.as_ref()?.rows.as_ref(),
        Root::Source(n) => kpi.sources.get(n)?.filter.as_ref(),
        Root::Dimension(n, source) => kpi.dimensions.get(n)?.exprs.get(source)?.as_ref(),
        Root::Norm(n) => kpi.norms.data.get(n).map(|limit| &limit.expr),
        Root::Column(table, index) => match column(table, index) {
            Some(ColumnKind::Computed(expr)) => Some(expr),
            _ => None,
        },
        Root::ColumnArgument(table, index) => aggregated(table, index)?.arg.as_ref(),
        Root::ColumnFilter(table, index) => aggregated(table, index)?.filter.as_ref(),
        Root::Table(table) => match &model.table(table).origin {
            Origin::Derived { filter, .. } => filter.as_ref(),
            Origin::Stored | Origin::United { .. } | Origin::Groups { .. } => None,
        },
        Root::Part(table, index, number) => match column(table, index) {
            Some(ColumnKind::United(list)) => list.get(number),
            _ => None,
        },
        Root::Count(table, index) => match column(table, index) {
            Some(ColumnKind::Counted(count)) => count.filter.as_ref(),
            _ => None,
        },
    }
}

/// The place that holds an optional expression: those of a `waarbij`.
pub(super) fn filter_mut(model: &mut Model, kpi: KpiId, root: Root) -> Option<&mut Option<RowExpr>> {
    match root {
        Root::Filter(n) => aggregate_mut(model, kpi, n).map(|a| &mut a.filter),
        Root::Rows(n) => aggregate_mut(model, kpi, n)?.per.as_mut().map(|groups| &mut groups.rows),
        Root::Source(n) => model.kpis.get_mut(kpi.0)?.sources.get_mut(n).map(|s| &mut s.filter),
        Root::ColumnFilter(table, index) => match &mut model.tables.get_mut(table.0)?.columns.get_mut(index)?.kind {
            ColumnKind::Aggregated(aggregate) => Some(&mut aggregate.filter),
            _ => None,
        },
        Root::Table(table) => match &mut model.tables.get_mut(table.0)?.origin {
            Origin::Derived { filter, .. } => Some(filter),
            Origin::Stored | Origin::United { .. } | Origin::Groups { .. } => None,
        },
        Root::Count(table, index) => match &mut model.tables.get_mut(table.0)?.columns.get_mut(index)?.kind {
            ColumnKind::Counted(count) => Some(&mut count.filter),
            _ => None,
        },
        _ => None,
    }
}

/// The expression at a root, to be changed.
pub(super) fn get_mut(model: &mut Model, kpi: KpiId, root: Root) -> Option<&mut RowExpr> {
    match root {
        Root::Argument(n) => aggregate_mut(model, kpi, n)?.arg.as_mut(),
        Root::Dimension(n, source) => model.kpis.get_mut(kpi.0)?.dimensions.get_mut(n)?.exprs.get_mut(source)?.as_mut(),
        Root::Norm(n) => model.kpis.get_mut(kpi.0)?.norms.data.get_mut(n).map(|limit| &mut limit.expr),
        Root::Column(table, index) => match &mut model.tables.get_mut(table.0)?.columns.get_mut(index)?.kind {
            ColumnKind::Computed(expr) => Some(expr),
            _ => None,
        },
        Root::ColumnArgument(table, index) => match &mut model.tables.get_mut(table.0)?.columns.get_mut(index)?.kind {
            ColumnKind::Aggregated(aggregate) => aggregate.arg.as_mut(),
            _ => None,
        },
        Root::Part(table, index, number) => match &mut model.tables.get_mut(table.0)?.columns.get_mut(index)?.kind {
            ColumnKind::United(list) => list.get_mut(number),
            _ => None,
        },
        Root::Filter(_)
        | Root::Rows(_)
        | Root::Source(_)
        | Root::ColumnFilter(..)
        | Root::Table(_)
        | Root::Count(..) => filter_mut(model, kpi, root)?.as_mut(),
    }
}

/// The nth aggregate of a calculation.
pub(super) fn aggregate_mut(model: &mut Model, kpi: KpiId, n: usize) -> Option<&mut Aggregate> {
    let formula = formula_mut(model, kpi)?;
    let mut left = n;
    nth_aggregate(formula, &mut left)
}

fn nth_aggregate<'f>(formula: &'f mut Formula, left: &mut usize) -> Option<&'f mut Aggregate> {
    if matches!(formula.kind, FormulaKind::Aggregate(_)) {
        if *left > 0 {
            *left -= 1;
            return None;
        }
        return match &mut formula.kind {
            FormulaKind::Aggregate(aggregate) => Some(aggregate),
            _ => None,
        };
    }
    formula.children_mut().into_iter().find_map(|child| nth_aggregate(child, left))
}

/// The calculation of a KPI, to be changed.
pub(super) fn formula_mut(model: &mut Model, kpi: KpiId) -> Option<&mut Formula> {
    match &mut model.kpis.get_mut(kpi.0)?.calculation {
        crate::model::Calculation::Formula(formula) => Some(formula),
        crate::model::Calculation::NotMeasurable { .. } => None,
    }
}

/// The part of an expression at a path of children.
pub(super) fn at_mut<'e>(expr: &'e mut RowExpr, path: &[usize]) -> Option<&'e mut RowExpr> {
    match path.split_first() {
        None => Some(expr),
        Some((first, rest)) => at_mut(expr.children_mut().into_iter().nth(*first)?, rest),
    }
}

/// The part of a formula at a path of children.
pub(super) fn formula_at_mut<'e>(formula: &'e mut Formula, path: &[usize]) -> Option<&'e mut Formula> {
    match path.split_first() {
        None => Some(formula),
        Some((first, rest)) => formula_at_mut(formula.children_mut().into_iter().nth(*first)?, rest),
    }
}

/// Lets rows see each other by the `waarbij` of the nth source use as it is now.
pub(super) fn see_source(model: &mut Model, kpi: KpiId, n: usize) {
    let Some(population) = model.kpis.get(kpi.0).and_then(|k| k.sources.get(n)).map(|used| used.filter.clone()) else {
        return;
    };
    let aggregates = model.kpi(kpi).aggregates().len();
    for index in 0..aggregates {
        let aggregate = aggregate_mut(model, kpi, index).filter(|a| a.source == n);
        let Some(aggregate) = aggregate else { continue };
        let rows = aggregate.per.as_mut().and_then(|groups| groups.rows.as_mut());
        aggregate.arg.iter_mut().chain(&mut aggregate.filter).chain(rows).for_each(|e| see(e, population.as_ref()));
    }
    if let Some(kpi) = model.kpis.get_mut(kpi.0) {
        let dimensions = kpi.dimensions.iter_mut().filter_map(|d| d.exprs.get_mut(n)?.as_mut());
        dimensions.for_each(|e| see(e, population.as_ref()));
    }
}

fn see(expr: &mut RowExpr, population: Option<&RowExpr>) {
    if let RowKind::Repeats(repeats) = &mut expr.kind {
        repeats.population = population.cloned();
    }
    expr.children_mut().into_iter().for_each(|child| see(child, population));
}
