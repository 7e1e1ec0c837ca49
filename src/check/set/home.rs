//! ML301: a KPI without a customer chain, or without anybody who answers for it. A KPI that only a department owns steers
//! the department, not what the customer gets (the functional translation).

use super::{Set, chain_owner};
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Kpi;

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for kpi in set.kpis() {
        if kpi.details.chain.is_empty() {
            let diagnostic = Diagnostic::warning("ML301", format!("kpi `{}` hoort bij geen klantketen", kpi.name));
            let chains: Vec<&str> = set.model.chains.iter().map(|c| c.name.as_str()).collect();
            sink.push(diagnostic.at(kpi.name_span).help(match chains.as_slice() {
                [] => "zeg in welke klantketen zij stuurt: `klantketen naam`".to_owned(),
                [one] => format!("zeg in welke klantketen zij stuurt: `klantketen {one}`"),
                some => format!(
                    "zeg in welke klantketen zij stuurt: `klantketen …`; er zijn {}",
                    super::listed(some.iter().copied())
                ),
            }));
        } else if !has_owner(set, kpi) {
            sink.push(
                Diagnostic::warning("ML301", format!("kpi `{}` heeft geen eigenaar", kpi.name))
                    .at(kpi.name_span)
                    .help("zeg wie er iets mee doet: `eigenaar \"…\"`, hier of bij de klantketen"),
            );
        }
    }
}

/// Its own owner, or that of a chain. A chain that is described without one is told of once (ML302), not at each of its
/// KPIs.
fn has_owner(set: &Set<'_>, kpi: &Kpi) -> bool {
    let of_chain =
        |name: &String| set.chain(name).is_some_and(|c| c.owner.is_some() || chain_owner::lacks_owner(set, c));
    kpi.details.owner.is_some() || kpi.details.chain.iter().any(of_chain)
}
