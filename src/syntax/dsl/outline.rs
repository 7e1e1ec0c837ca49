//! The outline of a file: which declarations it holds and where each clause of a KPI begins and ends. Each piece is then
//! read on its own. Knows nothing of what stands inside a clause.

use super::boundary::DECLARATIONS;
use super::calendar;
use super::clause;
use super::column;
use super::dated;
use super::dimension;
use super::grammar::Rule;
use super::lex::{Kind, is_reserved};
use super::lexical::shown;
use super::literal::{normal, unquote};
use super::piece::Reader;
use super::strategy;
use super::table;
use super::trial;
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    AdjustmentDef, Clause, ClauseBody, ClauseWord, Declaration, File, KpiDef, Name, ParameterDef, ParameterKind,
    StrategyKind, Text, Validity,
};
use std::ops::Range;

/// Reads all declarations of a file.
pub(super) fn file(reader: &mut Reader) -> File {
    let mut declarations = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        let word = reader.name_word(at).unwrap_or("");
        let meant = if DECLARATIONS.contains(&word) { word } else { misspelt(reader, at).unwrap_or("") };
        let whole = meant == word;
        let (next, found) = match meant {
            "gebruik" => usage(reader, at),
            "parameter" => parameter(reader, at, whole),
            "bronsysteem" => table::source(reader, at, whole),
            "dimensie" => dimension::shared(reader, at, whole),
            "kalender" => calendar::calendar(reader, at, whole),
            "doel" => strategy::strategy(reader, at, StrategyKind::Goal, whole),
            "klantketen" => strategy::strategy(reader, at, StrategyKind::Chain, whole),
            "kpi" | "aanpassing" => kpi(reader, at, meant == "kpi", whole),
            "toets" => trial::trial(reader, at),
            "meetstoring" => dated::fault(reader, at),
            _ => (unknown(reader, at), None),
        };
        declarations.extend(found);
        // Every branch takes at least its first token.
        at = next.max(at + 1);
    }
    File { declarations }
}

// ------------------------------------------------------------------------------------------------ without a block

fn usage(reader: &mut Reader, at: usize) -> (usize, Option<Declaration>) {
    let end = line_end(reader, at);
    let text = reader
        .read(Rule::use_piece, at..end, |tree, nodes| nodes.find(|n| n.as_rule() == Rule::text).map(|n| tree.text(&n)));
    (end, text.map(Declaration::Use))
}

fn parameter(reader: &mut Reader, at: usize, whole: bool) -> (usize, Option<Declaration>) {
    let end = line_end(reader, at);
    let span = reader.span_over(at..end);
    if !whole {
        let name = salvaged(reader, at).0;
        let broken = |name| Declaration::Parameter(ParameterDef { name, kind: ParameterKind::Broken, span });
        return (end, name.map(broken));
    }
    let read = reader.read(Rule::parameter_piece, at..end, |tree, nodes| {
        let (mut name, mut ty, mut value) = (None, None, None);
        for node in nodes {
            match node.as_rule() {
                Rule::ident => name = Some(tree.name(&node)),
                Rule::type_name => ty = Some(column::type_name(tree, node)),
                Rule::expr => value = Some(tree.expr(node)?),
                _ => {}
            }
        }
        Some((name?, ParameterKind::Read { ty: ty??, value }))
    });
    // Unreadable, it keeps its name, so that its uses are no second mistake.
    let found = read.or_else(|| salvaged(reader, at).0.map(|name| (name, ParameterKind::Broken)));
    (end, found.map(|(name, kind)| Declaration::Parameter(ParameterDef { name, kind, span })))
}

/// Where a declaration without a block ends: at the next one, or where a line begins with a name that cannot belong to it.
fn line_end(reader: &Reader, at: usize) -> usize {
    let mut index = at + 1;
    while let Some(token) = reader.token(index) {
        let word = reader.word(index);
        let name = token.kind == Kind::Name && !is_reserved(word);
        let fresh = token.first && name && index.checked_sub(1).is_some_and(|before| reader.ends_operand(before, 0));
        if reader.declares(index) || token.kind == Kind::BraceClose || (fresh && index > at + 1) {
            break;
        }
        if token.first && DECLARATIONS.contains(&word) {
            break;
        }
        index += 1;
    }
    index
}

