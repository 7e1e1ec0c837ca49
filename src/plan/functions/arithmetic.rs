//! Arithmetic that Arrow does otherwise: division by zero is empty, parts of a µs or a cent are rounded half away from
//! zero, the least of something and nothing is nothing.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::compute::binary;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use datafusion::common::{Result, exec_datafusion_err, internal_datafusion_err, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The words of the error of [`Operation::SumToInt`].
pub const TOO_LARGE: &str = "een som past niet in 64 bits";

/// What is calculated, from which types to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Float64 ÷ Float64 → Float64; ÷ 0 is empty.
    Divide,
    /// Int64 ÷ Int64 → Int64, exact and then rounded half away from zero; ÷ 0 is empty.
    DivideInt,
    /// Int64 ÷ Float64 → Int64, rounded; ÷ 0 and what is no 64-bit number is empty.
    DivideIntByFloat,
    /// Int64 × Float64 → Int64, rounded; what is no 64-bit number is empty.
    MultiplyIntByFloat,
    /// Int64, Int64 → Int64 or Float64, Float64 → Float64; empty when one is empty.
    Least,
    Greatest,
    /// Float64 → Float64 with so many decimals.
    RoundFloat(u8),
    /// Int64 → Int64: to a multiple of this step (> 0).
    RoundInt(i64),
    /// Exact sum (Decimal128) ÷ count (Int64) → Int64, rounded; over none empty.
    MeanInt,
    /// Exact sum (Decimal128) ÷ count (Int64) → Float64; over none empty.
    MeanFloat,
    /// Exact sum (Decimal128) → Int64; an error where it does not fit.
    SumToInt,
    /// Float64 → Int64, rounded; what is no 64-bit number is empty.
    RoundToInt,
}

