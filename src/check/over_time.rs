//! ML246, ML247 and ML249: a stretch of time that does not suit the KPI's period. A window must hold the period, a base
//! must be such a period, and the whole range has none before it.

use crate::calendar::{PeriodKind, Shift};
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Formula, FormulaKind, Kpi, Model, text};
use crate::source::{Span, Spanned};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        let Some(period) = kpi.method.period else { continue };
        for found in places(model, kpi, period) {
            if let Some(diagnostic) = problem(&found) {
                sink.push(diagnostic);
            }
        }
    }
}

/// What has no value when a KPI is asked per another period than its own, in words.
#[must_use]
pub fn unsuited(model: &Model, kpi: &Kpi, period: PeriodKind) -> Option<String> {
    let found = places(model, kpi, period).into_iter().find(|found| !found.shift.value.suits(found.kind))?;
    let asked = match found.kind {
        PeriodKind::Whole => "over de hele reeks".to_owned(),
        kind => format!("per {}", kind.word()),
    };
    Some(match found.shift.value {
        Shift::Previous => format!("`vorige` heeft {asked} geen betekenis"),
        Shift::To(name) => format!("`basis {name}` is {}, en {asked} is er dan geen index", phrase(name.kind)),
        Shift::SoFar(unit) => format!("`cumulatief` vanaf het begin van {} kan niet {asked}", phrase(unit)),
        Shift::YearEarlier | Shift::Running(..) | Shift::Past(..) => format!("dit kan niet {asked}"),
    })
}

/// A place where a formula looks at another stretch of time.
struct Place {
    shift: Spanned<Shift>,
    /// The kind of period that it is seen from.
    kind: PeriodKind,
    /// The KPI in whose formula it stands, where that is another one.
    through: Option<String>,
}

/// All such places, those in other KPIs (at the place that names these) included.
fn places(model: &Model, kpi: &Kpi, period: PeriodKind) -> Vec<Place> {
    let mut found = Vec::new();
    if let Some(formula) = kpi.formula() {
        visit(model, formula, inside(kpi.method.window, period), None, &mut found);
    }
    found
}

/// The kind of period that a shift leads to.
fn inside(shift: Option<Shift>, from: PeriodKind) -> PeriodKind {
    match shift {
        None | Some(Shift::Previous | Shift::YearEarlier) => from,
        Some(Shift::Past(1, unit)) => unit,
        Some(Shift::To(name)) => name.kind,
        Some(Shift::Running(..) | Shift::SoFar(_) | Shift::Past(..)) => PeriodKind::Whole,
    }
}

fn visit(model: &Model, formula: &Formula, kind: PeriodKind, at: Option<(Span, &str)>, found: &mut Vec<Place>) {
    let place = |shift: Shift, span: Span| Place {
        shift: Spanned::new(shift, at.map_or(span, |(span, _)| span)),
        kind,
        through: at.map(|(_, name)| name.to_owned()),
    };
    match &formula.kind {
        FormulaKind::Over(x, shift) => {
            found.push(place(shift.value, shift.span));
            visit(model, x, inside(Some(shift.value), kind), at, found);
        }
        FormulaKind::Index(x, base) => {
            found.push(place(Shift::To(base.value), base.span));
            visit(model, x, kind, at, found);
        }
        FormulaKind::Kpi(id) => {
            for other in model.versions(&model.kpi(*id).name) {
                let Some(inner) = other.formula() else { continue };
                let at = at.or(Some((formula.span, other.name.as_str())));
                visit(model, inner, inside(other.method.window, kind), at, found);
            }
        }
        _ => formula.children().into_iter().for_each(|x| visit(model, x, kind, at, found)),
    }
}

fn problem(place: &Place) -> Option<Diagnostic> {
    let kind = place.kind;
    let diagnostic = match place.shift.value {
        Shift::Previous if kind == PeriodKind::Whole => {
            Diagnostic::error("ML249", "voor de hele reeks is er geen vorige periode")
                .help("meet per maand, kwartaal of jaar, of vergelijk met `vorig_jaar(…)`")
        }
        Shift::To(base) if kind != base.kind => {
            let message = format!("de basis is {}, maar de kpi gaat over {}", phrase(base.kind), phrase(kind));
            let diagnostic = Diagnostic::error("ML247", message);
            if kind == PeriodKind::Whole {
                diagnostic.help("kies bij `per` de soort periode van de basis")
            } else {
                let meant = format!("basis {}", kind.label(kind.start(base.from)));
                let diagnostic = diagnostic.help(format!("bijvoorbeeld `{meant}`"));
                if place.through.is_none() { diagnostic.replace(place.shift.span, meant) } else { diagnostic }
            }
        }
        Shift::SoFar(unit) if kind == PeriodKind::Whole => {
            Diagnostic::error("ML246", format!("de hele reeks ligt niet binnen {}", phrase(unit)))
                .help("meet per maand of kwartaal; `cumulatief` telt dan op vanaf het begin")
        }
        Shift::SoFar(unit) if kind == unit => {
            Diagnostic::error("ML246", format!("vanaf het begin van {} is hier {} zelf", phrase(unit), the(unit)))
                .help("kies een langere periode, bijvoorbeeld `jaar`, of laat `cumulatief` weg")
        }
        Shift::SoFar(unit) if !kind.fits(unit) => {
            Diagnostic::error("ML246", format!("{} ligt niet altijd binnen {}", phrase(kind), phrase(unit)))
                .help("kies een periode die er een geheel aantal van bevat, bijvoorbeeld `jaar`")
        }
        Shift::Running(count, unit) if shorter(count, unit, kind) => {
            let window = text::units(count, unit);
            Diagnostic::error(
                "ML246",
                format!("{window} kan korter zijn dan {}: dan vallen er rijen weg", phrase(kind)),
            )
            .help("kies een venster dat minstens zo lang is als de periode")
        }
        _ => return None,
    };
    let diagnostic = diagnostic.at(place.shift.span);
    Some(match &place.through {
        None => diagnostic,
        Some(name) => diagnostic.label(format!("in de berekening van `{name}`")),
    })
}

