//! A `kalender`: where each statement begins and ends, and what stands in it. Knows nothing of which words are days of the
//! week or sets of holidays, nor of which statement holds when.

use super::grammar::Rule;
use super::lex::{Kind, is_reserved};
use super::lexical::shown;
use super::norm::{day, day_after};
use super::outline::{block, head, salvaged, within};
use super::piece::{Node, Nodes, Reader, Tree};
use crate::calendar::WEEKDAYS;
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::Spanned;
use crate::syntax::ast::{CalendarBody, CalendarClause, CalendarDef, CalendarWord, Declaration, Validity};
use std::ops::Range;

/// Reads a `kalender` from its first token, which is the right word where it is `whole`. Gives where reading goes on.
pub(super) fn calendar(reader: &mut Reader, at: usize, whole: bool) -> (usize, Option<Declaration>) {
    let block = block(reader, at, |reader, index| reader.first(index) && known(reader, index).is_some());
    let (name, title) = if whole { head(reader, Rule::calendar_head_piece, &block) } else { salvaged(reader, at) };
    let (mut clauses, mut incomplete) = (Vec::new(), false);
    let what = name.as_ref().map_or("deze kalender".to_owned(), |n| format!("kalender `{}`", n.value));
    let index = within(reader, &block, &what, |reader, index| {
        let end = clause_end(reader, index);
        match clause(reader, index..end) {
            Some(clause) => clauses.push(clause),
            None => incomplete = true,
        }
        end
    });
    let span = reader.span_over(at..index);
    (index, name.map(|name| Declaration::Calendar(CalendarDef { name, title, clauses, incomplete, span })))
}

fn known(reader: &Reader, index: usize) -> Option<CalendarWord> {
    reader.name_word(index).and_then(CalendarWord::of)
}

/// Behind the last token of the statement that begins at `start`.
fn clause_end(reader: &Reader, start: usize) -> usize {
    let mut index = start + 1;
    while reader.token(index).is_some() {
        let closes = reader.kind(index) == Some(Kind::BraceClose);
        if closes || reader.declares(index) || begins(reader, index, start) {
            break;
        }
        index += 1;
    }
    index
}

/// A statement begins here: a known word, or a name first on its line that cannot belong to the one before.
fn begins(reader: &Reader, index: usize, start: usize) -> bool {
    if known(reader, index).is_some() {
        return true;
    }
    let before = index.saturating_sub(1);
    let listed = matches!(reader.kind(before), Some(Kind::Comma | Kind::Sign | Kind::Dot));
    let own = reader.name_word(index).is_some_and(|word| !is_reserved(word) && !WEEKDAYS.contains(&word));
    own && reader.first(index) && !listed && index > start + 1
}

/// One statement; nothing for a word that is none, which is reported.
fn clause(reader: &mut Reader, range: Range<usize>) -> Option<CalendarClause> {
    let at = range.start;
    let span = reader.span_of(at);
    let Some(word) = known(reader, at) else {
        let diagnostic = unknown(reader, at);
        reader.sink.push(diagnostic);
        return None;
    };
    let word = Spanned::new(word, span);
    let mut inner = at + 1..range.end;
    if reader.kind(inner.start) == Some(Kind::Colon) && !inner.is_empty() {
        let colon = reader.span_of(inner.start);
        reader.sink.push(
            Diagnostic::error("ML022", format!("achter `{}` hoort geen dubbele punt", word.value.word()))
                .at(colon)
                .help("een dubbele punt hoort bij de YAML-notatie; haal haar hier weg")
                .replace(colon, ""),
        );
        inner.start += 1;
    }
    let body = body(reader, &word, inner);
    Some(CalendarClause { word, body, span: reader.span_over(range) })
}

fn unknown(reader: &Reader, at: usize) -> Diagnostic {
    let (word, span) = (reader.word(at), reader.span_of(at));
    if reader.kind(at) != Some(Kind::Name) {
        let message = format!("verwacht een onderdeel van de kalender, maar hier staat {}", shown(word));
        return Diagnostic::error("ML001", message)
            .at(span)
            .help("een onderdeel begint met `feestdagen`, `werkdagen`, `open` of `gesloten`");
    }
    let diagnostic = Diagnostic::error("ML040", format!("{} is geen onderdeel van een kalender", shown(word))).at(span);
    let near = suggest::nearest(word, CalendarWord::ALL.map(CalendarWord::word)).or_else(|| elsewhere(word));
    match near {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, near),
        None => diagnostic.help("een kalender kent `feestdagen`, `werkdagen`, `open` en `gesloten`"),
    }
}

/// The word for what others call it.
pub(super) fn elsewhere(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "openingstijden" | "openingstijd" | "kantoortijden" | "kantooruren" | "openstelling" => "open",
        "dicht" | "sluitingsdagen" | "sluiting" | "vrij" | "vakantie" | "vakanties" | "vrije_dagen" => "gesloten",
        "dagen" | "weekdagen" | "werkweek" => "werkdagen",
        "vrijedagen" | "feest" => "feestdagen",
        _ => return None,
    })
}

