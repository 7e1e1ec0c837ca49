//! ML308: a `draagt_bij_aan` that names a KPI which is not there.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink, suggest};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let known: std::collections::BTreeSet<&str> = set.all().map(|kpi| kpi.name.as_str()).collect();
    for kpi in set.all() {
        for name in kpi.details.contributes_to.iter().filter(|n| set.own(n.span) && !known.contains(n.value.as_str())) {
            let diagnostic = Diagnostic::warning(
                "ML308",
                format!("kpi `{}` draagt bij aan `{}`, en die KPI is er niet", kpi.name, name.value),
            )
            .at(name.span);
            sink.push(match suggest::nearest(&name.value, known.iter().copied()) {
                Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(name.span, near),
                None => diagnostic.help("neem die KPI over met `gebruik`, of noem een andere"),
            });
        }
    }
}