/// Whether a window can be shorter than a period.
fn shorter(count: u32, unit: PeriodKind, kind: PeriodKind) -> bool {
    if let Some((window, period)) = unit.months().zip(kind.months()) {
        return count.saturating_mul(window) < period;
    }
    let least = match unit {
        PeriodKind::Day => 1,
        PeriodKind::Week => 7,
        unit => 28 * unit.months().unwrap_or(0),
    };
    let most = match kind {
        PeriodKind::Day | PeriodKind::Whole => 1,
        PeriodKind::Week => 7,
        PeriodKind::Month => 31,
        PeriodKind::Quarter => 92,
        PeriodKind::Tertial => 123,
        PeriodKind::HalfYear => 184,
        PeriodKind::Year => 366,
    };
    count.saturating_mul(least) < most
}

fn phrase(kind: PeriodKind) -> String {
    match kind {
        PeriodKind::Whole => "de hele reeks".to_owned(),
        kind => format!("een {}", kind.word()),
    }
}

fn the(kind: PeriodKind) -> String {
    match kind {
        PeriodKind::Day | PeriodKind::Week | PeriodKind::Month => format!("de {}", kind.word()),
        kind => format!("het {}", kind.word()),
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::{assert_gives, assert_text_gives, kpi};

    fn gives(period: &str, calculation: &str, expected: &[(&str, &str)]) {
        let method = format!("automatisch, per {period}");
        assert_gives(&[("meetmethode", &method), ("berekening", calculation)], expected);
    }

    #[test]
    fn a_window_holds_the_period() {
        gives("maand", "lopend(aantal(), 1 maanden)", &[]);
        gives("kwartaal", "lopend(aantal(), 2 maanden)", &[("ML246", "2 maanden")]);
        gives("maand", "lopend(aantal(), 4 weken)", &[("ML246", "4 weken")]);
        gives("week", "lopend(aantal(), 4 weken)", &[]);
        gives("jaar", "lopend(aantal(), 52 weken)", &[("ML246", "52 weken")]);
        gives("hele reeks", "lopend(aantal(), 7 dagen)", &[]);
    }

    #[test]
    fn a_period_lies_in_the_unit_so_far() {
        gives("maand", "cumulatief(aantal(), jaar)", &[]);
        gives("week", "cumulatief(aantal(), kwartaal)", &[]);
        gives("maand", "cumulatief(aantal(), maand)", &[("ML246", "maand")]);
        gives("tertaal", "cumulatief(aantal(), halfjaar)", &[("ML246", "halfjaar")]);
        gives("hele reeks", "cumulatief(aantal(), jaar)", &[("ML246", "jaar")]);
    }

    #[test]
    fn a_base_is_such_a_period() {
        gives("kwartaal", "index(aantal(), basis 2005-K1)", &[]);
        gives("maand", "index(aantal(), basis 2005-K1)", &[("ML247", "basis 2005-K1")]);
        gives("hele reeks", "index(aantal(), basis 2005)", &[("ML247", "basis 2005")]);
    }

    #[test]
    fn the_whole_range_has_none_before_it() {
        gives("hele reeks", "aantal() - vorige(aantal())", &[("ML249", "vorige")]);
        gives("hele reeks", "vorig_jaar(aantal())", &[]);
        let method = "automatisch, per hele reeks, altijd over afgelopen kwartaal";
        assert_gives(&[("meetmethode", method), ("berekening", "vorige(aantal())")], &[]);
    }

    #[test]
    fn what_is_always_measured_is_the_period() {
        let gives = |window: &str, calculation: &str, expected: &[(&str, &str)]| {
            let method = format!("automatisch, per maand, altijd over afgelopen {window}");
            assert_gives(&[("meetmethode", &method), ("berekening", calculation)], expected);
        };
        gives("kwartaal", "index(vorige(aantal()), basis 2005-K1)", &[]);
        gives("kwartaal", "lopend(aantal(), 2 maanden)", &[("ML246", "2 maanden")]);
        gives("12 maanden", "vorige(aantal())", &[("ML249", "vorige")]);
    }

    #[test]
    fn other_kpis_are_calculated_over_the_askers_period() {
        let asker = kpi(&[
            ("berekening", "kpi(groei)"),
            ("bronsysteem", "afgeleid"),
            ("meetmethode", "automatisch, per hele reeks"),
        ]);
        let other = kpi(&[("berekening", "aantal() / vorige(aantal())")]).replace("kpi k", "kpi groei");
        assert_text_gives(&format!("{asker}{other}"), &[("ML249", "kpi(groei)")]);
    }
}
