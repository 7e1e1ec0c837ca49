//! Tests of the `.kpi` notation as a whole: what is read, where it stands, and which mistakes give which messages.

use super::*;
use crate::calendar::PeriodKind;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::ast::{
    Arg, ColumnKind, ColumnOption, Declaration, EmptyRule, ExprKind, GroupKeys, KpiDef, Literal, NormItem,
    ParameterKind, Path, SourceDef, Test, TypeWord, Unit,
};
use proptest::prelude::*;

const ID: SourceId = SourceId(0);

/// The example of the language contract, first half.
const EXAMPLE: &str = r#"gebruik "std:bronnen/acd"                       // the shipped library
parameter wachtnorm: duur = 20 s                // a project can override it
parameter xdagen: werkdagen

kpi telefoon_servicelevel "Percentage binnen service level (telefoon)" {
    definitie     "Deel van de gesprekken dat binnen de wachttijd is opgenomen."
    berekening    percentage(wachttijd <= wachtnorm, leeg telt als nee)   // wie ophangt
    bronsysteem   acd.gesprek waarbij richting = "inkomend"
    meetmethode   automatisch, per maand op binnenkomst, minimaal 30 waarnemingen
    dimensies     team, onderwerp, uur(binnenkomst) als dagdeel
    norm          >= 80% vanaf 2026-01-01
                  >= 90% vanaf 2028-01-01
                  bijna >= 75%
    eigenaar        "Teamleider KCC"
    klantketen      klantcontact
    perspectief     klant                        // klant | intern
    kpi_soort       proces
    aspect          tijdigheid
    niveau          tactisch
    draagt_bij_aan  klanttevredenheid
    visualisatie    lijn
    toelichting     "Antwoord©-groeipad: 80 % bij de start."
}

bronsysteem acd "Telefooncentrale" {
    tabel gesprek "Eén rij per aangeboden oproep" {
        gesprek_id      tekst       sleutel
        binnenkomst     tijdstip    meetmoment
        laatste_keuze   tijdstip?
        nawerk          duur in s ?
        richting        tekst       in ("inkomend", "uitgaand")
        beller          tekst?      persoonsgegeven
        team            tekst?      -> personeel.team.code
        zaaktype        tekst?      bron "case:type"             // the physical column's name
        cijfer          score(1..10)?
        wachttijd       = opgenomen - eerste_gevuld(laatste_keuze, binnenkomst)
        eis "einde ligt na begin": beeindigd >= binnenkomst
    }
    tabel reeks uit gesprek waarbij team is gevuld per beller, team "Eén rij per beller" {
        eerste_keer     = minimum(binnenkomst)    meetmoment
        onderwerp       = laatste(onderwerp waarbij team is gevuld)
    }
}
aanpassing telefoon_servicelevel { norm geen "reden" eigenaar "Ander" }
"#;

fn read(text: &str) -> (File, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let file = parse_file(ID, text, &mut sink);
    (file, sink.into_sorted())
}

/// Reads a text without mistakes.
#[track_caller]
fn good(text: &str) -> File {
    let (file, diagnostics) = read(text);
    assert_eq!(diagnostics, [], "{text}");
    file
}

/// Codes with the text they point at.
fn mistakes(text: &str) -> Vec<(&'static str, String)> {
    let (_, diagnostics) = read(text);
    diagnostics.iter().map(|d| (d.code, at(text, d.span).to_owned())).collect()
}

fn at(text: &str, span: Option<Span>) -> &str {
    span.and_then(|span| text.get(span.range())).unwrap_or("<none>")
}

/// The text with the first message's replacement made.
fn mended(text: &str) -> String {
    let (_, diagnostics) = read(text);
    let replacement = diagnostics.iter().find_map(|d| d.replacement.clone()).expect("a replacement");
    let mut text = text.to_owned();
    text.replace_range(replacement.span.range(), &replacement.text);
    text
}

