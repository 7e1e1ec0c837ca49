//! One mistake, one message, in the right place. First the ten that people make most.

use super::{SOURCES, assert_gives, assert_text_gives, kpi, outcome};

fn berekening(text: &str, expected: &[(&str, &str)]) {
    assert_gives(&[("berekening", text)], expected);
}

#[test]
fn ten_mistakes() {
    berekening("gemiddelde(wachtijd)", &[("ML101", "wachtijd")]);
    berekening("percentage(wachttijd <= 20, leeg telt als nee)", &[("ML201", "wachttijd")]);
    assert_gives(&[("berekening", "percentage(vip)"), ("norm", ">= 80 s")], &[("ML401", "80 s")]);
    assert_gives(&[("norm", "")], &[("ML110", "k")]);
    assert_gives(&[("doelgroep", "\"x\"")], &[("ML003", "doelgroep")]);
    assert_text_gives(&format!("{}{}", kpi(&[]), kpi(&[])), &[("ML102", "k")]);
    let circle = |a: &str, b: &str| {
        kpi(&[("berekening", &format!("kpi({b})")), ("bronsysteem", "afgeleid"), ("dimensies", "geen \"x\"")])
            .replace("kpi k ", &format!("kpi {a} "))
    };
    assert_text_gives(&(circle("a", "b") + &circle("b", "a")), &[("ML109", "berekening kpi(b)")]);
    assert_gives(&[("definitie", "\"x")], &[("ML004", "\"x")]);
    berekening("percentage(wachttijd <= 2,5 s, leeg telt als nee)", &[("ML005", "2,5")]);
    assert_gives(&[("bronsysteem", "adc.gesprek")], &[("ML103", "adc")]);
}

#[test]
fn names() {
    assert_gives(&[("bronsysteem", "acd.gesprekken")], &[("ML103", "gesprekken")]);
    assert_gives(&[("bronsysteem", "gesprek")], &[("ML103", "gesprek")]);
    assert_gives(&[("bronsysteem", "acd")], &[("ML103", "acd")]);
    assert_gives(
        &[("bronsysteem", "adc.gesprek waarbij nergens = 1"), ("berekening", "som(ook_niet)")],
        &[("ML103", "adc")],
    );
    assert_gives(&[("dimensies", "teem")], &[("ML101", "teem")]);
    assert_gives(&[("dimensies", "team, richting als team")], &[("ML102", "richting als team")]);
    assert_gives(&[("dimensies", "uur(binnenkomst)")], &[("ML119", "uur(binnenkomst)")]);
    assert_gives(&[("dimensies", "binnenkomst")], &[("ML216", "binnenkomst")]);
    assert_gives(&[("dimensies", "wachttijd")], &[("ML216", "wachttijd")]);
    berekening("som(keren.aantal)", &[("ML115", "keren")]);
    berekening("aantal_uniek(team.afdelingen)", &[("ML101", "afdelingen")]);
    berekening("gem(wachttijd)", &[("ML106", "gem")]);
    berekening("gemidelde(wachttijd)", &[("ML106", "gemidelde")]);
    berekening("kpi(onbekend)", &[("ML105", "onbekend")]);
    berekening("ongeveer(mediaan(wachttijd))", &[("ML117", "ongeveer")]);
    berekening("aantal(waarbij richting = gemeente)", &[("ML107", "gemeente")]);
    assert_text_gives("aanpassing kk { norm >= 3 }", &[("ML105", "kk")]);
    assert_gives(&[("norm", ">= 3"), ("norm_", "x")], &[("ML003", "norm_")]);
    assert_text_gives(
        &kpi(&[]).replace("    norm", "    eigenaar \"a\"\n    eigenaar \"b\"\n    norm"),
        &[("ML111", "eigenaar")],
    );
}

