//! From cells to values: rolls atoms up to the asked periods and members, aligns the sources, and works out the
//! formulas. Pure: it knows no engine, no norm and no file.

mod formula;
mod limits;
mod rollup;
mod unknown;

use std::collections::BTreeSet;

use crate::calendar::Period;
use crate::measure::{Cells, Measurement, Member, Reading};
use crate::model::KpiId;
use crate::model::norm::Limit;
use formula::Evaluation;
use rollup::Rollups;
pub use unknown::{Unknown, unknown_spellings};

/// The value of one KPI in one period for one combination of members, in the base of its unit: percentages 0–100,
/// durations in seconds, amounts in euro.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub kpi: KpiId,
    pub period: Period,
    /// Name and member, in the order asked; empty for the total.
    pub dimensions: Vec<(String, Member)>,
    pub value: Option<f64>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// Rows evaluated in the denominator.
    pub n: Option<u64>,
    /// Rows left out because something was empty.
    pub n_empty: Option<u64>,
    /// What the rows say of the values that the norm takes from them, in the order of [`crate::model::Norms::data`].
    pub limits: Vec<Limit>,
}

/// All figures of a measurement, in the order of its readings; in each the total first, then per set the members in
/// their order, and for each the periods in time.
#[must_use]
pub fn combine(measurement: &Measurement, cells: &Cells) -> Vec<Figure> {
    let mut rollups = Rollups::new(measurement, cells);
    let mut figures = Vec::new();
    for reading in &measurement.readings {
        for set in 0..reading.sets.len() {
            for members in members(reading, set, &mut rollups) {
                for index in 0..reading.periods.list.len() {
                    figures.push(figure(reading, set, &members, index, &mut rollups));
                }
            }
        }
    }
    figures
}

/// The members of a set that occur in the populations in what is measured; for the total the one empty combination.
fn members(reading: &Reading, set: usize, rollups: &mut Rollups<'_>) -> Vec<Vec<Member>> {
    let names = reading.sets.get(set).map_or(0, Vec::len);
    if names == 0 {
        return vec![Vec::new()];
    }
    let mut found = BTreeSet::new();
    for population in &reading.populations {
        let Some(mapping) = population.place.sets.get(set) else { continue };
        let Some(positions) = mapping.iter().copied().collect::<Option<Vec<usize>>>() else { continue };
        let dimensions = population.place.dimensions(set);
        let windows = reading.windows.first().map(Vec::as_slice).unwrap_or_default();
        let runs = rollups.all_segments(&population.place, windows);
        for key in rollups.occurring(&population.place, set, population.rows, &runs) {
            let member = |d: &usize| dimensions.iter().position(|x| x == d).and_then(|i| key.get(i)).cloned();
            if let Some(members) = positions.iter().map(member).collect::<Option<Vec<_>>>() {
                found.insert(members);
            }
        }
    }
    let mut found: Vec<Vec<Member>> = found.into_iter().collect();
    let names = reading.sets.get(set).map(Vec::as_slice).unwrap_or_default();
    found.sort_by_cached_key(|members| names.iter().zip(members).map(|(n, m)| rank(reading, n, m)).collect::<Vec<_>>());
    found
}

/// The place of a member in reports: as declared, then unknown spellings and what else there is, then `(leeg)`. Equal
/// for all members of a dimension that declares none: their own order stays.
fn rank(reading: &Reading, dimension: &str, member: &Member) -> (usize, Member) {
    let declared = reading.order.get(dimension).map(Vec::as_slice).unwrap_or_default();
    let place = declared.iter().position(|label| matches!(member, Member::Text(text) if text == label));
    (place.unwrap_or(declared.len()), member.clone())
}

fn figure(reading: &Reading, set: usize, members: &[Member], index: usize, rollups: &mut Rollups<'_>) -> Figure {
    let period = &reading.periods.list[index];
    let evaluation = match &reading.term {
        None => Evaluation::default(),
        Some(term) => {
            let windows = reading.windows.as_slice();
            formula::in_window(term, 0, &mut formula::Cell { set, members, index, windows, window: period, rollups })
        }
    };
    let limits = reading.limits.iter().map(|limit| limits::limit(limit, reading, set, members, index, rollups));
    let limits = limits.collect();
    let names = reading.sets.get(set).cloned().unwrap_or_default();
    Figure {
        kpi: reading.kpi,
        period: period.clone(),
        dimensions: names.into_iter().zip(members.iter().cloned()).collect(),
        value: evaluation.value.filter(|v| v.is_finite()),
        numerator: evaluation.numerator.filter(|v| v.is_finite()),
        denominator: evaluation.denominator.filter(|v| v.is_finite()),
        n: evaluation.n,
        n_empty: evaluation.n_empty,
        limits,
    }
}