fn kpis(file: &File) -> Vec<&KpiDef> {
    file.declarations.iter().filter_map(|d| if let Declaration::Kpi(kpi) = d { Some(kpi) } else { None }).collect()
}

fn sources(file: &File) -> Vec<&SourceDef> {
    file.declarations.iter().filter_map(|d| if let Declaration::Source(s) = d { Some(s) } else { None }).collect()
}

fn clause(word: ClauseWord, body: &str) -> (ClauseBody, Vec<&'static str>) {
    let mut sink = Sink::default();
    let word = Spanned::new(word, Span::new(ID, 0..0));
    let body = parse_clause(word, &Fragment::verbatim(ID, body, 0), &mut sink);
    (body, sink.into_sorted().iter().map(|d| d.code).collect())
}

fn expression(text: &str) -> Result<Expr, Vec<&'static str>> {
    let mut sink = Sink::default();
    let expr = parse_expr(&Fragment::verbatim(ID, text, 0), &mut sink);
    expr.ok_or_else(|| sink.into_sorted().iter().map(|d| d.code).collect())
}

/// An expression with brackets around everything.
fn grouped(text: &str) -> String {
    match expression(text) {
        Ok(expr) => show(&expr),
        Err(codes) => codes.join(" "),
    }
}

fn keys(per: Option<&GroupKeys>) -> String {
    let list = |keys: &GroupKeys| keys.paths.iter().map(Path::text).collect::<Vec<_>>().join(",");
    per.map_or(String::new(), |keys| format!(" per [{}]", list(keys)))
}

fn show(expr: &Expr) -> String {
    let all = |list: &[Expr], word: &str| list.iter().map(show).collect::<Vec<_>>().join(word);
    match &expr.kind {
        ExprKind::Literal(Literal::Number(n)) => n.clone(),
        ExprKind::Literal(literal) => format!("{literal:?}"),
        ExprKind::Path(path) => path.text(),
        ExprKind::Not(x) => format!("(niet {})", show(x)),
        ExprKind::Negate(x) => format!("(-{})", show(x)),
        ExprKind::And(list) => format!("({})", all(list, " en ")),
        ExprKind::Or(list) => format!("({})", all(list, " of ")),
        ExprKind::Compare(a, sign, b) => format!("({} {} {})", show(a), sign.value.sign(), show(b)),
        ExprKind::Arithmetic(a, sign, b) => format!("({} {} {})", show(a), sign.value.sign(), show(b)),
        ExprKind::In { value, negated, list } => format!("({} in{negated} {})", show(value), all(list, ",")),
        ExprKind::Between { value, negated, low, high } => {
            format!("({} tussen{negated} {} en {})", show(value), show(low), show(high))
        }
        ExprKind::IsEmpty { value, filled } => format!("({} is {filled})", show(value)),
        ExprKind::Call { name, args } => {
            let args = args.iter().map(|arg| match arg {
                Arg::Value { expr, on, of, filter, per, .. } => {
                    let on = on.as_ref().map(|p| format!(" op {}", p.text())).unwrap_or_default();
                    let of = of.as_ref().map(|e| format!(" van {}", show(e))).unwrap_or_default();
                    let filter = filter.as_ref().map(|e| format!(" waarbij {}", show(e))).unwrap_or_default();
                    format!("{}{on}{of}{filter}{}", show(expr), keys(per.as_ref()))
                }
                Arg::Where { filter, per, .. } => format!("waarbij {}{}", show(filter), keys(per.as_ref())),
                Arg::EmptyCounts { rule, .. } => format!("leeg {rule:?}"),
                Arg::DueBy { expr, .. } => format!("uiterlijk {}", show(expr)),
                Arg::Within { expr, .. } => format!("binnen {}", show(expr)),
                Arg::Basis { period, .. } => format!("basis {period}"),
            });
            format!("{}({})", name.value, args.collect::<Vec<_>>().join(", "))
        }
        ExprKind::Per { value, number, base } => {
            let base = base.as_ref().map(|b| format!(" {}", show(b))).unwrap_or_default();
            format!("({} per {}{base})", show(value), number.value)
        }
    }
}

