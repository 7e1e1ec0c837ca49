//! What calculations become: their canonical text and their unit.

use super::{SOURCES, calculation, kpi, outcome};
use crate::model::text;

#[track_caller]
fn becomes(written: &str, expected: &str) {
    assert_eq!(calculation(&[("berekening", written)]), expected);
}

#[test]
fn units() {
    becomes("aantal()", "aantal() [aantal]");
    becomes("aantal() / aantal_uniek(beller)", "aantal() / aantal_uniek(beller) [getal]");
    becomes("percentage(vip) - percentage(keren > 1)", "percentage(vip) - percentage(keren > 1) [procentpunt]");
    becomes("som(kosten) / aantal()", "som(kosten) / aantal() [€]");
    becomes("aantal() per 1000 som(keren)", "aantal() per 1000 som(keren) [per 1000]");
    becomes("som(kosten) per 1000 aantal()", "som(kosten) per 1000 aantal() [€ per 1000]");
    becomes("percentage(aantal(waarbij vip) van aantal())", "percentage(aantal(waarbij vip) van aantal()) [%]");
    becomes("gemiddelde(wachttijd)", "gemiddelde(wachttijd) [s]");
    becomes("mediaan(keren)", "mediaan(keren) [getal]");
    becomes("maximum(keren)", "maximum(keren) [aantal]");
    becomes("gemiddelde(cijfer)", "gemiddelde(cijfer) [score]");
    becomes("gemiddelde(termijn - datum(binnenkomst))", "gemiddelde(termijn - datum(binnenkomst)) [dagen]");
    becomes(
        "2 * gemiddelde(termijn - datum(binnenkomst)) / 3",
        "2 * gemiddelde(termijn - datum(binnenkomst)) / 3 [dagen]",
    );
    becomes("laatste(keren op beeindigd)", "laatste(keren op beeindigd) [aantal]");
    becomes("laatste(keren)", "laatste(keren op binnenkomst) [aantal]");
    becomes("percentiel(wachttijd, 95)", "percentiel(wachttijd, 95) [s]");
    becomes("100 - (aantal() - 5) - 1", "100 - (aantal() - 5) - 1 [aantal]");
}

#[test]
fn expressions() {
    let row = |written: &str, expected: &str| {
        becomes(&format!("aantal(waarbij {written})"), &format!("aantal(waarbij {expected}) [aantal]"));
    };
    row("wachttijd <= wachtnorm", "wachttijd <= 20 s");
    row("wachttijd <= 1.5 min", "wachttijd <= 90 s");
    row("keren tussen 1 en 3", "keren tussen 1 en 3");
    row("keren niet tussen 1 en 3", "keren niet tussen 1 en 3");
    row("niet (vip of keren = 1) en vip", "niet (vip of keren = 1) en vip");
    row("(vip en keren = 1) of vip", "(vip en keren = 1) of vip");
    row("richting niet in (\"inkomend\")", "richting niet in (\"inkomend\")");
    row("team.afdeling is leeg", "team.afdeling is leeg");
    row("kosten * 1.5 >= € 2.50", "kosten * 1.5 >= € 2.50");
    row("binnenkomst < 2026-07-01 08:30", "binnenkomst < 2026-07-01 08:30");
    row("termijn >= 2026-07-01 + 2 weken", "termijn >= 2026-07-15");
    row("peilmoment - binnenkomst > 24 uur", "peilmoment - binnenkomst > 24 uur");
    row("keren - (1 - keren) = 2", "keren - (1 - keren) = 2");
    row("als(vip, 1, 2.5) > cijfer", "als(vip, 1, 2.5) > cijfer");
    row("tijdig(beeindigd, uiterlijk termijn)", "tijdig(beeindigd, uiterlijk termijn)");
    row("afronden(wachttijd / 1 min, 1) = 2", "afronden(wachttijd / 1 min, 1) = 2");
    row("gesprek.vip", "vip");
    row("acd.gesprek.vip", "vip");
}

#[test]
fn canonical_text_is_read_back_as_itself() {
    for written in [
        "percentage(niet vip en (keren > 1 of wachttijd <= 20 s), leeg telt niet mee)",
        "gemiddelde(-keren * (2 - keren) waarbij vip)",
        "percentiel(wachttijd waarbij vip, 95)",
        "percentage(som(keren) van aantal())",
        "(aantal() + 1) per 100 (aantal() - 1)",
        "aantal(waarbij team = \"a \\\"b\\\" \\\\\")",
    ] {
        let once = calculation(&[("berekening", written)]);
        let formula = once.rsplit_once(" [").expect("a unit").0;
        assert_eq!(calculation(&[("berekening", formula)]), once);
    }
}

#[test]
fn several_sources_are_qualified() {
    let answers = [
        ("berekening", "aantal(gesprek waarbij vip) per 1000 laatste(bevolking.inwoners op peildatum)"),
        ("bronsysteem", "acd.gesprek, cbs.bevolking waarbij code = \"GM1\""),
    ];
    assert_eq!(
        calculation(&answers),
        "aantal(gesprek waarbij gesprek.vip) per 1000 laatste(bevolking.inwoners op bevolking.peildatum) [per 1000]"
    );
}

#[test]
fn kpis_of_kpis() {
    let text = kpi(&[("berekening", "percentage(vip)")])
        + &kpi(&[("berekening", "kpi(k) - kpi(m)"), ("bronsysteem", "afgeleid"), ("norm", ">= 5 procentpunt")])
            .replace("kpi k ", "kpi a ")
        + &kpi(&[("berekening", "percentage(keren > 1)")]).replace("kpi k ", "kpi m ");
    let outcome = outcome(&[&text, SOURCES]);
    assert_eq!(outcome.list, [], "{:#?}", outcome.list);
    let a = outcome.model.kpi_named("a").expect("the kpi");
    assert_eq!(text::formula(&outcome.model, a, a.formula().expect("a formula")), "kpi(k) - kpi(m)");
    assert_eq!(a.unit.to_string(), "procentpunt");
    assert_eq!(a.dimensions.len(), 1);
    assert_eq!(text::bound(&a.norms.bounds[0].test, &a.unit), ">= 5 procentpunt");
}
