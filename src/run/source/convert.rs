//! `naar_canoniek`: the engine's function from a physical column to its canonical form, where a plain cast would lose
//! or bend values (fractions to whole numbers, local times to instants, decimals to amounts).
//!
//! It keeps no state, so that it can travel by name: target, place and secrecy are constant arguments. It knows arrays,
//! not tables.

use std::sync::{Arc, OnceLock};

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Float64Array, Int64Array, StringViewArray,
};
use arrow::compute::{cast, max, min};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type, TimeUnit, UInt64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};
use datafusion::scalar::ScalarValue;

use super::cell::{self, round_div};
use super::clock::LocalClock;
use super::error::{BAD_VALUE, SourceError, shown_value};
use super::moment;
use crate::calendar::{HOUR, Zone};

/// What a value becomes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// Whole numbers; a fraction is a fault.
    Whole,
    /// A number times a factor, rounded half away from zero: amounts (10,000) and durations (µs in the unit).
    Scaled(i64),
    /// 64-bit floats; not-a-number becomes empty, infinite is a fault.
    Float,
    /// 1 and 0.
    Truth,
    /// µs of the engine's own duration type.
    Micros,
    /// Instants; naive timestamps are local in the zone.
    Moment(Zone),
    /// How often the local time of a naive timestamp occurs in the zone; an instant does once.
    Occurrences(Zone),
    /// Days; instants by the zone.
    Day(Zone),
}

impl Target {
    fn write(self) -> String {
        match self {
            Self::Whole => "geheel".to_owned(),
            Self::Scaled(factor) => format!("maal:{factor}"),
            Self::Float => "getal".to_owned(),
            Self::Truth => "ja_nee".to_owned(),
            Self::Micros => "duur".to_owned(),
            Self::Moment(zone) => format!("tijdstip:{}", zone.name()),
            Self::Occurrences(zone) => format!("keren:{}", zone.name()),
            Self::Day(zone) => format!("datum:{}", zone.name()),
        }
    }

    fn read(text: &str) -> Option<Self> {
        Some(match text.split_once(':') {
            Some(("maal", factor)) => Self::Scaled(factor.parse().ok()?),
            Some(("tijdstip", zone)) => Self::Moment(Zone::named(zone)?),
            Some(("keren", zone)) => Self::Occurrences(Zone::named(zone)?),
            Some(("datum", zone)) => Self::Day(Zone::named(zone)?),
            _ => match text {
                "geheel" => Self::Whole,
                "getal" => Self::Float,
                "ja_nee" => Self::Truth,
                "duur" => Self::Micros,
                _ => return None,
            },
        })
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Float => DataType::Float64,
            Self::Truth => DataType::Boolean,
            _ => DataType::Int64,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Whole => "een geheel getal",
            Self::Scaled(_) | Self::Float => "een getal dat past",
            Self::Truth => "ja of nee (1 of 0)",
            Self::Micros => "een duur die past",
            Self::Moment(_) | Self::Occurrences(_) => "een tijdstip dat past",
            Self::Day(_) => "een datum die past",
        }
    }
}

/// `value` as an expression of the engine in the form of `target`; `place` (kolom … in …) and `personal` are for the
/// message about a value that does not fit.
#[must_use]
pub fn to_canonical(value: Expr, target: Target, place: &str, personal: bool) -> Expr {
    canonical_function().call(vec![value, lit(target.write()), lit(place), lit(personal)])
}

