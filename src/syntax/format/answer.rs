//! Answers and expressions: their words with the right space between them, and the places where a long one may be broken.
//! Works on words, not on meanings: whatever the grammar learns, an answer keeps its words and remarks in their order.

use super::doc::{Doc, WIDTH, layout};
use super::remark;
use super::text;
use crate::syntax::dsl::words::{Kind, is_reserved, tokens, unquote};

/// How far the inside of brackets stands to the right.
const STEP: usize = 4;

/// One word or sign of an answer.
#[derive(Clone, Debug)]
pub struct Piece {
    pub text: String,
    pub kind: Kind,
    /// No space before it.
    glued: bool,
    /// A minus before its operand.
    unary: bool,
    /// Remarks on lines of their own before it, and the one behind it.
    pub before: Vec<String>,
    pub behind: Option<String>,
}

impl Piece {
    pub fn is(&self, word: &str) -> bool {
        self.text == word
    }

    pub fn word(&self) -> bool {
        matches!(self.kind, Kind::Name)
    }
}

/// Reads an answer, without the remarks behind its last piece.
pub fn read(written: &str) -> Vec<Piece> {
    let list = tokens(written);
    let mut pieces: Vec<Piece> = Vec::with_capacity(list.len());
    let mut at = 0;
    for token in &list {
        let gap = remark::gap(written.get(at..token.start).unwrap_or_default(), at == 0);
        let spaced = token.start > at;
        if let Some(last) = pieces.last_mut() {
            last.behind = gap.behind;
        }
        let raw = written.get(token.start..token.end).unwrap_or_default();
        let mut piece = Piece {
            text: canonical(raw, token.kind),
            kind: token.kind,
            glued: false,
            unary: false,
            before: remark::remarks(&gap.lines).map(str::to_owned).collect(),
            behind: None,
        };
        piece.unary = piece.is("-") && pieces.last().is_none_or(awaits_operand);
        piece.glued = glued(&piece, &pieces, spaced);
        pieces.push(piece);
        at = token.end;
    }
    settle_commas(&mut pieces);
    pieces
}

fn canonical(raw: &str, kind: Kind) -> String {
    match kind {
        Kind::Name | Kind::Quoted => text::name_in_answer(raw),
        Kind::Text if raw.starts_with("\"\"\"") => text::quoted(&unquote(raw)),
        _ => raw.to_owned(),
    }
}

/// Remarks beside a comma stand behind it.
fn settle_commas(pieces: &mut [Piece]) {
    for index in 1..pieces.len() {
        let (done, rest) = pieces.split_at_mut(index);
        let (Some(last), Some((comma, after))) = (done.last_mut(), rest.split_first_mut()) else { continue };
        if comma.kind != Kind::Comma {
            continue;
        }
        let mut moved: Vec<String> = std::mem::take(&mut comma.before);
        match (last.behind.take(), comma.behind.is_some()) {
            (Some(remark), false) => comma.behind = Some(remark),
            (Some(remark), true) => moved.insert(0, remark),
            (None, _) => {}
        }
        if let Some(next) = after.first_mut() {
            next.before.splice(0..0, moved);
        } else {
            comma.before = moved;
        }
    }
}

/// Behind this an operand must come.
pub fn awaits_operand(piece: &Piece) -> bool {
    match piece.kind {
        Kind::Open | Kind::Comma | Kind::Colon | Kind::BraceOpen => true,
        Kind::Sign => !piece.is("%") && !piece.is("?"),
        Kind::Name => is_reserved(&piece.text) && !matches!(piece.text.as_str(), "ja" | "nee" | "leeg"),
        _ => false,
    }
}

/// Words before a bracket that may be a call or the word of the language; the author's own space tells.
const EITHER: [&str; 6] = ["van", "uiterlijk", "binnen", "telt", "basis", "minimaal"];

