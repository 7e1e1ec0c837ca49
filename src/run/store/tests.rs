//! A store in a folder: what is replaced, kept and refused.

use super::*;
use crate::calendar::day_of;
use arrow::array::ListArray;

fn record(kpi: &'static str, period: &'static str, value: Option<f64>) -> Record<'static> {
    let from = day_of(20_000 + i32::from(period.as_bytes().last().copied().unwrap_or(0)) * 30).expect("a day");
    Record {
        kpi,
        title: "Titel",
        version: None,
        period,
        period_from: from,
        period_until: from.succ_opt().expect("a day"),
        dimensions: Vec::new(),
        value,
        unit: "%",
        numerator: None,
        denominator: Some(0.1 + 0.2),
        n: Some(u64::MAX),
        n_empty: None,
        lower: None,
        upper: None,
        norm: Some(">= 80%"),
        norm_kind: "norm",
        distance: None,
        status: "gehaald",
        marks: vec![("voorlopig", "tot 8 juli"), ("raming", "")],
        series_break: false,
        definition_hash: "d0",
        input_hash: None,
    }
}

fn of_member(member: &str, record: Record<'static>) -> Record<'static> {
    Record { dimensions: vec![("team", member.to_owned())], ..record }
}

/// A store in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("uitkomsten.parquet")
    }

    fn add(&self, records: &[Record<'_>]) {
        let path = self.path();
        add(&path, records, |bytes| fs::write(&path, bytes).map_err(|e| e.to_string())).expect("added");
    }

    /// `kpi period member value` of each row.
    fn rows(&self) -> Vec<String> {
        let all = read(File::open(self.path()).expect("a file")).expect("a store");
        let text = |i: usize| all.column(i).as_string::<i32>().clone();
        let (kpi, period) = (text(table::KPI), text(table::PERIOD));
        let value = all.column(7).as_primitive::<arrow::datatypes::Float64Type>().clone();
        let members = all.column(6).as_map().clone();
        let member = |i: usize| members.value(i).column(1).as_string::<i32>().iter().flatten().collect::<String>();
        let shown = |i: usize| if value.is_valid(i) { value.value(i).to_string() } else { "-".to_owned() };
        (0..all.num_rows())
            .map(|i| format!("{} {} {} {}", kpi.value(i), period.value(i), member(i), shown(i)).replace("  ", " "))
            .collect()
    }
}

#[test]
fn a_second_run_replaces_its_rows_and_keeps_the_others() {
    let place = Place::new();
    let first = record("b", "2026-1", Some(1.0));
    place.add(&[first.clone(), of_member("Noord", first.clone()), record("b", "2026-2", None)]);
    place.add(&[record("a", "2026-1", Some(2.0))]);
    assert_eq!(place.rows(), ["a 2026-1 2", "b 2026-1 1", "b 2026-1 Noord 1", "b 2026-2 -"]);
    // The total alone replaces the members too: they are rows of the same KPI, version and period.
    place.add(&[record("b", "2026-1", Some(3.0))]);
    assert_eq!(place.rows(), ["a 2026-1 2", "b 2026-1 3", "b 2026-2 -"]);
    // Of another version the rows stand beside it.
    let version = day_of(20_000);
    place.add(&[Record { version, ..record("b", "2026-1", Some(4.0)) }]);
    assert_eq!(place.rows(), ["a 2026-1 2", "b 2026-1 3", "b 2026-2 -", "b 2026-1 4"]);
}

