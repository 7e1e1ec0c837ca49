//! `herhaald` and `vervolgd`, a trap at a time: what a row sees of the rows around it.

use super::Project;

const TABLE: &str = r#"bronsysteem acd "Telefooncentrale" {
    tabel oproep "Eén rij per oproep" {
        nummer       tekst      sleutel
        tijd         tijdstip?  meetmoment
        dag          datum?
        beller       tekst?     persoonsgegeven
        onderwerp    tekst?
        inkomend     ja_nee
    }
}
"#;

/// A project with calls, of which `percentage(CALCULATION)` is the KPI `k`, over `source`.
fn project(calls: &[&str], calculation: &str, source: &str, axis: &str) -> Project {
    let project = Project { dir: tempfile::tempdir().expect("a folder") };
    let settings =
        "project: P\ndefinities: [k.kpi]\nomgevingen:\n  l:\n    bronnen:\n      acd.oproep: {pad: oproep.csv}\n";
    project.write("meetlat.yaml", settings);
    let kpi = format!(
        "kpi k \"K\" {{ definitie \"x\" berekening {calculation} bronsysteem acd.oproep{source} \
         meetmethode automatisch, per maand op {axis} dimensies onderwerp norm geen \"x\" }}\n"
    );
    project.write("k.kpi", format!("{TABLE}{kpi}"));
    project.write("oproep.csv", format!("nummer,tijd,dag,beller,onderwerp,inkomend\n{}\n", calls.join("\n")));
    project
}

/// `teller/noemer` of the total per period.
fn shares(project: &Project, args: &[&str]) -> Vec<String> {
    let rows = project.rows(&[&["k", "--total"], args].concat());
    rows.iter()
        .map(|row| format!("{} {}/{}", row["periode"].as_str().unwrap_or("?"), row["teller"], row["noemer"]))
        .collect()
}

#[track_caller]
fn gives(calls: &[&str], condition: &str, expected: &[&str]) {
    let project = project(calls, &format!("percentage({condition})"), "", "tijd");
    assert_eq!(shares(&project, &[]), expected);
}

const SKIP: &str = "herhaald(beller, binnen 7 dagen), leeg telt niet mee";

#[test]
fn the_first_call_of_a_caller_is_no_repeat() {
    let calls = ["1,2026-01-05 09:00,,a,x,ja", "2,2026-01-06 09:00,,a,x,ja", "3,2026-01-06 10:00,,b,x,ja"];
    gives(&calls, SKIP, &["2026-01 1/3"]);
    gives(&calls, "vervolgd(beller, binnen 7 dagen), leeg telt niet mee", &["2026-01 1/3"]);
    gives(&calls, "niet herhaald(beller, binnen 7 dagen), leeg telt niet mee", &["2026-01 2/3"]);
}

#[test]
fn a_row_without_key_gives_no_answer() {
    let calls = ["1,2026-01-05 09:00,,,x,ja", "2,2026-01-06 09:00,,,x,ja", "3,2026-01-06 10:00,,b,x,ja"];
    gives(&calls, SKIP, &["2026-01 0/1"]);
    gives(&calls, "herhaald(beller, binnen 7 dagen), leeg telt als ja", &["2026-01 2/3"]);
    // One empty part is enough.
    let calls = ["1,2026-01-05 09:00,,a,x,ja", "2,2026-01-06 09:00,,a,,ja", "3,2026-01-07 09:00,,a,x,ja"];
    gives(&calls, "herhaald(beller, onderwerp, binnen 7 dagen), leeg telt niet mee", &["2026-01 1/2"]);
}

