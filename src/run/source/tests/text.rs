//! CSV and JSON lines.

use proptest::prelude::*;

use super::*;
use crate::calendar::{HOUR, MINUTE, SECOND};

#[tokio::test]
async fn a_dutch_csv() {
    let dir = tempfile::tempdir().expect("a folder");
    let body = "uitgifte_ts;kosten;soort;wacht;klaar;score;dag;geholpen\r\n\
        05-01-2026 09:00;€ 1.234,50;\"caf\u{e9}; \"\"groot\"\"\nhier\";90,5;0:01:30;8,5;5-1-2026;Ja\r\n\
        ;;;;;;;\r\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(body);
    put(dir.path(), "balie.csv", &bytes);
    let mut afgifte = column("afgifte", Type::Moment);
    afgifte.key = true;
    let table = table(vec![
        afgifte,
        column("kosten", Type::Money),
        column("soort", Type::Text),
        duration("wacht", StoredUnit::Seconds),
        column("klaar", Type::Duration),
        column("score", Type::Score(1.0, 10.0)),
        column("dag", Type::Date),
        column("geholpen", Type::Bool),
    ]);
    let mut connection = at(dir.path(), "balie.csv");
    connection.encoding = Encoding::named("windows-1252").expect("known");
    connection.decimal_comma = true;
    connection.dates = Some("dd-mm-jjjj".to_owned());
    connection.columns.insert("afgifte".to_owned(), ColumnMapping::Renamed("uitgifte_ts".to_owned()));
    let nine = 1_767_603_600_000_000 - HOUR;
    let full = vec![
        Value::Int(nine),
        Value::Money(12_345_000),
        text("caf\u{e9}; \"groot\"\nhier"),
        Value::Int(90 * SECOND + SECOND / 2),
        Value::Int(90 * SECOND),
        Value::Float(8.5),
        Value::Int(20_458),
        Value::Bool(true),
    ];
    assert_eq!(rows(&table, &connection).await, Ok(vec![full, vec![Value::Empty; 8]]));
}

#[tokio::test]
async fn columns_may_be_absent_and_only_wanted_ones_are_parsed() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "a.csv", "\u{feff}id,onzin\n1,x\n2,y\n");
    let table = table(vec![column("id", Type::Integer), column("kosten", Type::Money), column("onzin", Type::Date)]);
    let mut connection = at(dir.path(), "a.csv");
    connection.columns.insert("kosten".to_owned(), ColumnMapping::Absent(Some("niet geregistreerd".to_owned())));
    assert_eq!(absent(&table, &connection), BTreeMap::from([(1, Some("niet geregistreerd"))]));
    let ctx = SessionContext::new();
    for columns in [BTreeSet::from([0, 1]), BTreeSet::new()] {
        let wanted = Wanted { columns: &columns, bounds: None };
        let opened = open(&ctx, &table, &connection, Zone::default(), &wanted).await.expect("opens");
        let frame = ctx.execute_logical_plan(opened.plan.clone()).await.expect("plans");
        assert_eq!(frame.count().await.expect("counts"), 2);
        // a second time, from the same plan
        let frame = ctx.execute_logical_plan(opened.plan).await.expect("plans");
        let batches = frame.collect().await.expect("reads");
        assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 2);
    }
}

#[tokio::test]
async fn clock_changes_in_text() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "a.csv", "t\n2025-10-26 02:30\n2025-03-30 02:30\n2025-10-26T02:30+01:00\n");
    let table = table(vec![column("t", Type::Moment)]);
    let zone = Zone::default();
    let parse = |s: &str| chrono::NaiveDateTime::parse_from_str(s, "%Y-%m-%d %H:%M").expect("a moment");
    let autumn = zone.instant(parse("2025-10-26 02:30"));
    let spring = zone.instant(parse("2025-03-30 02:30"));
    let expected = vec![Value::Int(autumn), Value::Int(spring), Value::Int(autumn + HOUR)];
    assert_eq!(rows(&table, &at(dir.path(), "a.csv")).await.map(first), Ok(expected));
    let mut utc = at(dir.path(), "a.csv");
    utc.zone = Some(Zone::UTC);
    let read = rows(&table, &utc).await.map(first).expect("reads");
    assert_eq!(read.first(), Some(&Value::Int(parse("2025-10-26 02:30").and_utc().timestamp_micros())));
}

#[tokio::test]
async fn patterns_folders_and_order_of_columns() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "p/jaar=2025/team=Burger%20zaken/a.csv", "id;n\na;1\n");
    put(dir.path(), "p/jaar=2026/team=B/b.csv", "n;id\n2;b\n");
    put(dir.path(), "p/_SUCCESS", "");
    let table = table(vec![
        column("id", Type::Text),
        column("n", Type::Integer),
        column("jaar", Type::Integer),
        column("team", Type::Text),
    ]);
    let expected = vec![
        vec![text("a"), Value::Int(1), Value::Int(2025), text("Burger zaken")],
        vec![text("b"), Value::Int(2), Value::Int(2026), text("B")],
    ];
    assert_eq!(rows(&table, &at(dir.path(), "p")).await, Ok(expected));
    let narrow = super::table(vec![column("id", Type::Text)]);
    let globbed = at(dir.path(), "p/jaar=*/team=*/[ab].csv");
    assert_eq!(rows(&narrow, &globbed).await.map(first), Ok(vec![text("a"), text("b")]));
    assert_eq!(opened(&narrow, &globbed).await.map(|o| (o.files, o.bytes)), Ok((2, 18)).map_err(|e: SourceError| e));
}

