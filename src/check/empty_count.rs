//! ML223: a count with a condition that can be empty, divided by another count.
//!
//! `aantal(waarbij w <= 20 s) / aantal()` counts an empty `w` as `nee` without saying so; `percentage` asks.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::expr::Arithmetic;
use crate::model::nullability::{nullable, population, when_true};
use crate::model::{AggFunc, Aggregate, Formula, FormulaKind, Kpi, Model, text};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        let Some(formula) = kpi.formula() else { continue };
        formula.walk(&mut |part| {
            let (FormulaKind::Binary(Arithmetic::Divide, above, below)
            | FormulaKind::Per(above, _, below)
            | FormulaKind::Share(above, below)) = &part.kind
            else {
                return;
            };
            let (Some(count), Some(whole)) = (counted(above), counted(below)) else { return };
            if count.source == whole.source {
                one(model, kpi, count, whole, sink);
            }
        });
    }
}

fn counted(formula: &Formula) -> Option<&Aggregate> {
    match &formula.kind {
        FormulaKind::Aggregate(aggregate) if aggregate.func == AggFunc::Count && aggregate.per.is_none() => {
            Some(aggregate)
        }
        _ => None,
    }
}

fn one(model: &Model, kpi: &Kpi, count: &Aggregate, whole: &Aggregate, sink: &mut Sink) {
    let (Some(source), Some(filter)) = (kpi.sources.get(count.source), &count.filter) else { return };
    let mut facts = population(model, kpi, count);
    if let Some(filter) = &whole.filter {
        facts.add(when_true(model, source.table, filter));
    }
    if !nullable(model, source.table, filter, &facts) {
        return;
    }
    let condition = text::expr(model, source.table, filter);
    let among =
        whole.filter.as_ref().map_or(String::new(), |f| format!(" waarbij {}", text::expr(model, source.table, f)));
    sink.push(
        Diagnostic::warning(
            "ML223",
            format!("`{condition}` kan leeg zijn, en zo'n rij telt hier stilzwijgend als nee"),
        )
        .at(filter.span)
        .label("kan leeg zijn")
        .help(format!("zeg het uitdrukkelijk: `percentage({condition}{among}, leeg telt als nee)`"))
        .help("of geef beide tellingen dezelfde populatie met `waarbij … is gevuld`"),
    );
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn a_silent_no_is_told() {
        let gives = |text: &str, expected: &[(&str, &str)]| assert_gives(&[("berekening", text)], expected);
        gives("aantal(waarbij wachttijd <= 20 s) / aantal()", &[("ML223", "wachttijd <= 20 s")]);
        gives("percentage(aantal(waarbij wachttijd <= 20 s) van aantal())", &[("ML223", "wachttijd <= 20 s")]);
        gives("aantal(waarbij wachttijd <= 20 s) / aantal(waarbij opgenomen is gevuld)", &[]);
        gives("aantal(waarbij vip) / aantal()", &[]);
        gives("aantal(waarbij wachttijd <= 20 s)", &[]);
    }
}
