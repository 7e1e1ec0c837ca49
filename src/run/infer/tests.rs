//! Whole files, looked at: what the proposal says, and that the language takes it.

use std::fs;
use std::path::Path;

use super::super::source::{Connection, Location};
use super::{Found, Names, look, text};
use crate::check::check;
use crate::diagnostic::Sink;
use crate::resolve::{Settings, resolve};
use crate::source::SourceMap;
use crate::syntax::dsl;

fn found(base: &Path, path: &str) -> Found {
    let mut connection = Connection::to(Location::Path(path.to_owned()));
    connection.base = base.to_owned();
    look(path, &connection, &|_| {}).expect("a source")
}

/// The lines of the columns; the whole compiles.
fn columns(found: &Found, path: &str) -> Vec<String> {
    let proposal = text(found, path, &Names::of(path));
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let id = sources.add("voorstel.kpi", proposal.as_str());
    let file = dsl::parse_file(id, &proposal, &mut sink);
    let settings = Settings { zone: crate::calendar::Zone::default(), parameters: Vec::new(), calendar: None };
    let model = resolve(&[file], &settings, &mut sink);
    assert!(check(model, &mut sink).is_some(), "{:?}\n{proposal}", sink.into_sorted());
    let inner = proposal.lines().filter(|line| line.starts_with("        "));
    inner.map(|line| line.trim().to_owned()).collect()
}

fn put(base: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = base.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, bytes).expect("written");
}

#[test]
fn a_dutch_csv_of_an_older_system() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut body = "Nr;Datum ontvangst;Café;wacht_sec;Leges;BSN;Tevreden;Cijfer;Postcode\r\n".to_owned();
    for n in 0..40_u32 {
        // Every ninth of the multiples of 9 is a citizen service number: made so here.
        let bsn = (0..10).map(|c| (10_000_000 + n) * 10 + c).find(|b| eleven(*b)).unwrap_or(111_222_333);
        body += &format!(
            "0{n:03};{:02}-01-2026 09:{:02};{};{},5;€ {},00;{bsn};{};{},5;{} AB\r\n",
            n % 28 + 1,
            n,
            if n % 2 == 0 { "één" } else { "twee" },
            n * 30,
            n + 4,
            if n % 3 == 0 { "ja" } else { "nee" },
            n % 9 + 1,
            1000 + n
        );
    }
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&body);
    put(dir.path(), "oud.csv", &bytes);
    let found = found(dir.path(), "oud.csv");
    let settings: Vec<(&str, &str)> = found.settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(settings, [("codering", "windows-1252"), ("decimaal", ","), ("datums", "dd-mm-jjjj")]);
    assert_eq!(
        columns(&found, "oud.csv"),
        [
            "nr tekst sleutel bron \"Nr\"  // in elke rij gevuld en anders",
            "datum_ontvangst tijdstip meetmoment bron \"Datum ontvangst\"  // 2026-01-01 – 2026-01-28",
            "café tekst bron \"Café\" in (\"twee\", \"één\")  // 2 verschillende",
            "wacht_sec duur in s  // `sec` in de naam: een duur; 0,5 – 1.170,5",
            "leges bedrag bron \"Leges\"  // 4 – 43",
            "bsn tekst persoonsgegeven bron \"BSN\"  // lijken burgerservicenummers (elfproef) (100 %)",
            "tevreden ja_nee bron \"Tevreden\"",
            "cijfer score(1..10) bron \"Cijfer\"  // `cijfer` in de naam, en van 1 tot 10; 1,5 – 9,5",
            "postcode tekst persoonsgegeven bron \"Postcode\"  // lijken postcodes (100 %)",
        ]
    );
}

fn eleven(number: u32) -> bool {
    let sum: u32 = (0..9).map(|at| number / 10_u32.pow(at) % 10 * if at == 0 { 10 } else { at + 1 }).sum();
    sum.is_multiple_of(11)
}

#[test]
fn json_lines_in_folders_with_nested_keys() {
    let dir = tempfile::tempdir().expect("a folder");
    for (year, row) in [
        ("2025", "{\"id\":1,\"klant\":{\"mail\":\"a@b.nl\"},\"labels\":[1],\"op\":\"2025-03-01\"}"),
        (
            "2026",
            "{\"id\":2,\"klant\":{\"mail\":\"c@d.nl\"},\"op\":\"2026-03-01\",\"duur_min\":2.5}\n{\"id\":3,\"klant\":{\"mail\":\"e@f.nl\"},\"op\":\"2026-03-02\"}",
        ),
    ] {
        put(dir.path(), &format!("lev/jaar={year}/a.jsonl"), row);
    }
    let found = found(dir.path(), "lev");
    assert_eq!(found.remarks, ["`labels` is een lijst en is weggelaten"]);
    assert_eq!(
        columns(&found, "lev"),
        [
            "id geheel sleutel  // in elke rij gevuld en anders; 1 – 3",
            "klant_mail tekst persoonsgegeven bron \"klant.mail\"  // lijken e-mailadressen (100 %)",
            "`op` datum meetmoment  // 2025-03-01 – 2026-03-02",
            "duur_min duur in min ?  // `min` in de naam: een duur; 66,7 % leeg; 2,5 – 2,5",
            "jaar geheel  // 2.025 – 2.026",
        ]
    );
}

#[test]
fn two_columns_may_be_the_key_and_none_too() {
    let dir = tempfile::tempdir().expect("a folder");
    put(
        dir.path(),
        "stand.csv",
        "gemeente,peildatum,inwoners\nA,2025-01-01,5\nB,2025-01-01,5\nA,2026-01-01,6\nB,2026-01-01,5\n",
    );
    let stand = found(dir.path(), "stand.csv");
    assert_eq!(stand.key, [0, 1]);
    assert!(columns(&stand, "stand.csv")[1].starts_with("peildatum datum sleutel meetmoment"));
    put(dir.path(), "dubbel.csv", "a,b\n1,2\n1,2\n");
    let none = found(dir.path(), "dubbel.csv");
    assert_eq!((none.key.len(), none.axis), (0, None));
    let proposal = text(&none, "dubbel.csv", &Names::of("dubbel.csv"));
    assert!(proposal.contains("geen sleutel gevonden") && proposal.contains("geen meetmoment gevonden"), "{proposal}");
}

#[test]
fn what_is_no_number_and_no_day() {
    let dir = tempfile::tempdir().expect("a folder");
    put(
        dir.path(),
        "vreemd.csv",
        "code,versie,half,telefoon,leeg,vlag\n007,1.2.3,1,06-12345678,,0\n012,1.2.4,x,0612345678,,1\n099,2.0,2,038 123 45 67,,1\n",
    );
    assert_eq!(
        columns(&found(dir.path(), "vreemd.csv"), "vreemd.csv"),
        [
            "code tekst sleutel  // in elke rij gevuld en anders",
            "versie tekst  // allemaal anders",
            "half tekst  // allemaal anders",
            "telefoon tekst persoonsgegeven  // lijken telefoonnummers (100 %)",
            "`leeg` tekst?  // 100,0 % leeg; nergens gevuld",
            "vlag ja_nee  // alleen 0 en 1",
        ]
    );
}
