//! The outline of a `bronsysteem`: its tables, and where each column and requirement begins and ends. Knows nothing of
//! what stands inside a column.

use super::column;
use super::grammar::Rule;
use super::lex::{Kind, is_reserved};
use super::lexical::shown;
use super::literal::{normal, unquote};
use super::outline::{Block, block, head, not_closed, salvaged, within};
use super::piece::Reader;
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    ColumnDef, ColumnKind, Declaration, DerivedFrom, Name, RequirementDef, SourceDef, TableDef, Text, UnitedFrom,
    ValidRows,
};
use std::ops::Range;

/// Reads a `bronsysteem` from its first token, which is the right word where it is `whole`. Gives where reading goes on.
pub(super) fn source(reader: &mut Reader, at: usize, whole: bool) -> (usize, Option<Declaration>) {
    let block = block(reader, at, begins_table);
    let (name, title) = if whole { head(reader, Rule::source_head_piece, &block) } else { salvaged(reader, at) };
    let mut tables = Vec::new();
    let mut incomplete = false;
    let what = name.as_ref().map_or("dit bronsysteem".to_owned(), |n| format!("bronsysteem `{}`", n.value));
    let index = within(reader, &block, &what, |reader, index| {
        let word = reader.name_word(index) == Some("tabel");
        let named = if word { None } else { table_without_word(reader, index) };
        if !word && named.is_none() {
            incomplete = true;
            return no_table(reader, index);
        }
        let (next, found) = table(reader, index, named);
        tables.extend(found);
        next
    });
    let span = reader.span_over(at..index);
    (index, name.map(|name| Declaration::Source(SourceDef { name, title, tables, incomplete, span })))
}

fn begins_table(reader: &Reader, index: usize) -> bool {
    reader.begins_table(index)
}

/// `ticket "…" {` and `tabl ticket "…" {`: a table without its word. Gives the token before its name's place, so that
/// the columns are read and its uses are no second mistake; the message is given here.
fn table_without_word(reader: &mut Reader, at: usize) -> Option<usize> {
    let name = |i| matches!(reader.kind(i), Some(Kind::Name | Kind::Quoted));
    let opens = |i| {
        reader.kind(i) == Some(Kind::BraceOpen)
            || (reader.kind(i) == Some(Kind::Text) && reader.kind(i + 1) == Some(Kind::BraceOpen))
    };
    let word = reader.word(at);
    let (place, named, fixed) = if name(at) && opens(at + 1) {
        (reader.span_of(at), at, format!("tabel {word}"))
    } else if name(at) && name(at + 1) && opens(at + 2) {
        (reader.span_of(at), at + 1, "tabel".to_owned())
    } else {
        return None;
    };
    let message = format!("verwacht `tabel`, maar hier staat {}", shown(word));
    let help = format!("schrijf `tabel {}`", reader.word(named));
    reader.sink.push(Diagnostic::error("ML001", message).at(place).help(help).replace(place, fixed));
    Some(named)
}

/// Skips what is no table, with one message.
fn no_table(reader: &mut Reader, at: usize) -> usize {
    let word = reader.word(at);
    let span = reader.span_of(at);
    let mut depth = 0_usize;
    let mut index = at;
    while let Some(token) = reader.token(index) {
        if index > at && (reader.declares(index) || reader.begins_table(index)) {
            break;
        }
        match token.kind {
            Kind::BraceOpen => depth += 1,
            Kind::BraceClose if depth == 0 => break,
            Kind::BraceClose => depth -= 1,
            _ => {}
        }
        index += 1;
    }
    let message = format!("verwacht `tabel`, maar hier staat {}", shown(word));
    let diagnostic = Diagnostic::error("ML001", message).at(span);
    reader.sink.push(match suggest::nearest(word, ["tabel"]) {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, near),
        None => diagnostic.help("een bronsysteem bestaat uit tabellen: `tabel naam { … }`"),
    });
    index
}

