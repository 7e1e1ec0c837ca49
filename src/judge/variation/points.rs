//! From result rows to the points of a chart: which rows are one series, which values count, and where a new baseline
//! begins.

use std::collections::BTreeMap;

use super::LeftOut;
use crate::judge::fault::UNRELIABLE;
use crate::judge::provisional::PROVISIONAL;
use crate::judge::row::{Row, Status};
use crate::measure::Member;

/// A mark from a `kenmerk` column, as a name or as words.
const NOT_REPRESENTATIVE: [&str; 2] = ["niet_representatief", "niet representatief"];

/// KPI and members.
type Key<'a> = (&'a str, &'a [(String, Member)]);

pub(super) fn series(rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    let mut found: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        let place = *places.entry((&row.kpi, &row.dimensions)).or_insert(found.len());
        match found.get_mut(place) {
            Some(series) => series.push(row),
            None => found.push(vec![row]),
        }
    }
    for series in &mut found {
        series.sort_by_key(|row| (row.period_from, row.period_until));
    }
    found
}

/// Per row its value, or why it does not count.
pub(super) fn used(rows: &[&Row]) -> Vec<Result<f64, LeftOut>> {
    rows.iter().map(|row| value(row)).collect()
}

fn value(row: &Row) -> Result<f64, LeftOut> {
    let marked = |names: &[&str]| row.marks.iter().any(|mark| names.contains(&mark.mark.as_str()));
    if row.status == Status::Shielded {
        return Err(LeftOut::Shielded);
    }
    let value = row.value.filter(|value| value.is_finite()).ok_or(LeftOut::Missing)?;
    if row.status == Status::TooFew {
        Err(LeftOut::TooFew)
    } else if marked(&[UNRELIABLE]) {
        Err(LeftOut::Unreliable)
    } else if marked(&NOT_REPRESENTATIVE) {
        Err(LeftOut::NotRepresentative)
    } else if marked(&[PROVISIONAL]) {
        Err(LeftOut::Provisional)
    } else {
        Ok(value)
    }
}

/// The baselines, as the index of the first row and the one after the last.
pub(super) fn stretches(rows: &[&Row]) -> Vec<(usize, usize)> {
    let mut from = 0;
    let mut found = Vec::new();
    for stretch in rows.chunk_by(|before, row| !begins(before, row)) {
        found.push((from, from + stretch.len()));
        from += stretch.len();
    }
    found
}

/// Whether a row begins a new baseline: another version of the definition begins in it, or between it and the row before
/// it (a member need not occur in every period), or the definition says so.
fn begins(before: &Row, row: &Row) -> bool {
    row.series_break || row.version != before.version || row.baseline != before.baseline
}
