//! Centre and limits of the values of one baseline. Knows numbers only; sums run in order, so that the same values give
//! the same bytes.

use super::{Limits, TOLERANCE};

/// A limit lies so many mean moving ranges from the centre: 3 / 1.128, three sigma of an individual value.
const DISTANCE: f64 = 2.66;

/// The near limit, of the distance of the limit.
const NEAR: f64 = 2.0 / 3.0;

/// Moving ranges of at least so many times their mean are left out, once: the upper limit of a moving range (Nelson 1982).
const SCREEN: f64 = 3.267;

/// What counts as equal among these values.
pub(super) fn tolerance(values: &[f64]) -> f64 {
    TOLERANCE * values.iter().fold(0.0, |greatest: f64, value| greatest.max(value.abs()))
}

/// The mean, and never outside the values: a mean of equal values is exactly that value.
pub(super) fn centre(values: &[f64]) -> Option<f64> {
    let least = values.iter().copied().reduce(f64::min)?;
    let greatest = values.iter().copied().reduce(f64::max)?;
    mean(values).map(|mean| mean.max(least).min(greatest))
}

/// The limits around at least two values.
pub(super) fn of(values: &[f64], percentage: bool) -> Option<Limits> {
    let centre = centre(values)?;
    let moving_range = moving_range(values)?;
    let (far, near) = (DISTANCE * moving_range, NEAR * DISTANCE * moving_range);
    let (lower, upper) = (centre - far, centre + far);
    let cut = percentage && values.iter().all(|value| (0.0..=100.0).contains(value));
    let drawn = if cut { (lower.max(0.0), upper.min(100.0)) } else { (lower, upper) };
    let limits =
        Limits { centre, moving_range, lower, upper, near_lower: centre - near, near_upper: centre + near, drawn };
    // Only values near the end of the range of numbers have limits beyond it.
    (lower.is_finite() && upper.is_finite()).then_some(limits)
}

/// The mean moving range after screening. Where screening would leave no variation at all (a rare event: one 3 among
/// zeros), every moving range counts: limits that fall together would make each value special.
fn moving_range(values: &[f64]) -> Option<f64> {
    let ranges: Vec<f64> = values.windows(2).filter_map(|pair| Some((pair.last()? - pair.first()?).abs())).collect();
    let tolerance = tolerance(values);
    let all = mean(&ranges)?;
    if all <= tolerance {
        return Some(0.0);
    }
    let kept: Vec<f64> = ranges.into_iter().filter(|range| *range < SCREEN * all - tolerance).collect();
    Some(mean(&kept).filter(|mean| *mean > tolerance).unwrap_or(all))
}

/// None of no values.
fn mean(values: &[f64]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a series has no 2^53 points")]
    let count = values.len() as f64;
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count)
}
