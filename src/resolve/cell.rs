//! Cells of a toets as values: the text of a cell against the type of its column. Most cells are plain and read by hand;
//! what is odd goes to the notation, whose messages know the usual slips.

use crate::calendar::{HOUR, MINUTE, SECOND};
use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::table::StoredUnit;
use crate::model::{Column, ColumnKind, Model, Type, Value};
use crate::syntax::ast::{Cell, Expr, ExprKind, Literal, Unit};
use crate::syntax::dsl;

use super::constant::{coerce, example};
use super::literal;
use super::scope::Log;

/// The value of a given cell. Nothing where one is to be made up, because the cell is blank and its column may not be
/// empty, and where the cell does not fit, which is reported.
pub(super) fn value(model: &Model, column: &Column, cell: Option<&Cell>, log: &mut Log<'_>) -> Option<Value> {
    let Some(cell) = cell.filter(|c| !(c.text.trim().is_empty() && (column.ty != Type::Text || !c.quoted))) else {
        return column.nullable.then_some(Value::Empty);
    };
    if is_empty(cell) {
        if !column.nullable {
            log.error(
                Diagnostic::error("ML505", format!("kolom `{}` mag niet leeg zijn", column.name))
                    .at(cell.span)
                    .help("vul de cel in, of laat haar open: dan wordt zij vanzelf gevuld"),
            );
        }
        return column.nullable.then_some(Value::Empty);
    }
    if column.ty == Type::Text {
        let value = Value::Text(cell.text.clone());
        listed(column, &value, cell, log);
        return Some(value);
    }
    let Some((negative, literal)) = read(cell, log) else {
        misfit(column, cell, log);
        return None;
    };
    let Some(value) = typed(model, column, literal, negative, cell) else {
        misfit(column, cell, log);
        return None;
    };
    listed(column, &value, cell, log);
    Some(value)
}

/// `leeg`, or nothing at all.
pub(super) fn is_empty(cell: &Cell) -> bool {
    cell.is_blank() || (cell.text == "leeg" && !cell.quoted)
}

/// The literal that a cell is, and whether a minus stands before it. Nothing where it is none; where the notation knows
/// what is wrong with it, that is said.
pub(super) fn read(cell: &Cell, log: &mut Log<'_>) -> Option<(bool, Literal)> {
    let text = cell.text.trim();
    let (negative, bare) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest.trim_start()));
    if let Some(literal) = by_hand(bare) {
        return Some((negative, literal));
    }
    let mut sink = Sink::default();
    match dsl::parse_expr(&cell.fragment, &mut sink) {
        Some(Expr { kind: ExprKind::Literal(literal), .. }) if sink.is_empty() => Some((false, literal)),
        Some(Expr { kind: ExprKind::Negate(inner), .. }) if sink.is_empty() => match inner.kind {
            ExprKind::Literal(literal) => Some((true, literal)),
            _ => None,
        },
        _ => {
            // A slip in a number, a date or a sign is told in its own words.
            let known = ["ML005", "ML006", "ML017", "ML019"];
            let told = sink.into_sorted().into_iter().find(|d| known.contains(&d.code));
            if let Some(diagnostic) = told {
                log.error(diagnostic);
            }
            None
        }
    }
}

/// The usual cells: whole and decimal numbers, percentages, dates, moments, `ja` and `nee`.
fn by_hand(text: &str) -> Option<Literal> {
    let is_number = |t: &str| {
        let (whole, decimals) = t.split_once('.').unwrap_or((t, "0"));
        let digits = |d: &str| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit());
        // `1.000` has a warning of its own.
        digits(whole) && digits(decimals) && decimals != "000"
    };
    match text {
        "ja" => return Some(Literal::Bool(true)),
        "nee" => return Some(Literal::Bool(false)),
        _ if is_number(text) => return Some(Literal::Number(text.to_owned())),
        _ => {}
    }
    if let Some(number) = text.strip_suffix('%').map(str::trim_end).filter(|n| is_number(n)) {
        return Some(Literal::Percent(number.to_owned()));
    }
    if let Some((number, unit)) = text.split_once(' ').filter(|(n, _)| is_number(n)) {
        let unit = match unit {
            "s" => Unit::Seconds,
            "min" => Unit::Minutes,
            "uur" => Unit::Hours,
            "dagen" => Unit::Days,
            "werkdagen" => Unit::Workdays,
            _ => return None,
        };
        return Some(Literal::Quantity(number.to_owned(), unit));
    }
    let date = |t: &str| if t.len() == 10 { t.parse::<chrono::NaiveDate>().ok() } else { None };
    if let Some(day) = date(text) {
        return Some(Literal::Date(day));
    }
    let (day, clock) = text.split_once([' ', 'T'])?;
    let format = match clock.len() {
        5 => "%H:%M",
        8 if !clock.ends_with(":60") => "%H:%M:%S",
        _ => return None,
    };
    Some(Literal::Moment(date(day)?.and_time(chrono::NaiveTime::parse_from_str(clock, format).ok()?)))
}

