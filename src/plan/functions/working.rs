//! Working days and working time, columnar: `werkdagen`, `werktijd`, `… + 5 werkdagen`, `… + 12 maanden`. A value costs one
//! look-up in the sums of its calendar ([`Tally`]); how far two moments lie apart does not matter.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, AsArray, Int64Array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::calendar::{Tally, WorkCalendar, Zone, add_months};

/// What is calculated of two Int64 values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Working {
    /// Working days after the first up to and including the second: for each whether it is a day (days since 1970)
    /// instead of an instant (µs UTC).
    Days { from_day: bool, to_day: bool },
    /// Open µs between two instants.
    Time,
    /// A day and a number of working days: the day so many working days further.
    AddDays,
    /// A day and a number of months.
    AddMonths,
}

/// `werkdagen(a, b)` and its like by a calendar.
#[must_use]
pub fn working(what: Working, calendar: &WorkCalendar, zone: Zone, a: Expr, b: Expr) -> Expr {
    let sums = Some(Sums::of(calendar, zone));
    let signature = Signature::any(2, Volatility::Immutable);
    ScalarUDF::new_from_impl(Function { what, sums, signature }).call(vec![a, b])
}

/// A day so many months further.
#[must_use]
pub fn months_after(day: Expr, months: Expr) -> Expr {
    let signature = Signature::any(2, Volatility::Immutable);
    ScalarUDF::new_from_impl(Function { what: Working::AddMonths, sums: None, signature }).call(vec![day, months])
}

/// The sums of a calendar in a zone, made once per process.
#[derive(Clone, Debug)]
struct Sums {
    tally: Arc<Tally>,
    /// The place among the sums that were made: the same for the same calendar and zone.
    number: usize,
}

type Made = (WorkCalendar, Zone, Arc<Tally>);
static MADE: Mutex<Vec<Made>> = Mutex::new(Vec::new());

impl Sums {
    fn of(calendar: &WorkCalendar, zone: Zone) -> Self {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = made.iter().position(|(known, in_zone, _)| known == calendar && *in_zone == zone) {
            return Self { tally: Arc::clone(&made[number].2), number };
        }
        let tally = Arc::new(Tally::new(calendar.clone(), zone));
        made.push((calendar.clone(), zone, Arc::clone(&tally)));
        Self { tally, number: made.len() - 1 }
    }
}

