//! What a node must be - a text, a list, named entries - and the messages when it is something else. It knows nothing of
//! KPIs; both the definitions and meetlat.yaml are read with it.

use unicode_normalization::UnicodeNormalization;

use super::node::{Node, NodeKind, Scalar};
use super::scalar::Style;
use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Name, Text};
use crate::syntax::fragment::Fragment;

/// A key that does not belong here.
pub const UNKNOWN_KEY: &str = "ML032";
/// A value of the wrong shape: a list where a text is meant.
pub const SHAPE: &str = "ML033";
/// A text that YAML cuts off at ` #`.
pub const CUT: &str = "ML037";

/// A named entry of a mapping.
pub struct Entry<'a> {
    pub name: Name,
    /// The name stands in back-ticks.
    pub ticked: bool,
    pub value: &'a Node,
    /// Key and value.
    pub span: Span,
}

/// What a node is, in Dutch.
fn shape(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_absent() => "niets",
        NodeKind::Scalar(_) => "een tekst",
        NodeKind::Sequence(_) => "een lijst",
        NodeKind::Mapping(_) => "een blok met sleutels",
    }
}

/// The message that `what` is something else than was meant.
pub fn wrong(node: &Node, what: &str, wanted: &str, help: &str, sink: &mut Sink) {
    let message = format!("bij `{what}` hoort {wanted}, en hier staat {}", shape(node));
    sink.push(Diagnostic::error(SHAPE, message).at(node.site()).help(help));
}

/// The entries of a mapping; none where nothing was written. A key that is no text is reported and left out.
/// `None` when it is no mapping, which is reported.
pub fn entries<'a>(node: &'a Node, what: &str, help: &str, sink: &mut Sink) -> Option<Vec<Entry<'a>>> {
    if node.is_absent() {
        return Some(Vec::new());
    }
    let NodeKind::Mapping(entries) = &node.kind else {
        wrong(node, what, "een blok met sleutels", help, sink);
        return None;
    };
    let named = |(key, value): &'a (Node, Node)| {
        let Some(name) = name(key) else {
            let message = format!("onder `{what}` staat een sleutel die geen naam is");
            sink.push(Diagnostic::error(SHAPE, message).at(key.site()).help("schrijf `naam: …`"));
            return None;
        };
        let ticked = key.scalar().is_some_and(|k| k.fragment.text.trim().starts_with('`'));
        Some(Entry { span: extent(key, value), name, ticked, value })
    };
    Some(entries.iter().filter_map(named).collect())
}

/// A key as a name: NFC, without back-ticks.
fn name(key: &Node) -> Option<Name> {
    let text = key.scalar()?.fragment.text.trim();
    let bare = text.strip_prefix('`').and_then(|t| t.strip_suffix('`')).unwrap_or(text);
    (!bare.is_empty()).then(|| Spanned::new(bare.nfc().collect(), key.site()))
}

/// Key and value, or the key alone where the value is an alias for something elsewhere.
fn extent(key: &Node, value: &Node) -> Span {
    let (key, value) = (key.site(), value.site());
    if value.start >= key.end { key.to(value) } else { key }
}

/// A scalar that says something; anything else is reported.
pub fn scalar<'a>(node: &'a Node, what: &str, help: &str, sink: &mut Sink) -> Option<&'a Scalar> {
    match &node.kind {
        NodeKind::Scalar(scalar) if !scalar.is_absent() => Some(scalar),
        _ => {
            wrong(node, what, "een tekst", help, sink);
            None
        }
    }
}

/// A scalar as a text; without white space around it, unless that stands in quotes.
pub fn text(node: &Node, what: &str, sink: &mut Sink) -> Option<Text> {
    let help = format!("schrijf `{what}: …` met de tekst op dezelfde regel, of als blok achter `|`");
    let scalar = scalar(node, what, &help, sink)?;
    let text = scalar.fragment.text.as_str();
    let quoted = matches!(scalar.style, Style::Single | Style::Double);
    Some(Spanned::new(if quoted { text } else { text.trim() }.to_owned(), node.span))
}

/// The texts of a list, or one text. What is none is reported and left out.
pub fn texts<'a>(node: &'a Node, what: &str, sink: &mut Sink) -> Vec<(&'a Node, Fragment)> {
    let help = format!("schrijf `{what}: [een, twee]`");
    let items = match &node.kind {
        NodeKind::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    items.iter().filter_map(|n| Some((n, scalar(n, what, &help, sink)?.fragment.trimmed()))).collect()
}

/// As `texts`, where there must be one at least: an empty list is reported.
pub fn filled_texts<'a>(node: &'a Node, what: &str, sink: &mut Sink) -> Vec<(&'a Node, Fragment)> {
    if matches!(&node.kind, NodeKind::Sequence(items) if items.is_empty()) {
        empty(node, what, &format!("schrijf `{what}: [een, twee]`, of haal de sleutel weg"), sink);
    }
    texts(node, what, sink)
}

/// The message that nothing is in a list.
pub fn empty(list: &Node, what: &str, help: &str, sink: &mut Sink) {
    let message = format!("de lijst van `{what}` is leeg");
    sink.push(Diagnostic::error(SHAPE, message).at(list.site()).help(help));
}

/// Reports a key that is not one of `known`; gives the one that was probably meant.
pub fn unknown<'k>(name: &Name, place: &str, known: &[&'k str], sink: &mut Sink) -> Option<&'k str> {
    unknown_or(name, place, known, |_| None, sink)
}

/// As `unknown`, with other words for the keys: `meant` knows them.
pub fn unknown_or<'k>(
    name: &Name,
    place: &str,
    known: &[&'k str],
    meant: impl Fn(&str) -> Option<&'k str>,
    sink: &mut Sink,
) -> Option<&'k str> {
    let nearest = suggest::nearest(&name.value, known.iter().copied()).or_else(|| meant(&name.value));
    let message = format!("`{}` is geen sleutel {place}", name.value);
    let diagnostic = Diagnostic::error(UNKNOWN_KEY, message).at(name.span);
    sink.push(if let Some(near) = nearest {
        diagnostic.help(format!("bedoelde u `{near}`?")).replace(name.span, near)
    } else {
        let list: Vec<_> = known.iter().map(|k| format!("`{k}`")).collect();
        diagnostic.help(format!("hier kan staan: {}", list.join(", ")))
    });
    nearest
}

/// Warns where YAML takes the rest of a text for a comment: `Zie besluit #12`.
pub fn warn_cut(node: &Node, file: &str, sink: &mut Sink) {
    if !node.scalar().is_some_and(|s| s.style == Style::Plain && !s.is_absent()) {
        return;
    }
    let end = node.span.range().end;
    let rest = file.get(end..).unwrap_or_default();
    let rest = rest.split(['\n', '\r']).next().unwrap_or_default();
    let comment = rest.trim_start_matches([' ', '\t']);
    let cut = comment.strip_prefix('#').is_some_and(|c| c.chars().next().is_some_and(char::is_alphanumeric));
    if !cut || comment.len() == rest.len() {
        return;
    }
    let start = end + rest.len() - comment.len();
    let span = Span::new(node.span.source, start..start + comment.trim_end().len());
    let whole = Span::new(node.span.source, node.span.range().start..end + rest.trim_end().len());
    let value = file.get(whole.range()).unwrap_or_default();
    sink.push(
        Diagnostic::warning(CUT, "wat achter ` #` staat, is voor YAML commentaar en hoort niet bij de tekst")
            .at(span)
            .help("zet de tekst tussen aanhalingstekens, of een spatie achter `#` als het commentaar is")
            .replace(whole, super::traps::quoted(value)),
    );
}
