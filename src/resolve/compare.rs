//! Which values go together in comparisons and calculations, and the words for those that do not.

use crate::diagnostic::Diagnostic;
use crate::model::expr::Comparison;
use crate::model::{RowExpr, Type};
use crate::source::Spanned;
use crate::syntax::ast::{self, Expr, ExprKind, Literal};

use super::constant::with_unit;
use super::echo;

/// An expression as written, and what it became.
type Side<'a> = (&'a Expr, &'a RowExpr);

/// Whether two types compare.
pub(super) fn alike(a: Type, b: Type) -> bool {
    a == b || a == Type::Unknown || b == Type::Unknown || (a.is_plain_number() && b.is_plain_number())
}

/// The bare number that an author wrote, with its sign.
pub(super) fn bare_number(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Literal(Literal::Number(text)) => Some(text.clone()),
        ExprKind::Negate(inner) => bare_number(inner).map(|text| format!("-{text}")),
        _ => None,
    }
}

/// What is wrong with `a op b`, if anything. The caller adds the places.
pub(super) fn mismatch(a: Side<'_>, op: Comparison, b: Side<'_>) -> Option<Diagnostic> {
    let (x, y) = (a.1.ty, b.1.ty);
    if !alike(x, y) {
        return Some(unlike(a, b));
    }
    let equality = matches!(op, Comparison::Equal | Comparison::NotEqual);
    if !equality && !x.is_ordered() && x != Type::Unknown {
        let what = if x == Type::Text { "teksten hebben" } else { "ja en nee hebben" };
        return Some(
            Diagnostic::error("ML203", format!("`{}` kan hier niet: {what} geen volgorde", op.sign()))
                .help("gebruik `=`, `<>` of `in (…)`"),
        );
    }
    None
}

fn unlike(a: Side<'_>, b: Side<'_>) -> Diagnostic {
    let (x, y) = (a.1.ty, b.1.ty);
    let message = format!("{} is {} en wordt vergeleken met {}", echo::shown(a.0), x.phrase(), y.phrase());
    // The side with a unit, and the bare number beside it.
    for (with, bare) in [(a, b), (b, a)] {
        if with.1.ty.is_quantity()
            && !with.1.ty.is_plain_number()
            && let Some(fixed) = bare_number(bare.0).and_then(|number| with_unit(&number, with.1.ty))
        {
            return Diagnostic::error("ML201", message).help(format!("schrijf `{fixed}`")).replace(bare.0.span, fixed);
        }
    }
    match (x, y) {
        (Type::Moment, Type::Date) | (Type::Date, Type::Moment) => {
            let (moment, day) = if x == Type::Moment { (a, b) } else { (b, a) };
            let written = echo::text(moment.0);
            let diagnostic = Diagnostic::error("ML202", message)
                .help(format!("vergelijk de dag: `datum({written})`"))
                .replace(moment.0.span, format!("datum({written})"));
            match &day.0.kind {
                ExprKind::Literal(Literal::Date(date)) => diagnostic.help(format!("of geef een tijd: `{date} 00:00`")),
                _ => diagnostic,
            }
        }
        _ => match advice(x, y) {
            Some(help) => Diagnostic::error("ML203", message).help(help),
            None => Diagnostic::error("ML203", message).help("vergelijk waarden van dezelfde soort"),
        },
    }
}

fn advice(x: Type, y: Type) -> Option<&'static str> {
    let pair = |p: Type, q: Type| (x == p && y == q) || (x == q && y == p);
    if pair(Type::Days, Type::Duration) {
        return Some("kalenderdagen en kloktijd gaan niet samen: schrijf een duur in `uur`, of reken met `datum(…)`");
    }
    if pair(Type::Workdays, Type::Duration) {
        return Some("werkdagen en kloktijd gaan niet samen: een werkdag is geen 24 uur");
    }
    if pair(Type::Days, Type::Workdays) {
        return Some("kalenderdagen en werkdagen gaan niet samen: tel aan beide kanten dezelfde soort dagen");
    }
    if pair(Type::Percentage, Type::PercentPoint) {
        return Some("een verschil van percentages is in `procentpunt`, een deel in `%`");
    }
    if (x == Type::Text) != (y == Type::Text) {
        return Some("een tekst staat tussen aanhalingstekens, een getal of datum niet");
    }
    None
}

/// What is wrong with a calculation of two types that do not go together. The caller adds the places.
pub(super) fn arithmetic_mismatch(a: Side<'_>, op: &Spanned<ast::Arithmetic>, b: Side<'_>) -> Diagnostic {
    let (x, y) = (a.1.ty, b.1.ty);
    let sign = op.value.sign();
    let diagnostic = Diagnostic::error("ML204", format!("{} {sign} {} kan niet", x.phrase(), y.phrase()));
    for (with, bare) in [(a, b), (b, a)] {
        let unit = match with.1.ty {
            Type::Moment => Type::Duration,
            Type::Date => Type::Days,
            ty => ty,
        };
        if matches!(sign, "+" | "-")
            && let Some(fixed) = bare_number(bare.0).and_then(|number| with_unit(&number, unit))
        {
            return diagnostic.help(format!("schrijf `{fixed}`")).replace(bare.0.span, fixed);
        }
    }
    let help = match (x, y) {
        (Type::Moment, Type::Date) => {
            format!("reken in dagen: `datum({}) {sign} {}`", echo::text(a.0), echo::text(b.0))
        }
        (Type::Date, Type::Moment) => {
            format!("reken in dagen: `{} {sign} datum({})`", echo::text(a.0), echo::text(b.0))
        }
        (Type::Moment, Type::Days) => {
            format!("een tijdstip schuift op met een duur: schrijf uren, of `datum({}) {sign} …`", echo::text(a.0))
        }
        (Type::Date, Type::Duration) => "een datum schuift op met dagen: schrijf `… dagen`".to_owned(),
        (Type::Moment, Type::Workdays) => {
            format!("werkdagen schuiven een dag op: schrijf `datum({}) {sign} {}`", echo::text(a.0), echo::text(b.0))
        }
        (Type::Text | Type::Bool, _) | (_, Type::Text | Type::Bool) => {
            "rekenen kan met getallen, duren, bedragen, dagen en percentages".to_owned()
        }
        _ => advice(x, y).map_or_else(|| "breng beide kanten op dezelfde eenheid".to_owned(), str::to_owned),
    };
    diagnostic.help(help)
}
