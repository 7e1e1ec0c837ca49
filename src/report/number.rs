//! Dutch numbers, values with their unit, and norms in words. Pure text: it rounds and never judges; whether a rounded
//! value still tells the truth it asks of the norm itself ([`BoundTest::holds`]).

use crate::model::BoundTest;
use crate::model::expr::Comparison;

pub mod scale;

/// More decimals than this are never shown.
const MOST_DECIMALS: usize = 12;

/// `1.234,5`: rounded half away from zero on the shortest decimal text of the value.
#[must_use]
pub fn decimal(value: f64, decimals: usize) -> String {
    let Some(rounded) = Rounded::of(value, decimals) else { return "geen getal".to_owned() };
    rounded.dutch()
}

/// At most `decimals` decimals, without zeros at the end: `1.234`, `2,5`.
#[must_use]
pub fn plain(value: f64, decimals: usize) -> String {
    let text = decimal(value, decimals);
    match text.split_once(',') {
        Some(_) => text.trim_end_matches('0').trim_end_matches(',').to_owned(),
        None => text,
    }
}

/// `1.234`
#[must_use]
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A value with its unit as people read it: `78,2 %`, `24 s`, `12,3 min`, `€ 2,26`, `1.234`.
#[must_use]
pub fn value(value: f64, unit: &str) -> String {
    let shape = Shape::of(value, unit);
    shape.show(value, shape.decimals)
}

/// [`value`] with as many more decimals as it takes to show on which side of the norm it lies: 79,96 against `>= 80%`
/// is not shown as 80,0.
#[must_use]
pub fn value_against(number: f64, unit: &str, norm: Option<&str>) -> String {
    let Some(test) = norm.and_then(parse_norm) else { return value(number, unit) };
    let shape = Shape::of(number, unit);
    let truth = test.holds(number);
    for decimals in shape.decimals..=MOST_DECIMALS {
        let seen = Rounded::of(number / shape.scale, decimals).map(|r| snapped(r.number() * shape.scale, test));
        if seen.is_none_or(|seen| test.holds(seen) == truth) {
            return shape.show(number, decimals);
        }
    }
    shape.show(number, MOST_DECIMALS)
}

/// The unit of a difference between two values: percentages differ by percentage points.
#[must_use]
pub fn difference_unit(unit: &str) -> &str {
    if unit == "%" { "procentpunt" } else { unit }
}

/// Both ends of an interval, with the unit once where they share it: `9,9 – 14,0 %-punt`.
#[must_use]
pub fn interval(low: f64, high: f64, unit: &str) -> String {
    let (a, b) = (Shape::of(low, unit), Shape::of(high, unit));
    if a.after != b.after {
        return format!("{} – {}", value(low, unit), value(high, unit));
    }
    let ends = [(&a, low), (&b, high)].map(|(shape, v)| decimal(v / shape.scale, a.decimals.max(b.decimals)));
    format!("{}{}{}", a.before, ends.join(" – "), a.after)
}

/// A norm in canonical text (`>= 80%`, `<= 600 s`) as people read it: `≥ 80 %`, `≤ 10 min`, `85 – 90 %`. A text of
/// another form is given as it is.
#[must_use]
pub fn norm(text: &str, unit: &str) -> String {
    match parse_norm(text) {
        Some(BoundTest::Compare(op, bound)) => {
            let sign = match op {
                Comparison::Equal => "=",
                Comparison::NotEqual => "≠",
                Comparison::Less => "<",
                Comparison::LessEqual => "≤",
                Comparison::Greater => ">",
                Comparison::GreaterEqual => "≥",
            };
            let shape = Shape::of_bound(bound, unit);
            format!("{sign} {}{}{}", shape.before, shape.exact(bound), shape.after_of(bound))
        }
        Some(BoundTest::Between(low, high)) => {
            let (a, b) = (Shape::of_bound(low, unit), Shape::of_bound(high, unit));
            let left = format!("{}{}", a.before, a.exact(low));
            if a.after == b.after {
                format!("{left} – {}{}", b.exact(high), b.after_of(high))
            } else {
                format!("{left}{} – {}{}", a.after, b.exact(high), b.after)
            }
        }
        Some(BoundTest::Data(..)) | None => text.to_owned(),
    }
}

/// A value in canonical text (`76.2%`, `€ 2.26`) as people read it.
#[must_use]
pub fn benchmark(text: &str, unit: &str) -> String {
    norm(&format!("= {text}"), unit).trim_start_matches("= ").to_owned()
}

