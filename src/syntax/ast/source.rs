//! Source systems as written: their tables, columns and requirements.

use super::{Expr, Literal, Name, Path, Text, TypeName, Unit};
use crate::source::{Span, Spanned};

/// `bronsysteem acd "Telefooncentrale" { tabel … }`
#[derive(Clone, Debug, PartialEq)]
pub struct SourceDef {
    pub name: Name,
    pub title: Option<Text>,
    pub tables: Vec<TableDef>,
    /// More stands here that could not be read; a diagnostic has been given. A table not known is then no news.
    pub incomplete: bool,
    pub span: Span,
}

/// `tabel gesprek "…" { … }` or `tabel reeks uit gesprek waarbij … per beller "…" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct TableDef {
    pub name: Name,
    pub title: Option<Text>,
    pub derived: Option<DerivedFrom>,
    /// `verenigt acd.gesprek, email.bericht`; never beside `derived`.
    pub united: Option<UnitedFrom>,
    pub columns: Vec<ColumnDef>,
    pub requirements: Vec<RequirementDef>,
    pub valid: Option<ValidRows>,
    /// More stands here that could not be read; a diagnostic has been given. A column not known is then no news.
    pub incomplete: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DerivedFrom {
    /// `gesprek` (same source) or `acd.gesprek`.
    pub base: Path,
    pub filter: Option<Expr>,
    pub keys: Vec<Name>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UnitedFrom {
    /// One or more, as written: `gesprek` (same source) or `acd.gesprek`.
    pub parts: Vec<Path>,
    pub span: Span,
}

/// One column line.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDef {
    pub name: Name,
    pub kind: ColumnKind,
    pub options: Vec<Spanned<ColumnOption>>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ColumnKind {
    /// `gesprek_id tekst …`
    Stored(TypeName),
    /// `wachttijd = …`; in a derived table the expression holds aggregates, in the form of calls.
    Derived(Expr),
    /// `moment = binnenkomst, ontvangen`: in a united table, one for each part; two or more.
    PerPart(Vec<PartValue>),
    /// Could not be read; its name is known.
    Broken,
}

/// What a column of a united table is in the rows of one part.
#[derive(Clone, Debug, PartialEq)]
pub struct PartValue {
    /// None for `leeg`: this part has no such value.
    pub expr: Option<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ColumnOption {
    /// `?`
    Nullable,
    /// `sleutel`
    Key,
    /// `meetmoment`
    TimeAxis,
    /// `persoonsgegeven`
    Personal,
    /// `in ("inkomend", "uitgaand")`
    Values(Vec<Spanned<Literal>>),
    /// `in s`: the source stores a number of this unit.
    StoredUnit(Unit),
    /// `bron "case:type"`
    PhysicalName(String),
    /// `-> personeel.team.code` (a column) or `-> team.code` (same source)
    Relation(RelationDef),
    /// `kenmerk`: what is filled or `ja` marks every result that the row takes part in.
    Mark,
}

/// `-> dvo.zaaktype geldig op start`
#[derive(Clone, Debug, PartialEq)]
pub struct RelationDef {
    pub to: Path,
    /// The column with the moment at which the row pointed at is valid.
    pub at: Option<Path>,
}

/// `geldig begin tot eind`: when each row of a table is valid.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidRows {
    pub from: Name,
    pub until: Name,
    /// `tot en met`: the end itself belongs to it.
    pub inclusive: bool,
    pub span: Span,
}

/// `eis "einde ligt na begin": beeindigd >= binnenkomst`
#[derive(Clone, Debug, PartialEq)]
pub struct RequirementDef {
    pub name: Text,
    /// None where it could not be read; a diagnostic has been given.
    pub condition: Option<Expr>,
    pub span: Span,
}
