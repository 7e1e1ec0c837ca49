//! What stands in the results: presence, minimum, members, and the days and weeks of the calendar.

use super::{Project, has};

#[test]
fn presence_and_minimum() {
    let project = Project::sample();
    let found = project.values(&["op_tijd", "stappen", "wachttijd", "--by", "team"]);
    let expected = [
        // February: no export at all. March: calls, but not of team B.
        "2026-01 50 niet gehaald",
        "2026-02 null geen gegevens",
        "2026-03 50 niet gehaald",
        "2026-01 A 100 gehaald",
        "2026-02 A null geen gegevens",
        "2026-03 A 50 niet gehaald",
        "2026-01 B 0 niet gehaald",
        "2026-02 B null geen gegevens",
        "2026-03 B null geen gegevens",
        // A sum over no rows of a present source is 0.
        "2026-01 6 geen norm",
        "2026-02 null geen gegevens",
        "2026-03 11 geen norm",
        "2026-01 A 3 geen norm",
        "2026-02 A null geen gegevens",
        "2026-03 A 11 geen norm",
        "2026-01 B 3 geen norm",
        "2026-02 B null geen gegevens",
        "2026-03 B 0 geen norm",
        // At least three observations.
        "2026-01 20 gehaald",
        "2026-02 null geen gegevens",
        "2026-03 22.5 te weinig waarnemingen",
        "2026-01 A 15 te weinig waarnemingen",
        "2026-02 A null geen gegevens",
        "2026-03 A 22.5 te weinig waarnemingen",
        "2026-01 B 30 te weinig waarnemingen",
        "2026-02 B null geen gegevens",
        "2026-03 B null geen gegevens",
    ];
    assert_eq!(found, expected);
    let text = project.well(&["run", "wachttijd", "--by", "team"]);
    has(&text, &["? weinig", "? te weinig waarnemingen", "✓ gehaald (jan)"]);
}

#[test]
fn rows_of_another_population_are_a_zero() {
    let project = Project::sample();
    // February has calls now, none of them with a known caller.
    project.edit("data/oproepen.csv", "data/oproepen.csv", "5,2026-03-03", "7,2026-02-03 09:00:00,,B,,4\n5,2026-03-03");
    let found = project.values(&["stappen", "op_tijd", "wachttijd", "--total"]);
    let february: Vec<&String> = found.iter().filter(|v| v.starts_with("2026-02")).collect();
    assert_eq!(february, ["2026-02 0 geen norm", "2026-02 0 niet gehaald", "2026-02 null geen gegevens"]);
    // A filter does not make a source absent either.
    let found = project.values(&["stappen", "--total", "--where", "team = \"C\""]);
    assert_eq!(found, ["2026-01 0 geen norm", "2026-02 0 geen norm", "2026-03 0 geen norm"]);
}

