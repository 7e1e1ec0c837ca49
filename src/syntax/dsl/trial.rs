//! The outline of a `toets`: its parts, each read on its own, and its tables. Knows nothing of what the names refer to.

use super::cells;
use super::grammar::Rule;
use super::lex::{Kind, is_reserved};
use super::lexical::shown;
use super::outline::{Block, block, not_closed};
use super::piece::Reader;
use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{CellTable, Declaration, GivenDef, Text, TrialDef};
use std::ops::Range;

/// The words that begin a part of a `toets`.
pub(super) const PARTS: [&str; 5] = ["kpi", "peilmoment", "parameter", "gegeven", "verwacht"];

/// Reads a `toets` from its first token. Gives where reading goes on.
pub(super) fn trial(reader: &mut Reader, at: usize) -> (usize, Option<Declaration>) {
    let block = block(reader, at, |reader, index| index > at + 1 && reader.first(index) && begins_part(reader, index));
    let name = name(reader, &block);
    let mut trial = TrialDef {
        broken: name.is_none(),
        name: name.unwrap_or_else(|| Spanned::new(String::new(), reader.span_of(at))),
        kpi: None,
        moment: None,
        parameters: Vec::new(),
        given: Vec::new(),
        expected: None,
        span: reader.span_of(at),
    };
    let mut index = block.body;
    let mut closed = false;
    while reader.token(index).is_some() {
        if reader.kind(index) == Some(Kind::BraceClose) {
            closed = true;
            index += 1;
            break;
        }
        let end = part_end(reader, index);
        if begins_row(reader, index) {
            index = lone_table(reader, &mut trial, index);
        } else if begins_part(reader, index) && !is_declaration(reader, index) {
            index = part(reader, &mut trial, index, end).max(index + 1);
        } else if reader.declares(index) {
            break;
        } else {
            unknown(reader, &mut trial, index);
            index = if begins_row(reader, end) { unheard_table(reader, end) } else { end };
        }
    }
    if !closed {
        let what = format!("toets {}", shown(&trial.name.value));
        not_closed(reader, &block, &what, index.saturating_sub(1));
        trial.broken = true;
    }
    trial.span = reader.span_over(at..index);
    (index, Some(Declaration::Trial(trial)))
}

/// `kpi naam "Titel" {` and `parameter naam: …` begin something else: this toets is not closed.
fn is_declaration(reader: &Reader, index: usize) -> bool {
    reader.declares(index) && reader.first(index)
}

/// The name: a text. What stands there instead has a message.
fn name(reader: &mut Reader, block: &Block) -> Option<Text> {
    let at = block.head.start;
    let behind = at + 1..block.head.end;
    if behind.is_empty() {
        let place = reader.span_of(at);
        let help = "schrijf `toets \"wat er klopt\" { … }`";
        reader.sink.push(Diagnostic::error("ML049", "deze toets heeft geen naam").at(place).help(help));
        return None;
    }
    if (reader.kind(at + 1), behind.len()) == (Some(Kind::Text), 1) {
        return reader.read(Rule::text_piece, behind, |tree, nodes| {
            nodes.find(|n| n.as_rule() == Rule::text).map(|n| tree.text(&n))
        });
    }
    let wrong = behind.clone().all(|i| matches!(reader.kind(i), Some(Kind::Name | Kind::Number | Kind::Sign)));
    if !wrong {
        return reader.read(Rule::text_piece, behind, |_, _| None);
    }
    let (span, text) = (reader.span_over(behind.clone()), reader.text_over(behind));
    let fixed = format!("\"{text}\"");
    reader.sink.push(
        Diagnostic::error("ML049", "de naam van een toets staat tussen aanhalingstekens")
            .at(span)
            .help(format!("schrijf `toets {fixed}`"))
            .replace(span, fixed),
    );
    Some(Spanned::new(text.to_owned(), span))
}

fn begins_part(reader: &Reader, index: usize) -> bool {
    reader.name_word(index).is_some_and(|word| PARTS.contains(&word))
}

