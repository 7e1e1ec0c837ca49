//! The values that meet a bound, as a stretch of numbers: to compare bounds with each other.

use crate::model::BoundTest;
use crate::model::expr::Comparison;

/// From `low` to `high`, each included or not. `<>` is everything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    low: (f64, bool),
    high: (f64, bool),
}

impl Interval {
    /// The values of a bound.
    pub fn of(test: &BoundTest) -> Self {
        const OPEN: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
        let (low, high) = match *test {
            BoundTest::Between(low, high) => ((low, true), (high, true)),
            // What it will be is for the data to say.
            BoundTest::Data(..) => ((OPEN.0, false), (OPEN.1, false)),
            BoundTest::Compare(op, value) => match op {
                Comparison::Equal => ((value, true), (value, true)),
                Comparison::NotEqual => ((OPEN.0, false), (OPEN.1, false)),
                Comparison::Less => ((OPEN.0, false), (value, false)),
                Comparison::LessEqual => ((OPEN.0, false), (value, true)),
                Comparison::Greater => ((value, false), (OPEN.1, false)),
                Comparison::GreaterEqual => ((value, true), (OPEN.1, false)),
            },
        };
        Self { low, high }
    }

    /// Both ends included.
    pub fn closed(low: f64, high: f64) -> Self {
        Self { low: (low, true), high: (high, true) }
    }

    /// Whether some value lies in both.
    pub fn meets(&self, other: &Self) -> bool {
        let low = if starts_before(self.low, other.low) { other.low } else { self.low };
        let high = if ends_after(self.high, other.high) { other.high } else { self.high };
        low.0 < high.0 || (low.1 && high.1 && low.0 <= high.0)
    }

    /// Whether all values of `other` lie in this one, and some more, on one side that is bounded in both.
    pub fn is_looser_than(&self, other: &Self) -> bool {
        let everything = self.low.0.is_infinite() && self.high.0.is_infinite();
        !everything && self != other && !starts_before(other.low, self.low) && !ends_after(other.high, self.high)
    }
}

#[expect(clippy::float_cmp, reason = "equal bounds are the same literal")]
fn starts_before(a: (f64, bool), b: (f64, bool)) -> bool {
    a.0 < b.0 || (a.0 == b.0 && a.1 && !b.1)
}

#[expect(clippy::float_cmp, reason = "equal bounds are the same literal")]
fn ends_after(a: (f64, bool), b: (f64, bool)) -> bool {
    a.0 > b.0 || (a.0 == b.0 && a.1 && !b.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looser_is_a_real_superset_in_the_same_direction() {
        let at_least = |x| Interval::of(&BoundTest::Compare(Comparison::GreaterEqual, x));
        let at_most = |x| Interval::of(&BoundTest::Compare(Comparison::LessEqual, x));
        assert!(at_least(75.0).is_looser_than(&at_least(80.0)));
        assert!(!at_least(80.0).is_looser_than(&at_least(80.0)));
        assert!(!at_least(85.0).is_looser_than(&at_least(80.0)));
        assert!(!at_most(75.0).is_looser_than(&at_least(80.0)));
        assert!(at_least(80.0).is_looser_than(&Interval::of(&BoundTest::Compare(Comparison::Greater, 80.0))));
        assert!(Interval::closed(80.0, 95.0).is_looser_than(&Interval::closed(85.0, 90.0)));
        assert!(!at_least(100.5).meets(&Interval::closed(0.0, 100.0)));
        assert!(at_least(100.0).meets(&Interval::closed(0.0, 100.0)));
    }
}
