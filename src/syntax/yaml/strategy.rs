//! Goals and chains in YAML: one key per word.

use super::shape::{self, Entry};
use super::sources;
use crate::diagnostic::Sink;
use crate::source::Spanned;
use crate::syntax::ast::{StrategyBody, StrategyClause, StrategyDef, StrategyKind, StrategyWord};
use crate::syntax::dsl;

/// `bereikbaar: {titel: …, droom: …, opgave: …}`, `klantcontact: {titel: …, eigenaar: …, doelen: […], …}`
pub fn strategy(kind: StrategyKind, entry: &Entry<'_>, file: &str, sink: &mut Sink) -> StrategyDef {
    let (name, span) = (entry.name.clone(), entry.span);
    let mut def = StrategyDef { kind, name, title: None, clauses: Vec::new(), incomplete: false, span };
    let help = format!("schrijf eronder `titel: …`, `{}: …`", kind.words().first().map_or("", |w| w.word()));
    let fields = shape::entries(entry.value, &entry.name.value, &help, sink);
    def.incomplete = fields.is_none();
    let keys: Vec<&str> = std::iter::once("titel").chain(kind.words().iter().map(|w| w.word())).collect();
    for field in fields.unwrap_or_default() {
        let key = field.name.value.as_str();
        if key == "titel" {
            shape::warn_cut(field.value, file, sink);
            def.title = shape::text(field.value, key, sink);
        } else if let Some(&word) = kind.words().iter().find(|w| w.word() == key) {
            def.clauses.push(clause(word, &field, sink));
        } else {
            let place = format!("van een {}", kind.word());
            shape::unknown_or(&field.name, &place, &keys, |word| dsl::strategy_elsewhere(kind, word), sink);
            def.incomplete = true;
        }
    }
    def
}

fn clause(word: StrategyWord, field: &Entry<'_>, sink: &mut Sink) -> StrategyClause {
    let key = word.word();
    let body = match word {
        StrategyWord::Vision | StrategyWord::Owner => shape::text(field.value, key, sink).map(StrategyBody::Text),
        StrategyWord::Task | StrategyWord::Goals => {
            Some(sources::names(field.value, key, sink)).filter(|n| !n.is_empty()).map(StrategyBody::Names)
        }
        StrategyWord::CustomerValues | StrategyWord::InternalValues => {
            let texts = shape::filled_texts(field.value, key, sink).into_iter();
            let texts: Vec<_> = texts.map(|(node, text)| Spanned::new(text.text, node.span)).collect();
            Some(texts).filter(|t| !t.is_empty()).map(StrategyBody::Texts)
        }
    };
    let word = Spanned::new(word, field.name.span);
    StrategyClause { word, body: body.unwrap_or(StrategyBody::Broken), span: field.span }
}
