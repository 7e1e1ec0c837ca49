//! Tables that unite others, and counts of rows that point here: a trap at a time.

use super::{Project, has};
use crate::command::{meetlat, root};

const SETTINGS: &str = "project: P\ndefinities: [k.kpi]\nomgevingen:\n  l:\n    bronnen:\n      acd.gesprek: {pad: \
                        gesprek.csv}\n      email.bericht: {pad: bericht.jsonl}\n      zaken.zaak: {pad: zaak.csv}\n";

const TABLES: &str = r#"bronsysteem acd "Telefooncentrale" {
    tabel gesprek "Eén rij per oproep" {
        nummer       geheel      sleutel
        binnenkomst  tijdstip    meetmoment
        beller       tekst?      persoonsgegeven
        team         tekst?
        zaak         tekst?      -> zaken.zaak.nummer
        wachttijd    duur in s ?
    }
}
bronsysteem email "E-mail" {
    tabel bericht "Eén rij per bericht" {
        nummer       geheel      sleutel
        ontvangen    tijdstip    meetmoment
        afzender     tekst?      persoonsgegeven
        dossier      tekst?      -> zaken.zaak.nummer
        bladzijden   geheel?
    }
}
bronsysteem zaken "Zaaksysteem" {
    tabel zaak "Eén rij per zaak" {
        nummer       tekst       sleutel
        start        tijdstip    meetmoment
        soort        tekst
        contacten    = aantal(klantcontact.contact via zaak)
        gebeld       = aantal(klantcontact.contact via zaak waarbij kanaal = "telefoon")
        gesprekken   = aantal(acd.gesprek via zaak)
        meer         = aantal(acd.gesprek via zaak) > 1
    }
}
bronsysteem klantcontact "Klantcontacten" {
    tabel contact verenigt acd.gesprek, email.bericht "Eén rij per contact" {
        nummer       = nummer, nummer           sleutel
        moment       = binnenkomst, ontvangen   meetmoment
        wie          = beller, afzender
        kanaal       = "telefoon", "e-mail"
        team         = team, leeg
        wachttijd    = wachttijd, leeg
        bladzijden   = leeg, bladzijden
        zaak         = zaak, dossier
        avond        = uur(moment) >= 18
        eis "een moment": moment is gevuld
    }
    tabel klant uit contact per wie "Eén rij per klant" {
        eerste       = minimum(moment)          meetmoment
        laatst       = laatste(kanaal)
        hoe_vaak     = aantal()
    }
    tabel alles verenigt contact, zaken.zaak, acd.gesprek "Een verenigde tabel als deel, en een deel dat twee keer komt" {
        moment       = moment, start, binnenkomst  meetmoment
        wat          = kanaal, "zaak", "nog eens"
        aantallen    = leeg, contacten, 1
    }
}
dimensie kanaal "Kanaal" {
    leden        telefoon, email
    email        = "e-mail"
    groep        snel = telefoon
    in           klantcontact.contact = kanaal
}
"#;

const CALLS: &str = "nummer,binnenkomst,beller,team,zaak,wachttijd\n\
                     1,2026-01-05 09:00,anna,A,Z1,10\n\
                     2,2026-01-06 19:00,bob,A,,30\n\
                     3,2026-01-20 09:00,bob,B,Z1,\n\
                     4,2026-02-05 09:00,,,Z9,5\n";
const LETTERS: &str = r#"{"nummer":1,"ontvangen":"2026-01-06 19:00","afzender":"anna","dossier":"Z2","bladzijden":3}
{"nummer":5,"ontvangen":"2026-02-07 09:00","afzender":"carla","dossier":null}
"#;
const CASES: &str =
    "nummer,start,soort\nZ1,2026-01-01 09:00,klacht\nZ2,2026-01-02 09:00,vraag\nZ3,2026-02-03 09:00,vraag\n";

/// A project of which `calculation` over `source` is the KPI `k`.
fn project(calculation: &str, source: &str, dimensions: &str) -> Project {
    let project = Project { dir: tempfile::tempdir().expect("a folder") };
    let kpi = format!(
        "kpi k \"K\" {{ definitie \"x\" berekening {calculation} bronsysteem {source} meetmethode automatisch, per \
         maand dimensies {dimensions} norm geen \"x\" }}\n"
    );
    project.write("meetlat.yaml", SETTINGS).write("k.kpi", format!("{TABLES}{kpi}"));
    project.write("gesprek.csv", CALLS).write("bericht.jsonl", LETTERS).write("zaak.csv", CASES);
    project
}

