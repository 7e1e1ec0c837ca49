//! Each fault, in the words in which the user sees it.

use arrow::array::{Date32Array, Float64Array, Int32Array, StringArray};

use super::*;

/// The fault of reading `body` as `a.csv` with these columns.
async fn csv(columns: Vec<Column>, body: impl AsRef<[u8]>) -> SourceError {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "a.csv", body);
    rows(&table(columns), &at(dir.path(), "a.csv")).await.expect_err("a fault")
}

async fn path(path: &str, make: impl Fn(&Path)) -> SourceError {
    let dir = tempfile::tempdir().expect("a folder");
    make(dir.path());
    rows(&table(vec![column("n", Type::Integer)]), &at(dir.path(), path)).await.expect_err("a fault")
}

fn said(error: &SourceError) -> (&str, &str) {
    (error.code, &error.message)
}

#[tokio::test]
async fn paths() {
    let e = path("data/a.csv", |_| ()).await;
    assert_eq!(said(&e), ("ML601", "`data/a.csv` bestaat niet"));
    let e = path("data/*.csv", |_| ()).await;
    assert_eq!(said(&e), ("ML601", "geen bestand past op `data/*.csv`"));
    let e = path("data", |d| fs::create_dir(d.join("data")).expect("made")).await;
    assert_eq!(said(&e), ("ML601", "map `data` is leeg"));
    let e = path("data", |d| put(d, "data/lees.mij", "")).await;
    assert_eq!(said(&e), ("ML601", "map `data` bevat geen bestanden die meetlat kan lezen"));
    let e = path("*", |d| fs::create_dir(d.join("data")).expect("made")).await;
    assert_eq!(said(&e), ("ML609", "`*` past alleen op mappen, niet op bestanden"));
    let e = path("a.dat", |d| put(d, "a.dat", "n\n1\n")).await;
    assert_eq!(said(&e), ("ML608", "het formaat van `a.dat` is niet aan de naam te zien"));
    let e = path("a.xlsx", |d| put(d, "a.xlsx", "PK")).await;
    assert_eq!(said(&e), ("ML607", "`a.xlsx` is niet als rekenblad (xlsx) te lezen"));
    let e = path("s3://emmer/a.parquet", |_| ()).await;
    assert_eq!(said(&e), ("ML608", "opslag `s3://` zit niet in deze versie van meetlat"));
    let mixed = |d: &Path| {
        put(d, "data/a.csv", "n\n1\n");
        put(d, "data/b.jsonl", "{\"n\":1}\n");
    };
    let e = path("data", mixed).await;
    assert_eq!(said(&e), ("ML608", "`data` bevat bestanden van verschillend formaat"));
}

#[tokio::test]
async fn damaged_files() {
    for body in ["", "geen parquet maar wel lang genoeg", "PAR1xxxxxxxxxxxx\u{1}\u{0}\u{0}\u{0}PAR1"] {
        let e = path("a.parquet", |d| put(d, "a.parquet", body)).await;
        assert_eq!(said(&e), ("ML607", "`a.parquet` is geen Parquet-bestand of is beschadigd"), "{body}");
    }
    let e = path("a.csv", |d| put(d, "a.csv", "")).await;
    assert_eq!(said(&e), ("ML607", "`a.csv` is leeg: er is geen kopregel"));
    // the footer is well, the data is not
    let torn = |d: &Path| {
        put_parquet(d, "a.parquet", vec![("n", shared(Int32Array::from((0..1000).collect::<Vec<_>>())))]);
        let mut bytes = fs::read(d.join("a.parquet")).expect("read");
        bytes.iter_mut().skip(4).take(300).for_each(|b| *b = 0xff);
        put(d, "a.parquet", bytes);
    };
    let e = path("a.parquet", torn).await;
    assert_eq!(e.code, "ML607", "{e:?}");
}

