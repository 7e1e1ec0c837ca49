//! Which figures of a sample have an interval: what in a calculation is a share of rows, or a difference of two shares of
//! the same rows.

use super::expr::Arithmetic;
use super::{AggFunc, Aggregate, EmptyRule, Formula, FormulaKind, Kpi, Model, RowExpr, RowKind, text};

/// A figure with a known sampling distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sampled<'a> {
    /// `percentage(c)`: binomial
    Share(&'a Aggregate),
    /// `percentage(a) - percentage(b)` over the same rows: multinomial
    Difference(&'a Aggregate, &'a Aggregate),
}

/// Why there is no interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NotSampled {
    /// The calculation is something else than a share or a difference of shares.
    Other,
    /// Two shares, each of other rows.
    OtherRows,
}

/// What the calculation of a KPI is, as a figure of a sample.
///
/// # Errors
/// When it is nothing of which the interval is known.
pub fn sampled<'a>(model: &Model, kpi: &'a Kpi) -> Result<Sampled<'a>, NotSampled> {
    // Where rows stand for totals, each is more than one observation.
    let formula = kpi.formula().filter(|_| kpi.method.observations.is_none()).ok_or(NotSampled::Other)?;
    if let Some(share) = share(formula) {
        return Ok(Sampled::Share(share));
    }
    let FormulaKind::Binary(Arithmetic::Subtract, a, b) = &formula.kind else { return Err(NotSampled::Other) };
    let (Some(a), Some(b)) = (share(a), share(b)) else { return Err(NotSampled::Other) };
    if same_rows(model, kpi, a, b) { Ok(Sampled::Difference(a, b)) } else { Err(NotSampled::OtherRows) }
}

fn share(formula: &Formula) -> Option<&Aggregate> {
    match &formula.kind {
        FormulaKind::Aggregate(a) if a.func == AggFunc::Percentage && a.per.is_none() => Some(a),
        _ => None,
    }
}

/// Whether two percentages have the same denominator, whatever the data. A rule that leaves rows out, and a deadline that
/// is not judged yet, make it depend on the condition.
fn same_rows(model: &Model, kpi: &Kpi, a: &Aggregate, b: &Aggregate) -> bool {
    let fixed = |x: &Aggregate| {
        let mut open = false;
        let exprs = x.arg.iter().chain(&x.filter);
        exprs.for_each(|e| e.walk(&mut |part| open |= matches!(part.kind, RowKind::Timely { .. })));
        !open && x.empty != Some(EmptyRule::Skip)
    };
    let written = |filter: &Option<RowExpr>| {
        let table = kpi.sources.get(a.source)?.table;
        filter.as_ref().map(|f| text::expr(model, table, f))
    };
    a.source == b.source && fixed(a) && fixed(b) && written(&a.filter) == written(&b.filter)
}
