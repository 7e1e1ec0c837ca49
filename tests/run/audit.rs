//! `infer` proposes a source model that `check --data` takes, and `check --data` finds what the data break.

use super::{Project, has};

/// A project without definitions.
fn bare() -> Project {
    let project = Project::sample();
    std::fs::remove_dir_all(project.path().join("definities")).expect("removed");
    std::fs::create_dir(project.path().join("definities")).expect("a folder");
    project
}

/// A project with one table of each kind of trouble.
fn broken() -> Project {
    let project = bare();
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
    let project = bare();
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

/// A project with tables that say when: a table per file, whose rows are given.
fn in_time(files: &[(&str, String)]) -> Project {
    let project = bare();
    project.write(
        "definities/d.kpi",
        r#"bronsysteem b "B" {
    tabel gesprek "Eén rij per gesprek" {
        nr     geheel     sleutel
        start  tijdstip   meetmoment
        eind   tijdstip?
        soort  tekst      -> termijn.soort geldig op start
    }
    tabel bezoek "Eén rij per bezoek" {
        nr   geheel  sleutel
        dag  datum   meetmoment
    }
    tabel termijn "Termijn per soort" {
        geldig  van tot en met tot_en_met
        soort       tekst   sleutel
        van         datum
        tot_en_met  datum?
    }
    tabel dienst "Wie er dienst heeft" {
        geldig  van tot einde
        bsn  tekst   sleutel persoonsgegeven
        van  datum
        einde  datum?
    }
}
"#,
    );
    let mut sources = Vec::new();
    for (name, body) in files {
        project.write(&format!("{name}.csv"), body);
        sources.push(format!("b.{name}: {{pad: {name}.csv}}"));
    }
    project.write("meetlat.yaml", format!("omgevingen: {{l: {{bronnen: {{{}}}}}}}\n", sources.join(", ")));
    project
}

