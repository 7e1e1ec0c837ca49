//! The rule which physical types fit which logical type, and the expression that brings one to the other.
//!
//! Texts are never taken for numbers or moments here: a typed source that says text means text. It knows no files.

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, cast, lit};

use super::convert::{Target, to_canonical};
use super::error::{SourceError, WRONG_TYPE};
use super::rows::{Wish, canonical_type};
use crate::calendar::{HOUR, Zone};
use crate::model::Type;

/// Where a physical column stands, for messages and for naive timestamps.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The source in the user's words.
    pub shown: &'a str,
    pub zone: Zone,
}

/// The canonical form of `column`, a physical column of type `physical`, as the logical column `wish`.
///
/// # Errors
/// `ML603` when the types do not fit.
pub fn canonical(column: Expr, physical: &DataType, wish: &Wish, place: Place<'_>) -> Result<Expr, SourceError> {
    if let DataType::Dictionary(_, values) = physical {
        return canonical(cast(column, values.as_ref().clone()), values, wish, place);
    }
    let name = wish.physical.as_deref().unwrap_or(&wish.name);
    let own = |column: Expr, target: Target| {
        to_canonical(column, target, &format!("`{}`: kolom `{name}`", place.shown), wish.personal)
    };
    let goal = canonical_type(wish.ty);
    let kind = Kind::of(physical);
    if kind == Kind::Null {
        return Ok(cast(column, goal));
    }
    let expr = match (wish.ty, kind) {
        (Type::Text, Kind::Text) | (Type::Bool, Kind::Truth) => as_type(column, physical, goal),
        (Type::Bool, Kind::Whole) => own(column, Target::Truth),
        (Type::Integer | Type::Days | Type::Workdays, Kind::Whole) if *physical != DataType::UInt64 => {
            as_type(column, physical, goal)
        }
        (Type::Integer | Type::Days | Type::Workdays, Kind::Whole | Kind::Float | Kind::Decimal) => {
            own(column, Target::Whole)
        }
        (Type::Text | Type::Number | Type::Score(..) | Type::Percentage | Type::PercentPoint, Kind::Whole) => {
            cast(column, goal)
        }
        (Type::Number | Type::Score(..) | Type::Percentage | Type::PercentPoint, Kind::Float | Kind::Decimal) => {
            own(column, Target::Float)
        }
        (Type::Money, Kind::Whole | Kind::Float | Kind::Decimal) => own(column, Target::Scaled(10_000)),
        (Type::Duration, Kind::Whole | Kind::Float | Kind::Decimal) => match wish.unit {
            Some(unit) => own(column, Target::Scaled(unit.micros())),
            None => return Err(mismatch(wish, kind, place)),
        },
        (Type::Duration, Kind::Duration) => own(column, Target::Micros),
        (Type::Date, Kind::Date) if *physical == DataType::Date32 => cast(column, goal),
        (Type::Date, Kind::Date | Kind::Local | Kind::Instant) => own(column, Target::Day(place.zone)),
        (Type::Moment, Kind::Local | Kind::Instant) if wish.occurrences => own(column, Target::Occurrences(place.zone)),
        (Type::Moment, Kind::Instant) if matches!(physical, DataType::Timestamp(TimeUnit::Microsecond, _)) => {
            cast(column, goal)
        }
        (Type::Moment, Kind::Local | Kind::Instant) => own(column, Target::Moment(place.zone)),
        _ => return Err(mismatch(wish, kind, place)),
    };
    Ok(expr)
}

/// The canonical form of a column of `sleutel=waarde` folders, whose values are always texts.
pub fn canonical_key(column: Expr, wish: &Wish, place: Place<'_>) -> Expr {
    let name = wish.physical.as_deref().unwrap_or(&wish.name);
    let target = match wish.ty {
        Type::Text | Type::Unknown => return cast(column, DataType::Utf8View),
        Type::Bool => Target::Truth,
        Type::Integer | Type::Days | Type::Workdays => Target::Whole,
        Type::Number | Type::Score(..) | Type::Percentage | Type::PercentPoint => Target::Float,
        Type::Money => Target::Scaled(10_000),
        Type::Duration => wish.unit.map_or(Target::Micros, |unit| Target::Scaled(unit.micros())),
        Type::Date => Target::Day(place.zone),
        Type::Moment if wish.occurrences => Target::Occurrences(place.zone),
        Type::Moment => Target::Moment(place.zone),
    };
    to_canonical(column, target, &format!("`{}`: kolom `{name}`", place.shown), wish.personal)
}

/// The always empty form of a column that does not exist.
pub fn nothing(ty: Type) -> Expr {
    cast(lit(ScalarValue::Null), canonical_type(ty))
}

fn as_type(column: Expr, physical: &DataType, goal: DataType) -> Expr {
    if *physical == goal { column } else { cast(column, goal) }
}

/// Physical types as far as they matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    Text,
    Truth,
    Whole,
    Float,
    Decimal,
    Date,
    /// A timestamp without zone.
    Local,
    /// A timestamp with a zone.
    Instant,
    Duration,
    Other,
}