// ------------------------------------------------------------------------------------------------ what is read

#[test]
fn the_contract_example_is_read_whole() {
    let file = good(EXAMPLE);
    assert_eq!(file.declarations.len(), 6);
    let kpi = kpis(&file)[0];
    assert_eq!(kpi.clauses.iter().map(|c| c.word.value).collect::<Vec<_>>(), ClauseWord::ALL);
    assert!(kpi.clauses.iter().all(|c| c.body != ClauseBody::Broken));
    assert_eq!(sources(&file)[0].tables[0].columns.len(), 10);
    assert_eq!(sources(&file)[0].tables[0].requirements.len(), 1);
    let derived = sources(&file)[0].tables[1].derived.as_ref().unwrap();
    assert_eq!((derived.keys.len(), derived.filter.is_some()), (2, true));
}

#[test]
fn column_options() {
    let file = good(EXAMPLE);
    let columns = &sources(&file)[0].tables[0].columns;
    let options = |name: &str| -> Vec<&ColumnOption> {
        columns.iter().find(|c| c.name.value == name).unwrap().options.iter().map(|o| &o.value).collect()
    };
    assert_eq!(options("gesprek_id"), [&ColumnOption::Key]);
    assert_eq!(options("nawerk"), [&ColumnOption::StoredUnit(Unit::Seconds), &ColumnOption::Nullable]);
    assert_eq!(options("zaaktype"), [&ColumnOption::Nullable, &ColumnOption::PhysicalName("case:type".into())]);
    assert!(matches!(options("team")[1], ColumnOption::Relation(path) if path.text() == "personeel.team.code"));
    let score = columns.iter().find(|c| c.name.value == "cijfer").unwrap();
    assert!(matches!(&score.kind, ColumnKind::Stored(t) if t.kind == TypeWord::Score(1.0, 10.0)));
}

#[test]
fn words_of_the_language_may_be_columns() {
    good(
        "bronsysteem b { tabel t {\n norm tekst\n soort tekst\n week geheel\n duur duur\n datum datum\n eis tekst\n \
         sleutel tekst sleutel\n bedrag bedrag\n van tekst\n tabel tekst\n kpi tekst\n `tot` datum\n } }",
    );
    assert_eq!(grouped("norm = van + eis"), "(norm = (van + eis))");
    assert_eq!(grouped("f(binnen, uiterlijk - 1, soort van van)"), "f(binnen, (uiterlijk - 1), soort van van)");
    assert_eq!(grouped("`tot` is leeg"), "(tot is false)");
}

#[test]
fn precedence() {
    assert_eq!(grouped("a + b * c - d"), "((a + (b * c)) - d)");
    assert_eq!(grouped("niet a = b en c"), "((niet (a = b)) en c)");
    assert_eq!(grouped("a * b per 1000 c"), "(a * (b per 1000 c))");
    assert_eq!(grouped("-a * b"), "((-a) * b)");
    assert_eq!(grouped("5 per 1_000"), "(5 per 1000)");
    // Before a name it groups, and binds loosest.
    assert_eq!(grouped("gemiddelde(aantal() per klant)"), "gemiddelde(aantal() per [klant])");
    assert_eq!(grouped("percentage(aantal() > 3 per klant)"), "percentage((aantal() > 3) per [klant])");
    assert_eq!(
        grouped("percentiel(a + b per 10 c per (k, l.m) waarbij d, 90)"),
        "percentiel((a + (b per 10 c)) waarbij d per [k,l.m], 90)"
    );
    assert_eq!(grouped("aantal(waarbij n > 3 per k)"), "aantal(waarbij (n > 3) per [k])");
    assert_eq!(grouped("aantal(per k waarbij n > 3)"), "aantal(waarbij (n > 3) per [k])");
    assert_eq!(grouped("f(x waarbij c per `per`, leeg telt als nee)"), "f(x waarbij c per [per], leeg No)");
    assert_eq!(grouped("a + 1 is niet leeg"), "((a + 1) is true)");
    assert_eq!(grouped("a niet tussen 1 en b + 2 en c"), "((a tussentrue 1 en (b + 2)) en c)");
    assert_eq!(grouped("a niet in (1, 2) of b"), "((a intrue 1,2) of b)");
    assert_eq!(grouped("(a of b) en c"), "((a of b) en c)");
}

