//! ML308: a `draagt_bij_aan` that names a KPI which is not there.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink, suggest};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let known: Vec<&str> = set.all().map(|kpi| kpi.name.as_str()).collect();
    for kpi in set.kpis() {
        for name in kpi.details.contributes_to.iter().filter(|name| !known.contains(&name.as_str())) {
            let near = suggest::nearest(name, known.iter().copied());
            sink.push(
                Diagnostic::warning(
                    "ML308",
                    format!("kpi `{}` draagt bij aan `{name}`, en die KPI is er niet", kpi.name),
                )
                .at(kpi.name_span)
                .help(near.map_or_else(
                    || "neem die KPI over met `gebruik`, of noem een andere".to_owned(),
                    |near| format!("bedoelde u `{near}`?"),
                )),
            );
        }
    }
}
