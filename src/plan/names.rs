//! Gives each distinct expression a name, so that a projection or an aggregate calculates it once.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use datafusion::logical_expr::Expr;

use super::expr::named;

/// Named expressions in the order in which they were first asked.
#[derive(Debug)]
pub(super) struct Names {
    prefix: &'static str,
    list: Vec<Expr>,
    /// Positions by hash: comparing an expression with hundreds of others would be slow.
    index: BTreeMap<u64, Vec<usize>>,
}

impl Names {
    pub(super) fn new(prefix: &'static str) -> Self {
        Self { prefix, list: Vec::new(), index: BTreeMap::new() }
    }

    /// The column that holds an expression.
    pub(super) fn column(&mut self, expr: Expr) -> Expr {
        named(self.name(expr))
    }

    /// The name of that column.
    pub(super) fn name(&mut self, expr: Expr) -> String {
        let mut hasher = DefaultHasher::new();
        expr.hash(&mut hasher);
        let same = self.index.entry(hasher.finish()).or_default();
        let known = same.iter().copied().find(|&i| self.list.get(i) == Some(&expr));
        let index = known.unwrap_or_else(|| {
            same.push(self.list.len());
            self.list.push(expr);
            self.list.len() - 1
        });
        format!("{}{index}", self.prefix)
    }

    /// The expression of a name.
    pub(super) fn expr(&self, name: &str) -> Option<Expr> {
        let index: usize = name.strip_prefix(self.prefix)?.parse().ok()?;
        self.list.get(index).cloned()
    }

    /// The columns that hold the expressions.
    pub(super) fn columns(&self) -> impl Iterator<Item = Expr> {
        (0..self.list.len()).map(|i| named(format!("{}{i}", self.prefix)))
    }

    /// The expressions under their names.
    pub(super) fn exprs(&self) -> Vec<Expr> {
        self.list.iter().enumerate().map(|(i, expr)| expr.clone().alias(format!("{}{i}", self.prefix))).collect()
    }
}
