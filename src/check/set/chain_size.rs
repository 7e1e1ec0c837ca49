//! ML305: more than about twelve KPIs in one customer chain. Nobody steers by twenty figures.

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};

/// "About twelve" in the source: the thirteenth is one too many.
const ENOUGH: usize = 12;

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    for (name, span, kpis) in set.chains() {
        if kpis.len() > ENOUGH {
            sink.push(
                Diagnostic::warning(
                    "ML305",
                    format!("klantketen `{name}` heeft {} KPI's: meer dan ongeveer {ENOUGH}", kpis.len()),
                )
                .at(span)
                .help(
                    "kies de KPI's waarmee de keten echt stuurt; de andere zijn er om uit te zoeken, niet om te sturen",
                )
                .help("of verdeel ze over ketens: een keten is wat een klant van begin tot eind meemaakt"),
            );
        }
    }
}