fn glued(piece: &Piece, before: &[Piece], spaced: bool) -> bool {
    let Some(last) = before.last() else { return true };
    if last.unary || matches!(last.kind, Kind::Open | Kind::Dot) || (!spaced && in_period_name(before)) {
        return true;
    }
    match piece.kind {
        Kind::Close | Kind::Comma | Kind::Dot | Kind::Colon => true,
        Kind::Open => match last.kind {
            Kind::Name if EITHER.contains(&last.text.as_str()) => !spaced,
            Kind::Name => !is_reserved(&last.text) || last.is("als"),
            Kind::Quoted => true,
            _ => false,
        },
        // `tekst?` and `duur in s ?`
        Kind::Sign if piece.is("?") => {
            before.len().checked_sub(2).and_then(|i| before.get(i)).is_none_or(|p| !p.is("in"))
        }
        Kind::Sign => piece.is("%"),
        _ => false,
    }
}

/// `basis 2005-K1`: what stands against a period's name belongs to it.
fn in_period_name(before: &[Piece]) -> bool {
    let start = before.iter().rposition(|p| !p.glued).and_then(|start| start.checked_sub(1));
    start.and_then(|i| before.get(i)).is_some_and(|p| p.word() && p.is("basis"))
}

// ------------------------------------------------------------------------------------------------ layout

/// An answer as a document.
pub fn doc(pieces: &[Piece]) -> Doc {
    Doc::group(vec![filled(pieces)])
}

/// An answer on one line; nothing where a remark or a text over several lines stands in it.
pub fn flat(pieces: &[Piece]) -> Option<String> {
    let clean = pieces.iter().all(|p| p.before.is_empty() && p.behind.is_none());
    clean.then(|| layout(&doc(pieces), 0, 0, usize::MAX))
}

/// The parts of a list, each with the comma behind it.
pub fn parts(pieces: &[Piece]) -> Vec<&[Piece]> {
    split(pieces, |_, p| p.kind == Kind::Comma, true)
}

/// Remarks before the first piece and behind the last, taken off.
pub fn take_remarks(part: &mut [Piece]) -> (Vec<String>, Option<String>) {
    let before = part.first_mut().map(|p| std::mem::take(&mut p.before)).unwrap_or_default();
    (before, part.last_mut().and_then(|p| p.behind.take()))
}

/// The remarks outside brackets, taken off.
pub fn take_outer_remarks(pieces: &mut [Piece]) -> Vec<String> {
    let outer: Vec<usize> = top_level(pieces).map(|(index, _)| index).collect();
    let mut taken = Vec::new();
    for index in outer {
        let Some(piece) = pieces.get_mut(index) else { continue };
        taken.append(&mut piece.before);
        if piece.kind != Kind::Open {
            taken.extend(piece.behind.take());
        }
    }
    taken
}

/// Parts with commas, as many on a line as fit.
fn filled(pieces: &[Piece]) -> Doc {
    let mut all = Vec::new();
    for (index, part) in parts(pieces).into_iter().enumerate() {
        all.push(if index > 0 { Doc::group(vec![Doc::Line, item(part)]) } else { item(part) });
    }
    Doc::All(all)
}

/// Parts with commas, each on a line of its own where the whole does not fit.
fn list(pieces: &[Piece]) -> Doc {
    let mut all = Vec::new();
    for (index, part) in parts(pieces).into_iter().enumerate() {
        if index > 0 {
            all.push(Doc::Line);
        }
        all.push(item(part));
    }
    Doc::All(all)
}

/// Parts with commas, each on a line of its own.
pub fn on_lines(pieces: &[Piece]) -> Doc {
    let mut all = Vec::new();
    for (index, part) in parts(pieces).into_iter().enumerate() {
        if index > 0 {
            all.push(Doc::Hard);
        }
        all.push(item(part));
    }
    Doc::All(all)
}

