//! Mistakes in single tokens and in the brackets of a piece: found before the piece is read, because the message from a
//! token is better than the one from a rule that did not fit. Knows no rules of the grammar.

use super::lex::Kind;
use super::piece::Reader;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use chrono::{NaiveDate, NaiveTime};
use std::ops::Range;

/// How deep brackets, `niet` and `-` may be nested together.
const MAX_NESTING: usize = 64;

/// Reports what is wrong in the tokens of a piece. Whether the piece can still be read.
pub(super) fn check(reader: &mut Reader, range: Range<usize>) -> bool {
    let mut good = true;
    for index in range.clone() {
        good &= token(reader, index);
    }
    good && brackets(reader, range)
}

fn token(reader: &mut Reader, index: usize) -> bool {
    let Some(token) = reader.token(index) else { return true };
    let (word, span) = (reader.word(index), reader.span_of(index));
    let found = match token.kind {
        Kind::Text => {
            escapes(reader, index);
            return true;
        }
        Kind::Number => {
            if let Some(diagnostic) = thousands_warning(word, span) {
                reader.sink.push(diagnostic);
            }
            return true;
        }
        Kind::Date => date(reader, index),
        Kind::Clock => lone_clock(reader, index),
        Kind::BadDate => Some(bad_date(word, span)),
        Kind::OpenText => Some(open_text(word, span)),
        Kind::OpenName => Some(
            Diagnostic::error("ML004", "deze naam tussen backticks is niet afgesloten")
                .at(span)
                .help("zet een backtick achter de naam, op dezelfde regel"),
        ),
        Kind::Typographic => Some(typographic(word, span)),
        Kind::CommaNumber => Some(comma_number(word, span)),
        Kind::DottedNumber => Some(dotted_number(word, span)),
        Kind::BadNumber => Some(bad_number(word, span)),
        Kind::Foreign => Some(foreign(word, span)),
        Kind::Other => Some(
            Diagnostic::error("ML017", format!("het teken {} hoort niet bij de taal", shown(word)))
                .at(span)
                .help("haal het teken weg, of zet een naam met bijzondere tekens tussen backticks"),
        ),
        _ => None,
    };
    match found {
        Some(diagnostic) => {
            reader.sink.push(diagnostic);
            false
        }
        None => true,
    }
}

/// The author's text in back-ticks, one line of it; a lone back-tick or control character by its number.
pub(super) fn shown(text: &str) -> String {
    let mut chars = text.chars();
    if let (Some(only), None) = (chars.next(), chars.next())
        && (only == '`' || only.is_control())
    {
        return format!("U+{:04X}", u32::from(only));
    }
    let line: String = text.chars().take_while(|c| !c.is_control()).take(40).collect();
    let rest = if line.len() < text.len() { "…" } else { "" };
    if line.contains('`') { format!("{line}{rest}") } else { format!("`{line}{rest}`") }
}

fn open_text(word: &str, span: Span) -> Diagnostic {
    if word.starts_with("\"\"\"") {
        return Diagnostic::error("ML004", "deze tekst over meer regels is niet afgesloten")
            .at(span)
            .help("sluit de tekst af met `\"\"\"`");
    }
    Diagnostic::error("ML004", "deze tekst is niet afgesloten: het aanhalingsteken aan het eind ontbreekt")
        .at(span)
        .help("zet `\"` aan het eind van de tekst, of gebruik `\"\"\"` voor een tekst over meer regels")
}

fn typographic(word: &str, span: Span) -> Diagnostic {
    let quotes = |c: char| matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' | '\'' | '"');
    let inner = word.strip_prefix(quotes).unwrap_or(word);
    let inner = inner.strip_suffix(quotes).unwrap_or(inner);
    let plain = format!("\"{}\"", inner.replace('\\', "\\\\").replace('"', "\\\""));
    Diagnostic::error("ML012", format!("een tekst staat tussen rechte aanhalingstekens, niet zoals in {}", shown(word)))
        .at(span)
        .help(format!("schrijf {}", shown(&plain)))
        .replace(span, plain)
}

