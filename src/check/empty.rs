//! ML220 and ML221: what an empty answer counts as, inside `percentage`.
//!
//! A condition that can be empty has three readings, and they give three different figures (do abandoned calls count in
//! the service level?). The author says which; a rule for something that is never empty is a misunderstanding too.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::nullability::Facts;
use crate::model::nullability::{base_population, culprits, group_population, nullable, population, when_true};
use crate::model::table::Origin;
use crate::model::{AggFunc, Aggregate, ColumnKind, EmptyRule, Model, RowExpr, RowKind, TableId, Value, text};
use crate::source::Span;

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for table in &model.tables {
        let Origin::Derived { base, .. } = table.origin else { continue };
        for column in &table.columns {
            if let ColumnKind::Aggregated(aggregate) = &column.kind {
                one(model, base, aggregate, "", base_population(model, table.id), sink);
            }
        }
    }
    for kpi in &model.kpis {
        for aggregate in kpi.aggregates() {
            let Some(source) = kpi.sources.get(aggregate.source) else { continue };
            let keys = text::group_keys(model, kpi, aggregate);
            one(model, aggregate.table(source.table), aggregate, &keys, population(model, kpi, aggregate), sink);
            let Some(groups) = &aggregate.per else { continue };
            for column in &model.table(groups.table).columns {
                if let ColumnKind::Aggregated(inner) = &column.kind {
                    one(model, source.table, inner, "", group_population(model, kpi, aggregate), sink);
                }
            }
        }
    }
}

/// `keys` is how the groups of an aggregate in two levels are written.
fn one(model: &Model, table: TableId, aggregate: &Aggregate, keys: &str, mut facts: Facts, sink: &mut Sink) {
    let (AggFunc::Percentage, Some(condition)) = (aggregate.func, &aggregate.arg) else { return };
    if let Some(filter) = &aggregate.filter {
        facts.add(when_true(model, table, filter));
    }
    match (nullable(model, table, condition, &facts), aggregate.empty) {
        (true, None) => sink.push(undecided(model, table, aggregate, condition, keys, &facts)),
        // A parameter may get another value, under which it can be empty: then the rule is needed.
        (false, Some(_)) if nullable(model, table, &either_way(condition), &facts) => {}
        (false, Some(rule)) => sink.push(needless(model, table, aggregate, condition, rule)),
        (true, Some(_)) | (false, None) => {}
    }
}

/// The condition with each `ja` and `nee` that a parameter says (nobody writes one in a condition) as something of which
/// either may hold.
fn either_way(condition: &RowExpr) -> RowExpr {
    let mut changed = condition.clone();
    if matches!(changed.kind, RowKind::Constant(Value::Bool(_))) {
        let kind = RowKind::Filled(Box::new(changed), true);
        return RowExpr { kind, ty: condition.ty, span: condition.span };
    }
    for child in changed.children_mut() {
        *child = either_way(child);
    }
    changed
}

/// The place just before the closing bracket of a call.
fn before_bracket(call: Span) -> Span {
    let at = call.end.saturating_sub(1).max(call.start);
    Span { start: at, end: at, ..call }
}

