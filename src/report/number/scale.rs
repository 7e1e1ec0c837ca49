//! One way of writing for all values of a series, so that they can stand under each other and on one axis; also as the
//! number format of a spreadsheet. It knows no spreadsheet.

use super::{MOST_DECIMALS, Rounded, Shape, parse_norm, snapped};
use crate::model::BoundTest;

/// The unit in which the values of a series are written: seconds, or minutes where the largest is some minutes.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// A value is divided by this: seconds in a minute.
    pub divisor: f64,
    pub decimals: usize,
    before: String,
    after: String,
}

impl Scale {
    /// The scale that fits the largest of some values.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>, unit: &str) -> Self {
        let (mut largest, mut whole) = (0.0_f64, true);
        for value in values.filter(|v| v.is_finite()) {
            largest = largest.max(value.abs());
            whole &= value.fract() == 0.0;
        }
        let shape = Shape::of(largest, unit);
        // Whether a count has a decimal is seen on its value.
        let decimals = if unit == "aantal" { usize::from(!whole) } else { shape.decimals };
        Self { divisor: shape.scale, decimals, before: shape.before.to_owned(), after: shape.after }
    }

    /// A value in this scale.
    #[must_use]
    pub fn number(&self, value: f64) -> f64 {
        let scaled = value / self.divisor;
        // -0 is shown as a negative number.
        if scaled == 0.0 { 0.0 } else { scaled }
    }

    /// As many decimals as it takes to show on which side of the norm a value lies.
    #[must_use]
    pub fn decimals_against(&self, value: f64, norm: Option<&str>) -> usize {
        let Some(test) = norm.and_then(parse_norm) else { return self.decimals };
        let truth = test.holds(value);
        let tells = |decimals: &usize| {
            let seen = Rounded::of(value / self.divisor, *decimals);
            seen.is_none_or(|r| test.holds(snapped(r.number() * self.divisor, test)) == truth)
        };
        (self.decimals..=MOST_DECIMALS).find(tells).unwrap_or(MOST_DECIMALS)
    }

    /// The number format of spreadsheets: `#,##0.0" min"`.
    #[must_use]
    pub fn format(&self, decimals: usize) -> String {
        format!("{}{}{}", quoted(&self.before), digits(decimals), quoted(&self.after))
    }

    /// The same with a sign; a difference of percentages is in points.
    #[must_use]
    pub fn signed(&self, decimals: usize) -> String {
        let after = if self.after == " %" { " %-punt" } else { &self.after };
        let (before, after, digits) = (quoted(&self.before), quoted(after), digits(decimals));
        format!("+{before}{digits}{after};-{before}{digits}{after};{before}{digits}{after}")
    }
}

fn digits(decimals: usize) -> String {
    if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals)) }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\"{}\"", text.replace('"', "")) }
}

/// The bounds of a norm in canonical text, in the unit of the row: one, or the two of `tussen`.
#[must_use]
pub fn bounds(norm: &str) -> Vec<f64> {
    match parse_norm(norm) {
        Some(BoundTest::Compare(_, bound)) => vec![bound],
        Some(BoundTest::Between(low, high)) => vec![low, high],
        Some(BoundTest::Data(..)) | None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64], unit: &str) -> Scale {
        Scale::of(values.iter().copied(), unit)
    }

    #[test]
    fn the_largest_value_decides() {
        let minutes = of(&[24.0, 200.0, f64::NAN], "s");
        assert_eq!((minutes.number(24.0), minutes.format(1)), (0.4, "#,##0.0\" min\"".into()));
        assert_eq!(of(&[], "s").format(1), "#,##0.0\" s\"");
        assert_eq!(of(&[3.0, 12.0], "aantal").decimals, 0);
        assert_eq!(of(&[3.5, 12.0], "aantal").decimals, 1);
        assert_eq!(of(&[2.0], "€").format(2), "\"€ \"#,##0.00");
        assert_eq!(of(&[2.0], "per 1000").format(1), "#,##0.0\" per 1000\"");
        assert!(of(&[], "%").number(-0.0).is_sign_positive());
    }

    #[test]
    fn distances_have_a_sign() {
        assert_eq!(of(&[80.0], "%").signed(1), "+#,##0.0\" %-punt\";-#,##0.0\" %-punt\";#,##0.0\" %-punt\"");
        assert_eq!(of(&[80.0], "€").signed(0), "+\"€ \"#,##0;-\"€ \"#,##0;\"€ \"#,##0");
    }

    #[test]
    fn rounding_never_hides_the_verdict() {
        let percent = of(&[80.0], "%");
        assert_eq!(percent.decimals_against(79.96, Some(">= 80%")), 2);
        assert_eq!(percent.decimals_against(80.04, Some(">= 80%")), 1);
        assert_eq!(percent.decimals_against(79.96, None), 1);
        assert_eq!(of(&[602.9], "s").decimals_against(602.9, Some("<= 600 s")), 2);
    }

    #[test]
    fn bounds_of_norms() {
        assert_eq!(bounds(">= 80%"), [80.0]);
        assert_eq!(bounds("tussen 85% en 90%"), [85.0, 90.0]);
        assert!(bounds("iets anders").is_empty());
    }
}
