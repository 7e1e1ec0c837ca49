//! The outline of a `dimensie`: its lines, each read on its own. The lines serve the YAML notation too. Knows nothing of
//! what a spelling or a group means.

use super::grammar::Rule;
use super::lex::{Kind, is_reserved};
use super::lexical::shown;
use super::outline::{block, head, salvaged, within};
use super::piece::Reader;
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::Span;
use crate::syntax::ast::{Declaration, SharedDimensionDef, SharedDimensionLine};
use std::ops::Range;

/// The words that begin a line; any other line begins with a member.
const WORDS: [&str; 3] = ["leden", "groep", "in"];

/// Reads a `dimensie` from its first token, which is the right word where it is `whole`. Gives where reading goes on.
pub(super) fn shared(reader: &mut Reader, at: usize, whole: bool) -> (usize, Option<Declaration>) {
    let block = block(reader, at, |reader, index| index > at + 1 && reader.first(index));
    let (name, title) = if whole { head(reader, Rule::dimension_head_piece, &block) } else { salvaged(reader, at) };
    let mut lines = Vec::new();
    let mut incomplete = false;
    let what = name.as_ref().map_or("deze dimensie".to_owned(), |n| format!("dimensie `{}`", n.value));
    let index = within(reader, &block, &what, |reader, index| {
        let end = line_end(reader, index);
        let read = line(reader, index..end);
        incomplete |= read.is_none();
        lines.extend(read);
        end
    });
    let span = reader.span_over(at..index);
    let found =
        name.map(|name| Declaration::SharedDimension(SharedDimensionDef { name, title, lines, incomplete, span }));
    (index, found)
}

/// Behind the last token of the line that begins at `start`.
fn line_end(reader: &Reader, start: usize) -> usize {
    let mut brackets = 0_usize;
    let mut index = start;
    while let Some(token) = reader.token(index) {
        if index > start && (reader.declares(index) || begins_line(reader, index, start, brackets)) {
            break;
        }
        match token.kind {
            Kind::Open => brackets += 1,
            Kind::Close => brackets = brackets.saturating_sub(1),
            Kind::BraceClose => break,
            _ => {}
        }
        index += 1;
    }
    index.max(start + 1)
}

/// A word behind something that is complete: two operands never stand side by side. The word that began the line is not
/// complete in itself.
fn begins_line(reader: &Reader, index: usize, start: usize, brackets: usize) -> bool {
    let named = match reader.kind(index) {
        Some(Kind::Quoted | Kind::OpenName) => true,
        Some(Kind::Name) => {
            !is_reserved(reader.word(index))
                || (reader.word(index) == "in" && brackets == 0 && reader.kind(index + 1) != Some(Kind::Open))
        }
        _ => false,
    };
    let Some(before) = index.checked_sub(1).filter(|_| named) else { return false };
    // `leden a`, `groep x`, and the same with a slip of the pen.
    let keyword = before == start && (WORDS.contains(&reader.word(start)) || !reader.first(index));
    // `leden a, b,` and then `a = "…"`: a comma too many.
    let spelling = reader.first(index)
        && brackets == 0
        && reader.word(index + 1) == "="
        && reader.kind(before) == Some(Kind::Comma);
    spelling || (reader.ends_operand(before, brackets) && !keyword)
}

/// One line, from its first token; nothing when it is none, which is reported.
pub(super) fn line(reader: &mut Reader, range: Range<usize>) -> Option<SharedDimensionLine> {
    let (at, word) = (range.start, reader.word(range.start));
    let span = reader.span_over(range.clone());
    let spells = reader.word(at + 1) == "=" && range.len() > 1;
    match reader.name_word(at) {
        Some("leden") if !spells => members(reader, range, span),
        Some("groep") if !spells => group(reader, range, span),
        Some("in") => binding(reader, range, span),
        _ if spells => spellings(reader, range, span),
        name => {
            let diagnostic = Diagnostic::error("ML043", format!("{} is geen onderdeel van een dimensie", shown(word)))
                .at(reader.span_of(at));
            let near = name.and_then(|name| suggest::nearest(name, WORDS));
            reader.sink.push(match near {
                Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(reader.span_of(at), near),
                None => diagnostic
                    .help("een dimensie kent `leden a, b`, `lid = \"spelling\"`, `groep naam = a, b` en `in bron.tabel = kolom`"),
            });
            None
        }
    }
}

fn members(reader: &mut Reader, range: Range<usize>, span: Span) -> Option<SharedDimensionLine> {
    reader.read(Rule::members_piece, range, |tree, nodes| {
        let names = nodes.filter(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n)).collect();
        Some(SharedDimensionLine::Members { names, span })
    })
}

fn spellings(reader: &mut Reader, range: Range<usize>, span: Span) -> Option<SharedDimensionLine> {
    reader.read(Rule::spellings_piece, range, |tree, nodes| {
        let member = nodes.find(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n))?;
        let texts = nodes.filter(|n| n.as_rule() == Rule::text).map(|n| tree.text(&n)).collect();
        Some(SharedDimensionLine::Spellings { member, texts, span })
    })
}

fn group(reader: &mut Reader, range: Range<usize>, span: Span) -> Option<SharedDimensionLine> {
    reader.read(Rule::group_piece, range, |tree, nodes| {
        let mut names = nodes.filter(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n));
        let name = names.next()?;
        let members = names.collect();
        Some(SharedDimensionLine::Group { name, members, span })
    })
}

fn binding(reader: &mut Reader, range: Range<usize>, span: Span) -> Option<SharedDimensionLine> {
    reader.read(Rule::binding_piece, range, |tree, nodes| {
        let (mut table, mut value) = (None, None);
        for node in nodes {
            match node.as_rule() {
                Rule::path => table = Some(tree.path(node)),
                Rule::expr => value = Some(tree.expr(node)?),
                _ => {}
            }
        }
        Some(SharedDimensionLine::Binding { table: table?, value: value?, span })
    })
}