/// `x waarbij c`: broken behind `waarbij`; and before it, where what stands before is broken itself.
fn item(pieces: &[Piece]) -> Doc {
    let found = top_level(pieces).find(|(_, p)| p.word() && p.is("waarbij")).map(|(index, _)| index);
    let Some(at) = found else { return chain(pieces) };
    let (before, rest) = pieces.split_at(at);
    let Some((waarbij, condition)) = rest.split_first() else { return chain(pieces) };
    let joined = joins(before);
    if joined.len() > 1 {
        let condition = Doc::nest(STEP, vec![one(waarbij), Doc::text(" "), chain(condition)]);
        return Doc::group(vec![broken(&joined, compared), Doc::Line, condition]);
    }
    let mut all = Vec::new();
    if !before.is_empty() {
        all.extend([chain(before), Doc::text(" ")]);
    }
    all.extend([one(waarbij), Doc::nest(STEP, vec![Doc::Line, chain(condition)])]);
    Doc::group(all)
}

/// `a en b`, `a of b`: broken before each.
fn chain(pieces: &[Piece]) -> Doc {
    Doc::group(vec![broken(&joins(pieces), compared)])
}

/// Cuts before each `en` and `of` that joins conditions; not before those of `tussen a en b` and `tot en met`.
fn joins(pieces: &[Piece]) -> Vec<&[Piece]> {
    let mut between = 0_usize;
    let joins = |index: usize, p: &Piece| {
        if p.word() && p.is("tussen") {
            between += 1;
        }
        if !p.word() || !(p.is("en") || p.is("of")) || index == 0 {
            return false;
        }
        let until = pieces.get(index - 1).is_some_and(|before| before.word() && before.is("tot"));
        let belongs = p.is("en") && (between > 0 || until);
        if belongs && !until {
            between -= 1;
        }
        !belongs
    };
    split(pieces, joins, false)
}

/// `a <= b`: broken before the sign, which tells at the begin of a line how it goes on; what `a` is broken into stays
/// before it.
fn compared(pieces: &[Piece]) -> Doc {
    let sign = |p: &Piece| p.kind == Kind::Sign && matches!(p.text.as_str(), "=" | "<>" | "<" | "<=" | ">" | ">=");
    let found = top_level(pieces).find(|(index, p)| *index > 0 && sign(p)).map(|(index, _)| index);
    let Some(at) = found else { return sum(pieces) };
    let (left, right) = pieces.split_at(at);
    let Some((sign, right)) = right.split_first() else { return sum(pieces) };
    let rest = Doc::group(vec![Doc::nest(STEP, vec![Doc::Line, one(sign), Doc::text(" "), sum(right)])]);
    Doc::All(vec![Doc::group(vec![sum(left)]), rest])
}

/// `a + b - c`: broken before each.
fn sum(pieces: &[Piece]) -> Doc {
    let at =
        |index: usize, p: &Piece| index > 0 && p.kind == Kind::Sign && !p.unary && !p.glued && (p.is("+") || p.is("-"));
    Doc::group(vec![broken(&split(pieces, at, false), product)])
}

/// `a * b / c`: broken before each.
fn product(pieces: &[Piece]) -> Doc {
    let at = |index: usize, p: &Piece| index > 0 && p.kind == Kind::Sign && (p.is("*") || p.is("/"));
    Doc::group(vec![broken(&split(pieces, at, false), words)])
}

/// Parts that each begin with their joining word, except the first.
fn broken(parts: &[&[Piece]], inner: fn(&[Piece]) -> Doc) -> Doc {
    if let [only] = parts {
        return inner(only);
    }
    let mut all = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        match part.split_first() {
            Some((join, rest)) if index > 0 => {
                all.extend([Doc::Line, one(join), Doc::text(" "), inner(rest)]);
            }
            _ => all.push(inner(part)),
        }
    }
    Doc::All(all)
}

/// Words and brackets in a row.
fn words(pieces: &[Piece]) -> Doc {
    let mut all = Vec::new();
    let mut index = 0;
    while let Some(piece) = pieces.get(index) {
        if index > 0 && !piece.glued {
            all.push(Doc::text(" "));
        }
        let end = if piece.kind == Kind::Open { closing(pieces, index) } else { None };
        if let Some(end) = end {
            let call = index > 0 && piece.glued;
            all.push(brackets(piece, pieces.get(index + 1..end).unwrap_or_default(), pieces.get(end), call));
            index = end + 1;
        } else {
            all.push(one(piece));
            index += 1;
        }
    }
    Doc::All(all)
}

