//! Goals and customer chains: each thing is said once, the goals of a chain exist, and so do the chains that KPIs name
//! wherever the project declares its chains at all.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::strategy::{Chain, Goal};
use crate::syntax::ast::{ClauseBody, ClauseWord, Name, StrategyBody, StrategyClause, StrategyDef, StrategyWord};

use super::names::Names;
use super::scope::suggested;

/// All goals and chains, in the order of name.
pub(super) fn resolve(names: &Names<'_>, sink: &mut Sink) -> (Vec<Goal>, Vec<Chain>) {
    let goals: Vec<Goal> = names.goals.values().map(|def| goal(def, sink)).collect();
    let chains: Vec<Chain> = names.chains.values().map(|def| chain(def, names, sink)).collect();
    if !chains.is_empty() {
        for entry in names.kpis.values().flatten() {
            let adjusted = entry.adjustments.iter().flat_map(|a| &a.clauses);
            for clause in entry.def.clauses.iter().chain(adjusted).filter(|c| c.word.value == ClauseWord::Chain) {
                if let ClauseBody::Words(words) = &clause.body {
                    known(words, "klantketen", "ML147", &names.chains, sink);
                }
            }
        }
    }
    (goals, chains)
}

fn goal(def: &StrategyDef, sink: &mut Sink) -> Goal {
    let said = Said::of(def, sink);
    Goal {
        name: def.name.value.clone(),
        title: title(def),
        vision: said.text(StrategyWord::Vision),
        tasks: said.names(StrategyWord::Task).iter().map(|n| n.value.clone()).collect(),
        span: def.name.span,
    }
}

fn chain(def: &StrategyDef, names: &Names<'_>, sink: &mut Sink) -> Chain {
    let said = Said::of(def, sink);
    let goals = said.names(StrategyWord::Goals);
    known(goals, "doel", "ML146", &names.goals, sink);
    let goals = goals.iter().filter(|n| names.goals.contains_key(n.value.as_str()));
    Chain {
        name: def.name.value.clone(),
        title: title(def),
        owner: said.text(StrategyWord::Owner),
        goals: goals.map(|n| n.value.clone()).collect(),
        customer_values: said.texts(StrategyWord::CustomerValues),
        internal_values: said.texts(StrategyWord::InternalValues),
        span: def.name.span,
    }
}

fn title(def: &StrategyDef) -> String {
    def.title.as_ref().map_or_else(|| def.name.value.clone(), |t| t.value.clone())
}

/// Reports the names that are not declared.
fn known(words: &[Name], what: &str, code: &'static str, declared: &BTreeMap<&str, &StrategyDef>, sink: &mut Sink) {
    for word in words.iter().filter(|w| !declared.contains_key(w.value.as_str())) {
        let diagnostic = Diagnostic::error(code, format!("{what} `{}` bestaat niet", word.value)).at(word.span);
        sink.push(match suggest::nearest(&word.value, declared.keys().copied()) {
            Some(near) => suggested(diagnostic, word.span, near),
            None => diagnostic.help(format!("beschrijf het met `{what} {} \"…\" {{ … }}`", word.value)),
        });
    }
}

/// What is said of a goal or a chain, each thing once.
struct Said<'a>(BTreeMap<StrategyWord, &'a StrategyClause>);

impl<'a> Said<'a> {
    fn of(def: &'a StrategyDef, sink: &mut Sink) -> Self {
        let mut said: BTreeMap<StrategyWord, &StrategyClause> = BTreeMap::new();
        for clause in &def.clauses {
            if let Some(first) = said.get(&clause.word.value) {
                sink.push(
                    Diagnostic::error("ML102", format!("`{}` staat er al", clause.word.value.word()))
                        .at(clause.word.span)
                        .label("de tweede")
                        .also(first.word.span, "de eerste"),
                );
            } else {
                said.insert(clause.word.value, clause);
            }
        }
        Self(said)
    }

    fn text(&self, word: StrategyWord) -> Option<String> {
        match &self.0.get(&word)?.body {
            StrategyBody::Text(text) => Some(text.value.clone()),
            _ => None,
        }
    }

    fn names(&self, word: StrategyWord) -> &'a [Name] {
        match self.0.get(&word).map(|c| &c.body) {
            Some(StrategyBody::Names(names)) => names,
            _ => &[],
        }
    }

    fn texts(&self, word: StrategyWord) -> Vec<String> {
        match self.0.get(&word).map(|c| &c.body) {
            Some(StrategyBody::Texts(texts)) => texts.iter().map(|t| t.value.clone()).collect(),
            _ => Vec::new(),
        }
    }
}
