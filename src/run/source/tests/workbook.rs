//! Workbooks, made by `tests/rekenbladen/maak.py` with openpyxl.

use super::*;
use crate::calendar::{HOUR, MINUTE, SECOND};

fn workbooks() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rekenbladen")
}

fn questionnaire() -> Connection {
    let mut connection = at(&workbooks(), "enquete.xlsx");
    connection.sheet = Some("Antwoorden".to_owned());
    connection.decimal_comma = true;
    connection
}

fn named(name: &str, physical: &str, ty: Type) -> Column {
    Column { kind: ColumnKind::Stored { physical: physical.to_owned(), unit: None }, ..column(name, ty) }
}

#[tokio::test]
async fn a_sheet_with_a_title_above_its_header() {
    let table = table(vec![
        named("nr", "Nr", Type::Text),
        named("moment", "Ingevuld op", Type::Moment),
        named("dag", "Datum", Type::Date),
        named("cijfer", "Cijfer", Type::Score(1.0, 10.0)),
        named("respons", "Respons", Type::Percentage),
        named("duur", "Duur", Type::Duration),
        named("kosten", "Kosten", Type::Money),
        named("geholpen", "Geholpen", Type::Bool),
        named("kanaal", "Kanaal", Type::Text),
    ]);
    let half_past_nine = 1_767_605_400_000_000 - HOUR;
    let summer = 1_774_774_800_000_000 - 2 * HOUR + SECOND / 4;
    let expected = vec![
        vec![
            text("1001"),
            Value::Int(half_past_nine),
            Value::Int(20_458),
            Value::Float(7.5),
            Value::Float(78.2),
            Value::Int(26 * HOUR + 3 * MINUTE),
            Value::Money(45_000),
            Value::Bool(true),
            text("Balie"),
        ],
        vec![
            text("1002"),
            Value::Int(summer),
            Value::Int(20_541),
            Value::Empty,
            Value::Float(7.0),
            Value::Int(90 * SECOND),
            Value::Money(120_000),
            Value::Bool(false),
            text("14"),
        ],
        vec![
            text("1003"),
            Value::Int(1_769_932_800_000_000 - HOUR),
            Value::Int(20_485),
            Value::Float(8.0),
            Value::Float(45.5),
            Value::Int(90 * SECOND),
            Value::Money(45_000),
            Value::Bool(false),
            Value::Empty,
        ],
    ];
    assert_eq!(rows(&table, &questionnaire()).await, Ok(expected));
}

#[tokio::test]
async fn the_only_sheet_that_holds_anything_needs_no_name() {
    let table = table(vec![column("nr", Type::Integer)]);
    let read = rows(&table, &at(&workbooks(), "kosten.xlsx")).await;
    assert_eq!(read.map(first), Ok(vec![Value::Int(1), Value::Int(2)]));
}

/// The code and message of what is wrong.
async fn fault(table: &Table, connection: &Connection) -> (&'static str, String, String) {
    let error = rows(table, connection).await.expect_err("a fault");
    (error.code, error.message, error.help.join(" | "))
}

#[tokio::test]
async fn what_can_be_wrong_with_a_sheet() {
    let table = table(vec![column("nr", Type::Integer), column("bedrag", Type::Money)]);
    let (code, message, _) = fault(&table, &at(&workbooks(), "kosten.xlsx")).await;
    assert_eq!((code, message.as_str()), ("ML604", "`kosten.xlsx`, regel 3: kolom `bedrag`: `#DIV/0!` is geen bedrag"));

    let mut connection = questionnaire();
    let (code, message, help) = fault(&table, &connection).await;
    assert_eq!((code, message.as_str()), ("ML602", "`enquete.xlsx` heeft geen kolom `nr`"));
    assert!(help.contains("bedoelde u `Nr`?"), "{help}");

    connection.sheet = Some("Antwoord".to_owned());
    let (code, message, help) = fault(&table, &connection).await;
    assert_eq!((code, message.as_str()), ("ML610", "`enquete.xlsx` heeft geen blad `Antwoord`"));
    assert!(help.contains("`Antwoorden`"), "{help}");

    connection.sheet = None;
    let (code, message, help) = fault(&table, &connection).await;
    assert_eq!((code, message.as_str()), ("ML610", "`enquete.xlsx` heeft meer dan één blad"));
    assert!(help.contains("`Toelichting`, `Antwoorden`"), "{help}");

    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "kapot.xlsx", "geen rekenblad");
    let (code, message, _) = fault(&table, &at(dir.path(), "kapot.xlsx")).await;
    assert_eq!((code, message.as_str()), ("ML607", "`kapot.xlsx` is niet als rekenblad (xlsx) te lezen"));
}
