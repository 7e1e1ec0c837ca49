//! Which tables a figure comes from, derived ones included: those that are counted, those that they stand on, and those
//! that relations in the calculation, the populations and the asked dimensions lead to.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::model::table::Origin;
use crate::model::{Aggregate, ColumnKind, Count, FormulaKind, Kpi, Model, RowExpr, RowKind, TableId};

/// The tables behind a KPI in the versions of a day, split by these dimensions.
#[must_use]
pub fn tables(model: &Model, kpi: &Kpi, dimensions: &[String], day: NaiveDate) -> BTreeSet<TableId> {
    let mut reach = Reach { model, dimensions, day, found: BTreeSet::new() };
    reach.kpi(kpi);
    reach.found
}

struct Reach<'a> {
    model: &'a Model,
    dimensions: &'a [String],
    day: NaiveDate,
    found: BTreeSet<TableId>,
}

impl Reach<'_> {
    fn kpi(&mut self, kpi: &Kpi) {
        let model = self.model;
        for (index, used) in kpi.sources.iter().enumerate() {
            self.table(used.table);
            self.through(used.table, &used.axis.via);
            let asked = kpi.dimensions.iter().filter(|d| self.dimensions.contains(&d.name));
            let asked: Vec<&RowExpr> = asked.filter_map(|d| d.exprs.get(index)?.as_ref()).collect();
            for expr in used.filter.iter().chain(&used.weight).chain(asked) {
                self.expr(used.table, expr);
            }
        }
        let Some(formula) = kpi.formula() else { return };
        formula.walk(&mut |part| match &part.kind {
            FormulaKind::Aggregate(a) => {
                if let Some(used) = kpi.sources.get(a.source) {
                    self.aggregate(used.table, a);
                }
            }
            FormulaKind::Kpi(id) => {
                if let Some(other) = model.version_on(*id, self.day) {
                    self.kpi(other);
                }
            }
            _ => {}
        });
    }

    fn aggregate(&mut self, table: TableId, a: &Aggregate) {
        let over = a.table(table);
        for expr in a.arg.iter().chain(&a.filter) {
            self.expr(over, expr);
        }
        a.on.iter().for_each(|on| self.through(over, &on.via));
        let Some(groups) = &a.per else { return };
        for expr in groups.keys.iter().chain(&groups.rows) {
            self.expr(table, expr);
        }
        let model = self.model;
        for column in &model.table(groups.table).columns {
            if let ColumnKind::Aggregated(inner) = &column.kind {
                self.aggregate(table, inner);
            }
        }
    }

    fn table(&mut self, id: TableId) {
        if !self.found.insert(id) {
            return;
        }
        let model = self.model;
        let this = model.table(id);
        match &this.origin {
            Origin::Stored | Origin::Groups { .. } => return,
            Origin::Derived { base, filter } => {
                self.table(*base);
                if let Some(filter) = filter {
                    self.expr(*base, filter);
                }
            }
            Origin::United { parts } => parts.iter().for_each(|&part| self.table(part)),
        }
        for column in &this.columns {
            match (&column.kind, &this.origin) {
                (ColumnKind::Aggregated(a), Origin::Derived { base, .. }) => self.aggregate(*base, a),
                (ColumnKind::United(list), Origin::United { parts }) => {
                    list.iter().zip(parts).for_each(|(e, &part)| self.expr(part, e));
                }
                (ColumnKind::Computed(e), _) => self.expr(id, e),
                (ColumnKind::Counted(count), _) => self.count(count),
                _ => {}
            }
        }
    }

    /// The table whose rows are counted.
    fn count(&mut self, count: &Count) {
        self.table(count.table);
        if let ColumnKind::Computed(e) = &self.model.table(count.table).columns[count.via].kind {
            self.expr(count.table, e);
        }
        count.filter.iter().for_each(|filter| self.expr(count.table, filter));
    }

    fn expr(&mut self, of: TableId, expr: &RowExpr) {
        let model = self.model;
        expr.walk(&mut |part| {
            if let RowKind::Column(reference) = &part.kind {
                self.through(of, &reference.via);
                match &model.column(of, reference).kind {
                    ColumnKind::Computed(inner) => self.expr(model.target(of, &reference.via), inner),
                    ColumnKind::Counted(count) => self.count(count),
                    _ => {}
                }
            }
        });
    }

    fn through(&mut self, of: TableId, via: &[usize]) {
        for end in 1..=via.len() {
            self.table(self.model.target(of, &via[..end]));
        }
        for (table, moment) in self.model.moments(of, via) {
            self.expr(table, &moment);
        }
    }
}