const CONTACT: &str = "klantcontact.contact";

#[test]
fn the_rows_of_all_parts_are_counted_and_split() {
    let found = project("aantal()", CONTACT, "team").values(&["k", "--by", "team"]);
    let expected = [
        "2026-01 4 geen norm",
        "2026-02 2 geen norm",
        "2026-01 A 2 geen norm",
        "2026-02 A 0 geen norm",
        "2026-01 B 1 geen norm",
        "2026-02 B 0 geen norm",
        // What a part does not have is empty there.
        "2026-01 (leeg) 1 geen norm",
        "2026-02 (leeg) 2 geen norm",
    ];
    assert_eq!(found, expected);
    // An empty value of one part, and a mean over the rows that have one.
    let found = project("gemiddelde(bladzijden)", CONTACT, "kanaal").values(&["k", "--total"]);
    assert_eq!(found, ["2026-01 3 geen norm", "2026-02 null geen gegevens"]);
    let found =
        project("percentage(avond)", CONTACT, "kanaal").values(&["k", "--total", "--where", "kanaal = \"telefoon\""]);
    assert_eq!(found[0], "2026-01 33.333333333333336 geen norm");
}

#[test]
fn a_shared_dimension_and_its_groups_go_over_it() {
    let found = project("aantal()", CONTACT, "kanaal.groep").values(&["k", "--by", "kanaal.groep"]);
    has(&found.join("\n"), &["2026-01 snel 3 geen norm", "2026-01 email 1 geen norm", "2026-02 snel 1 geen norm"]);
}

#[test]
fn a_part_without_rows_changes_nothing() {
    let project = project("aantal()", CONTACT, "kanaal");
    project.write("gesprek.csv", "nummer,binnenkomst,beller,team,zaak,wachttijd\n");
    assert_eq!(project.values(&["k", "--total"]), ["2026-01 1 geen norm", "2026-02 1 geen norm"]);
    let counted = self::project("som(contacten)", "zaken.zaak", "soort");
    counted.write("gesprek.csv", "nummer,binnenkomst,beller,team,zaak,wachttijd\n");
    assert_eq!(counted.values(&["k", "--total"]), ["2026-01 1 geen norm", "2026-02 0 geen norm"]);
}

#[test]
fn rows_see_each_other_across_the_parts() {
    // Anna called, and wrote the day after; Bob called twice, two weeks apart.
    let found =
        project("aantal(waarbij herhaald(wie, binnen 7 dagen))", CONTACT, "kanaal").values(&["k", "--by", "kanaal"]);
    has(&found.join("\n"), &["2026-01 1 geen norm", "2026-01 email 1 geen norm", "2026-01 telefoon 0 geen norm"]);
    // Two rows at one moment: the key decides, and of one key the order of the parts.
    let tied = project("aantal(waarbij herhaald(wie, binnen 7 dagen))", CONTACT, "kanaal");
    tied.write("gesprek.csv", "nummer,binnenkomst,beller,team,zaak,wachttijd\n1,2026-01-06 19:00,anna,A,,1\n");
    let found = tied.values(&["k", "--by", "kanaal"]);
    has(&found.join("\n"), &["2026-01 1 geen norm", "2026-01 email 1 geen norm", "2026-01 telefoon 0 geen norm"]);
    let last = project("aantal(waarbij laatst = \"e-mail\")", "klantcontact.klant", "laatst");
    last.write("gesprek.csv", "nummer,binnenkomst,beller,team,zaak,wachttijd\n1,2026-01-06 19:00,anna,A,,1\n");
    assert_eq!(last.values(&["k", "--total"]), ["2026-01 1 geen norm", "2026-02 1 geen norm"]);
}

#[test]
fn persons_are_told_apart_over_the_parts() {
    let with = |least: &str| {
        let project = project("aantal()", CONTACT, "kanaal");
        let shield = format!("per maand, afschermen bij minder dan {least} dimensies");
        project.edit("k.kpi", "k.kpi", "per maand dimensies", &shield).values(&["k", "--total"])
    };
    // January: four contacts of Anna and Bob, each by telephone and Anna also by mail.
    assert_eq!(with("2")[0], "2026-01 4 geen norm");
    assert_eq!(with("3")[0], "2026-01 null afgeschermd");
}

