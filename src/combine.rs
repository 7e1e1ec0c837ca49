//! From cells to values: rolls atoms up to the asked periods and members, aligns the sources, and works out the
//! formulas. Pure: it knows no engine, no norm and no file.

mod formula;
mod limits;
mod marks;
mod rollup;
mod unknown;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::calendar::Period;
use crate::measure::{Cells, Leaf, Measurement, Member, Reading, Term};
use crate::model::KpiId;
use crate::model::norm::Limit;
use formula::Evaluation;
pub use marks::Marks;
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
    /// Different persons in the rows that the value rests on, or those rows where no persons are known; only where cells
    /// over few of them are not shown.
    pub persons: Option<u64>,
    /// What makes an interval; only where one is asked for.
    pub sample: Option<Sample>,
    /// What the rows that it comes from say of it, by `kenmerk` columns.
    pub marks: Marks,
    /// The days that were looked at: the first, and the one after the last.
    pub looked_at: Vec<(NaiveDate, NaiveDate)>,
}

/// Counts of a sample; with a weight they are sums, and `n` the number of rows without weight that says as much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub plus: f64,
    /// What is taken off, in a difference of shares.
    pub minus: Option<Minus>,
    pub n: f64,
}

impl Sample {
    /// Sums of weights as rows: as many as say as much without weights, (Σw)² / Σw² (Kish).
    #[must_use]
    pub fn effective(self, squares: f64) -> Option<Self> {
        if self.n <= 0.0 || squares <= 0.0 {
            return None;
        }
        let rows = self.n * self.n / squares;
        let scaled = |sum: f64| sum / self.n * rows;
        let minus = self.minus.map(|m| Minus { share: scaled(m.share), both: scaled(m.both) });
        Some(Self { plus: scaled(self.plus), minus, n: rows })
    }
}

/// The other side of a difference of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minus {
    pub share: f64,
    /// Rows that are on both sides.
    pub both: f64,
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
        let mut runs = rollups.all_segments(&population.place, windows);
        if population.open.is_some() {
            // What is open may have begun at any time before.
            let end = runs.iter().map(|run| run.end).max().unwrap_or(0);
            runs.clear();
            runs.push(0..end);
        }
        for key in rollups.occurring(&population.place, set, population.rows, &runs) {
            let member = |d: &usize| dimensions.iter().position(|x| x == d).and_then(|i| key.get(i)).cloned();
            let Some(members) = positions.iter().map(member).collect::<Option<Vec<_>>>() else { continue };
            if population.open.as_ref().is_none_or(|leaf| is_open(leaf, reading, set, &members, rollups)) {
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

/// Whether a `werkvoorraad` finds rows of these members open in one of the periods.
fn is_open(leaf: &Leaf, reading: &Reading, set: usize, members: &[Member], rollups: &mut Rollups<'_>) -> bool {
    let term = Term::Leaf(Box::new(leaf.clone()));
    let windows = reading.windows.as_slice();
    reading.periods.list.iter().enumerate().any(|(index, window)| {
        let cell = &mut formula::Cell { set, members, index, windows, window, rollups: &mut *rollups };
        formula::in_window(&term, 0, cell).n.is_some_and(|n| n > 0)
    })
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
    let looked_at = reading.windows.iter().filter_map(|list| list.get(index)?.as_ref()).map(|w| (w.from, w.until));
    let looked_at = looked_at.collect();
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
        persons: evaluation.persons.or(evaluation.n),
        sample: sample(reading, set, members, index, rollups),
        marks: marks::marks(reading, set, members, index, rollups),
        looked_at,
    }
}

/// The counts behind a figure of a sample.
fn sample(
    reading: &Reading,
    set: usize,
    members: &[Member],
    index: usize,
    rollups: &mut Rollups<'_>,
) -> Option<Sample> {
    let (sampling, term) = (reading.sampling.as_ref()?, reading.term.as_ref()?);
    let windows = reading.windows.as_slice();
    let window = reading.periods.list.get(index)?;
    let cell = &mut formula::Cell { set, members, index, windows, window, rollups };
    let (share, minus) = match (sampling.both, term) {
        (Some(both), Term::Binary(_, a, b)) => {
            let (a, b) = (formula::in_window(a, 0, cell), formula::in_window(b, 0, cell));
            let both = formula::sum_in_window(&sampling.place, both, cell).unwrap_or(0.0);
            (a, Some(Minus { share: b.numerator?, both }))
        }
        (None, term) => (formula::in_window(term, 0, cell), None),
        (Some(_), _) => return None,
    };
    let sample = Sample { plus: share.numerator?, minus, n: share.denominator? };
    match sampling.squares {
        None => Some(sample),
        Some(squares) => sample.effective(formula::sum_in_window(&sampling.place, squares, cell)?),
    }
}