#[test]
fn members_that_a_relation_does_not_know() {
    let project = Project::sample();
    project.edit("data/oproepen.csv", "data/oproepen.csv", ",A,106,", ",TST,106,");
    project.edit("data/oproepen.csv", "data/oproepen.csv", ",B,104,", ",,104,");
    let found = project.values(&["per_afdeling"]);
    let expected = [
        "2026-K1 6 geen norm",
        "2026-K1 Belastingen 1 geen norm",
        "2026-K1 Burgerzaken 3 geen norm",
        "2026-K1 (leeg) 2 geen norm",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_dimension_that_the_second_source_lacks() {
    let project = Project::sample();
    let definitions = project.read("definities/balie.kpi");
    let (head, tail) = definitions.split_once("kpi tickets_per_oproep").expect("the KPI");
    let tail = tail.replacen("dimensies     team", "dimensies     loket", 1);
    project.write("definities/balie.kpi", format!("{head}kpi tickets_per_oproep{tail}"));
    // The calls have no desk: each desk is held against all calls.
    let found = project.values(&["tickets_per_oproep", "--from", "2026-01-01", "--to", "2026-02-01"]);
    assert_eq!(found[0], "2026-01 500 geen norm");
    has(&found.join("\n"), &["2026-01 1 250 geen norm", "2026-01 2 250 geen norm"]);
}

fn calls(rows: &[(&str, &str)]) -> String {
    let mut text = "id,begin,opgenomen,team,beller,stappen\n".to_owned();
    for (id, (begin, answered)) in rows.iter().enumerate() {
        text += &format!("{id},{begin},{answered},A,1,1\n");
    }
    text
}

#[test]
fn days_of_23_and_25_hours() {
    let project = Project::sample();
    let per_day = |rows: &[(&str, &str)]| {
        project.write("data/oproepen.csv", calls(rows));
        project.values(&["stappen", "wachttijd", "--period", "dag", "--total"])
    };
    let spring = per_day(&[
        ("2026-03-28 23:59:59", "2026-03-29 00:00:09"),
        ("2026-03-29 00:00:00", "2026-03-29 00:00:20"),
        // The hour from two to three does not exist: half a minute passes.
        ("2026-03-29 01:59:40", "2026-03-29 03:00:10"),
        ("2026-03-29 23:59:59", "2026-03-30 00:00:39"),
        ("2026-03-30 00:00:00", "2026-03-30 00:00:05"),
    ]);
    let expected = [
        "2026-03-28 1 geen norm",
        "2026-03-29 3 geen norm",
        "2026-03-30 1 geen norm",
        "2026-03-28 10 te weinig waarnemingen",
        "2026-03-29 30 gehaald",
        "2026-03-30 5 te weinig waarnemingen",
    ];
    assert_eq!(spring, expected);
    let autumn = per_day(&[
        ("2025-10-25 23:59:59", "2025-10-26 00:00:09"),
        ("2025-10-26 00:00:00", "2025-10-26 00:00:20"),
        ("2025-10-26 02:30:00", "2025-10-26 02:30:30"),
        ("2025-10-26 23:59:59", "2025-10-27 00:00:39"),
        ("2025-10-27 00:00:00", "2025-10-27 00:00:05"),
    ]);
    let expected: Vec<String> = expected
        .iter()
        .map(|line| line.replace("2026-03-28", "2025-10-25").replace("2026-03-29", "2025-10-26"))
        .map(|line| line.replace("2026-03-30", "2025-10-27"))
        .collect();
    assert_eq!(autumn, expected);
}

#[test]
fn weeks_across_the_year() {
    let project = Project::sample();
    project.write(
        "data/oproepen.csv",
        calls(&[
            ("2025-12-28 23:59:59", ""),
            ("2025-12-29 00:00:00", ""),
            ("2025-12-31 12:00:00", ""),
            ("2026-01-04 23:59:59", ""),
            ("2026-01-05 00:00:00", ""),
        ]),
    );
    let found = project.values(&["stappen", "--period", "week", "--total"]);
    assert_eq!(found, ["2025-W52 1 geen norm", "2026-W01 3 geen norm", "2026-W02 1 geen norm"]);
    let text = project.well(&["run", "stappen", "--period", "week"]);
    has(&text, &["2025-W52  2026-W01  2026-W02"]);
}

#[test]
fn the_table_shows_most_kpis_first_and_names_in_full() {
    let project = Project::sample();
    let text = project.well(&["run"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "Proef · 5 januari – 31 maart 2026 · peilmoment 1 april 2026 00:00");
    // The KPI per quarter comes after those per month.
    let quarter = lines.iter().position(|l| l.starts_with("Telefoon · 2026-K1")).expect("the quarter");
    assert!(quarter > lines.iter().position(|l| l.starts_with("Gemiddelde wachttijd")).expect("a month"));
    has(&text, &["6 KPI's: 1 gehaald · 1 niet gehaald · 4 zonder norm.", "Meer: meetlat run op_tijd --by team\n"]);
    // With one period there is room for long names.
    let text = project.well(&["run", "op_tijd", "--from", "2026-01-01", "--to", "2026-02-01"]);
    has(&text, &["\nPercentage oproepen dat binnen de norm is opgenomen  50,0 %       2       4  4   ≥ 60 %   ✗ niet"]);
}