#[tokio::test]
async fn many_rows_come_in_batches() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut body = "n\n".to_owned();
    for n in 0..20_000 {
        body.push_str(&format!("{n}\n"));
    }
    put(dir.path(), "a.csv", body);
    let table = table(vec![column("n", Type::Integer)]);
    let read = rows(&table, &at(dir.path(), "a.csv")).await.map(first).expect("reads");
    assert_eq!(read.len(), 20_000);
    assert_eq!(read.last(), Some(&Value::Int(19_999)));
}

#[tokio::test]
async fn json_lines() {
    let dir = tempfile::tempdir().expect("a folder");
    put(
        dir.path(),
        "mail.jsonl",
        "{\"id\":\"x\",\"t\":\"2026-01-05T09:00:00Z\",\"n\":3,\"bedrag\":4.35,\"ok\":true,\"wacht\":1.5,\"van\":{\"team\":\"A\"},\"klaar\":\"1:00\"}\n\n\
         {\"id\":\"\",\"t\":null,\"n\":1e3}\n",
    );
    let mut team = column("team", Type::Text);
    team.kind = ColumnKind::Stored { physical: "van.team".to_owned(), unit: None };
    let table = table(vec![
        column("id", Type::Text),
        column("t", Type::Moment),
        column("n", Type::Integer),
        column("bedrag", Type::Money),
        column("ok", Type::Bool),
        duration("wacht", StoredUnit::Minutes),
        team,
        column("klaar", Type::Duration),
    ]);
    let full = vec![
        text("x"),
        Value::Int(1_767_603_600_000_000),
        Value::Int(3),
        Value::Money(43_500),
        Value::Bool(true),
        Value::Int(90 * SECOND),
        text("A"),
        Value::Int(MINUTE),
    ];
    let e = Value::Empty;
    let sparse = vec![text(""), e.clone(), Value::Int(1000), e.clone(), e.clone(), e.clone(), e.clone(), e];
    assert_eq!(rows(&table, &at(dir.path(), "mail.jsonl")).await, Ok(vec![full, sparse]));
}

#[tokio::test]
async fn identity_is_of_content() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "a/1.csv", "id\na\n");
    put(dir.path(), "a/2.csv", "id\nb\n");
    put(dir.path(), "b/1.csv", "id\nb\n");
    put(dir.path(), "b/x.csv", "id\na\n");
    put(dir.path(), "c/1.csv", "id\nc\n");
    let table = table(vec![column("id", Type::Text)]);
    let mut identities = Vec::new();
    for folder in ["a", "b", "c"] {
        identities.push(opened(&table, &at(dir.path(), folder)).await.expect("opens").identity);
    }
    assert_eq!(identities[0], identities[1]);
    assert_ne!(identities[0], identities[2]);
}

#[tokio::test]
async fn separators_are_found_and_reasons_kept() {
    let dir = tempfile::tempdir().expect("a folder");
    let table = table(vec![column("a", Type::Text), column("b", Type::Integer)]);
    let expected = Ok(vec![vec![text("x,y"), Value::Int(1)]]);
    for (name, body) in [
        ("a.csv", "a;b\nx,y;1\n"),
        ("b.csv", "\"a\",\"b\"\n\"x,y\",1\n"),
        ("c.txt", "a\tb\nx,y\t1\n"),
        ("d.tsv", "\n\na\tb\n\nx,y\t1"),
        ("e.csv", "a|b\nx,y|1\n"),
    ] {
        put(dir.path(), name, body);
        let mut connection = at(dir.path(), name);
        connection.separator = name.starts_with('e').then_some(b'|');
        assert_eq!(rows(&table, &connection).await, expected, "{name}");
    }
    // Excel's "Unicode text": UTF-16 with a mark
    let mut wide = vec![0xff, 0xfe];
    wide.extend("a\tb\r\nx,y\t1\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    put(dir.path(), "f.txt", wide);
    assert_eq!(rows(&table, &at(dir.path(), "f.txt")).await, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn cells_never_panic(cell in "[-+€ 0-9.,:%TZejadn'é\u{a0}]{0,24}|\\PC{0,24}", comma: bool, pattern in "[dmj/-]{0,10}") {
        let types = [
            Type::Text, Type::Bool, Type::Integer, Type::Number, Type::Money, Type::Date, Type::Moment, Type::Duration,
            Type::Percentage, Type::Unknown,
        ];
        let wish = |ty: &Type| Wish {
            name: "x".to_owned(), physical: None, ty: *ty, unit: None, nullable: true, personal: false, occurrences: false,
        };
        let wishes: Vec<Wish> = types.iter().map(wish).collect();
        let writing = Writing { comma, pattern: DatePattern::new(&pattern), zone: Zone::default() };
        let mut builder = rows::Builder::new(&wishes, &writing);
        for index in 0..wishes.len() {
            if !builder.text(index, &cell) {
                builder.empty(index);
            }
        }
        builder.end_row();
        prop_assert_eq!(builder.batch().map(|b| b.num_rows()).ok(), Some(1));
    }

    #[test]
    fn files_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200), json: bool) {
        let dir = tempfile::tempdir().expect("a folder");
        let name = if json { "a.jsonl" } else { "a.csv" };
        put(dir.path(), name, [if json { b"{\"n\":1}\n".as_slice() } else { b"n\n" }, &body].concat());
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let _ = runtime.block_on(super::rows(&table(vec![column("n", Type::Integer)]), &at(dir.path(), name)));
    }
}
