//! ML313: two KPIs that calculate the same under other names. Sooner or later one of them is changed and the other is not.

use std::collections::BTreeMap;

use super::{Set, canonical};
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Kpi;

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let mut kpis: Vec<&Kpi> = set.all().filter(|kpi| super::calculates(kpi)).collect();
    // The library's first and then in the order of writing, so that the message is about the later one of one's own.
    kpis.sort_by_key(|kpi| (set.own(kpi.name_span), kpi.name_span));
    let mut first: BTreeMap<String, &Kpi> = BTreeMap::new();
    for kpi in kpis {
        let calculation = canonical::calculation(set.model, kpi);
        let Some(known) = first.get(&calculation) else {
            first.insert(calculation, kpi);
            continue;
        };
        if set.own(kpi.name_span) {
            sink.push(
                Diagnostic::warning("ML313", format!("kpi `{}` berekent hetzelfde als `{}`", kpi.name, known.name))
                    .at(kpi.name_span)
                    .also(known.name_span, "dezelfde berekening")
                    .help(format!("laat er één staan, of reken ermee: `berekening kpi({})`", known.name)),
            );
        }
    }
}
