//! ML129: a weight that can be empty. Whether such a row counts as one, or not at all, changes the figure, so the author
//! says which.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::nullability::{culprits, nullable, rows};
use crate::model::{Model, RowKind, text};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for kpi in &model.kpis {
        for source in &kpi.sources {
            let Some(weight) = &source.weight else { continue };
            let facts = rows(model, source.table, source.filter.as_ref(), Some(&source.axis));
            if !nullable(model, source.table, weight, &facts) {
                continue;
            }
            let written = text::expr(model, source.table, weight);
            let counted = format!("eerste_gevuld({written}, 1)");
            let mut diagnostic = Diagnostic::error(
                "ML129",
                format!("`{written}` kan leeg zijn; hoe zwaar telt een rij zonder gewicht?"),
            )
            .at(weight.span)
            .label("kan leeg zijn")
            .help(format!("als één: `weging {counted}`"));
            let empty = culprits(model, source.table, weight, &facts);
            if !empty.is_empty() {
                let filled = empty.iter().map(|c| format!("{} is gevuld", text::column(model, source.table, c)));
                let filled = filled.collect::<Vec<_>>().join(" en ");
                let name = model.table(source.table).full_name();
                let also = source.filter.as_ref().map_or(String::new(), |filter| {
                    let shown = text::expr(model, source.table, filter);
                    if matches!(filter.kind, RowKind::Or(_)) {
                        format!("({shown}) en ")
                    } else {
                        format!("{shown} en ")
                    }
                });
                diagnostic = diagnostic.help(format!("niet: `bronsysteem {name} waarbij {also}{filled}`"));
            }
            sink.push(diagnostic.replace(weight.span, counted));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn a_weight_that_can_be_empty() {
        let gives = |weight: &str, expected: &[(&str, &str)]| {
            let method = format!("enquête, per jaar, weging {weight}");
            assert_gives(&[("meetmethode", &method)], expected);
        };
        gives("keren", &[]);
        gives("keren / 2", &[]);
        gives("keren / keren", &[("ML129", "keren / keren")]);
        gives("nawerk / 1 s", &[("ML129", "nawerk / 1 s")]);
        gives("eerste_gevuld(nawerk / 1 s, 1)", &[]);
        let method = ("meetmethode", "enquête, per jaar, weging nawerk / 1 s");
        assert_gives(&[method, ("bronsysteem", "acd.gesprek waarbij nawerk is gevuld")], &[]);
    }
}
