//! ML317: norms that cannot be met together: two KPIs that measure the same, or each other's complement, and whose norms
//! leave no figure that satisfies both (`> 80%` answered at once beside `> 20%` not answered at once).

use std::collections::BTreeMap;

use super::{Set, canonical};
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::expr::Comparison;
use crate::model::{
    AggFunc, Aggregate, Bound, BoundTest, EmptyRule, FormulaKind, Kpi, Model, RowExpr, RowKind, Type, text,
};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let mut kpis: Vec<&Kpi> = set.all().filter(|kpi| super::calculates(kpi) && !bounds(kpi).is_empty()).collect();
    kpis.sort_by_key(|kpi| (set.own(kpi.name_span), kpi.name_span));
    let mut same: BTreeMap<String, Vec<&Kpi>> = BTreeMap::new();
    // By what a percentage is of, and what it asks or what that denies.
    let mut asks: BTreeMap<(String, String), Vec<(&Kpi, &Aggregate)>> = BTreeMap::new();
    let mut denies: BTreeMap<(String, String), Vec<(&Kpi, &Aggregate)>> = BTreeMap::new();
    for kpi in kpis {
        let known = same.entry(rhythmic(set.model, kpi)).or_default();
        for other in known.iter() {
            compare(set, kpi, other, true, sink);
        }
        known.push(kpi);
        let Some(Share { of, asked, denied, aggregate }) = share(set.model, kpi) else { continue };
        let (asked, denied) = ((of.clone(), asked), (of, denied));
        let known = asks.get(&denied).into_iter().chain(denies.get(&asked)).flatten();
        let opposite: BTreeMap<&str, &Kpi> =
            known.filter(|(_, of)| opposite(aggregate, of)).map(|(other, _)| (other.name.as_str(), *other)).collect();
        for other in opposite.into_values() {
            compare(set, kpi, other, false, sink);
        }
        asks.entry(asked).or_default().push((kpi, aggregate));
        denies.entry(denied).or_default().push((kpi, aggregate));
    }
}

/// What a KPI calculates. A percentage is as high over a month as over a year; a number is not.
fn rhythmic(model: &Model, kpi: &Kpi) -> String {
    let period = Some(kpi.method.period).filter(|_| kpi.unit.ty != Type::Percentage);
    format!("{period:?} {}", canonical::calculation(model, kpi))
}

fn compare(set: &Set<'_>, kpi: &Kpi, other: &Kpi, same: bool, sink: &mut Sink) {
    let (mine, theirs) = (bounds(kpi), bounds(other));
    let clash = mine.iter().find_map(|(member, x)| {
        let (_, y) = theirs.iter().find(|(of, y)| of == member && clash(x, y, same))?;
        Some((x, y))
    });
    let Some((x, y)) = clash else { return };
    // Of a shipped KPI with a norm of the author's it is that norm.
    let (at, also) = if set.own(x.span) { (x.span, y.span) } else { (y.span, x.span) };
    if !set.own(at) {
        return;
    }
    let shown = |kpi: &Kpi, bound: &Bound| text::bound(&bound.test, &kpi.unit);
    let message = format!(
        "`{}` en `{}` meten {}: `{}` en `{}` kunnen nooit samen gehaald worden",
        kpi.name,
        other.name,
        if same { "hetzelfde" } else { "elkaars tegendeel" },
        shown(kpi, x),
        shown(other, y)
    );
    sink.push(Diagnostic::warning("ML317", message).at(at).also(also, "de andere norm").help(if same {
        "kies één norm"
    } else {
        "samen zijn de twee KPI's altijd 100%: pas een van de normen aan"
    }));
}

/// For whom a bound holds: nobody for the total, or a dimension and its member.
type Member<'a> = Option<(&'a str, &'a str)>;

/// The bounds of a KPI whose value is known, those of its members too.
fn bounds(kpi: &Kpi) -> Vec<(Member<'_>, &Bound)> {
    let dimension = kpi.norms.per.as_ref().map(|per| per.dimension.as_str());
    let all = kpi.norms.all().into_iter();
    all.flat_map(|(label, norms)| norms.bounds.iter().map(move |bound| (dimension.zip(label), bound)))
        .filter(|(_, bound)| !matches!(bound.test, BoundTest::Data(..)))
        .collect()
}

