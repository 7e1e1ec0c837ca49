//! ML310: a customer chain that is not looked at from all sides: productivity, quality and timeliness (safety where it
//! matters). Who measures only one, gets it at the cost of the others.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};

const ASPECTS: [&str; 3] = ["productiviteit", "kwaliteit", "tijdigheid"];

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for (name, span, kpis) in set.chains() {
        let has = |aspect: &&str| kpis.iter().any(|k| k.details.aspect.as_deref() == Some(aspect));
        let lacking: Vec<&str> = ASPECTS.into_iter().filter(|aspect| !has(aspect)).collect();
        if lacking.is_empty() {
            continue;
        }
        let silent = kpis.iter().filter(|k| k.details.aspect.is_none()).count();
        let message = format!("klantketen `{name}` heeft geen KPI over {}", super::either(lacking));
        let diagnostic = Diagnostic::hint("ML310", message)
            .at(span)
            .help("sturen op één kant gaat ten koste van de andere: vul de keten aan");
        sink.push(if silent == 0 {
            diagnostic
        } else {
            let says = if silent == 1 { "zegt" } else { "zeggen" };
            diagnostic.help(format!("{} van deze keten {says} nog geen `aspect`", super::counted(silent)))
        });
    }
}