#[test]
fn answers() {
    assert_gives(&[("norm", "geen")], &[("ML118", "geen")]);
    assert_gives(&[("dimensies", "geen")], &[("ML118", "dimensies geen")]);
    assert_gives(&[("definitie", "\"\"")], &[("ML110", "\"\"")]);
    assert_gives(&[("meetmethode", "automatisch")], &[("ML110", "automatisch")]);
    assert_gives(&[("meetmethode", "geen \"x\"")], &[("ML118", "meetmethode geen \"x\"")]);
    assert_gives(&[("bronsysteem", "geen \"x\""), ("dimensies", "geen \"x\"")], &[("ML118", "aantal()")]);
    assert_gives(&[("perspectief", "klanten")], &[("ML112", "klanten")]);
    assert_gives(&[("niveau", "tactisch, operationeel")], &[("ML112", "operationeel")]);
    assert_gives(&[("aspect", "snelheid")], &[("ML112", "snelheid")]);
    assert_gives(
        &[("berekening", "geen \"nog niet\""), ("bronsysteem", "geen \"x\""), ("meetmethode", "geen \"x\"")],
        &[],
    );
    assert_gives(
        &[("berekening", ""), ("norm", ""), ("meetmethode", "")],
        &[("ML110", "k"), ("ML110", "k"), ("ML110", "k")],
    );
}

#[test]
fn types() {
    berekening("aantal(waarbij binnenkomst >= 2026-01-01)", &[("ML202", "binnenkomst")]);
    berekening("aantal(waarbij datum(binnenkomst) >= 2026-01-01)", &[]);
    berekening("aantal(waarbij binnenkomst >= 2026-01-01 00:00)", &[]);
    berekening("aantal(waarbij richting = 3)", &[("ML203", "richting")]);
    berekening("aantal(waarbij richting < \"x\")", &[("ML203", "richting")]);
    berekening("aantal(waarbij wachttijd > 1 dagen)", &[("ML203", "wachttijd")]);
    berekening("aantal(waarbij kosten > 4)", &[("ML201", "kosten")]);
    berekening("aantal(waarbij 4 < kosten)", &[("ML201", "4")]);
    berekening("som(binnenkomst - termijn)", &[("ML204", "binnenkomst")]);
    berekening("som(wachttijd + 5)", &[("ML204", "wachttijd")]);
    berekening("percentage(team)", &[("ML205", "team")]);
    berekening("aantal(waarbij keren)", &[("ML205", "keren")]);
    berekening("som(afronden(keren))", &[("ML206", "afronden(keren)")]);
    berekening("som(uur(termijn))", &[("ML207", "termijn")]);
    berekening("som(uur(wachttijd))", &[("ML207", "wachttijd")]);
    berekening("gemiddelde(binnenkomst)", &[("ML207", "binnenkomst")]);
    berekening("som(team)", &[("ML207", "team")]);
    berekening("percentiel(wachttijd)", &[("ML206", "percentiel")]);
    berekening("percentiel(wachttijd, 120)", &[("ML207", "120")]);
    berekening("aantal(wachttijd)", &[("ML207", "wachttijd")]);
    berekening("gemiddelde(als(vip, 1, wachttijd))", &[("ML213", "wachttijd")]);
    berekening("gemiddelde(als(vip, wachttijd, 0))", &[("ML213", "0")]);
    berekening("aantal(waarbij richting in (\"inkomend\", team))", &[("ML212", "team")]);
    berekening("aantal(waarbij kosten > € 1.23456)", &[("ML211", "€ 1.23456")]);
    berekening("aantal(waarbij termijn + 2.5 dagen > termijn)", &[("ML211", "2.5 dagen")]);
    berekening("percentage(tijdig(termijn, uiterlijk binnenkomst), leeg telt als nee)", &[("ML202", "binnenkomst")]);
}

