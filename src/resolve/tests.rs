//! Resolving and checking small texts: which mistakes give which messages where, and what the model says.

use crate::check::check;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::model::{Model, text};
use crate::source::SourceMap;
use crate::syntax::dsl;

use super::{Settings, resolve};

mod calculations;
mod calendars;
mod levels;
mod mistakes;
mod norms;
mod over_time;
mod projects;

/// A telephone exchange, a counter and the number of inhabitants.
pub(crate) const SOURCES: &str = r#"
parameter wachtnorm: duur = 20 s
parameter gemeente: tekst
bronsysteem acd {
    tabel gesprek {
        gesprek_id    tekst sleutel
        binnenkomst   tijdstip meetmoment
        laatste_keuze tijdstip?
        opgenomen     tijdstip?
        beeindigd     tijdstip
        nawerk        duur in s ?
        richting      tekst in ("inkomend", "uitgaand")
        beller        tekst? persoonsgegeven
        team          tekst? -> team.code
        cijfer        score(1..10)?
        keren         geheel
        vip           ja_nee
        kosten        bedrag?
        termijn       datum?
        wachttijd     = opgenomen - eerste_gevuld(laatste_keuze, binnenkomst)
        eis "einde ligt na begin": beeindigd >= binnenkomst
    }
    tabel team {
        code     tekst sleutel
        afdeling tekst
    }
    tabel reeks uit gesprek waarbij richting = "inkomend" per beller {
        eerste   = minimum(binnenkomst) meetmoment
        gesprekken = aantal()
        gemiddeld  = som(nawerk) / aantal(waarbij opgenomen is gevuld)
        dag      = datum(eerste)
    }
}
bronsysteem cbs {
    tabel bevolking {
        code      tekst sleutel
        peildatum datum sleutel meetmoment
        inwoners  geheel
        team      tekst
    }
}
"#;

/// Everything that a text gives.
pub(crate) struct Outcome {
    pub sources: SourceMap,
    pub model: Model,
    pub list: Vec<Diagnostic>,
}

/// Reads, resolves and checks some texts.
pub(crate) fn outcome(texts: &[&str]) -> Outcome {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let files: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| {
            let id = sources.add(format!("{i}.kpi"), *text);
            dsl::parse_file(id, text, &mut sink)
        })
        .collect();
    let model = resolve(&files, &Settings::default(), &mut sink);
    check(model.clone(), &mut sink);
    Outcome { sources, model, list: sink.into_sorted() }
}

/// A KPI over `acd.gesprek` with some of its answers replaced.
pub(crate) fn kpi(answers: &[(&str, &str)]) -> String {
    let standard = [
        ("definitie", "\"x\""),
        ("berekening", "aantal()"),
        ("bronsysteem", "acd.gesprek"),
        ("meetmethode", "automatisch, per maand"),
        ("dimensies", "team"),
        ("norm", "geen \"x\""),
    ];
    let mut body = String::new();
    for (word, answer) in standard {
        let answer = answers.iter().find(|(w, _)| *w == word).map_or(answer, |(_, a)| a);
        if !answer.is_empty() {
            body.push_str(&format!("    {word} {answer}\n"));
        }
    }
    for (word, answer) in answers.iter().filter(|(w, _)| !standard.iter().any(|(s, _)| s == w)) {
        body.push_str(&format!("    {word} {answer}\n"));
    }
    format!("kpi k \"K\" {{\n{body}}}\n")
}

/// The codes and underlined texts that a KPI with these answers gives.
#[track_caller]
pub(crate) fn assert_gives(answers: &[(&str, &str)], expected: &[(&str, &str)]) {
    assert_text_gives(&kpi(answers), expected);
}

/// The codes and underlined texts that a text gives beside [`SOURCES`].
#[track_caller]
pub(crate) fn assert_text_gives(text: &str, expected: &[(&str, &str)]) {
    let outcome = outcome(&[SOURCES, text]);
    let found: Vec<(&str, &str)> =
        outcome.list.iter().map(|d| (d.code, d.span.map_or("", |span| outcome.sources.text(span)))).collect();
    assert_eq!(found, expected, "{text}\n{:#?}", outcome.list);
}

/// The calculation of a KPI as canonical text; there may be no errors.
#[track_caller]
pub(crate) fn calculation(answers: &[(&str, &str)]) -> String {
    let outcome = outcome(&[SOURCES, &kpi(answers)]);
    let errors: Vec<_> = outcome.list.iter().filter(|d| d.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let kpi = outcome.model.kpi_named("k").expect("the kpi");
    format!("{} [{}]", text::formula(&outcome.model, kpi, kpi.formula().expect("a formula")), kpi.unit)
}

#[test]
fn the_sources_are_sound() {
    let outcome = outcome(&[SOURCES, &kpi(&[])]);
    assert_eq!(outcome.list, [], "{:#?}", outcome.list);
    let reeks = outcome.model.tables.iter().find(|t| t.name == "reeks").expect("the derived table");
    let shown: Vec<_> = reeks.columns.iter().map(|c| (c.name.as_str(), c.ty.word(), c.nullable, c.personal)).collect();
    assert_eq!(
        shown,
        [
            ("beller", "tekst", false, true),
            ("eerste", "tijdstip", false, false),
            ("gesprekken", "geheel", false, false),
            ("gemiddeld", "duur", true, false),
            ("dag", "datum", false, false),
            ("#1", "duur", false, false),
            ("#2", "geheel", false, false),
        ]
    );
}