/// Reads a table from its first token. `named` is the token of its name where the word `tabel` is missing.
fn table(reader: &mut Reader, at: usize, named: Option<usize>) -> (usize, Option<TableDef>) {
    let block = block(reader, named.map_or(at, |name| name.saturating_sub(1)), begins_table);
    let head = match named {
        None => table_head(reader, &block),
        Some(named) => {
            let (name, title) = salvaged(reader, named.saturating_sub(1));
            Head { name, title, ..Head::default() }
        }
    };
    let mut columns = Vec::new();
    let mut requirements = Vec::new();
    let mut valid_lines = Vec::new();
    let mut incomplete = head.lost;
    let mut index = block.body;
    let mut closed = false;
    while reader.token(index).is_some() && !reader.declares(index) && !(reader.begins_table(index) && index > at) {
        if reader.kind(index) == Some(Kind::BraceClose) {
            closed = true;
            index += 1;
            break;
        }
        let end = line_end(reader, index);
        if begins_validity(reader, index) {
            valid_lines.push((reader.span_of(index), validity(reader, index..end)));
        } else if begins_requirement(reader, index) {
            requirements.extend(requirement(reader, index..end));
        } else {
            let column = one_column(reader, index..end);
            incomplete |= column.is_none();
            columns.extend(column);
        }
        index = end;
    }
    if !closed {
        let what = head.name.as_ref().map_or("deze tabel".to_owned(), |n| format!("tabel `{}`", n.value));
        not_closed(reader, &block, &what, index.saturating_sub(1));
    }
    // One that cannot be read leaves the table without, which is then no news.
    incomplete |= valid_lines.iter().any(|(_, read)| read.is_none());
    second_validity(reader, &valid_lines);
    let valid = valid_lines.into_iter().find_map(|(_, read)| read);
    let span = reader.span_over(at..index);
    let Head { name, title, derived, united, .. } = head;
    (index, name.map(|name| TableDef { name, title, derived, united, columns, requirements, valid, incomplete, span }))
}

/// `geldig begin tot eind`; `geldig ja_nee` is a column.
fn begins_validity(reader: &Reader, index: usize) -> bool {
    let next = reader.word(index + 1);
    let typed = next == "score" || column::TYPES.iter().any(|(name, _)| *name == next);
    let same_line = reader.token(index + 1).is_some_and(|token| !token.first);
    let name = matches!(reader.kind(index + 1), Some(Kind::Name | Kind::Quoted));
    reader.name_word(index) == Some("geldig") && same_line && name && (!typed || reader.word(index + 2) == "tot")
}

fn validity(reader: &mut Reader, range: Range<usize>) -> Option<ValidRows> {
    let from = range.start + 1;
    if reader.word(from) == "vanaf" {
        let place = reader.span_of(from);
        reader.sink.push(
            Diagnostic::error("ML001", "verwacht de kolom met het begin, maar hier staat `vanaf`")
                .at(place)
                .help("schrijf `geldig begin tot eind`, met twee kolommen van deze tabel")
                .replace(place, ""),
        );
        return None;
    }
    reader.read(Rule::valid_rows_piece, range, |tree, nodes| {
        column::valid_rows(tree, nodes.find(|n| n.as_rule() == Rule::valid_rows)?)
    })
}

/// A table says once when its rows are valid.
fn second_validity(reader: &mut Reader, lines: &[(Span, Option<ValidRows>)]) {
    let [(first, _), others @ ..] = lines else { return };
    for (span, _) in others {
        reader.sink.push(
            Diagnostic::error("ML148", "deze tabel zegt al wanneer haar rijen geldig zijn")
                .at(*span)
                .also(*first, "hier")
                .help("laat er één `geldig … tot …` staan"),
        );
    }
}

#[derive(Default)]
struct Head {
    name: Option<Name>,
    title: Option<Text>,
    derived: Option<DerivedFrom>,
    united: Option<UnitedFrom>,
    /// Should unite tables, and it could not be read which.
    lost: bool,
}

fn table_head(reader: &mut Reader, block: &Block) -> Head {
    let at = block.head.start;
    let read = reader.read(Rule::table_head_piece, block.head.clone(), |tree, nodes| {
        let mut head = Head::default();
        for node in nodes {
            match node.as_rule() {
                Rule::ident => head.name = Some(tree.name(&node)),
                Rule::text => head.title = Some(tree.text(&node)),
                Rule::derived_from => head.derived = Some(column::derived_from(tree, node)?),
                Rule::united_from => head.united = Some(column::united_from(tree, node)),
                _ => {}
            }
        }
        Some(head)
    });
    read.unwrap_or_else(|| {
        // Which tables it unites is unknown, so nothing can be said of its columns.
        let lost = reader.name_word(at + 2) == Some("verenigt");
        let (name, title) = salvaged(reader, at);
        Head { name, title, lost, ..Head::default() }
    })
}