#[tokio::test]
async fn missing_columns() {
    let e = csv(vec![column("binnenkomst", Type::Moment)], "binnekomst;team\n;\n").await;
    assert_eq!(said(&e), ("ML602", "`a.csv` heeft geen kolom `binnenkomst`"));
    assert_eq!(
        e.help,
        [
            "bedoelde u `binnekomst`? zet bij `acd.gesprek` in meetlat.yaml `kolommen: {binnenkomst: binnekomst}`",
            "kolommen die er wel zijn: `binnekomst`, `team`"
        ]
    );
    let e = csv(vec![column("n", Type::Integer)], "n;n\n1;2\n").await;
    assert_eq!(said(&e), ("ML602", "`a.csv` heeft meer dan één kolom `n`"));
    let parquet = |d: &Path| put_parquet(d, "a.parquet", vec![("m", shared(Int32Array::from(vec![1])))]);
    let e = path("a.parquet", parquet).await;
    assert_eq!(said(&e), ("ML602", "`a.parquet` heeft geen kolom `n`"));
    // of JSON a key may be missing, unless it looks like a misspelling or the column may not be empty
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "a.jsonl", "{\"onderwerpen\":\"x\"}\n");
    let read = |name: &str, nullable| {
        let column = Column { nullable, ..column(name, Type::Text) };
        let (table, connection) = (table(vec![column]), at(dir.path(), "a.jsonl"));
        async move { rows(&table, &connection).await.map_err(|e| e.code) }
    };
    assert_eq!(read("team", true).await, Ok(vec![vec![Value::Empty]]));
    assert_eq!(read("team", false).await, Err("ML602"));
    assert_eq!(read("onderwerp", true).await, Err("ML602"));
}

#[tokio::test]
async fn wrong_types() {
    let dir = tempfile::tempdir().expect("a folder");
    put_parquet(
        dir.path(),
        "a.parquet",
        vec![
            ("t", shared(StringArray::from(vec!["2026-01-05"]))),
            ("d", shared(Date32Array::from(vec![1]))),
            ("n", shared(Float64Array::from(vec![1.0]))),
        ],
    );
    let read = |column: Column| {
        let (table, connection) = (table(vec![column]), at(dir.path(), "a.parquet"));
        async move { rows(&table, &connection).await.expect_err("a fault") }
    };
    let e = read(column("t", Type::Moment)).await;
    assert_eq!(said(&e), ("ML603", "kolom `t` in `a.parquet` is tekst; de definitie verwacht tijdstip"));
    let e = read(duration("t", StoredUnit::Seconds)).await;
    assert_eq!(said(&e), ("ML603", "kolom `t` in `a.parquet` is tekst; de definitie verwacht duur"));
    let e = read(column("d", Type::Moment)).await;
    assert_eq!(said(&e), ("ML603", "kolom `d` in `a.parquet` is datum; de definitie verwacht tijdstip"));
    let e = read(column("n", Type::Duration)).await;
    assert_eq!(said(&e), ("ML603", "kolom `n` in `a.parquet` is een getal; de definitie verwacht duur"));
    assert_eq!(e.help, ["schrijf in de definitie de eenheid erbij: `n duur in s` (of `min`, `uur`)"]);
    put_parquet(dir.path(), "b.parquet", vec![("t", shared(Int32Array::from(vec![1])))]);
    let both = rows(&table(vec![column("t", Type::Text)]), &at(dir.path(), "*.parquet")).await.expect_err("a fault");
    assert_eq!(said(&both), ("ML603", "kolom `t` is tekst in `a.parquet` en een geheel getal in `b.parquet`"));
}