#[test]
fn tables_upon_united_tables() {
    let found = project("som(hoe_vaak)", "klantcontact.klant", "laatst").values(&["k", "--by", "laatst"]);
    has(&found.join("\n"), &["2026-01 4 geen norm", "2026-01 e-mail 2 geen norm", "2026-01 telefoon 2 geen norm"]);
    let found = project("aantal()", "klantcontact.alles", "wat").values(&["k", "--by", "wat"]);
    has(
        &found.join("\n"),
        &[
            "2026-01 9 geen norm",
            "2026-01 nog eens 3 geen norm",
            "2026-01 zaak 2 geen norm",
            "2026-02 e-mail 1 geen norm",
        ],
    );
    let found = project("som(aantallen)", "klantcontact.alles", "wat").values(&["k", "--total"]);
    assert_eq!(found, ["2026-01 6 geen norm", "2026-02 1 geen norm"]);
}

#[test]
fn stock_and_observations_over_it() {
    let found = project("werkvoorraad(moment, zaak.start)", CONTACT, "kanaal").values(&["k", "--total"]);
    // Open where the case is not known: Bob in the evening, and from February the two without a case.
    assert_eq!(found, ["2026-01 1 geen norm", "2026-02 3 geen norm"]);
}

#[test]
fn pointing_rows_are_counted_once_and_none_is_zero() {
    let of = |calculation: &str| project(calculation, "zaken.zaak", "soort").values(&["k", "--by", "soort"]);
    // Z1 has two calls, Z2 a letter, Z3 nothing; a call about a case that is not there, and three about none, count nowhere.
    let found = of("som(contacten)");
    has(
        &found.join("\n"),
        &["2026-01 3 geen norm", "2026-02 0 geen norm", "2026-01 klacht 2 geen norm", "2026-02 vraag 0 geen norm"],
    );
    assert_eq!(of("aantal()")[0], "2026-01 2 geen norm", "no row is multiplied");
    assert_eq!(of("som(gebeld)")[0], "2026-01 2 geen norm");
    assert_eq!(of("percentage(meer)")[..2], ["2026-01 50 geen norm", "2026-02 0 geen norm"]);
    assert_eq!(of("gemiddelde(gesprekken - gebeld)")[0], "2026-01 0 geen norm");
}

#[test]
fn a_narrow_range_counts_all_that_points_here() {
    // A call in February looks at its case, with all calls about it; only in January there were two.
    let project = project("maximum(zaak.gesprekken)", "acd.gesprek", "team");
    project.write("gesprek.csv", CALLS.replace("Z9", "Z1"));
    let asked = ["k", "--total", "--from", "2026-02-01", "--to", "2026-03-01"];
    assert_eq!(project.values(&asked), ["2026-02 3 geen norm"]);
    let project = self::project("som(contacten)", "zaken.zaak", "soort");
    project.write("bericht.jsonl", LETTERS.replace("null", "\"Z3\""));
    assert_eq!(project.values(&asked), ["2026-02 1 geen norm"]);
}

#[test]
fn a_key_twice_is_told_where_it_is_pointed_at() {
    let project = project("som(contacten)", "zaken.zaak", "soort");
    project.write("zaak.csv", format!("{CASES}Z1,2026-01-04 09:00,klacht\n"));
    has(&project.fails(3, &["run", "k"]), &["ML703", "zaken.zaak", "Z1"]);
}

#[test]
fn without_one_part_there_is_no_figure() {
    let project = project("aantal()", CONTACT, "kanaal");
    project.edit("meetlat.yaml", "meetlat.yaml", "      email.bericht: {pad: bericht.jsonl}\n", "");
    let told = project.meetlat(&["run", "k"]);
    has(&format!("{}{}", told.stdout, told.stderr), &["email.bericht"]);
    assert!(!told.stdout.contains(" 4"), "{}", told.stdout);
    // What does not need it has its figure.
    let other = self::project("som(gesprekken)", "zaken.zaak", "soort");
    other.edit("meetlat.yaml", "meetlat.yaml", "      email.bericht: {pad: bericht.jsonl}\n", "");
    assert_eq!(other.values(&["k", "--total"]), ["2026-01 2 geen norm", "2026-02 0 geen norm"]);
}

