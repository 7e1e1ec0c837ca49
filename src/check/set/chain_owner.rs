//! ML302: a customer chain without an owner. Without somebody in the management team who answers for the whole chain,
//! each department mends its own link.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for chain in set.model.chains.iter().filter(|c| c.owner.is_none() && set.own(c.span)) {
        sink.push(
            Diagnostic::warning("ML302", format!("klantketen `{}` heeft geen eigenaar", chain.name))
                .at(chain.span)
                .help("zeg wie er voor de hele keten staat: `eigenaar \"Directeur …\"`"),
        );
    }
}
