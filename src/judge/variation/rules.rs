//! Which points of a baseline are special, and by which rule. Knows numbers only.
//!
//! As `NHSRplotthedots` has them (`ptd_calculate_point_type`): *seven rises* are seven points, thus six steps; every point
//! of a run is marked, also the first ones. *Two of three*: only those that lie between the near limit and the limit count
//! and are marked; one outside the limit is special already and does not count as one of the two.

use super::{Limits, Rule, Side};

/// Points in a row: rising, falling, or on one side.
const RUN: usize = 7;

/// Per value: the first rule that applies.
pub(super) fn special(values: &[f64], limits: &Limits, tolerance: f64) -> Vec<Option<(Rule, Side)>> {
    let beyond = |value: &f64, low: f64, high: f64| {
        if *value > high + tolerance {
            Some(Side::High)
        } else if *value < low - tolerance {
            Some(Side::Low)
        } else {
            None
        }
    };
    let outside: Vec<_> = values.iter().map(|v| beyond(v, limits.lower, limits.upper)).collect();
    let sides: Vec<_> = values.iter().map(|v| beyond(v, limits.centre, limits.centre)).collect();
    let near = |(v, outside): (&f64, &Option<Side>)| match outside {
        Some(_) => None,
        None => beyond(v, limits.near_lower, limits.near_upper),
    };
    let near: Vec<_> = values.iter().zip(&outside).map(near).collect();
    let steps: Vec<_> = values
        .windows(2)
        .map(|pair| pair.first().zip(pair.last()).and_then(|(before, after)| beyond(after, *before, *before)))
        .collect();

    let mut found = vec![None; values.len()];
    let mut add = |rule: Rule, marked: Vec<Option<Side>>| {
        for (found, side) in found.iter_mut().zip(marked) {
            *found = found.or(side.map(|side| (rule, side)));
        }
    };
    add(Rule::OutsideLimit, outside);
    // A run of steps has one point more than it has steps.
    add(Rule::Trend, runs(&steps, RUN - 1, 1));
    add(Rule::TwoOfThree, two_of_three(&near, &sides));
    add(Rule::Shift, runs(&sides, RUN, 0));
    found
}

/// Marks the runs of at least `least` equal sides, each with `more` marks after it. A mark of a later run replaces that of
/// an earlier one: the top between a rise and a fall belongs to the fall.
fn runs(sides: &[Option<Side>], least: usize, more: usize) -> Vec<Option<Side>> {
    let mut marks = vec![None; sides.len() + more];
    let mut start = 0;
    for run in sides.chunk_by(|a, b| a == b) {
        if let Some(side) = run.first().copied().flatten().filter(|_| run.len() >= least) {
            marks.iter_mut().skip(start).take(run.len() + more).for_each(|mark| *mark = Some(side));
        }
        start += run.len();
    }
    marks
}

/// Of three in a row on one side of the centre, of which at least two are near a limit: those that are near.
fn two_of_three(near: &[Option<Side>], sides: &[Option<Side>]) -> Vec<Option<Side>> {
    let mut marks = vec![None; near.len()];
    for (start, (near, sides)) in near.windows(3).zip(sides.windows(3)).enumerate() {
        let one_side = sides.first().copied().flatten().filter(|side| sides.iter().all(|s| *s == Some(*side)));
        if one_side.is_some() && near.iter().flatten().count() >= 2 {
            marks.iter_mut().skip(start).zip(near).for_each(|(mark, near)| *mark = mark.or(*near));
        }
    }
    marks
}
