//! What is left when a source fails, has nothing, or lacks a column.

use serde_json::Value;

use super::{Project, has};

#[test]
fn one_failing_source_leaves_the_others_their_results() {
    let project = Project::sample();
    project.edit("data/oproepen.csv", "a.csv", ",102,2\n", ",102,twee\n");
    let ran = project.meetlat(&["run", "--source", "telefoon.oproep=a.csv"]);
    assert_eq!(ran.code, 3);
    assert_eq!(ran.stderr.matches("fout[").count(), 1, "{}", ran.stderr);
    has(
        &ran.stderr,
        &[
            "fout[ML604]: `a.csv`, regel 3: kolom `stappen`: `twee` is geen geheel getal",
            "daardoor niet berekend: `op_tijd`, `per_afdeling`, `stappen`, `tickets_per_oproep`, `wachttijd`",
        ],
    );
    has(
        &ran.stdout,
        &[
            "Leges per volgnummer  € 5,00  geen geg.  € 10,00",
            "1 KPI overgeslagen: bron post is niet gekoppeld. Overgeslagen: op_tijd, per_afdeling,",
            "`twee` is geen geheel getal",
        ],
    );
    // The same to a program: rows of the others, and the failure among the diagnoses.
    let ran = project.meetlat(&["run", "--source", "telefoon.oproep=a.csv", "--format", "json", "--total"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let rows = json["resultaten"].as_array().expect("rows");
    assert!(rows.iter().all(|r| r["kpi"] == "leges") && rows.len() == 3, "{rows:?}");
    assert_eq!((ran.code, &json["diagnoses"][0]["code"]), (3, &Value::from("ML604")));
    // Two failing sources are both told.
    let text = project.fails(3, &["run", "--source", "telefoon.oproep=a.csv", "--source", "balie.ticket=nix.csv"]);
    has(&text, &["fout[ML604]", "fout[ML601]: `nix.csv` bestaat niet"]);
}

#[test]
fn a_column_that_is_not_there() {
    let project = Project::sample();
    let old = "{pad: data/oproepen.csv}";
    let new = "{pad: data/oproepen.csv, kolommen: {stappen: geen \"de centrale legt dit niet vast\"}}";
    project.edit("meetlat.yaml", "meetlat.yaml", old, new);
    let reason = "kolom `telefoon.oproep.stappen` is hier niet beschikbaar: de centrale legt dit niet vast";
    for args in [&["stappen"][..], &["stappen", "wachttijd"], &[]] {
        let rows = project.rows(args);
        let mine: Vec<_> = rows.iter().filter(|r| r["kpi"] == "stappen").collect();
        assert_eq!(mine.len(), 3, "{args:?}");
        for row in mine {
            assert_eq!((&row["status"], &row["waarde"]), (&Value::from("geen gegevens"), &Value::Null));
            assert_eq!(row["kenmerken"][0]["reden"], reason);
        }
        assert!(args == ["stappen"] || rows.iter().any(|r| r["kpi"] == "wachttijd" && r["waarde"] == 20));
    }
    has(&project.well(&["run", "stappen"]), &["? geen gegevens", reason, "Meer: meetlat explain stappen"]);
}

#[test]
fn without_rows_there_is_no_range() {
    let project = Project::sample();
    project.write("leeg.csv", "id,begin,opgenomen,team,beller,stappen\n");
    let source = ["--source", "telefoon.oproep=leeg.csv"];
    let text = project.fails(3, &[&["run", "wachttijd"][..], &source].concat());
    has(&text, &["fout[ML655]: er zijn geen gegevens: geen enkele rij van de bronnen heeft een meetmoment"]);
    let range = ["wachttijd", "--total", "--from", "2026-01-01", "--to", "2026-03-01"];
    let found = project.values(&[&range[..], &source].concat());
    assert_eq!(found, ["2026-01 null geen gegevens", "2026-02 null geen gegevens"]);
}

#[test]
fn sources_that_are_not_connected() {
    let project = Project::sample();
    let ran = project.meetlat(&["run"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    has(&ran.stdout, &["\n1 KPI overgeslagen: bron post is niet gekoppeld.\n"]);
    let ran = project.meetlat(&["run", "brieven", "wachttijd"]);
    assert_eq!(ran.code, 3);
    has(&ran.stdout, &["Gemiddelde wachttijd"]);
    has(
        &ran.stderr,
        &[
            "fout[ML654]: `brieven` kan niet berekend worden: `post.brief` is niet gekoppeld",
            "koppel die tabel in meetlat.yaml onder `omgevingen`, of met --source post.brief=PAD",
        ],
    );
    let text = project.fails(3, &["run", "--env", "leeg"]);
    has(&text, &["fout[ML654]: geen van de gevraagde KPI's heeft gekoppelde bronnen"]);
    // A flag connects as well.
    project.write("brieven.csv", "id,ontvangst\n1,2026-01-05 09:00:00\n");
    let found = project.values(&["brieven", "--source", "post.brief=brieven.csv"]);
    assert_eq!(found, ["2026-01 1 geen norm"]);
}

#[test]
fn definitions_that_do_not_hold() {
    let project = Project::sample();
    project.write("definities/fout.kpi", "kpi leeg \"Leeg\" {\n}\n");
    let ran = project.meetlat(&["run"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    has(&ran.stderr, &["fout[ML", "definities/fout.kpi:1", "1 fout"]);
    let empty = Project::copy(&project.path().join("data"));
    empty.write("meetlat.yaml", "project: Leeg\n");
    let text = empty.fails(2, &["run"]);
    assert_eq!(text, "fout: dit project heeft nog geen KPI's\n  hulp: schrijf er een in de map definities\n");
}

#[test]
fn rows_without_a_moment_are_told() {
    let project = Project::sample();
    project.edit("data/tickets.csv", "data/tickets.csv", "06-01-2026 10:00", "");
    let ran = project.meetlat(&["run", "leges", "--format", "json", "--total"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["diagnoses"][0]["code"], "ML651");
    assert_eq!(json["resultaten"][0]["waarde"], 4.5);
    has(&ran.stderr, &["waarschuwing[ML651]: 1 rij van balie.ticket heeft geen afgifte"]);
    assert_eq!(project.fails(0, &["run", "leges", "-q"]), "");
}

#[test]
fn rows_without_a_moment_that_a_kpi_leaves_out_itself_are_not_told() {
    let project = Project::sample();
    project.edit("data/tickets.csv", "data/tickets.csv", "06-01-2026 10:00", "");
    let file = "definities/balie.kpi";
    let uses = "    berekening    gemiddelde(leges)\n    bronsysteem   balie.ticket";
    project.edit(file, file, uses, &format!("{uses} waarbij afgifte is gevuld"));
    assert_eq!(project.fails(0, &["run", "leges"]), "");
}
