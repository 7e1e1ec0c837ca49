//! The permits example runs: over a small event log of our own, in its columns.

use super::{Project, has};
use crate::command::root;

const LOG: &str = r#"{"concept:instance":"t1","case:concept:name":"z1","time:timestamp":"2026-01-05T09:00:00","concept:name":"ontvangst","org:resource":"m1","case:startdate":"2026-01-05T09:00:00","case:deadline":"2026-03-02T00:00:00","case:enddate":"2026-02-01T12:00:00","case:channel":"Internet","case:department":"Bouwen"}
{"concept:instance":"t2","case:concept:name":"z1","time:timestamp":"2026-02-01T12:00:00","concept:name":"besluit","org:resource":null,"case:startdate":"2026-01-05T09:00:00","case:deadline":"2026-03-02T00:00:00","case:enddate":"2026-02-01T12:00:00","case:channel":"Internet","case:department":"Bouwen"}
{"concept:instance":"t3","case:concept:name":"z2","time:timestamp":"2026-01-06T09:00:00","concept:name":"ontvangst","org:resource":"m2","case:startdate":"2026-01-06T09:00:00","case:deadline":"2026-02-10T00:00:00","case:enddate":"2026-02-10T16:00:00","case:channel":"Balie","case:department":"Bouwen"}
{"concept:instance":"t4","case:concept:name":"z3","time:timestamp":"2026-02-03T09:00:00","concept:name":"ontvangst","org:resource":"m1","case:startdate":"2026-02-03T09:00:00","case:deadline":"2026-02-20T00:00:00","case:enddate":null,"case:channel":"Balie","case:department":"Milieu"}
{"concept:instance":"t5","case:concept:name":"z4","time:timestamp":"2026-03-20T09:00:00","concept:name":"ontvangst","org:resource":"m1","case:startdate":"2026-03-20T09:00:00","case:deadline":"2026-05-15T00:00:00","case:enddate":null,"case:channel":"Internet","case:department":"Milieu"}
"#;

#[test]
fn four_answers_to_one_question() {
    let project = Project::copy(&root().join("examples/vergunningen"));
    project.write("log.jsonl", LOG);
    project.well(&["check"]);
    let source = ["--source", "zaaklog.gebeurtenis=log.jsonl"];
    let value = |kpi: &str| {
        let rows = project.rows(&[&[kpi, "--total"], &source[..]].concat());
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows[0]["waarde"].clone()
    };
    // z1 in time; z2 on the day of its term, after midnight; z3 open and late; z4 open with time left.
    assert_eq!(value("tijdig_afgerond_tijdstip"), 50);
    assert_eq!(value("tijdig_afgerond_datum"), 100);
    has(&value("tijdig_verstreken_termijn").to_string(), &["33.3333333"]);
    assert_eq!(value("tijdig_alle_gestart"), 25);
    assert_eq!(value("zaken_gestart"), 4);
    assert_eq!(value("gebeurtenissen_per_zaak"), 1.25);
    // z1 from Monday 5 January to Sunday 1 February: 19 working days; the others have one event.
    assert_eq!(value("ontvangst_werkdagen"), 4.75);
    let rows = project.rows(&[&["ontvangst_binnen_werkdag", "--total"], &source[..]].concat());
    assert_eq!((&rows[0]["waarde"], &rows[0]["status"]), (&75.into(), &"te weinig waarnemingen".into()));
    let text = project.well(&[&["run", "--by", "kanaal"], &source[..]].concat());
    has(&text, &["Gebeurtenissenlog van het zaaksysteem · ", "per kanaal", "Balie", "Internet", "10 KPI's"]);
    let ran = project.meetlat(&["run"]);
    assert_eq!(ran.code, 3);
    has(&ran.stderr, &["geen van de gevraagde KPI's heeft gekoppelde bronnen"]);
}
