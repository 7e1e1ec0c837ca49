//! What can be wrong with the files of a source: one clear message, exit 3.

use std::fs;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use datafusion::parquet::arrow::ArrowWriter;

use super::{Project, has};

/// What a run over these calls says.
fn calls(project: &Project, path: &str) -> String {
    project.fails(3, &["run", "stappen", "--source", &format!("telefoon.oproep={path}")])
}

/// The first line of the message, and that nothing else went wrong.
#[track_caller]
fn one(text: &str, first: &str) {
    assert_eq!(text.lines().next(), Some(first), "{text}");
    assert_eq!(text.matches("fout").count(), 1, "{text}");
    has(text, &["daardoor niet berekend: `stappen`", "meer: meetlat explain ML"]);
}

#[test]
fn paths_without_readable_files() {
    let project = Project::sample();
    fs::create_dir(project.path().join("leeg")).expect("made");
    one(&calls(&project, "leeg"), "fout[ML601]: map `leeg` is leeg");
    one(&calls(&project, "data/nix.csv"), "fout[ML601]: `data/nix.csv` bestaat niet");
    one(&calls(&project, "data/x*.csv"), "fout[ML601]: geen bestand past op `data/x*.csv`");
    project.write("data/leeg.csv", "").write("data/cijfers.xls", "PK");
    one(&calls(&project, "data/leeg.csv"), "fout[ML607]: `data/leeg.csv` is leeg: er is geen kopregel");
    let xlsx = "fout[ML608]: `data/cijfers.xls` is een rekenblad; dat leest deze versie van meetlat niet";
    one(&calls(&project, "data/cijfers.xls"), xlsx);
    let cloud = "fout[ML608]: opslag `s3://` zit niet in deze versie van meetlat";
    one(&calls(&project, "s3://emmer/a.parquet"), cloud);
}

#[cfg(unix)]
#[test]
fn a_file_without_rights() {
    use std::os::unix::fs::PermissionsExt;

    let project = Project::sample();
    let path = project.path().join("data/oproepen.csv");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("set");
    // Root reads everything; the wording itself is tested in src/run/source/error.rs.
    if fs::read(&path).is_err() {
        one(&calls(&project, "data/oproepen.csv"), "fout[ML606]: geen recht om `data/oproepen.csv` te lezen");
    }
}

#[test]
fn bad_rows_and_values() {
    let project = Project::sample();
    let from = "data/oproepen.csv";
    project.edit(from, "a.csv", ",102,2\n", ",102\n");
    one(&calls(&project, "a.csv"), "fout[ML605]: `a.csv`, regel 3: 5 cellen, de kopregel heeft er 6");
    project.edit(from, "a.csv", ",102,2\n", ",102,2,9\n");
    one(&calls(&project, "a.csv"), "fout[ML605]: `a.csv`, regel 3: 7 cellen, de kopregel heeft er 6");
    project.edit(from, "a.csv", ",102,2\n", ",102,twee\n");
    one(&calls(&project, "a.csv"), "fout[ML604]: `a.csv`, regel 3: kolom `stappen`: `twee` is geen geheel getal");
    project.edit(from, "a.csv", ",102,2\n", ",06-12345678,2\n");
    let text = calls(&project, "a.csv");
    one(&text, "fout[ML604]: `a.csv`, regel 3: kolom `beller`: deze waarde is geen geheel getal");
    assert!(!text.contains("12345678"), "a personal value is shown:\n{text}");
    project.edit(from, "a.csv", "2026-01-06 09:00:00", "gisteren");
    one(&calls(&project, "a.csv"), "fout[ML604]: `a.csv`, regel 3: kolom `begin`: `gisteren` is geen tijdstip");
    project.write("a.jsonl", "{\"id\":\"1\"\n");
    one(&calls(&project, "a.jsonl"), "fout[ML605]: `a.jsonl`, regel 1: geen volledig JSON-object");
    project.write("a.csv", b"id,begin,opgenomen,team,beller,stappen\n1,caf\xe9,,,,\n");
    let text = calls(&project, "a.csv");
    one(&text, "fout[ML613]: `a.csv`, regel 2: tekst in een andere tekencodering dan verwacht");
    has(&text, &["`codering: windows-1252`"]);
}

#[test]
fn missing_columns() {
    let project = Project::sample();
    project.edit("data/oproepen.csv", "a.csv", "id,begin", "id,bgin");
    let text = calls(&project, "a.csv");
    one(&text, "fout[ML602]: `a.csv` heeft geen kolom `begin`");
    has(&text, &["bedoelde u `bgin`? zet bij `telefoon.oproep` in meetlat.yaml `kolommen: {begin: bgin}`"]);
}

fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(batch).expect("written");
    writer.close().expect("closed");
    bytes
}

#[test]
fn damaged_parquet_and_wrong_types() {
    let project = Project::sample();
    project.write("a.parquet", [7_u8; 3000]);
    one(&calls(&project, "a.parquet"), "fout[ML607]: `a.parquet` is geen Parquet-bestand of is beschadigd");
    let ids: ArrayRef = Arc::new(StringArray::from(vec!["1", "2"]));
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let columns = [("begin", ids.clone()), ("beller", numbers.clone()), ("stappen", numbers)];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let bytes = parquet(&batch);
    project.write("a.parquet", &bytes);
    let wrong = "fout[ML603]: kolom `begin` in `a.parquet` is tekst; de definitie verwacht tijdstip";
    one(&calls(&project, "a.parquet"), wrong);
    project.write("a.parquet", &bytes[..bytes.len() / 2]);
    one(&calls(&project, "a.parquet"), "fout[ML607]: `a.parquet` is geen Parquet-bestand of is beschadigd");
}

