//! Norms as written.

use super::{Comparison, Expr, Literal, Path, Text, Validity};
use crate::source::{Span, Spanned};

/// One part of a norm clause, in the order as written.
#[derive(Clone, Debug, PartialEq)]
pub enum NormItem {
    /// `geen "reden"`
    None { reason: Option<Text>, span: Span },
    /// `>= 80% vanaf 2026-01-01 tot 2028-01-01`
    Bound { test: Test, validity: Validity, span: Span },
    /// `bijna >= 75%`: of the bound before it
    Near { test: Test, span: Span },
    /// `streefnorm >= 95%`
    Target { test: Test, validity: Validity, span: Span },
    /// `richtlijn >= 80%`
    Guideline { test: Test, validity: Validity, span: Span },
    /// `benchmark "landelijk" 76.2% (2005, n = 815)`
    Benchmark { label: Text, value: Expr, year: Option<Spanned<i64>>, n: Option<Spanned<u64>>, span: Span },
    /// `per kanaal { telefoon >= 80%  overig geen  totaal >= 85% }`
    PerMember { dimension: Path, entries: Vec<MemberNormDef>, span: Span },
}

/// What holds for one or more members: `telefoon, balie >= 80%`.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberNormDef {
    pub members: Vec<NormMember>,
    /// Never [`NormItem::PerMember`].
    pub items: Vec<NormItem>,
    pub span: Span,
}

/// Whose norm it is.
#[derive(Clone, Debug, PartialEq)]
pub enum NormMember {
    /// A member by its name, or by its value where it is no name: `"Team A"`, `9`, `ja`.
    Named(Spanned<Literal>),
    /// `overig`: every member that is not named.
    Rest(Span),
    /// `totaal`: the rows without a member.
    Total(Span),
}

impl NormMember {
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Named(name) => name.span,
            Self::Rest(span) | Self::Total(span) => *span,
        }
    }
}

/// `>= 80%`, `tussen 85% en 90%`. Values are literals, parameters, or arithmetic in brackets.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Compare(Spanned<Comparison>, Expr),
    Between(Expr, Expr),
}
