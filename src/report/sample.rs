//! Rows for the tests of the reports.

use crate::calendar::{Period, PeriodKind, Periods, Zone};
use crate::judge::{Row, Status};
use chrono::NaiveDate;

/// A row of a percentage with norm 80 % and `n` 400; the period follows from its label.
pub fn row(kpi: &str, period: &str, value: Option<f64>, status: Status) -> Row {
    let found = find(period);
    let (from, until) = found.map_or_else(
        || (day(2026, 1, 1), day(2026, 7, 1)), // the whole range
        |p| (p.from, p.until),
    );
    let no_norm = status == Status::NoNorm;
    Row {
        kpi: kpi.to_owned(),
        title: kpi.to_owned(),
        version: None,
        period: period.to_owned(),
        period_from: from,
        period_until: until,
        dimensions: Vec::new(),
        value,
        unit: "%".to_owned(),
        numerator: None,
        denominator: None,
        n: Some(400),
        n_empty: None,
        lower: None,
        upper: None,
        norm: (!no_norm).then(|| ">= 80%".to_owned()),
        test: (!no_norm)
            .then_some(crate::model::BoundTest::Compare(crate::model::expr::Comparison::GreaterEqual, 80.0)),
        norm_kind: if no_norm { "geen" } else { "norm" },
        distance: None,
        status,
        marks: Vec::new(),
        series_break: false,
        baseline: None,
        definition_hash: "d0".to_owned(),
        input_hash: None,
        references: Vec::new(),
    }
}

pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).expect("a day")
}

fn find(label: &str) -> Option<Period> {
    PeriodKind::ALL.into_iter().filter(|k| *k != PeriodKind::Whole).find_map(|kind| {
        let all = Periods::over(kind, day(2024, 1, 1), day(2027, 1, 1), Zone::default()).expect("few");
        all.list.into_iter().find(|p| p.label == label)
    })
}
