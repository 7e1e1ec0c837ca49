//! Working days in row expressions: `werkdagen(a, b)`, `werktijd(a, b)`, `d + 5 werkdagen`, `d + 12 maanden`, and
//! `tijdig(van, tot, binnen …)`, which is `tijdig(tot, uiterlijk …)` with the due moment worked out.

use crate::diagnostic::Diagnostic;
use crate::model::expr::{Arithmetic, RowFunction};
use crate::model::{CalendarId, RowExpr, RowKind, Type, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Expr, ExprKind, Literal, Name, Unit};

use super::expr::{Rows, folded};
use super::scope::Scope;
use super::{calendar, compare, constant, echo, literal};

impl Rows<'_, '_> {
    /// `werkdagen(a, b[, kalender])` and `werktijd(a, b[, kalender])`.
    pub(super) fn working(&mut self, name: &Name, args: &[&Expr], span: Span) -> RowExpr {
        let time = name.value == "werktijd";
        let (a, b, said) = match args {
            [a, b] => (a, b, None),
            [a, b, calendar] => (a, b, Some(calendar)),
            _ => return self.wrong_count(name, span),
        };
        let fits = |ty| ty == Type::Moment || (!time && ty == Type::Date);
        let mut one = |arg: &Expr| {
            let x = self.expr(arg);
            if time && x.ty == Type::Date {
                let diagnostic = Diagnostic::error(
                    "ML207",
                    format!("`werktijd` vraagt een tijdstip, maar {} is een datum", echo::shown(arg)),
                )
                .at(arg.span)
                .label(self.described(&x))
                .help("een datum heeft geen tijd: tel werkdagen met `werkdagen(…)`, of neem een tijdstip");
                self.log.error(diagnostic);
                return None;
            }
            self.fitting(name, arg, x, if time { "een tijdstip" } else { "een tijdstip of datum" }, fits)
        };
        let (x, y) = (one(a), one(b));
        let id = match said {
            Some(said) => self.named_calendar(said),
            None => self.calendar(&format!("`{}(…)`", name.value), name.span),
        };
        let (Some(x), Some(y), Some(id)) = (x, y, id) else { return self.nothing(span) };
        if time && !self.world.model.calendar(id).rules.has_hours() {
            let diagnostic = self.no_hours(id, span);
            return self.error(diagnostic, span);
        }
        let (function, ty) = if time {
            (RowFunction::WorkingTime(id), Type::Duration)
        } else {
            (RowFunction::Workdays(id), Type::Workdays)
        };
        RowExpr { kind: RowKind::Function(function, vec![x, y]), ty, span }
    }

    /// The calendar where none is named; where that is unclear, `word` is told to need one.
    fn calendar(&mut self, word: &str, span: Span) -> Option<CalendarId> {
        let model = self.world.model;
        let Some(id) = self.world.calendar else {
            let of_kpi = matches!(self.scope, Scope::Use { .. });
            self.log.error(calendar::which(model, word, of_kpi, span));
            return None;
        };
        self.sound(id)
    }

    /// The calendar that an argument names.
    fn named_calendar(&mut self, said: &Expr) -> Option<CalendarId> {
        let ExprKind::Path(path) = &said.kind else {
            let message = format!("hier hoort de naam van een kalender, en {} is dat niet", echo::shown(said));
            self.log.error(
                Diagnostic::error("ML122", message).at(said.span).help("bijvoorbeeld `werkdagen(a, b, gemeente)`"),
            );
            return None;
        };
        let name = Spanned::new(path.text(), path.span);
        let found = calendar::find(self.world.model, &name, self.log.sink);
        if found.is_none() {
            self.log.poison();
        }
        self.sound(found?)
    }

    /// A calendar with a reported mistake is used in silence.
    fn sound(&mut self, id: CalendarId) -> Option<CalendarId> {
        let known = self.world.model.calendars.get(id.0).is_some_and(|c| !c.incomplete);
        if !known {
            self.log.poison();
        }
        known.then_some(id)
    }

