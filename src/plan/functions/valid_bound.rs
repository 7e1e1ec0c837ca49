//! `geldig_grens(x)`: the begin or end of a validity in the form of the moments that it is compared with, never empty. For
//! the small side of a join: each value asks the zone itself.

use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::calendar::{Zone, day_of};

/// What becomes of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ValidBound {
    /// Of days: whether it is a `datum`; and whether it is compared with one.
    pub is_date: bool,
    pub with_dates: bool,
    /// The bound itself belongs to it: it ends behind.
    pub inclusive: bool,
    /// What stands for an empty one.
    pub missing: i64,
    pub zone: Zone,
}

impl ValidBound {
    /// The bound of a value.
    #[must_use]
    pub fn of(&self, value: Option<i64>) -> i64 {
        let Some(value) = value else { return self.missing };
        let value = if self.inclusive { value.saturating_add(1) } else { value };
        match (self.is_date, self.with_dates) {
            (true, false) => match i32::try_from(value).ok().and_then(day_of) {
                Some(day) => self.zone.midnight(day),
                None => beyond(value),
            },
            (false, true) => match self.zone.day(value) {
                Some(_) => self.zone.first_day_from(value),
                None => beyond(value),
            },
            _ => value,
        }
    }
}

/// Before or after all time.
fn beyond(value: i64) -> i64 {
    if value < 0 { i64::MIN } else { i64::MAX }
}

/// The bound (Int64) of `value` (Int64, days or µs UTC).
#[must_use]
pub fn valid_bound(bound: ValidBound, value: Expr) -> Expr {
    let function = Function { bound, signature: Signature::any(1, Volatility::Immutable) };
    ScalarUDF::new_from_impl(function).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Function {
    bound: ValidBound,
    signature: Signature,
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &'static str {
        "geldig_grens"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let args: Vec<String> = args.iter().map(|a| a.schema_name().to_string()).collect();
        Ok(format!("{}({}, {:?})", self.name(), args.join(", "), self.bound))
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        self.schema_name(args)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let Some(values) = arrays.first().and_then(|a| a.as_primitive_opt::<Int64Type>()) else {
            return internal_err!("{} over something else than Int64", self.name());
        };
        let bounds: Int64Array =
            (0..values.len()).map(|row| Some(self.bound.of(values.is_valid(row).then(|| values.value(row))))).collect();
        Ok(ColumnarValue::Array(Arc::new(bounds)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::HOUR;

    fn bound(is_date: bool, with_dates: bool, inclusive: bool) -> ValidBound {
        ValidBound { is_date, with_dates, inclusive, missing: i64::MAX, zone: Zone::default() }
    }

    #[test]
    fn days_and_moments_meet_at_midnight() {
        let day = 20_454; // 2026-01-01
        let midnight = Zone::default().midnight(day_of(20_454).unwrap_or_default());
        assert_eq!(bound(true, false, false).of(Some(day)), midnight);
        assert_eq!(bound(true, false, true).of(Some(day)), midnight + 24 * HOUR);
        assert_eq!(bound(true, true, true).of(Some(day)), day + 1);
        // A day counts from its first moment, so one that began earlier lies before a bound within it.
        assert_eq!(bound(false, true, false).of(Some(midnight)), day);
        assert_eq!(bound(false, true, false).of(Some(midnight + 1)), day + 1);
        assert_eq!(bound(false, true, true).of(Some(midnight)), day + 1);
        assert_eq!(bound(false, false, true).of(Some(midnight)), midnight + 1);
        assert_eq!(bound(false, true, false).of(None), i64::MAX);
        assert_eq!(bound(true, false, false).of(Some(i64::MIN)), i64::MIN);
        assert_eq!(bound(true, false, true).of(Some(i64::MAX)), i64::MAX);
    }
}