#[test]
fn the_bytes_follow_the_rows_and_not_the_order_of_runs() {
    let (a, b) = (record("a", "2026-1", Some(2.0)), record("b", "2026-1", Some(1.0)));
    let members = ["Zuid", "Noord"].map(|m| of_member(m, b.clone()));
    let b: Vec<Record<'_>> = [b].into_iter().chain(members).collect();
    let bytes = |parts: &[&[Record<'_>]]| {
        let place = Place::new();
        for part in parts {
            place.add(part);
        }
        fs::read(place.path()).expect("bytes")
    };
    let once = bytes(&[&[b.clone(), vec![a.clone()]].concat()]);
    assert!(once == bytes(&[&b, std::slice::from_ref(&a)]));
    assert!(once == bytes(&[std::slice::from_ref(&a), &b, &b]));
}

#[test]
fn what_was_stored_is_read_back() {
    let place = Place::new();
    place.add(&[of_member("(leeg)", record("a", "2026-1", Some(f64::NAN)))]);
    let all = read(File::open(place.path()).expect("a file")).expect("a store");
    assert_eq!(all.column(7).null_count(), 1);
    assert_eq!(
        all.column(10).as_primitive::<arrow::datatypes::Float64Type>().value(0).to_bits(),
        (0.1_f64 + 0.2).to_bits()
    );
    assert_eq!(all.column(11).as_primitive::<arrow::datatypes::UInt64Type>().value(0), u64::MAX);
    let marks: &ListArray = all.column(19).as_list::<i32>();
    let marks = marks.value(0);
    let texts =
        |i: usize| marks.as_struct().column(i).as_string::<i32>().iter().flatten().collect::<Vec<_>>().join("|");
    assert_eq!((texts(0), texts(1)), ("voorlopig|raming".to_owned(), "tot 8 juli|".to_owned()));
    assert_eq!(all.schema().as_ref(), &table::schema());
}

#[test]
fn a_write_that_fails_leaves_the_store_and_says_why() {
    let place = Place::new();
    place.add(&[record("a", "2026-1", Some(1.0))]);
    let before = fs::read(place.path()).expect("bytes");
    let refused = add(&place.path(), &[record("a", "2026-1", Some(2.0))], |_| Err("de schijf is vol".to_owned()));
    assert!(matches!(refused, Err(Refused::Unwritten(why)) if why == "de schijf is vol"));
    assert!(fs::read(place.path()).expect("bytes") == before);
}

#[test]
fn what_is_no_store_is_refused_and_stays() {
    let place = Place::new();
    let refused = |bytes: &[u8]| {
        fs::write(place.path(), bytes).expect("written");
        let never = |_: &[u8]| -> Result<(), String> { panic!("nothing is written") };
        let Err(Refused::NoStore(told)) = add(&place.path(), &[record("a", "2026-1", None)], never) else {
            panic!("it was taken for a store")
        };
        assert_eq!((told.code, fs::read(place.path()).expect("bytes")), (NO_STORE, bytes.to_vec()));
        told.message
    };
    assert!(refused(b"geen Parquet").ends_with("het is geen Parquet-bestand"));
    assert!(refused(b"").ends_with("het is geen Parquet-bestand"));
    let columns = |kept: usize| {
        let all = table::batch(&[record("a", "2026-1", None)]).expect("rows");
        let indices: Vec<usize> = (0..kept).collect();
        write(&all.project(&indices).expect("columns")).expect("bytes")
    };
    let why = refused(&columns(22));
    assert!(why.ends_with("het is geen verzameling van uitkomsten (kolom `invoer_hash` ontbreekt)"), "{why}");
    // Cut off: the end of a Parquet file tells where all is.
    let whole = columns(23);
    refused(&whole[..whole.len() / 2]);
    // The same columns in another type.
    let numbers = RecordBatch::try_from_iter(table::schema().fields().iter().map(|f| {
        let ones: arrow::array::ArrayRef = Arc::new(UInt64Array::from(vec![1]));
        (f.name().clone(), ones)
    }));
    let why = refused(&write(&numbers.expect("columns")).expect("bytes"));
    assert!(why.ends_with("een kolom heeft een ander type"), "{why}");
}

#[test]
fn what_killed_runs_left_goes_with_the_next() {
    let place = Place::new();
    let left = place.folder.path().join("uitkomsten.parquet.123.deel");
    let other = place.folder.path().join("uitkomsten.parquet.oud.deel");
    fs::write(&left, "half").expect("written");
    fs::write(&other, "van iemand anders").expect("written");
    place.add(&[record("a", "2026-1", Some(1.0))]);
    assert_eq!((left.exists(), other.exists(), place.rows().len()), (false, true, 1));
}

#[test]
fn runs_at_the_same_time_lose_nothing() {
    let place = Place::new();
    let names: [&'static str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
    std::thread::scope(|scope| {
        for name in names {
            let place = &place;
            scope.spawn(move || place.add(&[record(name, "2026-1", Some(1.0))]));
        }
    });
    assert_eq!(place.rows(), names.map(|name| format!("{name} 2026-1 1")));
}