/// `f(…)` with its arguments on lines of their own where they do not fit; `(…)` with its inside under itself.
fn brackets(open: &Piece, inside: &[Piece], close: Option<&Piece>, call: bool) -> Doc {
    let close = close.map_or_else(|| Doc::text(")"), one);
    if inside.is_empty() {
        return Doc::All(vec![one(open), close]);
    }
    if call {
        return Doc::group(vec![one(open), Doc::nest(STEP, vec![Doc::Soft, list(inside)]), Doc::Soft, close]);
    }
    Doc::All(vec![one(open), Doc::align(vec![filled(inside)]), close])
}

/// One piece with its remarks.
pub fn one(piece: &Piece) -> Doc {
    if piece.before.is_empty() && piece.behind.is_none() {
        return Doc::text(piece.text.clone());
    }
    let mut all: Vec<Doc> = piece.before.iter().map(|remark| Doc::Above(remark::kpi(remark))).collect();
    all.push(Doc::text(piece.text.clone()));
    all.extend(piece.behind.iter().map(|remark| Doc::Behind(remark::kpi(remark))));
    Doc::All(all)
}

/// The pieces outside brackets and braces, with their indexes; an opening bracket itself is outside.
pub fn top_level(pieces: &[Piece]) -> impl Iterator<Item = (usize, &Piece)> {
    let mut depth = 0_usize;
    pieces.iter().enumerate().filter(move |(_, piece)| match piece.kind {
        Kind::Open | Kind::BraceOpen => {
            depth += 1;
            depth == 1
        }
        Kind::Close | Kind::BraceClose => {
            depth = depth.saturating_sub(1);
            depth == 0
        }
        _ => depth == 0,
    })
}

/// Cuts at the outer pieces that `at` chooses; each stands at the end of its part where `behind`, else at the begin of
/// the next.
fn split(pieces: &[Piece], mut at: impl FnMut(usize, &Piece) -> bool, behind: bool) -> Vec<&[Piece]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (index, piece) in top_level(pieces) {
        if at(index, piece) {
            let cut = if behind { index + 1 } else { index };
            parts.push(pieces.get(start..cut).unwrap_or_default());
            start = cut;
        }
    }
    let last = pieces.get(start..).unwrap_or_default();
    if !last.is_empty() || parts.is_empty() {
        parts.push(last);
    }
    parts
}

