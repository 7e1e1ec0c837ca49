//! ML302: a customer chain without an owner. Without somebody in the management team who answers for the whole chain,
//! each department mends its own link.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::strategy::Chain;

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for chain in set.model.chains.iter().filter(|c| lacks_owner(set, c)) {
        sink.push(
            Diagnostic::warning("ML302", format!("klantketen `{}` heeft geen eigenaar", chain.name))
                .at(chain.span)
                .help("zeg wie er voor de hele keten staat: `eigenaar \"Directeur …\"`"),
        );
    }
    for (name, span, _) in set.chains().into_iter().filter(|(name, ..)| set.chain(name).is_none()) {
        sink.push(
            Diagnostic::hint("ML302", format!("klantketen `{name}` is nergens beschreven en heeft dus geen eigenaar"))
                .at(span)
                .help(format!(
                    "zeg wie er voor de hele keten staat: `klantketen {name} \"…\" {{ eigenaar \"Directeur …\" }}`"
                )),
        );
    }
}

/// Whether the author describes a chain and names no owner.
pub(super) fn lacks_owner(set: &Set<'_>, chain: &Chain) -> bool {
    chain.owner.is_none() && set.own(chain.span)
}
