//! ML316: one KPI takes what is under a limit (`< 5 s`), another what is over it (`> 5 s`), and what is exactly on it is in
//! neither.

use std::collections::BTreeMap;

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::expr::Comparison;
use crate::model::{Kpi, RowKind, text};
use crate::source::Span;

/// Who compares what with a limit, and how.
#[derive(Default)]
struct Sides<'a> {
    under: Vec<(&'a Kpi, Span)>,
    over: Vec<(&'a Kpi, Span)>,
    /// Some KPI takes the limit itself in.
    covered: bool,
    limit: String,
}

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let mut sides: BTreeMap<(String, String, String), Sides<'_>> = BTreeMap::new();
    for kpi in set.all() {
        for (table, expr) in super::row_expressions(kpi) {
            expr.walk(&mut |part| {
                let RowKind::Compare(op, a, b) = &part.kind else { return };
                let (op, measured, limit) = match (&a.kind, &b.kind) {
                    (_, RowKind::Constant(_)) => (*op, a, b),
                    (RowKind::Constant(_), _) => (turned(*op), b, a),
                    _ => return,
                };
                let (measured, limit) = (text::expr(set.model, table, measured), text::expr(set.model, table, limit));
                let side = sides.entry((set.model.table(table).full_name(), measured, limit.clone())).or_default();
                side.limit = limit;
                match op {
                    Comparison::Less => side.under.push((kpi, part.span)),
                    Comparison::Greater => side.over.push((kpi, part.span)),
                    _ => side.covered = true,
                }
            });
        }
    }
    for ((_, measured, _), side) in sides.iter().filter(|(_, side)| !side.covered) {
        // One KPI that asks both means everything but the limit.
        let both = |(under, _): &&(&Kpi, Span)| side.over.iter().all(|(over, _)| over.name != under.name);
        let Some((under, low)) = side.under.iter().find(both) else { continue };
        let Some((over, high)) = side.over.first() else { continue };
        let (at, other) = if set.own(*high) { (*high, *low) } else { (*low, *high) };
        if !set.own(at) {
            continue;
        }
        sink.push(
            Diagnostic::warning(
                "ML316",
                format!(
                    "`{}` telt `{measured}` onder {limit}, `{}` erboven: precies {limit} telt in geen van beide",
                    under.name,
                    over.name,
                    limit = side.limit
                ),
            )
            .at(at)
            .also(other, "de andere kant")
            .help(format!("laat één van de twee de grens meenemen: `<= {}` of `>= {}`", side.limit, side.limit)),
        );
    }
}

/// The comparison as seen from the other side.
fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        same => same,
    }
}