#[test]
fn levels() {
    berekening("wachttijd", &[("ML209", "wachttijd")]);
    berekening("wachttijd <= 20 s", &[("ML209", "wachttijd <= 20 s")]);
    berekening("uur(binnenkomst)", &[("ML209", "uur(binnenkomst)")]);
    berekening("5", &[("ML209", "5")]);
    berekening("gemiddelde(som(keren))", &[("ML208", "som(keren)")]);
    berekening("minimum(binnenkomst)", &[("ML210", "minimum(binnenkomst)")]);
    berekening("aantal() + \"x\"", &[("ML210", "\"x\"")]);
    berekening("aantal() + gemiddelde(wachttijd)", &[("ML204", "aantal()")]);
    berekening("aantal() + gemiddelde(wachttijd) + som(onbekend)", &[("ML204", "aantal()"), ("ML101", "onbekend")]);
    berekening("gemiddelde(keren, leeg telt als nee)", &[("ML222", "leeg telt als nee")]);
    berekening("aantal() per 0 aantal()", &[("ML211", "0")]);
    berekening("percentage(aantal() van gemiddelde(wachttijd))", &[("ML204", "aantal()")]);
}

#[test]
fn several_sources() {
    let gives = |text: &str, expected: &[(&str, &str)]| {
        let answers =
            [("berekening", text), ("bronsysteem", "acd.gesprek, cbs.bevolking"), ("dimensies", "geen \"x\"")];
        assert_gives(&answers, expected);
    };
    gives("aantal(gesprek) / som(bevolking.inwoners)", &[]);
    gives("aantal()", &[("ML215", "aantal()")]);
    gives("som(inwoners)", &[("ML113", "inwoners")]);
    gives("aantal_uniek(team)", &[("ML113", "team")]);
    gives("som(bevolkin.inwoners)", &[("ML101", "bevolkin")]);
    gives("som(bevolking.inwonders)", &[("ML101", "inwonders")]);
    gives("som(gesprek.keren + bevolking.inwoners)", &[("ML215", "bevolking.inwoners")]);
    gives("aantal(gesprek waarbij vip en gesprek.keren > 1)", &[]);
    gives("aantal(gespek)", &[("ML207", "gespek")]);
    assert_gives(&[("bronsysteem", "acd.gesprek, acd.gesprek")], &[("ML102", "acd.gesprek")]);
}

#[test]
fn axes() {
    assert_gives(&[("meetmethode", "automatisch, per maand op beeindigd")], &[]);
    assert_gives(&[("meetmethode", "automatisch, per maand op team")], &[("ML114", "team")]);
    assert_gives(&[("meetmethode", "automatisch, per maand op beeindigt")], &[("ML101", "beeindigt")]);
    let team = [("bronsysteem", "acd.team"), ("dimensies", "afdeling")];
    assert_gives(&team, &[("ML114", "acd.team")]);
    let twice = [
        ("bronsysteem", "acd.gesprek, acd.gesprek als uit"),
        ("berekening", "aantal(uit) / aantal(gesprek)"),
        ("meetmethode", "automatisch, per maand op gesprek.binnenkomst en uit.beeindigd"),
    ];
    assert_gives(&twice, &[]);
    let bare = [
        ("bronsysteem", "acd.gesprek, cbs.bevolking"),
        ("berekening", "aantal(gesprek)"),
        ("meetmethode", "automatisch, per maand op beeindigd"),
    ];
    assert_gives(&bare, &[("ML113", "beeindigd")]);
}

#[test]
fn one_broken_thing_is_told_once() {
    let text = r#"
bronsysteem x {
    tabel t {
        sleuteltje tekst sleutel
        dag   datum meetmoment
        a     = onbekend + 1
        b     = a * 2
        soort tekstt
        eis "x": b > 1 en soort = "y"
    }
    tabel u uit t per soort { n = som(b) }
}
"#
    .to_owned()
        + &kpi(&[
            ("bronsysteem", "x.t waarbij soort = 3"),
            ("berekening", "som(b) / som(a)"),
            ("dimensies", "soort"),
            ("norm", ">= 80%"),
        ])
        + &kpi(&[("berekening", "kpi(k)"), ("bronsysteem", "afgeleid"), ("dimensies", "soort")])
            .replace("kpi k ", "kpi l ");
    assert_text_gives(&text, &[("ML101", "onbekend"), ("ML120", "tekstt")]);
}