/// Reads what stands behind the word of a statement.
pub(super) fn body(reader: &mut Reader, word: &Spanned<CalendarWord>, range: Range<usize>) -> CalendarBody {
    if range.is_empty() {
        reader.sink.push(no_answer(word));
        return CalendarBody::Broken;
    }
    if let Some(diagnostic) = run_of_days(reader, range.clone()) {
        reader.sink.push(diagnostic);
        return CalendarBody::Broken;
    }
    let read = match word.value {
        CalendarWord::Holidays => reader.read(Rule::holidays_piece, range, |tree, nodes| {
            let parts = parts(tree, nodes)?;
            Some(CalendarBody::Holidays { set: parts.names.into_iter().next(), validity: parts.validity })
        }),
        CalendarWord::Workdays => reader.read(Rule::workdays_piece, range, |tree, nodes| {
            let parts = parts(tree, nodes)?;
            Some(CalendarBody::Workdays { days: parts.names, validity: parts.validity })
        }),
        CalendarWord::Open => reader.read(Rule::hours_piece, range, |tree, nodes| {
            let parts = parts(tree, nodes)?;
            let mut clocks = parts.clocks.into_iter();
            let (from, until) = (clocks.next()?, clocks.next()?);
            Some(CalendarBody::Open { days: parts.names, from, until, validity: parts.validity })
        }),
        CalendarWord::Closed => reader.read(Rule::closed_piece, range, |tree, nodes| {
            let (mut days, mut reason) = (Vec::new(), None);
            for node in nodes {
                match node.as_rule() {
                    Rule::date => days.push(tree.date(&node)?),
                    Rule::text => reason = Some(tree.text(&node)),
                    _ => {}
                }
            }
            Some(CalendarBody::Closed { days, reason })
        }),
    };
    read.unwrap_or(CalendarBody::Broken)
}

fn no_answer(word: &Spanned<CalendarWord>) -> Diagnostic {
    let example = match word.value {
        CalendarWord::Holidays => "feestdagen termijnenwet",
        CalendarWord::Workdays => "werkdagen ma, di, wo, do, vr",
        CalendarWord::Open => "open ma, di, wo 08:30 - 17:00",
        CalendarWord::Closed => "gesloten 2026-12-24 \"collectief verlof\"",
    };
    Diagnostic::error("ML001", format!("achter `{}` staat geen antwoord", word.value.word()))
        .at(word.span)
        .help(format!("bijvoorbeeld `{example}`"))
}

/// `ma - vr`, `ma t/m vr`: days are listed one by one.
fn run_of_days(reader: &Reader, range: Range<usize>) -> Option<Diagnostic> {
    let place = |index: usize| WEEKDAYS.iter().position(|day| reader.name_word(index) == Some(*day));
    for index in range.clone() {
        let Some(first) = place(index) else { continue };
        let behind = (index + 1..range.end).take_while(|&i| !matches!(reader.kind(i), Some(Kind::Comma | Kind::Clock)));
        let Some(last) = behind.clone().find(|&i| place(i).is_some()) else { continue };
        let between = reader.text_over(index + 1..last);
        if !matches!(between, "-" | "–" | "t/m" | "tot" | "tot en met" | "en met") {
            continue;
        }
        let until = place(last)?;
        let days = WEEKDAYS.get(first..=until).filter(|days| !days.is_empty());
        let span = reader.span_of(index).to(reader.span_of(last));
        let diagnostic = Diagnostic::error("ML001", "de dagen van de week staan één voor één, met komma's ertussen");
        return Some(match days {
            Some(days) => {
                let list = days.join(", ");
                diagnostic.at(span).help(format!("schrijf `{list}`")).replace(span, list)
            }
            None => diagnostic.at(span).help("bijvoorbeeld `ma, di, wo, do, vr`"),
        });
    }
    None
}

/// The pieces of a statement.
#[derive(Default)]
struct Parts {
    names: Vec<crate::syntax::ast::Name>,
    clocks: Vec<Spanned<u32>>,
    validity: Validity,
}

fn parts(tree: &mut Tree, nodes: &mut Nodes) -> Option<Parts> {
    let mut parts = Parts::default();
    for node in nodes {
        let at = tree.span(&node);
        let rule = node.as_rule();
        let twice = match rule {
            Rule::ident | Rule::weekday => {
                parts.names.push(tree.name(&node));
                false
            }
            Rule::clock => {
                parts.clocks.push(Spanned::new(seconds(&node)?, at));
                false
            }
            Rule::from => parts.validity.from.replace(day(tree, node)?).is_some(),
            Rule::until => parts.validity.until.replace(day(tree, node)?).is_some(),
            Rule::until_with => parts.validity.until.replace(day_after(tree, node)?).is_some(),
            _ => false,
        };
        if twice {
            let word = if rule == Rule::from { "vanaf" } else { "tot" };
            tree.sink.push(
                Diagnostic::error("ML026", format!("hier staat al een `{word}`"))
                    .at(at)
                    .help("een regel van een kalender heeft hoogstens één `vanaf` en één `tot`"),
            );
            return None;
        }
    }
    Some(parts)
}

/// `08:30`, `24:00`
fn seconds(node: &Node) -> Option<u32> {
    let mut numbers = node.as_str().split(':').map(|part| part.parse::<u32>().ok());
    let (hours, minutes) = (numbers.next()??, numbers.next()??);
    let rest = numbers.next().map_or(Some(0), |seconds| seconds)?;
    Some(hours * 3600 + minutes * 60 + rest)
}
