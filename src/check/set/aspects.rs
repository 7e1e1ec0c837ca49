//! ML310: a customer chain that is not looked at from all sides: productivity, quality and timeliness (safety where it
//! matters). Who measures only one, gets it at the cost of the others.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};

const ASPECTS: [&str; 3] = ["productiviteit", "kwaliteit", "tijdigheid"];

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for (name, span, kpis) in set.chains() {
        let has = |aspect: &&str| kpis.iter().any(|k| k.details.aspect.as_deref() == Some(aspect));
        let lacking: Vec<&str> = ASPECTS.into_iter().filter(|aspect| !has(aspect)).collect();
        if !lacking.is_empty() {
            sink.push(
                Diagnostic::hint(
                    "ML310",
                    format!("klantketen `{name}` heeft geen KPI over {}", super::listed(lacking)),
                )
                .at(span)
                .help("sturen op één kant gaat ten koste van de andere; zeg bij elke KPI haar `aspect`"),
            );
        }
    }
}
