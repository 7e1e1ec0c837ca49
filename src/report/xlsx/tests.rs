//! The workbook read back by another crate.

use super::*;
use crate::judge::{Mark, Row, Status};
use crate::measure::Member;
use crate::report::sample::{self, row};
use crate::report::words::Heading;

use calamine::{Data, Reader, Xlsx};

fn heading() -> Heading {
    let until = sample::day(2026, 7, 1);
    Heading {
        project: Some("Gemeente A & B".to_owned()),
        from: sample::day(2026, 1, 1),
        until,
        peilmoment: until.and_hms_opt(0, 0, 0),
    }
}

fn bytes(rows: &[Row], definitions: &[Definition]) -> Vec<u8> {
    let input =
        Input { heading: heading(), rows, groups: &[], skipped: &[], definitions, by_members: false, version: "0.1.0" };
    workbook(&input).expect("a workbook")
}

fn open(bytes: Vec<u8>) -> Xlsx<std::io::Cursor<Vec<u8>>> {
    Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook")
}

/// The cells of a sheet from A1 on.
fn cells(book: &mut Xlsx<std::io::Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<Data>> {
    let range = book.worksheet_range(sheet).expect("the sheet");
    let (rows, columns) = range.end().expect("cells");
    let row = |r| (0..=columns).map(|c| range.get_value((r, c)).cloned().unwrap_or_default()).collect();
    (0..=rows).map(row).collect()
}

/// The row that begins with a text.
fn line<'c>(cells: &'c [Vec<Data>], first: &str) -> &'c [Data] {
    cells.iter().find(|row| row.first() == Some(&Data::String(first.to_owned()))).expect("the row")
}

fn series() -> Vec<Row> {
    let mut rows = vec![
        row("op_tijd", "2026-01", Some(85.0), Status::Met),
        row("op_tijd", "2026-02", None, Status::NoData),
        row("op_tijd", "2026-03", Some(79.96), Status::NotMet),
        row("vrij", "2026-03", Some(12.0), Status::NoNorm),
    ];
    rows[2].distance = Some(-0.04);
    rows[2].marks = vec![Mark { mark: "voorlopig".into(), reason: "tot 8 april".into() }];
    let mut member = row("op_tijd", "2026-03", Some(50.0), Status::NotMet);
    member.dimensions = vec![("team".into(), Member::Text("Noord".into()))];
    rows.push(member);
    rows
}

#[test]
fn sheets_and_cells() {
    let mut book = open(bytes(&series(), &[]));
    assert_eq!(book.sheet_names(), ["Overzicht", "Alle rijen", "Definities", "op_tijd", "vrij"]);
    let all = cells(&mut book, "Overzicht");
    let line_of = line(&all, "op_tijd");
    // The newest period with a verdict that stands: January.
    assert_eq!(line_of[2], Data::String("2026-01".into()));
    assert_eq!((&line_of[3], &line_of[4]), (&Data::Float(85.0), &Data::String("≥ 80 %".into())));
    assert_eq!(line_of[6], Data::String("✓ gehaald".into()));
    let own = cells(&mut book, "op_tijd");
    let march = line(&own, "2026-03");
    assert_eq!((&march[3], &march[4]), (&Data::Float(79.96), &Data::Float(80.0)));
    assert_eq!(march[6], Data::String("· voorlopig niet gehaald".into()));
    // What is missing is an empty cell, never 0.
    assert_eq!(line(&own, "2026-02")[3], Data::Empty);
    assert_eq!(line(&own, "Noord")[1..4], [Data::Float(50.0), Data::String("✗ niet gehaald".into()), Data::Empty]);
    let rows = cells(&mut book, "Alle rijen");
    assert_eq!(rows.len(), 6);
    let heads: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    let csv = crate::report::csv::csv(&series());
    assert_eq!(heads.join(","), csv.lines().next().unwrap_or_default());
    assert!(matches!(rows[1][4], Data::DateTime(_)), "{:?}", rows[1]);
}

#[test]
fn texts_are_never_formulas_or_markup() {
    let titles = ["=HYPERLINK(\"http://x\")", "+1", "@x", "-x", "<script>alert(1)</script>"];
    let mut rows = Vec::new();
    for (i, title) in titles.iter().enumerate() {
        for period in ["2026-01", "2026-02"] {
            let mut total = row(&format!("kpi{i}"), period, Some(80.0), Status::Met);
            total.title = (*title).to_owned();
            let mut member = total.clone();
            member.dimensions = vec![((*title).to_owned(), Member::Text((*title).to_owned()))];
            rows.extend([total, member]);
        }
    }
    let definition = Definition {
        kpi: "kpi0".into(),
        title: titles[0].into(),
        valid_from: None,
        validity: None,
        answers: vec![("Wat is het?", titles.map(str::to_owned).to_vec())],
    };
    let mut book = open(bytes(&rows, &[definition]));
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).expect("the sheet");
        assert!(formulas.used_cells().next().is_none(), "{sheet}");
    }
    let all = cells(&mut book, "Overzicht");
    for title in titles {
        assert_eq!(line(&all, title)[3], Data::Float(80.0));
    }
    let heads = cells(&mut book, "Alle rijen").remove(0);
    assert!(heads.contains(&Data::String("dim_=HYPERLINK(\"http://x\")".into())), "{heads:?}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let first = bytes(&series(), &[]);
    // The clock has seconds.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert!(first == bytes(&series(), &[]));
}

#[test]
fn odd_rows_make_a_workbook_too() {
    open(bytes(&[], &[]));
    let mut odd = vec![row("a", "2026-01", Some(f64::NAN), Status::Met), row("A", "2026-01", None, Status::NoData)];
    odd[0].dimensions = vec![("team".into(), Member::Int(3)), ("Team".into(), Member::Empty)];
    odd[1].title = "x".repeat(40_000);
    odd[1].period_from = sample::day(1850, 1, 1);
    odd[1].dimensions = vec![("dag".into(), Member::Date(20_000))];
    let mut book = open(bytes(&odd, &[]));
    assert_eq!(book.sheet_names().len(), 5);
    let rows = cells(&mut book, "Alle rijen");
    let heads: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(heads[6..9], ["dim_team", "dim_Team_2", "dim_dag"]);
    assert_eq!((&rows[1][6], &rows[1][7]), (&Data::Float(3.0), &Data::String("(leeg)".into())));
    assert_eq!(rows[1][9], Data::Empty);
    assert_eq!(rows[2][4], Data::String("1850-01-01".into()));
}

#[test]
fn a_series_has_a_chart_with_its_norm() {
    let parts = |rows: &[Row]| String::from_utf8_lossy(&bytes(rows, &[])).matches("xl/charts/chart").count();
    // Each name of a part stands in the archive twice: before its bytes and in the list at the end.
    assert_eq!(parts(&series()), 2);
    assert_eq!(parts(&series()[..2]), 0);
}

#[test]
fn too_many_rows_are_refused() {
    assert_eq!(rows::room(rows::MOST), Ok(()));
    let told = rows::room(2_000_000).expect_err("too many").to_string();
    assert_eq!(told, "2.000.000 rijen passen niet op een werkblad, dat er hoogstens 1.048.575 heeft");
}
