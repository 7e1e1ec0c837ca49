//! Whole projects: adjustments, settings, the order of files, filters, size.

use super::{SOURCES, kpi, outcome};
use crate::diagnostic::Sink;
use crate::model::text;
use crate::resolve::{Settings, resolve, resolve_filter};
use crate::source::{SourceMap, Spanned};
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;

#[test]
fn an_adjustment_replaces_clauses() {
    let adjustment = "aanpassing k { norm >= 5  eigenaar \"Ada\" }\n";
    for texts in [[SOURCES, &kpi(&[]), adjustment], [adjustment, &kpi(&[]), SOURCES]] {
        let outcome = outcome(&texts);
        assert_eq!(outcome.list, []);
        let kpi = outcome.model.kpi_named("k").expect("the kpi");
        assert_eq!(kpi.norms.bounds.len(), 1);
        assert_eq!(kpi.details.owner.as_deref(), Some("Ada"));
    }
}

#[test]
fn settings_give_parameters_their_value() {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let text = kpi(&[("berekening", "aantal(waarbij richting = gemeente en wachttijd <= wachtnorm)")]);
    let mut read = |text: &str| {
        let id = sources.add("x.kpi", text);
        dsl::parse_file(id, text, &mut sink)
    };
    let files = [read(SOURCES), read(&text)];
    let mut value = |name: &str, text: &str| {
        let id = sources.add("--param", text);
        let fragment = Fragment::verbatim(id, text, 0);
        let expr = dsl::parse_expr(&fragment, &mut sink).expect("an expression");
        (Spanned::new(name.to_owned(), expr.span), expr)
    };
    let parameters = vec![value("gemeente", "inkomend"), value("wachtnorm", "30 s"), value("wachtnorn", "30 s")];
    let model = resolve(&files, &Settings { parameters, ..Settings::default() }, &mut sink);
    let list = sink.into_sorted();
    assert_eq!(list.iter().map(|d| d.code).collect::<Vec<_>>(), ["ML104"], "{list:#?}");
    let kpi = model.kpi_named("k").expect("the kpi");
    assert_eq!(
        text::formula(&model, kpi, kpi.formula().expect("a formula")),
        "aantal(waarbij richting = \"inkomend\" en wachttijd <= 30 s)"
    );
}

#[test]
fn a_text_parameter_may_look_like_a_number() {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let text = kpi(&[("berekening", "aantal(waarbij richting = gemeente)")]);
    let mut read = |text: &str| {
        let id = sources.add("x.kpi", text);
        dsl::parse_file(id, text, &mut sink)
    };
    let files = [read(SOURCES), read(&text)];
    let id = sources.add("--param", "14000");
    let expr = dsl::parse_expr(&Fragment::verbatim(id, "14000", 0), &mut sink).expect("an expression");
    let parameters = vec![(Spanned::new("gemeente".to_owned(), expr.span), expr)];
    let model = resolve(&files, &Settings { parameters, ..Settings::default() }, &mut sink);
    let list: Vec<_> = sink.into_sorted().iter().map(|d| d.code).collect();
    let kpi = model.kpi_named("k").expect("the kpi");
    let written = text::formula(&model, kpi, kpi.formula().expect("a formula"));
    assert_eq!((written.as_str(), list), ("aantal(waarbij richting = \"14000\")", vec![]));
}

#[test]
fn a_filter_holds_for_the_sources_that_have_its_columns() {
    let answers = [
        ("berekening", "aantal(gesprek) per 1000 laatste(bevolking.inwoners op peildatum)"),
        ("bronsysteem", "acd.gesprek, cbs.bevolking"),
    ];
    let outcome = outcome(&[SOURCES, &kpi(&answers)]);
    let kpi = outcome.model.kpi_named("k").expect("the kpi");
    let filter = |text: &str| {
        let mut sources = SourceMap::default();
        let mut sink = Sink::default();
        let fragment = Fragment::verbatim(sources.add("--where", text), text, 0);
        let expr = dsl::parse_expr(&fragment, &mut sink).expect("an expression");
        let found = resolve_filter(&outcome.model, kpi, &expr, &mut sink);
        let codes: Vec<_> = sink.into_sorted().iter().map(|d| d.code).collect();
        (found.iter().map(Option::is_some).collect::<Vec<_>>(), codes)
    };
    assert_eq!(filter("team = \"A\""), (vec![true, true], vec![]));
    assert_eq!(filter("richting = \"inkomend\""), (vec![true, false], vec![]));
    assert_eq!(filter("bevolking.team = \"A\""), (vec![false, true], vec![]));
    assert_eq!(filter("temm = \"A\""), (vec![false, false], vec!["ML101"]));
    assert_eq!(filter("richting"), (vec![false, false], vec!["ML205"]));
}

#[test]
fn a_kpi_with_mistakes_is_left_out() {
    let text = kpi(&[("berekening", "som(onbekend)")]) + &kpi(&[]).replace("kpi k ", "kpi goed ");
    let outcome = outcome(&[SOURCES, &text]);
    assert_eq!(outcome.model.kpis.iter().map(|k| k.name.as_str()).collect::<Vec<_>>(), ["goed"]);
    assert_eq!(outcome.model.kpis[0].id.0, 0);
}

