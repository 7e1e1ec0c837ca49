//! ML276: a shield over a condition on groups that are not persons. Of `gemiddelde(aantal() per zaak waarbij aantal() > 3)`
//! nobody can tell how many persons are behind the chosen groups, so that few of them could be shown.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Aggregate, ColumnRef, Kpi, Model, RowKind};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    let mut told = Vec::new();
    for kpi in &model.kpis {
        let mut all = model.versions_behind(kpi);
        all.push(kpi);
        let Some(shield) = kpi.method.shield.or_else(|| all.iter().find_map(|k| k.method.shield)) else { continue };
        for part in all {
            for aggregate in part.aggregates().into_iter().filter(|a| chooses_other_groups(model, part, a)) {
                if told.contains(&aggregate.span) {
                    continue;
                }
                told.push(aggregate.span);
                sink.push(
                    Diagnostic::error(
                        "ML276",
                        "`afschermen` weet niet hoeveel personen er in de gekozen groepen zitten",
                    )
                    .at(aggregate.span)
                    .also(shield.span, "hier wordt afgeschermd")
                    .help("groepeer op de kolom die de personen onderscheidt, of laat de `waarbij` over groepen weg")
                    .help("of maak er een afgeleide tabel van, met één rij per persoon"),
                );
            }
        }
    }
}

/// Whether a condition chooses among groups of which each may be several persons, or part of one.
fn chooses_other_groups(model: &Model, kpi: &Kpi, aggregate: &Aggregate) -> bool {
    let (Some(groups), Some(_), Some(used)) = (&aggregate.per, &aggregate.filter, kpi.sources.get(aggregate.source))
    else {
        return false;
    };
    let Some(person) = model.person(used.table) else { return false };
    let is_person = |kind: &RowKind| *kind == RowKind::Column(ColumnRef::own(person));
    !matches!(groups.keys.as_slice(), [only] if is_person(&only.kind))
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::assert_gives;

    #[test]
    fn only_groups_that_are_persons_are_counted() {
        let gives = |calculation: &str, shield: &str, expected: &[(&str, &str)]| {
            let method = format!("automatisch, per maand{shield}");
            assert_gives(&[("berekening", calculation), ("meetmethode", &method)], expected);
        };
        let shield = ", afschermen bij minder dan 5";
        gives("gemiddelde(aantal() per beller waarbij aantal() > 3)", shield, &[]);
        gives("gemiddelde(aantal() per team)", shield, &[]);
        let teams = "gemiddelde(aantal() per team waarbij aantal() > 3)";
        gives(teams, shield, &[("ML276", teams)]);
        gives(teams, "", &[]);
        let both = "gemiddelde(aantal() per (beller, team) waarbij aantal() > 3)";
        gives(both, shield, &[("ML276", both)]);
    }
}