/// The bracket that closes the one at `open`.
fn closing(pieces: &[Piece], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, piece) in pieces.iter().enumerate().skip(open) {
        match piece.kind {
            Kind::Open => depth += 1,
            Kind::Close => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

/// An answer laid out from a column, its further lines under its begin.
pub fn lines(doc: &Doc, column: usize) -> String {
    layout(doc, column, column, WIDTH)
}

// ------------------------------------------------------------------------------------------------ special answers

/// The options of a column without the name that it has in the source, and that name.
pub fn apart_from_source_name(options: &[Piece]) -> (Vec<Piece>, Vec<Piece>) {
    let (mut rest, mut name) = (Vec::new(), Vec::new());
    let mut index = 0;
    while let Some(piece) = options.get(index) {
        let named = piece.word() && piece.is("bron") && options.get(index + 1).is_some_and(|n| n.kind == Kind::Text);
        if named {
            name.extend(options.get(index..index + 2).unwrap_or_default().iter().cloned());
            index += 1;
        } else {
            rest.push(piece.clone());
        }
        index += 1;
    }
    (rest, name)
}

/// `in s`: the unit in which the source stores a column.
pub fn has_stored_unit(ty: &[Piece]) -> bool {
    ty.iter().any(|p| p.word() && p.is("in"))
}

/// Words behind the expression of a derived column that are options.
const OPTIONS: [&str; 5] = ["sleutel", "meetmoment", "persoonsgegeven", "bron", "kenmerk"];

/// What stands behind a column's name: the type (or `= expression`) and the options, apart.
pub fn column(pieces: &[Piece]) -> (Vec<Piece>, Vec<Piece>) {
    if pieces.first().is_some_and(|p| p.is("=")) {
        let option = |index: usize, p: &Piece| {
            let behind = index.checked_sub(1).and_then(|i| pieces.get(i)).is_some_and(|b| !awaits_operand(b));
            let word = p.word() && OPTIONS.contains(&p.text.as_str());
            index > 1 && behind && (word || p.is("->") || p.is("?"))
        };
        let found = top_level(pieces).find(|(index, p)| option(*index, p)).map(|(index, _)| index);
        let (expression, options) = pieces.split_at(found.unwrap_or(pieces.len()));
        return (expression.to_vec(), options.to_vec());
    }
    // The unit of the source and `?` belong to the type, wherever the author put them.
    let brackets = pieces.get(1).filter(|p| p.kind == Kind::Open).and_then(|_| closing(pieces, 1));
    let (ty, rest) = pieces.split_at(brackets.map_or(1, |end| end + 1).min(pieces.len()));
    let (mut ty, mut unit, mut nullable, mut options) = (ty.to_vec(), Vec::new(), Vec::new(), Vec::new());
    let mut index = 0;
    while let Some(piece) = rest.get(index) {
        let next = rest.get(index + 1);
        if piece.is("?") {
            nullable.push(piece.clone());
        } else if let (true, Some(next)) = (piece.word() && piece.is("in"), next.filter(|n| n.kind == Kind::Name)) {
            unit.extend([piece.clone(), next.clone()]);
            index += 1;
        } else {
            options.push(piece.clone());
        }
        index += 1;
    }
    if let Some(mark) = nullable.first_mut() {
        mark.glued = unit.is_empty();
    }
    ty.extend(unit);
    ty.extend(nullable);
    (ty, options)
}

/// Each piece; with its index where it stands outside brackets.
pub fn top_level_and_inside(pieces: &[Piece]) -> impl Iterator<Item = (Option<usize>, &Piece)> {
    let outer: Vec<usize> = top_level(pieces).map(|(index, _)| index).collect();
    pieces.iter().enumerate().map(move |(index, piece)| (outer.binary_search(&index).is_ok().then_some(index), piece))
}

/// An item without the comma at its end, of which the remarks stay.
pub fn drop_comma(mut item: Vec<Piece>) -> Vec<Piece> {
    if item.len() > 1 && item.last().is_some_and(|p| p.kind == Kind::Comma) {
        let comma = item.pop();
        if let (Some(comma), Some(last)) = (comma, item.last_mut()) {
            last.behind = last.behind.take().or(comma.behind);
        }
    }
    item
}

/// `… waarbij …`
pub fn has_population(part: &[Piece]) -> bool {
    top_level(part).any(|(_, p)| p.word() && p.is("waarbij"))
}

/// The sign of a derived column.
pub fn is_equals(piece: &Piece) -> bool {
    piece.is("=")
}

/// The value of an answer that is one text.
pub fn only_text(pieces: &[Piece]) -> Option<String> {
    match pieces {
        [only] if only.kind == Kind::Text => Some(unquote(&only.text)),
        _ => None,
    }
}

/// The days, the hours and the dates of opening hours.
pub fn opening(pieces: &[Piece]) -> (&[Piece], &[Piece], &[Piece]) {
    let clocks = |p: &&Piece| p.kind == Kind::Clock || (p.kind == Kind::Sign && p.is("-"));
    let start = pieces.iter().position(|p| p.kind == Kind::Clock).unwrap_or(pieces.len());
    let (days, rest) = pieces.split_at(start);
    let end = rest.iter().take_while(clocks).count();
    let (hours, dates) = rest.split_at(end);
    (days, hours, dates)
}