/// A literal as a value of a column.
fn typed(model: &Model, column: &Column, literal: Literal, negative: bool, cell: &Cell) -> Option<Value> {
    let unit = match &column.kind {
        ColumnKind::Stored { unit, .. } => *unit,
        _ => None,
    };
    let literal = match (column.ty, literal) {
        (Type::Duration, Literal::Number(n)) => Literal::Quantity(
            n,
            match unit? {
                StoredUnit::Seconds => Unit::Seconds,
                StoredUnit::Minutes => Unit::Minutes,
                StoredUnit::Hours => Unit::Hours,
            },
        ),
        (Type::Days, Literal::Number(n)) => Literal::Quantity(n, Unit::Days),
        (Type::Workdays, Literal::Number(n)) => Literal::Quantity(n, Unit::Workdays),
        (Type::Percentage, Literal::Number(n)) => Literal::Percent(n),
        (Type::PercentPoint, Literal::Number(n)) => Literal::Quantity(n, Unit::PercentPoint),
        (Type::Money, Literal::Number(n)) => Literal::Money(n),
        (Type::Moment, Literal::Date(day)) => Literal::Moment(day.and_time(chrono::NaiveTime::MIN)),
        (_, literal) => literal,
    };
    let (value, ty) = literal::literal(&literal, cell.span, model.zone).ok()?;
    let value = if negative { negated(&value)? } else { value };
    coerce(&value, ty, column.ty)
}

fn negated(value: &Value) -> Option<Value> {
    match value {
        Value::Int(n) => n.checked_neg().map(Value::Int),
        Value::Float(x) => Some(Value::Float(-x)),
        Value::Money(n) => n.checked_neg().map(Value::Money),
        _ => None,
    }
}

/// The cell does not fit its column. Silent where what is wrong with it has been said.
fn misfit(column: &Column, cell: &Cell, log: &mut Log<'_>) {
    if log.told(cell.span) {
        return;
    }
    let message = format!("`{}` past niet in kolom `{}`: daar hoort {}", cell.text, column.name, column.ty.phrase());
    let diagnostic = Diagnostic::error("ML505", message).at(cell.span);
    let lower = cell.text.to_lowercase();
    log.error(match column.ty {
        Type::Bool => {
            let meant = match lower.as_str() {
                "true" | "waar" | "1" | "j" | "yes" | "y" => Some("ja"),
                "false" | "onwaar" | "0" | "n" | "no" => Some("nee"),
                _ => suggest::nearest(&lower, ["ja", "nee"]),
            };
            match meant {
                Some(word) => diagnostic.help(format!("schrijf `{word}`")).replace(cell.span, word),
                None => diagnostic.help("schrijf `ja` of `nee`"),
            }
        }
        Type::Date => diagnostic.help("schrijf een datum als `2026-01-31`"),
        Type::Moment => diagnostic.help("schrijf een tijdstip als `2026-01-31 08:30`, in plaatselijke tijd"),
        Type::Integer => diagnostic.help("schrijf een heel getal"),
        ty => diagnostic.help(format!("bijvoorbeeld `{}`", example(crate::model::Unit::of(ty)))),
    });
}

/// Warns for a value that is not in the column's list.
fn listed(column: &Column, value: &Value, cell: &Cell, log: &mut Log<'_>) {
    let Some(values) = column.values.as_ref().filter(|values| !values.contains(value)) else { return };
    let texts: Vec<&str> =
        values.iter().filter_map(|v| if let Value::Text(text) = v { Some(text.as_str()) } else { None }).collect();
    let message = format!("`{}` staat niet in de lijst van kolom `{}`", cell.text, column.name);
    let diagnostic = Diagnostic::warning("ML511", message).at(cell.span);
    log.sink.push(match suggest::nearest(&cell.text, texts.iter().copied()) {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(cell.span, near),
        None => diagnostic.help(format!("de lijst is {}", super::scope::listed(texts))),
    });
}

/// Seconds in a unit of time; nothing for other units.
pub(super) fn seconds(unit: Unit) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "3600 at most")]
    let of = |micros: i64| (micros / SECOND) as f64;
    match unit {
        Unit::Seconds => Some(of(SECOND)),
        Unit::Minutes => Some(of(MINUTE)),
        Unit::Hours => Some(of(HOUR)),
        Unit::Days | Unit::Weeks | Unit::Workdays | Unit::Months | Unit::PercentPoint => None,
    }
}