#[test]
fn long_chains_do_no_harm() {
    let mut text = String::from("bronsysteem x {\n    tabel t {\n        k tekst sleutel\n        c0 geheel?\n");
    for i in 1..3_000 {
        text.push_str(&format!("        c{i} = c{} + c{}\n", i - 1, i - 1));
    }
    text.push_str("        dag datum meetmoment\n    }\n}\n");
    text.push_str(&kpi(&[
        ("bronsysteem", "x.t waarbij c0 is gevuld"),
        ("berekening", "percentage(c2999 > 1, leeg telt als nee)"),
        ("dimensies", "k"),
    ]));
    let outcome = outcome(&[&text]);
    let found: Vec<_> = outcome.list.iter().map(|d| (d.code, d.span.map_or("", |s| outcome.sources.text(s)))).collect();
    assert_eq!(found, [("ML218", "c101")]);
}

/// `cargo test --release … -- --ignored ten_thousand --nocapture` shows the time.
#[test]
#[ignore = "takes some seconds in a debug build"]
fn ten_thousand_kpis() {
    let mut text = String::from(SOURCES);
    for i in 0..10_000 {
        let answers = [
            ("berekening", "percentage(wachttijd <= wachtnorm, leeg telt als nee)"),
            ("bronsysteem", "acd.gesprek waarbij richting = \"inkomend\""),
            ("norm", ">= 80% vanaf 2026-01-01 >= 90% vanaf 2028-01-01"),
        ];
        text.push_str(&kpi(&answers).replace("kpi k ", &format!("kpi k{i} ")));
    }
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let id = sources.add("x.kpi", text);
    let file = dsl::parse_file(id, &sources.get(id).expect("the file").text, &mut sink);
    let start = std::time::Instant::now();
    let model = resolve(&[file], &Settings::default(), &mut sink);
    let resolved = start.elapsed();
    assert!(crate::check::check(model, &mut sink).is_some());
    println!("resolve {resolved:?}, with check {:?}", start.elapsed());
}

/// Words left out, doubled and swapped: many mistakes at once, and never a panic.
#[test]
fn mangled_texts_do_no_harm() {
    let answers = [
        ("berekening", "percentage(aantal(gesprek waarbij wachttijd <= wachtnorm) van aantal(gesprek)) - kpi(m)"),
        ("bronsysteem", "acd.gesprek waarbij richting = \"inkomend\", cbs.bevolking als inwoners"),
        ("meetmethode", "automatisch, per maand op gesprek.beeindigd, minimaal 30 waarnemingen"),
        ("dimensies", "team, uur(gesprek.binnenkomst) als uur"),
        ("norm", ">= 5 procentpunt vanaf 2026-01-01 >= 6 procentpunt vanaf 2027-01-01 bijna >= 4 procentpunt"),
        ("perspectief", "klant"),
    ];
    let text = format!("{SOURCES}{}{}", kpi(&answers), kpi(&[("berekening", "kpi(k)")]).replace("kpi k ", "kpi m "));
    let words: Vec<&str> = text.split_inclusive([' ', '\n', '(', ')', ',', '.']).collect();
    let mut seed = 7_usize;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for _ in 0..150 {
        let mut mangled = words.clone();
        for _ in 0..=random(4) {
            let (at, other) = (random(mangled.len()), random(mangled.len()));
            match random(3) {
                0 => drop(mangled.remove(at)),
                1 => mangled.insert(at, words[other]),
                _ => mangled.swap(at, other),
            }
        }
        let outcome = outcome(&[&mangled.concat()]);
        for diagnostic in &outcome.list {
            let text = diagnostic.span.map(|span| outcome.sources.text(span));
            assert!(text.is_none_or(|t| !t.is_empty() || diagnostic.code < "ML1"), "{diagnostic:?}");
        }
    }
}

#[test]
fn a_key_takes_over_the_list_of_its_base() {
    let text = "bronsysteem x {\n tabel t uit acd.gesprek per richting { dag = minimum(binnenkomst) meetmoment }\n}\n"
        .to_owned()
        + &kpi(&[
            ("bronsysteem", "x.t waarbij richting = \"inkomend\""),
            ("berekening", "aantal(waarbij richting = \"inkomed\")"),
            ("dimensies", "richting"),
        ]);
    let found = outcome(&[SOURCES, &text]);
    assert_eq!(found.list.iter().map(|d| d.code).collect::<Vec<_>>(), ["ML224"]);
}

#[test]
fn the_definition_hash_follows_a_derived_table_of_which_only_the_rows_count() {
    let hash = |sources: &str| {
        let answers = [
            ("berekening", "aantal()"),
            ("bronsysteem", "acd.reeks"),
            ("meetmethode", "automatisch, per maand"),
            ("dimensies", "geen \"x\""),
        ];
        let found = outcome(&[sources, &kpi(&answers)]);
        assert!(found.list.iter().all(|d| d.severity != crate::diagnostic::Severity::Error), "{:?}", found.list);
        let kpi = found.model.kpi_named("k").expect("the kpi");
        crate::model::identity::definition_hash(&found.model, kpi, chrono::NaiveDate::default())
    };
    let own = hash(SOURCES);
    let filter = "waarbij richting = \"inkomend\" per beller";
    assert!(SOURCES.contains(filter));
    assert_ne!(own, hash(&SOURCES.replace(filter, "waarbij richting = \"uitgaand\" per beller")));
    assert_ne!(own, hash(&SOURCES.replace("eerste   = minimum(binnenkomst)", "eerste   = maximum(binnenkomst)")));
    assert_ne!(own, hash(&SOURCES.replace(filter, "waarbij richting = \"inkomend\" per team")));
}