/// The operation over its arguments.
#[must_use]
pub fn calculate(operation: Operation, args: Vec<Expr>) -> Expr {
    let signature = Signature::any(args.len(), Volatility::Immutable);
    ScalarUDF::new_from_impl(Calculate { operation, signature }).call(args)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Calculate {
    operation: Operation,
    signature: Signature,
}

impl ScalarUDFImpl for Calculate {
    fn name(&self) -> &'static str {
        match self.operation {
            Operation::Divide => "deel",
            Operation::DivideInt | Operation::DivideIntByFloat => "deel_afgerond",
            Operation::MultiplyIntByFloat => "maal_afgerond",
            Operation::Least => "kleinste",
            Operation::Greatest => "grootste",
            Operation::RoundFloat(_) | Operation::RoundInt(_) => "afronden",
            Operation::MeanInt | Operation::MeanFloat => "gemiddelde_van",
            Operation::SumToInt | Operation::RoundToInt => "naar_geheel",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, args: &[DataType]) -> Result<DataType> {
        match self.operation {
            Operation::Divide | Operation::RoundFloat(_) | Operation::MeanFloat => Ok(DataType::Float64),
            Operation::Least | Operation::Greatest => match args.first() {
                Some(DataType::Float64) => Ok(DataType::Float64),
                Some(DataType::Int64) => Ok(DataType::Int64),
                other => internal_err!("{} over {other:?}", self.name()),
            },
            _ => Ok(DataType::Int64),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        self.operation.over(&arrays).map(ColumnarValue::Array)
    }
}

impl Operation {
    fn over(self, args: &[ArrayRef]) -> Result<ArrayRef> {
        let ints = |i| typed::<Int64Type>(args, i);
        let floats = |i| typed::<Float64Type>(args, i);
        let sums = |i| typed::<Decimal128Type>(args, i);
        Ok(match self {
            Self::Divide => {
                let divide = |a: f64, b: f64| (b != 0.0).then(|| a / b);
                Arc::new(meet::<_, _, Float64Type>(floats(0)?, floats(1)?, divide))
            }
            Self::DivideInt => {
                let divide = |a: i64, b: i64| divide_rounded(a.into(), b.into()).and_then(|q| q.try_into().ok());
                Arc::new(meet::<_, _, Int64Type>(ints(0)?, ints(1)?, divide))
            }
            Self::DivideIntByFloat => {
                let divide = |a: i64, b: f64| if b == 0.0 { None } else { to_int(float(a) / b) };
                Arc::new(meet::<_, _, Int64Type>(ints(0)?, floats(1)?, divide))
            }
            Self::MultiplyIntByFloat => {
                Arc::new(meet::<_, _, Int64Type>(ints(0)?, floats(1)?, |a, b| to_int(float(a) * b)))
            }
            Self::Least | Self::Greatest if args.first().is_some_and(|a| a.data_type() == &DataType::Float64) => {
                let pick = if self == Self::Least { f64::min } else { f64::max };
                Arc::new(binary::<_, _, _, Float64Type>(floats(0)?, floats(1)?, pick)?)
            }
            Self::Least => Arc::new(binary::<_, _, _, Int64Type>(ints(0)?, ints(1)?, i64::min)?),
            Self::Greatest => Arc::new(binary::<_, _, _, Int64Type>(ints(0)?, ints(1)?, i64::max)?),
            Self::RoundFloat(decimals) => {
                let scale = 10_f64.powi(decimals.into());
                Arc::new(floats(0)?.unary::<_, Float64Type>(|x| round_float(x, scale)))
            }
            Self::RoundInt(step) => Arc::new(ints(0)?.unary_opt::<_, Int64Type>(|x| {
                let steps = divide_rounded(x.into(), step.into())?;
                (steps * i128::from(step)).try_into().ok()
            })),
            Self::MeanInt => Arc::new(meet::<_, _, Int64Type>(sums(0)?, ints(1)?, |sum, n| {
                divide_rounded(sum, n.into()).and_then(|q| q.try_into().ok())
            })),
            #[expect(clippy::cast_precision_loss, reason = "rounded once, as the language says")]
            Self::MeanFloat => Arc::new(meet::<_, _, Float64Type>(sums(0)?, ints(1)?, |sum, n| {
                (n != 0).then(|| sum as f64 / n as f64)
            })),
            Self::SumToInt => {
                let fit = |sum: i128| i64::try_from(sum).map_err(|_| exec_datafusion_err!("{TOO_LARGE}"));
                Arc::new(try_unary(sums(0)?, fit)?)
            }
            Self::RoundToInt => Arc::new(floats(0)?.unary_opt::<_, Int64Type>(to_int)),
        })
    }
}

/// The exact quotient rounded half away from zero; nothing for ÷ 0.
fn divide_rounded(a: i128, b: i128) -> Option<i128> {
    if b == 0 {
        return None;
    }
    let (quotient, rest) = (a / b, a % b);
    let away = rest.unsigned_abs() >= b.unsigned_abs() - rest.unsigned_abs();
    let direction = if (a < 0) == (b < 0) { 1 } else { -1 };
    Some(if away { quotient + direction } else { quotient })
}

/// Rounded half away from zero; nothing outside 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn to_int(x: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let rounded = x.round();
    (-LIMIT..LIMIT).contains(&rounded).then_some(rounded as i64)
}

#[expect(clippy::cast_precision_loss, reason = "a number of µs or of ten-thousandths meets a float")]
fn float(x: i64) -> f64 {
    x as f64
}

/// x with the decimals of `scale`; where scaling leaves the range of floats, x itself.
fn round_float(x: f64, scale: f64) -> f64 {
    let rounded = (x * scale).round() / scale;
    if rounded.is_finite() { rounded + 0.0 } else { x }
}

/// An argument in its type.
fn typed<T: ArrowPrimitiveType>(args: &[ArrayRef], index: usize) -> Result<&PrimitiveArray<T>> {
    let found = args.get(index).and_then(|array| array.as_primitive_opt::<T>());
    found.ok_or_else(|| internal_datafusion_err!("argument {index} of a calculation is not {}", T::DATA_TYPE))
}

/// A calculation over two columns that may have no answer.
fn meet<A: ArrowPrimitiveType, B: ArrowPrimitiveType, O: ArrowPrimitiveType>(
    a: &PrimitiveArray<A>,
    b: &PrimitiveArray<B>,
    calculate: impl Fn(A::Native, B::Native) -> Option<O::Native>,
) -> PrimitiveArray<O> {
    a.iter().zip(b.iter()).map(|(a, b)| calculate(a?, b?)).collect()
}

fn try_unary(values: &PrimitiveArray<Decimal128Type>, fit: impl Fn(i128) -> Result<i64>) -> Result<ArrayRef> {
    let list: Result<Vec<Option<i64>>> = values.iter().map(|v| v.map(&fit).transpose()).collect();
    Ok(Arc::new(PrimitiveArray::<Int64Type>::from(list?)))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, Int64Array};

    use super::*;

    fn ints(list: &[Option<i64>]) -> ArrayRef {
        Arc::new(Int64Array::from(list.to_vec()))
    }

    fn floats(list: &[Option<f64>]) -> ArrayRef {
        Arc::new(Float64Array::from(list.to_vec()))
    }

    fn check(operation: Operation, args: &[ArrayRef], expected: &ArrayRef) {
        assert_eq!(&operation.over(args).expect("an answer"), expected, "{operation:?}");
    }

    #[test]
    fn divisions_round_half_away_from_zero() {
        let a = ints(&[Some(5), Some(-5), Some(5), Some(-5), Some(7), Some(1), None, Some(i64::MIN)]);
        let b = ints(&[Some(2), Some(2), Some(-2), Some(-2), Some(3), Some(0), Some(1), Some(-1)]);
        let expected = ints(&[Some(3), Some(-3), Some(-3), Some(3), Some(2), None, None, None]);
        check(Operation::DivideInt, &[a.clone(), b], &expected);
        let b = floats(&[Some(2.0), Some(2.0), Some(-2.0), Some(0.5), Some(3.0), Some(-0.0), Some(1.0), Some(1.0)]);
        let expected = ints(&[Some(3), Some(-3), Some(-3), Some(-10), Some(2), None, None, Some(i64::MIN)]);
        check(Operation::DivideIntByFloat, &[a, b], &expected);
    }

    #[test]
    fn a_float_by_zero_is_empty() {
        let a = floats(&[Some(1.0), Some(0.0), Some(1.0), None]);
        let b = floats(&[Some(0.0), Some(-0.0), Some(4.0), Some(1.0)]);
        check(Operation::Divide, &[a, b], &floats(&[None, None, Some(0.25), None]));
    }

    #[test]
    fn least_and_greatest_are_empty_when_one_is() {
        let (a, b) = (ints(&[Some(1), None, Some(3)]), ints(&[Some(2), Some(2), Some(2)]));
        check(Operation::Least, &[a.clone(), b.clone()], &ints(&[Some(1), None, Some(2)]));
        check(Operation::Greatest, &[a, b], &ints(&[Some(2), None, Some(3)]));
    }

    #[test]
    fn rounding() {
        let x = floats(&[Some(2.5), Some(-2.5), Some(0.125), Some(1e300), None]);
        check(
            Operation::RoundFloat(0),
            std::slice::from_ref(&x),
            &floats(&[Some(3.0), Some(-3.0), Some(0.0), Some(1e300), None]),
        );
        check(Operation::RoundFloat(2), &[x], &floats(&[Some(2.5), Some(-2.5), Some(0.13), Some(1e300), None]));
        let x = ints(&[Some(12_345_650), Some(-12_345_650), Some(49), Some(50)]);
        check(Operation::RoundInt(100), &[x], &ints(&[Some(12_345_700), Some(-12_345_700), Some(0), Some(100)]));
    }
}
