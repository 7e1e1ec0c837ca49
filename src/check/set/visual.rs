//! ML312: a KPI that does not say how it is shown. A figure in a table tells little.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for kpi in set.kpis().filter(|k| k.details.visualisation.is_none() && k.formula().is_some()) {
        sink.push(
            Diagnostic::hint("ML312", format!("kpi `{}` zegt niet hoe zij getoond wordt", kpi.name))
                .at(kpi.name_span)
                .help("kies een vorm: `visualisatie lijn` voor een verloop, `staaf` om te vergelijken, `kengetal`, …"),
        );
    }
}
