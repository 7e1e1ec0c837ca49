//! The examples over published tables: the verdicts that the documents allow, and no others.

use super::{Project, has};
use crate::command::root;

fn example(name: &str) -> Project {
    let project = Project::copy(&root().join("examples").join(name));
    project.well(&["check"]);
    project.well(&["check", "--data"]);
    project
}

#[test]
fn zaanstad_in_2005() {
    let project = example("zaanstad2005");
    let row = |kpi: &str| {
        let rows = project.rows(&[kpi]);
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows[0].clone()
    };
    // 17 is the distance to the norm and not the part that was late.
    let late = row("zaanstad_binnen_20_seconden");
    assert_eq!((&late["waarde"], &late["status"]), (&73.into(), &"niet gehaald".into()));
    assert_eq!(late["afstand"], -17);
    // The mean hides it.
    let mean = row("zaanstad_wachttijd");
    assert_eq!((mean["waarde"].as_f64(), &mean["status"]), (Some(18.4), &"geen norm".into()));
    let answered = row("zaanstad_bereikbaarheid");
    assert_eq!((&answered["waarde"], &answered["status"]), (&100.into(), &"gehaald".into()));
    let hold = row("zaanstad_direct_in_de_wacht");
    assert_eq!((hold["waarde"].as_f64(), &hold["status"]), (Some(7.4), &"niet gehaald".into()));
    assert_eq!(hold["kenmerken"][0]["kenmerk"], "onbetrouwbaar");
    let transferred = row("zaanstad_doorverbinding_geslaagd");
    assert_eq!((transferred["waarde"].as_f64(), &transferred["status"]), (Some(53.6), &"geen norm".into()));
    // Four of fourteen is no verdict, and whether it was in time was not measured.
    let called = row("zaanstad_teruggebeld");
    assert_eq!((&called["teller"], &called["noemer"], &called["n"]), (&4.into(), &14.into(), &14.into()));
    assert_eq!(called["status"], "te weinig waarnemingen");
    assert_eq!(row("zaanstad_teruggebeld_op_tijd")["status"], "geen gegevens");
    let text = project.well(&["run"]);
    has(&text, &["28,6 %", "streefnorm = 100 %, benchmark landelijk 76,2 %"]);
}

#[test]
fn zaanstad_over_the_years() {
    let project = example("zaanstad2005");
    let values = |kpi: &str| project.values(&[kpi, "--env", "jaren", "--total", "--from", "2003-01-01"]);
    // The costs of the new number were unknown, and that is not zero.
    assert!(values("zaanstad_kosten_14").iter().all(|told| told.ends_with("null geen gegevens")));
    // What was estimated says so, through the quotient as well; so does what is unknown.
    let marked = |kpi: &str, year: usize| {
        let rows = project.rows(&[kpi, "--env", "jaren", "--total", "--from", "2003-01-01"]);
        let marks = rows[year]["kenmerken"].as_array().expect("a list");
        marks.iter().filter_map(|mark| mark["kenmerk"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    for kpi in ["zaanstad_gesprekken", "zaanstad_kosten_callcenter", "zaanstad_kosten_per_gesprek"] {
        assert!(marked(kpi, 2).is_empty(), "{kpi}");
        assert!(marked(kpi, 3).contains(&"raming".to_owned()), "{kpi}");
    }
    assert_eq!(marked("zaanstad_kosten_14", 2), ["bedrag_onbekend"]);
    let minutes = values("zaanstad_minuten_per_gesprek");
    assert_eq!(minutes[0], "2003 null geen gegevens");
    has(&minutes[2], &["2005 2.86"]);
    // Two people are not shown.
    let marks = project.values(&["zaanstad_rapportcijfer_eerste", "--env", "jaren", "--by", "locatie"]);
    assert!(marks.iter().any(|told| told == "2006 locatie 1 null afgeschermd"), "{marks:?}");
}

#[test]
fn groningen_in_2016() {
    let project = example("groningen2016");
    let row = |kpi: &str| {
        let rows = project.rows(&[kpi, "--from", "2016-01-01"]);
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows[0].clone()
    };
    // A dash is no zero, and says why.
    let whole = row("groningen_volledig_antwoord");
    assert!(whole["waarde"].is_null(), "{whole}");
    assert_eq!((&whole["status"], &whole["norm"]), (&"geen gegevens".into(), &">= 80%".into()));
    assert_eq!(whole["kenmerken"][0]["reden"], "koppelingen ontbreken");
    assert_eq!(row("groningen_zelfstandig")["status"], "geen gegevens");
    assert_eq!(row("groningen_direct_afgehandeld")["status"], "geen gegevens");
    // A figure that is there and not to be trusted.
    let answered = row("groningen_beantwoord");
    assert_eq!((&answered["waarde"], &answered["status"]), (&90.into(), &"niet gehaald".into()));
    assert_eq!(answered["kenmerken"][0]["kenmerk"], "onbetrouwbaar");
    assert_eq!(row("groningen_binnen_30_seconden")["status"], "gehaald");
    // What was aimed at for 2016 is no norm for 2015.
    let all = project.values(&["groningen_beantwoord"]);
    assert_eq!(all, ["2015 90 geen norm", "2016 90 niet gehaald"]);
}

#[test]
fn tilburg_publishes_no_figures() {
    let project = example("tilburg2016");
    let rows = project.rows(&[]);
    assert_eq!(rows.len(), 19);
    for row in &rows {
        let status = row["status"].as_str().expect("a status");
        assert!(["geen norm", "geen gegevens", "niet meetbaar"].contains(&status), "{row}");
        // Whatever has a value says that it was made up.
        let made_up = row["kenmerken"][0]["kenmerk"] == "verzonnen";
        assert_eq!(made_up, !row["waarde"].is_null(), "{row}");
    }
}
