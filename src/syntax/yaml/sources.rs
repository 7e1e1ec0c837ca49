//! Source systems in YAML: tables, columns and requirements. Column lines and conditions are read by `dsl`.

use super::node::{Node, NodeKind};
use super::shape::{self, Entry};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    ColumnDef, ColumnKind, DerivedFrom, Name, Path, RequirementDef, SourceDef, TableDef, UnitedFrom,
};
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;

const SOURCE: [&str; 2] = ["titel", "tabellen"];
const TABLE: [&str; 8] = ["titel", "uit", "waarbij", "per", "verenigt", "geldig", "kolommen", "eisen"];

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
        united: None,
        columns: Vec::new(),
        requirements: Vec::new(),
        valid: None,
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
    let unites = fields.iter().flatten().any(|field| field.name.value == "verenigt");
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
            "geldig" => {
                let help = "schrijf `geldig: begin tot eind`, met twee kolommen van deze tabel";
                def.valid = shape::scalar(field.value, key, help, sink)
                    .and_then(|s| dsl::parse_valid_rows(&s.fragment.trimmed(), sink));
                def.incomplete |= def.valid.is_none();
            }
            "verenigt" => {
                let parts = paths(field.value, key, sink);
                def.incomplete |= parts.is_empty();
                def.united = (!parts.is_empty()).then_some(UnitedFrom { parts, span: field.span });
            }
            "kolommen" => {
                let help = "schrijf onder `kolommen` elke kolom als `naam: type`";
                let columns = shape::entries(field.value, key, help, sink);
                def.incomplete |= columns.is_none();
                def.columns.extend(columns.unwrap_or_default().iter().map(|c| column(c, unites, sink)));
            }
            "eisen" => {
                let help = "schrijf onder `eisen` elke eis als `naam: voorwaarde`";
                let requirements = shape::entries(field.value, key, help, sink).unwrap_or_default();
                def.requirements.extend(requirements.iter().map(|r| requirement(r, sink)));
            }
            _ => def.incomplete = true,
        }
    }
    if let (Some(united), Some(first)) = (&def.united, only_derived.first()) {
        let message = format!("een tabel die andere verenigt, heeft geen `{}`", first.value);
        let help = "maak er twee tabellen van: een die verenigt, en een die daaruit wordt afgeleid";
        sink.push(Diagnostic::error(shape::SHAPE, message).at(first.span).also(united.span, "zij verenigt").help(help));
        return def;
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

/// A column; in a table that unites others it may be a list, with an item for each of them.
fn column(entry: &Entry<'_>, unites: bool, sink: &mut Sink) -> ColumnDef {
    let name = entry.name.clone();
    let help = format!("schrijf `{0}: tekst` of `{0}: \"= a + b\"`", name.value);
    let body = match &entry.value.kind {
        NodeKind::Sequence(items) if unites && !items.is_empty() => per_part(items, &name.value, &help, sink),
        _ => shape::scalar(entry.value, &name.value, &help, sink).map(|s| s.fragment.trimmed()),
    };
    body.and_then(|body| dsl::parse_column(name.clone(), &body, sink)).unwrap_or(ColumnDef {
        name,
        kind: ColumnKind::Broken,
        options: Vec::new(),
        span: entry.span,
    })
}

/// `[binnenkomst, ontvangen meetmoment]`: a list with an expression for each part is `= binnenkomst, ontvangen meetmoment`.
fn per_part(items: &[Node], name: &str, help: &str, sink: &mut Sink) -> Option<Fragment> {
    let mut all: Option<Fragment> = None;
    for item in items {
        let item = shape::scalar(item, name, help, sink)?.fragment.trimmed();
        let bare = item.text.strip_prefix('=').map_or(0, |_| 1);
        let item = item.slice(bare..item.text.len()).trimmed();
        match &mut all {
            None => {
                let mut first = item.slice(0..0);
                first.push(&item, "= ");
                all = Some(first);
            }
            Some(all) => all.push(&item, ", "),
        }
    }
    all
}

/// `[acd.gesprek, email.bericht]`, `acd.gesprek, email.bericht`; what is none is reported and left out.
fn paths(node: &Node, what: &str, sink: &mut Sink) -> Vec<Path> {
    let mut found = Vec::new();
    if matches!(&node.kind, NodeKind::Sequence(items) if items.is_empty()) {
        let message = format!("de lijst van `{what}` is leeg");
        let help = "noem de tabellen waarvan de rijen samenkomen: `[acd.gesprek, email.bericht]`";
        sink.push(Diagnostic::error(shape::SHAPE, message).at(node.site()).help(help));
    }
    for (_, fragment) in shape::texts(node, what, sink) {
        let mut at = 0;
        for part in fragment.text.split(',') {
            let piece = fragment.slice(at..at + part.len()).trimmed();
            at += part.len() + 1;
            found.extend(path(&piece, sink));
        }
    }
    found
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