// ------------------------------------------------------------------------------------------------ unknown

/// `bronsyteem balie {`: a misspelt word before what is a declaration all the same. It is read as the one that was
/// meant, so that its uses are no second mistake. The message is given here.
fn misspelt(reader: &mut Reader, at: usize) -> Option<&'static str> {
    let word = reader.name_word(at).filter(|word| !DECLARATIONS.contains(word))?;
    let near = suggest::nearest(word, DECLARATIONS).filter(|near| !matches!(*near, "gebruik" | "meetstoring"))?;
    let fits = match near {
        "parameter" => reader.kind(at + 2) == Some(Kind::Colon),
        "toets" => reader.kind(at + 1) == Some(Kind::Text) && reader.kind(at + 2) == Some(Kind::BraceOpen),
        _ => heads_block(reader, at),
    };
    if !fits {
        return None;
    }
    let span = reader.span_of(at);
    reader.sink.push(
        Diagnostic::error("ML002", format!("{} begint geen definitie", shown(word)))
            .at(span)
            .help(format!("bedoelde u `{near}`?"))
            .replace(span, near),
    );
    Some(near)
}

/// Skips what is no declaration, with one message. Gives where reading goes on.
fn unknown(reader: &mut Reader, at: usize) -> usize {
    let span = reader.span_of(at);
    let word = reader.word(at);
    let mut depth = 0_usize;
    let mut index = at;
    let lone_brace = reader.kind(at) == Some(Kind::BraceClose);
    while let Some(token) = reader.token(index) {
        if index > at && (reader.declares(index) || lone_brace) {
            break;
        }
        // A table of a test may hold anything; elsewhere a declaration word at the start of a line ends the search.
        let begins = token.kind == Kind::Name && DECLARATIONS.contains(&reader.word(index));
        if index > at && depth == 0 && token.first && (begins || heads_block(reader, index)) {
            break;
        }
        match token.kind {
            Kind::BraceOpen => depth += 1,
            Kind::BraceClose => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    index += 1;
                    break;
                }
            }
            _ => {}
        }
        index += 1;
    }
    let diagnostic = if lone_brace {
        Diagnostic::error("ML007", "deze accolade sluit niets")
            .at(span)
            .help("haal haar weg, of zet er een `{` bij")
            .replace(span, "")
    } else if reader.kind(at) == Some(Kind::Name) {
        let near = suggest::nearest(word, DECLARATIONS);
        let diagnostic = Diagnostic::error("ML002", format!("{} begint geen definitie", shown(word))).at(span);
        match near {
            Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, near),
            None if ClauseWord::of(word).is_some() => {
                diagnostic.help(format!("`{word}` hoort binnen de accolades van een kpi: is er een `}}` te veel?"))
            }
            None => diagnostic.help(format!("een definitie begint met {}", DECLARATIONS.join(", "))),
        }
    } else {
        Diagnostic::error("ML001", format!("verwacht een definitie, maar hier staat {}", shown(word)))
            .at(span)
            .help(format!("een definitie begint met {}", DECLARATIONS.join(", ")))
    };
    reader.sink.push(diagnostic);
    index
}

/// `woord naam {` or `woord naam "…" {`: a declaration, whatever its word.
fn heads_block(reader: &Reader, index: usize) -> bool {
    let name = |at| matches!(reader.kind(at), Some(Kind::Name | Kind::Quoted));
    let opens = |at| reader.kind(at) == Some(Kind::BraceOpen);
    name(index)
        && name(index + 1)
        && (opens(index + 2) || (reader.kind(index + 2) == Some(Kind::Text) && opens(index + 3)))
}

// ------------------------------------------------------------------------------------------------ blocks

/// A block's head and where its body begins.
pub(super) struct Block {
    /// The tokens before the opening brace.
    pub head: Range<usize>,
    /// The token of the opening brace; none where it is missing, which has then been reported.
    pub open: Option<usize>,
    /// The first token of the body.
    pub body: usize,
}

