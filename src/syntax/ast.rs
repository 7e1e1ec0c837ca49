//! The syntax tree that both notations give. It says what the author wrote and where, and nothing about what it means:
//! names are unresolved, types are words. A clause that could not be read stays in the tree as `Broken`, so that its
//! absence is not reported a second time.

mod calendar;
mod expr;
mod kpi;
mod norm;
mod shared;
mod source;
mod strategy;
mod trial;

pub use calendar::{CalendarBody, CalendarClause, CalendarDef, CalendarWord};
pub use expr::{Arg, Arithmetic, Comparison, EmptyRule, Expr, ExprKind, GroupKeys, Literal, Unit};
pub use kpi::{
    AdjustmentDef, Calculation, Clause, ClauseBody, ClauseWord, DimensionDef, KpiDef, Method, MethodWay, SourceRef,
    TimeSpan,
};
pub use norm::{MemberNormDef, NormItem, NormMember, Test};
pub use shared::{SharedDimensionDef, SharedDimensionLine};
pub use source::{
    ColumnDef, ColumnKind, ColumnOption, DerivedFrom, PartValue, RelationDef, RequirementDef, SourceDef, TableDef,
    UnitedFrom, ValidRows,
};
pub use strategy::{StrategyBody, StrategyClause, StrategyDef, StrategyKind, StrategyWord};
pub use trial::{Cell, CellRow, CellTable, GivenDef, TrialDef};

use crate::source::{Span, Spanned};

/// A name as written (NFC, without back-ticks).
pub type Name = Spanned<String>;
/// A text literal, escapes resolved.
pub type Text = Spanned<String>;

/// `team`, `team.afdeling`, `acd.gesprek`; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<Name>,
    pub span: Span,
}

impl Path {
    /// The path as an author writes it, without back-ticks.
    #[must_use]
    pub fn text(&self) -> String {
        self.segments.iter().map(|s| s.value.as_str()).collect::<Vec<_>>().join(".")
    }

    /// The last segment: the name under which the path is shown.
    #[must_use]
    pub fn last(&self) -> &str {
        self.segments.last().map_or("", |s| s.value.as_str())
    }
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    pub declarations: Vec<Declaration>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Declaration {
    /// `gebruik "std:bronnen/acd"`
    Use(Text),
    Parameter(ParameterDef),
    Source(SourceDef),
    /// `dimensie kanaal "Kanaal" { … }`
    SharedDimension(SharedDimensionDef),
    Calendar(CalendarDef),
    Kpi(KpiDef),
    /// `aanpassing NAAM { … }`: clauses that replace those of a KPI taken in from elsewhere.
    Adjustment(AdjustmentDef),
    /// `toets "naam" { … }`
    Trial(TrialDef),
    /// `meetstoring BRON[.TABEL] vanaf D tot D "reden" [te laag|te hoog]`
    Fault(FaultDef),
    /// `doel NAAM { … }`, `klantketen NAAM { … }`
    Strategy(StrategyDef),
}

/// `parameter wachtnorm: duur = 20 s`
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterDef {
    pub name: Name,
    pub kind: ParameterKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ParameterKind {
    /// `: duur = 20 s`; the value may be left to the project.
    Read { ty: TypeName, value: Option<Expr> },
    /// Could not be read; its name is known.
    Broken,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeName {
    pub kind: TypeWord,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TypeWord {
    Text,
    YesNo,
    Integer,
    Number,
    Money,
    Date,
    Moment,
    Duration,
    Days,
    Workdays,
    Percentage,
    PercentPoint,
    /// `score(1..10)`
    Score(f64, f64),
    /// A word that is no type; kept for a message with a suggestion.
    Unknown(String),
}

/// `meetstoring acd.gesprek vanaf 2026-05-03 tot 2026-05-10 "telefooncentrale defect" te laag`
#[derive(Clone, Debug, PartialEq)]
pub struct FaultDef {
    /// A source or a table.
    pub path: Path,
    /// Without an end the fault goes on.
    pub validity: Validity,
    pub reason: Text,
    pub direction: Option<Spanned<FaultDirection>>,
    pub span: Span,
}

/// Which way a fault pulls the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultDirection {
    /// `te laag`
    TooLow,
    /// `te hoog`
    TooHigh,
}

/// `vanaf D [tot D | tot en met D]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validity {
    pub from: Option<Spanned<chrono::NaiveDate>>,
    /// Exclusive: `tot D` as written, `tot en met D` as the day after.
    pub until: Option<Spanned<chrono::NaiveDate>>,
}