#[test]
fn arguments() {
    assert_eq!(grouped("aantal()"), "aantal()");
    assert_eq!(grouped("aantal(waarbij c)"), "aantal(waarbij c)");
    assert_eq!(grouped("laatste(x op t.d waarbij a = 1)"), "laatste(x op t.d waarbij (a = 1))");
    assert_eq!(grouped("percentage(som(a) van som(b))"), "percentage(som(a) van som(b))");
    assert_eq!(grouped("tijdig(a, b, binnen 5 werkdagen)"), "tijdig(a, b, binnen Quantity(\"5\", Workdays))");
    assert_eq!(grouped("tijdig(a, uiterlijk termijn)"), "tijdig(a, uiterlijk termijn)");
    assert_eq!(grouped("f(x, leeg telt niet mee)"), "f(x, leeg Skip)");
    assert_eq!(grouped("als(a > 1, \"x\", ja)"), "als((a > 1), Text(\"x\"), Bool(true))");
}

#[test]
fn the_rule_on_empty_answers_may_stand_behind_the_call() {
    for text in ["percentage(c), leeg telt als nee", "percentage(c, leeg telt als nee)"] {
        let (body, codes) = clause(ClauseWord::Calculation, text);
        assert!(codes.is_empty());
        let ClauseBody::Calculation(calculation) = body else { panic!("{body:?}") };
        let ExprKind::Call { args, .. } = calculation.expr.kind else { panic!() };
        assert!(matches!(args[1], Arg::EmptyCounts { rule: EmptyRule::No, .. }));
    }
    assert_eq!(clause(ClauseWord::Calculation, "a + b, leeg telt als ja").1, ["ML021"]);
}

