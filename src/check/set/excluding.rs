//! ML317: norms that cannot be met together: two KPIs that measure the same, or each other's complement, and whose norms
//! leave no figure that satisfies both (`> 80%` answered at once beside `> 20%` not answered at once).

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::expr::Comparison;
use crate::model::{AggFunc, Aggregate, Bound, BoundTest, EmptyRule, FormulaKind, Kpi, Model, RowExpr, RowKind, text};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let shares: Vec<(&Kpi, &Aggregate)> = set.all().filter_map(|kpi| Some((kpi, share(kpi)?))).collect();
    for (at, (kpi, a)) in shares.iter().enumerate() {
        for (other, b) in shares.iter().take(at) {
            let Some(same) = relation(set.model, (kpi, a), (other, b)) else { continue };
            // The message stands at one's own.
            let (here, there) = if set.own(kpi.name_span) { (kpi, other) } else { (other, kpi) };
            let clash = bounds(here).find_map(|x| Some((x, bounds(there).find(|y| clash(x, y, same))?)));
            let Some((x, y)) = clash.filter(|(x, _)| set.own(x.span)) else { continue };
            let shown = |kpi: &Kpi, bound: &Bound| text::bound(&bound.test, &kpi.unit);
            let message = format!(
                "`{}` en `{}` meten {}: `{}` en `{}` kunnen nooit samen gehaald worden",
                here.name,
                there.name,
                if same { "hetzelfde" } else { "elkaars tegendeel" },
                shown(here, x),
                shown(there, y)
            );
            sink.push(Diagnostic::warning("ML317", message).at(x.span).also(y.span, "de andere norm").help(if same {
                "kies één norm"
            } else {
                "samen zijn de twee KPI's altijd 100%: pas een van de normen aan"
            }));
        }
    }
}

/// The one percentage that a KPI is.
fn share(kpi: &Kpi) -> Option<&Aggregate> {
    match &kpi.formula()?.kind {
        FormulaKind::Aggregate(a) if a.func == AggFunc::Percentage && a.per.is_none() => Some(a),
        _ => None,
    }
}

/// The bounds of a KPI's total that say more or less than a value.
fn bounds(kpi: &Kpi) -> impl Iterator<Item = &Bound> {
    kpi.norms.bounds.iter().filter(|bound| !matches!(bound.test, BoundTest::Data(..)))
}

/// Whether two percentages are the same (`true`) or together 100 (`false`); nothing where they are neither.
fn relation(model: &Model, (kpi, a): (&Kpi, &Aggregate), (other, b): (&Kpi, &Aggregate)) -> Option<bool> {
    let (used, of) = (kpi.sources.get(a.source)?, other.sources.get(b.source)?);
    let print = |e: &RowExpr| text::expr(model, used.table, e);
    let filters = |e: Option<&RowExpr>, own: Option<&RowExpr>| (e.map(print), own.map(print));
    if used.table != of.table
        || used.axis != of.axis
        || kpi.method.window != other.method.window
        || used.weight.as_ref().map(print) != of.weight.as_ref().map(print)
        || filters(used.filter.as_ref(), a.filter.as_ref()) != filters(of.filter.as_ref(), b.filter.as_ref())
    {
        return None;
    }
    let (x, y) = (a.arg.as_ref()?, b.arg.as_ref()?);
    if print(x) == print(y) && a.empty == b.empty {
        return Some(true);
    }
    let opposite = matches!(
        (a.empty, b.empty),
        (None, None)
            | (Some(EmptyRule::Skip), Some(EmptyRule::Skip))
            | (Some(EmptyRule::Yes), Some(EmptyRule::No))
            | (Some(EmptyRule::No), Some(EmptyRule::Yes))
    );
    (opposite && print(&negation(x)) == print(y)).then_some(false)
}

/// What is true exactly where a condition is not.
fn negation(x: &RowExpr) -> RowExpr {
    let kind = match &x.kind {
        RowKind::Not(inner) => return (**inner).clone(),
        RowKind::Filled(inner, filled) => RowKind::Filled(inner.clone(), !filled),
        RowKind::Compare(op, a, b) => RowKind::Compare(
            match op {
                Comparison::Equal => Comparison::NotEqual,
                Comparison::NotEqual => Comparison::Equal,
                Comparison::Less => Comparison::GreaterEqual,
                Comparison::LessEqual => Comparison::Greater,
                Comparison::Greater => Comparison::LessEqual,
                Comparison::GreaterEqual => Comparison::Less,
            },
            a.clone(),
            b.clone(),
        ),
        _ => RowKind::Not(Box::new(x.clone())),
    };
    RowExpr { kind, ty: x.ty, span: x.span }
}

/// Whether two bounds hold at one time and no figure satisfies both.
fn clash(x: &Bound, y: &Bound, same: bool) -> bool {
    let before = |end: Option<chrono::NaiveDate>, start: Option<chrono::NaiveDate>| {
        end.zip(start).is_some_and(|(end, start)| end <= start)
    };
    if before(x.until, y.from) || before(y.until, x.from) {
        return false;
    }
    let ends = |bound: &Bound| range(&bound.test);
    let ((low, low_in, high, high_in), (a, a_in, b, b_in)) = (ends(x), ends(y));
    let (least, least_in, most, most_in) = if same { (a, a_in, b, b_in) } else { (100.0 - b, b_in, 100.0 - a, a_in) };
    let apart =
        |end: f64, end_in: bool, start: f64, start_in: bool| end < start || (end <= start && !(end_in && start_in));
    apart(high, high_in, least, least_in) || apart(most, most_in, low, low_in)
}

/// The figures that satisfy a bound: from (included or not) to (included or not), within 0–100.
fn range(test: &BoundTest) -> (f64, bool, f64, bool) {
    match *test {
        BoundTest::Between(low, high) => (low, true, high, true),
        BoundTest::Compare(op, value) => match op {
            Comparison::Equal => (value, true, value, true),
            Comparison::Less => (0.0, true, value, false),
            Comparison::LessEqual => (0.0, true, value, true),
            Comparison::Greater => (value, false, 100.0, true),
            Comparison::GreaterEqual => (value, true, 100.0, true),
            Comparison::NotEqual => (0.0, true, 100.0, true),
        },
        BoundTest::Data(..) => (0.0, true, 100.0, true),
    }
}
