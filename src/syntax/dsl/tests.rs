//! Tests of the `.kpi` notation as a whole: what is read, where it stands, and which mistakes give which messages.

mod anything;
mod mistakes;

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
                Arg::Pointing { table, via, filter, .. } => {
                    let filter = filter.as_ref().map(|f| format!(" waarbij {}", show(f))).unwrap_or_default();
                    format!("{} via {}{filter}", table.text(), via.text())
                }
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
    assert!(
        matches!(options("team")[1], ColumnOption::Relation(relation) if relation.to.text() == "personeel.team.code")
    );
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
fn a_requirement_goes_on_with_a_column_called_like_a_type() {
    let file = good(
        "bronsysteem o { tabel t {\n a tekst sleutel\n geheel geheel?\n datum datum?\n eis \"kort\": a is leeg\n of geheel <= 3\n \
         of datum is gevuld\n b = geheel > 2\n of datum is leeg\n c tekst\n} }",
    );
    let table = &sources(&file)[0].tables[0];
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.value.as_str()).collect();
    assert_eq!((names, table.requirements.len()), (vec!["a", "geheel", "datum", "b", "c"], 1));
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