fn undecided(
    model: &Model,
    table: TableId,
    aggregate: &Aggregate,
    condition: &RowExpr,
    keys: &str,
    facts: &Facts,
) -> Diagnostic {
    let written = text::expr(model, table, condition);
    let columns: Vec<String> =
        culprits(model, table, condition, facts).iter().map(|c| text::column(model, table, c)).collect();
    let because = match columns.as_slice() {
        [] => ": er wordt gedeeld, en delen door nul geeft leeg".to_owned(),
        [only] => format!(": `{only}` is niet altijd gevuld"),
        [several @ .., last] => format!(
            ": {} en `{last}` zijn niet altijd gevuld",
            several.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    let mut diagnostic =
        Diagnostic::error("ML220", format!("`{written}` kan leeg zijn{because}; wat telt een lege uitkomst?"))
            .at(condition.span)
            .label("kan leeg zijn");
    if !columns.is_empty() {
        let filled = columns.iter().map(|c| format!("{c} is gevuld")).collect::<Vec<_>>().join(" en ");
        let also = aggregate.filter.as_ref().map_or(String::new(), |filter| {
            let shown = text::expr(model, table, filter);
            if matches!(filter.kind, RowKind::Or(_)) { format!("({shown}) en ") } else { format!("{shown} en ") }
        });
        let what = if keys.is_empty() { "rijen" } else { "groepen" };
        let guarded = if matches!(condition.kind, RowKind::Or(_)) { format!("({written})") } else { written.clone() };
        diagnostic = diagnostic
            .help(format!("alleen {what} waarin het gevuld is: `percentage({written}{keys} waarbij {also}{filled})`"))
            .help(format!("leeg is `nee`, met de voorwaarde erbij: `percentage({filled} en {guarded}{keys})`"));
    }
    diagnostic
        .help("leeg is `nee`: zet er `, leeg telt als nee` achter")
        .help("leeg is `ja`: zet er `, leeg telt als ja` achter")
        .help("leeg valt buiten teller en noemer: zet er `, leeg telt niet mee` achter")
        .replace(before_bracket(aggregate.span), ", leeg telt als nee")
}

fn needless(model: &Model, table: TableId, aggregate: &Aggregate, condition: &RowExpr, rule: EmptyRule) -> Diagnostic {
    let words = match rule {
        EmptyRule::No => "leeg telt als nee",
        EmptyRule::Yes => "leeg telt als ja",
        EmptyRule::Skip => "leeg telt niet mee",
    };
    let written = text::expr(model, table, condition);
    Diagnostic::warning("ML221", format!("`{words}` doet hier niets: `{written}` is nooit leeg"))
        .at(aggregate.span)
        .help(format!("laat `, {words}` weg"))
}

#[cfg(test)]
mod tests {
    use crate::resolve::tests::{SOURCES, assert_gives, calculation, kpi, outcome};

    fn gives(calculation: &str, expected: &[(&str, &str)]) {
        assert_gives(&[("berekening", calculation)], expected);
    }

    #[test]
    fn a_condition_that_can_be_empty_must_say_what_that_means() {
        gives("percentage(wachttijd <= wachtnorm)", &[("ML220", "wachttijd <= wachtnorm")]);
        gives("percentage(wachttijd <= wachtnorm, leeg telt als nee)", &[]);
        gives("percentage(wachttijd <= wachtnorm waarbij opgenomen is gevuld)", &[]);
        gives("percentage(wachttijd <= wachtnorm waarbij wachttijd is gevuld)", &[]);
        gives("percentage(opgenomen is gevuld en wachttijd <= wachtnorm)", &[]);
        gives("percentage(wachttijd <= wachtnorm en opgenomen is gevuld)", &[]);
        gives("percentage(opgenomen is leeg of wachttijd <= wachtnorm)", &[]);
        gives("percentage(als(opgenomen is gevuld, wachttijd <= wachtnorm, nee))", &[]);
        gives("percentage(eerste_gevuld(wachttijd, 0 s) <= wachtnorm)", &[]);
        gives("percentage(cijfer <= 5 waarbij cijfer >= 1)", &[]);
        gives("percentage(cijfer <= 5 waarbij niet (cijfer < 1))", &[]);
        gives("percentage(cijfer <= 5 waarbij cijfer >= 1 of vip)", &[("ML220", "cijfer <= 5")]);
        gives("percentage(keren / 2 > 1)", &[]);
        gives("percentage(keren / keren > 1)", &[("ML220", "keren / keren > 1")]);
        gives("percentage(team.afdeling = \"x\")", &[("ML220", "team.afdeling = \"x\"")]);
        gives("percentage(team.afdeling = \"x\" waarbij team.code is gevuld)", &[]);
    }

    #[test]
    fn groups_have_the_same_answers() {
        gives("percentage(aantal() > 3 per team)", &[]);
        gives("percentage(gemiddelde(keren) > 3 per team)", &[]);
        gives("percentage(gemiddelde(nawerk) > 20 s per team)", &[("ML220", "gemiddelde(nawerk) > 20 s")]);
        gives("percentage(gemiddelde(nawerk) > 20 s per team waarbij nawerk is gevuld)", &[]);
        gives("percentage(gemiddelde(nawerk) > 20 s per team waarbij gemiddelde(nawerk) is gevuld)", &[]);
        gives("percentage(gemiddelde(nawerk) > 20 s per team, leeg telt als nee)", &[]);
        gives("gemiddelde(percentage(wachttijd <= 20 s) per team)", &[("ML220", "wachttijd <= 20 s")]);
        gives("gemiddelde(percentage(wachttijd <= 20 s) per team waarbij opgenomen is gevuld)", &[]);
        gives("gemiddelde(percentage(team = \"x\") per team)", &[]);
    }

    #[test]
    fn every_answer_that_is_offered_for_groups_is_right() {
        let found =
            outcome(&[SOURCES, &kpi(&[("berekening", "percentage(maximum(nawerk) > 20 s per team waarbij vip)")])]);
        let diagnostic = &found.list[0];
        let offered: Vec<&str> = diagnostic
            .help
            .iter()
            .filter_map(|help| help.split('`').find(|part| part.starts_with("percentage(")))
            .collect();
        assert_eq!(offered.len(), 2, "{:?}", diagnostic.help);
        for offered in offered {
            calculation(&[("berekening", offered)]);
        }
    }

    #[test]
    fn the_population_of_the_source_counts() {
        let answers = [
            ("berekening", "percentage(wachttijd <= 20 s)"),
            ("bronsysteem", "acd.gesprek waarbij opgenomen is gevuld"),
        ];
        assert_gives(&answers, &[]);
    }

    #[test]
    fn a_needless_rule_is_told() {
        gives("percentage(vip, leeg telt als nee)", &[("ML221", "percentage(vip, leeg telt als nee)")]);
        gives("aantal(leeg telt als nee)", &[("ML222", "leeg telt als nee")]);
    }

    #[test]
    fn a_rule_that_is_needed_under_another_value_of_a_parameter_is_not_needless() {
        for value in ["ja", "nee"] {
            let source = format!("parameter opgehangen_telt: ja_nee = {value}\n");
            let calculation = |rule: &str| {
                let condition = "als(opgehangen_telt, wachttijd, eerste_gevuld(wachttijd, 0 s)) <= 20 s";
                kpi(&[("berekening", &format!("percentage({condition}{rule})"))])
            };
            let codes = |rule: &str| -> Vec<&str> {
                outcome(&[SOURCES, &source, &calculation(rule)]).list.iter().map(|d| d.code).collect()
            };
            assert_eq!(codes(", leeg telt als nee"), Vec::<&str>::new(), "{value}");
            // Without a rule the value that it has decides.
            assert_eq!(codes(""), if value == "ja" { vec!["ML220"] } else { vec![] }, "{value}");
        }
    }

    #[test]
    fn every_answer_that_is_offered_is_right() {
        let found = outcome(&[SOURCES, &kpi(&[("berekening", "percentage(wachttijd <= 20 s waarbij vip)")])]);
        let diagnostic = &found.list[0];
        for help in diagnostic.help.iter().filter(|h| h.contains("percentage(")) {
            let offered = help.split('`').find(|part| part.starts_with("percentage(")).expect("an answer");
            calculation(&[("berekening", offered)]);
        }
        assert_eq!(diagnostic.help.len(), 5);
        assert!(diagnostic.message.contains("`wachttijd` is niet altijd gevuld"), "{}", diagnostic.message);
        let replacement = diagnostic.replacement.as_ref().expect("a replacement");
        let text = &found.sources.get(replacement.span.source).expect("the file").text;
        let mended = format!(
            "{}{}{}",
            &text[..replacement.span.start as usize],
            replacement.text,
            &text[replacement.span.end as usize..]
        );
        assert_eq!(outcome(&[SOURCES, &mended]).list, []);
    }
}
