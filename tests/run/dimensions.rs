//! Shared dimensions and norms per member as users meet them: spellings, sources of one channel, groups, cost per
//! channel, and norms that stand in the data.

use super::{Project, has};

const DEFINITIONS: &str = r#"
bronsysteem kcc "Klantcontact" {
    tabel contact "Eén rij per contact" {
        nummer   geheel    sleutel
        dag      datum     meetmoment
        kanaal   tekst?
        duurt    duur in s
        termijn  duur in s ?
        prettig  ja_nee
    }
}
bronsysteem acd "Telefooncentrale" {
    tabel gesprek "Eén rij per gesprek" {
        nummer   geheel    sleutel
        dag      datum     meetmoment
    }
}
bronsysteem fin "Administratie" {
    tabel kosten "Eén rij per boeking" {
        boeking  geheel    sleutel
        dag      datum     meetmoment
        soort    tekst
        bedrag   bedrag
    }
}
dimensie kanaal "Kanaal" {
    leden        web, telefoon, balie, email
    telefoon     = "Tel.", "telefonisch"
    email        = "E-mail", "mail"
    groep        persoonlijk = telefoon, balie
    in           kcc.contact = kanaal
    in           acd.gesprek = "telefoon"
    in           fin.kosten = soort
}
kpi contacten "Contacten" {
    definitie    "Aantal contacten."
    berekening   aantal()
    bronsysteem  kcc.contact
    meetmethode  automatisch, per maand
    dimensies    kanaal
    norm         geen "ter informatie"
}
kpi gesprekken "Gesprekken" {
    definitie    "Aantal gesprekken van de centrale."
    berekening   aantal()
    bronsysteem  acd.gesprek
    meetmethode  automatisch, per maand
    dimensies    kanaal
    norm         geen "ter informatie"
}
kpi kosten_per_contact "Kosten per contact" {
    definitie    "Kosten gedeeld door contacten."
    berekening   som(kosten.bedrag) / aantal(contact)
    bronsysteem  fin.kosten, kcc.contact
    meetmethode  automatisch, per maand
    dimensies    kanaal
    norm         geen "ter informatie"
}
kpi prettig "Prettig geholpen" {
    definitie    "Deel dat prettig was."
    berekening   percentage(prettig)
    bronsysteem  kcc.contact
    meetmethode  automatisch, per maand
    dimensies    kanaal, weekdag(dag) als weekdag
    norm         per kanaal {
                     telefoon  > 50% bijna >= 50% streefnorm >= 90%
                     balie     >= 100% vanaf 2026-02-01
                     web       geen
                     overig    >= 100%
                     totaal    >= 50%
                 }
                 richtlijn >= 60%
}
kpi duur "Gespreksduur" {
    definitie    "Gemiddelde duur."
    berekening   gemiddelde(duurt)
    bronsysteem  kcc.contact
    meetmethode  automatisch, per maand
    dimensies    kanaal
    norm         per kanaal { overig <= termijn bijna <= (termijn * 2) }
}
"#;

const CONTACTS: &str = "nummer,dag,kanaal,duurt,termijn,prettig\n\
1,2026-01-05,Tel.,100,100,ja\n\
2,2026-01-05,TELEFOON ,140,100,nee\n\
3,2026-01-06,balie,300,600,nee\n\
4,2026-01-07,fax,10,20,ja\n\
5,2026-01-07,Fax,10,20,nee\n\
6,2026-01-08,whatsapp,10,,ja\n\
7,2026-01-08,,10,5,ja\n\
8,2026-01-09,E-MAIL,60,30,ja\n\
9,2026-01-09,mail,60,90,ja\n";

fn project() -> Project {
    let project = Project::sample();
    project.write(
        "meetlat.yaml",
        "project: Proef\ndefinities: [kanalen/]\nomgevingen:\n  lokaal:\n    bronnen:\n      \
         kcc.contact: {pad: data/contact.csv}\n      acd.gesprek: {pad: data/gesprek.csv}\n      \
         fin.kosten: {pad: data/kosten.csv}\n",
    );
    project.write("kanalen/kanalen.kpi", DEFINITIONS);
    project.write("data/contact.csv", CONTACTS);
    project.write("data/gesprek.csv", "nummer,dag\n1,2026-01-05\n2,2026-01-06\n");
    project.write(
        "data/kosten.csv",
        "boeking,dag,soort,bedrag\n1,2026-01-31,telefonisch,9.00\n2,2026-01-31,Balie,5.00\n3,2026-01-31,email,1.00\n4,2026-01-31,Tel.,1.00\n",
    );
    project
}

