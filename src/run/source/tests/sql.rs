//! `sql:` views.

use arrow::array::{Int32Array, StringArray, TimestampMicrosecondArray};

use super::*;
use crate::calendar::HOUR;

fn view(query: &str, from: Vec<(&str, Connection)>) -> Connection {
    let from = from.into_iter().map(|(name, c)| (name.to_owned(), c)).collect();
    Connection::to(Location::Sql { query: query.to_owned(), from })
}

#[tokio::test]
async fn a_view_over_three_formats() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "mail.jsonl", "{\"id\":1,\"Onderwerp\":\"a\"}\n{\"id\":2,\"Onderwerp\":\"b\"}\n");
    put(dir.path(), "team.csv", "mail;team;t\n1;X;2026-01-05T09:00:00\n2;Y;2026-01-05T10:00:00\n");
    put_parquet(
        dir.path(),
        "n.parquet",
        vec![("id", shared(Int32Array::from(vec![1, 2]))), ("soort", shared(StringArray::from(vec!["p", "q"])))],
    );
    let query = "SELECT r.id AS nummer, r.Onderwerp, t.team, t.t, n.soort FROM ruw r \
                 JOIN team t ON t.mail = r.id JOIN n ON n.id = r.id ORDER BY r.id";
    let from = vec![
        ("ruw", at(dir.path(), "mail.jsonl")),
        ("team", at(dir.path(), "team.csv")),
        ("n", at(dir.path(), "n.parquet")),
    ];
    let mut connection = view(query, from);
    connection.columns.insert("onderwerp".to_owned(), ColumnMapping::Renamed("Onderwerp".to_owned()));
    let table = table(vec![
        column("nummer", Type::Integer),
        column("onderwerp", Type::Text),
        column("team", Type::Text),
        column("t", Type::Moment),
        column("soort", Type::Text),
    ]);
    let nine = 1_767_603_600_000_000 - HOUR;
    let mut read = rows(&table, &connection).await.expect("reads");
    read.sort_by_key(|row| format!("{row:?}"));
    assert_eq!(
        read,
        vec![
            vec![Value::Int(1), text("a"), text("X"), Value::Int(nine), text("p")],
            vec![Value::Int(2), text("b"), text("Y"), Value::Int(nine + HOUR), text("q")],
        ]
    );
    assert_eq!(opened(&table, &connection).await.expect("opens").files, 3);
}

#[tokio::test]
async fn views_do_not_meet() {
    let dir = tempfile::tempdir().expect("a folder");
    put_parquet(dir.path(), "a.parquet", vec![("t", shared(TimestampMicrosecondArray::from(vec![0])))]);
    put_parquet(dir.path(), "b.parquet", vec![("t", shared(StringArray::from(vec!["2026-01-05"])))]);
    let table = table(vec![column("t", Type::Moment)]);
    let ctx = SessionContext::new();
    let good = view("SELECT t FROM ruw", vec![("ruw", at(dir.path(), "a.parquet"))]);
    let bad = view("SELECT t FROM ruw", vec![("ruw", at(dir.path(), "b.parquet"))]);
    assert_eq!(read_values(&ctx, &table, &good, Zone::UTC).await, Ok(vec![vec![Value::Int(0)]]));
    let error = read_values(&ctx, &table, &bad, Zone::UTC).await.expect_err("a text is no moment");
    assert_eq!(error.code, "ML603");
    assert!(error.help.iter().any(|h| h.contains("CAST(t AS")), "{error:?}");
    let cast = view("SELECT CAST(t AS TIMESTAMP) AS t FROM ruw", vec![("ruw", at(dir.path(), "b.parquet"))]);
    assert_eq!(read_values(&ctx, &table, &cast, Zone::UTC).await, Ok(vec![vec![Value::Int(1_767_571_200_000_000)]]));
}

#[tokio::test]
async fn only_one_select() {
    let dir = tempfile::tempdir().expect("a folder");
    put_parquet(dir.path(), "a.parquet", vec![("n", shared(Int32Array::from(vec![1])))]);
    let table = table(vec![column("n", Type::Integer)]);
    for query in [
        "DROP TABLE ruw",
        "CREATE TABLE x AS SELECT 1",
        "INSERT INTO ruw VALUES (2)",
        "SELECT 1; SELECT 2",
        "COPY ruw TO '/tmp/meetlat-mag-niet.csv'",
        "EXPLAIN SELECT * FROM ruw",
        "SET datafusion.execution.batch_size = 1",
        "SELEC n FROM ruw",
        "SELECT n FROM '/etc/passwd'",
        "SELECT x FROM ruw",
        "",
    ] {
        let error = rows(&table, &view(query, vec![("ruw", at(dir.path(), "a.parquet"))])).await.expect_err(query);
        assert_eq!(error.code, "ML611", "{query}: {error:?}");
    }
    let missing = rows(&table, &view("SELECT n AS m FROM ruw", vec![("ruw", at(dir.path(), "a.parquet"))])).await;
    let missing = missing.expect_err("no n");
    assert_eq!(missing.message, "`de sql van acd.gesprek` heeft geen kolom `n`");
}
