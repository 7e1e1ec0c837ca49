//! The `norm` answer: bounds in the base of the KPI's unit, their validity, and the reference values beside them.

use chrono::NaiveDate;

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::norm::{Reference, ReferenceKind};
use crate::model::{AggFunc, Bound, BoundTest, Formula, FormulaKind, Norms, Type, Unit, text};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, NormItem, Test, Validity};

use super::compare::{alike, bare_number};
use super::constant::{base, example, fold, with_unit};
use super::echo;
use super::expr::{Rows, comparison};
use super::interval::Interval;
use super::parameter::not_constant;
use super::scope::{Log, Scope, World};

/// What is known of the KPI whose norm it is.
pub(super) struct Subject<'a> {
    /// None when the KPI has mistakes, so that units cannot be held against it.
    pub unit: Option<Unit>,
    pub formula: Option<&'a Formula>,
}

/// Resolves a norm clause.
pub(super) fn resolve(
    world: World<'_>,
    subject: &Subject<'_>,
    items: &[NormItem],
    span: Span,
    log: &mut Log<'_>,
) -> Norms {
    let mut norms = Norms::default();
    let mut none: Option<Span> = None;
    for item in items {
        let mut reader = Reader { world, unit: subject.unit, log };
        match item {
            NormItem::None { reason, span } => {
                none = Some(*span);
                norms.none = reason.as_ref().map(|r| r.value.clone());
                if reason.as_ref().is_none_or(|r| r.value.trim().is_empty()) {
                    log.error(no_reason("norm", *span));
                }
            }
            NormItem::Bound { test, validity, span } => {
                let Some(test) = reader.test(test, *span) else {
                    // Keeps its place, so that a `bijna` behind it finds it.
                    norms.bounds.push(unread(validity, *span));
                    continue;
                };
                reader.possible(&test, subject, *span);
                let (from, until) = reader.dates(validity, *span);
                norms.bounds.push(Bound { test, from, until, near: None, span: *span });
            }
            NormItem::Near { test, span } => {
                let test = if norms.bounds.last().is_some_and(is_unread) {
                    reader.same_mistake(|reader| reader.test(test, *span))
                } else {
                    reader.test(test, *span)
                };
                near(&mut norms, test, subject, *span, log);
            }
            NormItem::Target { test, validity, span } => {
                let test = reader.test(test, *span).map(ReferenceKind::Target);
                norms.references.extend(reader.reference(test, validity, *span));
            }
            NormItem::Guideline { test, validity, span } => {
                let test = reader.test(test, *span).map(ReferenceKind::Guideline);
                norms.references.extend(reader.reference(test, validity, *span));
            }
            NormItem::Benchmark { label, value, year, n, span } => {
                let kind = reader.value(value).map(|value| ReferenceKind::Benchmark {
                    label: label.value.clone(),
                    value,
                    year: year.as_ref().map(|y| y.value),
                    n: n.as_ref().map(|n| n.value),
                });
                norms.references.extend(reader.reference(kind, &Validity::default(), *span));
            }
        }
    }
    if let (Some(none), Some(bound)) = (none, norms.bounds.first()) {
        log.error(
            Diagnostic::error("ML409", "deze kpi heeft een norm en tegelijk `geen`")
                .at(none)
                .also(bound.span, "de norm")
                .help("laat een van beide weg; een waarde die niet beslist, heet `streefnorm` of `richtlijn`"),
        );
        return norms;
    }
    if none.is_none() && norms.bounds.is_empty() && !items.is_empty() {
        log.error(
            Diagnostic::error("ML110", "een streefnorm, richtlijn of benchmark beslist niet of de norm gehaald is")
                .at(span)
                .help("schrijf ook een norm, bijvoorbeeld `>= 80%`, of `geen \"reden\"`"),
        );
    }
    sort(&mut norms, log);
    norms
}

/// `geen` without saying why.
pub(super) fn no_reason(clause: &str, span: Span) -> Diagnostic {
    Diagnostic::error("ML118", format!("`{clause} geen` zegt niet waarom"))
        .at(span)
        .help(format!("geef de reden: `{clause} geen \"…\"`"))
}

fn unread(validity: &Validity, span: Span) -> Bound {
    let (from, until) = (validity.from.as_ref().map(|d| d.value), validity.until.as_ref().map(|d| d.value));
    Bound { test: BoundTest::Compare(crate::model::expr::Comparison::Equal, f64::NAN), from, until, near: None, span }
}