#[test]
fn spellings_of_one_member_are_one_row_in_declared_order() {
    let found = project().values(&["contacten", "--by", "kanaal"]);
    let expected = [
        "2026-01 9 geen norm",
        "2026-01 telefoon 2 geen norm",
        "2026-01 balie 1 geen norm",
        "2026-01 email 2 geen norm",
        // Unknown spellings behind the members, one row for one spelling in whatever letters; the empty one last.
        "2026-01 (onbekend: fax) 2 geen norm",
        "2026-01 (onbekend: whatsapp) 1 geen norm",
        "2026-01 (leeg) 1 geen norm",
    ];
    assert_eq!(found, expected);
}

#[test]
fn unknown_spellings_are_reported_once() {
    let ran = project().meetlat(&["run", "contacten", "kosten_per_contact", "--by-each"]);
    assert_eq!(ran.code, 0);
    let told = "3 rijen van kcc.contact hebben een spelling die dimensie `kanaal` niet kent: \"fax\" (2), \"whatsapp\"";
    has(&ran.stderr, &["ML614", told, "`web = \"fax\"`"]);
    assert_eq!(ran.stderr.matches("ML614]").count(), 1, "{}", ran.stderr);
}

#[test]
fn groups_roll_members_up_and_the_others_stand_for_themselves() {
    let found = project().values(&["contacten", "--by", "kanaal.groep"]);
    let expected = [
        "2026-01 9 geen norm",
        "2026-01 persoonlijk 3 geen norm",
        "2026-01 email 2 geen norm",
        "2026-01 (onbekend: fax) 2 geen norm",
        "2026-01 (onbekend: whatsapp) 1 geen norm",
        "2026-01 (leeg) 1 geen norm",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_source_of_one_channel_has_that_one() {
    let found = project().values(&["gesprekken", "--by", "kanaal"]);
    assert_eq!(found, ["2026-01 2 geen norm", "2026-01 telefoon 2 geen norm"]);
}

#[test]
fn cost_per_channel_aligns_sources_with_their_own_spellings() {
    let found = project().values(&["kosten_per_contact", "--by", "kanaal"]);
    let some: Vec<&String> = found.iter().filter(|v| !v.contains('(')).collect();
    let expected = [
        "2026-01 1.7777777777777777 geen norm",
        "2026-01 telefoon 5 geen norm",
        "2026-01 balie 5 geen norm",
        "2026-01 email 0.5 geen norm",
    ];
    assert_eq!(some, expected);
    let groups = project().values(&["kosten_per_contact", "--by", "kanaal.groep"]);
    assert!(groups.contains(&"2026-01 persoonlijk 5 geen norm".to_owned()), "{groups:?}");
}

/// The member, the norm, the distance and the status of each row.
fn judged(project: &Project, args: &[&str]) -> Vec<String> {
    let member = |row: &serde_json::Value| {
        let members = row["dimensies"].as_object().expect("an object").values();
        members.map(|m| m.as_str().unwrap_or("?").to_owned()).next().unwrap_or_else(|| "totaal".to_owned())
    };
    let text = |row: &serde_json::Value| {
        format!("{} {} {} {}", member(row), row["norm"], row["afstand"], row["status"].as_str().unwrap_or("?"))
    };
    project.rows(args).iter().map(text).collect()
}

#[test]
fn each_member_has_its_own_norm() {
    let project = project();
    let expected = [
        "totaal \">= 50%\" 16.66666666666667 gehaald",
        // Exactly the bound of a strict norm is short of it.
        "telefoon \"> 50%\" 0 bijna",
        // Not yet in force.
        "balie null null geen norm",
        "email \">= 100%\" 0 gehaald",
        "(onbekend: fax) \">= 100%\" -50 niet gehaald",
        "(onbekend: whatsapp) \">= 100%\" 0 gehaald",
        "(leeg) \">= 100%\" 0 gehaald",
    ];
    assert_eq!(judged(&project, &["prettig", "--by", "kanaal"]), expected);
    // Another dimension has no norm, and neither have combinations.
    let other = judged(&project, &["prettig", "--by", "weekdag"]);
    assert!(other.iter().skip(1).all(|row| row.ends_with("null null geen norm")), "{other:?}");
    let both = judged(&project, &["prettig", "--by", "kanaal,weekdag"]);
    assert!(both.iter().skip(1).all(|row| row.ends_with("geen norm")), "{both:?}");
}

#[test]
fn reference_values_stand_beside_and_decide_nothing() {
    let project = project();
    let rows = project.rows(&["prettig", "--by", "kanaal"]);
    let guideline = serde_json::json!({"soort": "richtlijn", "norm": ">= 60%"});
    assert_eq!(rows[0]["referenties"], serde_json::json!([guideline]));
    let target = serde_json::json!({"soort": "streefnorm", "norm": ">= 90%"});
    assert_eq!(rows[1]["referenties"], serde_json::json!([guideline, target]));
    has(&project.well(&["run", "prettig"]), &["ter vergelijking: richtlijn ≥ 60 %"]);
    let told = project.well(&["explain", "prettig"]);
    has(&told, &["per lid van kanaal:", "telefoon: > 50% (bijna: >= 50%); streefnorm >= 90%", "het totaal: >= 50%"]);
    has(&told, &["kanaal: web, telefoon, balie, email", "in contact volgens kanaal"]);
    has(&told, &["kanaal.groep: persoonlijk (telefoon, balie), web, email", "richtlijn >= 60%"]);
    has(&project.well(&["explain", "gesprekken"]), &["elke rij van gesprek hoort bij telefoon"]);
}

#[test]
fn a_norm_from_the_data_is_one_value_or_no_verdict() {
    let project = project();
    let ran = project.meetlat(&["run", "duur", "--by", "kanaal", "--as-of", "2026-02-01T00:00", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let rows = document["resultaten"].as_array().expect("rows");
    let of = |member: &str| {
        let found = rows.iter().find(|r| r["dimensies"]["kanaal"] == member).expect("a row");
        format!("{} {} {}", found["norm"], found["status"], found["kenmerken"])
    };
    assert_eq!(of("telefoon"), "\"<= 100 s\" \"bijna\" []");
    assert_eq!(of("balie"), "\"<= 600 s\" \"gehaald\" []");
    assert_eq!(of("(onbekend: fax)"), "\"<= 20 s\" \"gehaald\" []");
    assert_eq!(of("(onbekend: whatsapp)"), "null \"geen norm\" []");
    assert_eq!(of("(leeg)"), "\"<= 5 s\" \"bijna\" []");
    let reason = "[{\"kenmerk\":\"norm niet eenduidig\",\"reden\":\"de norm loopt van 30 s tot 90 s\"}]";
    assert_eq!(of("email"), format!("null \"geen norm\" {reason}"));
    let told = "de norm van `duur` is niet één waarde in 2026-01 voor kanaal email: de norm loopt van 30 s tot 90 s";
    has(&ran.stderr, &["fout[ML615]", told, "tijdig("]);
    assert_eq!(ran.stderr.matches("ML615]").count(), 1, "{}", ran.stderr);
    // Where the rows agree, all is well.
    project.write("data/contact.csv", CONTACTS.replace(",60,90,", ",60,30,"));
    project.well(&["run", "duur", "--by", "kanaal"]);
    // Some rows say nothing: not one value either.
    project.write("data/contact.csv", CONTACTS.replace(",60,90,", ",60,,"));
    has(&project.fails(1, &["run", "duur", "--by", "kanaal"]), &["de norm is 30 s, maar bij 1 rij is zij"]);
}

#[test]
fn the_definition_hash_follows_spellings_and_not_their_order() {
    let project = project();
    let hash = || project.rows(&["contacten", "--total"])[0]["definitie_hash"].as_str().expect("a hash").to_owned();
    let before = hash();
    let file = "kanalen/kanalen.kpi";
    project.edit(file, file, "web, telefoon, balie, email", "email, balie, telefoon, web");
    assert_eq!(hash(), before);
    project.edit(file, file, "\"Tel.\", \"telefonisch\"", "\"Tel.\", \"telefonisch\", \"fax\"");
    assert_ne!(hash(), before);
}
