//! Calendars in YAML: one key per word; a list holds several statements, or the days and dates of one. What stands in a
//! statement is read by `dsl`.

use super::node::{Node, NodeKind};
use super::shape::{self, Entry};
use crate::diagnostic::Sink;
use crate::source::Spanned;
use crate::syntax::ast::{CalendarBody, CalendarClause, CalendarDef, CalendarWord};
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;

const KEYS: [&str; 5] = ["titel", "feestdagen", "werkdagen", "open", "gesloten"];

/// `gemeente: {titel: …, feestdagen: …, werkdagen: […], open: […], gesloten: […]}`
pub fn calendar(entry: &Entry<'_>, file: &str, sink: &mut Sink) -> CalendarDef {
    let mut def =
        CalendarDef { name: entry.name.clone(), title: None, clauses: Vec::new(), incomplete: false, span: entry.span };
    let help = "schrijf eronder `feestdagen: …`, `werkdagen: …`, `open: …` of `gesloten: …`";
    let fields = shape::entries(entry.value, &entry.name.value, help, sink);
    def.incomplete = fields.is_none();
    for field in fields.unwrap_or_default() {
        let key = field.name.value.as_str();
        if key == "titel" {
            shape::warn_cut(field.value, file, sink);
            def.title = shape::text(field.value, key, sink);
        } else if let Some(word) = CalendarWord::of(key) {
            clauses(word, &field, &mut def, sink);
        } else {
            shape::unknown_or(&field.name, "van een kalender", &KEYS, dsl::calendar_elsewhere, sink);
            def.incomplete = true;
        }
    }
    def
}

fn clauses(word: CalendarWord, field: &Entry<'_>, def: &mut CalendarDef, sink: &mut Sink) {
    let place = Spanned::new(word, field.name.span);
    let items: &[Node] = match &field.value.kind {
        NodeKind::Sequence(items) if !items.is_empty() => items,
        _ => std::slice::from_ref(field.value),
    };
    let help = format!("schrijf `{}: …` op één regel, of de regels als lijst", word.word());
    let mut open: Option<Fragment> = None;
    for (index, item) in items.iter().enumerate() {
        let Some(scalar) = shape::scalar(item, word.word(), &help, sink) else {
            def.clauses.push(CalendarClause { word: place.clone(), body: CalendarBody::Broken, span: field.span });
            continue;
        };
        let part = scalar.fragment.trimmed();
        let last = index + 1 == items.len();
        let whole = last || is_statement(word, &part.text);
        let joined = match open.take() {
            Some(mut before) => {
                before.push(&part, ", ");
                before
            }
            None => part,
        };
        if whole {
            let body = dsl::parse_calendar(&place, &joined, sink);
            def.clauses.push(CalendarClause { word: place.clone(), body, span: joined.whole() });
        } else {
            open = Some(joined);
        }
    }
}

/// Whether an item of a list ends its statement. A comma inside an unquoted list has cut `ma, di 08:30 - 17:00` in two.
#[must_use]
pub fn is_statement(word: CalendarWord, item: &str) -> bool {
    let dated = item.split_whitespace().any(|w| w == "vanaf" || w == "tot");
    match word {
        CalendarWord::Holidays => true,
        CalendarWord::Workdays => dated,
        CalendarWord::Open => item.contains(':'),
        CalendarWord::Closed => item.contains('"'),
    }
}
