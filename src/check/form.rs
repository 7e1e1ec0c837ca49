//! ML277: a form of `visualisatie` that cannot be drawn of this calculation. The report then shows its course as a line.

use crate::calendar::PeriodKind;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::form::{Form, hour_and_weekday, spread};
use crate::model::{Kpi, Model};
use crate::source::Spanned;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in model.kpis.iter().filter(|kpi| kpi.formula().is_some()) {
        for &Spanned { value: form, span } in &kpi.details.visualisation {
            let Some((why, help)) = unfit(kpi, form) else { continue };
            let message = format!("`{}` past niet bij kpi `{}`: {why}", form.word(), kpi.name);
            sink.push(Diagnostic::warning("ML277", message).at(span).help(help));
        }
    }
}

/// Why a form does not fit, and what would.
fn unfit(kpi: &Kpi, form: Form) -> Option<(&'static str, &'static str)> {
    match form {
        Form::Line if kpi.method.period == Some(PeriodKind::Whole) => Some((
            "over de hele reeks is er één waarde, en een lijn vraagt er meer",
            "kies `kengetal`, of `staaf` om leden te vergelijken",
        )),
        Form::Distribution if spread(kpi).is_none() => Some((
            "de berekening is geen gemiddelde, mediaan of percentiel van een duur of van dagen",
            "een verdeling laat zien hoe zulke waarden rond het gemiddelde liggen; kies anders `lijn` of `staaf`",
        )),
        Form::Heatmap if hour_and_weekday(kpi).is_none() => Some((
            "een heatmap zet uren tegen weekdagen, en die dimensies heeft zij niet allebei",
            "zet in `dimensies` bijvoorbeeld `uur(binnenkomst) als uur, weekdag(binnenkomst) als weekdag`",
        )),
        Form::None if kpi.details.visualisation.len() > 1 => {
            Some(("er staat nog een vorm naast", "laat `geen` weg, of laat alleen `geen` staan"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    fn shown(form: &'static str) -> (&'static str, &'static str) {
        ("visualisatie", form)
    }

    #[test]
    fn a_distribution_is_of_durations() {
        assert_gives(&[("berekening", "gemiddelde(wachttijd)"), shown("verdeling")], &[]);
        assert_gives(&[("berekening", "aantal()"), shown("verdeling")], &[("ML277", "verdeling")]);
    }

    #[test]
    fn a_heatmap_is_of_hours_and_weekdays() {
        let both = ("dimensies", "uur(binnenkomst) als uur, weekdag(binnenkomst) als dag");
        assert_gives(&[("berekening", "aantal()"), both, shown("heatmap")], &[]);
        assert_gives(&[("berekening", "aantal()"), shown("heatmap")], &[("ML277", "heatmap")]);
    }

    #[test]
    fn a_line_has_more_than_one_point_and_nothing_stands_beside_geen() {
        let whole = ("meetmethode", "automatisch, per hele reeks");
        assert_gives(&[("berekening", "aantal()"), whole, shown("lijn")], &[("ML277", "lijn")]);
        assert_gives(&[("berekening", "aantal()"), shown("lijn, geen")], &[("ML277", "geen")]);
        assert_gives(&[("berekening", "aantal()"), shown("geen")], &[]);
    }
}
