//! ML244: a share of the total in a KPI without dimensions is 100 % by definition.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{FormulaKind, Model};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        let Some(formula) = kpi.formula().filter(|_| kpi.dimensions.is_empty()) else { continue };
        formula.walk(&mut |part| {
            if matches!(part.kind, FormulaKind::Portion(_)) {
                sink.push(
                    Diagnostic::warning("ML244", "dit aandeel is altijd 100%: de kpi wordt nergens naar uitgesplitst")
                        .at(part.span)
                        .help("noem in `dimensies` waarvan het een deel is, bijvoorbeeld `dimensies kanaal`"),
                );
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn a_share_needs_something_to_be_a_part_of() {
        let nothing = ("dimensies", "geen \"x\"");
        assert_gives(&[("berekening", "aandeel(aantal())")], &[]);
        assert_gives(&[("berekening", "aandeel(aantal())"), nothing], &[("ML244", "aandeel(aantal())")]);
    }
}