    fn no_hours(&self, id: CalendarId, span: Span) -> Diagnostic {
        let calendar = self.world.model.calendar(id);
        match calendar.span {
            Some(declared) => {
                let message = format!("kalender `{}` heeft geen openingstijden", calendar.name);
                Diagnostic::error("ML232", message).at(span).also(declared, "deze kalender").help(
                    "zet in de kalender wanneer er gewerkt wordt, bijvoorbeeld `open ma, di, wo, do, vr 08:30 - 17:00`",
                )
            }
            None => Diagnostic::error("ML232", "`werktijd` telt de openingstijden, en die staan nergens")
                .at(span)
                .help("maak een kalender: `kalender gemeente { open ma, di, wo, do, vr 08:30 - 17:00 }`"),
        }
    }

    /// `d ± n werkdagen` and `d ± n maanden`, where this is one.
    pub(super) fn moved(
        &mut self,
        (a, x): (&Expr, &RowExpr),
        op: &Spanned<ast::Arithmetic>,
        (b, y): (&Expr, &RowExpr),
        span: Span,
    ) -> Option<RowExpr> {
        let adds = op.value == ast::Arithmetic::Add;
        let ((_, day), (_, by)) = match (x.ty, y.ty) {
            (Type::Date, Type::Workdays) if adds || op.value == ast::Arithmetic::Subtract => ((a, x), (b, y)),
            (Type::Workdays, Type::Date) if adds => ((b, y), (a, x)),
            _ => return None,
        };
        let by = if adds { by.clone() } else { negative(by.clone()) };
        let id = self.calendar("rekenen met werkdagen", span);
        Some(match id {
            Some(id) => workdays_after(id, day.clone(), by, span),
            None => self.nothing(span),
        })
    }

    /// `d ± 12 maanden`: a month has no fixed length, and so no type.
    pub(super) fn moved_by_months(
        &mut self,
        a: &Expr,
        op: &Spanned<ast::Arithmetic>,
        b: &Expr,
        span: Span,
    ) -> Option<RowExpr> {
        let adds = op.value == ast::Arithmetic::Add;
        let (day, text, number) = match (months(a), months(b)) {
            (None, Some(text)) if adds || op.value == ast::Arithmetic::Subtract => (a, text, b),
            (Some(text), None) if adds => (b, text, a),
            _ => return None,
        };
        let x = self.expr(day);
        if x.ty == Type::Unknown {
            return Some(self.nothing(span));
        }
        if x.ty != Type::Date {
            let sign = op.value.sign();
            let diagnostic = Diagnostic::error("ML204", format!("{} {sign} maanden kan niet", x.ty.phrase()))
                .at(day.span)
                .label(self.described(&x))
                .also(number.span, "een aantal maanden")
                .help(if x.ty == Type::Moment {
                    format!("reken met de dag: `datum({}) {sign} {text} maanden`", echo::text(day))
                } else {
                    "maanden schuiven een datum op: `datum + 12 maanden`".to_owned()
                });
            return Some(self.error(diagnostic, span));
        }
        Some(match self.months(text, number.span) {
            Some(n) => months_after(x, if adds { n } else { -n }, span),
            None => self.nothing(span),
        })
    }

    /// A whole number of months.
    fn months(&mut self, text: &str, span: Span) -> Option<i64> {
        let number = literal::literal(&Literal::Quantity(text.to_owned(), Unit::Workdays), span, self.world.model.zone);
        match number {
            Ok((Value::Int(n), _)) if n.abs() <= 120_000 => Some(n),
            _ => {
                let diagnostic = Diagnostic::error("ML211", format!("`{text}` is geen heel aantal maanden"))
                    .at(span)
                    .help("schrijf een geheel getal van hoogstens 120000");
                self.error(diagnostic, span);
                None
            }
        }
    }

