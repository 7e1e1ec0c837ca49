//! The `norm` answer: bounds in the base of the KPI's unit, their validity, and the reference values beside them.

use chrono::NaiveDate;

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::expr::Comparison;
use crate::model::norm::{DataLimit, Reference, ReferenceKind};
use crate::model::{AggFunc, Bound, BoundTest, Dimension, Formula, FormulaKind, Norms, Type, Unit, text};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, NormItem, Test, Validity};

use super::compare::{alike, bare_number};
use super::constant::{base, example, fold, with_unit};
use super::echo;
use super::expr::{Rows, comparison};
use super::interval::Interval;
use super::parameter::not_constant;
use super::scope::{Log, Scope, Use, World};
use super::{norm_data, norm_per};

/// What is known of the KPI whose norm it is.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    /// None when the KPI has mistakes, so that units cannot be held against it.
    pub unit: Option<Unit>,
    pub formula: Option<&'a Formula>,
    /// What its rows come from: for norms whose value is a column.
    pub uses: &'a [Use],
    pub dimensions: &'a [Dimension],
}

/// Resolves a norm clause.
pub(super) fn resolve(
    world: World<'_>,
    subject: Subject<'_>,
    items: &[NormItem],
    span: Span,
    log: &mut Log<'_>,
) -> Norms {
    let mut data = Vec::new();
    let mut reader = Reader { world, subject, data: &mut data, log };
    let mut norms = reader.norms(items, span, true);
    norm_per::resolve(&mut reader, &mut norms, items);
    norms.data = data;
    norms
}

