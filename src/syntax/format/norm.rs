//! The layout of a norm: its items under each other, and those per member in aligned lines.

use unicode_width::UnicodeWidthStr;

use super::answer::{self, Piece};
use super::doc::Doc;
use super::remark;
use super::text;
use crate::syntax::dsl::words::Kind;

/// The items of a norm: each begins with a comparison, `tussen`, `per` or a word of its own.
pub fn items(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut items: Vec<Vec<Piece>> = Vec::new();
    let mut open = false;
    for (outer, piece) in answer::top_level_and_inside(pieces) {
        let Some(index) = outer else {
            items.last_mut().into_iter().for_each(|item| item.push(piece.clone()));
            continue;
        };
        let before = index.checked_sub(1).and_then(|i| pieces.get(i));
        let word = is_word(piece);
        let members = piece.is("per") && piece.word() && pieces.get(index + 1).is_some_and(|p| p.kind != Kind::Number);
        let test = is_test(piece) && !open;
        if index == 0 || word || members || test || before.is_some_and(|b| b.kind == Kind::Comma) {
            items.push(Vec::new());
        }
        // `bijna` takes the test behind it.
        open = word && !piece.is("geen") && !piece.is("benchmark");
        items.last_mut().into_iter().for_each(|item| item.push(piece.clone()));
    }
    items.into_iter().map(answer::drop_comma).collect()
}

/// The items under each other.
pub fn doc(pieces: &[Piece]) -> Doc {
    let mut all = Vec::new();
    for item in items(pieces) {
        if !all.is_empty() {
            all.push(Doc::Hard);
        }
        all.push(one(&item));
    }
    Doc::All(all)
}

/// Whether the norm has a part per member.
pub fn has_members(pieces: &[Piece]) -> bool {
    pieces.iter().any(|p| p.kind == Kind::BraceOpen)
}

fn one(item: &[Piece]) -> Doc {
    let open = item.iter().position(|p| p.kind == Kind::BraceOpen);
    let Some(open) = open else { return answer::doc(item) };
    let (head, rest) = item.split_at(open);
    let (Some((brace, inside)), Some(close)) = (rest.split_first(), rest.last()) else { return answer::doc(item) };
    let inside = inside.get(..inside.len().saturating_sub(1)).unwrap_or_default();
    let mut entries: Vec<(Vec<Piece>, Vec<Piece>)> = entries(inside);
    let take = |members: &mut Vec<Piece>| members.first_mut().map(|p| std::mem::take(&mut p.before));
    let above: Vec<Vec<String>> = entries.iter_mut().map(|(members, _)| take(members).unwrap_or_default()).collect();
    let flat = |members: &[Piece]| answer::flat(members).map_or(0, |text| text.width());
    let widest = entries.iter().map(|(members, _)| flat(members)).max().unwrap_or(0);
    let mut lines = Vec::new();
    for ((members, norms), above) in entries.iter().zip(above) {
        lines.extend(above.iter().map(|remark| Doc::Above(remark::kpi(remark))));
        let gap = widest.saturating_sub(flat(members)) + 2;
        lines.extend([Doc::Hard, answer::doc(members), Doc::text(" ".repeat(gap)), Doc::align(vec![in_a_row(norms)])]);
    }
    let head = Doc::All(vec![answer::doc(head), Doc::text(" "), answer::one(brace)]);
    Doc::All(vec![head, Doc::nest(4, lines), Doc::Hard, answer::one(close)])
}

/// The items of one member: on one line if they fit.
fn in_a_row(pieces: &[Piece]) -> Doc {
    let mut all = Vec::new();
    for item in items(pieces) {
        if !all.is_empty() {
            all.push(Doc::Line);
        }
        all.push(answer::doc(&item));
    }
    Doc::group(all)
}

/// The members with their items: `telefoon, balie >= 80% bijna >= 75%`.
fn entries(pieces: &[Piece]) -> Vec<(Vec<Piece>, Vec<Piece>)> {
    let mut all: Vec<(Vec<Piece>, Vec<Piece>)> = Vec::new();
    let mut members = true;
    for (index, piece) in pieces.iter().enumerate() {
        let begins_item = is_word(piece) || is_test(piece);
        let fresh = all.is_empty() || (!members && begins_entry(pieces, index));
        if fresh {
            // A comma between two entries goes.
            if let Some((_, items)) = all.last_mut() {
                *items = answer::drop_comma(std::mem::take(items));
            }
            all.push((Vec::new(), Vec::new()));
            members = true;
        }
        if begins_item {
            members = false;
        }
        if let Some((names, items)) = all.last_mut() {
            if members { names.push(piece.clone()) } else { items.push(piece.clone()) }
        }
    }
    all
}

/// A member stands here, behind a complete item: what follows it is an item, or a comma and another member.
fn begins_entry(pieces: &[Piece], index: usize) -> bool {
    let outside = answer::top_level(pieces).any(|(i, _)| i == index);
    let (Some(piece), Some(before)) = (pieces.get(index), index.checked_sub(1).and_then(|i| pieces.get(i))) else {
        return false;
    };
    let complete = before.kind == Kind::Comma || !answer::awaits_operand(before);
    let earlier = index.checked_sub(2).and_then(|i| pieces.get(i));
    let benchmark = before.is("benchmark") || earlier.is_some_and(|p| p.is("benchmark"));
    let taken = benchmark || (before.word() && (before.is("vanaf") || before.is("tot") || before.is("met")));
    outside && complete && !taken && is_member(piece) && leads_to_item(pieces, index)
}

/// `a >=`, `a, b geen`
fn leads_to_item(pieces: &[Piece], index: usize) -> bool {
    let mut at = index;
    loop {
        match (pieces.get(at + 1), pieces.get(at + 2)) {
            (Some(next), _) if is_word(next) || is_test(next) => return true,
            (Some(comma), Some(next)) if comma.kind == Kind::Comma && is_member(next) => at += 2,
            _ => return false,
        }
    }
}

fn is_member(piece: &Piece) -> bool {
    matches!(piece.kind, Kind::Name | Kind::Quoted | Kind::Text | Kind::Number | Kind::Date)
        && !is_word(piece)
        && !(piece.word() && is_test(piece))
}

fn is_word(piece: &Piece) -> bool {
    piece.word() && text::begins_norm(&piece.text)
}

fn is_test(piece: &Piece) -> bool {
    (piece.kind == Kind::Sign && matches!(piece.text.as_str(), "<" | "<=" | ">" | ">=" | "=" | "<>"))
        || (piece.word() && piece.is("tussen"))
}
