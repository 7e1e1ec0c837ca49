//! `doel` and `klantketen`: where each statement begins and ends, and what stands in it. Knows nothing of which goals and
//! chains there are.

use super::grammar::Rule;
use super::lex::{Kind, is_reserved};
use super::lexical::shown;
use super::outline::{block, head, salvaged, within};
use super::piece::Reader;
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::Spanned;
use crate::syntax::ast::{Declaration, StrategyBody, StrategyClause, StrategyDef, StrategyKind, StrategyWord};
use std::ops::Range;

/// Reads a declaration from its first token, which is the right word where it is `whole`. Gives where reading goes on.
pub(super) fn strategy(
    reader: &mut Reader,
    at: usize,
    kind: StrategyKind,
    whole: bool,
) -> (usize, Option<Declaration>) {
    let block = block(reader, at, |reader, index| reader.first(index) && known(reader, index, kind).is_some());
    let rule = match kind {
        StrategyKind::Goal => Rule::goal_head_piece,
        StrategyKind::Chain => Rule::chain_head_piece,
    };
    let (name, title) = if whole { head(reader, rule, &block) } else { salvaged(reader, at) };
    let (mut clauses, mut incomplete) = (Vec::new(), false);
    let what = name.as_ref().map_or(kind.word().to_owned(), |n| format!("{} `{}`", kind.word(), n.value));
    let index = within(reader, &block, &what, |reader, index| {
        let end = clause_end(reader, index, kind);
        let found = clause(reader, index..end, kind);
        incomplete |= found.is_none();
        clauses.extend(found);
        end
    });
    let span = reader.span_over(at..index);
    (index, name.map(|name| Declaration::Strategy(StrategyDef { kind, name, title, clauses, incomplete, span })))
}

fn known(reader: &Reader, index: usize, kind: StrategyKind) -> Option<StrategyWord> {
    let word = reader.name_word(index)?;
    kind.words().iter().copied().find(|w| w.word() == word)
}

/// Behind the last token of the statement that begins at `start`.
fn clause_end(reader: &Reader, start: usize, kind: StrategyKind) -> usize {
    let mut index = start + 1;
    while reader.token(index).is_some() {
        let closes = reader.kind(index) == Some(Kind::BraceClose);
        if closes || reader.declares(index) || begins(reader, index, start, kind) {
            break;
        }
        index += 1;
    }
    index
}

/// A statement begins here: a known word behind something that is complete, or any name first on its line there.
fn begins(reader: &Reader, index: usize, start: usize, kind: StrategyKind) -> bool {
    let listed = reader.kind(index.saturating_sub(1)) == Some(Kind::Comma);
    if listed || index == start + 1 && !reader.first(index) {
        return false;
    }
    let name = reader.name_word(index).is_some_and(|word| !is_reserved(word));
    name && (known(reader, index, kind).is_some() || reader.first(index))
}

/// One statement; nothing for a word that is none, which is reported.
fn clause(reader: &mut Reader, range: Range<usize>, kind: StrategyKind) -> Option<StrategyClause> {
    let at = range.start;
    let span = reader.span_of(at);
    let Some(word) = known(reader, at, kind) else {
        let diagnostic = unknown(reader, at, kind);
        reader.sink.push(diagnostic);
        return None;
    };
    let word = Spanned::new(word, span);
    let body = body(reader, &word, at + 1..range.end);
    Some(StrategyClause { word, body, span: reader.span_over(range) })
}

fn unknown(reader: &Reader, at: usize, kind: StrategyKind) -> Diagnostic {
    let (word, span) = (reader.word(at), reader.span_of(at));
    let words: Vec<String> = kind.words().iter().map(|w| format!("`{}`", w.word())).collect();
    let help = format!("een {} kent {}", kind.word(), words.join(", "));
    let diagnostic =
        Diagnostic::error("ML056", format!("{} is geen onderdeel van een {}", shown(word), kind.word())).at(span);
    let near = reader.name_word(at).and_then(|name| {
        suggest::nearest(name, kind.words().iter().map(|w| w.word())).or_else(|| elsewhere(kind, name))
    });
    match near {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, near),
        None => diagnostic.help(help),
    }
}

/// The word for what others call it.
pub(super) fn elsewhere(kind: StrategyKind, word: &str) -> Option<&'static str> {
    Some(match (kind, word.to_lowercase().as_str()) {
        (StrategyKind::Goal, "visie" | "ambitie" | "missie" | "stip") => "droom",
        (StrategyKind::Goal, "opgaven" | "programma" | "thema") => "opgave",
        (StrategyKind::Chain, "verantwoordelijke" | "proceseigenaar" | "keteneigenaar") => "eigenaar",
        (StrategyKind::Chain, "doel" | "doelstellingen") => "doelen",
        (StrategyKind::Chain, "waarden" | "klantwaarde" | "klantbeloften") => "klantwaarden",
        (StrategyKind::Chain, "interne_waarde" | "kernwaarden") => "interne_waarden",
        _ => return None,
    })
}

/// Reads what stands behind the word of a statement.
fn body(reader: &mut Reader, word: &Spanned<StrategyWord>, range: Range<usize>) -> StrategyBody {
    if range.is_empty() {
        let message = format!("achter `{}` staat niets", word.value.word());
        let help = match word.value {
            StrategyWord::Task | StrategyWord::Goals => format!("schrijf `{} een_naam`", word.value.word()),
            _ => format!("schrijf `{} \"…\"`", word.value.word()),
        };
        reader.sink.push(Diagnostic::error("ML057", message).at(word.span).help(help));
        return StrategyBody::Broken;
    }
    let read = match word.value {
        StrategyWord::Vision | StrategyWord::Owner => reader.read(Rule::text_piece, range, |tree, nodes| {
            nodes.find(|n| n.as_rule() == Rule::text).map(|n| StrategyBody::Text(tree.text(&n)))
        }),
        StrategyWord::Task | StrategyWord::Goals => reader.read(Rule::words_piece, range, |tree, nodes| {
            let names = nodes.filter(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n)).collect();
            Some(StrategyBody::Names(names))
        }),
        StrategyWord::CustomerValues | StrategyWord::InternalValues => {
            reader.read(Rule::texts_piece, range, |tree, nodes| {
                let texts = nodes.filter(|n| n.as_rule() == Rule::text).map(|n| tree.text(&n)).collect();
                Some(StrategyBody::Texts(texts))
            })
        }
    };
    read.unwrap_or(StrategyBody::Broken)
}
