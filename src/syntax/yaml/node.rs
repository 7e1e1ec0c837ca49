//! The YAML text as a tree of which every node knows its place in bytes, and every scalar the way back from its decoded
//! text. Read through serde, so that aliases, merge keys and budgets are those of the crate; YAML's own typing of `no`,
//! `1_000` and `1.50` never happens, because the text is taken as written. Nothing here knows what the keys mean.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Location, NonFiniteFloatPolicy, Spanned as Located};
use unicode_normalization::UnicodeNormalization;

use super::scalar::{self, Style};
use super::scan::Scan;
use super::traps::{self, Mended};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{SourceId, Span};
use crate::syntax::fragment::Fragment;

/// One node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub kind: NodeKind,
    /// Where it is written: quotes and brackets included, for an alias the place it refers to.
    pub span: Span,
    /// Where it is used, when that is an alias (`*naam`).
    pub alias: Option<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file, each key once.
    Mapping(Vec<(Node, Node)>),
}

/// A text, whatever YAML would make of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The decoded text, with the way back to the file.
    pub fragment: Fragment,
    pub style: Style,
}

impl Scalar {
    /// Nothing was written at all (`sleutel:`); `""` is a written empty text.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.style == Style::Plain && self.fragment.text.is_empty()
    }
}

impl Node {
    #[must_use]
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Nothing was written here.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.scalar().is_some_and(Scalar::is_absent)
    }

    /// The place where the author used it.
    #[must_use]
    pub fn site(&self) -> Span {
        self.alias.unwrap_or(self.span)
    }
}

/// Reads a text of one document. Nothing when it is no YAML (a diagnostic is given) or holds nothing at all. A slip that
/// YAML cannot read but of which the meaning is plain (`norm: >= 80%`) is reported and read as meant, so that the rest is
/// read as well.
pub fn read(source: SourceId, text: &str, sink: &mut Sink) -> Option<Node> {
    let mended = traps::mend(source, text, false, sink)?;
    documents(source, text, &mended, false, sink).into_iter().next()
}

/// Reads a text of documents with `---` between them; those that hold nothing are left out.
pub fn read_all(source: SourceId, text: &str, sink: &mut Sink) -> Vec<Node> {
    let Some(mended) = traps::mend(source, text, true, sink) else { return Vec::new() };
    documents(source, text, &mended, true, sink)
}

fn documents(source: SourceId, text: &str, mended: &Mended, several: bool, sink: &mut Sink) -> Vec<Node> {
    let Mended { text: mended, slips, scan } = mended;
    if scan.empty {
        return Vec::new();
    }
    // A file of definitions may have as many parts as it has declarations.
    let budget = serde_saphyr::budget! { max_documents: usize::MAX };
    let options = serde_saphyr::options! {
        budget: budget,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        ignore_binary_tag_for_string: true,
    };
    match serde_saphyr::from_multiple_with_options::<Located<Raw>>(mended, options) {
        Ok(found) => {
            let mut builder = Builder { source, text, slips, scan, several, sink };
            found.into_iter().map(|raw| builder.node(raw)).collect()
        }
        Err(error) => {
            let at = error.location().and_then(|l| byte_offset(&l)).unwrap_or_default();
            let span = traps::sign_at(source, text, at);
            sink.push(
                Diagnostic::error(traps::UNREADABLE, "dit gebruik van YAML wordt niet gelezen")
                    .at(span)
                    .help("schrijf de waarde uit, zonder label (`!`), verwijzing (`*`) of samenvoeging (`<<`)"),
            );
            Vec::new()
        }
    }
}