#[test]
fn parquet_that_is_damaged_behind_a_good_footer() {
    let project = Project::sample();
    let count = 5000_i64;
    let micros = |n: i64| 1_767_600_000_000_000 + n * 1_000_003;
    let moments: ArrayRef = Arc::new(TimestampMicrosecondArray::from_iter_values((0..count).map(micros)));
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..count));
    let columns = [("begin", moments), ("beller", numbers.clone()), ("stappen", numbers)];
    let mut bytes = parquet(&RecordBatch::try_from_iter(columns).expect("a batch"));
    project.write("a.parquet", &bytes);
    let source = ["--source", "telefoon.oproep=a.parquet"];
    assert_eq!(project.rows(&[&["stappen", "--total"], &source[..]].concat())[0]["n"], count);
    bytes.iter_mut().skip(4).take(20_000).for_each(|b| *b = 0xff);
    project.write("a.parquet", &bytes);
    let text = calls(&project, "a.parquet");
    one(&text, "fout[ML607]: een Parquet-bestand van de bron is beschadigd");
    has(&text, &["bij het lezen van telefoon.oproep"]);
}

#[test]
fn a_key_that_occurs_twice() {
    let project = Project::sample();
    project.edit("data/teams.csv", "data/teams.csv", "B,", "A,Dubbel\nB,");
    let text = project.fails(3, &["run", "per_afdeling", "--by", "afdeling"]);
    let first = "fout[ML703]: de sleutel `code` van telefoon.team komt meer dan eens voor, bijvoorbeeld `A`";
    assert_eq!(text.lines().next(), Some(first));
    // Without a look at the teams nothing is wrong.
    project.well(&["run", "per_afdeling", "--total"]);
}

#[test]
fn wrong_sql_views() {
    let project = Project::sample();
    let settings = project.read("meetlat.yaml");
    let run = |query: &str| {
        let entry = format!("      post.brief: {{sql: \"{query}\", uit: {{ruw: data/oproepen.csv}}}}\n  leeg:");
        project.write("meetlat.yaml", settings.replace("  leeg:", &entry));
        project.meetlat(&["run", "brieven", "--total"])
    };
    let wrong = "fout[ML611]: de sql van `post.brief` klopt niet";
    for (query, first, then) in [
        ("SELEC", wrong, "lees na wat er staat bij `SELEC` (regel 1, teken 1)"),
        ("SELECT id FROM", wrong, "zij houdt midden in een zin op"),
        (
            "SELECT id, bgin AS ontvangst FROM ruw",
            wrong,
            "zij noemt een kolom `bgin`, die er niet is; bedoelt u `begin`?",
        ),
        ("SELECT id FROM rauw", wrong, "zij leest uit `rauw`, en dat staat niet onder `uit:`"),
        ("DELETE FROM ruw", "fout[ML611]: de sql van `post.brief` is geen enkele SELECT", "schrijf één `SELECT …`"),
        ("SELECT id, begin FROM ruw", "fout[ML602]: `de sql van post.brief` heeft geen kolom `ontvangst`", "`begin`"),
        (
            "SELECT id, begin AS ontvangst FROM ruw WHERE 1 / (stappen - 1) > 0",
            "fout[ML611]: de sql van een bron deelt door nul",
            "NULLIF",
        ),
        (
            "SELECT id, begin AS ontvangst FROM ruw WHERE CAST(team AS INT) > 0",
            "fout[ML604]: een waarde past niet bij haar kolom in de sql van een bron",
            "`sql:`",
        ),
    ] {
        let ran = run(query);
        assert_eq!((ran.code, ran.stderr.lines().next()), (3, Some(first)), "{query}: {}", ran.stderr);
        has(&ran.stderr, &[then, "daardoor niet berekend: `brieven`"]);
    }
    let ran = run("SELECT id, begin AS ontvangst FROM ruw");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    has(&ran.stdout, &["Aantal brieven    4  geen geg.    2"]);
}

#[test]
fn wrong_settings() {
    let project = Project::sample();
    let settings = project.read("meetlat.yaml");
    for (old, new, code, first) in [
        ("scheiding: \";\"", "scheiding: puntkomma", 1, "fout[ML066]: `puntkomma` is geen scheidingsteken"),
        ("scheiding: \";\"", "codering: klingon", 1, "fout[ML066]: `klingon` is geen codering"),
        ("scheiding: \";\"", "formaat: excel", 1, "fout[ML066]: `excel` is geen formaat"),
        ("datums: dd-mm-jjjj", "datums: dag", 3, "fout[ML610]: `datums: dag` is geen datumpatroon"),
        (
            "telefoon.oproep:",
            "telefoon.oprop:",
            0,
            "waarschuwing[ML065]: de tabel `telefoon.oprop` komt in de definities niet voor",
        ),
    ] {
        project.write("meetlat.yaml", settings.replace(old, new));
        let text = project.fails(code, &["run"]);
        assert_eq!(text.lines().next(), Some(first), "{text}");
    }
}
