//! ML231: a dimension that one of a KPI's sources lacks: that source's figures are the same for every member.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Model;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        for dimension in &kpi.dimensions {
            let names = |has: bool| {
                let uses = kpi.sources.iter().zip(&dimension.exprs).filter(move |(_, e)| e.is_some() == has);
                uses.map(|(source, _)| format!("`{}`", source.alias)).collect::<Vec<_>>()
            };
            let lacking = names(false);
            if lacking.is_empty() {
                continue;
            }
            let verb = if lacking.len() == 1 { "heeft" } else { "hebben" };
            sink.push(
                Diagnostic::hint(
                    "ML231",
                    format!(
                        "{} {verb} geen `{}`: dat deel van de berekening is voor elke waarde ervan hetzelfde",
                        lacking.join(" en "),
                        dimension.name
                    ),
                )
                .at(dimension.span)
                .help(format!("alleen {} wordt hiernaar uitgesplitst", names(true).join(" en "))),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn a_constant_part_is_told() {
        let answers = |dimension| {
            [
                ("berekening", "aantal(gesprek) per 1000 laatste(bevolking.inwoners op peildatum)"),
                ("bronsysteem", "acd.gesprek, cbs.bevolking"),
                ("dimensies", dimension),
            ]
        };
        assert_gives(&answers("richting"), &[("ML231", "richting")]);
        assert_gives(&answers("team"), &[]);
        assert_gives(&answers("gesprek.team"), &[("ML231", "gesprek.team")]);
    }
}
