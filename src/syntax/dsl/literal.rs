//! Names, paths, texts, numbers and dates from their nodes. Knows nothing of the expressions they stand in.

use super::grammar::Rule;
use super::lexical::shown;
use super::piece::{Node, Tree};
use crate::calendar::PeriodName;
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

    /// `2005`, `2005-K1`, `2005-W05`
    pub(super) fn period_name(&mut self, node: &Node) -> Option<PeriodName> {
        let written = node.as_str();
        if let Some(name) = PeriodName::read(written) {
            return Some(name);
        }
        let span = self.span(node);
        let diagnostic = Diagnostic::error("ML131", format!("{} is geen periode", shown(written))).at(span);
        self.sink.push(match meant_period(written) {
            Some(meant) => diagnostic.help(format!("schrijf `{meant}`")).replace(span, meant),
            None => diagnostic
                .help("een periode is `2005`, `2005-H1`, `2005-T1`, `2005-K1`, `2005-03`, `2005-W05` of `2005-03-01`"),
        });
        None
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

/// The period that someone may have meant with `2005-Q1`, `2005K1`, `2005-3` or `2005-w5`.
fn meant_period(written: &str) -> Option<String> {
    let upper = written.to_uppercase().replace('Q', "K");
    let (year, rest) = upper.split_at_checked(4)?;
    let rest = rest.trim_start_matches('-');
    let padded = |number: &str| if number.len() == 1 { format!("0{number}") } else { number.to_owned() };
    let name = match rest.split_at_checked(1) {
        Some(("W", week)) => format!("{year}-W{}", padded(week)),
        Some(("M", month)) => format!("{year}-{}", padded(month)),
        Some(("K" | "T" | "H", _)) => format!("{year}-{rest}"),
        _ => format!("{year}-{}", padded(rest)),
    };
    PeriodName::read(&name).map(|_| name)
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
