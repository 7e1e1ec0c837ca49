//! Result rows for what is written about a series: a value, what is the matter with it, and its norm. Shared by the case
//! files here and by the second opinion in tests/oracle.

use chrono::{Months, NaiveDate};
use meetlat::judge::{Mark, Row, Shown, Status};
use meetlat::model::BoundTest;
use meetlat::model::expr::Comparison;
use serde::Deserialize;

/// One point of a series, as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    pub value: Option<f64>,
    /// A status or a mark: `voorlopig`, `te weinig waarnemingen`, …
    pub told: Vec<String>,
    /// A new version of the definition begins here.
    pub version: bool,
    /// `nieuwe basis vanaf` this point.
    pub baseline: bool,
    /// `>= 80`, `tussen 70 en 90`
    pub norm: Option<String>,
    pub streefnorm: Option<String>,
    pub richtlijn: Option<String>,
}

/// `>= 80`, `tussen 70 en 90`
pub fn test(text: &str) -> BoundTest {
    let number = |text: &str| text.trim().parse::<f64>().unwrap_or_else(|_| panic!("`{text}` is no number"));
    if let Some((low, high)) = text.strip_prefix("tussen ").and_then(|rest| rest.split_once(" en ")) {
        return BoundTest::Between(number(low), number(high));
    }
    let (op, bound) = text.split_once(' ').unwrap_or_else(|| panic!("`{text}` is no norm"));
    let op = match op {
        ">=" => Comparison::GreaterEqual,
        ">" => Comparison::Greater,
        "<=" => Comparison::LessEqual,
        "<" => Comparison::Less,
        "=" => Comparison::Equal,
        "<>" => Comparison::NotEqual,
        _ => panic!("`{op}` is no comparison"),
    };
    BoundTest::Compare(op, number(bound))
}

/// A series by month.
pub fn rows(series: &[Written], unit: &str) -> Vec<Row> {
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day");
    let (mut version, mut baseline) = (None, None);
    let row = |(index, written): (usize, &Written)| {
        let from = first + Months::new(u32::try_from(index).expect("few"));
        version = if written.version { Some(from) } else { version };
        baseline = if written.baseline { Some(from) } else { baseline };
        row(written, from, version, baseline, unit)
    };
    series.iter().enumerate().map(row).collect()
}

fn row(written: &Written, from: NaiveDate, version: Option<NaiveDate>, baseline: Option<NaiveDate>, unit: &str) -> Row {
    let status = Status::ALL.into_iter().find(|status| written.told.iter().any(|told| told == status.word()));
    let marks = written.told.iter().filter(|told| Status::ALL.iter().all(|status| status.word() != *told));
    let shown = |kind: &'static str, text: &Option<String>| {
        let text = text.clone()?;
        Some(Shown { kind, test: Some(test(&text)), text, label: None, year: None, n: None })
    };
    let references = [shown("richtlijn", &written.richtlijn), shown("streefnorm", &written.streefnorm)];
    Row {
        kpi: "k".to_owned(),
        title: "K".to_owned(),
        version,
        period: from.format("%Y-%m").to_string(),
        period_from: from,
        period_until: from + Months::new(1),
        dimensions: Vec::new(),
        value: written.value,
        unit: unit.to_owned(),
        numerator: None,
        denominator: None,
        n: None,
        n_empty: None,
        lower: None,
        upper: None,
        norm: written.norm.clone(),
        test: written.norm.as_deref().map(test),
        norm_kind: if written.norm.is_some() { "norm" } else { "geen" },
        distance: None,
        status: status.unwrap_or(if written.norm.is_some() { Status::Met } else { Status::NoNorm }),
        marks: marks.map(|mark| Mark { mark: mark.clone(), reason: String::new() }).collect(),
        series_break: written.version,
        baseline,
        definition_hash: String::new(),
        input_hash: None,
        references: references.into_iter().flatten().collect(),
    }
}
