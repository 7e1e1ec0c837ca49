//! Definitions in YAML: what the tree holds, and which mistakes give which messages where.

use proptest::prelude::*;

use super::*;
use crate::syntax::ast::{Clause, ClauseBody, ClauseWord};

const FILE: SourceId = SourceId(0);

fn parse(text: &str) -> (File, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let file = parse_file(FILE, text, &mut sink);
    (file, sink.into_sorted())
}

/// Code and underlined text of each message.
fn told<'t>(text: &'t str, problems: &[Diagnostic]) -> Vec<(&'static str, &'t str)> {
    problems.iter().map(|d| (d.code, &text[d.span.expect("a place").range()])).collect()
}

/// The text that `dsl` gets for the only clause of the only KPI, and the place of `word` in it.
fn answer(value: &str, word: &str) -> (String, String) {
    let text = format!("kpis:\n  a:\n    {value}\n");
    let mut sink = Sink::default();
    let root = node::read(FILE, &text, &mut sink).expect("a tree");
    let kpis = shape::entries(&root, "", "", &mut sink).expect("sections");
    let kpi = shape::entries(kpis[0].value, "", "", &mut sink).expect("kpis");
    let clauses = shape::entries(kpi[0].value, "", "", &mut sink).expect("clauses");
    let clause = ClauseWord::of(&clauses[0].name.value).expect("a clause word");
    let fragment = answers::answer(clause, &clauses[0], &mut sink).expect("an answer");
    let at = fragment.text.find(word).expect("the word");
    let place = fragment.span(at, at + word.len());
    (fragment.text.clone(), text[place.range()].into())
}

