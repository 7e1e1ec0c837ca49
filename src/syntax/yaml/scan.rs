//! A first pass over the YAML text: how each scalar is written, where a bracketed collection ends, and the exact place
//! and kind of an error. The tree itself is read through serde (`node`), which does not tell these things.

use std::collections::BTreeMap;

use serde_saphyr::granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle};

use super::scalar::Style;

/// Deeper nesting than this is no definition.
const DEPTH: usize = 64;

/// What the parser says of one scalar.
#[derive(Clone, Debug)]
pub struct ScalarInfo {
    pub style: Style,
    pub text: String,
    pub end: usize,
}

/// What serde does not tell, by byte offset.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Scalars by their start and length (an empty one may start where the next begins).
    pub scalars: BTreeMap<(usize, bool), ScalarInfo>,
    /// Ends of `[…]` and `{…}` by their start.
    pub flow: BTreeMap<usize, usize>,
    /// Whether there is any node at all.
    pub empty: bool,
}

/// Why a text is no YAML.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The parser's kind.
    Syntax(ErrorKind),
    /// A second document, behind `---`, where there can be one.
    SecondDocument,
    /// Nested too deep.
    Depth,
}

/// Reads all events. A failure has its byte offset. `several`: there may be more documents than one.
pub fn scan(text: &str, several: bool) -> Result<Scan, (Failure, usize)> {
    let mut found = Scan { empty: true, ..Scan::default() };
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|e| {
            let at = e.marker().byte_offset().unwrap_or_else(|| byte_of(text, e.marker().index()));
            (Failure::Syntax(e.kind().clone()), at)
        })?;
        let start = span.start.byte_offset().unwrap_or_default();
        let end = span.end.byte_offset().unwrap_or_default();
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 && !several {
                    return Err((Failure::SecondDocument, start));
                }
            }
            Event::Scalar(value, style, ..) => {
                found.empty = false;
                let style = match style {
                    ScalarStyle::SingleQuoted => Style::Single,
                    ScalarStyle::DoubleQuoted => Style::Double,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                    ScalarStyle::Plain => Style::Plain,
                };
                // An absent scalar comes as `~`.
                let text = if end > start { value.into_owned() } else { String::new() };
                let info = ScalarInfo { style, text, end };
                found.scalars.insert((start, end > start), info);
            }
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                found.empty = false;
                open.push((style == StructureStyle::Flow).then_some(start));
                if open.len() > DEPTH {
                    return Err((Failure::Depth, start));
                }
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Some(start)) = open.pop() {
                    found.flow.insert(start, end);
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn byte_of(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at)
}

/// The first anchor, reference or label of a text that can be read: what a text written from its values would lose.
#[must_use]
pub fn marker(text: &str) -> Option<std::ops::Range<usize>> {
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        let marked = match event {
            Event::Alias(..) => true,
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(_, anchor, tag)
            | Event::MappingStart(_, anchor, tag) => anchor > 0 || tag.is_some(),
            _ => false,
        };
        if marked {
            let (start, end) = (span.start.byte_offset()?, span.end.byte_offset()?);
            return Some(start..end.max(start));
        }
    }
    None
}