impl PartialEq for Sums {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Sums {}

impl Hash for Sums {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Function {
    what: Working,
    sums: Option<Sums>,
    signature: Signature,
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &'static str {
        match self.what {
            Working::Days { .. } => "werkdagen",
            Working::Time => "werktijd",
            Working::AddDays => "plus_werkdagen",
            Working::AddMonths => "plus_maanden",
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
        let [a, b] = arrays.as_slice() else {
            return internal_err!("{} of {} arguments", self.name(), arrays.len());
        };
        let (Some(a), Some(b)) = (a.as_primitive_opt::<Int64Type>(), b.as_primitive_opt::<Int64Type>()) else {
            return internal_err!("{} over something else than Int64", self.name());
        };
        Ok(ColumnarValue::Array(Arc::new(self.values(a, b))))
    }
}

impl Function {
    fn values(&self, a: &Int64Array, b: &Int64Array) -> Int64Array {
        let nulls = NullBuffer::union(a.nulls(), b.nulls());
        let Some(Sums { tally, .. }) = &self.sums else {
            return pairwise(a, b, nulls, |day, n| Some(add_months(day, n)), add_months);
        };
        let (at, far) = (Tally::workdays_at, Tally::workdays_far);
        let (day, day_far) = (Tally::days_at, Tally::days_far);
        match self.what {
            Working::Days { from_day: false, to_day: false } => differences(tally, a, b, nulls, (at, far), (at, far)),
            Working::Days { from_day: true, to_day: false } => {
                differences(tally, a, b, nulls, (day, day_far), (at, far))
            }
            Working::Days { from_day: false, to_day: true } => {
                differences(tally, a, b, nulls, (at, far), (day, day_far))
            }
            Working::Days { from_day: true, to_day: true } => {
                differences(tally, a, b, nulls, (day, day_far), (day, day_far))
            }
            Working::Time => {
                let open = (Tally::open_at, Tally::open_far);
                differences(tally, a, b, nulls, open, open)
            }
            Working::AddDays | Working::AddMonths => {
                pairwise(a, b, nulls, |day, n| tally.add_near(day, n), |day, n| tally.add(day, n))
            }
        }
    }
}

/// What lies before the second value less what lies before the first. The first of a pair of functions answers nearly
/// always; the second does where the first cannot.
fn differences<N, F, M, G>(
    tally: &Tally,
    a: &Int64Array,
    b: &Int64Array,
    nulls: Option<NullBuffer>,
    (from, from_far): (N, F),
    (to, to_far): (M, G),
) -> Int64Array
where
    N: Fn(&Tally, i64) -> Option<i64>,
    F: Fn(&Tally, i64) -> i64,
    M: Fn(&Tally, i64) -> Option<i64>,
    G: Fn(&Tally, i64) -> i64,
{
    let near = |a, b| Some(to(tally, b)? - from(tally, a)?);
    pairwise(a, b, nulls, near, |a, b| to_far(tally, b).wrapping_sub(from_far(tally, a)))
}

/// One value per pair. What stands under an empty cell is never asked of `far`, which may be slow.
fn pairwise(
    a: &Int64Array,
    b: &Int64Array,
    nulls: Option<NullBuffer>,
    near: impl Fn(i64, i64) -> Option<i64>,
    far: impl Fn(i64, i64) -> i64,
) -> Int64Array {
    let rare = |index: usize, a, b| if nulls.as_ref().is_none_or(|n| n.is_valid(index)) { far(a, b) } else { 0 };
    let pairs = a.values().iter().zip(b.values()).enumerate();
    let values: Vec<i64> = pairs.map(|(index, (&a, &b))| near(a, b).unwrap_or_else(|| rare(index, a, b))).collect();
    Int64Array::new(values.into(), nulls)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{HOUR, day_number, day_of};

    fn array(values: &[Option<i64>]) -> Int64Array {
        Int64Array::from(values.to_vec())
    }

    fn function(what: Working) -> Function {
        let sums = (what != Working::AddMonths).then(|| Sums::of(&WorkCalendar::default(), Zone::default()));
        Function { what, sums, signature: Signature::any(2, Volatility::Immutable) }
    }

    #[test]
    fn empty_cells_stay_empty_and_are_never_counted() {
        let day = |text: &str| i64::from(day_number(text.parse().expect("a day")));
        let days = function(Working::Days { from_day: true, to_day: true });
        let (monday, sentinel) = (day("2026-01-05"), day("9999-12-31"));
        let a = array(&[Some(monday), None, Some(monday), Some(monday)]);
        let b = array(&[Some(monday + 7), Some(monday), None, Some(monday - 3)]);
        assert_eq!(days.values(&a, &b), array(&[Some(5), None, None, Some(-1)]));
        // Far away: the same as the days one by one, up to where that is still quick.
        let until = days.values(&array(&[Some(monday)]), &array(&[Some(day("2110-01-01"))])).value(0);
        let one_by_one = WorkCalendar::default()
            .workdays_between("2026-01-05".parse().expect("a day"), "2110-01-01".parse().expect("a day"));
        assert_eq!(until, one_by_one);
        assert!(days.values(&array(&[Some(monday)]), &array(&[Some(sentinel)])).value(0) > 2_000_000);
    }

    #[test]
    fn moments_count_by_their_local_day() {
        let zone = Zone::default();
        let days = function(Working::Days { from_day: false, to_day: true });
        let monday: chrono::NaiveDate = "2026-01-05".parse().expect("a day");
        let midnight = zone.midnight(monday);
        let tuesday = i64::from(day_number(monday)) + 1;
        // Just before midnight it is still Sunday, though in UTC both are Sunday.
        let a = array(&[Some(midnight - 1), Some(midnight), Some(midnight + 23 * HOUR)]);
        let b = array(&[Some(tuesday), Some(tuesday), Some(tuesday)]);
        assert_eq!(days.values(&a, &b), array(&[Some(2), Some(1), Some(1)]));
    }

    #[test]
    fn months_end_where_the_month_ends() {
        let months = function(Working::AddMonths);
        let day = |text: &str| Some(i64::from(day_number(text.parse().expect("a day"))));
        let a = array(&[day("2026-01-31"), day("2024-02-29"), day("2026-03-31"), None]);
        let n = array(&[Some(1), Some(12), Some(-1), Some(1)]);
        let expected = array(&[day("2026-02-28"), day("2025-02-28"), day("2026-02-28"), None]);
        assert_eq!(months.values(&a, &n), expected);
        assert_eq!(day_of(2_932_896).map(|d| d.to_string()).as_deref(), Some("9999-12-31"));
        assert_eq!(months.values(&array(&[Some(i64::MAX)]), &array(&[Some(i64::MAX)])), array(&[Some(2_932_896)]));
    }
}
