//! The norm of one row: that of its member or of the total, on the period's first day, with the value that the data gave.

use std::collections::BTreeMap;

use super::row::Shown;
use crate::check::Checked;
use crate::combine::Figure;
use crate::model::norm::{Limit, ReferenceKind};
use crate::model::{BoundTest, Kpi, KpiId, text};

/// The mark of a row whose norm differs from row to row of the data.
pub(super) const UNSETTLED: &str = "norm niet eenduidig";

/// The norm of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RowNorm {
    None,
    /// The test, and that of its warning band.
    Judged(BoundTest, Option<BoundTest>),
    /// Its value differs within the cell.
    Unsettled(Limit),
}

impl RowNorm {
    pub fn judged(&self) -> Option<(BoundTest, Option<BoundTest>)> {
        match self {
            Self::Judged(test, near) => Some((*test, *near)),
            Self::None | Self::Unsettled(_) => None,
        }
    }
}

/// Names and labels, as norms know them.
fn members(figure: &Figure) -> Vec<(String, String)> {
    figure.dimensions.iter().map(|(n, m)| (n.clone(), m.label())).collect()
}

/// The reference values of a figure.
pub(super) fn references(kpi: &Kpi, figure: &Figure) -> Vec<Shown> {
    let held = kpi.norms.references_of(&members(figure), figure.period.from);
    let test = |kind, test: &BoundTest| Shown {
        kind,
        text: text::bound(test, &kpi.unit),
        test: Some(*test),
        label: None,
        year: None,
        n: None,
    };
    let shown = held.into_iter().map(|reference| match &reference.kind {
        ReferenceKind::Target(t) => test("streefnorm", t),
        ReferenceKind::Guideline(t) => test("richtlijn", t),
        ReferenceKind::Benchmark { label, value, year, n } => Shown {
            kind: "benchmark",
            text: text::quantity(*value, &kpi.unit),
            test: None,
            label: Some(label.clone()),
            year: *year,
            n: *n,
        },
    });
    shown.collect()
}

/// The norm of a figure.
pub(super) fn of(kpi: &Kpi, figure: &Figure) -> RowNorm {
    let bound = kpi.norms.of_row(&members(figure)).and_then(|norms| norms.on(figure.period.from));
    let Some(bound) = bound else { return RowNorm::None };
    let near = bound.near.and_then(|near| near.with(&figure.limits));
    match bound.test.with(&figure.limits) {
        Some(test) => RowNorm::Judged(test, near),
        None => match bound.test {
            BoundTest::Data(_, index) => match figure.limits.get(index) {
                Some(limit @ Limit::Several { .. }) => RowNorm::Unsettled(*limit),
                _ => RowNorm::None,
            },
            _ => RowNorm::None,
        },
    }
}

/// How a norm differs within a cell, in words.
pub(super) fn differs(kpi: &Kpi, limit: &Limit) -> String {
    let Limit::Several { low, high, empty } = *limit else { return String::new() };
    let value = |x: f64| text::quantity(x, &kpi.unit);
    let (low, high) = (value(low), value(high));
    let rows = if empty == 1 { "1 rij is zij leeg".to_owned() } else { format!("{empty} rijen is zij leeg") };
    match (low == high, empty) {
        (true, _) => format!("de norm is {low}, maar bij {rows}"),
        (false, 0) => format!("de norm loopt van {low} tot {high}"),
        (false, _) => format!("de norm loopt van {low} tot {high}, en bij {rows}"),
    }
}

/// A KPI with cells within which the norm is not one value: those have no verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    pub kpi: KpiId,
    /// The first of them: the label of its period, and its members by name of dimension.
    pub period: String,
    pub members: Vec<(String, String)>,
    /// How the norm differs there, in words.
    pub why: String,
    /// How many more there are.
    pub others: usize,
}

/// All KPIs with such cells.
#[must_use]
pub fn unsettled(checked: &Checked, figures: &[Figure]) -> Vec<Unsettled> {
    let mut found: BTreeMap<KpiId, Unsettled> = BTreeMap::new();
    for figure in figures {
        let kpi = checked.model().kpi(figure.kpi);
        let RowNorm::Unsettled(limit) = of(kpi, figure) else { continue };
        match found.get_mut(&figure.kpi) {
            Some(known) => known.others += 1,
            None => {
                found.insert(
                    figure.kpi,
                    Unsettled {
                        kpi: figure.kpi,
                        period: figure.period.label.clone(),
                        members: members(figure),
                        why: differs(kpi, &limit),
                        others: 0,
                    },
                );
            }
        }
    }
    found.into_values().collect()
}