impl Kind {
    #[must_use]
    pub fn of(ty: &DataType) -> Self {
        match ty {
            DataType::Null => Self::Null,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text,
            DataType::Boolean => Self::Truth,
            t if t.is_integer() => Self::Whole,
            t if t.is_floating() => Self::Float,
            DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
                Self::Decimal
            }
            DataType::Date32 | DataType::Date64 => Self::Date,
            DataType::Timestamp(_, None) => Self::Local,
            DataType::Timestamp(_, Some(_)) => Self::Instant,
            DataType::Duration(_) => Self::Duration,
            DataType::Dictionary(_, values) => Self::of(values),
            _ => Self::Other,
        }
    }

    /// As it stands in a message: `is tekst`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Null => "leeg",
            Self::Text => "tekst",
            Self::Truth => "ja_nee",
            Self::Whole => "een geheel getal",
            Self::Float => "een getal",
            Self::Decimal => "een decimaal getal",
            Self::Date => "datum",
            Self::Local => "een tijdstip zonder tijdzone",
            Self::Instant => "een tijdstip",
            Self::Duration => "duur",
            Self::Other => "samengesteld of binair",
        }
    }
}

fn mismatch(wish: &Wish, kind: Kind, place: Place<'_>) -> SourceError {
    let name = wish.physical.as_deref().unwrap_or(&wish.name);
    let text =
        format!("kolom `{name}` in `{}` is {}; de definitie verwacht {}", place.shown, kind.word(), wish.ty.word());
    let error = SourceError::new(WRONG_TYPE, text);
    match (wish.ty, kind) {
        (Type::Duration, Kind::Whole | Kind::Float | Kind::Decimal) => {
            error.help(format!("schrijf in de definitie de eenheid erbij: `{} duur in s` (of `min`, `uur`)", wish.name))
        }
        (Type::Moment, Kind::Date) => {
            error.help(format!("maak er in de definitie een `datum` van: `{} datum`", wish.name))
        }
        (_, Kind::Text) => error
            .help("laat de bron een kolom van het juiste type leveren")
            .help(format!("of gebruik bij de bron `sql:` met `CAST({name} AS …)`")),
        _ => error.help("verander het type in de definitie, of lever de kolom in het juiste type aan"),
    }
}

/// A condition on the physical column that holds at least for all rows with a canonical value from `lo` through `hi`,
/// and for empty ones; nothing where the type allows none.
pub fn bounds(column: &Expr, physical: &DataType, ty: Type, lo: i64, hi: i64) -> Option<Expr> {
    let literal = |value: i64| -> Option<ScalarValue> {
        Some(match physical {
            DataType::Int64 => ScalarValue::Int64(Some(value)),
            DataType::Int32 => ScalarValue::Int32(Some(i32::try_from(value).ok()?)),
            DataType::Int16 => ScalarValue::Int16(Some(i16::try_from(value).ok()?)),
            DataType::Date32 => ScalarValue::Date32(Some(i32::try_from(value).ok()?)),
            DataType::Timestamp(TimeUnit::Second, zone) => ScalarValue::TimestampSecond(Some(value), zone.clone()),
            DataType::Timestamp(TimeUnit::Millisecond, zone) => {
                ScalarValue::TimestampMillisecond(Some(value), zone.clone())
            }
            DataType::Timestamp(TimeUnit::Microsecond, zone) => {
                ScalarValue::TimestampMicrosecond(Some(value), zone.clone())
            }
            DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
                ScalarValue::TimestampNanosecond(Some(value), zone.clone())
            }
            _ => return None,
        })
    };
    // local times, and instants whose local day counts, are less than two days off
    let slack = match (ty, Kind::of(physical)) {
        (Type::Moment, Kind::Instant)
        | (Type::Date, Kind::Date)
        | (Type::Integer | Type::Days | Type::Workdays, Kind::Whole) => 0,
        (Type::Moment, Kind::Local) => 48 * HOUR,
        _ => return None,
    };
    // `up`: the least physical number at or above; otherwise the greatest at or below
    let unit = |value: i64, up: bool| match physical {
        DataType::Timestamp(TimeUnit::Second, _) => Some(value.div_euclid(1_000_000).saturating_add(i64::from(up))),
        DataType::Timestamp(TimeUnit::Millisecond, _) => Some(value.div_euclid(1000).saturating_add(i64::from(up))),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => value.saturating_add(i64::from(up)).checked_mul(1000),
        _ => Some(value),
    };
    let low = lo.checked_sub(slack).filter(|_| lo != i64::MIN).and_then(|v| unit(v, false)).and_then(literal);
    let high = hi.checked_add(slack).filter(|_| hi != i64::MAX).and_then(|v| unit(v, true)).and_then(literal);
    let low = low.map(|value| column.clone().gt_eq(lit(value)));
    let high = high.map(|value| column.clone().lt_eq(lit(value)));
    let within = match (low, high) {
        (Some(low), Some(high)) => low.and(high),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    Some(within.or(column.clone().is_null()))
}
