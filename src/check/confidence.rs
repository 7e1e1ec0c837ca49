//! ML250, ML251 and ML252: an interval around a figure that has none, or that nobody can work out.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::sampling::{NotSampled, sampled};
use crate::model::{Kpi, Model, kpi::Confidence};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        if let Some(confidence) = kpi.method.confidence {
            one(model, kpi, confidence, sink);
        }
    }
}

/// The first thing that is wrong: each of them makes the others beside the point.
fn one(model: &Model, kpi: &Kpi, confidence: Confidence, sink: &mut Sink) {
    let at = |code, message: String| Diagnostic::error(code, message).at(confidence.span);
    if let Some(way @ ("automatisch" | "handmatig")) = kpi.method.way {
        sink.push(
            at("ML250", format!("wie `{way}` meet, telt alles: zo'n uitkomst heeft geen steekproeffout"))
                .help("laat `betrouwbaarheid` weg, of meet met een `enquête` of `steekproef`"),
        );
        return;
    }
    match sampled(model, kpi) {
        Err(NotSampled::Other) => sink.push(
            at("ML251", "voor deze berekening is de betrouwbaarheid niet uit te rekenen".to_owned())
                .also(kpi.calculation_span, "de berekening")
                .help("dat kan voor `percentage(…)`, en voor het verschil van twee percentages over dezelfde rijen (CES)"),
        ),
        Err(NotSampled::OtherRows) => sink.push(
            at("ML251", "de twee percentages gaan niet altijd over dezelfde rijen".to_owned())
                .also(kpi.calculation_span, "de berekening")
                .help("geef beide dezelfde populatie: `percentage(score >= 5 waarbij score is gevuld) - percentage(score <= 2 waarbij score is gevuld)`"),
        ),
        Ok(_) if !(confidence.level > 50.0 && confidence.level < 100.0) => sink.push(
            at("ML252", format!("een betrouwbaarheid van {}% kan niet", confidence.level))
                .help("zij ligt tussen 50% en 100%; gebruikelijk zijn 90%, 95% en 99%"),
        ),
        Ok(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn only_of_a_sample_and_only_of_shares() {
        let gives = |calculation: &str, method: &str, expected: &[(&str, &str)]| {
            assert_gives(&[("berekening", calculation), ("meetmethode", method)], expected);
        };
        let share = "percentage(wachttijd <= 20 s, leeg telt als nee)";
        gives(share, "steekproef, per maand, betrouwbaarheid 95%", &[]);
        gives(share, "automatisch, per maand, betrouwbaarheid 95%", &[("ML250", "betrouwbaarheid 95%")]);
        gives(share, "enquête, per maand, betrouwbaarheid 0.95%", &[("ML252", "betrouwbaarheid 0.95%")]);
        gives("aantal()", "enquête, per maand, betrouwbaarheid 95%", &[("ML251", "betrouwbaarheid 95%")]);
    }

    #[test]
    fn a_difference_is_over_the_same_rows() {
        let gives = |a: &str, b: &str, expected: &[(&str, &str)]| {
            let calculation = format!("percentage({a}) - percentage({b})");
            let method = "enquête, per maand, betrouwbaarheid 90%";
            assert_gives(&[("berekening", &calculation), ("meetmethode", method)], expected);
        };
        let wrong = &[("ML251", "betrouwbaarheid 90%")];
        let filled = "waarbij wachttijd is gevuld";
        gives(&format!("wachttijd > 60 s {filled}"), &format!("wachttijd < 10 s {filled}"), &[]);
        gives("wachttijd > 60 s, leeg telt als nee", "wachttijd < 10 s, leeg telt als nee", &[]);
        gives("wachttijd > 60 s, leeg telt niet mee", "wachttijd < 10 s, leeg telt niet mee", wrong);
        gives(&format!("wachttijd > 60 s {filled}"), "wachttijd < 10 s, leeg telt als nee", wrong);
    }
}
