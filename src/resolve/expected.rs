//! The `verwacht` of a toets: which column of the results each column is, and what each cell demands.

use std::collections::BTreeMap;

use crate::calendar::{PeriodKind, PeriodName};
use crate::diagnostic::{Diagnostic, suggest};
use crate::model::trial::{ExpectedCell, ExpectedPeriod, ExpectedRow, ResultKey, STATUSES, Want};
use crate::model::{Dimension, Kpi, Type, Unit};
use crate::syntax::ast::{self, Cell, CellTable, Literal};

use super::cell::{self, is_empty};
use super::scope::{Log, listed, suggested};

/// What a column of the head is.
#[derive(Clone, Copy)]
enum Head<'a> {
    Key(ResultKey),
    Dimension(&'a Dimension),
}

/// The expected rows; mistakes go to the log.
pub(super) fn rows(kpi: &Kpi, table: &CellTable, log: &mut Log<'_>) -> Vec<ExpectedRow> {
    let Some(heads) = heads(kpi, table, log) else { return Vec::new() };
    let mut seen = BTreeMap::new();
    let mut rows = Vec::new();
    for written in &table.rows {
        // Which row it is, is not known when its period or a member could not be read: then it is like no other row.
        let mut named = true;
        let mut row = ExpectedRow { period: None, members: Vec::new(), cells: Vec::new(), span: written.span };
        for (head, cell) in heads.iter().zip(&written.cells) {
            let Some(cell) = cell.as_ref().filter(|c| !c.is_blank()) else { continue };
            match head {
                Head::Key(ResultKey::Period) => {
                    row.period = period(kpi, cell, log);
                    named &= row.period.is_some();
                }
                Head::Key(key) => {
                    let want = want(kpi, *key, cell, log);
                    let written = cell.text.clone();
                    row.cells.extend(want.map(|want| ExpectedCell { key: *key, want, written, span: cell.span }));
                }
                Head::Dimension(dimension) => {
                    let label = member(dimension, cell, log);
                    named &= label.is_some();
                    row.members.extend(label.map(|label| (dimension.name.clone(), label)));
                }
            }
        }
        let key = (row.period.as_ref().map(|p| p.label.clone()), row.members.clone());
        if !named {
            // The mistake has been told.
        } else if let Some(first) = seen.get(&key) {
            log.error(
                Diagnostic::error("ML508", "deze periode en deze dimensies staan er al")
                    .at(row.span)
                    .also(*first, "de eerste rij")
                    .help("maak er één rij van"),
            );
        } else {
            seen.insert(key, row.span);
        }
        rows.push(row);
    }
    rows
}

fn heads<'k>(kpi: &'k Kpi, table: &CellTable, log: &mut Log<'_>) -> Option<Vec<Head<'k>>> {
    let mut found = Vec::new();
    for head in &table.head {
        let dimension = kpi.dimensions.iter().find(|d| d.name == head.text);
        let key = ResultKey::of(&head.text).filter(|_| !(head.quoted && dimension.is_some()));
        match (key, dimension) {
            (Some(key), _) => found.push(Head::Key(key)),
            (None, Some(dimension)) => found.push(Head::Dimension(dimension)),
            (None, None) => log.error(unknown(kpi, head)),
        }
    }
    (found.len() == table.head.len()).then_some(found)
}

fn unknown(kpi: &Kpi, head: &Cell) -> Diagnostic {
    let known =
        || ResultKey::ALL.map(ResultKey::word).into_iter().chain(kpi.dimensions.iter().map(|d| d.name.as_str()));
    let message = format!("`{}` is geen kolom van een resultaat, en geen dimensie van `{}`", head.text, kpi.name);
    let diagnostic = Diagnostic::error("ML506", message).at(head.span);
    let near = suggest::nearest(&head.text, known()).or(match head.text.to_lowercase().as_str() {
        "uitkomst" | "resultaat" | "percentage" => Some("waarde"),
        "maand" | "kwartaal" | "jaar" | "week" | "dag" => Some("periode"),
        "oordeel" => Some("status"),
        "waarnemingen" => Some("n"),
        _ => None,
    });
    if let Some(near) = near {
        return suggested(diagnostic, head.span, near);
    }
    let dimensions: Vec<&str> = kpi.dimensions.iter().map(|d| d.name.as_str()).collect();
    let keys = ResultKey::ALL.map(|k| format!("`{}`", k.word())).join(", ");
    let diagnostic = diagnostic.help(format!("kies uit {keys}"));
    if dimensions.is_empty() {
        diagnostic.help("deze kpi heeft geen dimensies")
    } else {
        diagnostic.help(format!("of een dimensie: {}", listed(dimensions)))
    }
}