fn clauses(file: &File) -> &[Clause] {
    match &file.declarations[0] {
        Declaration::Kpi(kpi) => &kpi.clauses,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_parameter_is_the_text_itself() {
    let text = "parameters:\n  a: {type: tekst, waarde: \"Noord\"}\n  b: {type: tekst, waarde: '\"Noord\"'}\n  \
                c: {type: tekst, waarde: Noord}\n  d: 'tekst = \"Noord\"'\n";
    let (file, problems) = parse(text);
    assert!(problems.is_empty(), "{problems:?}");
    for declaration in &file.declarations {
        let Declaration::Parameter(ParameterDef { kind: ParameterKind::Read { value: Some(value), .. }, .. }) =
            declaration
        else {
            panic!("{declaration:?}")
        };
        assert_eq!(value.kind, ExprKind::Literal(Literal::Text("Noord".into())));
    }
}

#[test]
fn a_list_is_joined_into_one_answer() {
    let whole = "team, uur(binnenkomst) als dagdeel".to_owned();
    assert_eq!(answer("dimensies: [team, uur(binnenkomst) als dagdeel]", "uur"), (whole.clone(), "uur".into()));
    assert_eq!(answer("dimensies: team, uur(binnenkomst) als dagdeel", "uur"), (whole, "uur".into()));
    assert_eq!(
        answer("dimensies: [eerste_gevuld(é, b) als x, c]", "b)"),
        ("eerste_gevuld(é, b) als x, c".into(), "b)".into())
    );
    assert_eq!(
        answer("norm: [\">= 80% vanaf 2026-01-01\", 'bijna >= 75%']", "bijna"),
        (">= 80% vanaf 2026-01-01 bijna >= 75%".into(), "bijna".into())
    );
    assert_eq!(
        answer("norm: [geen \"reden\", benchmark \"landelijk\" 76.2% (2005, n = 815)]", "n = 815").0,
        "geen \"reden\" benchmark \"landelijk\" 76.2% (2005, n = 815)"
    );
    assert_eq!(answer("norm:\n      - \">= 80% vanaf 2026-01-01\"\n      - \"bijna >= 75%\"", "75%").1, "75%");
    assert_eq!(answer("berekening: >\n      percentage(é\n      <= x)\n", "<= x").0, "percentage(é <= x)");
    assert_eq!(answer("niveau: no", "no").0, "no");
    assert_eq!(answer("norm: 1_000", "1_000").0, "1_000");
}

#[test]
fn texts_need_no_quotes_and_other_answers_go_to_the_clause_reader() {
    let text = "kpis:\n  tel:\n    titel: Binnen €\n    definitie: |\n      Één.\n      Twee.\n    eigenaar: \"x\"\n    norm: geen\n";
    let (file, problems) = parse(text);
    assert_eq!(problems, vec![]);
    let Declaration::Kpi(kpi) = &file.declarations[0] else { panic!() };
    assert_eq!(kpi.name.value, "tel");
    assert_eq!(kpi.title.as_ref().map(|t| t.value.as_str()), Some("Binnen €"));
    let ClauseBody::Text(definition) = &kpi.clauses[0].body else { panic!() };
    assert_eq!(definition.value, "Één.\nTwee.");
    assert_eq!(&text[definition.span.range()], "Één.\n      Twee.");
    assert_eq!(&text[kpi.clauses[1].span.range()], "eigenaar: \"x\"");
    assert_eq!(kpi.clauses.len(), 3);
    assert_eq!(text[kpi.span.range()].trim_end(), text["kpis:\n  ".len()..].trim_end());
}

#[test]
fn all_mistakes_of_a_file_come_at_once() {
    let text = "gebruk: [\"std:a\"]\nparameters:\n  a: {type: duur, warde: 20 s}\n  b: [1]\n  c: = 3\nkpis:\n  k:\n    titel: [x]\n    berekning: aantal()\n    kleur: rood\n    norm: >= 80%\n    dimensies: {a: b}\n    meetmethode:\n    definitie: één\n    definitie: twee\n  l: iets\n  m: [x]\nbronsystemen:\n  p:\n    tabelen: {}\n    tabellen:\n      t:\n        waarbij: a = b\n        kolommen: {code: [x]}\n        eis: {}\nbijlage: x\n";
    let (file, problems) = parse(text);
    assert_eq!(
        told(text, &problems),
        [
            ("ML032", "gebruk"),
            ("ML032", "warde"),
            ("ML033", "[1]"),
            ("ML033", "c"),
            ("ML033", "[x]"),
            ("ML032", "berekning"),
            ("ML032", "kleur"),
            ("ML034", ">= 80%"),
            ("ML033", "{a: b}"),
            ("ML033", "meetmethode"),
            ("ML031", "definitie"),
            ("ML033", "iets"),
            ("ML033", "[x]"),
            ("ML032", "tabelen"),
            ("ML033", "waarbij"),
            ("ML033", "[x]"),
            ("ML032", "eis"),
            ("ML032", "bijlage"),
        ]
    );
    assert_eq!(problems[5].help, ["bedoelde u `berekening`?"]);
    assert_eq!(problems[5].replacement.as_ref().map(|r| r.text.as_str()), Some("berekening"));
    assert!(matches!(&file.declarations[0], Declaration::Use(u) if u.value == "std:a"));
    // Parameters that could not be read keep their names.
    assert_eq!(file.declarations.len(), 8);
    for d in &problems {
        assert!(d.message.chars().next().is_some_and(|c| !c.is_uppercase()) && !d.message.ends_with('.'), "{d:?}");
    }
}

#[test]
fn a_misspelt_clause_is_not_missing_as_well() {
    let (file, _) = parse("kpis:\n  k:\n    berekning: aantal()\n");
    assert_eq!(clauses(&file)[0].word.value, ClauseWord::Calculation);
    assert_eq!(clauses(&file)[0].body, ClauseBody::Broken);
    let (file, _) = parse("kpis:\n  k: iets\n");
    assert_eq!(clauses(&file).len(), 6);
}

#[test]
fn parameters_have_two_forms() {
    let mut sink = Sink::default();
    let text = "a: {type: duur, waarde: 20 s}\nb: duur = 20 s\nc: score(1..10)\nd: \"tekst = \\\"é\\\"\"\n";
    let root = node::read(FILE, text, &mut sink).expect("a tree");
    let found: Vec<_> = shape::entries(&root, "", "", &mut sink)
        .expect("entries")
        .iter()
        .map(|e| parameter_texts(e, &mut sink).expect("texts"))
        .map(|(ty, value)| (ty.map(|f| text[f.whole().range()].to_owned()), value.map(|f| f.text)))
        .collect();
    assert!(sink.is_empty());
    let pair = |a: &str, b: Option<&str>| (Some(a.to_owned()), b.map(str::to_owned));
    assert_eq!(
        found,
        [
            pair("duur", Some("20 s")),
            pair("duur", Some("20 s")),
            pair("score(1..10)", None),
            pair("tekst", Some("\"é\"")),
        ]
    );
}

#[test]
fn derived_tables_and_adjustments() {
    let text = "bronsystemen:\n  acd:\n    titel: Centrale\n    tabellen:\n      reeks: {uit: acd.gesprek, per: [beller, `x y`]}\n      r2: {uit: gesprek, per: \"beller, team\", eisen: {}}\naanpassingen:\n  k: {norm: geen, titel: x}\n";
    let (file, problems) = parse(text);
    assert_eq!(told(text, &problems), [("ML035", "`x y`"), ("ML032", "titel")]);
    let Declaration::Source(source) = &file.declarations[0] else { panic!() };
    let derived = source.tables[0].derived.as_ref().expect("derived");
    assert_eq!(derived.base.text(), "acd.gesprek");
    assert_eq!(&text[derived.base.segments[1].span.range()], "gesprek");
    assert_eq!(derived.keys.iter().map(|k| k.value.as_str()).collect::<Vec<_>>(), ["beller", "x y"]);
    let derived = source.tables[1].derived.as_ref().expect("derived");
    assert_eq!(&text[derived.keys[1].span.range()], "team");
}

#[test]
fn a_name_in_back_ticks_needs_quotes_as_a_key() {
    let text = "bronsystemen:\n  a:\n    tabellen:\n      t:\n        kolommen:\n          `tot`: datum\n          \"`van`\": datum\n";
    let (file, problems) = parse(text);
    assert_eq!(told(text, &problems), [("ML035", "`tot`")]);
    let Declaration::Source(source) = &file.declarations[0] else { panic!() };
    assert_eq!(source.tables[0].columns.iter().map(|c| c.name.value.as_str()).collect::<Vec<_>>(), ["tot", "van"]);
}

#[test]
fn a_number_sign_that_cuts_a_text_is_a_warning() {
    let text = "kpis:\n  k:\n    definitie: Zie besluit #12 é\n    eigenaar: KCC # niet meer waar\n";
    let (_, problems) = parse(text);
    assert_eq!(told(text, &problems), [("ML037", "#12 é")]);
    assert_eq!(problems[0].replacement.as_ref().map(|r| r.text.as_str()), Some("\"Zie besluit #12 é\""));
}

#[test]
fn the_example_of_the_language_page_is_clean() {
    let text = r#"gebruik: ["std:bronnen/acd"]
parameters:
  wachtnorm: {type: duur, waarde: 20 s}
bronsystemen:
  personeel:
    titel: Personeelssysteem
    tabellen:
      team:
        kolommen:
          code: tekst sleutel
          afdeling: tekst?
          bezetting: "= fte * 36 uur"
        eisen:
          bezetting is positief: bezetting >= 0 uur
kpis:
  telefoon_servicelevel:
    titel: Percentage binnen service level (telefoon)
    definitie: Deel van de aangeboden gesprekken dat binnen de afgesproken wachttijd is opgenomen.
    berekening: percentage(wachttijd <= wachtnorm, leeg telt als nee)
    bronsysteem: acd.gesprek waarbij richting = "inkomend"
    meetmethode: automatisch, per maand op binnenkomst, minimaal 30 waarnemingen
    dimensies: [team, onderwerp, uur(binnenkomst) als dagdeel]
    norm: [">= 80% vanaf 2026-01-01", ">= 90% vanaf 2028-01-01", "bijna >= 75%"]
    eigenaar: Teamleider KCC
    klantketen: klantcontact
"#;
    let (file, problems) = parse(text);
    assert_eq!(problems, vec![]);
    assert!(file.declarations.iter().any(|d| matches!(d, Declaration::Kpi(k) if k.clauses.len() == 8)));
    let crlf = text.replace('\n', "\r\n");
    assert_eq!(parse(&crlf).1, vec![]);
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        parse(&text);
    }

    #[test]
    fn file_like_text_never_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "kpis:", "parameters:", "bronsystemen:", "gebruik:", "aanpassingen:", "tabellen:", "kolommen:", "eisen:", "uit: ", "per: ",
        "norm: ", "titel: ", "definitie: ", "dimensies: ", "\n", "\n  ", "\n    ", "\n      ", "a: ", "é: ", "- ", "[a, b]", "{a: b}",
        ">= 80%", "geen", "= 3", "x(", ")", ".", ",", "`", "\"", "#1", " #1",
    ]), 0..24)) {
        let text = parts.concat();
        for d in parse(&text).1 {
            prop_assert!(d.span.is_some_and(|s| text.get(s.range()).is_some()), "{d:?}");
        }
    }
}
