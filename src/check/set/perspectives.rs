//! ML311: a customer chain that is seen by the customer alone, or by the organisation alone.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};

const PERSPECTIVES: [&str; 2] = ["klant", "intern"];

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for (name, span, kpis) in set.chains() {
        let has = |side: &&str| kpis.iter().any(|k| k.details.perspective.as_deref() == Some(side));
        let lacking: Vec<&str> = PERSPECTIVES.into_iter().filter(|side| !has(side)).collect();
        if lacking.is_empty() {
            continue;
        }
        let message = format!("klantketen `{name}` heeft geen KPI met perspectief {}", super::either(lacking));
        sink.push(
            Diagnostic::hint("ML311", message).at(span).help(
                "meet wat de klant merkt én wat de organisatie merkt: `perspectief klant` en `perspectief intern`",
            ),
        );
    }
}