/// Behind the last token of the column or requirement that begins at `start`.
fn line_end(reader: &Reader, start: usize) -> usize {
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    let mut index = start;
    while let Some(token) = reader.token(index) {
        let fresh = index > start
            && (reader.declares(index)
                || reader.begins_table(index)
                || (braces == 0 && reader.begins_column(index, brackets) && !goes_on(reader, start, index, brackets)));
        if fresh {
            break;
        }
        match token.kind {
            Kind::Open => brackets += 1,
            Kind::Close => brackets = brackets.saturating_sub(1),
            Kind::BraceOpen => braces += 1,
            Kind::BraceClose if braces == 0 => break,
            Kind::BraceClose => braces -= 1,
            _ => {}
        }
        index += 1;
    }
    index.max(start + 1)
}

/// The next expression of a column with one for each part: behind a comma, and no column itself.
fn goes_on(reader: &Reader, start: usize, index: usize, brackets: usize) -> bool {
    let listed = brackets == 0 && reader.word(start + 1) == "=" && reader.kind(index - 1) == Some(Kind::Comma);
    listed && !reader.begins_typed(index) && reader.word(index + 1) != "="
}

fn one_column(reader: &mut Reader, range: Range<usize>) -> Option<ColumnDef> {
    let at = range.start;
    let span = reader.span_over(range.clone());
    let read = reader.read(Rule::column_piece, range, |tree, nodes| {
        let name = nodes.find(|n| n.as_rule() == Rule::ident).map(|n| tree.name(&n))?;
        column::body(tree, nodes).map(|(kind, options)| (name, kind, options))
    });
    if let Some((name, kind, options)) = read {
        return Some(ColumnDef { name, kind, options, span });
    }
    let named = match reader.kind(at) {
        Some(Kind::Name) => !is_reserved(reader.word(at)),
        Some(Kind::Quoted) => true,
        _ => false,
    };
    let name = Spanned::new(normal(reader.word(at)), reader.span_of(at));
    named.then_some(ColumnDef { name, kind: ColumnKind::Broken, options: Vec::new(), span })
}

/// `eis "…"`, or `eis naam:` by someone who forgot the quotes; `eis tekst` is a column.
fn begins_requirement(reader: &Reader, index: usize) -> bool {
    reader.name_word(index) == Some("eis")
        && (matches!(reader.kind(index + 1), Some(Kind::Text | Kind::OpenText | Kind::Typographic))
            || (reader.kind(index + 1) == Some(Kind::Name) && colon_on_line(reader, index + 2)))
}

/// A colon stands on this line, from `index` on; no column has one.
fn colon_on_line(reader: &Reader, index: usize) -> bool {
    (index..).map_while(|i| reader.token(i).filter(|t| !t.first)).any(|t| t.kind == Kind::Colon)
}

fn requirement(reader: &mut Reader, range: Range<usize>) -> Option<RequirementDef> {
    let span = reader.span_over(range.clone());
    let at = range.start;
    match reader.read(Rule::requirement_piece, range, column::requirement) {
        Some((name, condition)) => Some(RequirementDef { name, condition: Some(condition), span }),
        None => requirement_name(reader, at + 1).map(|name| RequirementDef { name, condition: None, span }),
    }
}

/// The name of a requirement that could not be read.
fn requirement_name(reader: &Reader, at: usize) -> Option<Text> {
    let name = match reader.kind(at)? {
        Kind::Text => unquote(reader.word(at)),
        Kind::OpenText | Kind::Typographic => reader.word(at).trim_matches(|c: char| !c.is_alphanumeric()).to_owned(),
        Kind::Name => reader.word(at).to_owned(),
        _ => return None,
    };
    Some(Spanned::new(name, reader.span_of(at)))
}
