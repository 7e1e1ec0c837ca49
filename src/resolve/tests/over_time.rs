//! Functions that look at another stretch of time: what they become, and which mistakes give which messages.

use super::{assert_gives, assert_text_gives, calculation, kpi, outcome};

#[track_caller]
fn becomes(written: &str, expected: &str) {
    assert_eq!(calculation(&[("berekening", written)]), expected);
}

#[track_caller]
fn gives(written: &str, expected: &[(&str, &str)]) {
    assert_gives(&[("berekening", written)], expected);
}

#[test]
fn they_keep_or_change_the_unit() {
    becomes("vorige(gemiddelde(wachttijd))", "vorige(gemiddelde(wachttijd)) [s]");
    becomes(
        "percentage(vip) - vorig_jaar(percentage(vip))",
        "percentage(vip) - vorig_jaar(percentage(vip)) [procentpunt]",
    );
    becomes("lopend(aantal_uniek(beller), 12 maanden)", "lopend(aantal_uniek(beller), 12 maanden) [aantal]");
    becomes("vorige(lopend(som(kosten), 13 weken))", "vorige(lopend(som(kosten), 13 weken)) [€]");
    becomes(
        "cumulatief(aantal() per 1000 som(keren), jaar)",
        "cumulatief(aantal() per 1000 som(keren), jaar) [per 1000]",
    );
    becomes("index(som(kosten), basis 2005-03)", "index(som(kosten), basis 2005-03) [getal]");
    becomes("op_jaarbasis(aantal())", "op_jaarbasis(aantal()) [getal]");
    becomes("op_jaarbasis(som(kosten) / aantal())", "op_jaarbasis(som(kosten) / aantal()) [€]");
    becomes(
        "(aantal() - vorige(aantal())) / vorige(aantal())",
        "(aantal() - vorige(aantal())) / vorige(aantal()) [getal]",
    );
    // `basis` is a column where no period follows.
    gives("index(som(basis), basis 2005-03)", &[("ML101", "basis")]);
}

#[test]
fn arguments() {
    gives("vorige()", &[("ML206", "vorige")]);
    gives("vorige(aantal(), 2)", &[("ML206", "2")]);
    gives("vorige(3)", &[("ML209", "3")]);
    gives("vorige(vip)", &[("ML209", "vip")]);
    gives("vorige(aantal() per team)", &[("ML206", "per team")]);
    gives("vorige(gemiddelde(aantal() per team))", &[]);
    gives("vorige(aantal() waarbij vip)", &[("ML206", "vip")]);
    gives("vorige(percentage(vip), leeg telt als nee)", &[("ML206", "leeg telt als nee")]);
    gives("lopend(aantal())", &[("ML134", "lopend")]);
    gives("cumulatief(aantal())", &[("ML134", "cumulatief")]);
    gives("index(aantal())", &[("ML134", "index")]);
    gives("index(aantal(), 2005-K1)", &[("ML134", "2005-K1")]);
    gives("lopend(aantal(), 12)", &[("ML132", "12")]);
    gives("lopend(aantal(), 20 s)", &[("ML132", "20 s")]);
    gives("lopend(aantal(), 1.5 maanden)", &[("ML132", "1.5 maanden")]);
    gives("lopend(aantal(), 0 dagen)", &[("ML132", "0 dagen")]);
    gives("lopend(aantal(), 10 werkdagen)", &[("ML132", "10 werkdagen")]);
    gives("cumulatief(aantal(), jaren)", &[("ML132", "jaren")]);
    gives("cumulatief(aantal(), 12 maanden)", &[("ML132", "12 maanden")]);
    gives("aantal(basis 2005)", &[("ML206", "basis 2005")]);
    gives("gemiddelde(vorige(aantal()))", &[("ML208", "vorige(aantal())")]);
    gives("vorge(aantal())", &[("ML106", "vorge")]);
}

#[test]
fn base_periods() {
    gives("index(aantal(), basis 2005-Q1)", &[("ML131", "2005-Q1")]);
    gives("index(aantal(), basis 2005-3)", &[("ML131", "2005-3")]);
    gives("index(aantal(), basis 2005-K5)", &[("ML131", "2005-K5")]);
    gives("index(aantal(), basis K1)", &[("ML131", "K1")]);
    for (written, meant) in
        [("2005-Q1", "2005-K1"), ("2005k2", "2005-K2"), ("2005-3", "2005-03"), ("2005-w5", "2005-W05")]
    {
        let text = kpi(&[("berekening", &format!("index(aantal(), basis {written})"))]);
        let outcome = outcome(&[super::SOURCES, &text]);
        assert_eq!(outcome.list[0].replacement.as_ref().map(|r| r.text.as_str()), Some(meant));
    }
}

