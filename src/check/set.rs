//! The rules about a whole set of definitions, one file per rule: is there an owner, do the goals stay few, does every
//! process KPI serve a result? They come from the pitfalls of the source documents, never stop a calculation, and their
//! levels are the project's to set (`regels` in meetlat.yaml). What the project took in from elsewhere is looked at as
//! part of the set, and no message is about it.

mod aspects;
mod canonical;
mod chain_owner;
mod chain_size;
mod contribution;
mod direction;
mod excluding;
mod gap;
mod goal_count;
mod home;
mod naming;
mod perspectives;
mod rhythm;
mod serves_goal;
mod servings;
mod twin;
mod visual;

use std::collections::{BTreeMap, BTreeSet};

use super::Checked;
use crate::diagnostic::Sink;
use crate::model::strategy::Chain;
use crate::model::{FormulaKind, Kpi, Model};
use crate::source::{SourceId, Span};

/// The definitions that a rule looks at.
pub(super) struct Set<'a> {
    pub model: &'a Model,
    /// Files that are not the author's: the shipped library.
    shipped: &'a BTreeSet<SourceId>,
}

/// A rule: looks at the whole set and leaves what it finds.
type Rule = fn(&Set<'_>, &mut Sink);

/// All rules; their order does not matter.
const RULES: [Rule; 16] = [
    home::check,
    chain_owner::check,
    rhythm::check,
    goal_count::check,
    chain_size::check,
    contribution::check,
    servings::check,
    serves_goal::check,
    aspects::check,
    perspectives::check,
    visual::check,
    twin::check,
    direction::check,
    naming::check,
    gap::check,
    excluding::check,
];

/// Holds a whole set of definitions against the rules for sets. `shipped` are the files that the author cannot change.
pub fn check(checked: &Checked, shipped: &BTreeSet<SourceId>, sink: &mut Sink) {
    let set = Set { model: checked.model(), shipped };
    for rule in RULES {
        rule(&set, sink);
    }
}

impl<'a> Set<'a> {
    /// Whether a place is the author's to change.
    fn own(&self, span: Span) -> bool {
        !self.shipped.contains(&span.source)
    }

    /// Every KPI once: of several versions the last.
    fn all(&self) -> impl Iterator<Item = &'a Kpi> {
        let kpis = &self.model.kpis;
        let last = |(at, kpi): &(usize, &Kpi)| kpis.get(at + 1).is_none_or(|next| next.name != kpi.name);
        kpis.iter().enumerate().filter(last).map(|(_, kpi)| kpi)
    }

    /// The author's own KPIs, each once.
    fn kpis(&self) -> impl Iterator<Item = &'a Kpi> {
        self.all().filter(|kpi| self.own(kpi.name_span))
    }

    /// Where to speak of a clause of a KPI: at the clause, or at the KPI where it has none. Nothing where that is not the
    /// author's to change; an `aanpassing` of a shipped KPI is.
    fn place(&self, kpi: &Kpi, clause: &str) -> Option<Span> {
        let place = kpi.details.places.get(clause).copied().unwrap_or(kpi.name_span);
        Some(place).filter(|span| self.own(*span))
    }

    /// The declaration of a chain, where there is one.
    fn chain(&self, name: &str) -> Option<&'a Chain> {
        self.model.chains.iter().find(|c| c.name == name)
    }

    /// The KPIs of each chain that the author has a hand in, declared or only named, with the place to speak of it.
    fn chains(&self) -> Vec<(&'a str, Span, Vec<&'a Kpi>)> {
        let mut members: BTreeMap<&str, Vec<&Kpi>> = BTreeMap::new();
        for kpi in self.all() {
            for chain in &kpi.details.chain {
                members.entry(chain).or_default().push(kpi);
            }
        }
        let place = |name: &str, kpis: &[&Kpi]| {
            let declared = self.chain(name).map(|c| c.span).filter(|span| self.own(*span));
            declared.or_else(|| kpis.iter().filter_map(|kpi| self.place(kpi, "klantketen")).min())
        };
        members.into_iter().filter_map(|(name, kpis)| Some((name, place(name, &kpis)?, kpis))).collect()
    }
}

/// Whether a KPI calculates from rows, not only with other KPIs.
fn calculates(kpi: &Kpi) -> bool {
    let mut own = false;
    if let Some(formula) = kpi.formula() {
        formula.walk(&mut |part| own |= matches!(part.kind, FormulaKind::Aggregate(_)));
    }
    own
}

/// So many names are told; of more, how many.
const TOLD: usize = 6;

/// `a`, `b` en `c`
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined(names, "en")
}

/// `a`, `b` of `c`
fn either<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined(names, "of")
}

fn joined<'a>(names: impl IntoIterator<Item = &'a str>, word: &str) -> String {
    let mut told: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if told.len() > TOLD {
        let more = told.len() - TOLD + 1;
        told.truncate(TOLD - 1);
        told.push(format!("nog {more}"));
    }
    match told.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} {word} {last}", before.join(", ")),
        _ => told.join(""),
    }
}

/// `1 KPI`, `3 KPI's`
fn counted(kpis: usize) -> String {
    if kpis == 1 { "1 KPI".to_owned() } else { format!("{kpis} KPI's") }
}

#[cfg(test)]
mod tests {
    use super::{either, listed};

    #[test]
    fn names_in_a_sentence() {
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` en `c`");
        assert_eq!(either(["a", "b"]), "`a` of `b`");
        assert_eq!(listed(["a", "b", "c", "d", "e", "f"]), "`a`, `b`, `c`, `d`, `e` en `f`");
        assert_eq!(listed(["a", "b", "c", "d", "e", "f", "g"]), "`a`, `b`, `c`, `d`, `e` en nog 2");
    }
}