#[test]
fn literals() {
    let literal = |text| match expression(text).unwrap().kind {
        ExprKind::Literal(literal) => literal,
        other => panic!("{other:?}"),
    };
    assert_eq!(literal("1_000.5"), Literal::Number("1000.5".into()));
    assert_eq!(literal("80 %"), Literal::Percent("80".into()));
    assert_eq!(literal("€ 4.50"), Literal::Money("4.50".into()));
    assert_eq!(literal("20s"), Literal::Quantity("20".into(), Unit::Seconds));
    assert_eq!(literal("20\u{a0}procentpunt"), Literal::Quantity("20".into(), Unit::PercentPoint));
    assert!(matches!(literal("2026-01-01 08:30"), Literal::Moment(_)));
    assert!(matches!(literal("2026-01-01T08:30"), Literal::Moment(_)));
    assert_eq!(literal(r#""a \"b\" \\ c\n""#), Literal::Text("a \"b\" \\ c\n".into()));
    assert_eq!(literal("\"\"\"\r\n    een\r\n      twee\r\n    \"\"\""), Literal::Text("een\n  twee".into()));
}

#[test]
fn names_are_normalised() {
    let decomposed = "e\u{301}e\u{301}n";
    assert_eq!(grouped(decomposed), "één");
    assert_eq!(grouped(&format!("`{decomposed} x`")), "één x");
    let (body, codes) = clause(ClauseWord::Method, "enque\u{302}te, per hele reeks op a.b en c");
    assert!(codes.is_empty());
    let ClauseBody::Method(method) = body else { panic!() };
    assert_eq!(method.period.map(|p| p.value), Some(PeriodKind::Whole));
    assert_eq!(method.axes.len(), 2);
}

#[test]
fn norms() {
    let text = "<= € 2.20 vanaf 2026-01-01 tot en met 2026-12-31 bijna <= 3 per 1000, tussen 85% en 90% streefnorm >= (a - 5) \
                richtlijn > b.c benchmark \"landelijk\" 76.2% (2005, n = 815) geen \"reden\" = -5%";
    let (body, codes) = clause(ClauseWord::Norm, text);
    assert!(codes.is_empty());
    let ClauseBody::Norm(items) = body else { panic!() };
    assert_eq!(items.len(), 8);
    let NormItem::Bound { validity, .. } = &items[0] else { panic!() };
    assert_eq!(validity.until.as_ref().map(|d| d.value.to_string()), Some("2027-01-01".into()));
    assert!(matches!(&items[2], NormItem::Bound { test: Test::Between(..), .. }));
    let NormItem::Benchmark { year, n, .. } = &items[5] else { panic!() };
    assert_eq!((year.as_ref().map(|y| y.value), n.as_ref().map(|n| n.value)), (Some(2005), Some(815)));
    for (value, year) in [("12 min (2008)", 2008), ("720 s( 2008, n = 3 )", 2008), ("5 werkdagen (2010)", 2010)] {
        let (body, codes) = clause(ClauseWord::Norm, &format!("geen \"reden\" benchmark \"UPC\" {value}"));
        assert!(codes.is_empty(), "{value}: {codes:?}");
        let ClauseBody::Norm(items) = body else { panic!() };
        let NormItem::Benchmark { year: found, .. } = &items[1] else { panic!() };
        assert_eq!(found.as_ref().map(|y| y.value), Some(year));
    }
}

#[test]
fn a_member_without_a_norm_may_say_why_and_still_have_a_guideline() {
    let text = "per kanaal { balie geen \"te weinig\" richtlijn >= 80% \"e-mail\" >= 5% web geen \"post\" >= 3% }";
    let (body, codes) = clause(ClauseWord::Norm, text);
    assert!(codes.is_empty(), "{codes:?}");
    let ClauseBody::Norm(items) = body else { panic!() };
    let NormItem::PerMember { entries: members, .. } = &items[0] else { panic!("{items:?}") };
    assert_eq!(members.len(), 4);
    assert!(matches!(&members[0].items[..], [NormItem::None { reason: Some(_), .. }, NormItem::Guideline { .. }]));
    assert!(matches!(&members[2].items[..], [NormItem::None { reason: None, .. }]));
}

#[test]
fn answers_may_share_a_line() {
    let file = good(
        "kpi a \"A\" { definitie \"x\" berekening a.norm + norm bronsysteem a.b als c waarbij norm <= 5, d.e waarbij x als y \
         meetmethode automatisch, per kwartaal op afgifte dimensies aspect norm geen aspect tijdigheid }",
    );
    assert_eq!(kpis(&file)[0].clauses.len(), 7);
}

#[test]
fn the_examples_of_the_language_reference_are_read() {
    let page = include_str!("../../../grammar/README.md");
    let blocks: Vec<&str> = page.split("```kpi\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 5);
    for block in blocks {
        assert!(!good(block).declarations.is_empty());
    }
}

// ------------------------------------------------------------------------------------------------ places

#[test]
fn spans_are_bytes_without_what_follows() {
    let text =
        "\u{feff}// één €\r\nkpi é \"€ é\" {\r\n  definitie \"é\"  // €\r\n  berekening f(é  + b ) // x\r\n}\r\n";
    let file = good(text);
    let kpi = kpis(&file)[0];
    assert_eq!(at(text, Some(kpi.name.span)), "é");
    assert_eq!(at(text, kpi.title.as_ref().map(|t| t.span)), "\"€ é\"");
    assert_eq!(at(text, Some(kpi.clauses[0].span)), "definitie \"é\"");
    assert_eq!(at(text, Some(kpi.clauses[1].span)), "berekening f(é  + b )");
    assert!(at(text, Some(kpi.span)).starts_with("kpi") && at(text, Some(kpi.span)).ends_with('}'));
    let ClauseBody::Calculation(calculation) = &kpi.clauses[1].body else { panic!() };
    let ExprKind::Call { args, .. } = &calculation.expr.kind else { panic!() };
    let Arg::Value { expr, span, .. } = &args[0] else { panic!() };
    assert_eq!((at(text, Some(expr.span)), at(text, Some(*span))), ("é  + b", "é  + b"));
}

#[test]
fn spans_of_fragments_point_into_their_file() {
    let mut sink = Sink::default();
    let expr = parse_expr(&Fragment::verbatim(ID, "a + bé", 100), &mut sink).unwrap();
    assert_eq!(expr.span.range(), 100..107);
    parse_expr(&Fragment::verbatim(ID, "a + 0,5", 100), &mut sink);
    assert_eq!(sink.into_sorted()[0].span.map(Span::range), Some(104..107));
}

#[test]
fn a_bracketed_place_includes_its_brackets() {
    let text = "(a + b) * c";
    let ExprKind::Arithmetic(left, ..) = expression(text).unwrap().kind else { panic!() };
    assert_eq!(at(text, Some(left.span)), "(a + b)");
}

// ------------------------------------------------------------------------------------------------ mistakes

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
                3 tekst\n tot tekst\n f tekst kenmerk\n eis \"x\" a > b\n g tekst\n} }";
    let codes: Vec<_> = mistakes(text).into_iter().map(|m| m.0).collect();
    assert_eq!(codes, ["ML020", "ML001", "ML001", "ML009", "ML001", "ML016", "ML018", "ML001"]);
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

// ------------------------------------------------------------------------------------------------ anything at all

/// Everything holds that must hold for any text: no panic, spans inside the text, a message for what is broken.
fn survives(text: &str) {
    let (file, diagnostics) = read(text);
    for diagnostic in &diagnostics {
        let spans = diagnostic.related.iter().map(|r| r.0).chain(diagnostic.span);
        for span in spans.chain(diagnostic.replacement.as_ref().map(|r| r.span)) {
            assert!(text.get(span.range()).is_some(), "{diagnostic:?} in {text:?}");
        }
    }
    for kpi in kpis(&file) {
        for clause in &kpi.clauses {
            assert!(text.get(clause.span.range()).is_some());
            assert!(clause.body != ClauseBody::Broken || !diagnostics.is_empty());
        }
    }
    for word in ClauseWord::ALL {
        clause(word, text);
    }
    let _ = expression(text);
}

const SNIPPETS: [&str; 44] = [
    "kpi a \"A\" {",
    "}",
    "{",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "`",
    "norm",
    ">=",
    "80%",
    "berekening",
    "percentage(",
    "leeg telt als nee",
    "waarbij",
    "en",
    "of",
    "niet",
    "\n",
    ",",
    "tabel t {",
    "bronsysteem b {",
    "a tekst",
    "= x",
    "->",
    "?",
    "in (",
    "2026-1-1",
    "2026-01-01",
    "0,5",
    "//",
    "per 1000",
    "per x",
    "tussen 1 en 2",
    "is",
    "é€",
    "\u{feff}",
    "“",
    "als",
    "-",
    "tot en met",
    "1.000",
    "eis \"x\": a",
    "\r\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives(text in "\\PC{0,80}") {
        survives(&text);
    }

    #[test]
    fn any_words_survive(words in proptest::collection::vec(0..SNIPPETS.len(), 0..40)) {
        let text: Vec<&str> = words.iter().map(|&i| SNIPPETS[i]).collect();
        survives(&text.join(" "));
    }

    #[test]
    fn a_cut_or_changed_example_survives(start in 0..3000_usize, length in 0..60_usize, snippet in 0..SNIPPETS.len()) {
        let chars: Vec<char> = EXAMPLE.chars().collect();
        let start = start.min(chars.len());
        let end = (start + length).min(chars.len());
        let text: String = chars[..start].iter().chain(&SNIPPETS[snippet].chars().collect::<Vec<_>>()).chain(&chars[end..]).collect();
        survives(&text);
    }
}
