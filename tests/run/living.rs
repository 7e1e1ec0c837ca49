//! Definitions that change, faults of a source, cells over few persons, and intervals.

use super::{Project, has};

const DEFINITIONS: &str = r#"
bronsysteem balie "Balie" { tabel ticket {
    id geheel sleutel
    dag datum meetmoment
    klant tekst? persoonsgegeven
    team tekst
    minuten geheel
} }
kpi op_tijd "Op tijd" geldig tot 2026-03-01 {
    definitie "x" berekening percentage(minuten <= 10) bronsysteem balie.ticket
    meetmethode steekproef, per maand, afschermen bij minder dan 3, betrouwbaarheid 95% dimensies team norm geen "x"
}
kpi op_tijd "Op tijd" geldig vanaf 2026-03-01 {
    definitie "x" berekening percentage(minuten <= 5) bronsysteem balie.ticket
    meetmethode steekproef, per maand, afschermen bij minder dan 3, betrouwbaarheid 95% dimensies team norm geen "x"
}
kpi dubbel "Dubbel" {
    definitie "x" berekening 2 * kpi(op_tijd) bronsysteem afgeleid meetmethode automatisch, per maand
    dimensies team norm geen "x"
}
meetstoring balie.ticket vanaf 2026-02-10 tot 2026-02-12 "zuil defect" te laag
"#;

/// Four tickets of team A (three customers and a nameless one) and three of team B (one customer) in each month.
fn project() -> Project {
    let project = Project::sample();
    let mut rows = "id,dag,klant,team,minuten\n".to_owned();
    for month in 1..=3 {
        for (number, (who, team, minutes)) in
            [("a", "A", 4), ("b", "A", 8), ("a", "A", 20), ("", "A", 8), ("c", "B", 4), ("c", "B", 4), ("c", "B", 30)]
                .into_iter()
                .enumerate()
        {
            rows += &format!("{month}{number},2026-0{month}-05,{who},{team},{minutes}\n");
        }
    }
    project.write("data/tickets.csv", rows);
    project.write("meetlat.yaml", "omgevingen: {l: {bronnen: {balie.ticket: {pad: data/tickets.csv}}}}\n");
    std::fs::remove_dir_all(project.path().join("definities")).expect("removed");
    std::fs::create_dir(project.path().join("definities")).expect("a folder");
    project.write("definities/k.kpi", DEFINITIONS);
    project
}

#[test]
fn each_period_has_its_version_and_few_persons_are_hidden() {
    let project = project();
    let month = "2026-0";
    let found = project.values(&["op_tijd", "dubbel", "--by", "team"]);
    let expected = [
        "1 71.42857142857143 geen norm",
        "2 71.42857142857143 geen norm",
        "3 42.857142857142854 geen norm",
        // Customers a and b, and the nameless one: three.
        "1 A 75 geen norm",
        "2 A 75 geen norm",
        "3 A 25 geen norm",
        "1 B null afgeschermd",
        "2 B null afgeschermd",
        "3 B null afgeschermd",
        "1 142.85714285714286 geen norm",
        "2 142.85714285714286 geen norm",
        "3 85.71428571428571 geen norm",
        "1 A 150 geen norm",
        "2 A 150 geen norm",
        "3 A 50 geen norm",
        // As strict as what it calculates with.
        "1 B null afgeschermd",
        "2 B null afgeschermd",
        "3 B null afgeschermd",
    ];
    assert_eq!(found, expected.map(|line| format!("{month}{line}")));
}

/// Whoever hides counts persons over the rows, whatever the groups of the calculation are: A has two customers and the
/// nameless, B one customer and nobody nameless.
#[test]
fn persons_are_counted_over_rows_where_the_value_is_of_groups() {
    for (least, a, b) in [(2, "1", "null"), (3, "1", "null"), (4, "null", "null")] {
        let project = project();
        project.write(
            "definities/per.kpi",
            format!(
                "kpi per_ticket \"Per ticket\" {{ definitie \"x\" berekening gemiddelde(aantal() per id) bronsysteem balie.ticket \
                 meetmethode automatisch, per maand, afschermen bij minder dan {least} dimensies team norm geen \"x\" }}\n"
            ),
        );
        let found = project.values(&["per_ticket", "--by", "team", "--from", "2026-01-01", "--to", "2026-02-01"]);
        let status = |value: &str| if value == "null" { "afgeschermd" } else { "geen norm" };
        for (team, value) in [("A", a), ("B", b)] {
            let line = format!("2026-01 {team} {value} {}", status(value));
            assert!(found.contains(&line), "bij minder dan {least}: {line} in {found:?}");
        }
    }
}

/// A condition on groups leaves few persons: in A only customer a came twice.
#[test]
fn persons_behind_chosen_groups_are_the_chosen_ones() {
    for (least, shown) in [(2, "null afgeschermd"), (3, "null afgeschermd")] {
        let project = project();
        project.write(
            "definities/vaak.kpi",
            format!(
                "kpi vaak \"Vaak\" {{ definitie \"x\" berekening gemiddelde(aantal() per klant waarbij aantal() >= 2) \
                 bronsysteem balie.ticket meetmethode automatisch, per maand, afschermen bij minder dan {least} \
                 dimensies team norm geen \"x\" }}\n\
                 kpi open \"Open\" {{ definitie \"x\" berekening gemiddelde(aantal() per klant waarbij aantal() >= 1) \
                 bronsysteem balie.ticket meetmethode automatisch, per maand, afschermen bij minder dan 2 \
                 dimensies team norm geen \"x\" }}\n"
            ),
        );
        let found = project.values(&["vaak", "open", "--by", "team", "--from", "2026-01-01", "--to", "2026-02-01"]);
        for line in [format!("2026-01 A {shown}"), "2026-01 A 1.5 geen norm".to_owned()] {
            assert!(found.contains(&line), "bij minder dan {least}: {line} in {found:?}");
        }
    }
}

#[test]
fn breaks_faults_and_intervals_are_told() {
    let project = project();
    let text = project.well(&["run", "op_tijd"]);
    has(&text, &["feb onbetrouwbaar: zuil defect (10 – 11 februari 2026); te laag", "mrt reeksbreuk", "± "]);
    let rows = project.well(&["run", "op_tijd", "--by", "team", "--format", "csv"]);
    let hidden = rows.lines().find(|l| l.contains(",B,")).expect("team B");
    assert!(hidden.contains(",B,,%,,,,,,,,geen,,afgeschermd,"), "{hidden}");
    let march = rows.lines().find(|l| l.starts_with("op_tijd,Op tijd,2026-03-01,2026-03,")).expect("March");
    assert!(march.contains(",true,"), "{march}");
    has(&project.well(&["explain", "op_tijd"]), &["versie 1 van 2: geldt tot 2026-03-01", "interval van Wilson"]);
}

#[test]
fn a_period_over_a_change_is_refused() {
    let project = project();
    let told = project.fails(3, &["run", "op_tijd", "--period", "kwartaal"]);
    has(&told, &["ML658", "wisselt op 2026-03-01, midden in periode 2026-K1", "2026-04-01"]);
}
