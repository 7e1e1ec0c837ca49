//! Expressions as written, with their literals.

use super::{Name, Path};
use crate::calendar::PeriodName;
use crate::source::{Span, Spanned};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Arithmetic {
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// An expression as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    Path(Path),
    /// `niet x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a en b en c`: two or more
    And(Vec<Expr>),
    /// `a of b`: two or more
    Or(Vec<Expr>),
    Compare(Box<Expr>, Spanned<Comparison>, Box<Expr>),
    Arithmetic(Box<Expr>, Spanned<Arithmetic>, Box<Expr>),
    /// `x [niet] in (a, b)`
    In {
        value: Box<Expr>,
        negated: bool,
        list: Vec<Expr>,
    },
    /// `x [niet] tussen a en b`
    Between {
        value: Box<Expr>,
        negated: bool,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    /// `x is leeg` (`filled` false), `x is gevuld` and `x is niet leeg` (`filled` true)
    IsEmpty {
        value: Box<Expr>,
        filled: bool,
    },
    /// `f(…)`
    Call {
        name: Name,
        args: Vec<Arg>,
    },
    /// `a per 1000 b`, where b may be absent (`5 per 1000`, a value in a norm)
    Per {
        value: Box<Expr>,
        number: Spanned<u64>,
        base: Option<Box<Expr>>,
    },
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// An expression, with what follows it: `x waarbij p`, `inwoners op peildatum`, `A van B`, `aantal() per klant`.
    Value { expr: Expr, on: Option<Path>, of: Option<Expr>, filter: Option<Expr>, per: Option<GroupKeys>, span: Span },
    /// `waarbij p` alone: `aantal(waarbij p)`, `aantal(waarbij aantal() > 3 per klant)`
    Where { filter: Expr, per: Option<GroupKeys>, span: Span },
    /// `leeg telt als nee | leeg telt als ja | leeg telt niet mee`
    EmptyCounts { rule: EmptyRule, span: Span },
    /// `contact via zaak waarbij p`: the rows of a table that point here by that column.
    Pointing { table: Path, via: Path, filter: Option<Expr>, span: Span },
    /// `uiterlijk termijn`
    DueBy { expr: Expr, span: Span },
    /// `binnen 5 werkdagen`
    Within { expr: Expr, span: Span },
    /// `basis 2005-K1`
    Basis { period: PeriodName, span: Span },
}

/// `per klant`, `per (klant, product)`: what the rows are first summed up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupKeys {
    /// One or more.
    pub paths: Vec<Path>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EmptyRule {
    No,
    Yes,
    Skip,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Text(String),
    Bool(bool),
    /// `1_000`, `5.5`: the digits as written, without `_`
    Number(String),
    Date(chrono::NaiveDate),
    /// Local time in the project's zone.
    Moment(chrono::NaiveDateTime),
    /// `80%`
    Percent(String),
    /// `€ 4.50`
    Money(String),
    /// `20 s`, `5 werkdagen`, `20 procentpunt`
    Quantity(String, Unit),
}

/// A unit after a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `s`, `seconden`
    Seconds,
    /// `min`, `minuten`
    Minutes,
    /// `uur`
    Hours,
    /// `dag`, `dagen`: calendar days
    Days,
    /// `week`, `weken`: 7 calendar days
    Weeks,
    /// `werkdag`, `werkdagen`
    Workdays,
    /// `maand`, `maanden`
    Months,
    /// `procentpunt`
    PercentPoint,
}
