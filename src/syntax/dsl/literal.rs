//! Names, paths, texts, numbers and dates from their nodes. Knows nothing of the expressions they stand in.

use super::grammar::Rule;
use super::lexical::shown;
use super::piece::{Node, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::ast::{Literal, Name, Path, Text, Unit};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A name as all phases compare it: NFC, without back-ticks.
pub(in crate::syntax) fn normal(word: &str) -> String {
    let bare = word.strip_prefix('`').and_then(|w| w.strip_suffix('`')).unwrap_or(word);
    if is_nfc(bare) { bare.to_owned() } else { bare.nfc().collect() }
}

/// The digits of a number without `_`.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(|&c| c != '_').collect()
}

/// A text literal without its quotes: escapes resolved, lines ended with `\n`, and a text over several lines without
/// the indentation that all its lines share.
pub(in crate::syntax) fn unquote(raw: &str) -> String {
    if let Some(inner) = raw.strip_prefix("\"\"\"").and_then(|r| r.strip_suffix("\"\"\"")) {
        return unescape(&without_indentation(inner));
    }
    unescape(raw.strip_prefix('"').and_then(|r| r.strip_suffix('"')).unwrap_or(raw))
}

fn unescape(raw: &str) -> String {
    if !raw.contains('\\') {
        return raw.to_owned();
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some(next @ ('"' | '\\'))) => text.push(next),
            // Reported by `lexical`; kept as written.
            ('\\', Some(next)) => text.extend(['\\', next]),
            (c, _) => text.push(c),
        }
    }
    text
}

fn without_indentation(inner: &str) -> String {
    let inner = inner.replace("\r\n", "\n").replace('\r', "\n");
    let Some((head, rest)) = inner.split_once('\n') else { return inner };
    let blank = |line: &str| line.trim().is_empty();
    let depth = rest.split('\n').filter(|line| !blank(line)).map(indentation).min().unwrap_or(0);
    let mut lines: Vec<&str> = Vec::new();
    if !blank(head) {
        lines.push(head);
    }
    lines.extend(rest.split('\n').map(|line| if blank(line) { "" } else { line.get(depth..).unwrap_or(line) }));
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines.join("\n")
}

fn indentation(line: &str) -> usize {
    line.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

impl<'a> Tree<'a, '_> {
    pub(super) fn name(&self, node: &Node) -> Name {
        Spanned::new(normal(node.as_str()), self.span(node))
    }

    pub(super) fn path(&self, node: Node) -> Path {
        let span = self.span(&node);
        Path { segments: node.into_inner().map(|segment| self.name(&segment)).collect(), span }
    }

    pub(super) fn text(&self, node: &Node) -> Text {
        Spanned::new(unquote(node.as_str()), self.span(node))
    }

    /// A whole number that fits 64 bits.
    pub(super) fn integer(&mut self, node: &Node) -> Option<Spanned<u64>> {
        let span = self.span(node);
        if let Ok(value) = digits(node.as_str()).parse() {
            return Some(Spanned::new(value, span));
        }
        self.sink.push(Diagnostic::error("ML005", format!("{} is te groot", shown(node.as_str()))).at(span));
        None
    }

    pub(super) fn date(&mut self, node: &Node) -> Option<Spanned<NaiveDate>> {
        let day = node.as_str().parse().ok()?;
        Some(Spanned::new(day, self.span(node)))
    }

    /// A literal with its place.
    pub(super) fn literal(&mut self, node: Node<'a>) -> Option<Spanned<Literal>> {
        let span = self.span(&node);
        let node = node.into_inner().next()?;
        let value = match node.as_rule() {
            Rule::text => Literal::Text(unquote(node.as_str())),
            Rule::yes => Literal::Bool(true),
            Rule::no => Literal::Bool(false),
            Rule::moment => moment(node)?,
            Rule::money => Literal::Money(digits(node.into_inner().next()?.as_str())),
            Rule::measure => measure(node)?,
            _ => return None,
        };
        Some(Spanned::new(value, span))
    }
}

fn moment(node: Node) -> Option<Literal> {
    let mut parts = node.into_inner();
    let day: NaiveDate = parts.next()?.as_str().parse().ok()?;
    let Some(clock) = parts.next() else { return Some(Literal::Date(day)) };
    let clock = clock.as_str();
    let full = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
    let time: NaiveTime = full.parse().ok()?;
    Some(Literal::Moment(NaiveDateTime::new(day, time)))
}

fn measure(node: Node) -> Option<Literal> {
    let mut parts = node.into_inner();
    let number = digits(parts.next()?.as_str());
    Some(match parts.next() {
        None => Literal::Number(number),
        Some(mark) if mark.as_rule() == Rule::percent => Literal::Percent(number),
        Some(mark) => Literal::Quantity(number, unit(mark.as_str())?),
    })
}

/// All unit words.
pub(in crate::syntax) const UNITS: [&str; 13] = [
    "s",
    "seconden",
    "min",
    "minuten",
    "uur",
    "dag",
    "dagen",
    "week",
    "weken",
    "werkdag",
    "werkdagen",
    "maanden",
    "procentpunt",
];

/// The unit of a word.
pub(in crate::syntax) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "s" | "seconden" => Unit::Seconds,
        "min" | "minuten" => Unit::Minutes,
        "uur" => Unit::Hours,
        "dag" | "dagen" => Unit::Days,
        "week" | "weken" => Unit::Weeks,
        "werkdag" | "werkdagen" => Unit::Workdays,
        "maand" | "maanden" => Unit::Months,
        "procentpunt" => Unit::PercentPoint,
        _ => return None,
    })
}
