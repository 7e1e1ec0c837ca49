//! What stretches of time are called, and which of these names contradict each other: a service time is a conversation
//! with what comes after it, and no waiting time; a lead time is made of everything.

use super::Contradiction;
use crate::model::table::ColumnKind;
use crate::model::{Kpi, Model, RowExpr, TableId, text};

/// A kind of time, with the words that titles and columns have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Waiting,
    Conversation,
    AfterWork,
    /// Conversation, after-work and what else it takes to help somebody.
    Service,
    /// From beginning to end: may be made of all others.
    Lead,
}

/// A word within a title or a column; the first column is what to call it.
const WORDS: [(&str, Kind); 14] = [
    ("wachttijd", Kind::Waiting),
    ("wachtduur", Kind::Waiting),
    ("gewacht", Kind::Waiting),
    ("wachten", Kind::Waiting),
    ("gesprekstijd", Kind::Conversation),
    ("gespreksduur", Kind::Conversation),
    ("nawerktijd", Kind::AfterWork),
    ("nawerk", Kind::AfterWork),
    ("servicetijd", Kind::Service),
    ("behandeltijd", Kind::Service),
    ("behandelduur", Kind::Service),
    ("doorlooptijd", Kind::Lead),
    ("doorlooptijden", Kind::Lead),
    ("levertijd", Kind::Lead),
];

/// A service time over a waiting time.
pub fn contradiction(model: &Model, kpi: &Kpi, title: &str) -> Option<Contradiction> {
    let said = found(title);
    let columns = super::columns(model, kpi);
    let measured: Vec<(&str, Kind)> = columns.iter().flat_map(|column| found(column)).collect();
    let [(word, kind)] = said.as_slice() else { return None };
    let (first, _) = measured.first()?;
    let fits = match kind {
        // Of a single column only: otherwise it is put together.
        Kind::Lead => columns.len() > 1 || measured.iter().any(|(_, of)| of == kind),
        Kind::Service => {
            measured.iter().any(|(_, of)| matches!(of, Kind::Service | Kind::Conversation | Kind::AfterWork))
        }
        Kind::Waiting | Kind::Conversation | Kind::AfterWork => measured.iter().any(|(_, of)| of == kind),
    };
    (!fits).then(|| Contradiction { said: (*word).to_owned(), measured: format!("iets met `{first}`") })
}

/// The kinds of time that a text speaks of, each once.
fn found(text: &str) -> Vec<(&'static str, Kind)> {
    let mut found: Vec<(&'static str, Kind)> = Vec::new();
    for (word, kind) in WORDS {
        if text.contains(word) && !found.iter().any(|(_, known)| *known == kind) {
            found.push((word, kind));
        }
    }
    found
}

/// The calculated column of a table whose calculation an expression repeats.
pub fn as_column(model: &Model, table: TableId, expr: &RowExpr) -> Option<String> {
    let written = text::expr(model, table, expr);
    let same = |column: &&crate::model::Column| matches!(&column.kind, ColumnKind::Computed(by) if text::expr(model, table, by) == written);
    model.table(table).columns.iter().find(same).map(|column| column.name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{Kind, found};

    #[test]
    fn kinds_of_time_in_a_text() {
        assert_eq!(found("gemiddelde wachttijd op inloop"), [("wachttijd", Kind::Waiting)]);
        assert_eq!(found("wachttijd en wachtduur"), [("wachttijd", Kind::Waiting)]);
        assert_eq!(found("servicetijd zonder nawerk").len(), 2);
        assert!(found("percentage binnen service level").is_empty());
    }
}