/// The function, to be registered where plans arrive from elsewhere.
#[must_use]
pub fn canonical_function() -> Arc<ScalarUDF> {
    static FUNCTION: OnceLock<Arc<ScalarUDF>> = OnceLock::new();
    Arc::clone(FUNCTION.get_or_init(|| Arc::new(ScalarUDF::new_from_impl(ToCanonical::new()))))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ToCanonical {
    signature: Signature,
}

impl ToCanonical {
    fn new() -> Self {
        Self { signature: Signature::any(4, Volatility::Immutable) }
    }
}

fn misuse() -> DataFusionError {
    DataFusionError::Internal("naar_canoniek with other arguments than its own".to_owned())
}

fn text_of(value: Option<&ScalarValue>) -> Result<&str> {
    value.and_then(ScalarValue::try_as_str).flatten().ok_or_else(misuse)
}

impl ScalarUDFImpl for ToCanonical {
    fn name(&self) -> &'static str {
        "naar_canoniek"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Err(misuse())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let target = text_of(args.scalar_arguments.get(1).copied().flatten())?;
        let target = Target::read(target).ok_or_else(misuse)?;
        Ok(Arc::new(Field::new(self.name(), target.data_type(), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let scalar = |index: usize| match args.args.get(index) {
            Some(ColumnarValue::Scalar(value)) => Some(value),
            _ => None,
        };
        let target = Target::read(text_of(scalar(1))?).ok_or_else(misuse)?;
        let place = text_of(scalar(2))?;
        let personal = scalar(3) != Some(&ScalarValue::Boolean(Some(false)));
        let values = args.args.first().ok_or_else(misuse)?.to_array(args.number_rows)?;
        convert(&values, target).map(ColumnarValue::Array).map_err(|fault| match fault {
            Fault::Engine(error) => error,
            Fault::Value(_) if personal => {
                SourceError::new(BAD_VALUE, format!("{place}: een waarde is niet {}", target.words())).into()
            }
            Fault::Value(value) => {
                let text = format!("{place}: `{}` is niet {}", shown_value(&value), target.words());
                SourceError::new(BAD_VALUE, text).into()
            }
        })
    }
}

enum Fault {
    Value(String),
    Engine(DataFusionError),
}

impl From<arrow::error::ArrowError> for Fault {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Engine(error.into())
    }
}

/// A column in the form of `target`.
fn convert(values: &ArrayRef, target: Target) -> std::result::Result<ArrayRef, Fault> {
    match values.data_type() {
        DataType::Null => Ok(cast(values, &target.data_type())?),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let texts = cast(values, &DataType::Utf8View)?;
            from_texts(texts.as_string_view(), target)
        }
        DataType::Timestamp(unit, zone) => from_timestamps(values, *unit, zone.is_some(), target),
        DataType::Date64 => {
            let millis = cast(values, &DataType::Int64)?;
            Ok(Arc::new(millis.as_primitive::<Int64Type>().unary::<_, Int64Type>(|t| t.div_euclid(24 * HOUR / 1000))))
        }
        DataType::Duration(unit) => {
            let numbers = cast(values, &DataType::Int64)?;
            let unit = *unit;
            ints(numbers.as_primitive(), |n| to_micros(n, unit))
        }
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let floats = cast(values, &DataType::Float64)?;
            from_floats(floats.as_primitive::<Float64Type>(), target)
        }
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => {
            let scale = *scale;
            let wide = cast(values, &DataType::Decimal128(38, scale))?;
            let decimals = wide.as_any().downcast_ref::<Decimal128Array>();
            from_decimals(decimals.ok_or_else(|| Fault::Engine(misuse()))?, scale, target)
        }
        DataType::UInt64 => {
            let numbers = values.as_primitive::<UInt64Type>();
            let whole: Vec<Option<i128>> = numbers.iter().map(|n| n.map(i128::from)).collect();
            from_integers(whole.into_iter(), target)
        }
        _ => {
            let numbers = cast(values, &DataType::Int64)?;
            let whole = numbers.as_primitive::<Int64Type>();
            if let Target::Scaled(factor) = target
                && let Some(scaled) = scaled(whole, factor)
            {
                return Ok(Arc::new(scaled));
            }
            from_integers(whole.iter().map(|n| n.map(i128::from)), target)
        }
    }
}

fn to_micros(number: i64, unit: TimeUnit) -> Option<i64> {
    match unit {
        TimeUnit::Second => number.checked_mul(1_000_000),
        TimeUnit::Millisecond => number.checked_mul(1000),
        TimeUnit::Microsecond => Some(number),
        TimeUnit::Nanosecond => Some(number.div_euclid(1000)),
    }
}

fn ints(numbers: &Int64Array, mut to: impl FnMut(i64) -> Option<i64>) -> std::result::Result<ArrayRef, Fault> {
    let mut fit = |n: i64| to(n).ok_or_else(|| Fault::Value(n.to_string()));
    if numbers.null_count() == 0 {
        let converted = numbers.values().iter().map(|&n| fit(n)).collect::<std::result::Result<Vec<i64>, Fault>>()?;
        return Ok(Arc::new(Int64Array::from(converted)));
    }
    let list = numbers.iter().map(|n| n.map(&mut fit).transpose());
    Ok(Arc::new(list.collect::<std::result::Result<Int64Array, Fault>>()?))
}