fn is_unread(bound: &Bound) -> bool {
    matches!(bound.test, BoundTest::Compare(_, value) if value.is_nan())
}

/// A `bijna` goes to the bound before it.
fn near(norms: &mut Norms, test: Option<BoundTest>, subject: &Subject<'_>, span: Span, log: &mut Log<'_>) {
    let Some(bound) = norms.bounds.last_mut() else {
        log.error(
            Diagnostic::error("ML408", "`bijna` hoort bij een norm, en er staat er geen voor")
                .at(span)
                .help("schrijf eerst de norm: `>= 80% bijna >= 75%`"),
        );
        return;
    };
    if bound.near.is_some() {
        log.error(Diagnostic::error("ML408", "deze norm heeft al een `bijna`").at(span).also(bound.span, "de norm"));
        return;
    }
    let Some(test) = test else { return };
    if is_unread(bound) {
        return;
    }
    bound.near = Some(test);
    if Interval::of(&test).is_looser_than(&Interval::of(&bound.test)) {
        return;
    }
    let unit = subject.unit.unwrap_or(Unit::of(Type::Number));
    log.error(
        Diagnostic::error(
            "ML407",
            format!(
                "`bijna {}` is niet ruimer dan de norm `{}`",
                text::bound(&test, &unit),
                text::bound(&bound.test, &unit)
            ),
        )
        .at(span)
        .also(bound.span, "de norm")
        .help("`bijna` is de waarde waarbij de norm net niet gehaald is: zwakker dan de norm, in dezelfde richting"),
    );
}

/// Puts the bounds in order of time, closes the open ends and reports overlaps and gaps.
fn sort(norms: &mut Norms, log: &mut Log<'_>) {
    norms.bounds.sort_by_key(|b| b.from);
    for index in 1..norms.bounds.len() {
        let next = norms.bounds[index].from;
        let (before, next_span) = (&norms.bounds[index - 1], norms.bounds[index].span);
        let Some(next) = next.filter(|_| before.from != next) else {
            log.error(
                Diagnostic::error("ML402", "twee normen gelden tegelijk")
                    .at(next_span)
                    .also(before.span, "de andere")
                    .help("geef de tweede een begin: `vanaf 2028-01-01`"),
            );
            continue;
        };
        match before.until {
            None => norms.bounds[index - 1].until = Some(next),
            Some(until) if until > next => {
                log.error(
                    Diagnostic::error("ML402", format!("twee normen gelden tegelijk, van {next} tot {until}"))
                        .at(next_span)
                        .also(before.span, "de andere")
                        .help(format!("laat de eerste eindigen met `tot {next}`")),
                );
            }
            Some(until) if until < next => {
                log.error(
                    Diagnostic::error("ML403", format!("van {until} tot {next} geldt er geen norm"))
                        .at(next_span)
                        .also(before.span, "deze eindigt eerder")
                        .help(format!("laat de norm ingaan op {until}, of de vorige doorlopen tot {next}")),
                );
            }
            Some(_) => {}
        }
    }
}

/// Reads values in the unit of the KPI.
struct Reader<'a, 'b, 'l> {
    world: World<'a>,
    unit: Option<Unit>,
    log: &'b mut Log<'l>,
}