#[test]
fn tables() {
    let gives = |lines: &str, expected: &[(&str, &str)]| {
        assert_text_gives(
            &format!("bronsysteem x {{\n    tabel t {{\n        k tekst sleutel\n        {lines}\n    }}\n}}\n"),
            expected,
        );
    };
    gives("a = b\n b = a", &[("ML108", "a")]);
    gives("a = a + 1", &[("ML108", "a")]);
    gives("k geheel", &[("ML102", "k")]);
    gives("a tekst -> t.b", &[("ML101", "b")]);
    gives("a geheel -> t.k", &[("ML115", "t.k")]);
    gives("a tekst\n b tekst -> t.a", &[("ML115", "t.a")]);
    gives("a tekst -> acd.team.code", &[]);
    gives("a tekst -> acd.teams.code", &[("ML103", "teams")]);
    gives("a tekst in s", &[("ML217", "in s")]);
    gives("a tekst meetmoment", &[("ML114", "meetmoment")]);
    gives("a datum meetmoment\n b datum meetmoment", &[("ML121", "meetmoment")]);
    gives("a geheel in (1, \"x\")", &[("ML214", "\"x\"")]);
    gives("a = aantal()", &[("ML208", "aantal()")]);
    gives("a geheel\n eis \"e\": a", &[("ML205", "a")]);
    assert_text_gives(
        "bronsysteem x {\n tabel a uit b per k { n = aantal() }\n tabel b uit a per k { n = aantal() }\n}\n",
        &[("ML108", "a")],
    );
    assert_text_gives(
        "bronsysteem x {\n tabel a uit acd.gesprek per belller { n = aantal() }\n}\n",
        &[("ML101", "belller")],
    );
    assert_text_gives("bronsysteem x {\n tabel a uit acd.gesprek per beller { n tekst }\n}\n", &[("ML121", "n tekst")]);
    assert_text_gives(
        "bronsysteem x {\n tabel a uit acd.gesprek per team { n = aantal() + 5 s }\n}\n",
        &[("ML204", "aantal()")],
    );
    assert_text_gives("parameter p: duur = 20", &[("ML214", "20")]);
    assert_text_gives("parameter p: tekst = GM1", &[("ML214", "GM1")]);
    assert_text_gives("parameter p: duur = q\nparameter q: duur = p", &[("ML108", "p")]);
    assert_text_gives("parameter p: geheel = 1 / 0", &[("ML212", "1 / 0")]);
}

#[test]
fn help_says_what_to_write() {
    let first =
        |answers: &[(&str, &str)]| outcome(&[SOURCES, &kpi(answers)]).list.into_iter().next().expect("a message");
    let found = first(&[("berekening", "percentage(wachttijd <= 20, leeg telt als nee)")]);
    assert_eq!(found.message, "`wachttijd` is een duur en wordt vergeleken met een getal zonder eenheid");
    assert_eq!(found.label.as_deref(), Some("duur (opgenomen - eerste_gevuld(laatste_keuze, binnenkomst))"));
    assert_eq!(found.related[0].1, "getal zonder eenheid");
    assert_eq!(found.help, ["schrijf `20 s`"]);
    assert_eq!(found.replacement.expect("a replacement").text, "20 s");

    let found = first(&[("berekening", "gemiddelde(wachtijd)")]);
    assert_eq!(found.help, ["bedoelde u `wachttijd`?"]);

    let found = first(&[("berekening", "percentage(vip)"), ("norm", ">= 80")]);
    assert_eq!(found.replacement.expect("a replacement").text, "80%");

    let found = first(&[("bronsysteem", "gesprek")]);
    assert_eq!(found.replacement.expect("a replacement").text, "acd.gesprek");
}