/// Finds the opening brace of a block. `inside` tells whether a token belongs to the body already.
pub(super) fn block(reader: &mut Reader, at: usize, inside: impl Fn(&Reader, usize) -> bool) -> Block {
    let mut index = at + 1;
    while let Some(token) = reader.token(index) {
        if token.kind == Kind::BraceOpen {
            return Block { head: at..index, open: Some(index), body: index + 1 };
        }
        if token.kind == Kind::OpenText && took_brace(reader.word(index)) {
            return Block { head: at..index + 1, open: None, body: index + 1 };
        }
        if token.kind == Kind::BraceClose || reader.declares(index) || inside(reader, index) {
            break;
        }
        index += 1;
    }
    // An unclosed text in the head may have taken the brace with it, and has its own message.
    let swallowed = (at..index).any(|i| reader.kind(i) == Some(Kind::OpenText));
    if !swallowed {
        let place = reader.span_over(at..index).after();
        let diagnostic = Diagnostic::error("ML007", format!("verwacht `{{` achter {}", shown(reader.word(index - 1))))
            .at(place)
            .help("de inhoud staat tussen accolades")
            .replace(place, " {");
        reader.sink.push(diagnostic);
    }
    Block { head: at..index, open: None, body: index }
}

/// An unclosed text that runs over the brace behind it.
fn took_brace(text: &str) -> bool {
    let line = text.split("//").next().unwrap_or(text);
    !text.starts_with("\"\"\"") && line.trim_end().ends_with('{')
}

/// Reports a block that is not closed. `last` is the last token that belongs to it.
pub(super) fn not_closed(reader: &mut Reader, block: &Block, what: &str, last: usize) {
    let Some(open) = block.open else { return };
    // Where an unclosed text took the brace with it, that is the one mistake.
    let swallowed =
        (block.head.start..=last).any(|i| reader.kind(i) == Some(Kind::OpenText) && reader.word(i).contains('}'));
    if swallowed {
        return;
    }
    let place = reader.span_of(last).after();
    let mut diagnostic = Diagnostic::error("ML007", format!("de accolade van {what} wordt niet gesloten"))
        .at(reader.span_of(open))
        .help("zet een `}` aan het eind van het blok")
        .replace(place, "\n}");
    if reader.token(last + 1).is_some() {
        diagnostic = diagnostic.also(reader.span_of(last + 1), "hier begint al iets anders");
    }
    reader.sink.push(diagnostic);
}

/// Reads what stands in a block, one by one, up to its closing brace; `each` gives where the next begins. Gives where
/// reading goes on behind the block, and reports a brace that lacks.
pub(super) fn within(
    reader: &mut Reader,
    block: &Block,
    what: &str,
    mut each: impl FnMut(&mut Reader, usize) -> usize,
) -> usize {
    let mut index = block.body;
    while reader.token(index).is_some() && !reader.declares(index) {
        if reader.kind(index) == Some(Kind::BraceClose) {
            return index + 1;
        }
        index = each(reader, index).max(index + 1);
    }
    not_closed(reader, block, what, index.saturating_sub(1));
    index
}

/// A name and a title from a head that could not be read.
pub(super) fn salvaged(reader: &Reader, at: usize) -> (Option<Name>, Option<Text>) {
    let index = at + 1;
    let name = match reader.kind(index) {
        Some(Kind::Name) if !is_reserved(reader.word(index)) => true,
        Some(Kind::Quoted) => true,
        _ => false,
    };
    let name = name.then(|| Spanned::new(normal(reader.word(index)), reader.span_of(index)));
    // A title that is wrong is still a title: its absence is no second mistake.
    let quotes = |c: char| !c.is_alphanumeric();
    let title = match reader.kind(index + 1) {
        Some(Kind::Text) => Some(unquote(reader.word(index + 1))),
        Some(Kind::OpenText | Kind::Typographic) => Some(reader.word(index + 1).trim_matches(quotes).to_owned()),
        _ => None,
    };
    (name, title.map(|title| Spanned::new(title, reader.span_of(index + 1))))
}

