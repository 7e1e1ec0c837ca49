//! The author's own text again, from the syntax tree: for messages and for texts to put instead. Not a formatter.

use crate::model::text::{name, quoted};
use crate::syntax::ast::{Arg, EmptyRule, Expr, ExprKind, GroupKeys, Literal, Path, Unit};

/// Longer texts are cut in messages.
const SHOWN: usize = 60;

/// An expression in back-ticks, cut when long.
pub(super) fn shown(expr: &Expr) -> String {
    let text = text(expr);
    if text.chars().count() > SHOWN {
        return format!("`{}…`", text.chars().take(SHOWN).collect::<String>());
    }
    format!("`{text}`")
}

/// A path as the language writes it.
pub(super) fn path(path: &Path) -> String {
    path.segments.iter().map(|s| name(&s.value)).collect::<Vec<_>>().join(".")
}

/// An expression as the language writes it.
pub(super) fn text(expr: &Expr) -> String {
    write(expr).0
}

fn write(expr: &Expr) -> (String, u8) {
    let at = |e: &Expr, least: u8| {
        let (text, binds) = write(e);
        if binds < least { format!("({text})") } else { text }
    };
    let list = |items: &[Expr]| items.iter().map(text).collect::<Vec<_>>().join(", ");
    let join = |items: &[Expr], word: &str| items.iter().map(|e| at(e, 3)).collect::<Vec<_>>().join(word);
    let not = |negated: bool| if negated { "niet " } else { "" };
    match &expr.kind {
        ExprKind::Literal(value) => (literal(value), 8),
        ExprKind::Path(p) => (path(p), 8),
        ExprKind::Not(x) => (format!("niet {}", at(x, 3)), 3),
        ExprKind::Negate(x) => (format!("-{}", at(x, 8)), 7),
        ExprKind::And(items) => (join(items, " en "), 2),
        ExprKind::Or(items) => (join(items, " of "), 1),
        ExprKind::Compare(a, op, b) => (format!("{} {} {}", at(a, 5), op.value.sign(), at(b, 5)), 4),
        ExprKind::Arithmetic(a, op, b) => {
            let level = if matches!(op.value.sign(), "+" | "-") { 5 } else { 6 };
            (format!("{} {} {}", at(a, level), op.value.sign(), at(b, level + 1)), level)
        }
        ExprKind::In { value, negated, list: items } => {
            (format!("{} {}in ({})", at(value, 5), not(*negated), list(items)), 4)
        }
        ExprKind::Between { value, negated, low, high } => {
            (format!("{} {}tussen {} en {}", at(value, 5), not(*negated), at(low, 5), at(high, 5)), 4)
        }
        ExprKind::IsEmpty { value, filled } => {
            (format!("{} is {}", at(value, 5), if *filled { "gevuld" } else { "leeg" }), 4)
        }
        ExprKind::Call { name: word, args } => {
            (format!("{}({})", word.value, args.iter().map(argument).collect::<Vec<_>>().join(", ")), 8)
        }
        ExprKind::Per { value, number, base } => {
            let base = base.as_ref().map_or(String::new(), |b| format!(" {}", at(b, 8)));
            (format!("{} per {}{base}", at(value, 8), number.value), 7)
        }
    }
}

/// ` per klant`, ` per (klant, product)`
pub(super) fn keys(per: Option<&GroupKeys>) -> String {
    let Some(per) = per else { return String::new() };
    match per.paths.as_slice() {
        [only] => format!(" per {}", path(only)),
        several => format!(" per ({})", several.iter().map(path).collect::<Vec<_>>().join(", ")),
    }
}

fn argument(arg: &Arg) -> String {
    match arg {
        Arg::Value { expr, on, of, filter, per, .. } => {
            let on = on.as_ref().map_or(String::new(), |p| format!(" op {}", path(p)));
            let of = of.as_ref().map_or(String::new(), |e| format!(" van {}", text(e)));
            let filter = filter.as_ref().map_or(String::new(), |e| format!(" waarbij {}", text(e)));
            format!("{}{on}{of}{}{filter}", text(expr), keys(per.as_ref()))
        }
        Arg::Where { filter, per, .. } => format!("waarbij {}{}", text(filter), keys(per.as_ref())),
        Arg::Pointing { table, via, filter, .. } => {
            let filter = filter.as_ref().map(|f| format!(" waarbij {}", text(f))).unwrap_or_default();
            format!("{} via {}{filter}", path(table), path(via))
        }
        Arg::EmptyCounts { rule, .. } => match rule {
            EmptyRule::No => "leeg telt als nee",
            EmptyRule::Yes => "leeg telt als ja",
            EmptyRule::Skip => "leeg telt niet mee",
        }
        .to_owned(),
        Arg::DueBy { expr, .. } => format!("uiterlijk {}", text(expr)),
        Arg::Within { expr, .. } => format!("binnen {}", text(expr)),
        Arg::Basis { period, .. } => format!("basis {period}"),
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Text(t) => quoted(t),
        Literal::Bool(true) => "ja".to_owned(),
        Literal::Bool(false) => "nee".to_owned(),
        Literal::Number(n) => n.clone(),
        Literal::Date(d) => d.to_string(),
        Literal::Moment(m) => m.format("%Y-%m-%d %H:%M").to_string(),
        Literal::Percent(n) => format!("{n}%"),
        Literal::Money(n) => format!("€ {n}"),
        Literal::Quantity(n, unit) => format!("{n} {}", unit_word(*unit)),
    }
}

/// The word of a unit.
pub(super) fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "s",
        Unit::Minutes => "min",
        Unit::Hours => "uur",
        Unit::Days => "dagen",
        Unit::Weeks => "weken",
        Unit::Workdays => "werkdagen",
        Unit::Months => "maanden",
        Unit::PercentPoint => "procentpunt",
    }
}