/// A percentage.
struct Share<'a> {
    /// The rows that it is a percentage of, with axis, weight and window.
    of: String,
    /// The condition, and what is true exactly where it is not.
    asked: String,
    denied: String,
    aggregate: &'a Aggregate,
}

/// The one percentage that a KPI is.
fn share<'a>(model: &Model, kpi: &'a Kpi) -> Option<Share<'a>> {
    let FormulaKind::Aggregate(aggregate) = &kpi.formula()?.kind else { return None };
    if aggregate.func != AggFunc::Percentage || aggregate.per.is_some() {
        return None;
    }
    let used = kpi.sources.get(aggregate.source)?;
    let weight = used.weight.as_ref().map(|e| text::expr(model, used.table, e));
    let rows = canonical::population(model, kpi, aggregate);
    let asked = aggregate.arg.as_ref()?;
    Some(Share {
        of: format!("{:?}", (used.table, &used.axis, weight, rows, kpi.method.window)),
        asked: canonical::condition(model, used.table, asked),
        denied: canonical::condition(model, used.table, &negation(asked)),
        aggregate,
    })
}

/// Whether an empty answer leaves two percentages of opposite conditions each other's complement.
fn opposite(a: &Aggregate, b: &Aggregate) -> bool {
    matches!(
        (a.empty, b.empty),
        (None, None)
            | (Some(EmptyRule::Skip), Some(EmptyRule::Skip))
            | (Some(EmptyRule::Yes), Some(EmptyRule::No))
            | (Some(EmptyRule::No), Some(EmptyRule::Yes))
    )
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
    let (x, y) = (range(&x.test), range(&y.test));
    let y =
        if same { y } else { Range { low: 100.0 - y.high, low_in: y.high_in, high: 100.0 - y.low, high_in: y.low_in } };
    apart(&x, &y) || apart(&y, &x)
}

/// The figures that satisfy a bound, each end included or not.
struct Range {
    low: f64,
    low_in: bool,
    high: f64,
    high_in: bool,
}

/// Whether all of one lies below all of the other.
fn apart(below: &Range, above: &Range) -> bool {
    below.high < above.low || (below.high <= above.low && !(below.high_in && above.low_in))
}

fn range(test: &BoundTest) -> Range {
    let between = |low, low_in, high, high_in| Range { low, low_in, high, high_in };
    match *test {
        BoundTest::Between(low, high) => between(low, true, high, true),
        BoundTest::Compare(op, value) => match op {
            Comparison::Equal => between(value, true, value, true),
            Comparison::Less => between(f64::NEG_INFINITY, false, value, false),
            Comparison::LessEqual => between(f64::NEG_INFINITY, false, value, true),
            Comparison::Greater => between(value, false, f64::INFINITY, false),
            Comparison::GreaterEqual => between(value, true, f64::INFINITY, false),
            Comparison::NotEqual => between(f64::NEG_INFINITY, false, f64::INFINITY, false),
        },
        BoundTest::Data(..) => between(f64::NEG_INFINITY, false, f64::INFINITY, false),
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, apart, range};
    use crate::model::BoundTest::{self, Between, Compare};

    #[test]
    fn ranges_that_touch() {
        let apart = |x: BoundTest, y: BoundTest| apart(&range(&x), &range(&y));
        assert!(apart(Compare(Comparison::Less, 5.0), Compare(Comparison::Greater, 5.0)));
        assert!(apart(Compare(Comparison::Less, 5.0), Compare(Comparison::GreaterEqual, 5.0)));
        assert!(!apart(Compare(Comparison::LessEqual, 5.0), Compare(Comparison::GreaterEqual, 5.0)));
        assert!(!apart(Compare(Comparison::NotEqual, 5.0), Compare(Comparison::GreaterEqual, 5.0)));
        assert!(apart(Between(1.0, 2.0), Compare(Comparison::Greater, 2.0)));
    }
}