/// `|` at the start of a line.
fn begins_row(reader: &Reader, index: usize) -> bool {
    reader.first(index) && reader.word(index).starts_with('|')
}

/// A word that begins a line of its own, known or not.
fn begins_line(reader: &Reader, index: usize) -> bool {
    reader.name_word(index).is_some_and(|word| !is_reserved(word))
}

/// Behind the last token of the part that begins at `start`.
fn part_end(reader: &Reader, start: usize) -> usize {
    let mut index = start + 1;
    while let Some(token) = reader.token(index) {
        let complete = index > start + 1 && reader.ends_operand(index.saturating_sub(1), 0);
        let fresh = if begins_part(reader, index) {
            token.first || complete
        } else {
            token.first && complete && begins_line(reader, index)
        };
        if fresh || begins_row(reader, index) || token.kind == Kind::BraceClose || reader.declares(index) {
            break;
        }
        index += 1;
    }
    index
}

/// Reads one part; gives where reading goes on.
fn part(reader: &mut Reader, trial: &mut TrialDef, at: usize, end: usize) -> usize {
    let word = reader.word(at);
    let mut body = at + 1..end;
    if reader.kind(at + 1) == Some(Kind::Colon) && !body.is_empty() {
        let colon = reader.span_of(at + 1);
        reader.sink.push(
            Diagnostic::error("ML022", format!("achter `{word}` hoort geen dubbele punt"))
                .at(colon)
                .help("een dubbele punt hoort bij de YAML-notatie; haal haar hier weg")
                .replace(colon, ""),
        );
        body.start += 1;
    }
    if body.is_empty() && word != "verwacht" {
        reader.sink.push(no_answer(word, reader.span_of(at)));
        trial.broken = true;
        return if begins_row(reader, end) { skip_table(reader, trial, end).0 } else { end };
    }
    let before = reader.sink.len();
    let next = match word {
        "kpi" => {
            let read = reader.read(Rule::name_piece, body, |tree, nodes| {
                nodes.find(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n))
            });
            let again = trial.kpi.as_ref().map(|k| k.span);
            once(reader, again, word, at);
            trial.kpi = trial.kpi.take().or(read);
            end
        }
        "peilmoment" => {
            let read = reader.read(Rule::moment_piece, body, |tree, nodes| {
                nodes.find(|n| n.as_rule() == Rule::literal).and_then(|n| tree.literal(n))
            });
            let again = trial.moment.as_ref().map(|m| m.span);
            once(reader, again, word, at);
            trial.moment = trial.moment.take().or(read);
            end
        }
        "parameter" => {
            let read = reader.read(Rule::assignment_piece, body, |tree, nodes| {
                let name = nodes.find(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n))?;
                let value = nodes.find(|n| n.as_rule() == Rule::expr)?;
                Some((name, tree.expr(value)?))
            });
            trial.parameters.extend(read);
            end
        }
        "gegeven" => given(reader, trial, at, body, end),
        _ => expected(reader, trial, at, body, end),
    };
    trial.broken |= reader.sink.len() > before;
    next
}

/// Reports a part that stands there already.
fn once(reader: &mut Reader, first: Option<Span>, word: &str, at: usize) {
    let Some(first) = first else { return };
    let span = reader.span_of(at);
    reader.sink.push(
        Diagnostic::error("ML049", format!("`{word}` staat twee keer in deze toets"))
            .at(span)
            .also(first, "de eerste")
            .help("maak er twee toetsen van, of haal een van beide weg"),
    );
}

fn given(reader: &mut Reader, trial: &mut TrialDef, at: usize, body: Range<usize>, end: usize) -> usize {
    let read = reader
        .read(Rule::path_piece, body, |tree, nodes| nodes.find(|n| n.as_rule() == Rule::path).map(|n| tree.path(n)));
    if !begins_row(reader, end) {
        let span = reader.span_over(at..end);
        if read.is_some() {
            reader.sink.push(no_table("gegeven", span));
        }
        return end;
    }
    let (next, cells) = skip_table(reader, trial, end);
    let span = reader.span_over(at..next);
    if let Some((table, cells)) = read.zip(cells) {
        trial.given.push(GivenDef { table, cells, span });
    }
    next
}