/// Reads the head of a block: its name and title.
pub(super) fn head(reader: &mut Reader, rule: Rule, block: &Block) -> (Option<Name>, Option<Text>) {
    let read = reader.read(rule, block.head.clone(), |tree, nodes| {
        let (mut name, mut title) = (None, None);
        for node in nodes {
            match node.as_rule() {
                Rule::ident => name = Some(tree.name(&node)),
                Rule::text => title = Some(tree.text(&node)),
                _ => {}
            }
        }
        Some((name, title))
    });
    read.unwrap_or_else(|| salvaged(reader, block.head.start))
}

// ------------------------------------------------------------------------------------------------ kpi and aanpassing

/// `whole`: the first word is the right one, so that the head can be read.
fn kpi(reader: &mut Reader, at: usize, is_kpi: bool, whole: bool) -> (usize, Option<Declaration>) {
    let inside = |reader: &Reader, index| {
        reader.begins_clause(index, at, 0) && reader.first(index) && reader.name_word(index) != Some("geldig")
    };
    let block = block(reader, at, inside);
    let (name, title, validity) = match (whole, is_kpi) {
        (true, true) => kpi_head(reader, &block),
        (true, false) => {
            let (name, title) = head(reader, Rule::adjustment_head_piece, &block);
            (name, title, None)
        }
        (false, _) => {
            let (name, title) = salvaged(reader, at);
            (name, title, None)
        }
    };
    let (mut clauses, mut meant) = (Vec::new(), Vec::new());
    let what = name.as_ref().map_or("dit blok".to_owned(), |n| format!("`{}`", n.value));
    let index = within(reader, &block, &what, |reader, index| {
        let end = clause_end(reader, index);
        match one_clause(reader, index..end) {
            Ok(clause) => clauses.push(clause),
            Err(word) => meant.extend(word.map(|word| Clause {
                word: Spanned::new(word, reader.span_of(index)),
                body: ClauseBody::Broken,
                span: reader.span_over(index..end),
            })),
        }
        end
    });
    // A misspelt clause word has its message; that the clause is then missing is not a second mistake.
    for clause in meant {
        if !clauses.iter().any(|c| c.word.value == clause.word.value) {
            clauses.push(clause);
        }
    }
    let span = reader.span_over(at..index);
    let found = name.map(|name| {
        if is_kpi {
            Declaration::Kpi(KpiDef { name, title, validity, clauses, span })
        } else {
            Declaration::Adjustment(AdjustmentDef { name, clauses, span })
        }
    });
    (index, found)
}

/// Name, title and validity of a KPI.
fn kpi_head(reader: &mut Reader, block: &Block) -> (Option<Name>, Option<Text>, Option<Spanned<Validity>>) {
    let read = reader.read(Rule::kpi_head_piece, block.head.clone(), |tree, nodes| {
        let (mut name, mut title, mut validity) = (None, None, None);
        for node in nodes {
            match node.as_rule() {
                Rule::ident => name = Some(tree.name(&node)),
                Rule::text => title = Some(tree.text(&node)),
                Rule::valid => {
                    let dates = node.into_inner().find(|n| n.as_rule() == Rule::dates)?;
                    validity = Some(dated::dates(tree, dates)?);
                }
                _ => {}
            }
        }
        Some((name, title, validity))
    });
    read.unwrap_or_else(|| {
        let (name, title) = salvaged(reader, block.head.start);
        (name, title, None)
    })
}

