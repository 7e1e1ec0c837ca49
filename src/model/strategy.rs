//! Why the KPIs are there: goals with the dream behind them, and customer chains with who answers for them and what
//! customers and the organisation may expect. Nothing is calculated from this.

use crate::source::Span;

/// `doel`
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    pub name: String,
    pub title: String,
    /// `droom`
    pub vision: Option<String>,
    /// `opgave`: the tasks of the municipality that it serves.
    pub tasks: Vec<String>,
    pub span: Span,
}

/// `klantketen`
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    pub name: String,
    pub title: String,
    pub owner: Option<String>,
    /// Names of goals, all of them known.
    pub goals: Vec<String>,
    /// `klantwaarden`
    pub customer_values: Vec<String>,
    /// `interne_waarden`
    pub internal_values: Vec<String>,
    pub span: Span,
}
