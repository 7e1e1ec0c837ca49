//! The clauses of a KPI in YAML: which text each answer is. Reading that text is the work of `dsl`.

use super::dated;
use super::node::{Node, NodeKind};
use super::shape::{self, Entry};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::Spanned;
use crate::syntax::ast::{Clause, ClauseBody, ClauseWord, Text, Validity};
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;

/// The title's key; no clause.
const TITLE: &str = "titel";
/// From when to when the definition holds; no clause.
const VALIDITY: &str = "geldig";

/// What stands under a KPI.
#[derive(Default)]
pub struct Answers {
    pub title: Option<Text>,
    pub validity: Option<Spanned<Validity>>,
    pub clauses: Vec<Clause>,
}

/// The clauses of a `kpi` or (without title and validity) an `aanpassing`.
pub fn clauses(entries: &[Entry<'_>], with_title: bool, file: &str, sink: &mut Sink) -> Answers {
    let mut known: Vec<&str> = if with_title { vec![TITLE, VALIDITY] } else { Vec::new() };
    known.extend(ClauseWord::ALL.map(ClauseWord::word));
    let (mut title, mut validity) = (None, None);
    let mut found: Vec<Clause> = Vec::new();
    let mut meant = Vec::new();
    for entry in entries {
        if with_title && entry.name.value == TITLE {
            shape::warn_cut(entry.value, file, sink);
            title = shape::text(entry.value, TITLE, sink);
        } else if with_title && entry.name.value == VALIDITY {
            validity = dated::validity(entry, sink);
        } else if let Some(word) = ClauseWord::of(&entry.name.value) {
            found.push(clause(word, entry, file, sink));
        } else {
            let place = if with_title { "van een kpi" } else { "van een aanpassing" };
            let word =
                shape::unknown_or(&entry.name, place, &known, dsl::clause_elsewhere, sink).and_then(ClauseWord::of);
            meant.extend(word.map(|word| (word, entry)));
        }
    }
    // A misspelt clause word has its message; that the clause is then missing is not a second mistake.
    for (word, entry) in meant {
        if !found.iter().any(|c| c.word.value == word) {
            found.push(broken(word, entry));
        }
    }
    Answers { title, validity, clauses: found }
}

/// The six answers as unreadable: of a KPI that is no mapping.
pub fn all_broken(entry: &Entry<'_>) -> Vec<Clause> {
    ClauseWord::SIX.map(|word| broken(word, entry)).into()
}

fn broken(word: ClauseWord, entry: &Entry<'_>) -> Clause {
    Clause { word: Spanned::new(word, entry.name.span), body: ClauseBody::Broken, span: entry.span }
}

fn clause(word: ClauseWord, entry: &Entry<'_>, file: &str, sink: &mut Sink) -> Clause {
    let at = Spanned::new(word, entry.name.span);
    let body = match word {
        _ if word.is_text() => {
            shape::warn_cut(entry.value, file, sink);
            shape::text(entry.value, word.word(), sink).map_or(ClauseBody::Broken, ClauseBody::Text)
        }
        _ => answer(word, entry, sink)
            .map_or(ClauseBody::Broken, |fragment| dsl::parse_clause(at.clone(), &fragment, sink)),
    };
    Clause { word: at, body, span: entry.span }
}

/// The text of one answer: a scalar, or the items of a list joined. Items of a norm stand apart by a space, those of
/// other clauses by a comma; a comma inside brackets that made YAML split an item comes back.
pub fn answer(word: ClauseWord, entry: &Entry<'_>, sink: &mut Sink) -> Option<Fragment> {
    let key = word.word();
    if entry.value.is_absent() {
        let message = format!("achter `{key}` staat geen antwoord");
        sink.push(
            Diagnostic::error(shape::SHAPE, message)
                .at(entry.name.span)
                .help(format!("schrijf `{key}: …` op één regel, of de antwoorden als lijst")),
        );
        return None;
    }
    match &entry.value.kind {
        NodeKind::Scalar(scalar) => Some(scalar.fragment.trimmed()),
        NodeKind::Sequence(items) if items.is_empty() => {
            shape::empty(entry.value, key, "schrijf `geen \"reden\"` als er geen antwoord is", sink);
            None
        }
        NodeKind::Sequence(items) => joined(items, word, sink),
        NodeKind::Mapping(_) if word == ClauseWord::Norm => norm_block(entry.value, sink),
        NodeKind::Mapping(_) => {
            shape::wrong(entry.value, key, "een tekst of een lijst", "zet het antwoord tussen aanhalingstekens", sink);
            None
        }
    }
}

fn joined(items: &[Node], word: ClauseWord, sink: &mut Sink) -> Option<Fragment> {
    let mut all: Option<Fragment> = None;
    let mut whole = true;
    for item in items {
        let help = "zet het antwoord tussen aanhalingstekens";
        let part = match &item.kind {
            NodeKind::Mapping(_) if word == ClauseWord::Norm => norm_block(item, sink),
            _ => shape::scalar(item, word.word(), help, sink).map(|scalar| scalar.fragment.trimmed()),
        };
        let Some(part) = part else {
            whole = false;
            continue;
        };
        match &mut all {
            None => all = Some(part),
            Some(joined) => {
                let separator = if word == ClauseWord::Norm && !is_open(&joined.text) { " " } else { ", " };
                joined.push(&part, separator);
            }
        }
    }
    all.filter(|_| whole)
}

/// `{per kanaal: {telefoon: ">= 80%", overig: geen}, streefnorm: ">= 95%"}` as one text: every key with what stands
/// behind it, a block in braces.
fn norm_block(node: &Node, sink: &mut Sink) -> Option<Fragment> {
    let key = ClauseWord::Norm.word();
    // Reports keys that are no names.
    shape::entries(node, key, "schrijf `per dimensie:` met daaronder elk lid met zijn norm", sink)?;
    let NodeKind::Mapping(pairs) = &node.kind else { return None };
    let mut all: Option<Fragment> = None;
    for (written, value) in pairs {
        let name = written.scalar()?.fragment.trimmed();
        // A member that is no name stands in quotes, as a text.
        let plain = name.text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ' | '`' | '"' | '-'));
        let words = name.text.starts_with("per ") || name.text.starts_with("benchmark ");
        let quoted = !name.text.starts_with(['`', '"']) && (!plain || (name.text.contains([' ', '-', '.']) && !words));
        let quote = if quoted { "\"" } else { "" };
        let mut part = name.slice(0..0);
        part.push(&name, quote);
        let inner = match &value.kind {
            NodeKind::Mapping(_) => {
                let inner = norm_block(value, sink)?;
                part.push(&inner, &format!("{quote} {{ "));
                part.push(&end_of(&inner), " }");
                part
            }
            NodeKind::Sequence(items) if items.is_empty() => {
                shape::empty(value, &name.text, "schrijf `geen` als er geen norm is", sink);
                return None;
            }
            NodeKind::Sequence(items) => {
                let inner = joined(items, ClauseWord::Norm, sink)?;
                part.push(&inner, &format!("{quote} "));
                part
            }
            NodeKind::Scalar(_) => {
                let help = "schrijf achter elk lid zijn norm: `telefoon: \">= 80%\"`, of `geen`";
                let inner = shape::scalar(value, &name.text, help, sink)?.fragment.trimmed();
                part.push(&inner, &format!("{quote} "));
                part
            }
        };
        match &mut all {
            None => all = Some(inner),
            Some(all) => all.push(&inner, " "),
        }
    }
    all
}

/// Nothing, at the end of a fragment.
fn end_of(fragment: &Fragment) -> Fragment {
    let end = fragment.text.len();
    fragment.slice(end..end)
}

/// Whether a bracket or a quote is still open at the end of the text.
#[must_use]
pub fn is_open(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut quoted = false;
    let mut escaped = false;
    for c in text.chars() {
        match c {
            '\\' if quoted && !escaped => {
                escaped = true;
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        escaped = false;
    }
    quoted || depth > 0
}