/// Behind the last token of the clause that begins at `start`.
fn clause_end(reader: &Reader, start: usize) -> usize {
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    let mut index = start;
    while let Some(token) = reader.token(index) {
        if index > start && reader.declares(index) {
            break;
        }
        if index > start && braces == 0 && reader.begins_clause(index, start, brackets) {
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

/// One clause; of a word that is none the clause that was probably meant, which is reported.
fn one_clause(reader: &mut Reader, range: Range<usize>) -> Result<Clause, Option<ClauseWord>> {
    let at = range.start;
    let word = reader.word(at);
    let span = reader.span_of(at);
    let Some(clause) = reader.name_word(at).and_then(ClauseWord::of) else {
        let (diagnostic, meant) = unknown_clause(reader, at, word, span);
        reader.sink.push(diagnostic);
        return Err(meant);
    };
    let mut body = at + 1..range.end;
    if reader.kind(body.start) == Some(Kind::Colon) && !body.is_empty() {
        let colon = reader.span_of(body.start);
        reader.sink.push(
            Diagnostic::error("ML022", format!("achter `{word}` hoort geen dubbele punt"))
                .at(colon)
                .help("een dubbele punt hoort bij de YAML-notatie; haal haar hier weg")
                .replace(colon, ""),
        );
        body.start += 1;
    }
    let place = Spanned::new(clause, span);
    let whole = reader.span_over(range.clone());
    if body.is_empty() {
        reader.sink.push(no_answer(clause, span));
        return Ok(Clause { word: place, body: ClauseBody::Broken, span: whole });
    }
    let body = clause::body(reader, clause, body);
    Ok(Clause { word: place, body, span: whole })
}

fn unknown_clause(reader: &Reader, at: usize, word: &str, span: Span) -> (Diagnostic, Option<ClauseWord>) {
    if reader.kind(at) != Some(Kind::Name) {
        let message = format!("verwacht een onderdeel van de kpi, maar hier staat {}", shown(word));
        let diagnostic = Diagnostic::error("ML001", message).at(span);
        return (diagnostic.help("een onderdeel begint met een woord zoals `definitie` of `berekening`"), None);
    }
    if word == "geldig" {
        let message = "`geldig` staat voor de accolade, achter de titel";
        let help = "schrijf `kpi naam \"Titel\" geldig vanaf 2026-01-01 {`";
        return (Diagnostic::error("ML003", message).at(span).help(help), None);
    }
    let diagnostic = Diagnostic::error("ML003", format!("{} is geen onderdeel van een kpi", shown(word))).at(span);
    let words = ClauseWord::ALL.map(ClauseWord::word);
    let near = suggest::nearest(word, words.into_iter().chain(super::boundary::NORM_WORDS)).or_else(|| elsewhere(word));
    let diagnostic = match near {
        Some("geen") => diagnostic.help("bedoelde u `geen \"reden\"`?").replace(span, "geen"),
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, near),
        None => diagnostic
            .help(format!("een kpi kent {}", words.join(", ")))
            .help("hoort het bij de regel erboven, dan ontbreekt daar een komma of een bewerking"),
    };
    (diagnostic, near.and_then(ClauseWord::of))
}

/// The clause word for what others call it.
pub(super) fn elsewhere(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "omschrijving" | "beschrijving" | "betekenis" => "definitie",
        "formule" | "rekenregel" => "berekening",
        "bron" | "bronnen" | "systeem" | "databron" | "herkomst" => "bronsysteem",
        "meting" | "meetfrequentie" | "frequentie" | "periode" | "meetwijze" | "methode" => "meetmethode",
        "uitsplitsing" | "uitsplitsingen" | "dimensie" => "dimensies",
        "streefwaarde" | "doelwaarde" | "target" | "grenswaarde" => "norm",
        "keten" => "klantketen",
        "verantwoordelijke" | "kpi_eigenaar" => "eigenaar",
        "opmerking" | "opmerkingen" | "notitie" => "toelichting",
        "grafiek" => "visualisatie",
        "soort" => "kpi_soort",
        _ => return None,
    })
}

/// A clause word with nothing behind it.
pub(super) fn no_answer(word: ClauseWord, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("ML001", format!("achter `{}` staat geen antwoord", word.word())).at(span);
    match word {
        ClauseWord::Calculation
        | ClauseWord::Source
        | ClauseWord::Method
        | ClauseWord::Dimensions
        | ClauseWord::Norm => {
            diagnostic.help(format!("is er geen antwoord, schrijf dan waarom: `{} geen \"reden\"`", word.word()))
        }
        ClauseWord::Definition | ClauseWord::Owner | ClauseWord::Note => {
            diagnostic.help("het antwoord is een tekst tussen aanhalingstekens")
        }
        _ => diagnostic.help("het antwoord is een naam, of meer namen met komma's ertussen"),
    }
}