    /// `tijdig(van, tot, binnen …)`: when it is due. `from` and `done` are moments or days.
    pub(super) fn due_within(
        &mut self,
        (from_text, from): (&Expr, RowExpr),
        (done_text, done): (&Expr, &RowExpr),
        within: &Expr,
        span: Span,
    ) -> Option<RowExpr> {
        if let Some(text) = months(within) {
            let n = self.months(text, within.span)?;
            return Some(months_after(day_of(from), n, span));
        }
        let by = self.expr(within);
        match by.ty {
            Type::Unknown => None,
            Type::Workdays => {
                let id = self.calendar("een termijn in werkdagen", within.span)?;
                Some(workdays_after(id, day_of(from), by, span))
            }
            Type::Days => Some(plus(day_of(from), by, Type::Date, span)),
            Type::Duration if from.ty == Type::Moment && done.ty == Type::Moment => {
                Some(plus(from, by, Type::Moment, span))
            }
            Type::Duration => {
                let (text, day) = if from.ty == Type::Date { (from_text, &from) } else { (done_text, done) };
                let message = format!(
                    "{} is een termijn in kloktijd, en {} is een datum",
                    echo::shown(within),
                    echo::shown(text)
                );
                let diagnostic = Diagnostic::error("ML233", message)
                    .at(within.span)
                    .label(self.described(&by))
                    .also(text.span, self.described(day))
                    .help("een datum heeft geen tijd: schrijf de termijn in `dagen` of `werkdagen`");
                self.log.error(diagnostic);
                None
            }
            ty => {
                let message =
                    format!("achter `binnen` hoort een termijn, en {} is {}", echo::shown(within), ty.phrase());
                let mut diagnostic = Diagnostic::error("ML233", message).at(within.span).label(self.described(&by));
                diagnostic = match compare::bare_number(within).and_then(|n| constant::with_unit(&n, Type::Workdays)) {
                    Some(fixed) => diagnostic
                        .help(format!("schrijf de eenheid erbij, bijvoorbeeld `{fixed}`"))
                        .help("andere eenheden zijn `dagen`, `weken`, `maanden`, `uur` en `min`"),
                    None if matches!(ty, Type::Date | Type::Moment) => diagnostic.help(format!(
                        "een uiterste moment schrijft u als `tijdig({}, uiterlijk …)`",
                        echo::text(done_text)
                    )),
                    None => diagnostic.help("bijvoorbeeld `binnen 5 werkdagen`, `binnen 8 weken` of `binnen 24 uur`"),
                };
                self.log.error(diagnostic);
                None
            }
        }
    }
}

/// The number before `maanden`, where an expression is that.
fn months(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Literal::Quantity(text, Unit::Months)) => Some(text),
        _ => None,
    }
}

fn negative(x: RowExpr) -> RowExpr {
    let (ty, span) = (x.ty, x.span);
    folded(RowExpr { kind: RowKind::Negate(Box::new(x)), ty, span })
}

fn day_of(x: RowExpr) -> RowExpr {
    if x.ty == Type::Date {
        return x;
    }
    let span = x.span;
    RowExpr { kind: RowKind::Function(RowFunction::DateOf, vec![x]), ty: Type::Date, span }
}

fn plus(a: RowExpr, b: RowExpr, ty: Type, span: Span) -> RowExpr {
    RowExpr { kind: RowKind::Arithmetic(Arithmetic::Add, Box::new(a), Box::new(b)), ty, span }
}

fn workdays_after(id: CalendarId, day: RowExpr, by: RowExpr, span: Span) -> RowExpr {
    RowExpr { kind: RowKind::Function(RowFunction::AddWorkdays(id), vec![day, by]), ty: Type::Date, span }
}

fn months_after(day: RowExpr, n: i64, span: Span) -> RowExpr {
    let n = RowExpr { kind: RowKind::Constant(Value::Int(n)), ty: Type::Integer, span };
    RowExpr { kind: RowKind::Function(RowFunction::AddMonths, vec![day, n]), ty: Type::Date, span }
}