/// What serde gives: only the shape; the texts come from the file.
enum Raw {
    Scalar,
    Sequence(Vec<Located<Raw>>),
    Mapping(Vec<(Located<Raw>, Located<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<Raw, A::Error> {
        data.variant::<IgnoredAny>()?;
        Ok(Raw::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Mapping(entries))
    }
}

fn byte_offset(location: &Location) -> Option<usize> {
    location.span().byte_offset().and_then(|n| usize::try_from(n).ok())
}

/// Joins serde's shape with the texts of the file.
struct Builder<'a> {
    source: SourceId,
    text: &'a str,
    slips: &'a BTreeMap<usize, usize>,
    scan: &'a Scan,
    /// There may be more documents than one.
    several: bool,
    sink: &'a mut Sink,
}

impl Builder<'_> {
    fn node(&mut self, raw: Located<Raw>) -> Node {
        let start = byte_offset(&raw.defined).unwrap_or_default();
        let used = byte_offset(&raw.referenced).unwrap_or(start);
        let length = raw.defined.span().byte_len().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        let (kind, range) = match raw.value {
            Raw::Scalar => {
                let (fragment, style, end) = self.scalar(start, start + length);
                (NodeKind::Scalar(Scalar { fragment, style }), start..end)
            }
            Raw::Sequence(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
                let end = items.last().map_or(start, |n| n.site().range().end);
                let end = self.scan.flow.get(&start).copied().unwrap_or(end).max(start);
                (NodeKind::Sequence(items), start..end)
            }
            Raw::Mapping(entries) => {
                let entries: Vec<_> = entries.into_iter().map(|(k, v)| (self.node(k), self.node(v))).collect();
                let end = entries.last().map_or(start, |(_, v)| v.site().range().end);
                let end = self.scan.flow.get(&start).copied().unwrap_or(end).max(start);
                (NodeKind::Mapping(self.each_key_once(entries)), start..end)
            }
        };
        let alias = (used != start).then(|| {
            let name = self.text.get(used..).unwrap_or_default();
            let length = name.find([' ', '\t', '\r', '\n', ',', ']', '}']).unwrap_or(name.len());
            Span::new(self.source, used..used + length)
        });
        Node { kind, span: Span::new(self.source, range), alias }
    }

    fn scalar(&self, start: usize, end: usize) -> (Fragment, Style, usize) {
        if let Some(&end) = self.slips.get(&start) {
            return (scalar::plain(self.source, self.text, start, end), Style::Plain, end);
        }
        let Some(info) = self.scan.scalars.get(&(start, end > start)) else {
            let raw = self.text.get(start..end).unwrap_or_default();
            return (Fragment::verbatim(self.source, raw, start), Style::Plain, end);
        };
        let end = match info.style {
            Style::Literal | Style::Folded => {
                start + self.text.get(start..info.end).map_or(0, |raw| raw.trim_end().len())
            }
            _ => info.end,
        };
        (scalar::fragment(self.source, self.text, start, info.end, info.style, &info.text), info.style, end)
    }

    /// Reports a key that stands twice in one mapping; the first stays.
    fn each_key_once(&mut self, entries: Vec<(Node, Node)>) -> Vec<(Node, Node)> {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut kept = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            if let Some(scalar) = key.scalar() {
                let name: String = scalar.fragment.text.nfc().collect();
                if let Some(&first) = seen.get(&name) {
                    let at = key.site().range().start;
                    let section =
                        self.several && self.text.get(..at).is_some_and(|b| b.is_empty() || b.ends_with('\n'));
                    let help = if section {
                        "zet alles bij de eerste, of begin met een regel `---` een nieuw deel van het bestand"
                    } else {
                        "haal een van beide weg, of geef een van beide een andere naam"
                    };
                    self.sink.push(
                        Diagnostic::error(traps::DUPLICATE, format!("`{name}` staat hier een tweede keer"))
                            .at(key.site())
                            .also(first, "hier staat het de eerste keer")
                            .help(help),
                    );
                    continue;
                }
                seen.insert(name, key.site());
            }
            kept.push((key, value));
        }
        kept
    }
}

#[cfg(test)]
#[path = "node_tests.rs"]
mod tests;