#[test]
fn days_are_calendar_days_and_the_last_one_counts() {
    // 169 hours and some, but seven days by the calendar.
    let calls = ["1,2026-01-05 00:00,,a,x,ja", "2,2026-01-12 23:59,,a,x,ja"];
    gives(&calls, SKIP, &["2026-01 1/2"]);
    // Eight days by the calendar, although not 169 hours.
    let calls = ["1,2026-01-05 23:59,,a,x,ja", "2,2026-01-13 00:00,,a,x,ja"];
    gives(&calls, SKIP, &["2026-01 0/2"]);
    gives(&calls, "herhaald(beller, binnen 0 dagen), leeg telt niet mee", &["2026-01 0/2"]);
}

#[test]
fn hours_are_exact_and_the_end_counts() {
    let calls = ["1,2026-01-05 09:00:00,,a,x,ja", "2,2026-01-06 09:00:00,,a,x,ja"];
    gives(&calls, "herhaald(beller, binnen 24 uur), leeg telt niet mee", &["2026-01 1/2"]);
    let calls = ["1,2026-01-05 09:00:00,,a,x,ja", "2,2026-01-06 09:00:01,,a,x,ja"];
    gives(&calls, "herhaald(beller, binnen 24 uur), leeg telt niet mee", &["2026-01 0/2"]);
    gives(&calls, "vervolgd(beller, binnen 24 uur), leeg telt niet mee", &["2026-01 0/2"]);
}

#[test]
fn the_clock_change_makes_a_day_longer() {
    // From Saturday noon to Sunday noon are 25 hours on 25–26 October 2025.
    let calls = ["1,2025-10-25 12:00,,a,x,ja", "2,2025-10-26 12:00,,a,x,ja"];
    gives(&calls, "herhaald(beller, binnen 24 uur), leeg telt niet mee", &["2025-10 0/2"]);
    gives(&calls, "herhaald(beller, binnen 1 dag), leeg telt niet mee", &["2025-10 1/2"]);
    // Midnight before the change through the evening a week later.
    let calls = [
        "1,2025-10-20 00:00,,a,x,ja",
        "2,2025-10-27 23:59,,a,x,ja",
        "3,2025-10-19 23:59,,b,x,ja",
        "4,2025-10-27 00:00,,b,x,ja",
    ];
    gives(&calls, SKIP, &["2025-10 1/4"]);
}

#[test]
fn the_key_of_the_table_breaks_ties() {
    // Three calls of one moment: the first by number is no repeat, in whatever order the file has them.
    let calls = ["3,2026-01-05 09:00,,a,z,ja", "1,2026-01-05 09:00,,a,x,ja", "2,2026-01-05 09:00,,a,y,ja"];
    let project = project(&calls, "aantal(waarbij herhaald(beller, binnen 1 uur))", "", "tijd");
    let found = project.values(&["k"]);
    assert_eq!(
        found,
        ["2026-01 2 geen norm", "2026-01 x 0 geen norm", "2026-01 y 1 geen norm", "2026-01 z 1 geen norm"]
    );
    gives(&calls, "vervolgd(beller, binnen 1 uur) en onderwerp <> \"z\", leeg telt niet mee", &["2026-01 2/3"]);
    // With a call before them all three are repeats.
    let calls = [calls[0], calls[1], calls[2], "9,2026-01-05 08:30,,a,x,ja"];
    gives(&calls, "herhaald(beller, binnen 1 uur), leeg telt niet mee", &["2026-01 3/4"]);
}

#[test]
fn rows_just_outside_the_asked_range_are_seen() {
    let calls = [
        "1,2026-01-30 09:00,,a,x,ja",
        "2,2026-02-02 09:00,,a,x,ja",
        "3,2026-02-27 09:00,,b,x,ja",
        "4,2026-03-06 09:00,,b,x,ja",
    ];
    let project = project(&calls, &format!("percentage({SKIP})"), "", "tijd");
    assert_eq!(shares(&project, &["--from", "2026-02-01", "--to", "2026-03-01"]), ["2026-02 1/2"]);
    project.edit("k.kpi", "k.kpi", "herhaald", "vervolgd");
    assert_eq!(shares(&project, &["--from", "2026-02-01", "--to", "2026-03-01"]), ["2026-02 1/2"]);
}

