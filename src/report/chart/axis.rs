//! The axis of values: from where to where, where the ticks stand, what they say.

use crate::report::number::{self, Scale};

use super::svg::f;

/// Where an axis may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foot {
    /// Bars: always at zero.
    Zero,
    /// Lines: at zero where the data are spread.
    Window,
}

pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) ticks: Vec<f64>,
    /// It does not reach zero.
    pub(super) broken: bool,
    scale: Scale,
    decimals: usize,
}

/// About how many steps an axis has.
const STEPS: f64 = 5.0;

impl Axis {
    /// Around `values`; `references` come along where they do not make it more than twice as long.
    pub(super) fn new(values: &[f64], references: &[f64], unit: &str, foot: Foot) -> Self {
        Self::in_steps(values, references, unit, foot, STEPS)
    }

    /// For a line without ticks: close around its values.
    pub(super) fn close(values: &[f64], unit: &str) -> Self {
        Self::in_steps(values, &[], unit, Foot::Window, 2.0 * STEPS)
    }

    fn in_steps(values: &[f64], references: &[f64], unit: &str, foot: Foot, steps: f64) -> Self {
        let (low, high) = span(values, references);
        let percentage = unit == "%" && low >= 0.0 && high <= 100.0;
        let (low, high) = domain((low, high), percentage, foot);
        // So that a step further is a number still.
        let (low, high) = (low.max(-1e305), high.min(1e305));
        let scale = number::scale(low.abs().max(high.abs()), unit);
        let (low, high) = (low / scale.factor, high / scale.factor);
        let whole = unit == "aantal";
        let (step, decimals) = step((high - low) / steps, whole);
        // Cents come in twos.
        let decimals = if decimals == 1 && !scale.before.is_empty() { 2 } else { decimals };
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let top = if percentage { (last * step).min(100.0) } else { last * step };
        let ticks = ticks(first, step, top);
        Self {
            low: first * step * scale.factor,
            high: top * scale.factor,
            ticks: ticks.into_iter().map(|t| t * scale.factor).collect(),
            broken: first > 0.0 || last < 0.0,
            scale,
            decimals,
        }
    }

    /// The place of a value between `from` (the low end) and `to`.
    pub(super) fn at(&self, value: f64, from: f64, to: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        from + share.clamp(-0.05, 1.05) * (to - from)
    }

    pub(super) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// A value in words without the unit of this axis.
    pub(super) fn bare(&self, text: &str) -> String {
        let text = text.strip_prefix(self.scale.before).unwrap_or(text);
        text.strip_suffix(self.scale.after.as_str()).unwrap_or(text).to_owned()
    }

    pub(super) fn label(&self, tick: f64) -> String {
        let text = number::decimal(tick / self.scale.factor, self.decimals);
        format!("{}{text}{}", self.scale.before, self.scale.after)
    }
}

