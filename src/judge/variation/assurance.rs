//! Whether a norm will be met as long as nothing changes: where it lies beside the limits.

use super::{Assurance, Limits};
use crate::model::BoundTest;
use crate::model::expr::Comparison;

/// None where the test is not known. A norm on a limit lies within the limits. Where the limits fall together every value
/// is the same, and that value tells.
pub(super) fn of(test: &BoundTest, limits: &Limits, tolerance: f64) -> Option<Assurance> {
    if matches!(test, BoundTest::Data(..)) {
        return None;
    }
    if limits.moving_range <= 0.0 {
        let holds = holds(test, limits.centre, tolerance);
        return Some(if holds { Assurance::ConsistentlyMeets } else { Assurance::ConsistentlyFails });
    }
    let (meets, fails) = beyond(test, limits, tolerance);
    Some(match (meets, fails) {
        (true, _) => Assurance::ConsistentlyMeets,
        (_, true) => Assurance::ConsistentlyFails,
        _ => Assurance::HitOrMiss,
    })
}

/// Whether all that is normal meets the norm, and whether none of it does.
fn beyond(test: &BoundTest, limits: &Limits, tolerance: f64) -> (bool, bool) {
    let all_above = |bound: f64| limits.lower > bound + tolerance;
    let all_below = |bound: f64| limits.upper < bound - tolerance;
    match *test {
        BoundTest::Compare(op, bound) => match op {
            Comparison::GreaterEqual | Comparison::Greater => (all_above(bound), all_below(bound)),
            Comparison::LessEqual | Comparison::Less => (all_below(bound), all_above(bound)),
            Comparison::Equal => (false, all_above(bound) || all_below(bound)),
            Comparison::NotEqual => (all_above(bound) || all_below(bound), false),
        },
        BoundTest::Between(low, high) => (all_above(low) && all_below(high), all_below(low) || all_above(high)),
        BoundTest::Data(..) => (false, false),
    }
}

/// Whether one value meets a norm, where nearly equal is equal.
fn holds(test: &BoundTest, value: f64, tolerance: f64) -> bool {
    let snap = |bound: f64| if (value - bound).abs() <= tolerance { bound } else { value };
    match *test {
        BoundTest::Compare(_, bound) => test.holds(snap(bound)),
        BoundTest::Between(low, high) => test.holds(value) || test.holds(snap(low)) || test.holds(snap(high)),
        BoundTest::Data(..) => false,
    }
}
