//! From values to verdicts: norm, status and marks, over the whole result set at once. Pure: no engine, no clock, no
//! files.

pub mod attention;
pub mod companion;
mod fault;
mod interval;
mod norm;
mod provisional;
pub mod row;
mod status;
mod told;
pub mod variation;
mod version;

use std::collections::BTreeMap;

use crate::check::Checked;
use crate::combine::Figure;
use crate::model::{Calculation, Kpi, KpiId, Model, text};
use norm::RowNorm;
pub use norm::{Unsettled, unsettled};
pub use provisional::PROVISIONAL;
pub use row::{Mark, Row, Shown, Status};
use version::Version;

/// What is known about a run beside the figures.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// µs UTC.
    pub peilmoment: i64,
    /// Per KPI: the hash of the content of its sources.
    pub input_hashes: BTreeMap<KpiId, String>,
    /// Why a KPI has no figures here: its source lacks a column, or could not be read.
    pub lacking: BTreeMap<KpiId, String>,
}

/// Result rows, one per figure and in their order.
#[must_use]
pub fn judge(checked: &Checked, figures: &[Figure], circumstances: &Circumstances) -> Vec<Row> {
    let model = checked.model();
    let mut versions = version::Versions::new(model);
    let mut faults = fault::Faults::new(model);
    figures
        .iter()
        .map(|figure| {
            let kpi = model.kpi(figure.kpi);
            let version = versions.of(kpi, figure.period.from, figure.period.until);
            let mut row = row(model, kpi, figure, version, circumstances);
            row.marks.extend(faults.marks(kpi, figure));
            // What a few persons' rows say is not shown either.
            if !hidden(model, kpi, figure) {
                row.marks.extend(told::marks(&figure.marks));
            }
            row
        })
        .collect()
}

/// Whether a figure rests on so few persons that it is not shown. Over nobody there is nobody to recognise.
fn hidden(model: &Model, kpi: &Kpi, figure: &Figure) -> bool {
    let few = |least: u64| figure.persons.is_some_and(|n| n > 0 && n < least);
    figure.persons.is_some() && model.shield_on(kpi, figure.period.from).is_some_and(few)
}

fn row(model: &Model, kpi: &Kpi, figure: &Figure, version: Version, circumstances: &Circumstances) -> Row {
    let norm = norm::of(kpi, figure);
    let hidden = hidden(model, kpi, figure);
    let status = status::status(kpi, figure, hidden, norm.judged());
    // Too few observations still show their value; a missing indicator or missing rows have none.
    let value = figure.value.filter(|_| !hidden);
    let confidence = kpi.method.confidence.filter(|_| value.is_some());
    let interval = figure.sample.zip(confidence).and_then(|(sample, c)| interval::interval(&sample, c.level));
    Row {
        kpi: kpi.name.clone(),
        title: kpi.title.clone(),
        version: kpi.validity.and_then(|v| v.from),
        period: figure.period.label.clone(),
        period_from: figure.period.from,
        period_until: figure.period.until,
        dimensions: figure.dimensions.clone(),
        value,
        unit: kpi.unit.to_string(),
        numerator: figure.numerator.filter(|_| !hidden),
        denominator: figure.denominator.filter(|_| !hidden),
        n: figure.n.filter(|_| !hidden),
        n_empty: figure.n_empty.filter(|_| !hidden),
        lower: interval.map(|(low, _)| low),
        upper: interval.map(|(_, high)| high),
        norm: norm.judged().map(|(test, _)| text::bound(&test, &kpi.unit)),
        test: norm.judged().map(|(test, _)| test),
        norm_kind: if norm.judged().is_some() { "norm" } else { "geen" },
        distance: value.and_then(|v| norm.judged().and_then(|(test, _)| test.distance(v))),
        status,
        marks: marks(model, kpi, figure, &norm, circumstances),
        series_break: version.breaks,
        baseline: kpi.method.baseline_before(figure.period.until),
        definition_hash: version.hash,
        input_hash: circumstances.input_hashes.get(&kpi.id).cloned(),
        references: norm::references(kpi, figure),
    }
}

/// What a reader must know about a figure.
fn marks(model: &Model, kpi: &Kpi, figure: &Figure, norm: &RowNorm, circumstances: &Circumstances) -> Vec<Mark> {
    let mut marks = Vec::new();
    if let Calculation::NotMeasurable { reason } = &kpi.calculation {
        marks.push(Mark { mark: "niet meetbaar".to_owned(), reason: reason.clone() });
        return marks;
    }
    if let Some(reason) = circumstances.lacking.get(&kpi.id) {
        marks.push(Mark { mark: "onvolledige bron".to_owned(), reason: reason.clone() });
    }
    marks.extend(provisional::mark(model, kpi, &figure.period, circumstances.peilmoment));
    if let RowNorm::Unsettled(limit) = norm {
        marks.push(Mark { mark: norm::UNSETTLED.to_owned(), reason: norm::differs(kpi, limit) });
    }
    marks
}
