//! ML303: a KPI that is measured more slowly than its level steers: a team that sees a figure once a quarter cannot learn
//! from it (tied to planning and control instead of the heartbeat of the process).

use super::Set;
use crate::calendar::PeriodKind;
use crate::diagnostic::{Diagnostic, Sink};

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for kpi in set.all() {
        let (Some(level), Some(period)) = (kpi.details.level.as_deref(), kpi.method.period) else { continue };
        let Some((slowest, who)) = slowest(level) else { continue };
        // The whole range is no rhythm, but a question at one moment.
        if period <= slowest || period == PeriodKind::Whole {
            continue;
        }
        let Some(place) = set.place(kpi, "niveau").or_else(|| set.place(kpi, "meetmethode")) else { continue };
        let diagnostic = Diagnostic::warning(
            "ML303",
            format!("kpi `{}` stuurt {level} en wordt maar eens per {} gemeten", kpi.name, period.word()),
        )
        .at(place)
        .help(format!("{who}: meet haar per {}, of vaker", slowest.word()));
        sink.push(if slowest == PeriodKind::Quarter {
            diagnostic
        } else {
            diagnostic.help("wordt zij op een hoger niveau besproken, pas dan `niveau` aan")
        });
    }
}

/// The slowest period at which a level still steers.
fn slowest(level: &str) -> Option<(PeriodKind, &'static str)> {
    Some(match level {
        "strategisch" => (PeriodKind::Quarter, "de directie kijkt bijvoorbeeld elk kwartaal"),
        "tactisch" => (PeriodKind::Month, "een keten stuurt elke maand"),
        "operationeel" => (PeriodKind::Week, "een team stuurt elke dag of elke week"),
        _ => return None,
    })
}
