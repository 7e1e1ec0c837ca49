//! ML313: two KPIs that calculate the same under other names. Sooner or later one of them is changed and the other is not.

use std::collections::BTreeMap;

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Kpi, Model, text};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let mut first: BTreeMap<String, &Kpi> = BTreeMap::new();
    // The library's first, so that the message is about one's own.
    let (own, others): (Vec<&Kpi>, Vec<&Kpi>) = set.all().partition(|kpi| set.own(kpi.name_span));
    for kpi in others.into_iter().chain(own) {
        if !super::calculates(kpi) {
            continue;
        }
        let calculation = calculation(set.model, kpi);
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

/// What a KPI calculates, over which rows and on which axis, parameters filled in. Not its period, dimensions or norm.
fn calculation(model: &Model, kpi: &Kpi) -> String {
    let mut parts: Vec<String> = kpi.formula().map(|f| text::formula(model, kpi, f)).into_iter().collect();
    for used in &kpi.sources {
        let table = used.table;
        parts.push(model.table(table).full_name());
        parts.push(text::column(model, table, &used.axis));
        parts.extend(used.filter.iter().chain(&used.weight).map(|e| text::expr(model, table, e)));
        parts.push(used.alias.clone());
    }
    parts.push(format!("{:?} {:?}", kpi.method.window, kpi.method.calendar));
    parts.join("\n")
}
