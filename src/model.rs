//! The definitions with every name resolved and every expression typed: what the KPIs mean, independent of notation and
//! of engine. Spans are kept for messages; no syntax types.

pub mod calendar;
pub mod companion;
pub mod dimension;
pub mod expr;
pub mod form;
pub mod identity;
pub mod kpi;
pub mod named;
pub mod norm;
pub mod nullability;
pub mod sampling;
pub mod strategy;
pub mod table;
pub mod text;
pub mod trial;
pub mod types;
pub mod validity;

pub use calendar::{Calendar, CalendarId};
pub use dimension::{Level, SharedDimension, SharedId};
pub use expr::{ColumnRef, RowExpr, RowKind, Value};
pub use kpi::{
    AggFunc, Aggregate, Calculation, Dimension, EmptyRule, Formula, FormulaKind, Groups, Kpi, KpiId, SourceUse,
};
pub use norm::{Bound, BoundTest, Norms};
pub use table::{Column, ColumnKind, Count, Table, TableId};
pub use trial::Trial;
pub use types::{Type, Unit};
pub use validity::{Fault, Validity};

use chrono::NaiveDate;

use crate::calendar::Zone;
use crate::source::Span;

/// A whole project after resolving.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    pub zone: Zone,
    pub parameters: Vec<Parameter>,
    /// The declared calendars in order of name; the built-in one where none is declared. [`CalendarId`] is the index.
    pub calendars: Vec<Calendar>,
    /// The calendar of whatever names none; none where several are declared and the project does not choose.
    pub default_calendar: Option<CalendarId>,
    /// Ordered so that a derived table comes after its base and a united one after its parts; [`TableId`] is the index. The groups of calculations in two
    /// levels stand at the end.
    pub tables: Vec<Table>,
    /// In the order of name; [`SharedId`] is the index.
    pub dimensions: Vec<SharedDimension>,
    /// In the order of name, and of one name in order of time; [`KpiId`] is the index.
    pub kpis: Vec<Kpi>,
    /// In the order of file and place. A change of them is no change of a definition.
    pub trials: Vec<Trial>,
    /// Known measuring faults, in order of time.
    pub faults: Vec<Fault>,
    /// In the order of name.
    pub goals: Vec<strategy::Goal>,
    /// In the order of name.
    pub chains: Vec<strategy::Chain>,
    /// Empty, but where a text for people is made ([`named::Named::of`]): it is no part of a definition.
    pub named: named::Named,
}

/// A named constant; its value has been put in the expressions that use it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub ty: Type,
    pub value: Option<Value>,
    pub span: Span,
}

impl Model {
    /// The table of an id. Ids come from this model only.
    #[must_use]
    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }

    #[must_use]
    pub fn kpi(&self, id: KpiId) -> &Kpi {
        &self.kpis[id.0]
    }

    #[must_use]
    pub fn dimension(&self, id: SharedId) -> &SharedDimension {
        &self.dimensions[id.0]
    }

    /// The calendar of an id. Ids come from this model only.
    #[must_use]
    pub fn calendar(&self, id: CalendarId) -> &Calendar {
        &self.calendars[id.0]
    }

    /// A KPI by its name: the first version, where it has more.
    #[must_use]
    pub fn kpi_named(&self, name: &str) -> Option<&Kpi> {
        self.kpis.iter().find(|k| k.name == name)
    }

    /// The versions of a KPI by its name, in order of time; nearly always one.
    pub fn versions(&self, name: &str) -> impl Iterator<Item = &Kpi> {
        self.kpis.iter().filter(move |k| k.name == name)
    }

    /// The version of a KPI that holds on a day: what a reference `kpi(name)` means in a period that begins then.
    #[must_use]
    pub fn version_on(&self, id: KpiId, day: NaiveDate) -> Option<&Kpi> {
        let kpi = self.kpi(id);
        if kpi.holds_on(day) {
            return Some(kpi);
        }
        self.versions(&kpi.name).find(|k| k.holds_on(day))
    }

    /// All versions of all KPIs that this one calculates with, also through others, each once.
    #[must_use]
    pub fn versions_behind<'a>(&'a self, kpi: &'a Kpi) -> Vec<&'a Kpi> {
        let mut found: Vec<&Kpi> = vec![kpi];
        let mut at = 0;
        while let Some(of) = found.get(at).copied() {
            for part in of.formula().map(Formula::kpis).unwrap_or_default() {
                for version in self.versions(&self.kpi(part).name) {
                    if found.iter().all(|known| known.id != version.id) {
                        found.push(version);
                    }
                }
            }
            at += 1;
        }
        found.remove(0);
        found
    }

    /// The column by which the persons in a table are told apart: a key that is a `persoonsgegeven`, otherwise the first
    /// column that is, or that points at one. None where the table knows no persons.
    #[must_use]
    pub fn person(&self, table: TableId) -> Option<usize> {
        let table = self.table(table);
        let personal = |c: &Column| {
            let target = |r: table::Relation| self.table(r.table).columns.get(r.column).is_some_and(|c| c.personal);
            c.personal || c.relation.is_some_and(target)
        };
        let is = |index: &usize| table.columns.get(*index).is_some_and(personal);
        table.key.iter().copied().find(is).or_else(|| (0..table.columns.len()).find(is))
    }

    /// Cells of a KPI over fewer persons than this are not shown: its own `afschermen`, or the strictest of what it
    /// calculates with on a day.
    #[must_use]
    pub fn shield_on(&self, kpi: &Kpi, day: NaiveDate) -> Option<u64> {
        let others = self.versions_behind(kpi).into_iter().filter(|k| k.holds_on(day));
        std::iter::once(kpi).chain(others).filter_map(|k| k.method.shield).map(|s| s.least).max()
    }

    /// Whether an earlier version of this KPI exists.
    #[must_use]
    pub fn has_earlier_version(&self, kpi: &Kpi) -> bool {
        self.versions(&kpi.name).next().is_some_and(|first| first.id != kpi.id)
    }

    /// The column that a reference names, seen from the rows of `table`.
    #[must_use]
    pub fn column(&self, table: TableId, reference: &ColumnRef) -> &Column {
        &self.table(self.target(table, &reference.via)).columns[reference.column]
    }

    /// The moments that dated relations in a chain from `table` look at, and the ends of the validities there: each a
    /// column of its own table.
    #[must_use]
    pub fn moments(&self, table: TableId, via: &[usize]) -> Vec<(TableId, RowExpr)> {
        let mut found = Vec::new();
        let mut here = table;
        for &hop in via {
            let Some(relation) = self.table(here).columns.get(hop).and_then(|c| c.relation) else { break };
            let valid = self.table(relation.table).valid.filter(|_| relation.at.is_some());
            let ends = valid.into_iter().flat_map(|valid| [valid.from, valid.until]);
            let at = relation.at.map(|at| (here, at));
            for (of, column) in at.into_iter().chain(ends.map(|end| (relation.table, end))) {
                let reference = ColumnRef::own(column);
                let read = self.column(of, &reference);
                found.push((of, RowExpr { ty: read.ty, span: read.span, kind: RowKind::Column(reference) }));
            }
            here = relation.table;
        }
        found
    }

    /// The table where a chain of relations from `table` ends.
    #[must_use]
    pub fn target(&self, table: TableId, via: &[usize]) -> TableId {
        via.iter().fold(table, |at, &column| self.table(at).columns[column].relation.map_or(at, |r| r.table))
    }
}