impl Reader<'_, '_, '_> {
    fn test(&mut self, test: &Test, span: Span) -> Option<BoundTest> {
        match test {
            Test::Compare(op, value) => Some(BoundTest::Compare(comparison(op.value), self.value(value)?)),
            Test::Between(low, high) => {
                let low = self.value(low);
                let high =
                    if low.is_none() { self.same_mistake(|reader| reader.value(high)) } else { self.value(high) };
                let (low, high) = (low?, high?);
                if low > high {
                    self.log.error(
                        Diagnostic::error("ML406", "`tussen` loopt hier van hoog naar laag: geen waarde haalt dat")
                            .at(span)
                            .help("schrijf de laagste waarde eerst"),
                    );
                    return None;
                }
                Some(BoundTest::Between(low, high))
            }
        }
    }

    /// Reads what stands beside a value that had a mistake: the same wrong unit is not told twice, other mistakes are.
    fn same_mistake<T>(&mut self, read: impl FnOnce(&mut Reader<'_, '_, '_>) -> Option<T>) -> Option<T> {
        let mut own = Sink::default();
        let found = read(&mut Reader { world: self.world, unit: self.unit, log: &mut Log::new(&mut own) });
        self.log.poison();
        own.into_sorted().into_iter().filter(|d| d.code != "ML401").for_each(|d| self.log.error(d));
        found
    }

    /// A constant in the base of the KPI's unit.
    fn value(&mut self, expr: &Expr) -> Option<f64> {
        let (inner, per) = match &expr.kind {
            ExprKind::Per { value, number, base: None } => (value.as_ref(), Some(number)),
            _ => (expr, None),
        };
        let resolved = Rows::new(self.world, Scope::Constant("een norm"), self.log).expr(inner);
        if resolved.ty == Type::Unknown {
            return None;
        }
        let Some(unit) = self.unit else {
            self.log.poison();
            return None;
        };
        if !resolved.ty.is_quantity() || !alike(resolved.ty, unit.ty) {
            self.log.error(wrong_unit(unit, inner, resolved.ty));
            return None;
        }
        if let Some(per) = per
            && unit.per != Some(per.value)
        {
            let message = format!("deze norm is per {}, maar de kpi is in `{unit}`", per.value);
            self.log.error(
                Diagnostic::error("ML401", message)
                    .at(expr.span)
                    .help(format!("schrijf de norm als `{}`", example(unit))),
            );
            return None;
        }
        let value = fold(&resolved).and_then(|v| base(&v, resolved.ty)).filter(|v| v.is_finite());
        if value.is_none() {
            self.log.error(not_constant(inner));
        }
        value
    }

    fn dates(&mut self, validity: &Validity, span: Span) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let (from, until) = (validity.from.as_ref().map(|d| d.value), validity.until.as_ref().map(|d| d.value));
        if let (Some(a), Some(b)) = (from, until)
            && a >= b
        {
            self.log.error(
                Diagnostic::error("ML404", "deze norm geldt op geen enkele dag: het einde ligt niet na het begin")
                    .at(validity.until.as_ref().map_or(span, |d| d.span))
                    .help("`tot` sluit zijn dag uit; `tot en met` telt hem mee"),
            );
        }
        (from, until)
    }

    fn reference(&mut self, kind: Option<ReferenceKind>, validity: &Validity, span: Span) -> Option<Reference> {
        let (from, until) = self.dates(validity, span);
        Some(Reference { kind: kind?, from, until, span })
    }

    /// A share of rows lies between 0 and 100.
    fn possible(&mut self, test: &BoundTest, subject: &Subject<'_>, span: Span) {
        let is_share = subject
            .formula
            .is_some_and(|f| matches!(&f.kind, FormulaKind::Aggregate(a) if a.func == AggFunc::Percentage));
        if is_share && !Interval::of(test).meets(&Interval::closed(0.0, 100.0)) {
            self.log.error(
                Diagnostic::error("ML405", "deze norm is nooit te halen: een percentage ligt van 0% tot en met 100%")
                    .at(span)
                    .help("controleer de waarde en de richting (`>=` of `<=`)"),
            );
        }
    }
}

fn wrong_unit(unit: Unit, expr: &Expr, ty: Type) -> Diagnostic {
    let message = format!("de norm {} is {}, maar deze kpi geeft {}", echo::shown(expr), ty.phrase(), unit.ty.phrase());
    let diagnostic =
        Diagnostic::error("ML401", message).at(expr.span).label(format!("de eenheid van de kpi is `{unit}`"));
    let number = match &expr.kind {
        ExprKind::Literal(crate::syntax::ast::Literal::Percent(text)) if unit.ty == Type::PercentPoint => {
            Some(text.clone())
        }
        ExprKind::Literal(crate::syntax::ast::Literal::Percent(text)) if unit.ty.is_plain_number() => {
            return diagnostic.help(format!("schrijf het getal zonder `%`: `{text}`"));
        }
        // `0.8` where `80%` is meant.
        _ if unit.ty == Type::Percentage => bare_number(expr).map(|number| match number.parse::<f64>() {
            Ok(share) if share > 0.0 && share < 1.0 => format!("{}", (share * 1e6).round() / 1e4),
            _ => number,
        }),
        _ => bare_number(expr),
    };
    match number.and_then(|number| with_unit(&number, unit.ty)) {
        Some(fixed) => diagnostic.help(format!("schrijf `{fixed}`")).replace(expr.span, fixed),
        None => diagnostic.help(format!("schrijf de norm in die eenheid, bijvoorbeeld `{}`", example(unit))),
    }
}
