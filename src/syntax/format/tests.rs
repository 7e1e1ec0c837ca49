//! Formatting keeps what a file says, whatever it looks like.

use super::*;

fn formatted(text: &str, from: Notation, to: Notation) -> String {
    let mut sink = Sink::default();
    let found = format(SourceId(0), text, from, to, &mut sink);
    found.unwrap_or_else(|| panic!("{:?}\n{text}\n{}", sink.into_sorted(), unlike_text(text, from, to)))
}

/// What would have been written, and what it says otherwise.
fn unlike_text(text: &str, from: Notation, to: Notation) -> String {
    let mut sink = Sink::default();
    let file = from.parse(SourceId(0), text, &mut sink);
    let mut page = match from {
        Notation::Kpi => from_kpi::read(text, &file),
        Notation::Yaml => from_yaml::read(SourceId(0), text, &file, from == to, &mut sink).expect("an outline"),
    };
    settle::settle(&mut page);
    let written = match to {
        Notation::Kpi => to_kpi::write(&page),
        Notation::Yaml => to_yaml::write(&page),
    };
    let mut sink = Sink::default();
    let again = to.parse(SourceId(0), &written, &mut sink);
    let (a, b) = (same::meaning(&file), same::meaning(&again));
    let at = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(80);
    let part = |s: &str| s.chars().skip(at).take(300).collect::<String>();
    format!("{written}\n{:?}\n{}\n{}", sink.into_sorted(), part(&a), part(&b))
}

#[test]
fn clauses_come_in_their_order_with_their_remarks() {
    let text = "kpi a \"A\" {\n// n\nnorm geen\neigenaar \"x\" // e\ndefinitie \"D.\"\n// end\n}";
    let wanted = "kpi a \"A\" {\n    definitie     \"D.\"\n    // n\n    norm          geen\n\n    \
                  eigenaar        \"x\"  // e\n    // end\n}\n";
    assert_eq!(formatted(text, Notation::Kpi, Notation::Kpi), wanted);
}

#[test]
fn a_long_list_of_values_does_not_move_the_names_in_the_source() {
    let text = r#"bronsysteem b {
    tabel t {
        soort  tekst   in ("aanvraag omgevingsvergunning", "melding openbare ruimte", "verhuizing doorgeven",
                           "paspoort aanvragen")   bron "Soort"
        kort   tekst   in ("a", "b")   bron "Kort"
        n      geheel  bron "N"
    }
}
"#;
    let wanted = r#"bronsysteem b {
    tabel t {
        soort   tekst   in ("aanvraag omgevingsvergunning", "melding openbare ruimte",
                            "verhuizing doorgeven", "paspoort aanvragen")  bron "Soort"
        kort    tekst   in ("a", "b")   bron "Kort"
        n       geheel                  bron "N"
    }
}
"#;
    assert_eq!(formatted(text, Notation::Kpi, Notation::Kpi), wanted);
    assert_eq!(formatted(wanted, Notation::Kpi, Notation::Kpi), wanted);
}

#[test]
fn a_line_ends_before_a_comparison_not_behind_it() {
    let long = "gemiddelde_doorlooptijd_van_alle_zaken_samen";
    let text = format!(
        "kpi a \"A\" {{\nberekening percentage(doorlooptijd_van_de_zaak_in_dagen_van_de_gemeente >= {long})\nnorm >= 80%\n}}\n"
    );
    let wanted = format!(
        "kpi a \"A\" {{\n    berekening    percentage(\n                      \
         doorlooptijd_van_de_zaak_in_dagen_van_de_gemeente\n                          \
         >= {long}\n                  )\n    norm          >= 80%\n}}\n"
    );
    assert_eq!(formatted(&text, Notation::Kpi, Notation::Kpi), wanted);
    // Behind the bracket that ends what stands before it, it goes on.
    let text = format!(
        "kpi a \"A\" {{\nberekening percentage(eerste_gevuld(doorlooptijd_van_de_zaak_in_dagen, {long}) >= {long})\n}}\n"
    );
    let written = formatted(&text, Notation::Kpi, Notation::Kpi);
    assert!(written.contains(&format!("                      ) >= {long}\n")), "{written}");
}

/// The one message about a text that has no form.
fn refused(text: &str, from: Notation, to: Notation) -> (&'static str, String, Option<String>) {
    let mut sink = Sink::default();
    assert_eq!(format(SourceId(0), text, from, to, &mut sink), None);
    let told = sink.into_sorted();
    let [only] = told.as_slice() else { panic!("{told:?}") };
    let marked = only.span.and_then(|span| text.get(span.range()));
    (only.code, only.message.clone(), marked.map(str::to_owned))
}

