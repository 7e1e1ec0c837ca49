//! Figures over other stretches of time than the period: one trap per test, with figures that can be checked by hand.

use super::Project;

const SOURCE: &str = r#"
bronsysteem acd "Telefooncentrale" {
    tabel gesprek "Eén rij per gesprek" {
        id      geheel     sleutel
        begin   tijdstip   meetmoment
        beller  tekst
        duur    geheel
    }
}
"#;

const ROWS: &str = "id,begin,beller,duur
1,2023-02-28 10:00:00,a,10
2,2024-02-28 10:00:00,a,20
3,2024-02-29 10:00:00,b,30
4,2024-03-01 10:00:00,b,40
5,2025-11-03 10:00:00,a,1
6,2025-12-01 10:00:00,b,2
7,2025-12-31 23:30:00,a,3
8,2026-01-01 00:30:00,c,10
9,2026-02-02 10:00:00,a,20
10,2026-02-03 10:00:00,c,60
11,2026-12-29 10:00:00,a,7
12,2027-01-02 10:00:00,b,8
13,2027-12-29 10:00:00,c,9
";

fn kpi(name: &str, calculation: &str, method: &str) -> String {
    format!(
        "kpi {name} \"{name}\" {{ definitie \"x\" berekening {calculation} bronsysteem acd.gesprek \
         meetmethode automatisch, {method} dimensies beller norm geen \"x\" }}\n"
    )
}

fn project(kpis: &[String]) -> Project {
    let project = Project { dir: tempfile::tempdir().expect("a folder") };
    project.write("definities/tijd.kpi", format!("{SOURCE}{}", kpis.concat())).write("gesprekken.csv", ROWS).write(
        "meetlat.yaml",
        "project: Tijd\ndefinities: [definities/]\nomgevingen:\n  lokaal:\n    bronnen:\n      acd.gesprek: {pad: gesprekken.csv}\n",
    );
    project
}

/// The values of one KPI over a range, as `period value`.
fn values(calculation: &str, method: &str, from: &str, to: &str) -> Vec<String> {
    let project = project(&[kpi("k", calculation, method)]);
    short(&project.values(&["k", "--total", "--from", from, "--to", to]))
}

