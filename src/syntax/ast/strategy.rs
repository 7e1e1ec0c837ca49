//! Goals and customer chains as written.

use super::{Name, Text};
use crate::source::{Span, Spanned};

/// `doel bereikbaar "…" { droom "…" opgave dienstverlening }` or `klantketen klantcontact "…" { eigenaar "…" … }`
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyDef {
    pub kind: StrategyKind,
    pub name: Name,
    pub title: Option<Text>,
    pub clauses: Vec<StrategyClause>,
    /// More stands here that could not be read; a diagnostic has been given.
    pub incomplete: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrategyKind {
    /// `doel`
    Goal,
    /// `klantketen`
    Chain,
}

impl StrategyKind {
    /// The word that declares one.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Goal => "doel",
            Self::Chain => "klantketen",
        }
    }

    /// What can be said of one, in the order in which `fmt` writes it.
    #[must_use]
    pub fn words(self) -> &'static [StrategyWord] {
        use StrategyWord::{CustomerValues, Goals, InternalValues, Owner, Task, Vision};
        match self {
            Self::Goal => &[Vision, Task],
            Self::Chain => &[Owner, Goals, CustomerValues, InternalValues],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StrategyWord {
    /// `droom "…"`
    Vision,
    /// `opgave dienstverlening`
    Task,
    /// `eigenaar "…"`
    Owner,
    /// `doelen bereikbaar, betrouwbaar`
    Goals,
    /// `klantwaarden "…", "…"`
    CustomerValues,
    /// `interne_waarden "…", "…"`
    InternalValues,
}

impl StrategyWord {
    /// The word in both notations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Vision => "droom",
            Self::Task => "opgave",
            Self::Owner => "eigenaar",
            Self::Goals => "doelen",
            Self::CustomerValues => "klantwaarden",
            Self::InternalValues => "interne_waarden",
        }
    }
}

/// One thing that is said of a goal or a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyClause {
    pub word: Spanned<StrategyWord>,
    pub body: StrategyBody,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StrategyBody {
    /// `droom`, `eigenaar`
    Text(Text),
    /// `opgave`, `doelen`
    Names(Vec<Name>),
    /// `klantwaarden`, `interne_waarden`
    Texts(Vec<Text>),
    /// Could not be read; a diagnostic has been given.
    Broken,
}