#[test]
fn declarations_keep_their_order_in_yaml() {
    let text = "kpi a \"A\" {\n    norm          geen\n}\n\nparameter p: duur = 20 s\n\n// over b\n\n\
                kpi b \"B\" {\n    norm          geen\n}\n";
    let yaml = "kpis:\n  a:\n    titel: A\n    norm: geen\n\nparameters:\n  p: {type: duur, waarde: 20 s}\n\n\
                ---\n# over b\nkpis:\n  b:\n    titel: B\n    norm: geen\n";
    assert_eq!(formatted(text, Notation::Kpi, Notation::Yaml), yaml);
    assert_eq!(formatted(yaml, Notation::Yaml, Notation::Kpi), text);
    // A part that need not be there goes, as it does in `.kpi`.
    let apart = "kpis:\n  a:\n    titel: A\n---\nkpis:\n  b:\n    titel: B\n";
    assert_eq!(formatted(apart, Notation::Yaml, Notation::Yaml).matches("---").count(), 0);
}

#[test]
fn a_declaration_may_be_there_twice() {
    let text = "parameter p: duur = 20 s\nparameter p: duur = 30 s\n";
    let yaml = "parameters:\n  p: {type: duur, waarde: 20 s}\n\n---\nparameters:\n  p: {type: duur, waarde: 30 s}\n";
    assert_eq!(formatted(text, Notation::Kpi, Notation::Yaml), yaml);
    assert_eq!(formatted(yaml, Notation::Yaml, Notation::Kpi), text);
}

#[test]
fn what_opens_a_yaml_file_stays_or_is_refused() {
    let own = |text: &str| formatted(text, Notation::Yaml, Notation::Yaml);
    let kpis = "kpis:\n  a:\n    titel: A\n";
    assert_eq!(own(&format!("---\n{kpis}")), format!("---\n{kpis}"));
    assert_eq!(
        own(&format!("# boven\n--- # achter\n# onder\n{kpis}")),
        format!("---\n# boven\n# achter\n# onder\n\n{kpis}")
    );
    assert_eq!(formatted(&format!("---\n{kpis}"), Notation::Yaml, Notation::Kpi), "kpi a \"A\" {\n}\n");
    for sign in ["%YAML 1.2", "..."] {
        let text = if sign == "..." { format!("{kpis}...\n") } else { format!("{sign}\n---\n{kpis}") };
        let (code, _, marked) = refused(&text, Notation::Yaml, Notation::Yaml);
        assert_eq!((code, marked.as_deref()), ("ML053", Some(sign)));
        assert_eq!(formatted(&text, Notation::Yaml, Notation::Kpi), "kpi a \"A\" {\n}\n");
    }
    // In a text these are text.
    let text = "kpis:\n  a:\n    titel: A\n    toelichting: |\n      ...\n      %\n";
    assert_eq!(own(text), text);
}

#[test]
fn what_yaml_cuts_off_keeps_its_place() {
    let text = "kpis:\n  a:\n    titel: A\n    eigenaar: KCC #12\n";
    assert!(formatted(text, Notation::Yaml, Notation::Yaml).contains("eigenaar: KCC  #12\n"));
    assert!(formatted(text, Notation::Yaml, Notation::Kpi).contains("eigenaar        \"KCC\"  // 12\n"));
}

#[test]
fn what_yaml_cannot_say_is_pointed_at() {
    let table = |lines: &str| format!("bronsysteem b {{\n    tabel t {{\n        a  tekst\n{lines}    }}\n}}\n");
    let cases = [
        (table("eis \"x\": a = \"1\"\n eis \"x\": a = \"2\"\n"), "\"x\"", "een tweede keer"),
        (table("b tekst\na geheel\n"), "a", "een tweede keer"),
        ("kpi a \"A\" {\n norm geen\n norm >= 80%\n}\n".to_owned(), "norm", "een tweede keer"),
        ("kalender g {\n gesloten 2026-12-24\n gesloten 2026-12-31 \"x\"\n}\n".to_owned(), "gesloten", "zonder reden"),
        ("dimensie d \"D\" {\n leden x, y\n x = \"1\"\n x = \"2\"\n}\n".to_owned(), "x", "een tweede keer"),
    ];
    for (text, wanted, words) in cases {
        let (code, message, marked) = refused(&text, Notation::Kpi, Notation::Yaml);
        assert_eq!((code, marked.as_deref()), ("ML054", Some(wanted)), "{message}\n{text}");
        assert!(message.contains(words), "{message}");
    }
}

/// Words of an expression, in any nesting, with what may stand between them.
mod expressions {
    use proptest::prelude::*;

    use super::*;

