//! `infer` proposes a source model that `check --data` takes, and `check --data` finds what the data break.

use super::{Project, has};

/// A project with one table of each kind of trouble.
fn broken() -> Project {
    let project = Project::sample();
    std::fs::remove_dir_all(project.path().join("definities")).expect("removed");
    std::fs::create_dir(project.path().join("definities")).expect("a folder");
    project.write(
        "definities/d.kpi",
        r#"bronsysteem b "B" {
    tabel zaak "Eén rij per zaak" {
        nr      geheel  sleutel
        begin   datum   meetmoment
        eind    datum?
        soort   tekst   in ("a", "b")
        team    tekst?  -> team.code
        bsn     tekst?  persoonsgegeven
        naam    tekst
        eis "einde ligt na begin": eind >= begin
        eis "team is bekend": team is leeg of team.plek is gevuld
    }
    tabel team "Eén rij per team" {
        code  tekst  sleutel
        plek  tekst
    }
    tabel persoon "Eén rij per persoon" {
        bsn   tekst  sleutel persoonsgegeven
        dag   datum  meetmoment
    }
}
"#,
    );
    project.write(
        "zaken.csv",
        "nr,begin,eind,soort,team,bsn,naam\n\
         1,2026-01-05,2026-01-06,a,t1,111222333,x\n\
         1,2026-01-05,2026-01-01,b,t9,,x\n\
         2,9999-12-31,,c,,,\n\
         3,2026-02-01,2026-02-01,b,t1,,y\n",
    );
    project.write("teams.csv", "code,plek\nt1,Zuid\n");
    project.write("personen.csv", "bsn,dag\n111222333,2026-01-01\n111222333,2026-01-02\n");
    project.write(
        "meetlat.yaml",
        "omgevingen: {l: {bronnen: {b.zaak: {pad: zaken.csv}, b.team: {pad: teams.csv}, b.persoon: {pad: personen.csv}}}}\n",
    );
    project
}

#[test]
fn what_the_data_break_is_counted_with_examples() {
    let project = broken();
    let told = project.fails(3, &["check", "--data"]);
    has(
        &told,
        &[
            "fout[ML621]: de sleutel `nr` van `b.zaak` is niet uniek: 1 waarde staat vaker in 2 rijen",
            "nr = 1 (2 keer)",
            "waarschuwing[ML626]: `begin` van `b.zaak` ligt in 1 van de 4 rijen voor 1900 of na 2100",
            "9999-12-31 (nr = 2)",
            "waarschuwing[ML623]: `soort` van `b.zaak` heeft in 1 van de 4 rijen een waarde die niet in haar lijst staat",
            "\"c\" (nr = 2)",
            "waarschuwing[ML625]: `team` van `b.zaak` verwijst in 1 van de 4 rijen naar niets",
            "\"t9\" (nr = 1)",
            "fout[ML622]: `naam` van `b.zaak` is leeg in 1 van de 4 rijen",
            "waarschuwing[ML624]: eis “einde ligt na begin” van `b.zaak` klopt niet in 1 van de 4 rijen",
            "waarschuwing[ML624]: eis “team is bekend” van `b.zaak` klopt niet in 1 van de 4 rijen",
            "fout[ML621]: de sleutel `bsn` van `b.persoon` is niet uniek",
            "! b.zaak · 4 rijen · 2026-01-05 – 9999-12-31",
            "✓ b.team · 1 rij",
        ],
    );
    assert!(!told.contains("111222333"), "a personal value is shown: {told}");
    let ran = project.meetlat(&["check", "--data", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["gegevens"][2]["tabel"], "b.zaak");
    assert_eq!(json["gegevens"][2]["rijen"], 4);
    assert_eq!(json["gegevens"][2]["oudste"], "2026-01-05");
}

#[test]
fn a_table_that_is_not_connected_or_cannot_be_read_is_told() {
    let project = broken();
    project.write("teams.csv", "kode,plek\nt1,Zuid\n");
    has(&project.fails(3, &["check", "--data"]), &["fout[ML602]: `teams.csv` heeft geen kolom `code`", "! b.zaak"]);
    // A column that may be empty can be missed.
    let zaken = project.read("zaken.csv").replace(",bsn,", ",nummer,");
    project.write("zaken.csv", zaken).write("teams.csv", "code,plek\nt1,Zuid\n");
    let told = project.fails(3, &["check", "--data"]);
    has(&told, &["waarschuwing[ML602]: `zaken.csv` heeft geen kolom `bsn`", "! b.zaak · 4 rijen", "ML624"]);
    project.write("meetlat.yaml", "project: Leeg\n");
    let told = || project.meetlat(&["check", "--data"]).stderr;
    has(&told(), &["waarschuwing[ML620]: er zijn geen bronnen gekoppeld"]);
    project
        .write("meetlat.yaml", "omgevingen: {l: {bronnen: {b.team: {pad: teams.csv}}}}\n")
        .write("teams.csv", "code,plek\n");
    has(&told(), &["waarschuwing[ML620]: `b.team` heeft geen rijen"]);
}

#[test]
fn a_proposal_is_taken_by_the_check() {
    let project = Project::sample();
    std::fs::remove_dir_all(project.path().join("definities")).expect("removed");
    std::fs::create_dir(project.path().join("definities")).expect("a folder");
    let mut body = "Zaaknr;Ontvangen op;Kanaal;Doorlooptijd_min;Leges;E-mail\r\n".to_owned();
    for n in 1..=60 {
        let channel = ["Balie", "Telefoon", "Cafébezoek"][n % 3];
        body += &format!("Z{n};{:02}-02-2026 1{}:05;{channel};{},5;{},25;k{n}@x.nl\r\n", n % 28 + 1, n % 10, n * 3, n);
    }
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&body);
    project.write("zaken.csv", &bytes);
    let proposal = project.well(&["infer", "zaken.csv", "--as", "zs.zaak"]);
    has(
        &proposal,
        &[
            "zs.zaak: {pad: zaken.csv, codering: windows-1252, decimaal: \",\", datums: dd-mm-jjjj}",
            "bronsysteem zs \"zs\" {",
            "duur in min",
            "persoonsgegeven",
            "in (\"Balie\", \"Cafébezoek\", \"Telefoon\")",
        ],
    );
    project.write("definities/zs.kpi", &proposal);
    let line = proposal.lines().find_map(|line| line.strip_prefix("//   ")).expect("the line for meetlat.yaml");
    project.write("meetlat.yaml", format!("omgevingen: {{l: {{bronnen: {{{line}}}}}}}\n"));
    let ran = project.meetlat(&["check", "--data"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    has(&ran.stderr, &["✓ zs.zaak · 60 rijen · 2026-02-01 – 2026-02-28"]);
    let ran = project.meetlat(&["infer", "weg.csv"]);
    assert_eq!(ran.code, 3);
    has(&ran.stderr, &["fout[ML601]: `weg.csv` bestaat niet"]);
    assert_eq!(project.meetlat(&["infer", "zaken.csv", "--as", "zaak"]).code, 2);
}
