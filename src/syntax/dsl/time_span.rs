//! A number of units of time in a `meetmethode`: `7 dagen`, `kwartaal`, `12 maanden`.

use super::grammar::Rule;
use super::lexical::shown;
use super::literal::normal;
use super::piece::{Node, Tree};
use crate::calendar::PeriodKind;
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::Spanned;
use crate::syntax::ast::TimeSpan;

/// One and more of each unit.
const UNITS: [(PeriodKind, &str, &str); 7] = [
    (PeriodKind::Day, "dag", "dagen"),
    (PeriodKind::Week, "week", "weken"),
    (PeriodKind::Month, "maand", "maanden"),
    (PeriodKind::Quarter, "kwartaal", "kwartalen"),
    (PeriodKind::Tertial, "tertaal", "tertalen"),
    (PeriodKind::HalfYear, "halfjaar", "halfjaren"),
    (PeriodKind::Year, "jaar", "jaren"),
];

/// Reads what stands behind `afgelopen`, or behind `definitief na` (`counted`: a number of days, weeks or months).
pub(super) fn read(tree: &mut Tree, node: Node, counted: bool) -> Option<Spanned<TimeSpan>> {
    let span = tree.span(&node);
    let (mut count, mut word) = (None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::integer => count = Some(tree.integer(&part)?),
            _ => word = Some(Spanned::new(normal(part.as_str().trim_end()), tree.span(&part))),
        }
    }
    let word = word?;
    let known = UNITS.iter().find(|(_, one, many)| word.value == *one || word.value == *many);
    let suits = |unit: PeriodKind| !counted || matches!(unit, PeriodKind::Day | PeriodKind::Week | PeriodKind::Month);
    let Some((unit, _, many)) = known.filter(|(unit, ..)| suits(*unit)) else {
        tree.sink.push(unknown(&word, counted));
        return None;
    };
    let number = match &count {
        None if counted || word.value == *many && *unit != PeriodKind::Year => {
            let example = if counted { "7 dagen".to_owned() } else { format!("12 {many}") };
            tree.sink.push(
                Diagnostic::error("ML133", format!("er staat niet hoeveel {many}"))
                    .at(word.span)
                    .help(format!("zet er een getal voor, bijvoorbeeld `{example}`")),
            );
            return None;
        }
        None => 1,
        Some(count) => {
            if let Some(number) = u32::try_from(count.value).ok().filter(|n| (1..=MOST).contains(n)) {
                number
            } else {
                let message = format!("{} {} is geen tijd om mee te rekenen", count.value, word.value);
                tree.sink
                    .push(Diagnostic::error("ML133", message).at(span).help("kies een getal van 1 tot en met 1000"));
                return None;
            }
        }
    };
    Some(Spanned::new(TimeSpan { count: number, unit: *unit }, span))
}

/// The most units that a window may have.
pub(in crate::syntax) const MOST: u32 = 1000;

fn unknown(word: &Spanned<String>, counted: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "ML133",
        if counted {
            format!("`definitief na` telt dagen, weken of maanden, geen {}", shown(&word.value))
        } else {
            format!("{} is geen periode om over te rekenen", shown(&word.value))
        },
    )
    .at(word.span);
    if counted && word.value.starts_with("werkda") {
        return diagnostic.help("schrijf gewone dagen, ruim genoeg: `definitief na 7 dagen`");
    }
    let words = || UNITS.iter().take(if counted { 3 } else { 7 }).flat_map(|(_, one, many)| [*one, *many]);
    match suggest::nearest(&word.value, words()) {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(word.span, near),
        None if counted => diagnostic.help("bijvoorbeeld `definitief na 7 dagen`"),
        None => diagnostic.help("bijvoorbeeld `altijd over afgelopen kwartaal` of `altijd over afgelopen 12 maanden`"),
    }
}
