//! Local calendar parts: `datum`, `uur`, `weekdag`, `week`, `maand`, of days or of instants in a zone.

use std::sync::Arc;

use arrow::array::{AsArray, Int64Array};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::offsets::Offsets;
use crate::calendar::{HOUR, Zone};

const DAY: i64 = 24 * HOUR;

/// What is asked of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Days since 1970-01-01.
    Day,
    /// 0–23
    Hour,
    /// 1 = Monday … 7
    Weekday,
    /// ISO week, 1–53
    Week,
    /// 1–12
    Month,
}

/// A part (Int64) of `value` (Int64): µs UTC read in `zone`, or days where no zone is given.
#[must_use]
pub fn local_part(part: Part, zone: Option<Zone>, value: Expr) -> Expr {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::new_from_impl(LocalPart { part, offsets: zone.map(Offsets::of), signature }).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct LocalPart {
    part: Part,
    offsets: Option<Arc<Offsets>>,
    signature: Signature,
}

impl ScalarUDFImpl for LocalPart {
    fn name(&self) -> &'static str {
        match self.part {
            Part::Day => "datum",
            Part::Hour => "uur",
            Part::Weekday => "weekdag",
            Part::Week => "week",
            Part::Month => "maand",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let Some(values) = arrays.first().and_then(|a| a.as_primitive_opt::<Int64Type>()) else {
            return internal_err!("{} over something else than Int64", self.name());
        };
        Ok(ColumnarValue::Array(Arc::new(self.parts(values))))
    }
}

impl LocalPart {
    fn parts(&self, values: &Int64Array) -> Int64Array {
        let Some(offsets) = &self.offsets else {
            return values.unary(|day| self.of_day(day));
        };
        let mut cursor = offsets.cursor();
        // The part of the last day: neighbouring rows often share it.
        let mut last: Option<(i64, i64)> = None;
        let mut of = |instant: i64| {
            let local = cursor.local(instant);
            if self.part == Part::Hour {
                return local.rem_euclid(DAY) / HOUR;
            }
            let day = local.div_euclid(DAY);
            match last {
                Some((known, answer)) if known == day => answer,
                _ => {
                    let answer = self.of_day(day);
                    last = Some((day, answer));
                    answer
                }
            }
        };
        let parts: Vec<i64> = values.values().iter().map(|&t| of(t)).collect();
        Int64Array::new(parts.into(), arrow::array::Array::nulls(values).cloned())
    }

    fn of_day(&self, day: i64) -> i64 {
        match self.part {
            Part::Day => day,
            Part::Hour => 0,
            Part::Weekday => weekday(day),
            Part::Week => iso_week(day),
            Part::Month => year_and_month(day).1,
        }
    }
}

/// 1 = Monday … 7 of a day number.
fn weekday(day: i64) -> i64 {
    day.rem_euclid(7).wrapping_add(3) % 7 + 1
}

/// The ISO week of a day number: that of its Thursday.
fn iso_week(day: i64) -> i64 {
    let thursday = day.wrapping_sub(weekday(day)).wrapping_add(4);
    let (year, _) = year_and_month(thursday);
    thursday.wrapping_sub(new_year(year)) / 7 + 1
}

/// The day number of 1 January.
fn new_year(year: i64) -> i64 {
    let before = year.wrapping_sub(1);
    let leaps = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    before.wrapping_mul(365).wrapping_add(leaps).wrapping_sub(719_162)
}

/// Year and month (1–12) of a day number in the Gregorian calendar, counted in years that begin in March.
fn year_and_month(day: i64) -> (i64, i64) {
    let shifted = day.wrapping_add(719_468);
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;
    use crate::calendar::day_of;

    #[test]
    fn parts_of_days_as_chrono_knows_them() {
        for number in (-200_000..200_000).step_by(7).chain(-800..30_000) {
            let day = day_of(number).expect("a day");
            let number = i64::from(number);
            assert_eq!(weekday(number), i64::from(day.weekday().number_from_monday()), "{day}");
            assert_eq!(iso_week(number), i64::from(day.iso_week().week()), "{day}");
            assert_eq!(year_and_month(number), (i64::from(day.year()), i64::from(day.month())), "{day}");
        }
    }

    #[test]
    fn the_hours_of_a_clock_change() {
        let zone = Zone::default();
        let hours = LocalPart {
            part: Part::Hour,
            offsets: Some(Offsets::of(zone)),
            signature: Signature::any(1, Volatility::Immutable),
        };
        // 26 October 2025: 02:30 summer time, 02:30 winter time, 03:30; 30 March 2025: 01:59:59.999999 and 03:00.
        let utc = |text: &str| {
            chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time").and_utc().timestamp_micros()
        };
        let change = utc("2025-03-30 01:00");
        let values = Int64Array::from(vec![
            Some(utc("2025-10-26 00:30")),
            Some(utc("2025-10-26 01:30")),
            Some(utc("2025-10-26 02:30")),
            None,
            Some(change - 1),
            Some(change),
        ]);
        let expected = Int64Array::from(vec![Some(2), Some(2), Some(3), None, Some(1), Some(3)]);
        assert_eq!(hours.parts(&values), expected);
    }
}