#[test]
fn one_inside_the_other() {
    gives("vorige(vorige(aantal()))", &[]);
    gives("index(vorige(op_jaarbasis(aantal())), basis 2005-03)", &[]);
    gives("lopend(vorige(aantal()), 12 maanden)", &[("ML248", "vorige(aantal())")]);
    gives("cumulatief(1 + lopend(aantal(), 12 maanden), jaar)", &[("ML248", "lopend(aantal(), 12 maanden)")]);
    gives("op_jaarbasis(vorige(aantal()))", &[("ML248", "vorige(aantal())")]);
    gives("op_jaarbasis(lopend(aantal(), 12 maanden))", &[("ML248", "lopend(aantal(), 12 maanden)")]);
    let asker = |calculation: &str| kpi(&[("berekening", calculation), ("bronsysteem", "afgeleid")]);
    let other = |answers: &[(&str, &str)]| kpi(answers).replace("kpi k", "kpi ander");
    let growth = other(&[("berekening", "aantal() - vorige(aantal())")]);
    assert_text_gives(&format!("{}{growth}", asker("lopend(kpi(ander), 12 maanden)")), &[("ML248", "kpi(ander)")]);
    assert_text_gives(&format!("{}{growth}", asker("vorig_jaar(kpi(ander))")), &[]);
    let quarter = other(&[("meetmethode", "automatisch, per maand, altijd over afgelopen kwartaal")]);
    assert_text_gives(&format!("{}{quarter}", asker("op_jaarbasis(kpi(ander))")), &[("ML248", "kpi(ander)")]);
    assert_text_gives(&format!("{}{quarter}", asker("vorige(kpi(ander))")), &[]);
}

#[test]
fn circles_through_another_period() {
    let one = kpi(&[("berekening", "vorige(kpi(ander))"), ("bronsysteem", "afgeleid")]);
    let other = kpi(&[("berekening", "lopend(kpi(k), 12 maanden)"), ("bronsysteem", "afgeleid")])
        .replace("kpi k ", "kpi ander ");
    let outcome = outcome(&[super::SOURCES, &one, &other]);
    assert_eq!(outcome.list.iter().map(|d| d.code).collect::<Vec<_>>(), ["ML109"]);
}

#[test]
fn only_what_grows_with_the_period_goes_by_the_year() {
    gives("op_jaarbasis(percentage(vip))", &[("ML245", "percentage(vip)")]);
    gives("op_jaarbasis(gemiddelde(keren))", &[("ML245", "gemiddelde(keren)")]);
    gives("op_jaarbasis(aantal_uniek(beller))", &[("ML245", "aantal_uniek(beller)")]);
    gives("op_jaarbasis(laatste(keren))", &[("ML245", "laatste(keren)")]);
}

#[test]
fn windows_and_delays_of_a_method() {
    let gives = |part: &str, expected: &[(&str, &str)]| {
        assert_gives(&[("meetmethode", &format!("automatisch, per week, {part}"))], expected);
    };
    for unit in
        ["dag", "week", "maand", "kwartaal", "tertaal", "halfjaar", "jaar", "12 maanden", "1 jaar", "2 kwartalen"]
    {
        gives(&format!("altijd over afgelopen {unit}"), &[]);
    }
    gives("altijd over afgelopen kwartalen", &[("ML133", "kwartalen")]);
    gives("altijd over afgelopen kwartal", &[("ML133", "kwartal")]);
    gives("altijd over afgelopen hele reeks", &[("ML133", "hele reeks")]);
    gives("altijd over afgelopen 0 weken", &[("ML133", "0 weken")]);
    gives("altijd over jaar", &[("ML001", "jaar")]);
    gives("definitief na 7 dagen, minimaal 3 waarnemingen", &[]);
    gives("definitief na 7 werkdagen", &[("ML133", "werkdagen")]);
    gives("definitief na 1 kwartaal", &[("ML133", "kwartaal")]);
    gives("definitief na dagen", &[("ML133", "dagen")]);
    gives("definitief na 7 dagen, definitief na 8 dagen", &[("ML026", "definitief na 8 dagen")]);
}

#[test]
fn the_hash_follows_them() {
    let hash = |answers: &[(&str, &str)]| {
        let outcome = outcome(&[super::SOURCES, &kpi(answers)]);
        assert_eq!(outcome.list, [], "{:#?}", outcome.list);
        crate::model::identity::definition_hash(
            &outcome.model,
            outcome.model.kpi_named("k").expect("the kpi"),
            chrono::NaiveDate::default(),
        )
    };
    let method = |part: &str| hash(&[("meetmethode", &format!("automatisch, per maand{part}"))]);
    let mut hashes = vec![
        method(""),
        method(", altijd over afgelopen jaar"),
        method(", altijd over afgelopen 12 maanden"),
        method(", definitief na 7 dagen"),
        hash(&[("berekening", "vorige(aantal())")]),
        hash(&[("berekening", "vorig_jaar(aantal())")]),
        hash(&[("berekening", "lopend(aantal(), 12 maanden)")]),
        hash(&[("berekening", "lopend(aantal(), 13 maanden)")]),
        hash(&[("berekening", "cumulatief(aantal(), jaar)")]),
        hash(&[("berekening", "index(aantal(), basis 2005-03)")]),
        hash(&[("berekening", "index(aantal(), basis 2005-04)")]),
        hash(&[("berekening", "op_jaarbasis(aantal())")]),
    ];
    let all = hashes.len();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), all);
}
