//! Calendars: both notations say the same, which calendar counts, and how a definition follows it.

use super::{SOURCES, calculation, kpi, outcome};
use crate::calendar::{HolidaySet, WorkCalendar};
use crate::diagnostic::Sink;
use crate::model::identity::definition_hash;
use crate::model::{Model, text};
use crate::resolve::{Settings, resolve};
use crate::source::{SourceMap, Spanned};
use crate::syntax::{dsl, yaml};

const TOWN_HALL: &str = r#"
kalender gemeente "Gemeentehuis" {
    feestdagen   termijnenwet
    feestdagen   cao_gemeenten  vanaf 2024-01-01
    werkdagen    ma, di, wo, do, vr
    open         ma, di, wo, vr  08:30 - 17:00
    open         do  08:30 - 12:00
    open         do  13:00 - 17:00
    open         do  08:30 - 20:00  vanaf 2025-09-01 tot en met 2025-12-31
    gesloten     2026-12-24, 2026-12-31  "collectief verlof"
    gesloten     2027-01-04
}
"#;

const IN_YAML: &str = r#"
kalenders:
  gemeente:
    titel: Gemeentehuis
    feestdagen: [termijnenwet, cao_gemeenten vanaf 2024-01-01]
    werkdagen: [ma, di, wo, do, vr]
    open:
      - ma, di, wo, vr 08:30 - 17:00
      - do 08:30 - 12:00
      - do 13:00 - 17:00
      - do 08:30 - 20:00 vanaf 2025-09-01 tot en met 2025-12-31
    gesloten: [2026-12-24, 2026-12-31 "collectief verlof", 2027-01-04]
"#;

/// A calendar of other days and without hours.
const OTHER: &str = "kalender wet \"Wettelijk\" { feestdagen geen  werkdagen ma, di }\n";

fn sound(texts: &[&str]) -> Model {
    let outcome = outcome(texts);
    assert_eq!(outcome.list, [], "{:#?}", outcome.list);
    outcome.model
}

fn in_yaml(text: &str) -> Model {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let id = sources.add("x.yaml", text);
    let file = yaml::parse_file(id, text, &mut sink);
    let model = resolve(&[file], &Settings::default(), &mut sink);
    assert_eq!(sink.into_sorted(), []);
    model
}

#[test]
fn both_notations_say_the_same() {
    let (ours, theirs) = (sound(&[TOWN_HALL]), in_yaml(IN_YAML));
    let told = |model: &Model| {
        let calendar = &model.calendars[0];
        (calendar.name.clone(), calendar.title.clone(), calendar.rules.clone(), calendar.reasons.clone())
    };
    assert_eq!(told(&ours), told(&theirs));
    let rules = &ours.calendars[0].rules;
    assert_eq!(rules.hours[3].len(), 3);
    assert_eq!((rules.hours[0].len(), rules.hours[5].len(), rules.closed.len()), (1, 0, 3));
    assert_eq!(rules.holidays[1].rule, Some(HolidaySet::CaoGemeenten));
    // A flow list that YAML cuts at its commas is put together again.
    let flow = in_yaml("kalenders: {a: {open: [ma, di 08:30 - 17:00, wo 09:00 - 12:00], werkdagen: \"ma, di\"}}");
    assert_eq!(flow.calendars[0].rules.hours.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1, 0, 0, 0, 0]);
}

#[test]
fn without_a_calendar_there_is_one() {
    let model = sound(&[SOURCES, &kpi(&[("berekening", "som(werkdagen(binnenkomst, beeindigd))")])]);
    assert_eq!(model.calendars.len(), 1);
    assert_eq!(model.calendars[0].rules, WorkCalendar::default());
    // Declared, but saying nothing: the same rules.
    let model = sound(&["kalender kaal \"Kaal\" { }"]);
    assert_eq!(model.calendars[0].rules, WorkCalendar::default());
}

/// The calculation of a KPI as text, which names a calendar that is not the project's.
fn chosen(calculation: &str, method: &str, calendar: Option<&str>) -> String {
    let definition = kpi(&[("berekening", calculation), ("meetmethode", method)]);
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let files: Vec<_> = [SOURCES, TOWN_HALL, OTHER, &definition]
        .map(|text| {
            let id = sources.add("x.kpi", text);
            dsl::parse_file(id, text, &mut sink)
        })
        .into();
    let span = files.first().and_then(|f| f.declarations.first()).map(|_| crate::source::SourceId(0));
    let place = crate::source::Span::new(span.expect("a file"), 0..0);
    let settings = Settings { calendar: calendar.map(|c| Spanned::new(c.to_owned(), place)), ..Settings::default() };
    let model = resolve(&files, &settings, &mut sink);
    let list = sink.into_sorted();
    let Some(kpi) = model.kpi_named("k").filter(|_| list.is_empty()) else {
        return list.iter().map(|d| d.code).collect::<Vec<_>>().join(" ");
    };
    text::formula(&model, kpi, kpi.formula().expect("a formula"))
}

