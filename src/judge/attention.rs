//! What needs attention in the rows of one KPI: a norm that is not met, since when and how far, periods that are
//! missing, figures that are not to be relied on, and members that go under in a total. Facts only; their words belong
//! to the report. It knows no model and no engine.

use super::fault::UNRELIABLE;
use super::norm::UNSETTLED;
use super::provisional::PROVISIONAL;
use super::row::{Mark, Row, Status};
use crate::model::BoundTest;

/// Marks that say that a figure is not to be relied on.
const DOUBTS: [&str; 4] = [UNRELIABLE, "niet representatief", "onvolledige bron", UNSETTLED];

/// What is to be told of one series (a KPI's total, or one member), in order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention<'a> {
    /// The newest row with a verdict that does not change any more.
    pub latest: Option<&'a Row>,
    /// The norm is not met, or only just not, in `latest`.
    pub miss: Option<Miss<'a>>,
    /// The newest periods that should have figures have none, while earlier ones had.
    pub missing: Option<Missing<'a>>,
    /// Why the newest figure is not to be relied on.
    pub doubts: Vec<&'a Mark>,
}

/// A norm that is not met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Miss<'a> {
    pub row: &'a Row,
    /// The first of the consecutive periods with a verdict in which it was not met.
    pub since: &'a Row,
    /// How many those are.
    pub run: usize,
    /// How many of those were within the warning band (`bijna`).
    pub near: usize,
    /// In how many of the periods with a verdict it was not met.
    pub missed: usize,
    pub judged: usize,
    /// How far from the bound, as a part of it: 0.25 is a quarter of the norm. None where there is no distance.
    pub relative: Option<f64>,
}

/// Periods without figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Missing<'a> {
    /// The last that had a value.
    pub last: &'a Row,
    /// The first without.
    pub since: &'a Row,
    pub periods: usize,
}

/// Whether a row's verdict may still change.
#[must_use]
pub fn preliminary(row: &Row) -> bool {
    row.marks.iter().any(|m| m.mark == PROVISIONAL)
}

/// Whether a row has a verdict on its norm that does not change any more.
#[must_use]
pub fn settled(row: &Row) -> bool {
    matches!(row.status, Status::Met | Status::Near | Status::NotMet) && !preliminary(row)
}

/// What stands out in a series; `rows` in order of time.
#[must_use]
pub fn of<'a>(rows: &[&'a Row]) -> Attention<'a> {
    let latest = rows.iter().rev().copied().find(|r| settled(r));
    // Of a series without norm: its newest figure.
    let newest = latest.or_else(|| rows.iter().rev().copied().find(|r| r.value.is_some() && !preliminary(r)));
    let doubts = newest.map_or_else(Vec::new, |r| r.marks.iter().filter(|m| doubtful(m)).collect());
    Attention { latest, miss: miss(rows), missing: missing(rows), doubts }
}

fn doubtful(mark: &Mark) -> bool {
    DOUBTS.contains(&mark.mark.as_str())
}

fn miss<'a>(rows: &[&'a Row]) -> Option<Miss<'a>> {
    let judged: Vec<&'a Row> = rows.iter().copied().filter(|r| settled(r)).collect();
    let row = judged.last().copied().filter(|r| r.status != Status::Met)?;
    // How long a norm is missed counts all that is short of it; `bijna` is short of it too.
    let run: Vec<&'a Row> = judged.iter().rev().copied().take_while(|r| r.status != Status::Met).collect();
    let since = run.last().copied().unwrap_or(row);
    let missed = judged.iter().filter(|r| r.status != Status::Met).count();
    let near = run.iter().filter(|r| r.status == Status::Near).count();
    Some(Miss { row, since, run: run.len(), near, missed, judged: judged.len(), relative: relative(row) })
}

/// The distance as a part of the bound that it is measured from.
fn relative(row: &Row) -> Option<f64> {
    let (value, distance) = (row.value?, row.distance?);
    let bound = match row.test? {
        BoundTest::Compare(_, bound) => bound,
        BoundTest::Between(low, high) if value - low < high - value => low,
        BoundTest::Between(_, high) => high,
        BoundTest::Data(..) => return None,
    };
    // Against a bound of 0 there is no part of the bound: a percentage is a part of all, anything else is as far as can be.
    let whole = match (bound.total_cmp(&0.0).is_eq(), row.unit.as_str()) {
        (false, _) => bound,
        (true, "%") => 100.0,
        (true, _) => distance,
    };
    Some((distance / whole).abs())
}

fn missing<'a>(rows: &[&'a Row]) -> Option<Missing<'a>> {
    let over: Vec<&'a Row> = rows.iter().copied().filter(|r| !preliminary(r)).collect();
    let run: Vec<&'a Row> = over.iter().rev().copied().take_while(|r| r.status == Status::NoData).collect();
    let since = run.last().copied()?;
    let last = over.len().checked_sub(run.len() + 1).and_then(|i| over.get(i)).copied()?;
    Some(Missing { last, since, periods: run.len() })
}
