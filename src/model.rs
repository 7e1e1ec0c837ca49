//! The definitions with every name resolved and every expression typed: what the KPIs mean, independent of notation and
//! of engine. Spans are kept for messages; no syntax types.

pub mod calendar;
pub mod dimension;
pub mod expr;
pub mod identity;
pub mod kpi;
pub mod norm;
pub mod nullability;
pub mod table;
pub mod text;
pub mod trial;
pub mod types;

pub use calendar::{Calendar, CalendarId};
pub use dimension::{Level, SharedDimension, SharedId};
pub use expr::{ColumnRef, RowExpr, RowKind, Value};
pub use kpi::{AggFunc, Aggregate, Calculation, Dimension, EmptyRule, Formula, FormulaKind, Kpi, KpiId, SourceUse};
pub use norm::{Bound, BoundTest, Norms};
pub use table::{Column, ColumnKind, Table, TableId};
pub use trial::Trial;
pub use types::{Type, Unit};

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
    /// Ordered so that a derived table comes after its base; [`TableId`] is the index.
    pub tables: Vec<Table>,
    /// In the order of name; [`SharedId`] is the index.
    pub dimensions: Vec<SharedDimension>,
    /// In the order of name; [`KpiId`] is the index.
    pub kpis: Vec<Kpi>,
    /// In the order of file and place. A change of them is no change of a definition.
    pub trials: Vec<Trial>,
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

    /// A KPI by its name.
    #[must_use]
    pub fn kpi_named(&self, name: &str) -> Option<&Kpi> {
        self.kpis.iter().find(|k| k.name == name)
    }

    /// The column that a reference names, seen from the rows of `table`.
    #[must_use]
    pub fn column(&self, table: TableId, reference: &ColumnRef) -> &Column {
        &self.table(self.target(table, &reference.via)).columns[reference.column]
    }

    /// The table where a chain of relations from `table` ends.
    #[must_use]
    pub fn target(&self, table: TableId, via: &[usize]) -> TableId {
        via.iter().fold(table, |at, &column| self.table(at).columns[column].relation.map_or(at, |r| r.table))
    }
}