#[test]
fn which_calendar_counts() {
    let (plain, days) = ("automatisch, per maand", "som(werkdagen(binnenkomst, beeindigd))");
    assert_eq!(chosen(days, plain, None), "ML123");
    assert_eq!(chosen(days, plain, Some("gemeente")), days);
    assert_eq!(chosen(days, plain, Some("gemeent")), "ML122");
    let by_method = chosen(days, "automatisch, per maand, kalender wet", Some("gemeente"));
    assert_eq!(by_method, "som(werkdagen(binnenkomst, beeindigd, wet))");
    let named = "som(werkdagen(binnenkomst, beeindigd, gemeente))";
    assert_eq!(chosen(named, "automatisch, per maand, kalender wet", None), named);
    assert_eq!(chosen(named, plain, Some("gemeente")), days);
    // The one that counts has no hours.
    assert_eq!(chosen("som(werktijd(binnenkomst, beeindigd))", plain, Some("wet")), "ML232");
    let term = "percentage(tijdig(binnenkomst, opgenomen, binnen 3 werkdagen))";
    assert_eq!(chosen(term, plain, None), "ML123");
}

#[test]
fn a_term_is_a_due_moment() {
    let of = |term: &str| {
        calculation(&[("berekening", &format!("percentage(tijdig(binnenkomst, opgenomen, binnen {term}))"))])
    };
    let due = |due: &str| format!("percentage(tijdig(opgenomen, uiterlijk {due})) [%]");
    assert_eq!(of("5 werkdagen"), due("datum(binnenkomst) + 5 werkdagen"));
    assert_eq!(of("8 weken"), due("datum(binnenkomst) + 56 dagen"));
    assert_eq!(of("12 maanden"), due("datum(binnenkomst) + 12 maanden"));
    assert_eq!(of("24 uur"), due("binnenkomst + 24 uur"));
    assert_eq!(of("wachtnorm"), due("binnenkomst + 20 s"));
    let days = "(datum(beeindigd) - datum(binnenkomst))";
    assert_eq!(of(days), due(&format!("datum(binnenkomst) + {days}")));
}

#[test]
fn days_move_by_working_days_and_months() {
    for (written, shown) in [
        ("termijn + 2 werkdagen", "termijn + 2 werkdagen"),
        ("2 werkdagen + termijn", "termijn + 2 werkdagen"),
        ("termijn - 2 werkdagen", "termijn - 2 werkdagen"),
        ("termijn - werkdagen(binnenkomst, beeindigd)", "termijn - werkdagen(binnenkomst, beeindigd)"),
        ("1 maand + termijn", "termijn + 1 maanden"),
        ("termijn - 18 maanden + 1 dag", "termijn - 18 maanden + 1 dag"),
    ] {
        let found = calculation(&[("berekening", &format!("aantal(waarbij {written} > datum(binnenkomst))"))]);
        assert_eq!(found, format!("aantal(waarbij {shown} > datum(binnenkomst)) [aantal]"));
    }
}

#[test]
fn a_definition_follows_the_rules_of_its_calendar() {
    let hash = |calendar: &str, calculation: &str| {
        let model = sound(&[SOURCES, calendar, &kpi(&[("berekening", calculation)])]);
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        definition_hash(&model, model.kpi_named("k").expect("the kpi"), day)
    };
    let days = "som(werkdagen(binnenkomst, beeindigd))";
    let base = hash(TOWN_HALL, days);
    // What it says of days and hours, not how it is called or why.
    let renamed = TOWN_HALL.replace("Gemeentehuis", "Stadskantoor").replace("collectief verlof", "kerst");
    assert_eq!(hash(&renamed, days), base);
    assert_ne!(hash(&TOWN_HALL.replace("2027-01-04", "2027-01-05"), days), base);
    assert_ne!(hash(&TOWN_HALL.replace("termijnenwet", "geen"), days), base);
    assert_ne!(hash("", days), base);
    let due = "percentage(tijdig(binnenkomst, opgenomen, binnen 3 werkdagen))";
    assert_ne!(hash(TOWN_HALL, due), hash("", due));
    // A KPI that counts no working days does not care.
    assert_eq!(hash(TOWN_HALL, "aantal()"), hash("", "aantal()"));
}