fn from_timestamps(
    values: &ArrayRef,
    unit: TimeUnit,
    instants: bool,
    target: Target,
) -> std::result::Result<ArrayRef, Fault> {
    let numbers = cast(values, &DataType::Int64)?;
    let numbers = numbers.as_primitive::<Int64Type>();
    let day = |micros: i64| micros.div_euclid(24 * HOUR);
    match target {
        Target::Day(zone) if instants => ints(numbers, |n| {
            let local = zone.local(to_micros(n, unit)?)?;
            Some(day(local.and_utc().timestamp_micros()))
        }),
        Target::Day(_) => ints(numbers, |n| to_micros(n, unit).map(day)),
        Target::Occurrences(_) if instants => ints(numbers, |_| Some(1)),
        Target::Occurrences(zone) => {
            let mut clock = LocalClock::new(zone);
            ints(numbers, |n| clock.occurrences(to_micros(n, unit)?))
        }
        _ if instants => ints(numbers, |n| to_micros(n, unit)),
        Target::Moment(zone) => {
            let mut clock = LocalClock::new(zone);
            if let Some(shifted) = shifted(numbers, unit, &mut clock) {
                return Ok(Arc::new(shifted));
            }
            ints(numbers, |n| clock.instant(to_micros(n, unit)?))
        }
        _ => Err(Fault::Engine(misuse())),
    }
}

/// Local times as instants where no change of the clock lies between them: one subtraction for each.
fn shifted(numbers: &Int64Array, unit: TimeUnit, clock: &mut LocalClock) -> Option<Int64Array> {
    let (least, greatest) = (to_micros(min(numbers)?, unit)?, to_micros(max(numbers)?, unit)?);
    let offset = clock.offset_between(least, greatest)?;
    Some(match unit {
        TimeUnit::Second => numbers.unary(|n| n.wrapping_mul(1_000_000).wrapping_sub(offset)),
        TimeUnit::Millisecond => numbers.unary(|n| n.wrapping_mul(1000).wrapping_sub(offset)),
        TimeUnit::Microsecond => numbers.unary(|n| n.wrapping_sub(offset)),
        TimeUnit::Nanosecond => numbers.unary(|n| n.div_euclid(1000).wrapping_sub(offset)),
    })
}

