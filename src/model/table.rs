//! Logical tables: what a source holds, and tables derived from it.

use super::expr::{RowExpr, Value};
use super::kpi::Aggregate;
use super::types::Type;
use crate::source::Span;

/// Index in [`super::Model::tables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub usize);

#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub id: TableId,
    /// `acd`
    pub source: String,
    /// `Telefooncentrale`
    pub source_title: Option<String>,
    /// `gesprek`
    pub name: String,
    pub title: Option<String>,
    pub origin: Origin,
    pub columns: Vec<Column>,
    /// Indices of the key columns, in order.
    pub key: Vec<usize>,
    /// The meetmoment: a `datum` or `tijdstip` column.
    pub axis: Option<usize>,
    pub requirements: Vec<Requirement>,
    /// When each row is valid: its key then says which row only together with a moment.
    pub valid: Option<ValidRows>,
    pub span: Span,
}

impl Table {
    /// `acd.gesprek`
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.source, self.name)
    }

    /// The key columns that say which row at a moment: without those that say when.
    pub fn key_at_a_moment(&self) -> impl Iterator<Item = usize> {
        let when = |column: usize| self.valid.is_some_and(|v| v.from == column || v.until == column);
        self.key.iter().copied().filter(move |&column| !when(column))
    }

    /// The columns that order rows of one moment: the key, and in a united table which part a row is from, as two parts
    /// may use the same number.
    #[must_use]
    pub fn ties(&self) -> Vec<usize> {
        self.key.iter().copied().chain(self.column_named(PART)).collect()
    }

    /// The columns that are together different in every row: the key, and of rows that are valid for a time their begin.
    #[must_use]
    pub fn row_key(&self) -> Vec<usize> {
        let begin = self.valid.map(|valid| valid.from).filter(|from| !self.key.contains(from));
        self.key.iter().copied().chain(begin).collect()
    }

    /// The index of a column.
    #[must_use]
    pub fn column_named(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// Rows come from a file.
    Stored,
    /// One row per combination of key values in the rows of `base` that `filter` lets through (an empty answer leaves a
    /// row out). A row with an empty key value is left out as well. The key columns are the first columns of the table.
    Derived { base: TableId, filter: Option<RowExpr> },
    /// The rows of two or more other tables, those of one part behind those of another. What a column is in each part is
    /// said by [`ColumnKind::United`]; the column [`PART`] tells the parts apart. A table may be a part more than once.
    United { parts: Vec<TableId> },
    /// The groups of one calculation in two levels ([`super::kpi::Groups`]): no table of the author. It has neither name
    /// nor key nor axis, and its columns are aggregates over rows of `base`.
    Groups { base: TableId },
}

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "what a column's line says, each by a word of its own")]
pub struct Column {
    pub name: String,
    pub ty: Type,
    /// May be empty. For computed columns: found by analysis.
    pub nullable: bool,
    /// Part of the key.
    pub key: bool,
    /// `kenmerk`: what is filled or `ja` marks every result that the row takes part in.
    pub mark: bool,
    /// `persoonsgegeven`: never in a message, never a dimension. Derived columns take it over from what they use.
    pub personal: bool,
    /// `in (…)`: the values that may occur.
    pub values: Option<Vec<Value>>,
    pub relation: Option<Relation>,
    pub kind: ColumnKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ColumnKind {
    /// Read from the source under its physical name; `unit` when a `duur` is stored as a number.
    Stored { physical: String, unit: Option<StoredUnit> },
    /// Calculated from the same row (columns before or after it, never in a circle).
    Computed(RowExpr),
    /// Key of a derived table: the column of the base table.
    Key(usize),
    /// Of a derived table: an aggregate over the rows of the base with this row's key. `source` in it is 0 and means
    /// the base table.
    Aggregated(Aggregate),
    /// Of a united table: one expression for each part, over the rows of that part.
    United(Vec<RowExpr>),
    /// How many rows of another table point at this one: 0 where none does.
    Counted(Count),
}

/// `aantal(contact via zaak waarbij kanaal = "telefoon")`
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Whose rows are counted.
    pub table: TableId,
    /// Its relation that points at the only key column of the table that counts.
    pub via: usize,
    /// Over its rows; an empty answer, or one that cannot be judged yet, leaves a row out.
    pub filter: Option<RowExpr>,
}

/// The column of a united table that says which part a row comes from: 1, 2, … No author can name it.
pub const PART: &str = "#deel";

/// The unit of a number that stands for a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredUnit {
    Seconds,
    Minutes,
    Hours,
}

impl StoredUnit {
    /// Microseconds in one.
    #[must_use]
    pub fn micros(self) -> i64 {
        match self {
            Self::Seconds => 1_000_000,
            Self::Minutes => 60_000_000,
            Self::Hours => 3_600_000_000,
        }
    }
}

/// An n:1 relation to the key column of another table. Where that table says when its rows are valid, and only there, it
/// points at the row of that key that is valid at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    pub table: TableId,
    pub column: usize,
    /// `geldig op`: the column with that moment, in the table of the relation itself.
    pub at: Option<usize>,
}

/// `geldig begin tot eind`: a row is valid from one column until another (`datum` or `tijdstip`). An empty begin is
/// always, an empty end is still. A `datum` counts from its first moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidRows {
    pub from: usize,
    pub until: usize,
    /// `tot en met`: the end itself (the whole day of a `datum`) belongs to it.
    pub inclusive: bool,
    pub span: Span,
}

/// `eis "…": condition`
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    pub name: String,
    pub condition: RowExpr,
    pub span: Span,
}