#[tokio::test]
async fn bad_rows_tell_their_line() {
    for end in ["\n", "\r\n"] {
        let body = ["id;n", "a;1", "\"twee", "regels\";2", "", "b;drie", "c;4", ""].join(end);
        let e = csv(vec![column("id", Type::Text), column("n", Type::Integer)], &body).await;
        assert_eq!(said(&e), ("ML604", "`a.csv`, regel 6: kolom `n`: `drie` is geen geheel getal"), "{end:?}");
        let e = csv(vec![column("id", Type::Text)], body.replace("c;4", "c;4;5")).await;
        assert_eq!(said(&e), ("ML605", "`a.csv`, regel 7: 3 cellen, de kopregel heeft er 2"), "{end:?}");
    }
    let secret = Column { personal: true, ..column("bsn", Type::Integer) };
    let e = csv(vec![secret], "bsn\n12x\n").await;
    assert_eq!(said(&e), ("ML604", "`a.csv`, regel 2: kolom `bsn`: deze waarde is geen geheel getal"));
    let e = csv(vec![column("b", Type::Money)], "b\n\"4,50\"\n").await;
    assert_eq!(said(&e), ("ML604", "`a.csv`, regel 2: kolom `b`: `4,50` is geen bedrag"));
    assert_eq!(e.help, ["staat er een decimale komma, zet dan bij de bron `decimaal: \",\"`"]);
    let e = csv(vec![column("t", Type::Moment)], "t\n05-01-2026 09:00\n").await;
    assert_eq!(said(&e), ("ML604", "`a.csv`, regel 2: kolom `t`: `05-01-2026 09:00` is geen tijdstip"));
    let e = csv(vec![column("s", Type::Text)], b"s\nok\ncaf\xe9\n").await;
    assert_eq!(said(&e), ("ML613", "`a.csv`, regel 3: tekst in een andere tekencodering dan verwacht"));
}

#[tokio::test]
async fn bad_lines_of_json() {
    let dir = tempfile::tempdir().expect("a folder");
    let read = |body: &str| {
        put(dir.path(), "a.jsonl", body);
        let (table, connection) = (table(vec![column("n", Type::Integer)]), at(dir.path(), "a.jsonl"));
        async move { rows(&table, &connection).await.expect_err("a fault") }
    };
    let e = read("{\"n\":1}\n\n{\"n\":\n").await;
    assert_eq!(said(&e), ("ML605", "`a.jsonl`, regel 3: geen volledig JSON-object"));
    let e = read("[{\"n\":1}]\n").await;
    assert!(e.help.iter().any(|h| h.contains("jq")), "{e:?}");
    let e = read("{\"n\":1}\n{\"n\":\"x\"}\n").await;
    assert_eq!(said(&e), ("ML604", "`a.jsonl`, regel 2: kolom `n`: `x` is geen geheel getal"));
    let e = read("{\"n\":[1]}\n").await;
    assert_eq!(said(&e), ("ML604", "`a.jsonl`, regel 1: kolom `n`: `[1]` is geen geheel getal"));
}

#[tokio::test]
async fn a_late_fault_comes_through_the_engine() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut body = "n\n".to_owned();
    for n in 0..20_000 {
        body.push_str(&format!("{n}\n"));
    }
    body.push_str("fout\n");
    put(dir.path(), "a.csv", &body);
    put(dir.path(), "b.csv", "n\n1\n");
    let table = table(vec![column("n", Type::Integer)]);
    let plan = opened(&table, &at(dir.path(), "*.csv")).await.expect("opens").plan;
    let ctx = SessionContext::new();
    let frame = ctx.execute_logical_plan(plan).await.expect("plans");
    // through a repartition and two aggregations
    let counted = frame
        .aggregate(vec![ident("n")], vec![datafusion::functions_aggregate::expr_fn::count(ident("n"))])
        .expect("plans")
        .collect()
        .await
        .expect_err("a fault");
    let found = source_error(&counted).expect("a fault of the source");
    assert_eq!(said(&found), ("ML604", "`a.csv`, regel 20002: kolom `n`: `fout` is geen geheel getal"));
}

#[tokio::test]
async fn settings() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "a.csv", "n\n1\n");
    let table = table(vec![column("n", Type::Integer)]);
    let mut connection = at(dir.path(), "a.csv");
    connection.dates = Some("yyyy-mm-dd".to_owned());
    let e = rows(&table, &connection).await.expect_err("a fault");
    assert_eq!(said(&e), ("ML610", "`datums: yyyy-mm-dd` is geen datumpatroon"));
    let mut connection = at(dir.path(), "a.csv");
    connection.columns.insert("m".to_owned(), ColumnMapping::Absent(None));
    let e = rows(&table, &connection).await.expect_err("a fault");
    assert_eq!(said(&e), ("ML610", "`acd.gesprek` heeft geen kolom `m` om onder `kolommen` te zetten"));
}