#[test]
fn times_that_occur_twice_or_never_are_counted() {
    let rows = "nr,start,eind,soort\n\
        1,2026-03-29 02:30,2026-03-29 03:10,a\n\
        2,2026-10-25 02:00,2026-10-25 02:59:59,a\n\
        3,2026-10-25 02:30+01:00,2026-10-25 03:00,a\n\
        4,2026-07-01 02:30,,a\n";
    let project = in_time(&[("gesprek", rows.to_owned())]);
    let told = project.meetlat(&["check", "--data"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    has(
        &told.stderr,
        &[
            "waarschuwing[ML627]: `start` van `b.gesprek`: 1 tijd komt twee keer voor en 1 tijd bestaat niet",
            "zet dan `tijdzone: UTC` bij de bron",
            "tip[ML627]: `eind` van `b.gesprek`: 1 tijd komt twee keer voor, doordat de klok dan verzet wordt",
            "✓ b.gesprek · 4 rijen",
        ],
    );
    let json: serde_json::Value =
        serde_json::from_str(&project.meetlat(&["check", "--data", "--format", "json"]).stdout).expect("JSON");
    assert_eq!(
        (&json["gegevens"][0]["tijden_dubbel"], &json["gegevens"][0]["tijden_onbestaand"]),
        (&2.into(), &1.into())
    );
    // In UTC each time occurs once.
    let yaml = project.read("meetlat.yaml").replace("gesprek.csv", "gesprek.csv, tijdzone: UTC");
    project.write("meetlat.yaml", yaml);
    let told = project.meetlat(&["check", "--data"]).stderr;
    assert!(!told.contains("ML627"), "{told}");
}

#[test]
fn a_delivery_that_stopped_or_is_missing_is_told() {
    let day = |n: u32| format!("2026-{:02}-{:02}", n / 28 + 1, n % 28 + 1);
    let visits = |days: &mut dyn Iterator<Item = u32>| {
        days.fold("nr,dag\n".to_owned(), |text, n| text + &format!("{n},{}\n", day(n)))
    };
    let calls = |days: &mut dyn Iterator<Item = u32>| {
        days.fold("nr,start,eind,soort\n".to_owned(), |text, n| text + &format!("{n},{} 10:00,,a\n", day(n)))
    };
    let project = in_time(&[("gesprek", calls(&mut (0..100))), ("bezoek", visits(&mut (0..60)))]);
    let told = || {
        let ran = project.meetlat(&["check", "--data"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr
    };
    has(
        &told(),
        &[
            "waarschuwing[ML628]: `b.bezoek` houdt op bij 2026-03-04, en de meeste andere tabellen gaan verder, tot 2026-04-16",
            "gewoonlijk komt er binnen een dag een volgende",
        ],
    );
    assert!(!told().contains("`b.gesprek` houdt op"), "{}", told());
    project.write("bezoek.csv", visits(&mut (0..100).filter(|n| !(40..60).contains(n))));
    has(&told(), &["waarschuwing[ML629]: `b.bezoek` heeft geen rijen tussen 2026-02-12 en 2026-03-05"]);
    assert!(!told().contains("ML628"), "{}", told());
    project.write("bezoek.csv", visits(&mut (0..100)) + "999,2062-04-16\n");
    has(
        &told(),
        &[
            "waarschuwing[ML626]: `dag` van `b.bezoek`: 1 rij ligt jaren na alle andere",
            "bijvoorbeeld 2062-04-16; de andere houden op bij 2026-04-16",
        ],
    );
    assert!(!told().contains("ML628") && !told().contains("ML629"), "{}", told());
}

#[test]
fn rows_without_a_moment_are_counted() {
    let project = Project::sample();
    let told = || project.meetlat(&["check", "--data"]).stderr;
    assert!(!told().contains("ML651"), "{}", told());
    project.edit("data/tickets.csv", "data/tickets.csv", "06-01-2026 10:00", "");
    has(&told(), &["waarschuwing[ML651]: 1 rij van `balie.ticket` heeft geen `afgifte`"]);
}

#[test]
fn rows_that_are_valid_at_once_are_told_with_examples() {
    let terms = "soort,van,tot_en_met\n\
        a,2026-01-01,2026-06-30\na,2026-06-30,\na,2026-09-01,2026-10-01\n\
        b,2026-01-01,2026-06-30\nb,2026-07-01,\n\
        c,2026-02-01,2026-01-01\n";
    let shifts = "bsn,van,einde\n111222333,2026-01-01,\n111222333,2026-02-01,2026-03-01\n";
    let project = in_time(&[("termijn", terms.to_owned()), ("dienst", shifts.to_owned())]);
    let told = project.fails(3, &["check", "--data"]);
    has(
        &told,
        &[
            "fout[ML616]: 2 rijen beginnen in `b.termijn` terwijl een andere rij van dezelfde sleutel nog geldt",
            "bijvoorbeeld soort `a` (van 2026-01-01 tot en met 2026-06-30 en vanaf 2026-06-30), soort `a` (vanaf 2026-06-30",
            "fout[ML617]: 1 rij van `b.termijn` eindigt voordat zij begint",
            "bijvoorbeeld soort `c` (van 2026-02-01 tot en met 2026-01-01)",
            "! b.termijn · 6 rijen",
            "fout[ML616]: 1 rij begint in `b.dienst`",
            "één `bsn` (vanaf 2026-01-01 en van 2026-02-01 tot 2026-03-01)",
        ],
    );
    assert!(!told.contains("111222333"), "a personal value is shown: {told}");
    project.write("termijn.csv", "soort,van,tot_en_met\nb,2026-01-01,2026-06-30\nb,2026-07-01,\n");
    project.write("dienst.csv", "bsn,van,einde\n111222333,2026-01-01,2026-02-01\n111222333,2026-02-01,\n");
    project.well(&["check", "--data"]);
}
