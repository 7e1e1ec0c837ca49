//! Mistakes: which messages they give, where, and what is read in spite of them.

use super::*;

#[test]
fn all_mistakes_in_one_go() {
    let text = "kpi a \"A\" {\n  definitie \"open\n  berekening percentage(x <= 20 s\n  bronsysteem acd.gesprek\n  \
                norm >= 0,5\n  eigenar \"x\"\n}\nkpi b \"B\" {\n  berekening a en b of c\n  norm >= 80% vanaf 2026-1-1\n}\n";
    let found = mistakes(text);
    let codes: Vec<&str> = found.iter().map(|m| m.0).collect();
    assert_eq!(codes, ["ML004", "ML009", "ML005", "ML003", "ML008", "ML006"]);
    let (file, _) = read(text);
    // The misspelt `eigenar` stays as a broken `eigenaar`.
    assert_eq!(kpis(&file)[0].clauses.len(), 5);
    assert_eq!(kpis(&file)[0].clauses[4].word.value, ClauseWord::Owner);
    assert!(matches!(kpis(&file)[0].clauses[2].body, ClauseBody::Sources(_)));
    assert_eq!(kpis(&file)[0].clauses[1].body, ClauseBody::Broken);
}

#[test]
fn a_missing_brace_does_not_swallow_what_follows() {
    let text = "kpi a \"A\" {\n  definitie \"x\"\nkpi b \"B\" { norm = 1 }\nbronsysteem s {\n tabel t {\n  a tekst\n tabel u {\n  b tekst\n }\nparameter p: duur";
    assert_eq!(mistakes(text), [("ML007", "{".into()), ("ML007", "{".into()), ("ML007", "{".into())]);
    let (file, _) = read(text);
    assert_eq!(file.declarations.len(), 4);
    assert_eq!(sources(&file)[0].tables.len(), 2);
}

#[test]
fn an_unclosed_text_does_not_swallow_what_follows() {
    for text in [
        "kpi a \"A {\n  definitie \"x\"\n}\nkpi b \"B\" { norm = 1 }",
        "kpi a \"A\" { definitie \"x }\nkpi b \"B\" { norm = 1 }",
        "kpi a \"A\" {\n  definitie \"\"\" x\n  y \n}\nkpi b \"B\" { norm = 1 }",
        "kpi a \"A\" {\n definitie \"\"\" x\n toelichting \"\"\" y \"\"\"\n}\nkpi b \"B\" { norm = 1 }",
    ] {
        let (file, diagnostics) = read(text);
        assert_eq!(diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), ["ML004"], "{text}");
        assert_eq!(kpis(&file).len(), 2, "{text}");
    }
}

#[test]
fn unknown_declarations_are_skipped_whole() {
    let text = "vlak d \"D\" { droom \"x\" }\nkpii x \"X\" { norm = 1 }\n\
                proef \"t\" {\n kpi a\n parameter n = 3\n gegeven b.t\n | a | 'b |\n}\n}\nkpi a \"A\" { norm = 1 }";
    let codes: Vec<_> = mistakes(text);
    let expected = ["vlak", "kpii", "proef"].map(|w| ("ML002", w.to_owned()));
    assert_eq!(codes[..3], expected);
    assert_eq!(codes[3..], [("ML007", "}".to_owned())]);
    // The misspelt one is read all the same.
    assert_eq!(kpis(&read(text).0).len(), 2);
}

#[test]
fn a_broken_column_keeps_its_name_and_its_neighbours() {
    let text = "bronsysteem s { tabel t {\n a tekst sleutl\n b tekst ->\n c = x +\n d = y\n e tekst in (\"a\", \"b\"\n \
                3 tekst\n tot tekst\n f tekst geldig\n eis \"x\" a > b\n g tekst\n} }";
    let codes: Vec<_> = mistakes(text).into_iter().map(|m| m.0).collect();
    assert_eq!(codes, ["ML020", "ML001", "ML001", "ML009", "ML001", "ML016", "ML020", "ML001"]);
    let (file, _) = read(text);
    let columns = &sources(&file)[0].tables[0].columns;
    let names: Vec<_> = columns.iter().map(|c| (c.name.value.as_str(), c.kind == ColumnKind::Broken)).collect();
    assert_eq!(names, [("a", true), ("b", true), ("c", true), ("d", false), ("e", true), ("f", true), ("g", false)]);
}

#[test]
fn a_broken_head_keeps_its_name() {
    let (file, diagnostics) =
        read("kpi a geldig { norm = 1 }\nkpi b \"B\" \"C\" { norm = 1 }\nkpi c \"C\"\n norm = 1\n}");
    assert_eq!(diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), ["ML001", "ML001", "ML007"]);
    assert!(kpis(&file).iter().all(|kpi| kpi.clauses.len() == 1) && kpis(&file).len() == 3);
}