impl Reader<'_, '_, '_> {
    /// The items of a clause, or of one member (`whole` is false): a member may go without a norm without saying why.
    pub fn norms(&mut self, items: &[NormItem], span: Span, whole: bool) -> Norms {
        let mut norms = Norms::default();
        let mut none: Option<Span> = None;
        let mut per = false;
        for item in items {
            match item {
                NormItem::None { reason, span } => {
                    none = Some(*span);
                    norms.none = reason.as_ref().map(|r| r.value.clone());
                    if whole && reason.as_ref().is_none_or(|r| r.value.trim().is_empty()) {
                        self.log.error(no_reason("norm", *span));
                    }
                }
                NormItem::Bound { test, validity, span } => {
                    let Some(test) = self.test(test, *span) else {
                        // Keeps its place, so that a `bijna` behind it finds it.
                        norms.bounds.push(unread(validity, *span));
                        continue;
                    };
                    self.possible(&test, *span);
                    let (from, until) = self.dates(validity, *span);
                    norms.bounds.push(Bound { test, from, until, near: None, span: *span });
                }
                NormItem::Near { test, span } => {
                    let test = if norms.bounds.last().is_some_and(is_unread) {
                        self.same_mistake(|reader| reader.test(test, *span))
                    } else {
                        self.test(test, *span)
                    };
                    near(&mut norms, test, self.subject, *span, self.log);
                }
                NormItem::Target { test, validity, span } => {
                    let test = self.fixed(test, "streefnorm", *span).map(ReferenceKind::Target);
                    norms.references.extend(self.reference(test, validity, *span));
                }
                NormItem::Guideline { test, validity, span } => {
                    let test = self.fixed(test, "richtlijn", *span).map(ReferenceKind::Guideline);
                    norms.references.extend(self.reference(test, validity, *span));
                }
                NormItem::Benchmark { label, value, year, n, span } => {
                    let kind = self.value(value).map(|value| ReferenceKind::Benchmark {
                        label: label.value.clone(),
                        value,
                        year: year.as_ref().map(|y| y.value),
                        n: n.as_ref().map(|n| n.value),
                    });
                    norms.references.extend(self.reference(kind, &Validity::default(), *span));
                }
                NormItem::PerMember { .. } => per = true,
            }
        }
        if let (Some(none), Some(bound)) = (none, norms.bounds.first()) {
            let who = if whole { "deze kpi" } else { "dit lid" };
            self.log.error(
                Diagnostic::error("ML409", format!("{who} heeft een norm en tegelijk `geen`"))
                    .at(none)
                    .also(bound.span, "de norm")
                    .help("laat een van beide weg; een waarde die niet beslist, heet `streefnorm` of `richtlijn`"),
            );
            return norms;
        }
        if none.is_none() && norms.bounds.is_empty() && !items.is_empty() && !per {
            self.log.error(
                Diagnostic::error("ML110", "een streefnorm, richtlijn of benchmark beslist niet of de norm gehaald is")
                    .at(span)
                    .help("schrijf ook een norm, bijvoorbeeld `>= 80%`, of `geen \"reden\"`"),
            );
        }
        sort(&mut norms, self.log);
        norms
    }
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
fn near(norms: &mut Norms, test: Option<BoundTest>, subject: Subject<'_>, span: Span, log: &mut Log<'_>) {
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
    let looser = match (upward(&test), upward(&bound.test)) {
        // How far it lies is for the data to say; that it lies on the same side is not.
        (a, b) if from_data(&test) || from_data(&bound.test) => a == b,
        _ => Interval::of(&test).is_looser_than(&Interval::of(&bound.test)),
    };
    if looser {
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

fn from_data(test: &BoundTest) -> bool {
    matches!(test, BoundTest::Data(..))
}

/// Whether more is better; nothing where neither side is.
fn upward(test: &BoundTest) -> Option<bool> {
    let (BoundTest::Compare(op, _) | BoundTest::Data(op, _)) = test else { return None };
    match op {
        Comparison::Greater | Comparison::GreaterEqual => Some(true),
        Comparison::Less | Comparison::LessEqual => Some(false),
        Comparison::Equal | Comparison::NotEqual => None,
    }
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
pub(super) struct Reader<'a, 'b, 'l> {
    pub world: World<'a>,
    pub subject: Subject<'a>,
    /// The values that come from the data, gathered over the whole clause.
    pub data: &'b mut Vec<DataLimit>,
    pub log: &'b mut Log<'l>,
}

impl Reader<'_, '_, '_> {
    fn test(&mut self, test: &Test, span: Span) -> Option<BoundTest> {
        match test {
            Test::Compare(op, value) => match norm_data::source_of(self, value) {
                Some(source) => {
                    let limit = norm_data::limit(self, source, value)?;
                    Some(BoundTest::Data(comparison(op.value), limit))
                }
                None => Some(BoundTest::Compare(comparison(op.value), self.value(value)?)),
            },
            Test::Between(low, high) => {
                if let Some(part) = [low, high].into_iter().find(|x| norm_data::source_of(self, x).is_some()) {
                    self.log.error(norm_data::no_range(part));
                    return None;
                }
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

    /// A test whose value is the same for every row: of a reference that decides nothing.
    fn fixed(&mut self, test: &Test, what: &str, span: Span) -> Option<BoundTest> {
        if let Test::Compare(_, value) = test
            && norm_data::source_of(self, value).is_some()
        {
            self.log.error(norm_data::no_reference(what, value));
            return None;
        }
        self.test(test, span)
    }

    /// Reads what stands beside a value that had a mistake: the same wrong unit is not told twice, other mistakes are.
    fn same_mistake<T>(&mut self, read: impl FnOnce(&mut Reader<'_, '_, '_>) -> Option<T>) -> Option<T> {
        let mut own = Sink::default();
        let mut log = Log::new(&mut own);
        let (world, subject) = (self.world, self.subject);
        let found = read(&mut Reader { world, subject, data: &mut *self.data, log: &mut log });
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
        let unit = self.fits(inner, resolved.ty)?;
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

    /// The unit of the KPI, where a value of this type has it.
    pub fn fits(&mut self, written: &Expr, ty: Type) -> Option<Unit> {
        let Some(unit) = self.subject.unit else {
            self.log.poison();
            return None;
        };
        if !ty.is_quantity() || !alike(ty, unit.ty) {
            self.log.error(wrong_unit(unit, written, ty));
            return None;
        }
        Some(unit)
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

    /// A norm that no value of this KPI can meet.
    fn possible(&mut self, test: &BoundTest, span: Span) {
        let Some((low, high, why)) = self.subject.formula.and_then(range) else { return };
        if !Interval::of(test).meets(&Interval::closed(low, high)) {
            self.log.error(
                Diagnostic::error("ML405", format!("deze norm is nooit te halen: {why}"))
                    .at(span)
                    .help("controleer de waarde en de richting (`>=` of `<=`)"),
            );
        }
    }
}

/// The values that a calculation can have at all, with why; nothing where that cannot be said.
fn range(formula: &Formula) -> Option<(f64, f64, String)> {
    let a = match &formula.kind {
        FormulaKind::Aggregate(a) => a,
        FormulaKind::Portion(x) if matches!(&x.kind, FormulaKind::Aggregate(a) if a.func == AggFunc::Count) => {
            return Some((0.0, 100.0, "een aandeel ligt van 0% tot en met 100%".to_owned()));
        }
        _ => return None,
    };
    let argument = a.arg.as_ref().map(|arg| arg.ty);
    match (a.func, argument) {
        (AggFunc::Percentage, _) => Some((0.0, 100.0, "een percentage ligt van 0% tot en met 100%".to_owned())),
        (AggFunc::Count | AggFunc::CountDistinct | AggFunc::Stock, _) => {
            Some((0.0, f64::INFINITY, "een aantal is nooit kleiner dan 0".to_owned()))
        }
        (
            AggFunc::Mean | AggFunc::Median | AggFunc::Percentile(_) | AggFunc::Min | AggFunc::Max | AggFunc::Last,
            Some(Type::Score(low, high)),
        ) => Some((low, high, format!("dit cijfer ligt van {low} tot en met {high}"))),
        _ => None,
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