#[test]
fn a_part_is_part_of_the_definition() {
    let hash = |edit: Option<(&str, &str)>| {
        let project = project("aantal()", CONTACT, "kanaal");
        if let Some((old, new)) = edit {
            project.edit("k.kpi", "k.kpi", old, new);
        }
        project.rows(&["k", "--total"])[0]["definitie_hash"].to_string()
    };
    let own = hash(None);
    assert_eq!(own, hash(Some(("\"Eén rij per contact\"", "\"Elk contact\""))));
    assert_ne!(own, hash(Some(("binnenkomst, ontvangen ", "binnenkomst, leeg "))));
    assert_ne!(own, hash(Some(("\"telefoon\", \"e-mail\"", "\"telefoon\", \"brief\""))));
    assert_eq!(own, hash(Some(("uur(moment) >= 18", "uur(moment) >= 17"))), "a column that it does not use");
    let project = project("aantal()", "klantcontact.alles", "wat");
    let of_all = |project: &Project| project.rows(&["k", "--total"])[0]["definitie_hash"].to_string();
    let before = of_all(&project);
    project.edit(
        "k.kpi",
        "k.kpi",
        "verenigt contact, zaken.zaak, acd.gesprek",
        "verenigt contact, zaken.zaak, contact",
    );
    project.edit("k.kpi", "k.kpi", "start, binnenkomst  meetmoment", "start, moment  meetmoment");
    assert_ne!(before, of_all(&project), "other parts");
}

#[test]
fn both_notations_give_the_same_figures() {
    let project = project("som(contacten)", "zaken.zaak", "soort");
    let before = project.values(&["k"]);
    let yaml = project.meetlat(&["convert", "k.kpi", "--to", "yaml"]).stdout;
    has(&yaml, &["verenigt: [acd.gesprek, email.bericht]", "= binnenkomst, ontvangen meetmoment"]);
    project.write("k.yaml", &yaml).edit("meetlat.yaml", "meetlat.yaml", "k.kpi", "k.yaml");
    assert_eq!(project.values(&["k"]), before);
    // And with lists.
    let listed = yaml.replace("\"= binnenkomst, ontvangen meetmoment\"", "[binnenkomst, ontvangen meetmoment]");
    assert_ne!(listed, yaml);
    project.write("k.yaml", &listed);
    assert_eq!(project.values(&["k"]), before);
}

#[test]
fn a_relation_to_a_united_table_needs_a_key_of_all_parts() {
    let project = project("aantal(waarbij contact.kanaal = \"e-mail\")", "zaken.klacht", "contact.kanaal als hoe");
    let complaints = "tabel klacht \"Klachten\" {\n        nummer   tekst     sleutel\n        gemeld   datum     \
                      meetmoment\n        contact  geheel?   -> klantcontact.contact.nummer\n    }\n    tabel zaak \"";
    project.edit("k.kpi", "k.kpi", "tabel zaak \"", complaints);
    project.edit(
        "meetlat.yaml",
        "meetlat.yaml",
        "      zaken.zaak:",
        "      zaken.klacht: {pad: klacht.csv}\n      zaken.zaak:",
    );
    project.write(
        "klacht.csv",
        "nummer,gemeld,contact\nK1,2026-01-10,5\nK2,2026-01-11,2\nK3,2026-01-12,\nK4,2026-01-13,9\n",
    );
    // A call and a letter have number 1.
    has(&project.fails(3, &["run", "k"]), &["ML703", "klantcontact.contact", "nummer"]);
    project.write("bericht.jsonl", LETTERS.replace("\"nummer\":1,", "\"nummer\":7,"));
    let found = project.values(&["k", "--by", "hoe"]);
    has(&found.join("\n"), &["2026-01 1 geen norm", "2026-01 telefoon 0 geen norm", "2026-01 (leeg) 0 geen norm"]);
}

#[test]
fn a_range_cuts_through_the_parts() {
    let asked = |range: &[&str]| {
        let folder = root().join("examples/gemeente");
        let mut args = vec!["run", "contact_geholpen", "--total", "--format", "csv", "-q"];
        args.extend(range);
        let ran = meetlat(&folder, &args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let january = ran.stdout.lines().find(|line| line.contains(",2026-01,")).expect("January").to_owned();
        january.split(',').take(14).collect::<Vec<_>>().join(",")
    };
    assert_eq!(asked(&["--from", "2026-01-01", "--to", "2026-02-01"]), asked(&[]));
}