/// The label of a period of the KPI's own kind.
fn period(kpi: &Kpi, cell: &Cell, log: &mut Log<'_>) -> Option<ExpectedPeriod> {
    // What cannot be measured has a row per month.
    let kind = kpi.method.period.unwrap_or(PeriodKind::Month);
    let label = cell.text.trim();
    if kind == PeriodKind::Whole && label == kind.word() {
        return Some(ExpectedPeriod { label: label.to_owned(), start: None });
    }
    let name = PeriodName::read(label);
    if let Some(name) = name.filter(|name| name.kind == kind) {
        return Some(ExpectedPeriod { label: label.to_owned(), start: Some(name.from) });
    }
    let message = format!("`{label}` is geen periode van deze kpi: zij wordt per {} gemeten", kind.word());
    let diagnostic = Diagnostic::error("ML513", message).at(cell.span);
    let other = name.or_else(|| PeriodName::read(&label.to_uppercase()));
    log.error(match other {
        _ if kind == PeriodKind::Whole => diagnostic.help("schrijf `hele reeks`").replace(cell.span, "hele reeks"),
        Some(other) => {
            let fixed = kind.label(kind.start(other.from));
            diagnostic.help(format!("schrijf `{fixed}`")).replace(cell.span, fixed)
        }
        None => {
            let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default();
            diagnostic.help(format!("schrijf haar als `{}`", kind.label(kind.start(day))))
        }
    });
    None
}

/// The label of a member, as results show it.
fn member(dimension: &Dimension, cell: &Cell, log: &mut Log<'_>) -> Option<String> {
    if is_empty(cell) || cell.text == "(leeg)" {
        return Some("(leeg)".to_owned());
    }
    let number = || cell.text.split(' ').next().and_then(|n| n.parse::<i64>().ok());
    let label = match dimension.ty {
        Type::Bool => matches!(cell.text.as_str(), "ja" | "nee").then(|| cell.text.clone()),
        Type::Integer | Type::Days | Type::Workdays => number().map(|n| n.to_string()),
        Type::Date => cell.text.parse::<chrono::NaiveDate>().ok().map(|d| d.to_string()),
        _ => Some(cell.text.clone()),
    };
    if label.is_none() {
        let message = format!(
            "`{}` past niet bij dimensie `{}`: daar hoort {}",
            cell.text,
            dimension.name,
            dimension.ty.phrase()
        );
        log.error(Diagnostic::error("ML507", message).at(cell.span).also(dimension.span, "de dimensie"));
    }
    label
}

/// What a cell under a result key demands.
fn want(kpi: &Kpi, key: ResultKey, cell: &Cell, log: &mut Log<'_>) -> Option<Want> {
    if is_empty(cell) {
        return Some(Want::Empty);
    }
    let text = cell.text.trim();
    match key {
        ResultKey::Value | ResultKey::Lower | ResultKey::Upper | ResultKey::Distance => {
            number(cell, Some(kpi.unit), log)
        }
        ResultKey::Numerator | ResultKey::Denominator => number(cell, None, log),
        ResultKey::N | ResultKey::NEmpty => number(cell, Some(Unit::of(Type::Integer)), log),
        ResultKey::Period | ResultKey::Norm | ResultKey::Unit => Some(Want::Text(text.to_owned())),
        ResultKey::NormKind => one_of(cell, &["norm", "geen"], "norm_soort", log),
        ResultKey::Status => one_of(cell, &STATUSES, "status", log),
        ResultKey::Marks => {
            Some(Want::Words(text.split(',').map(|word| word.trim().to_owned()).filter(|w| !w.is_empty()).collect()))
        }
        ResultKey::SeriesBreak => {
            let value = one_of(cell, &["ja", "nee"], "reeksbreuk", log)?;
            Some(Want::Bool(value == Want::Text("ja".to_owned())))
        }
        ResultKey::Version | ResultKey::PeriodFrom | ResultKey::PeriodUntil => {
            if let Some((false, Literal::Date(day))) = cell::read(cell, log) {
                Some(Want::Date(day))
            } else {
                if !log.told(cell.span) {
                    let message = format!("`{text}` is geen datum");
                    log.error(
                        Diagnostic::error("ML507", message).at(cell.span).help("schrijf een datum als `2026-01-31`"),
                    );
                }
                None
            }
        }
    }
}