fn comma_number(word: &str, span: Span) -> Diagnostic {
    let message = format!("een getal heeft een punt als decimaalteken, geen komma: {}", shown(word));
    let diagnostic = Diagnostic::error("ML005", message).at(span);
    let parts: Vec<&str> = word.split(',').collect();
    let fixed = match parts.as_slice() {
        [whole, decimals] => format!("{}.{decimals}", whole.replace('.', "")),
        _ => word.replace(',', ", "),
    };
    let diagnostic = diagnostic.help(format!("schrijf {}", shown(&fixed))).replace(span, fixed);
    if parts.len() == 2 {
        return diagnostic.help("zijn het twee waarden, zet dan een spatie achter de komma");
    }
    diagnostic
}

fn dotted_number(word: &str, span: Span) -> Diagnostic {
    let fixed = word.replace('.', if word.split('.').skip(1).all(|p| p.len() == 3) { "_" } else { "" });
    Diagnostic::error("ML005", format!("{} is geen getal: een punt is het decimaalteken", shown(word)))
        .at(span)
        .help(format!("schrijf {}", shown(&fixed)))
        .replace(span, fixed)
}

fn bad_number(word: &str, span: Span) -> Diagnostic {
    let parts: Vec<&str> = word.split('_').filter(|p| !p.is_empty()).collect();
    let fixed = parts.join("_");
    Diagnostic::error("ML005", format!("{} is geen getal: een `_` staat tussen twee cijfers", shown(word)))
        .at(span)
        .help(format!("schrijf {}", shown(&fixed)))
        .replace(span, fixed)
}

/// `1.000` is the number one, which nobody writes so.
fn thousands_warning(word: &str, span: Span) -> Option<Diagnostic> {
    let (whole, decimals) = word.split_once('.')?;
    if decimals != "000" || whole.len() > 3 || whole.starts_with('0') {
        return None;
    }
    let fixed = format!("{whole}_000");
    let message = format!("{} is hier {whole}: een punt is het decimaalteken", shown(word));
    Some(
        Diagnostic::warning("ML019", message)
            .at(span)
            .help(format!("schrijf `{fixed}` als er duizendtallen staan, en anders `{whole}`"))
            .replace(span, fixed),
    )
}

fn foreign(word: &str, span: Span) -> Diagnostic {
    let ours = match word {
        "==" => "=",
        "!=" | "≠" => "<>",
        "=<" | "≤" => "<=",
        "=>" | "≥" => ">=",
        "&&" => "en",
        "||" => "of",
        "×" => "*",
        "÷" => "/",
        ";" => ",",
        _ => "-",
    };
    Diagnostic::error("ML017", format!("de taal kent {} niet", shown(word)))
        .at(span)
        .help(format!("schrijf `{ours}`"))
        .replace(span, ours)
}

fn escapes(reader: &mut Reader, index: usize) {
    let Some(token) = reader.token(index) else { return };
    let word = reader.word(index);
    let mut chars = word.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let Some((_, next)) = chars.next() else { return };
        if matches!(next, '"' | '\\' | 'n') {
            continue;
        }
        let from = token.start + at;
        let span = reader.fragment.span(from, from + 1 + next.len_utf8());
        let diagnostic =
            Diagnostic::error("ML011", format!("`\\{}` is geen teken in een tekst", next.escape_default()))
                .at(span)
                .help("een tekst kent `\\\"`, `\\\\` en `\\n`; schrijf een losse backslash als `\\\\`")
                .replace(reader.fragment.span(from, from + 1), "\\\\");
        reader.sink.push(diagnostic);
    }
}

// ------------------------------------------------------------------------------------------------ dates and times

/// A well-formed date that does not exist, or the time behind it.
fn date(reader: &Reader, index: usize) -> Option<Diagnostic> {
    let word = reader.word(index);
    let (day, clock) = word.split_once('T').map_or((word, None), |(day, clock)| (day, Some(clock)));
    let span = reader.span_of(index);
    if day.parse::<NaiveDate>().is_err() {
        return Some(no_such_day(day, span));
    }
    match clock {
        Some(clock) if !is_clock(clock) => Some(no_such_time(clock, span)),
        _ => None,
    }
}

fn no_such_day(day: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("ML006", format!("{} bestaat niet", shown(day))).at(span);
    let mut numbers = day.split('-').map(|p| p.parse::<u32>().unwrap_or(0));
    let (year, month) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let year = i32::try_from(year).unwrap_or(0);
    let last = (28..=31).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month, d));
    match last {
        Some(last) => diagnostic.help(format!("de laatste dag van die maand is `{last}`")),
        None => diagnostic.help("een datum is jaar, maand en dag: `2026-01-31`"),
    }
}

