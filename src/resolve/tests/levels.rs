//! Two levels, shares and weights: what the model says, and what is refused.

use super::{assert_gives, calculation, kpi, outcome};
use crate::model::identity::definition_hash;
use crate::model::{AggFunc, Type, table::Origin};

fn gives(calculation: &str, expected: &[(&str, &str)]) {
    assert_gives(&[("berekening", calculation)], expected);
}

fn canonical(text: &str) -> String {
    calculation(&[("berekening", text)])
}

#[test]
fn canonical_text_and_unit() {
    assert_eq!(canonical("gemiddelde(aantal() per beller)"), "gemiddelde(aantal() per beller) [getal]");
    assert_eq!(canonical("maximum(som(nawerk) per beller)"), "maximum(som(nawerk) per beller) [s]");
    assert_eq!(
        canonical("som(som(kosten) per (beller, team.afdeling))"),
        "som(som(kosten) per (beller, team.afdeling)) [€]"
    );
    // Rows first, then groups, whatever the order.
    assert_eq!(
        canonical("percentage(aantal() > 3 waarbij aantal() > 1 en vip per beller)"),
        "percentage(aantal() > 3 per beller waarbij vip en aantal() > 1) [%]"
    );
    assert_eq!(canonical("aantal(waarbij aantal() > 3 per team)"), "aantal(per team waarbij aantal() > 3) [aantal]");
    assert_eq!(
        canonical("percentiel(gemiddelde(keren) per team, 90)"),
        "percentiel(gemiddelde(keren) per team, 90) [getal]"
    );
    assert_eq!(
        canonical("aandeel_van_top(7%, aantal(waarbij vip) per beller)"),
        "aandeel_van_top(7%, aantal(waarbij vip) per beller) [%]"
    );
    assert_eq!(canonical("aandeel(som(nawerk waarbij vip))"), "aandeel(som(nawerk waarbij vip)) [%]");
}

#[test]
fn canonical_text_reads_as_the_same() {
    for text in [
        "percentage(aantal() > 3 per beller waarbij vip en aantal() > 1)",
        "aantal(per team waarbij aantal() > 3)",
        "aandeel_van_top(7.5%, som(nawerk) per (beller, team))",
        "percentiel(gemiddelde(keren) per team waarbij vip of keren > 2, 90)",
    ] {
        let once = canonical(text);
        let again = once.rsplit_once(" [").map_or(once.as_str(), |(formula, _)| formula);
        assert_eq!(canonical(again), once);
    }
}

#[test]
fn the_same_inner_aggregate_is_one_column() {
    let found = outcome(&[
        super::SOURCES,
        &kpi(&[("berekening", "percentage(aantal() > 3 per team waarbij aantal() > 1 en som(keren) > aantal())")]),
    ]);
    assert_eq!(found.list, [], "{:#?}", found.list);
    let groups: Vec<_> = found.model.tables.iter().filter(|t| matches!(t.origin, Origin::Groups { .. })).collect();
    assert_eq!(groups.len(), 1);
    let columns: Vec<_> = groups[0].columns.iter().map(|c| (c.ty, c.nullable)).collect();
    assert_eq!(columns, [(Type::Integer, false), (Type::Integer, false)]);
}

#[test]
fn several_sources_name_their_key() {
    let sources = ("bronsysteem", "acd.gesprek, cbs.bevolking");
    let with = |text: &str| calculation(&[("berekening", text), sources, ("dimensies", "geen \"x\"")]);
    assert_eq!(
        with("gemiddelde(aantal(gesprek) per gesprek.beller) * laatste(bevolking.inwoners)"),
        "gemiddelde(aantal(gesprek) per gesprek.beller) * laatste(bevolking.inwoners op bevolking.peildatum) [getal]"
    );
    let wrong = |text: &str, expected: &[(&str, &str)]| {
        assert_gives(&[("berekening", text), sources, ("dimensies", "geen \"x\"")], expected);
    };
    wrong("gemiddelde(aantal() per beller)", &[("ML113", "beller")]);
    wrong("gemiddelde(aantal(bevolking) per gesprek.beller)", &[("ML215", "bevolking")]);
    wrong("gemiddelde(som(bevolking.inwoners) per gesprek.beller)", &[("ML215", "bevolking.inwoners")]);
}