/// The smallest and the largest, references too where they fit.
fn span(values: &[f64], references: &[f64]) -> (f64, f64) {
    let ends = |list: &mut dyn Iterator<Item = f64>| {
        list.filter(|v| v.is_finite()).fold(None, |ends: Option<(f64, f64)>, v| {
            Some(ends.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
        })
    };
    let Some((low, high)) = ends(&mut values.iter().copied()) else {
        return ends(&mut references.iter().copied()).unwrap_or((0.0, 1.0));
    };
    let room = (high - low).max(high.abs() * 0.1);
    let near = references.iter().copied().filter(|r| *r >= low - room && *r <= high + room);
    ends(&mut near.chain([low, high])).unwrap_or((low, high))
}

/// From where to where, before it is rounded to ticks.
fn domain((low, high): (f64, f64), percentage: bool, foot: Foot) -> (f64, f64) {
    if foot == Foot::Zero {
        let (low, high) = (low.min(0.0), high.max(0.0));
        return if high > low { (low, high) } else { (0.0, 1.0) };
    }
    if percentage && high - low >= 50.0 {
        return (0.0, 100.0);
    }
    let spread = high - low;
    if low >= 0.0 && spread * 2.0 >= high && spread > 0.0 {
        return (0.0, high);
    }
    let room = if spread > 0.0 { spread * 0.08 } else { (high.abs() * 0.05).max(if percentage { 2.0 } else { 0.0 }) };
    let room = if room > 0.0 { room } else { 1.0 };
    let lowest = if low >= 0.0 { 0.0 } else { f64::MIN };
    let highest = if percentage { 100.0 } else { f64::MAX };
    ((low - room).max(lowest), (high + room).min(highest))
}

/// The smallest of 1, 2, 5, 10, … that is not below `rough`, with the decimals that it takes to write it.
fn step(rough: f64, whole: bool) -> (f64, usize) {
    let rough = if rough.is_finite() && rough > 0.0 { rough } else { 1.0 };
    let rough = if whole { rough.max(1.0) } else { rough };
    let mut power: i32 = -12;
    while power < 300 {
        for digit in [1.0, 2.0, 5.0] {
            // By parsing, because multiplying tenths leaves a trace in the last bits.
            let step: f64 = format!("{digit}e{power}").parse().unwrap_or(1.0);
            if step >= rough {
                return (step, usize::try_from(-power).unwrap_or(0));
            }
        }
        power += 1;
    }
    (rough, 0)
}

/// Whole steps from the first through `top`.
fn ticks(first: f64, step: f64, top: f64) -> Vec<f64> {
    (0..20).map(|n| (first + f(n)) * step).take_while(|t| *t <= top + step * 0.001).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[f64], unit: &str, foot: Foot) -> Vec<String> {
        let axis = Axis::new(values, &[], unit, foot);
        axis.ticks.iter().map(|t| axis.label(*t)).collect()
    }

    #[test]
    fn ticks_are_round_numbers_in_one_unit() {
        let window = |values: &[f64], unit: &str| labels(values, unit, Foot::Window).join("  ");
        assert_eq!(window(&[71.3, 88.0], "%"), "65 %  70 %  75 %  80 %  85 %  90 %");
        assert_eq!(window(&[20.0, 88.0], "%"), "0 %  20 %  40 %  60 %  80 %  100 %");
        assert_eq!(window(&[97.2, 99.9], "%"), "96 %  97 %  98 %  99 %  100 %");
        assert_eq!(window(&[300.0, 900.0], "s"), "0 min  5 min  10 min  15 min");
        assert_eq!(window(&[2.1, 2.3], "€"), "€ 2,05  € 2,10  € 2,15  € 2,20  € 2,25  € 2,30  € 2,35");
        assert_eq!(window(&[-4.0, 6.0], "procentpunt"), "-5 %-punt  0 %-punt  5 %-punt  10 %-punt");
        let large =
            "950.000.000  1.000.000.000  1.050.000.000  1.100.000.000  1.150.000.000  1.200.000.000  1.250.000.000";
        assert_eq!(window(&[1e9, 1.2e9], "aantal"), large);
        assert_eq!(window(&[0.0012, 0.0014], "getal"), "0,00115  0,00120  0,00125  0,00130  0,00135  0,00140  0,00145");
        assert_eq!(window(&[2.0, 3.0], "aantal"), "1  2  3  4");
    }

    #[test]
    fn bars_begin_at_zero_and_lines_where_the_data_ask_it() {
        for values in [&[80.0, 82.0][..], &[-3.0, -1.0], &[5.0], &[]] {
            let axis = Axis::new(values, &[], "aantal", Foot::Zero);
            assert!(axis.low <= 0.0 && axis.high >= 0.0 && !axis.broken, "{values:?}");
            assert!(axis.high > axis.low);
        }
        let line = |values: &[f64]| Axis::new(values, &[], "getal", Foot::Window);
        assert!(line(&[80.0, 82.0]).broken);
        assert!(!line(&[40.0, 80.0]).broken);
        assert!(!line(&[-1.0, 80.0]).broken);
        assert!(line(&[-82.0, -80.0]).broken);
    }

    #[test]
    fn equal_values_get_an_axis_around_them() {
        for value in [0.0, 5.0, -5.0, 100.0, 1e9, 1e-9] {
            for unit in ["%", "s", "aantal", "getal", "€"] {
                let axis = Axis::new(&[value], &[], unit, Foot::Window);
                assert!(axis.low < axis.high && axis.holds(value), "{value} {unit}: {} – {}", axis.low, axis.high);
                assert!((2..=12).contains(&axis.ticks.len()), "{value} {unit}: {:?}", axis.ticks);
            }
        }
    }

    #[test]
    fn a_reference_far_away_does_not_flatten_the_data() {
        let axis = Axis::new(&[78.0, 84.0, 80.0], &[20.0, 88.0], "%", Foot::Window);
        assert!(axis.holds(88.0) && !axis.holds(20.0));
    }
}