#[test]
fn the_population_decides_who_is_seen_and_where_does_not() {
    let calls = [
        "1,2026-01-05 09:00,,a,x,ja",
        "2,2026-01-06 09:00,,a,y,nee",
        "3,2026-01-07 09:00,,a,y,ja",
        "4,2026-01-20 09:00,,a,x,nee",
        "5,2026-01-21 09:00,,a,x,ja",
    ];
    // Of the incoming calls only the third has an incoming one in the week before it.
    let project = project(&calls, &format!("percentage({SKIP})"), " waarbij inkomend", "tijd");
    assert_eq!(shares(&project, &[]), ["2026-01 1/3"]);
    // A filter of the question leaves rows out of the count, but not out of sight.
    assert_eq!(shares(&project, &["--where", "onderwerp = \"y\""]), ["2026-01 1/1"]);
    // And neither does the aggregate's own condition, or a dimension.
    project.edit("k.kpi", "k.kpi", "binnen 7 dagen)", "binnen 7 dagen) waarbij onderwerp = \"y\"");
    assert_eq!(shares(&project, &[]), ["2026-01 1/1"]);
}

#[test]
fn a_row_without_moment_neither_asks_nor_answers() {
    let calls = ["1,,,a,x,ja", "2,2026-01-06 09:00,,a,x,ja"];
    gives(&calls, SKIP, &["2026-01 0/1"]);
}

#[test]
fn on_dates_the_window_counts_days() {
    let calls = [
        "1,2026-03-01,2026-01-05,a,x,ja",
        "2,2026-03-01,2026-01-12,a,x,ja",
        "3,2026-03-01,2026-01-20,a,x,ja",
        "4,2026-03-01,2026-01-20,a,x,ja",
    ];
    let project = project(&calls, &format!("percentage({SKIP})"), "", "dag");
    // The second by its seventh day, the fourth because the third shares its day.
    assert_eq!(shares(&project, &["--from", "2026-01-01", "--to", "2026-02-01"]), ["2026-01 2/4"]);
}

#[test]
fn callers_with_long_names_are_told_apart() {
    let name = |n: u32| format!("een heel lang pseudoniem {n}");
    let calls: Vec<String> = (0..40).map(|n| format!("{n},2026-01-05 09:{n:02},,{},x,ja", name(n % 7))).collect();
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    gives(&calls, SKIP, &["2026-01 33/40"]);
}

#[test]
fn repeats_as_a_dimension() {
    let calls = ["1,2026-01-05 09:00,,a,x,ja", "2,2026-01-06 09:00,,a,x,ja", "3,2026-01-06 10:00,,,x,ja"];
    let project = project(&calls, "aantal()", "", "tijd");
    project.edit("k.kpi", "k.kpi", "dimensies onderwerp", "dimensies herhaald(beller, binnen 7 dagen) als herhaling");
    let found = project.values(&["k"]);
    assert_eq!(
        found,
        ["2026-01 3 geen norm", "2026-01 nee 1 geen norm", "2026-01 ja 1 geen norm", "2026-01 (leeg) 1 geen norm"]
    );
}

#[test]
fn explain_tells_how_far_a_row_sees() {
    let project = project(&["1,2026-01-05 09:00,,a,x,ja"], &format!("percentage({SKIP})"), " waarbij inkomend", "tijd");
    let text = project.well(&["explain", "k"]);
    super::has(
        &text,
        &[
            "percentage(herhaald(beller, binnen 7 dagen), leeg telt niet mee)",
            "herhaald: er is een rij van oproep waarbij inkomend met dezelfde beller (tijd) op dezelfde dag of een van \
             de 7 dagen ervoor, ook buiten de periode en de uitsplitsing.",
        ],
    );
    super::has(&project.well(&["explain", "k", "--plan", "logical"]), &["wat de rijen van elkaar zien", "herhaald_1"]);
}