fn expected(reader: &mut Reader, trial: &mut TrialDef, at: usize, body: Range<usize>, end: usize) -> usize {
    if !body.is_empty() {
        let span = reader.span_over(body);
        let word = shown(reader.word(at + 1));
        reader.sink.push(
            Diagnostic::error("ML049", format!("achter `verwacht` hoort een tabel, en hier staat {word}"))
                .at(span)
                .help("schrijf op de volgende regels `| periode | waarde |` met de verwachte rijen eronder"),
        );
    } else if !begins_row(reader, end) {
        reader.sink.push(no_table("verwacht", reader.span_of(at)));
    }
    if !begins_row(reader, end) {
        return end;
    }
    let again = trial.expected.as_ref().map(|t| t.span);
    once(reader, again, "verwacht", at);
    let (next, cells) = skip_table(reader, trial, end);
    trial.expected = trial.expected.take().or(cells);
    next
}

fn no_table(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error("ML049", format!("onder `{word}` staat geen tabel"))
        .at(span)
        .help("schrijf op de volgende regels `| kolom | kolom |` met de rijen eronder")
}

fn no_answer(word: &str, span: Span) -> Diagnostic {
    let help = match word {
        "kpi" => "schrijf de naam van de kpi erachter: `kpi balie_bezoekers`",
        "peilmoment" => "schrijf een dag of een moment erachter: `peilmoment 2026-02-01`",
        "parameter" => "schrijf `parameter wachtnorm = 30 s`",
        _ => "schrijf de tabel erachter: `gegeven balie.ticket`",
    };
    Diagnostic::error("ML049", format!("achter `{word}` staat niets")).at(span).help(help)
}

/// The table that begins at a token, and the first token behind it.
fn skip_table(reader: &mut Reader, trial: &mut TrialDef, at: usize) -> (usize, Option<CellTable>) {
    let start = reader.token(at).map_or(0, |t| t.start);
    let (cells, whole, end) = cells::table(reader.fragment, start, reader.sink);
    trial.broken |= !whole;
    let next = reader.tokens.partition_point(|token| token.start < end);
    (next.max(at + 1), cells)
}

/// Behind the rows that begin at a token, whatever is in them.
fn unheard_table(reader: &Reader, at: usize) -> usize {
    let start = reader.token(at).map_or(0, |t| t.start);
    let (_, _, end) = cells::table(reader.fragment, start, &mut Sink::default());
    reader.tokens.partition_point(|token| token.start < end).max(at + 1)
}

/// Rows that belong to nothing.
fn lone_table(reader: &mut Reader, trial: &mut TrialDef, at: usize) -> usize {
    let next = unheard_table(reader, at);
    trial.broken = true;
    reader.sink.push(
        Diagnostic::error("ML049", "deze tabel hoort bij niets")
            .at(reader.span_over(at..next))
            .help("zet er `gegeven bron.tabel` of `verwacht` boven"),
    );
    next
}

fn unknown(reader: &mut Reader, trial: &mut TrialDef, at: usize) {
    trial.broken = true;
    let (word, span) = (reader.word(at), reader.span_of(at));
    let diagnostic = Diagnostic::error("ML049", format!("{} is geen onderdeel van een toets", shown(word))).at(span);
    let near = suggest::nearest(word, PARTS).or(match word.to_lowercase().as_str() {
        "gegevens" | "invoer" | "data" | "rijen" => Some("gegeven"),
        "uitkomst" | "verwachting" | "resultaat" | "uitvoer" => Some("verwacht"),
        "moment" | "datum" => Some("peilmoment"),
        _ => None,
    });
    reader.sink.push(match near {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, near),
        None => diagnostic.help(format!("een toets kent {}", PARTS.join(", "))),
    });
}
