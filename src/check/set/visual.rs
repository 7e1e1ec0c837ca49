//! ML312: a KPI that does not say how it is shown. A figure in a table tells little, and a bare total even less. That a
//! KPI has no dimensions is told only beside that: `dimensies geen` carries its reason already.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for kpi in set.kpis().filter(|k| k.details.visualisation.is_empty() && k.formula().is_some()) {
        let bare = if kpi.dimensions.is_empty() { "heeft geen dimensies en " } else { "" };
        sink.push(
            Diagnostic::hint("ML312", format!("kpi `{}` {bare}zegt niet hoe zij getoond wordt", kpi.name))
                .at(kpi.name_span)
                .help("kies een vorm: `visualisatie lijn` voor een verloop, `staaf` om te vergelijken, `kengetal`, …"),
        );
    }
}
