//! ML230: a personal-data column is no dimension: every row of the report would be about one person.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Model, RowExpr, RowKind, TableId, text};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for dimension in &model.dimensions {
        for binding in &dimension.bindings {
            let Some(part) = personal(model, binding.table, &binding.expr) else { continue };
            let written = text::expr(model, binding.table, part);
            sink.push(
                Diagnostic::error("ML230", format!("`{written}` is een persoonsgegeven en dus geen dimensie"))
                    .at(part.span)
                    .help("spellingen van een dimensie staan in rapporten en meldingen: neem een andere kolom"),
            );
        }
    }
    for kpi in &model.kpis {
        for dimension in &kpi.dimensions {
            let found = kpi
                .sources
                .iter()
                .zip(&dimension.exprs)
                .find_map(|(source, expr)| Some((source.table, personal(model, source.table, expr.as_ref()?)?)));
            let Some((table, part)) = found else { continue };
            let written = text::expr(model, table, part);
            sink.push(
                Diagnostic::error("ML230", format!("`{written}` is een persoonsgegeven en dus geen dimensie"))
                    .at(part.span)
                    .help("splits uit naar iets dat meer mensen delen, zoals een team of een wijk")
                    .help(format!("hoeveel verschillende het er zijn, kan wel: `aantal_uniek({written})`")),
            );
        }
    }
}

/// The first part of an expression that shows personal data; whether it is filled or comes again does not.
fn personal<'a>(model: &Model, table: TableId, expr: &'a RowExpr) -> Option<&'a RowExpr> {
    match &expr.kind {
        // Of a shared dimension it is told there.
        RowKind::Filled(..) | RowKind::Member(..) | RowKind::Repeats(_) => None,
        RowKind::Column(column) => model.column(table, column).personal.then_some(expr),
        _ => expr.children().into_iter().find_map(|child| personal(model, table, child)),
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn no_dimension_of_persons() {
        let gives = |text: &str, expected: &[(&str, &str)]| assert_gives(&[("dimensies", text)], expected);
        gives("beller", &[("ML230", "beller")]);
        gives("team, als(bevat(beller, \"6\"), \"a\", \"b\") als soort", &[("ML230", "beller")]);
        gives("beller is gevuld als bekend", &[]);
    }
}
