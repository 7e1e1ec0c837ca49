//! Shared dimensions in YAML: members, spellings, groups and the tables they are in. Expressions are read by `dsl`.

use super::shape::{self, Entry};
use super::sources;
use crate::diagnostic::Sink;
use crate::source::Spanned;
use crate::syntax::ast::{SharedDimensionDef, SharedDimensionLine};
use crate::syntax::dsl;

const KEYS: [&str; 5] = ["titel", "leden", "spellingen", "groepen", "in"];

/// `kanaal: {titel: …, leden: […], spellingen: {…}, groepen: {…}, in: {…}}`
pub fn dimension(entry: &Entry<'_>, file: &str, sink: &mut Sink) -> SharedDimensionDef {
    let (name, span) = (entry.name.clone(), entry.span);
    let mut def = SharedDimensionDef { name, title: None, lines: Vec::new(), incomplete: false, span };
    let help = "schrijf eronder `leden: [een, twee]`";
    let fields = shape::entries(entry.value, &entry.name.value, help, sink);
    def.incomplete = fields.is_none();
    for field in fields.unwrap_or_default() {
        let elsewhere = |word: &str| match word {
            "naam" => Some("titel"),
            "groep" => Some("groepen"),
            "spelling" => Some("spellingen"),
            "bronnen" | "tabellen" => Some("in"),
            _ => None,
        };
        let exact = KEYS.into_iter().find(|k| *k == field.name.value);
        let key =
            exact.or_else(|| shape::unknown_or(&field.name, "van een dimensie", &KEYS, elsewhere, sink)).unwrap_or("");
        match key {
            "titel" => {
                shape::warn_cut(field.value, file, sink);
                def.title = shape::text(field.value, key, sink);
            }
            "leden" => {
                let names = sources::names(field.value, key, sink);
                def.incomplete |= names.is_empty();
                def.lines.push(SharedDimensionLine::Members { names, span: field.span });
            }
            "spellingen" | "groepen" | "in" => {
                let help = match key {
                    "spellingen" => "schrijf onder `spellingen` elk lid als `lid: [spelling, spelling]`",
                    "groepen" => "schrijf onder `groepen` elke groep als `groep: [lid, lid]`",
                    _ => "schrijf onder `in` elke tabel als `bron.tabel: kolom`",
                };
                let entries = shape::entries(field.value, key, help, sink);
                def.incomplete |= entries.is_none();
                for line in entries.unwrap_or_default() {
                    let read = match key {
                        "spellingen" => Some(spellings(&line, sink)),
                        "groepen" => Some(group(&line, sink)),
                        _ => binding(&line, sink),
                    };
                    def.incomplete |= read.is_none();
                    def.lines.extend(read);
                }
            }
            _ => def.incomplete = true,
        }
    }
    def
}

/// `email: [E-mail, mail]`
fn spellings(entry: &Entry<'_>, sink: &mut Sink) -> SharedDimensionLine {
    let texts = shape::filled_texts(entry.value, &entry.name.value, sink);
    let texts = texts.into_iter().map(|(node, text)| Spanned::new(text.text, node.span)).collect();
    SharedDimensionLine::Spellings { member: entry.name.clone(), texts, span: entry.span }
}

/// `persoonlijk: [telefoon, balie]`
fn group(entry: &Entry<'_>, sink: &mut Sink) -> SharedDimensionLine {
    let members = sources::names(entry.value, &entry.name.value, sink);
    SharedDimensionLine::Group { name: entry.name.clone(), members, span: entry.span }
}

/// `klantcontact.contact: kanaal`, `acd.gesprek: '"telefoon"'`
fn binding(entry: &Entry<'_>, sink: &mut Sink) -> Option<SharedDimensionLine> {
    let help = format!("schrijf `{0}: kolom`, of `{0}: '\"lid\"'` voor een bron van één lid", entry.name.value);
    let scalar = shape::scalar(entry.value, &entry.name.value, &help, sink)?;
    let value = dsl::parse_expr(&scalar.fragment.trimmed(), sink)?;
    let table = sources::path_of(&entry.name)?;
    Some(SharedDimensionLine::Binding { table, value, span: entry.span })
}