    fn atom() -> impl Strategy<Value = Vec<String>> {
        let words = [
            "a",
            "team.afdeling",
            "`tot`",
            "norm",
            "`Datum ontvangst`",
            "12",
            "1_000",
            "80%",
            "20 s",
            "€ 4.50",
            "2026-01-01",
            "2026-01-01 08:30",
            "\"tekst\"",
            "\"met // erin\"",
            "ja",
            "peilmoment",
            "`gewoon`",
            "café",
        ];
        prop::sample::select(words.to_vec()).prop_map(|word| vec![word.to_owned()])
    }

    fn joined(parts: Vec<Vec<String>>, between: &str) -> Vec<String> {
        let mut all = Vec::new();
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                all.extend(between.split(' ').filter(|w| !w.is_empty()).map(str::to_owned));
            }
            all.extend(part);
        }
        all
    }

    fn in_brackets(inner: Vec<String>) -> Vec<String> {
        joined(vec![vec!["(".to_owned()], inner, vec![")".to_owned()]], "")
    }

    fn call(name: &str, inner: Vec<String>) -> Vec<String> {
        // A name and its bracket stand on one line.
        let mut all = vec![format!("{name}(")];
        all.extend(inner);
        all.push(")".to_owned());
        all
    }

    /// An expression of which every part that could be misread stands in brackets.
    fn expression() -> impl Strategy<Value = Vec<String>> {
        atom().prop_recursive(4, 40, 4, |inner| {
            let two = || (inner.clone(), inner.clone());
            let sign = prop::sample::select(vec!["=", "<>", "<=", ">", "+", "-", "*", "/"]);
            prop_oneof![
                (two(), sign).prop_map(|((a, b), sign)| joined(vec![in_brackets(a), in_brackets(b)], sign)),
                (prop::collection::vec(inner.clone(), 2..4), any::<bool>()).prop_map(|(list, and)| {
                    joined(list.into_iter().map(in_brackets).collect(), if and { "en" } else { "of" })
                }),
                two().prop_map(|(a, b)| {
                    let range = joined(vec![in_brackets(b), vec!["9".into()]], "en");
                    joined(vec![in_brackets(a), range], "tussen")
                }),
                inner.clone().prop_map(|a| joined(vec![vec!["niet".into()], in_brackets(a)], "")),
                inner.clone().prop_map(|a| joined(vec![vec!["-".into()], in_brackets(a)], "")),
                inner
                    .clone()
                    .prop_map(|a| joined(vec![in_brackets(a), vec!["is".into(), "niet".into(), "leeg".into()]], "")),
                (inner.clone(), prop::collection::vec(atom(), 1..5)).prop_map(|(a, list)| {
                    joined(vec![in_brackets(a), vec!["in".into()], in_brackets(joined(list, ","))], "")
                }),
                (two(), inner.clone()).prop_map(|((a, b), c)| call("als", joined(vec![a, b, c], ","))),
                two().prop_map(|(a, b)| call("percentage", joined(vec![a, in_brackets(b)], "waarbij"))),
                inner.clone().prop_map(|a| call("aantal", joined(vec![vec!["waarbij".into()], a], ""))),
                inner.clone().prop_map(|a| joined(
                    vec![call("som", a), vec!["per".into(), "1000".into()], vec!["b".into()]],
                    ""
                )),
            ]
        })
    }

    fn spread(words: &[String], seeds: &[u8]) -> String {
        let mut text = String::new();
        for (index, word) in words.iter().enumerate() {
            text.push_str(word);
            text.push_str(match seeds.get(index).map_or(0, |seed| seed % 8) {
                0..=3 => " ",
                4 => "\n",
                5 => "  \t ",
                6 => " // een opmerking\n",
                _ => "\n// erboven\n",
            });
        }
        text
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// Whatever stands between the words: the form says the same, is done after one time, keeps the remarks, and
        /// comes back from the other notation.
        #[test]
        fn any_expression_in_any_layout(words in expression(), seeds in prop::collection::vec(any::<u8>(), 0..200)) {
            let text = format!("kpi a \"A\" {{\n  berekening {}\n  norm geen\n}}", spread(&words, &seeds));
            let mut sink = Sink::default();
            Notation::Kpi.parse(SourceId(0), &text, &mut sink);
            prop_assume!(!sink.has_errors());
            let once = formatted(&text, Notation::Kpi, Notation::Kpi);
            prop_assert_eq!(&once, &formatted(&once, Notation::Kpi, Notation::Kpi));
            prop_assert_eq!(text.matches("opmerking").count(), once.matches("opmerking").count());
            let there = formatted(&text, Notation::Kpi, Notation::Yaml);
            prop_assert_eq!(&there, &formatted(&there, Notation::Yaml, Notation::Yaml));
            let back = formatted(&there, Notation::Yaml, Notation::Kpi);
            prop_assert_eq!(text.matches("erboven").count(), back.matches("erboven").count());
            prop_assert_eq!(&back, &formatted(&back, Notation::Kpi, Notation::Kpi));
        }
    }
}