fn short(values: &[String]) -> Vec<String> {
    values.iter().map(|v| v.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn before_the_first_period_there_is_no_value() {
    let found = values("aantal() - vorige(aantal())", "per maand", "2025-11-01", "2026-03-01");
    assert_eq!(found, ["2025-11 null", "2025-12 1", "2026-01 -1", "2026-02 1"]);
    // A division shows both sides, also where one is missing.
    let project = project(&[kpi("k", "aantal() / vorige(aantal())", "per maand")]);
    let rows = project.rows(&["k", "--total", "--from", "2025-11-01", "--to", "2026-01-01"]);
    let sides: Vec<String> = rows.iter().map(|r| format!("{} {} {}", r["waarde"], r["teller"], r["noemer"])).collect();
    assert_eq!(sides, ["null 1 null", "2 2 1"]);
}

#[test]
fn a_leap_day_has_no_day_a_year_earlier() {
    let found = values("vorig_jaar(aantal())", "per dag", "2024-02-28", "2024-03-02");
    assert_eq!(found, ["2024-02-28 1", "2024-02-29 null", "2024-03-01 null"]);
    assert_eq!(values("vorig_jaar(aantal())", "per maand", "2024-02-01", "2024-03-01"), ["2024-02 1"]);
    // The days of the year, and of the month.
    assert_eq!(values("op_jaarbasis(aantal())", "per dag", "2024-02-29", "2024-03-01"), ["2024-02-29 366"]);
}

#[test]
fn week_53_stands_alone() {
    let found = values("vorig_jaar(aantal())", "per week", "2026-12-28", "2027-01-11");
    assert_eq!(found, ["2026-W53 null", "2027-W01 2"]);
    let found = values("vorig_jaar(aantal())", "per week", "2027-12-27", "2028-01-03");
    assert_eq!(found, ["2027-W52 null"]);
    // 2 January 2027 lies in the last week of 2026.
    let found = values("cumulatief(aantal(), jaar)", "per week", "2026-12-28", "2027-01-11");
    assert_eq!(found, ["2026-W53 6", "2027-W01 null"]);
}

#[test]
fn a_year_so_far_begins_at_new_year() {
    let found = values("cumulatief(aantal(), jaar)", "per maand", "2025-11-01", "2026-03-01");
    assert_eq!(found, ["2025-11 1", "2025-12 3", "2026-01 1", "2026-02 3"]);
}

#[test]
fn callers_of_twelve_months_are_counted_once() {
    let found = values("lopend(aantal_uniek(beller), 12 maanden)", "per maand", "2025-11-01", "2026-03-01");
    assert_eq!(found, ["2025-11 1", "2025-12 2", "2026-01 3", "2026-02 3"]);
    let found = values("vorige(lopend(aantal_uniek(beller), 12 maanden))", "per maand", "2025-11-01", "2026-03-01");
    assert_eq!(found, ["2025-11 null", "2025-12 1", "2026-01 2", "2026-02 3"]);
}

#[test]
fn percentiles_of_a_window_see_all_its_values() {
    // 1; 1, 2 and 3; 1, 2, 3 and 10; 2, 3, 10, 20 and 60.
    let found = values("lopend(mediaan(duur), 3 maanden)", "per maand", "2025-11-01", "2026-03-01");
    assert_eq!(found, ["2025-11 1", "2025-12 2", "2026-01 2.5", "2026-02 10"]);
}

#[test]
fn an_index_has_a_base() {
    let found = values("index(som(duur), basis 2025-12)", "per maand", "2025-12-01", "2026-03-01");
    assert_eq!(found, ["2025-12 100", "2026-01 200", "2026-02 1600"]);
    // A base after the range, and one without data.
    assert_eq!(values("index(som(duur), basis 2026-01)", "per maand", "2025-12-01", "2026-01-01"), ["2025-12 50"]);
    assert_eq!(values("index(som(duur), basis 2005-01)", "per maand", "2025-12-01", "2026-01-01"), ["2025-12 null"]);
}

#[test]
fn other_kpis_are_calculated_over_the_other_period() {
    let asker = kpi("k", "kpi(m) - vorige(kpi(m))", "per maand").replace("acd.gesprek meet", "afgeleid meet");
    let project = project(&[asker, kpi("m", "maximum(duur)", "per maand")]);
    let found = short(&project.values(&["k", "--total", "--from", "2025-12-01", "--to", "2026-03-01"]));
    assert_eq!(found, ["2025-12 2", "2026-01 7", "2026-02 50"]);
}

#[test]
fn what_is_always_measured_is_the_last_quarter_that_is_over() {
    let project = project(&[kpi("k", "aantal()", "per maand, altijd over afgelopen kwartaal")]);
    let range = ["--from", "2025-11-01", "--to", "2026-04-01"];
    let found = short(&project.values(&[&["k", "--total"], range.as_slice()].concat()));
    assert_eq!(found, ["2025-11 null", "2025-12 3", "2026-01 3", "2026-02 3", "2026-03 3"]);
    // The members are those of what is measured.
    let found = project.values(&["k", "--by", "beller", "--from", "2026-01-01", "--to", "2026-02-01"]);
    assert_eq!(found, ["2026-01 3 geen norm", "2026-01 a 2 geen norm", "2026-01 b 1 geen norm"]);
}

#[test]
fn a_period_is_provisional_until_it_is_final() {
    let project = project(&[kpi("k", "aantal()", "per maand, definitief na 7 dagen")]);
    let run = |as_of: &str| project.well(&["run", "k", "--from", "2025-11-01", "--to", "2026-03-01", "--as-of", as_of]);
    assert!(run("2026-03-01T00:00").contains("· feb 26 voorlopig tot 8 maart"), "{}", run("2026-03-01T00:00"));
    assert!(!run("2026-03-08T00:00").contains("voorlopig"));
    let rows = project.rows(&["k", "--total", "--from", "2025-12-01", "--to", "2026-01-01", "--as-of", "2026-01-02"]);
    assert_eq!(rows[0]["kenmerken"][0]["kenmerk"], "voorlopig");
    assert_eq!(rows[0]["kenmerken"][0]["reden"], "tot 8 januari 2026");
}

#[test]
fn asked_per_another_period_a_warning_says_why_there_is_no_value() {
    let project =
        project(&[kpi("k", "index(aantal(), basis 2025-12)", "per maand"), kpi("v", "vorige(aantal())", "per maand")]);
    let ran = project.meetlat(&["run", "--period", "week", "--from", "2025-12-01", "--to", "2026-01-01"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.stderr.contains("ML249") && ran.stderr.contains("`basis 2025-12` is een maand, en per week"),
        "{}",
        ran.stderr
    );
    let ran = project.meetlat(&["run", "v", "--period", "hele-reeks", "--from", "2025-12-01", "--to", "2026-01-01"]);
    assert!(ran.stderr.contains("`vorige` heeft over de hele reeks geen betekenis"), "{}", ran.stderr);
}

#[test]
fn the_range_and_the_peilmoment_do_not_follow_the_window() {
    let project = project(&[kpi("k", "lopend(aantal(), 120 maanden)", "per jaar")]);
    let found = short(&project.values(&["k", "--total"]));
    assert_eq!(found, ["2023 1", "2024 4", "2025 7", "2026 11", "2027 13"]);
    let plain = project.well(&["explain", "k"]);
    assert!(plain.contains("lopend: opnieuw berekend over alle rijen van de 120 maanden"), "{plain}");
}
