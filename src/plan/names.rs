//! Gives each distinct expression a name, so that a projection or an aggregate calculates it once.

use std::collections::HashMap;

use datafusion::logical_expr::Expr;

use super::expr::named;

/// Named expressions in the order in which they were first asked.
#[derive(Debug)]
pub(super) struct Names {
    prefix: &'static str,
    list: Vec<Expr>,
    index: HashMap<Expr, usize>,
}

impl Names {
    pub(super) fn new(prefix: &'static str) -> Self {
        Self { prefix, list: Vec::new(), index: HashMap::new() }
    }

    /// The column that holds an expression.
    pub(super) fn column(&mut self, expr: Expr) -> Expr {
        named(self.name(expr))
    }

    /// The name of that column.
    pub(super) fn name(&mut self, expr: Expr) -> String {
        let next = self.list.len();
        let index = *self.index.entry(expr.clone()).or_insert(next);
        if index == next {
            self.list.push(expr);
        }
        format!("{}{index}", self.prefix)
    }

    /// The expressions under their names.
    pub(super) fn exprs(&self) -> Vec<Expr> {
        self.list.iter().enumerate().map(|(i, expr)| expr.clone().alias(format!("{}{i}", self.prefix))).collect()
    }
}
