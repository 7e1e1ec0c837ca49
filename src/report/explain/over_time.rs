//! Other stretches of time than the period, in plain Dutch.

use crate::calendar::{PeriodKind, Shift};
use crate::model::text;

/// What a function over time looks at.
pub(super) fn shift(shift: Shift) -> String {
    match shift {
        Shift::Previous => "vorige: dezelfde berekening over de periode ervoor.".to_owned(),
        Shift::YearEarlier => "vorig_jaar: dezelfde berekening over dezelfde periode een jaar eerder.".to_owned(),
        Shift::Running(count, unit) => {
            let window = text::units(count, unit);
            format!("lopend: opnieuw berekend over alle rijen van de {window} die met de periode eindigen.")
        }
        Shift::SoFar(unit) => {
            format!("cumulatief: over alle rijen vanaf het begin van {} tot en met de periode.", the(unit, ""))
        }
        Shift::Past(..) => window(shift),
        Shift::To(name) => format!("dezelfde berekening over {name}."),
    }
}

/// What is always measured.
pub(super) fn window(shift: Shift) -> String {
    let said = text::window(shift);
    match shift {
        Shift::Past(1, unit) => {
            let which = if is_neuter(unit) { "dat" } else { "die" };
            format!("{said}: {} {which} om is aan het eind van de periode", the(unit, "laatste hele "))
        }
        Shift::Past(count, unit) => {
            format!("{said}: de {} die het laatst om zijn aan het eind van de periode", text::units(count, unit))
        }
        _ => said,
    }
}

/// `het kwartaal`, `de laatste hele maand`
fn the(unit: PeriodKind, adjectives: &str) -> String {
    format!("{} {adjectives}{}", if is_neuter(unit) { "het" } else { "de" }, unit.word())
}

fn is_neuter(unit: PeriodKind) -> bool {
    !matches!(unit, PeriodKind::Day | PeriodKind::Week | PeriodKind::Month | PeriodKind::Whole)
}
