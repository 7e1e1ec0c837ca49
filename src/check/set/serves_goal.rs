//! ML309: a customer chain that serves no goal, in a project that has goals.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    if set.model.goals.is_empty() {
        return;
    }
    let goals = super::listed(set.model.goals.iter().map(|g| g.name.as_str()));
    let there = if set.model.goals.len() == 1 { "er is" } else { "er zijn" };
    for chain in set.model.chains.iter().filter(|c| c.goals.is_empty() && set.own(c.span)) {
        sink.push(
            Diagnostic::warning("ML309", format!("klantketen `{}` dient geen doel", chain.name))
                .at(chain.span)
                .help(format!("zeg waar de keten voor is: `doelen …`; {there} {goals}")),
        );
    }
}