fn one_of(cell: &Cell, words: &[&str], column: &str, log: &mut Log<'_>) -> Option<Want> {
    let text = cell.text.trim();
    if words.contains(&text) {
        return Some(Want::Text(text.to_owned()));
    }
    let diagnostic = Diagnostic::error("ML507", format!("`{text}` kan niet onder `{column}` staan")).at(cell.span);
    log.error(match suggest::nearest(text, words.iter().copied()) {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(cell.span, near),
        None => diagnostic.help(format!("kies uit {}", words.join(", "))),
    });
    None
}

/// A number in a unit; without one in any.
fn number(cell: &Cell, unit: Option<Unit>, log: &mut Log<'_>) -> Option<Want> {
    let (text, per) = split_per(&cell.text);
    let bare = Cell { text: text.to_owned(), ..cell.clone() };
    let bare = if per.is_some() { Cell { fragment: cell.fragment.slice(0..text.len()), ..bare } } else { bare };
    let read = cell::read(&bare, log);
    if read.is_none() && log.told(cell.span) {
        return None;
    }
    let found = read.and_then(|(negative, literal)| {
        let (digits, scale) = quantity(&literal, unit)?;
        let number: f64 = digits.parse().ok()?;
        let decimals = digits.split_once('.').map_or(0, |(_, d)| d.len());
        let fits = per.is_none() || unit.is_none_or(|u| u.per == per);
        fits.then_some(Want::Number { number: if negative { -number } else { number }, scale, decimals })
    });
    if found.is_none() {
        let wanted = unit.map_or("een getal", |u| u.ty.phrase());
        let diagnostic =
            Diagnostic::error("ML507", format!("`{}` is hier geen waarde: hier hoort {wanted}", cell.text))
                .at(cell.span);
        let example = unit.map_or_else(|| "12".to_owned(), super::constant::example);
        log.error(diagnostic.help(format!("bijvoorbeeld `{example}`, of `leeg` als er geen waarde is")));
    }
    found
}

/// `5 per 1000`
fn split_per(text: &str) -> (&str, Option<u64>) {
    match text.split_once(" per ") {
        Some((value, n)) if n.trim().parse::<u64>().is_ok() => (value.trim_end(), n.trim().parse().ok()),
        _ => (text, None),
    }
}

/// The digits of a literal and by what its unit divides a result; nothing where it does not fit.
fn quantity(literal: &Literal, unit: Option<Unit>) -> Option<(&str, f64)> {
    let ty = unit.map(|u| u.ty);
    let is = |types: &[Type]| ty.is_none_or(|ty| types.contains(&ty));
    Some(match literal {
        Literal::Number(n) => (n.as_str(), 1.0),
        Literal::Percent(n) if is(&[Type::Percentage, Type::PercentPoint]) => (n.as_str(), 1.0),
        Literal::Money(n) if is(&[Type::Money]) => (n.as_str(), 1.0),
        Literal::Quantity(n, ast::Unit::PercentPoint) if is(&[Type::Percentage, Type::PercentPoint]) => {
            (n.as_str(), 1.0)
        }
        Literal::Quantity(n, ast::Unit::Days) if is(&[Type::Days]) => (n.as_str(), 1.0),
        Literal::Quantity(n, ast::Unit::Weeks) if is(&[Type::Days]) => (n.as_str(), 7.0),
        Literal::Quantity(n, ast::Unit::Workdays) if is(&[Type::Workdays]) => (n.as_str(), 1.0),
        Literal::Quantity(n, unit) if is(&[Type::Duration]) => (n.as_str(), cell::seconds(*unit)?),
        _ => return None,
    })
}