/// Whole numbers times a factor, where all products fit.
fn scaled(numbers: &Int64Array, factor: i64) -> Option<Int64Array> {
    min(numbers)?.checked_mul(factor)?;
    max(numbers)?.checked_mul(factor)?;
    Some(numbers.unary(|n| n.wrapping_mul(factor)))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // bounds are checked; factors are below 2^53
fn from_floats(numbers: &Float64Array, target: Target) -> std::result::Result<ArrayRef, Fault> {
    let fault = |x: f64| Fault::Value(x.to_string());
    // above 2^53 a float no longer tells which whole number was meant
    let whole = |x: f64| if x.abs() <= 9_007_199_254_740_992.0 { Ok(x as i64) } else { Err(fault(x)) };
    let present = numbers.iter().map(|x| x.filter(|x| !x.is_nan()));
    match target {
        Target::Float => {
            let list = present.map(|x| match x {
                Some(x) if x.is_infinite() => Err(fault(x)),
                x => Ok(x),
            });
            Ok(Arc::new(list.collect::<std::result::Result<Float64Array, Fault>>()?))
        }
        Target::Scaled(factor) => {
            // by the shortest decimal that reads back equal, as the same number in a text source would be read
            let list = present.map(|x| {
                x.map(|x| {
                    let exact =
                        if x.is_finite() && x.abs() < 1e19 { cell::scaled(&x.to_string(), factor) } else { None };
                    exact.ok_or_else(|| fault(x))
                })
                .transpose()
            });
            Ok(Arc::new(list.collect::<std::result::Result<Int64Array, Fault>>()?))
        }
        Target::Truth => {
            from_integers_checked(present.map(|x| {
                x.map(|x| if x.fract() == 0.0 { whole(x).map(i128::from) } else { Err(fault(x)) }).transpose()
            }))
        }
        _ => {
            let list = present.map(|x| x.map(|x| if x.fract() == 0.0 { whole(x) } else { Err(fault(x)) }).transpose());
            Ok(Arc::new(list.collect::<std::result::Result<Int64Array, Fault>>()?))
        }
    }
}

fn from_integers(numbers: impl Iterator<Item = Option<i128>>, target: Target) -> std::result::Result<ArrayRef, Fault> {
    let factor = match target {
        Target::Scaled(factor) => i128::from(factor),
        Target::Truth => return from_integers_checked(numbers.map(Ok)),
        #[allow(clippy::cast_precision_loss)] // nearest float is what a getal is
        Target::Float => return Ok(Arc::new(numbers.map(|n| n.map(|n| n as f64)).collect::<Float64Array>())),
        _ => 1,
    };
    let fit =
        |n: i128| n.checked_mul(factor).and_then(|m| i64::try_from(m).ok()).ok_or_else(|| Fault::Value(n.to_string()));
    let list = numbers.map(|n| n.map(fit).transpose());
    Ok(Arc::new(list.collect::<std::result::Result<Int64Array, Fault>>()?))
}

fn from_integers_checked(
    numbers: impl Iterator<Item = std::result::Result<Option<i128>, Fault>>,
) -> std::result::Result<ArrayRef, Fault> {
    let truth = |n: i128| match n {
        0 => Ok(false),
        1 => Ok(true),
        n => Err(Fault::Value(n.to_string())),
    };
    let list = numbers.map(|n| n?.map(truth).transpose());
    Ok(Arc::new(list.collect::<std::result::Result<BooleanArray, Fault>>()?))
}

fn from_decimals(numbers: &Decimal128Array, scale: i8, target: Target) -> std::result::Result<ArrayRef, Fault> {
    let shown = |n: i128| {
        Decimal128Array::from(vec![n])
            .with_precision_and_scale(38, scale)
            .map_or_else(|_| n.to_string(), |d| d.value_as_string(0))
    };
    let fault = |n: i128| Fault::Value(shown(n));
    let power = 10_i128.checked_pow(u32::from(scale.unsigned_abs())).ok_or_else(|| Fault::Engine(misuse()))?;
    let times = |n: i128, factor: i64| {
        let product = n.checked_mul(i128::from(factor))?;
        i64::try_from(if scale >= 0 { round_div(product, power) } else { product.checked_mul(power)? }).ok()
    };
    match target {
        Target::Float => {
            let list = numbers.iter().map(|n| n.map(|n| shown(n).parse::<f64>().map_err(|_| fault(n))).transpose());
            Ok(Arc::new(list.collect::<std::result::Result<Float64Array, Fault>>()?))
        }
        Target::Scaled(factor) => {
            let list = numbers.iter().map(|n| n.map(|n| times(n, factor).ok_or_else(|| fault(n))).transpose());
            Ok(Arc::new(list.collect::<std::result::Result<Int64Array, Fault>>()?))
        }
        _ => {
            let whole = |n: i128| if scale > 0 && n % power != 0 { None } else { times(n, 1) };
            let list = numbers.iter().map(|n| n.map(|n| whole(n).ok_or_else(|| fault(n))).transpose());
            let list = list.collect::<std::result::Result<Int64Array, Fault>>()?;
            match target {
                Target::Truth => from_integers(list.iter().map(|n| n.map(i128::from)), target),
                _ => Ok(Arc::new(list)),
            }
        }
    }
}

/// Values of `sleutel=waarde` folders, which are always texts; Hive's own word for none is empty.
fn from_texts(texts: &StringViewArray, target: Target) -> std::result::Result<ArrayRef, Fault> {
    let present = texts.iter().map(|t| t.filter(|t| !matches!(*t, "" | "__HIVE_DEFAULT_PARTITION__")));
    let fault = |t: &str| Fault::Value(t.to_owned());
    match target {
        Target::Float => {
            let list = present.map(|t| t.map(|t| cell::float(t, false).ok_or_else(|| fault(t))).transpose());
            Ok(Arc::new(list.collect::<std::result::Result<Float64Array, Fault>>()?))
        }
        Target::Truth => {
            let list = present.map(|t| t.map(|t| cell::truth(t).ok_or_else(|| fault(t))).transpose());
            Ok(Arc::new(list.collect::<std::result::Result<BooleanArray, Fault>>()?))
        }
        _ => {
            let mut clock = LocalClock::new(match target {
                Target::Moment(zone) | Target::Occurrences(zone) | Target::Day(zone) => zone,
                _ => Zone::UTC,
            });
            let mut read = |t: &str| match target {
                Target::Moment(_) => moment::moment(t, None, &mut clock),
                Target::Occurrences(_) => moment::occurrences(t, None, &mut clock),
                Target::Day(_) => moment::day(t, None, &clock),
                Target::Scaled(factor) => cell::plain(t, false).and_then(|n| cell::scaled(&n, factor)),
                Target::Micros => cell::clock_duration(t),
                _ => cell::integer(t, false),
            };
            let list = present.map(|t| t.map(|t| read(t).ok_or_else(|| fault(t))).transpose());
            Ok(Arc::new(list.collect::<std::result::Result<Int64Array, Fault>>()?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::TimestampNanosecondArray;

    fn whole(array: impl Array + 'static, target: Target) -> std::result::Result<Vec<Option<i64>>, String> {
        let array: ArrayRef = Arc::new(array);
        match convert(&array, target) {
            Ok(out) => Ok(out.as_primitive::<Int64Type>().iter().collect()),
            Err(Fault::Value(value)) => Err(value),
            Err(Fault::Engine(error)) => Err(error.to_string()),
        }
    }

    #[test]
    fn decimals_are_exact() {
        let decimals =
            Decimal128Array::from(vec![Some(450), None, Some(-1)]).with_precision_and_scale(10, 2).expect("fits");
        assert_eq!(whole(decimals.clone(), Target::Scaled(10_000)), Ok(vec![Some(45_000), None, Some(-100)]));
        assert_eq!(whole(decimals, Target::Whole), Err("4.50".to_owned()));
        let fine = Decimal128Array::from(vec![5, -5, 4]).with_precision_and_scale(10, 5).expect("fits");
        assert_eq!(whole(fine, Target::Scaled(10_000)), Ok(vec![Some(1), Some(-1), Some(0)]));
    }

    #[test]
    fn floats_are_read_as_written() {
        assert_eq!(
            whole(Float64Array::from(vec![4.35, f64::NAN]), Target::Scaled(10_000)),
            Ok(vec![Some(43_500), None])
        );
        assert_eq!(whole(Float64Array::from(vec![0.000_001_5]), Target::Scaled(1_000_000)), Ok(vec![Some(2)]));
        assert_eq!(whole(Float64Array::from(vec![2.0]), Target::Whole), Ok(vec![Some(2)]));
        assert_eq!(whole(Float64Array::from(vec![2.5]), Target::Whole), Err("2.5".to_owned()));
        assert_eq!(whole(Float64Array::from(vec![f64::INFINITY]), Target::Scaled(1)), Err("inf".to_owned()));
    }

    #[test]
    fn nanoseconds_are_cut_to_microseconds() {
        let nanos = TimestampNanosecondArray::from(vec![1_999, -1]);
        assert_eq!(whole(nanos, Target::Moment(Zone::UTC)), Ok(vec![Some(1), Some(-1)]));
    }

    #[test]
    fn too_large_is_a_fault() {
        assert_eq!(whole(Int64Array::from(vec![i64::MAX]), Target::Scaled(10)), Err(i64::MAX.to_string()));
        assert_eq!(whole(arrow::array::UInt64Array::from(vec![u64::MAX]), Target::Whole), Err(u64::MAX.to_string()));
    }

    #[test]
    fn targets_travel_as_text() {
        for target in [
            Target::Whole,
            Target::Scaled(10_000),
            Target::Float,
            Target::Truth,
            Target::Micros,
            Target::Moment(Zone::default()),
            Target::Day(Zone::UTC),
        ] {
            assert_eq!(Target::read(&target.write()), Some(target));
        }
        assert_eq!(Target::read("iets"), None);
    }
}
