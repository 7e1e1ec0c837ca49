//! `werkvoorraad`, a trap at a time: what is open when a period ends.

use super::{Project, has};

/// A project with cases, of which `CALCULATION` is the KPI `k`.
fn project(cases: &[&str], calculation: &str) -> Project {
    let project = Project { dir: tempfile::tempdir().expect("a folder") };
    let settings =
        "project: P\ndefinities: [k.kpi]\nomgevingen:\n  l:\n    bronnen:\n      zaken.zaak: {pad: zaak.csv}\n";
    project.write("meetlat.yaml", settings);
    let text = format!(
        r#"bronsysteem zaken "Zaaksysteem" {{
    tabel zaak "Eén rij per zaak" {{
        nummer       tekst   sleutel
        ontvangen    datum?  meetmoment
        afgehandeld  datum?
        begonnen     tijdstip?
        klaar        tijdstip?
        team         tekst?
        soort        tekst?
    }}
}}
kpi k "K" {{ definitie "x" berekening {calculation} bronsysteem zaken.zaak meetmethode automatisch, per maand
    dimensies team norm geen "x" }}
"#
    );
    project.write("k.kpi", text);
    let rows = cases.join("\n");
    project.write("zaak.csv", format!("nummer,ontvangen,afgehandeld,begonnen,klaar,team,soort\n{rows}\n"));
    project
}

const CASES: [&str; 5] = [
    "1,2026-01-05,2026-01-31,,,A,x",
    "2,2026-01-06,2026-02-01,,,A,y",
    "3,2026-01-20,,,,B,x",
    "4,2026-02-10,2026-02-10,,,A,x",
    "5,2026-03-02,2026-03-01,,,A,x",
];
const OPEN: &str = "werkvoorraad(ontvangen, afgehandeld)";

#[test]
fn what_is_open_when_the_month_ends() {
    // Closed on the last day is closed; on the first of the next month it was open. The last ended before it began.
    let found = project(&CASES, OPEN).values(&["k", "--total"]);
    assert_eq!(found, ["2026-01 2 geen norm", "2026-02 1 geen norm", "2026-03 1 geen norm"]);
}

#[test]
fn a_quarter_has_the_stock_of_its_own_end() {
    let found = project(&CASES, OPEN).values(&["k", "--total", "--period", "kwartaal"]);
    assert_eq!(found, ["2026-K1 1 geen norm"]);
}

#[test]
fn what_began_long_before_the_range_counts_and_has_its_member() {
    let found = project(&CASES, OPEN).values(&["k", "--from", "2026-03-01", "--to", "2026-04-01"]);
    assert_eq!(found, ["2026-03 1 geen norm", "2026-03 A 0 geen norm", "2026-03 B 1 geen norm"]);
    // Before the first case there is nothing to say.
    let found = project(&CASES, OPEN).values(&["k", "--total", "--from", "2025-12-01", "--to", "2026-01-01"]);
    assert_eq!(found, ["2025-12 null geen gegevens"]);
}

#[test]
fn a_running_period_has_the_stock_of_the_peilmoment() {
    let project = project(&CASES, OPEN);
    let at = |moment: &str| {
        project.values(&["k", "--total", "--from", "2026-01-01", "--to", "2026-03-01", "--as-of", moment])
    };
    // On 10 January cases 1 and 2 are open; February has not begun.
    assert_eq!(at("2026-01-10"), ["2026-01 2 geen norm", "2026-02 null geen gegevens"]);
    // At midnight before 31 January case 1 is still open, in the course of that day it is not.
    assert_eq!(at("2026-01-31"), ["2026-01 3 geen norm", "2026-02 null geen gegevens"]);
    assert_eq!(at("2026-01-31T12:00"), ["2026-01 2 geen norm", "2026-02 null geen gegevens"]);
    assert_eq!(at("2026-02-01"), ["2026-01 2 geen norm", "2026-02 null geen gegevens"]);
}

#[test]
fn populations_and_filters_choose_the_cases() {
    let found = project(&CASES, "werkvoorraad(ontvangen, afgehandeld waarbij soort = \"x\")").values(&["k", "--total"]);
    assert_eq!(found, ["2026-01 1 geen norm", "2026-02 1 geen norm", "2026-03 1 geen norm"]);
    let found = project(&CASES, OPEN).values(&["k", "--total", "--where", "team = \"A\""]);
    assert_eq!(found, ["2026-01 1 geen norm", "2026-02 0 geen norm", "2026-03 0 geen norm"]);
}

#[test]
fn moments_are_exact_to_the_end_of_the_month() {
    let cases = [
        "1,2026-01-01,,2026-01-31 23:59:59,2026-02-01 00:00:00,A,x",
        "2,2026-01-01,,2026-02-01 00:00:00,,A,x",
        "3,2026-01-01,,2026-01-02 09:00:00,2026-01-31 23:59:59,A,x",
        "4,2026-02-20,,,,A,x",
    ];
    let project = project(&cases, "werkvoorraad(begonnen, klaar)");
    assert_eq!(project.values(&["k", "--total"]), ["2026-01 1 geen norm", "2026-02 1 geen norm"]);
    // A case without beginning belongs nowhere and is told; one without end is open and is not.
    let ran = project.meetlat(&["run", "k"]);
    has(&ran.stderr, &["1 rij van zaken.zaak heeft geen ontvangen of begonnen"]);
}

#[test]
fn days_and_moments_meet_by_the_day() {
    // Begun at some time on a day, ended on that same day: open at no month's end, but not backwards either.
    let cases = [
        "1,2026-01-05,2026-01-31,2026-01-31 10:00,,A,x",
        "2,2026-01-05,2026-01-30,2026-01-31 10:00,,A,x",
        "3,2026-01-05,,2026-01-31 10:00,,A,x",
        "4,2026-02-05,,,,A,x",
    ];
    let found = project(&cases, "werkvoorraad(begonnen, afgehandeld)").values(&["k", "--total"]);
    assert_eq!(found, ["2026-01 1 geen norm", "2026-02 1 geen norm"]);
}

#[test]
fn stocks_in_formulas() {
    let found = project(&CASES, "werkvoorraad(ontvangen, afgehandeld) / aantal()").values(&["k", "--total"]);
    assert_eq!(found[..2], ["2026-01 0.6666666666666666 geen norm", "2026-02 1 geen norm"]);
}

#[test]
fn explain_tells_what_open_means() {
    let text = project(&CASES, OPEN).well(&["explain", "k"]);
    has(
        &text,
        &[
            "werkvoorraad(ontvangen, afgehandeld)",
            "Een rij staat open vanaf ontvangen tot afgehandeld; zolang afgehandeld leeg is, blijft zij open.",
        ],
    );
}