fn bad_date(word: &str, span: Span) -> Diagnostic {
    let diagnostic =
        Diagnostic::error("ML006", format!("{} is geen datum zoals de taal die schrijft", shown(word))).at(span);
    let parts: Vec<&str> = word.split(['-', '/']).collect();
    let (year, month, day) = match parts.as_slice() {
        [a, b, c] if a.len() == 4 => (*a, *b, *c),
        [a, b, c] => (*c, *b, *a),
        _ => return diagnostic,
    };
    let fixed = format!("{year}-{month:0>2}-{day:0>2}");
    if fixed.parse::<NaiveDate>().is_err() {
        return diagnostic.help("een datum is jaar, maand en dag: `2026-01-31`");
    }
    diagnostic.help(format!("schrijf `{fixed}`")).replace(span, fixed)
}

/// A time of day belongs behind a date on the same line.
fn lone_clock(reader: &Reader, index: usize) -> Option<Diagnostic> {
    let word = reader.word(index);
    let span = reader.span_of(index);
    let behind_date = index.checked_sub(1).and_then(|i| reader.token(i)).is_some_and(|t| t.kind == Kind::Date);
    // The end of a day in opening hours; as a time of day behind a date it does not exist.
    if is_clock(word) || (word == "24:00" && !behind_date) {
        return None;
    }
    // `1:2` without a date before it may be anything; the rule that does not fit says it better.
    match (behind_date, word.len()) {
        (true, _) => Some(no_such_time(word, span)),
        (false, 4..) => Some(no_such_time(word, span).help("is het een duur, schrijf dan de eenheid erbij: `10 min`")),
        (false, _) => None,
    }
}

fn is_clock(word: &str) -> bool {
    let shape = word.split(':').all(|p| p.len() == 2);
    let seconds = if word.len() == 5 { format!("{word}:00") } else { word.to_owned() };
    shape && seconds.parse::<NaiveTime>().is_ok() && !seconds.ends_with(":60")
}

fn no_such_time(word: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("ML006", format!("{} is geen tijd", shown(word))).at(span);
    let parts: Vec<String> = word.split(':').map(|p| format!("{p:0>2}")).collect();
    let fixed = parts.join(":");
    if !word.contains('T') && is_clock(&fixed) {
        return diagnostic.help(format!("schrijf `{fixed}`")).replace(span, fixed);
    }
    diagnostic.help("een tijd is uren en minuten: `08:30`")
}

// ------------------------------------------------------------------------------------------------ brackets

fn brackets(reader: &mut Reader, range: Range<usize>) -> bool {
    // For each open bracket its token and how deep it stands, `niet` and `-` before it included.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut prefixes = 0;
    for index in range.clone() {
        let Some(token) = reader.token(index) else { break };
        let depth = open.last().map_or(0, |&(_, depth)| depth);
        match token.kind {
            Kind::Open => open.push((index, depth + prefixes + 1)),
            Kind::Close if open.pop().is_none() => {
                let span = reader.span_of(index);
                let diagnostic = Diagnostic::error("ML009", "dit haakje sluit niets: er staat geen `(` voor")
                    .at(span)
                    .help("haal het haakje weg, of zet er een `(` bij")
                    .replace(span, "");
                reader.sink.push(diagnostic);
                return false;
            }
            _ => {}
        }
        prefixes = if matches!(reader.word(index), "niet" | "-") { prefixes + 1 } else { 0 };
        if open.last().map_or(0, |&(_, depth)| depth) + prefixes > MAX_NESTING {
            reader.sink.push(too_deep(reader.span_of(index)));
            return false;
        }
    }
    let Some(&(index, _)) = open.last() else { return true };
    let mut diagnostic = Diagnostic::error("ML009", "dit haakje is niet gesloten").at(reader.span_of(index));
    diagnostic = diagnostic.help("zet een `)` waar het haakje eindigt");
    if let (1, Some(last)) = (open.len(), range.last()) {
        diagnostic = diagnostic.replace(reader.span_of(last).after(), ")");
    }
    reader.sink.push(diagnostic);
    false
}

/// Deeper than the language goes.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("ML010", "deze uitdrukking is te diep genest of te lang")
        .at(span)
        .help("splits haar in kolommen van een tabel of in meer kpi's")
}
