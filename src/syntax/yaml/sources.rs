//! Source systems in YAML: tables, columns and requirements. Column lines and conditions are read by `dsl`.

use super::node::Node;
use super::shape::{self, Entry};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{ColumnDef, ColumnKind, DerivedFrom, Name, Path, RequirementDef, SourceDef, TableDef};
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;

const SOURCE: [&str; 2] = ["titel", "tabellen"];
const TABLE: [&str; 6] = ["titel", "uit", "waarbij", "per", "kolommen", "eisen"];

/// `acd: {titel: …, tabellen: {…}}`
pub fn source(entry: &Entry<'_>, file: &str, sink: &mut Sink) -> SourceDef {
    let mut def =
        SourceDef { name: entry.name.clone(), title: None, tables: Vec::new(), incomplete: false, span: entry.span };
    let help = "schrijf eronder `titel: …` en `tabellen:`";
    let fields = shape::entries(entry.value, &entry.name.value, help, sink);
    def.incomplete = fields.is_none();
    for field in fields.unwrap_or_default() {
        match meant(&field, "van een bronsysteem", &SOURCE, sink) {
            "titel" => {
                shape::warn_cut(field.value, file, sink);
                def.title = shape::text(field.value, "titel", sink);
            }
            "tabellen" => {
                let help = "schrijf onder `tabellen` eerst de naam van een tabel";
                let tables = shape::entries(field.value, "tabellen", help, sink);
                def.incomplete |= tables.is_none();
                def.tables.extend(tables.unwrap_or_default().iter().map(|t| table(t, file, sink)));
            }
            _ => def.incomplete = true,
        }
    }
    def
}

/// The key, or the one that was probably meant, which is reported; empty where that cannot be said.
fn meant(field: &Entry<'_>, place: &str, known: &[&'static str], sink: &mut Sink) -> &'static str {
    let elsewhere = |word: &str| match word {
        "tabel" => Some("tabellen"),
        "kolom" | "velden" => Some("kolommen"),
        "eis" => Some("eisen"),
        "naam" => Some("titel"),
        _ => None,
    };
    let elsewhere = |word: &str| elsewhere(word).filter(|meant| known.contains(meant));
    let key = field.name.value.as_str();
    let exact = known.iter().copied().find(|k| *k == key);
    exact.or_else(|| shape::unknown_or(&field.name, place, known, elsewhere, sink)).unwrap_or("")
}

fn table(entry: &Entry<'_>, file: &str, sink: &mut Sink) -> TableDef {
    let name = entry.name.clone();
    let mut def = TableDef {
        name,
        title: None,
        derived: None,
        columns: Vec::new(),
        requirements: Vec::new(),
        incomplete: false,
        span: entry.span,
    };
    let mut base = None;
    let mut has_base = false;
    let mut filter = None;
    let mut keys = Vec::new();
    let mut only_derived = Vec::new();
    let mut span = None;
    let help = "schrijf eronder `kolommen:`";
    let fields = shape::entries(entry.value, &entry.name.value, help, sink);
    def.incomplete = fields.is_none();
    for field in fields.unwrap_or_default() {
        let key = meant(&field, "van een tabel", &TABLE, sink);
        if matches!(key, "uit" | "waarbij" | "per") {
            span = Some(span.map_or(field.span, |s: Span| s.to(field.span)));
            only_derived.push(field.name.clone());
        }
        match key {
            "titel" => {
                shape::warn_cut(field.value, file, sink);
                def.title = shape::text(field.value, key, sink);
            }
            "uit" => {
                has_base = true;
                let help = "schrijf `uit: gesprek` of `uit: acd.gesprek`";
                base = shape::scalar(field.value, key, help, sink).and_then(|s| path(&s.fragment.trimmed(), sink));
            }
            "waarbij" => {
                let help = "schrijf de voorwaarde als tekst, zo nodig tussen aanhalingstekens";
                filter = shape::scalar(field.value, key, help, sink)
                    .and_then(|s| dsl::parse_expr(&s.fragment.trimmed(), sink));
            }
            "per" => keys = names(field.value, "per", sink),
            "kolommen" => {
                let help = "schrijf onder `kolommen` elke kolom als `naam: type`";
                let columns = shape::entries(field.value, key, help, sink);
                def.incomplete |= columns.is_none();
                def.columns.extend(columns.unwrap_or_default().iter().map(|c| column(c, sink)));
            }
            "eisen" => {
                let help = "schrijf onder `eisen` elke eis als `naam: voorwaarde`";
                let requirements = shape::entries(field.value, key, help, sink).unwrap_or_default();
                def.requirements.extend(requirements.iter().map(|r| requirement(r, sink)));
            }
            _ => def.incomplete = true,
        }
    }
    if let Some(first) = only_derived.first().filter(|_| !has_base) {
        let message = format!("`{}` hoort bij een afgeleide tabel, en `uit` ontbreekt", first.value);
        sink.push(
            Diagnostic::error(shape::SHAPE, message)
                .at(first.span)
                .help("schrijf `uit: …` met de tabel waaruit deze ontstaat"),
        );
    }
    def.derived = base.zip(span).map(|(base, span)| DerivedFrom { base, filter, keys, span });
    def
}