#[test]
fn an_unreadable_parameter_or_requirement_keeps_its_name() {
    let text = "parameter n: duur = 10 sec\nparameter m = 3\nparameter o: duur\nbronsysteem s { tabel t {\n a tekst\n \
                eis \"x\": a >> 3\n eis twee woorden: a = 3\n eis tekst\n} }";
    let codes: Vec<_> = mistakes(text).into_iter().map(|m| m.0).collect();
    assert_eq!(codes, ["ML015", "ML001", "ML001", "ML001"]);
    let (file, _) = read(text);
    let parameters: Vec<_> = file
        .declarations
        .iter()
        .filter_map(|d| match d {
            Declaration::Parameter(def) => Some((def.name.value.as_str(), def.kind == ParameterKind::Broken)),
            _ => None,
        })
        .collect();
    assert_eq!(parameters, [("n", true), ("m", true), ("o", false)]);
    let table = &sources(&file)[0].tables[0];
    let named: Vec<_> = table.requirements.iter().map(|r| (r.name.value.as_str(), r.condition.is_none())).collect();
    assert_eq!(named, [("x", true), ("twee", true)]);
    assert_eq!(table.columns.len(), 2);
}

#[test]
fn a_title_that_takes_the_brace_leaves_the_body() {
    let text = "bronsysteem s \"S {\n tabel t \"Rij {  // x\n a tekst\n b datum\n }\n}\nkpi k \"K {\n norm = 1\n}";
    assert_eq!(mistakes(text).into_iter().map(|m| m.0).collect::<Vec<_>>(), ["ML004"; 3]);
    let (file, _) = read(text);
    assert_eq!(sources(&file)[0].tables[0].columns.len(), 2);
    assert_eq!(kpis(&file)[0].clauses.len(), 1);
}

#[test]
fn replacements_mend() {
    let mend =
        |body: &str| mended(&format!("kpi a \"A\" {{ {body} }}")).replace("kpi a \"A\" { ", "").replace(" }", "");
    assert_eq!(mend("norm >= 0,5"), "norm >= 0.5");
    assert_eq!(mend("norm >= 1.000.000"), "norm >= 1_000_000");
    assert_eq!(mend("norm >= 1 vanaf 2026-1-1"), "norm >= 1 vanaf 2026-01-01");
    assert_eq!(mend("norm >= 1 vanaf 31-12-2026"), "norm >= 1 vanaf 2026-12-31");
    assert_eq!(mend("norm >= 5 sec"), "norm >= 5 s");
    assert_eq!(mend("norm ≥ 5"), "norm >= 5");
    assert_eq!(mend("norm: >= 5"), "norm >= 5");
    assert_eq!(mend("berekening f(a; b)"), "berekening f(a, b)");
    assert_eq!(mend("berekening f(a = leeg)"), "berekening f(a is leeg)");
    assert_eq!(mend("berekening f(0 < x < 10)"), "berekening f(0 < x en x < 10)");
    assert_eq!(mend("berekening f(a of b en c)"), "berekening f(a of (b en c))");
    assert_eq!(mend("berekening f(a"), "berekening f(a)");
    assert_eq!(mend("eigenaar “Jan”"), "eigenaar \"Jan\"");
    assert_eq!(mend("eigenaar “Hij \"ja\"”"), "eigenaar \"Hij \\\"ja\\\"\"");
    assert_eq!(mend("eigenaar Jan"), "eigenaar \"Jan\"");
    assert_eq!(mend("eigenar \"Jan\""), "eigenaar \"Jan\"");
    assert_eq!(mend("dimensies tot"), "dimensies `tot`");
    assert_eq!(mend("toelichting \"C:\\data\""), "toelichting \"C:\\\\data\"");
    assert_eq!(mend("klantketen a b"), "klantketen a, b");
    assert_eq!(mend("dimensies a, b,"), "dimensies a, b");
    assert_eq!(mend("definitie \"x\",\n norm = 1"), "definitie \"x\"\n norm = 1");
    assert_eq!(mend("meetmethode automatisch per maand op t"), "meetmethode automatisch, per maand op t");
    assert_eq!(mend("meetmethode automatisch, per maand op t, b.c"), "meetmethode automatisch, per maand op t en b.c");
    assert_eq!(mend("meetmethode automatish"), "meetmethode automatisch");
    assert_eq!(mend("meetmethode automatisch, per mand op t"), "meetmethode automatisch, per maand op t");
}

