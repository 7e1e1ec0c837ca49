//! KPIs and adjustments as written: their clauses, and what stands in each.

use chrono::NaiveDate;

use super::{Expr, Name, NormItem, Path, Text, Validity};
use crate::calendar::PeriodKind;
use crate::source::{Span, Spanned};

/// `kpi NAAM "Titel" [geldig vanaf D tot D] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct KpiDef {
    pub name: Name,
    pub title: Option<Text>,
    /// `geldig vanaf D [tot D]`: what stands behind `geldig`, and its place.
    pub validity: Option<Spanned<Validity>>,
    pub clauses: Vec<Clause>,
    pub span: Span,
}

/// `aanpassing NAAM { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct AdjustmentDef {
    pub name: Name,
    pub clauses: Vec<Clause>,
    pub span: Span,
}

/// The clause words. The first six are the six answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClauseWord {
    Definition,
    Calculation,
    Source,
    Method,
    Dimensions,
    Norm,
    Owner,
    Chain,
    Perspective,
    KpiKind,
    Aspect,
    Level,
    ContributesTo,
    Visualisation,
    Note,
}

impl ClauseWord {
    /// All of them, in the order in which `fmt` writes them.
    pub const ALL: [Self; 15] = [
        Self::Definition,
        Self::Calculation,
        Self::Source,
        Self::Method,
        Self::Dimensions,
        Self::Norm,
        Self::Owner,
        Self::Chain,
        Self::Perspective,
        Self::KpiKind,
        Self::Aspect,
        Self::Level,
        Self::ContributesTo,
        Self::Visualisation,
        Self::Note,
    ];

    /// The six questions that every KPI answers.
    pub const SIX: [Self; 6] =
        [Self::Definition, Self::Calculation, Self::Source, Self::Method, Self::Dimensions, Self::Norm];

    /// The word in both notations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Definition => "definitie",
            Self::Calculation => "berekening",
            Self::Source => "bronsysteem",
            Self::Method => "meetmethode",
            Self::Dimensions => "dimensies",
            Self::Norm => "norm",
            Self::Owner => "eigenaar",
            Self::Chain => "klantketen",
            Self::Perspective => "perspectief",
            Self::KpiKind => "kpi_soort",
            Self::Aspect => "aspect",
            Self::Level => "niveau",
            Self::ContributesTo => "draagt_bij_aan",
            Self::Visualisation => "visualisatie",
            Self::Note => "toelichting",
        }
    }

    /// Whether its answer is a text, in quotes in the `.kpi` notation and without them in YAML.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Definition | Self::Owner | Self::Note)
    }

    /// The clause of a word, if it is one.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }
}

/// One clause of a KPI: its word, where it stands, and its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// The clause word (a YAML key) and its place.
    pub word: Spanned<ClauseWord>,
    pub body: ClauseBody,
    /// The whole clause, word included (in YAML: key and value).
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ClauseBody {
    /// `definitie`, `eigenaar`, `toelichting`
    Text(Text),
    /// `berekening`, `bronsysteem`, `meetmethode`, `dimensies` answered with `geen "reden"` (the reason may be absent)
    None(Option<Text>),
    /// `berekening`
    Calculation(Calculation),
    /// `bronsysteem afgeleid`
    Derived(Span),
    /// `bronsysteem`
    Sources(Vec<SourceRef>),
    /// `meetmethode`
    Method(Box<Method>),
    /// `dimensies`
    Dimensions(Vec<DimensionDef>),
    /// `norm`
    Norm(Vec<NormItem>),
    /// `klantketen`, `perspectief`, `kpi_soort`, `aspect`, `niveau`, `draagt_bij_aan`, `visualisatie`
    Words(Vec<Name>),
    /// Could not be read; a diagnostic has been given.
    Broken,
}

/// A whole `berekening`. The rule on empty answers is part of the call: see [`super::Arg::EmptyCounts`].
#[derive(Clone, Debug, PartialEq)]
pub struct Calculation {
    pub expr: Expr,
}

/// `acd.gesprek als inkomend waarbij richting = "inkomend"`
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRef {
    pub path: Path,
    pub alias: Option<Name>,
    pub filter: Option<Expr>,
    pub span: Span,
}

/// `automatisch, per maand op binnenkomst, minimaal 30 waarnemingen`
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    pub way: Option<Spanned<MethodWay>>,
    pub period: Option<Spanned<PeriodKind>>,
    /// `op ticket.afgifte en uitstroom.afgehandeld`
    pub axes: Vec<Path>,
    /// `minimaal 30 waarnemingen`
    pub minimum: Option<Spanned<u64>>,
    /// `kalender gemeente`
    pub calendar: Option<Name>,
    /// `betrouwbaarheid 95%`: the digits as written
    pub confidence: Option<Spanned<String>>,
    /// `afschermen bij minder dan 5`
    pub shield: Option<Spanned<u64>>,
    /// `weging gewicht`: how heavy a row counts
    pub weight: Option<Box<Expr>>,
    /// `waarnemingen som(kolom)`: what n is
    pub observations: Option<Box<Expr>>,
    /// `altijd over afgelopen kwartaal`, `altijd over afgelopen 12 maanden`
    pub window: Option<Spanned<TimeSpan>>,
    /// `definitief na 7 dagen`
    pub settles: Option<Spanned<TimeSpan>>,
    /// `nieuwe basis vanaf 2025-03-01`, in order of time
    pub baselines: Vec<Spanned<NaiveDate>>,
    pub span: Span,
}

/// `7 dagen`, `kwartaal` (without a number: one)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSpan {
    pub count: u32,
    pub unit: PeriodKind,
}

/// `automatisch | enquête | steekproef | handmatig`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodWay {
    Automatic,
    Survey,
    Sample,
    Manual,
}

/// `team`, `personeel.team.afdeling`, `uur(binnenkomst) als dagdeel`
#[derive(Clone, Debug, PartialEq)]
pub struct DimensionDef {
    pub expr: Expr,
    pub name: Option<Name>,
    pub span: Span,
}