fn column(entry: &Entry<'_>, sink: &mut Sink) -> ColumnDef {
    let name = entry.name.clone();
    let help = format!("schrijf `{0}: tekst` of `{0}: \"= a + b\"`", name.value);
    shape::scalar(entry.value, &name.value, &help, sink)
        .and_then(|s| dsl::parse_column(name.clone(), &s.fragment.trimmed(), sink))
        .unwrap_or(ColumnDef { name, kind: ColumnKind::Broken, options: Vec::new(), span: entry.span })
}

fn requirement(entry: &Entry<'_>, sink: &mut Sink) -> RequirementDef {
    let help = "schrijf de voorwaarde als tekst, zo nodig tussen aanhalingstekens";
    let condition = shape::scalar(entry.value, &entry.name.value, help, sink)
        .and_then(|scalar| dsl::parse_expr(&scalar.fragment.trimmed(), sink));
    RequirementDef { name: entry.name.clone(), condition, span: entry.span }
}

/// `[team, beller]`, `beller` or `team, beller`. What is no name is reported and left out.
pub fn names(node: &Node, what: &str, sink: &mut Sink) -> Vec<Name> {
    let mut names = Vec::new();
    for (item, fragment) in shape::filled_texts(node, what, sink) {
        if fragment.text.split(',').all(|part| part.trim().is_empty()) {
            shape::wrong(item, what, "een naam", &format!("schrijf `{what}: [een, twee]`"), sink);
        }
        let mut at = 0;
        for part in fragment.text.split(',') {
            let piece = fragment.slice(at..at + part.len()).trimmed();
            at += part.len() + 1;
            let name = segment(&piece);
            if name.is_none() && !piece.text.is_empty() {
                let message = format!("`{}` is geen naam", piece.text);
                let help = format!("zet een naam met bijzondere tekens tussen backticks: ``'`{}`'``", piece.text);
                sink.push(Diagnostic::error(shape::SHAPE, message).at(piece.whole()).help(help));
            }
            names.extend(name);
        }
    }
    names
}

/// `gesprek`, `acd.gesprek`
pub fn path(fragment: &Fragment, sink: &mut Sink) -> Option<Path> {
    let mut segments = Vec::new();
    let mut at = 0;
    for part in fragment.text.split('.') {
        let Some(name) = segment(&fragment.slice(at..at + part.len()).trimmed()) else {
            let message = format!("`{}` is geen naam van een tabel", fragment.text);
            sink.push(Diagnostic::error(shape::SHAPE, message).at(fragment.whole()).help("schrijf `bron.tabel`"));
            return None;
        };
        segments.push(name);
        at += part.len() + 1;
    }
    Some(Path { segments, span: fragment.whole() })
}

/// A key as a path: `acd.gesprek`.
pub fn path_of(key: &Name) -> Option<Path> {
    let name = |part: &str| (!part.is_empty()).then(|| Spanned::new(part.to_owned(), key.span));
    let segments = key.value.split('.').map(|part| name(part.trim())).collect::<Option<_>>()?;
    Some(Path { segments, span: key.span })
}

/// One name, without back-ticks.
fn segment(fragment: &Fragment) -> Option<Name> {
    use unicode_normalization::UnicodeNormalization;
    let text = fragment.text.as_str();
    let bare = text.strip_prefix('`').and_then(|t| t.strip_suffix('`'));
    let fits = bare.is_some() || text.chars().all(|c| c.is_alphanumeric() || c == '_' || is_mark(c));
    let name: String = bare.unwrap_or(text).nfc().collect();
    (fits && !name.is_empty()).then(|| Spanned::new(name, fragment.whole()))
}

/// A combining mark: part of a name in NFD.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
