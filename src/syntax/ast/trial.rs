//! A `toets` as written: which KPI, which rows are given, which results are expected. Cells are texts; what they must be
//! is known only when the column's type is.

use super::{Expr, Literal, Name, Path, Text};
use crate::source::{Span, Spanned};
use crate::syntax::fragment::Fragment;

/// `toets "naam" { kpi … peilmoment … parameter … gegeven … verwacht … }`
#[derive(Clone, Debug, PartialEq)]
pub struct TrialDef {
    pub name: Text,
    /// `kpi NAAM`
    pub kpi: Option<Name>,
    /// `peilmoment 2026-02-01` or `2026-02-01 08:30`: a [`Literal::Date`] or a [`Literal::Moment`].
    pub moment: Option<Spanned<Literal>>,
    /// `parameter wachtnorm = 30 s`
    pub parameters: Vec<(Name, Expr)>,
    /// `gegeven balie.ticket` with its rows
    pub given: Vec<GivenDef>,
    /// `verwacht` with its rows
    pub expected: Option<CellTable>,
    /// More stands here that could not be read; a diagnostic has been given. A part that lacks is then no news.
    pub broken: bool,
    pub span: Span,
}

/// The rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenDef {
    pub table: Path,
    pub cells: CellTable,
    pub span: Span,
}

/// Lines of cells: in `.kpi` between bars, in YAML a text of such lines, or a list with `kolom: waarde` per row.
#[derive(Clone, Debug, PartialEq)]
pub struct CellTable {
    /// Of a list in YAML: every key, in the order in which they come up.
    pub head: Vec<Cell>,
    /// Each as long as the head.
    pub rows: Vec<CellRow>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CellRow {
    /// Nothing where a row of a YAML list does not name the column: a blank cell.
    pub cells: Vec<Option<Cell>>,
    pub span: Span,
}

/// One cell, without the white space around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it says; without quotes (in the head: back-ticks), escapes resolved.
    pub text: String,
    /// It stood in quotes (in the head: back-ticks): `"leeg"` is a text and no empty value, `` `keer` `` a column.
    pub quoted: bool,
    /// The text between the quotes with the way back to the file, for a cell that is read further.
    pub fragment: Fragment,
    /// Quotes included.
    pub span: Span,
}

impl Cell {
    /// Nothing was written.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.is_empty() && !self.quoted
    }
}