/// The bound of a canonical norm text; its unit is that of the result row.
pub(super) fn parse_norm(text: &str) -> Option<BoundTest> {
    let text = text.trim();
    if let Some(range) = text.strip_prefix("tussen ") {
        let (low, high) = range.split_once(" en ")?;
        return Some(BoundTest::Between(number_in(low)?, number_in(high)?));
    }
    let operators = [
        ("<>", Comparison::NotEqual),
        (">=", Comparison::GreaterEqual),
        ("<=", Comparison::LessEqual),
        (">", Comparison::Greater),
        ("<", Comparison::Less),
        ("=", Comparison::Equal),
    ];
    let (rest, op) = operators.iter().find_map(|(sign, op)| Some((text.strip_prefix(sign)?, *op)))?;
    Some(BoundTest::Compare(op, number_in(rest)?))
}

/// The number at the start of `€ 2.26`, `80%`, `5 per 1000`.
fn number_in(text: &str) -> Option<f64> {
    let text = text.trim().trim_start_matches('€').trim_start();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

/// A number that is a bound but for the last bits of a multiplication becomes that bound.
fn snapped(number: f64, test: BoundTest) -> f64 {
    let bounds = match test {
        BoundTest::Compare(_, b) => [b, b],
        BoundTest::Between(low, high) => [low, high],
        BoundTest::Data(..) => return number,
    };
    let near = |b: &f64| (number - b).abs() <= b.abs().max(1.0) * 1e-13;
    bounds.into_iter().find(near).unwrap_or(number)
}

/// One way of writing for all values of an axis: in minutes where the largest is in minutes.
#[cfg(feature = "engine")]
pub(super) struct Scale {
    /// A value is divided by this.
    pub(super) factor: f64,
    pub(super) before: &'static str,
    pub(super) after: String,
}

#[cfg(feature = "engine")]
pub(super) fn scale(largest: f64, unit: &str) -> Scale {
    let Shape { scale, before, after, .. } = Shape::of(largest, unit);
    Scale { factor: scale, before, after }
}

/// How the values of a unit are written.
struct Shape {
    /// The value is divided by this: seconds in a minute.
    scale: f64,
    decimals: usize,
    before: &'static str,
    after: String,
}

impl Shape {
    fn of(value: f64, unit: &str) -> Self {
        if let Some((of, per)) = split_per(unit) {
            let base = Self::of(value, if of.is_empty() { "getal" } else { of });
            return Self { after: format!("{} per {}", base.after, grouped_from_five(per)), ..base };
        }
        let size = value.abs();
        let make = |scale: f64, decimals: usize, after: &str| Self { scale, decimals, before: "", after: after.into() };
        match unit {
            "%" => make(1.0, 1, " %"),
            "procentpunt" => make(1.0, 1, " %-punt"),
            "s" if size < 10.0 => make(1.0, 1, " s"),
            "s" if size < 120.0 => make(1.0, 0, " s"),
            "s" if size < 7_200.0 => make(60.0, 1, " min"),
            "s" if size < 259_200.0 => make(3_600.0, 1, " uur"),
            "s" => make(86_400.0, 1, " dagen"),
            "€" => Self { before: "€ ", ..make(1.0, if size < 10_000.0 { 2 } else { 0 }, "") },
            "aantal" => make(1.0, usize::from(value.fract() != 0.0), ""),
            "dagen" | "werkdagen" => make(1.0, 1, &format!(" {unit}")),
            _ => make(1.0, small(size), ""),
        }
    }

    /// The same for a bound, which is written exactly: in the largest unit that divides it.
    fn of_bound(bound: f64, unit: &str) -> Self {
        let shape = Self::of(bound, unit);
        let per = split_per(unit).map_or(String::new(), |(_, n)| format!(" per {}", grouped_from_five(n)));
        if unit != "s" && !unit.starts_with("s per ") {
            return shape;
        }
        let whole = |n: f64| bound != 0.0 && bound % n == 0.0;
        let (scale, after) = match () {
            () if bound.abs() >= 259_200.0 && whole(86_400.0) => (86_400.0, "dagen"),
            () if whole(3_600.0) => (3_600.0, "uur"),
            () if whole(60.0) => (60.0, "min"),
            () => (1.0, "s"),
        };
        Self { scale, after: format!(" {after}{per}"), ..shape }
    }

    fn show(&self, value: f64, decimals: usize) -> String {
        format!("{}{}{}", self.before, decimal(value / self.scale, decimals), self.after)
    }

    fn exact(&self, value: f64) -> String {
        let number = plain(value / self.scale, MOST_DECIMALS);
        // Cents come in twos.
        match number.split_once(',') {
            Some((_, one)) if !self.before.is_empty() && one.len() == 1 => format!("{number}0"),
            _ => number,
        }
    }

    /// What follows a bound: `1 dag` is the one singular.
    fn after_of(&self, bound: f64) -> &str {
        let one = self.exact(bound).trim_start_matches('-') == "1";
        match self.after.as_str() {
            " dagen" if one => " dag",
            " werkdagen" if one => " werkdag",
            other => other,
        }
    }
}

/// `€ per 1000` is `€` and `1000`.
fn split_per(unit: &str) -> Option<(&str, &str)> {
    let (of, n) = unit.rsplit_once("per ")?;
    n.parse::<u64>().ok()?;
    Some((of.trim(), n))
}

/// Decimals of a number without unit: one, and below one so many that two digits show something.
fn small(size: f64) -> usize {
    match size {
        s if s == 0.0 || s >= 1.0 => 1,
        s if s >= 0.1 => 2,
        s if s >= 0.01 => 3,
        s if s >= 0.001 => 4,
        _ => 6,
    }
}

/// `1000` stays, `100.000` gets its dot.
fn grouped_from_five(digits: &str) -> String {
    if digits.len() < 5 { digits.to_owned() } else { grouped(digits) }
}

/// Dots between thousands.
fn grouped(digits: &str) -> String {
    let count = digits.chars().count();
    let mut out = String::with_capacity(count + count / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (count - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

/// A number rounded on its decimal text.
struct Rounded {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Rounded {
    /// Nothing for what is no number.
    fn of(value: f64, decimals: usize) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let text = value.abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(decimals).collect();
        let up = fraction.chars().nth(decimals).is_some_and(|c| c >= '5');
        let mut digits = format!("{whole}{kept}");
        if up {
            digits = incremented(&digits);
        }
        let split = digits.len().saturating_sub(decimals);
        let (whole, fraction) = digits.split_at_checked(split).unwrap_or((&digits, ""));
        let zero = digits.chars().all(|c| c == '0');
        Some(Self { negative: value < 0.0 && !zero, whole: whole.to_owned(), fraction: fraction.to_owned() })
    }

    fn dutch(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let comma = if self.fraction.is_empty() { "" } else { "," };
        format!("{sign}{}{comma}{}", grouped(&self.whole), self.fraction)
    }

    fn number(&self) -> f64 {
        let size: f64 = format!("{}.{}0", self.whole, self.fraction).parse().unwrap_or(f64::NAN);
        if self.negative { -size } else { size }
    }
}

/// One more, on a text of digits.
fn incremented(digits: &str) -> String {
    let mut carry = true;
    let mut out: Vec<char> = digits
        .chars()
        .rev()
        .map(|c| match (carry, c) {
            (true, '9') => '0',
            (true, c) => {
                carry = false;
                c.to_digit(10).and_then(|d| char::from_digit(d + 1, 10)).unwrap_or(c)
            }
            (false, c) => c,
        })
        .collect();
    if carry {
        out.push('1');
    }
    out.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dutch_numbers_round_half_away_from_zero_on_their_text() {
        let cases = [
            (1234.5, 1, "1.234,5"),
            (2.675, 2, "2,68"),
            (0.125, 2, "0,13"),
            (-0.125, 2, "-0,13"),
            (-0.04, 1, "0,0"),
            (999.95, 1, "1.000,0"),
            (1e6, 0, "1.000.000"),
            (99.5, 0, "100"),
            (0.0, 0, "0"),
            (1e-7, 2, "0,00"),
        ];
        for (number, decimals, text) in cases {
            assert_eq!(decimal(number, decimals), text);
        }
        assert_eq!(decimal(f64::NAN, 1), "geen getal");
        assert_eq!(decimal(1e300, 0).len(), 301 + 100);
        assert_eq!((plain(2.50, 2), plain(1234.0, 2)), ("2,5".into(), "1.234".into()));
        assert_eq!(count(1_234_567), "1.234.567");
    }

    #[test]
    fn values_by_unit() {
        let cases = [
            (78.24, "%", "78,2 %"),
            (-3.0, "procentpunt", "-3,0 %-punt"),
            (9.5, "s", "9,5 s"),
            (24.4, "s", "24 s"),
            (119.0, "s", "119 s"),
            (200.0, "s", "3,3 min"),
            (7_200.0, "s", "2,0 uur"),
            (18_360.0, "s", "5,1 uur"),
            (362_880.0, "s", "4,2 dagen"),
            (2.26, "€", "€ 2,26"),
            (1_234_567.89, "€", "€ 1.234.568"),
            (3.0, "dagen", "3,0 dagen"),
            (4.25, "werkdagen", "4,3 werkdagen"),
            (12345.0, "aantal", "12.345"),
            (2.5, "aantal", "2,5"),
            (34.52, "getal", "34,5"),
            (0.0342, "getal", "0,034"),
            (7.25, "score", "7,3"),
            (2.31, "per 1000", "2,3 per 1000"),
            (2.31, "per 100000", "2,3 per 100.000"),
            (2.26, "€ per 1000", "€ 2,26 per 1000"),
            (24.0, "s per 1000", "24 s per 1000"),
        ];
        for (number, unit, text) in cases {
            assert_eq!(value(number, unit), text, "{number} {unit}");
        }
    }

    #[test]
    fn intervals() {
        assert_eq!(interval(75.12, 81.0, "%"), "75,1 – 81,0 %");
        assert_eq!(interval(2.0, 3.5, "€"), "€ 2,00 – 3,50");
        assert_eq!(interval(90.0, 150.0, "s"), "90 s – 2,5 min");
        assert_eq!(interval(0.5, 12.0, "getal"), "0,50 – 12,00");
    }

    #[test]
    fn norms_as_people_read_them() {
        let cases = [
            (">= 80%", "%", "≥ 80 %"),
            ("> 80.5%", "%", "> 80,5 %"),
            ("<= 600 s", "s", "≤ 10 min"),
            ("<= 30 s", "s", "≤ 30 s"),
            ("<= 90 s", "s", "≤ 90 s"),
            ("<= 86400 s", "s", "≤ 24 uur"),
            ("<= 432000 s", "s", "≤ 5 dagen"),
            ("tussen 85% en 90%", "%", "85 – 90 %"),
            ("tussen 30 s en 600 s", "s", "30 s – 10 min"),
            ("<= € 2.26", "€", "≤ € 2,26"),
            ("<= € 2.5", "€", "≤ € 2,50"),
            ("<= 5 per 1000", "per 1000", "≤ 5 per 1000"),
            ("<= 60 s per 1000", "s per 1000", "≤ 1 min per 1000"),
            ("= 0", "aantal", "= 0"),
            ("<> 0", "getal", "≠ 0"),
            (">= -5 procentpunt", "procentpunt", "≥ -5 %-punt"),
            ("<= 5 werkdagen", "werkdagen", "≤ 5 werkdagen"),
            ("<= 1 dagen", "dagen", "≤ 1 dag"),
            ("<= 100000", "aantal", "≤ 100.000"),
            ("iets anders", "%", "iets anders"),
        ];
        for (text, unit, shown) in cases {
            assert_eq!(norm(text, unit), shown);
        }
    }

    #[test]
    fn rounding_never_hides_the_verdict() {
        let cases = [
            (79.96, "%", ">= 80%", "79,96 %"),
            (79.9999, "%", ">= 80%", "79,9999 %"),
            (80.04, "%", ">= 80%", "80,0 %"),
            (80.04, "%", "> 80%", "80,04 %"),
            (80.0, "%", "> 80%", "80,0 %"),
            (79.94, "%", ">= 80%", "79,9 %"),
            (600.4, "s", "<= 600 s", "10,01 min"),
            (602.9, "s", "<= 600 s", "10,05 min"),
            (600.0, "s", "<= 600 s", "10,0 min"),
            (7_561.0, "s", "<= 7560 s", "2,1003 uur"),
            (30.3, "s", "<= 30 s", "30,3 s"),
            (90.04, "%", "tussen 85% en 90%", "90,04 %"),
            (0.000_000_01, "getal", "= 0", "0,00000001"),
            (12_345.4, "€", "<= € 12345", "€ 12.345,4"),
            (5.0, "werkdagen", "<= 5 werkdagen", "5,0 werkdagen"),
        ];
        for (number, unit, norm, text) in cases {
            assert_eq!(value_against(number, unit, Some(norm)), text, "{number} {norm}");
        }
        assert_eq!(value_against(79.96, "%", None), "80,0 %");
        assert_eq!(value_against(f64::NAN, "%", Some(">= 80%")), "geen getal %");
    }
}