#[test]
fn mistakes_in_groups() {
    gives("gemiddelde(nawerk per beller)", &[("ML240", "nawerk")]);
    gives("gemiddelde(3 per beller)", &[("ML240", "per beller")]);
    gives("gemiddelde(aantal() per wachtnorm)", &[("ML240", "wachtnorm")]);
    gives("aantal(aantal() > 3 per beller)", &[("ML240", "aantal() > 3")]);
    gives("aantal(waarbij vip per beller)", &[("ML240", "per beller")]);
    gives("aandeel_van_top(7%, aantal())", &[("ML240", "aandeel_van_top")]);
    gives("laatste(aantal() per beller)", &[("ML242", "laatste")]);
    gives("gemiddelde(maximum(aantal() per team) per beller)", &[("ML242", "maximum(aantal() per team)")]);
    gives("aandeel_van_top(0%, aantal() per beller)", &[("ML207", "0%")]);
    gives("aandeel_van_top(101%, aantal() per beller)", &[("ML207", "101%")]);
    gives("aandeel_van_top(7%, gemiddelde(keren) per beller)", &[("ML243", "gemiddelde(keren)")]);
    gives("percentage(aantal() per beller)", &[("ML205", "aantal()")]);
    gives("percentage(aantal() > 20 s per beller)", &[("ML203", "aantal()")]);
    gives("som(maximum(binnenkomst) per beller)", &[("ML207", "maximum(binnenkomst)")]);
    gives("gemiddelde(datum(binnenkomst) per beller)", &[("ML240", "binnenkomst")]);
    gives("gemiddelde(aandeel(aantal()) per beller)", &[("ML208", "aandeel(aantal())")]);
    gives("gemiddelde(uur(binnenkomst per team))", &[("ML206", "per team")]);
}

#[test]
fn mistakes_in_shares() {
    gives("aandeel()", &[("ML206", "aandeel")]);
    gives("aandeel(aantal() waarbij vip)", &[("ML206", "aandeel(aantal() waarbij vip)")]);
    gives("aandeel(percentage(vip))", &[("ML243", "percentage(vip)")]);
    gives("aandeel(gemiddelde(aantal() per beller))", &[("ML243", "gemiddelde(aantal() per beller)")]);
    gives("aandeel(wachttijd)", &[("ML209", "wachttijd")]);
    assert_gives(&[("berekening", "aandeel(aantal())"), ("norm", "> 100%")], &[("ML405", "> 100%")]);
}

#[test]
fn weights() {
    let with = |calculation: &str, weight: &str, expected: &[(&str, &str)]| {
        let method = format!("enquête, per jaar, weging {weight}");
        assert_gives(&[("berekening", calculation), ("meetmethode", &method)], expected);
    };
    with("percentage(vip)", "keren", &[]);
    with("aandeel(aantal(waarbij vip))", "keren / 2", &[]);
    for (text, part) in [("mediaan(keren)", ""), ("aantal_uniek(team)", ""), ("gemiddelde(aantal() per team)", "")] {
        with(text, "keren", &[("ML241", if part.is_empty() { text } else { part })]);
    }
    with("aantal()", "nawerk", &[("ML130", "nawerk")]);
    with("aantal()", "richting", &[("ML130", "richting")]);
    with("aantal()", "1 + 1", &[("ML130", "1 + 1")]);
    with("aantal()", "gewicht", &[("ML101", "gewicht")]);
    let weighted = calculation(&[("berekening", "aantal()"), ("meetmethode", "enquête, per jaar, weging keren")]);
    assert_eq!(weighted, "aantal() [getal]");
}

#[test]
fn observations() {
    let with = |said: &str, expected: &[(&str, &str)]| {
        assert_gives(&[("meetmethode", &format!("automatisch, per jaar, waarnemingen {said}"))], expected);
    };
    with("som(keren waarbij vip)", &[]);
    with("keren", &[("ML130", "keren")]);
    with("aantal()", &[("ML130", "aantal()")]);
    with("som(nawerk)", &[("ML130", "som(nawerk)")]);
    with("som(keren / 2)", &[("ML130", "som(keren / 2)")]);
    with("som(som(keren) per team)", &[("ML130", "som(som(keren) per team)")]);
}

#[test]
fn the_definition_hash_follows() {
    let hash = |answers: &[(&str, &str)]| {
        let found = outcome(&[super::SOURCES, &kpi(answers)]);
        let kpi = found.model.kpi_named("k").expect("the kpi");
        definition_hash(&found.model, kpi, chrono::NaiveDate::default())
    };
    let base = hash(&[("berekening", "gemiddelde(aantal() per beller)")]);
    assert_eq!(base, hash(&[("berekening", "gemiddelde( aantal( ) per beller )")]));
    let others = [
        "gemiddelde(aantal() per team)",
        "gemiddelde(aantal() per beller waarbij vip)",
        "gemiddelde(aantal(waarbij vip) per beller)",
        "gemiddelde(aantal() per beller waarbij aantal() > 1)",
    ];
    for other in others {
        assert_ne!(base, hash(&[("berekening", other)]), "{other}");
    }
    let plain = hash(&[]);
    assert_ne!(plain, hash(&[("meetmethode", "automatisch, per maand, weging keren")]));
    assert_ne!(plain, hash(&[("meetmethode", "automatisch, per maand, waarnemingen som(keren)")]));
    let found = outcome(&[super::SOURCES, &kpi(&[("berekening", "aandeel_van_top(7%, aantal() per beller)")])]);
    let aggregates = found.model.kpi_named("k").expect("the kpi").aggregates();
    assert!(matches!(aggregates[0].func, AggFunc::TopShare(p) if (p - 7.0).abs() < 1e-12));
}