#[test]
fn expression_mistakes() {
    for (text, code) in [
        ("a <", "ML001"),
        ("f(a", "ML009"),
        ("a)", "ML009"),
        ("a en b of c", "ML008"),
        ("a < b < c", "ML014"),
        ("a is leeg = b", "ML014"),
        ("1 = 5 jaar", "ML015"),
        ("a + tussen", "ML016"),
        ("a # b", "ML017"),
        ("aantal() per klant", "ML128"),
        ("aantal(per klant)", "ML128"),
        ("f(x per klant per team)", "ML026"),
        ("(aantal() per klant) + 1", "ML128"),
        ("f(x waarbij a waarbij b)", "ML026"),
        ("2026-02-30", "ML006"),
        ("2026-01-01 25:00", "ML006"),
        ("1__0", "ML005"),
        ("a per 1.000 b", "ML005 ML019"),
        ("`a", "ML004"),
        ("x per 7 dagen", "ML005"),
        ("99999999999999999999 per 99999999999999999999", "ML005"),
        ("", "ML001"),
    ] {
        assert_eq!(grouped(text), code, "{text}");
    }
}

#[test]
fn deep_nesting_is_a_message() {
    for text in [
        format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000)),
        "(".repeat(10_000),
        format!("{}a", "niet ".repeat(10_000)),
        format!("{}a", "-".repeat(10_000)),
        format!("a{}", " + a".repeat(10_000)),
        format!("a{}", " per 10".repeat(10_000)),
    ] {
        assert_eq!(grouped(&text), "ML010");
    }
    assert!(expression(&format!("{}a{}", "f((-".repeat(20), "))".repeat(20))).is_ok());
    assert!(expression(&format!("a{}", " en a".repeat(10_000))).is_ok());
}

#[test]
fn messages_keep_the_house_style() {
    let text = "kpi a \"A\" {\n berekening f(1 2)\n norm >= 5 - 3\n dimensies a b\n foo \"x\"\n meetmethode x, per y op z\n}\nfoo\n";
    for diagnostic in read(text).1 {
        for line in std::iter::once(&diagnostic.message).chain(&diagnostic.help) {
            assert!(!line.ends_with('.') && !line.contains('\n'), "{line}");
            assert!(!line.chars().next().is_some_and(char::is_uppercase), "{line}");
            assert!(!line.contains('_') || line.contains('`') || line.contains("kpi_soort"), "{line}");
        }
        assert!(!diagnostic.message.contains("een tekst of een naam of"));
    }
}

#[test]
fn the_other_entry_points() {
    let mut sink = Sink::default();
    let name = Spanned::new("x".to_owned(), Span::new(ID, 0..1));
    let body = Fragment::verbatim(ID, "tekst? -> team.code", 3);
    let column = parse_column(name.clone(), &body, &mut sink).unwrap();
    assert_eq!((column.options.len(), column.span.range()), (2, 0..22));
    let derived = parse_column(name, &Fragment::verbatim(ID, "= fte * 36 uur", 3), &mut sink).unwrap();
    assert!(matches!(derived.kind, ColumnKind::Derived(_)));
    let ty = parse_type(&Fragment::verbatim(ID, " score(0..5) ", 0), &mut sink).unwrap();
    assert_eq!((ty.kind, ty.span.range()), (TypeWord::Score(0.0, 5.0), 1..12));
    assert_eq!(
        parse_type(&Fragment::verbatim(ID, "teskt", 0), &mut sink).unwrap().kind,
        TypeWord::Unknown("teskt".into())
    );
    assert!(sink.is_empty());
    for word in ClauseWord::ALL {
        assert_eq!(clause(word, " ").1, ["ML001"]);
    }
    assert_eq!(clause(ClauseWord::Source, "afgeleid").1, [""; 0]);
    assert!(parse_type(&Fragment::verbatim(ID, "", 0), &mut sink).is_none() && sink.len() == 1);
}

#[test]
#[ignore = "takes seconds; for measuring"]
fn reading_time() {
    let one = EXAMPLE.split("kpi telefoon").nth(1).and_then(|t| t.split("bronsysteem acd \"").next()).unwrap();
    for count in [2_500, 5_000, 10_000] {
        let text = (0..count).fold(String::new(), |text, i| text + "kpi k" + &i.to_string() + one);
        let broken = text.replace("leeg telt als nee)", "leeg telt als nee");
        for text in [text, broken] {
            let start = std::time::Instant::now();
            let (file, diagnostics) = read(&text);
            let (length, time) = (text.len(), start.elapsed());
            println!("{length} bytes: {time:?}, {} kpis, {} messages", kpis(&file).len(), diagnostics.len());
        }
    }
    for text in [
        "\"\"\" x\n".repeat(300_000),
        "{".repeat(300_000),
        "a \n".repeat(300_000),
        "kpi a {".repeat(100_000),
        "(".repeat(300_000),
    ] {
        let start = std::time::Instant::now();
        let (_, diagnostics) = read(&text);
        println!("{:?}: {:?}, {} messages", &text[..4], start.elapsed(), diagnostics.len());
    }
}

#[test]
fn reading_time_grows_with_the_text() {
    let one = EXAMPLE.split("kpi telefoon").nth(1).and_then(|t| t.split("bronsysteem acd \"").next()).unwrap();
    let text = (0..300).fold(String::new(), |text, i| format!("{text}kpi k{i}{one}"));
    assert_eq!(kpis(&good(&text)).len(), 300);
}
