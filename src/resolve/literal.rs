//! Literals to typed values in their physical form (`model/expr.rs`). Decimals are exact up to there.

use crate::calendar::{HOUR, MINUTE, SECOND, Zone, day_number};
use crate::diagnostic::Diagnostic;
use crate::model::{Type, Value};
use crate::source::Span;
use crate::syntax::ast::{Literal, TypeName, TypeWord, Unit};

use super::echo::unit_word;

/// Digits that a number may have.
const DIGITS: usize = 30;

/// A literal as a value with its type.
pub(super) fn literal(literal: &Literal, span: Span, zone: Zone) -> Result<(Value, Type), Box<Diagnostic>> {
    let too_big = || Box::new(Diagnostic::error("ML211", "dit getal is te groot om mee te rekenen").at(span));
    let whole = |text: &str, times: i128, what: &str| -> Result<i64, Box<Diagnostic>> {
        let number = Decimal::read(text).ok_or_else(too_big)?;
        let n = number.exact(times).ok_or_else(|| {
            Diagnostic::error("ML211", format!("`{text}` is geen heel aantal {what}"))
                .at(span)
                .help(format!("schrijf een geheel getal: {what} zijn niet te delen"))
        })?;
        i64::try_from(n).map_err(|_| too_big())
    };
    let float = |text: &str| -> Result<f64, Box<Diagnostic>> {
        text.parse().ok().filter(|x: &f64| x.is_finite() && x.abs() < 1e15).ok_or_else(too_big)
    };
    let duration = |text: &str, unit: i64| -> Result<i64, Box<Diagnostic>> {
        let number = Decimal::read(text).ok_or_else(too_big)?;
        let micros = number.rounded(i128::from(unit)).ok_or_else(too_big)?;
        // Far more than any data holds, and far from overflow when durations are added to moments.
        i64::try_from(micros).ok().filter(|n| n.abs() < i64::MAX / 64).ok_or_else(too_big)
    };
    Ok(match literal {
        Literal::Text(text) => (Value::Text(text.clone()), Type::Text),
        Literal::Bool(value) => (Value::Bool(*value), Type::Bool),
        Literal::Number(text) if text.contains('.') => (Value::Float(float(text)?), Type::Number),
        Literal::Number(text) => (Value::Int(whole(text, 1, "getallen")?), Type::Integer),
        Literal::Date(day) => (Value::Int(i64::from(day_number(*day))), Type::Date),
        Literal::Moment(local) => (Value::Int(zone.instant(*local)), Type::Moment),
        Literal::Percent(text) => (Value::Float(float(text)?), Type::Percentage),
        Literal::Money(text) => {
            let amount = Decimal::read(text).ok_or_else(too_big)?;
            let amount = amount.exact(crate::model::expr::MONEY_SCALE).ok_or_else(|| {
                Diagnostic::error("ML211", format!("`€ {text}` heeft meer dan vier decimalen"))
                    .at(span)
                    .help("een bedrag wordt tot op een honderdste cent bijgehouden: rond het af")
            })?;
            if amount.abs() > i128::from(i64::MAX) {
                return Err(too_big());
            }
            (Value::Money(amount), Type::Money)
        }
        Literal::Quantity(text, unit) => match unit {
            Unit::Seconds => (Value::Int(duration(text, SECOND)?), Type::Duration),
            Unit::Minutes => (Value::Int(duration(text, MINUTE)?), Type::Duration),
            Unit::Hours => (Value::Int(duration(text, HOUR)?), Type::Duration),
            Unit::Days => (Value::Int(whole(text, 1, unit_word(*unit))?), Type::Days),
            Unit::Weeks => (Value::Int(whole(text, 7, unit_word(*unit))?), Type::Days),
            Unit::Workdays => (Value::Int(whole(text, 1, unit_word(*unit))?), Type::Workdays),
            Unit::PercentPoint => (Value::Float(float(text)?), Type::PercentPoint),
            Unit::Months => {
                return Err(Diagnostic::error("ML211", "een maand heeft geen vaste lengte en is hier geen eenheid")
                    .at(span)
                    .help("schrijf `dagen` of `weken`; een datum schuift wel maanden op: `datum + 12 maanden`")
                    .into());
            }
        },
    })
}

/// The type of a type word; a word that is none gives a diagnostic.
pub(super) fn type_of(name: &TypeName) -> Result<Type, Box<Diagnostic>> {
    const WORDS: [&str; 13] = [
        "tekst",
        "ja_nee",
        "geheel",
        "getal",
        "bedrag",
        "datum",
        "tijdstip",
        "duur",
        "dagen",
        "werkdagen",
        "percentage",
        "procentpunt",
        "score",
    ];
    Ok(match &name.kind {
        TypeWord::Text => Type::Text,
        TypeWord::YesNo => Type::Bool,
        TypeWord::Integer => Type::Integer,
        TypeWord::Number => Type::Number,
        TypeWord::Money => Type::Money,
        TypeWord::Date => Type::Date,
        TypeWord::Moment => Type::Moment,
        TypeWord::Duration => Type::Duration,
        TypeWord::Days => Type::Days,
        TypeWord::Workdays => Type::Workdays,
        TypeWord::Percentage => Type::Percentage,
        TypeWord::PercentPoint => Type::PercentPoint,
        TypeWord::Score(low, high) if low < high => Type::Score(*low, *high),
        TypeWord::Score(low, high) => {
            return Err(Diagnostic::error("ML211", format!("`score({low}..{high})` loopt niet van laag naar hoog"))
                .at(name.span)
                .help("schrijf het laagste cijfer eerst, bijvoorbeeld `score(1..10)`")
                .into());
        }
        TypeWord::Unknown(word) => {
            let foreign = match word.to_lowercase().as_str() {
                "string" | "text" | "varchar" | "str" => Some("tekst"),
                "int" | "integer" | "bigint" => Some("geheel"),
                "decimal" | "float" | "double" | "number" | "nummer" | "numeriek" => Some("getal"),
                "bool" | "boolean" | "janee" => Some("ja_nee"),
                "date" => Some("datum"),
                "timestamp" | "datetime" | "tijd" | "datumtijd" => Some("tijdstip"),
                "interval" | "duration" => Some("duur"),
                "euro" | "geld" | "money" => Some("bedrag"),
                "cijfer" => Some("score"),
                _ => crate::diagnostic::suggest::nearest(word, WORDS),
            };
            let unknown = Diagnostic::error("ML120", format!("`{word}` is geen type")).at(name.span);
            return Err(Box::new(match foreign {
                Some("score") => unknown.help("bedoelde u `score(1..10)`?").replace(name.span, "score(1..10)"),
                Some(near) => unknown.help(format!("bedoelde u `{near}`?")).replace(name.span, near),
                None => unknown.help(format!("de types zijn {}", WORDS.join(", "))),
            }));
        }
    })
}

/// A decimal number: `digits / 10^scale`.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if whole.len() + fraction.len() > DIGITS {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits: sign * digits, scale: u32::try_from(fraction.len()).ok()? })
    }

    /// `times` this number, when that is whole.
    fn exact(self, times: i128) -> Option<i128> {
        let (n, d) = (self.digits.checked_mul(times)?, 10_i128.checked_pow(self.scale)?);
        (n % d == 0).then_some(n / d)
    }

    /// `times` this number, rounded half away from zero.
    fn rounded(self, times: i128) -> Option<i128> {
        let (n, d) = (self.digits.checked_mul(times)?, 10_i128.checked_pow(self.scale)?);
        Some((n + n.signum() * d / 2) / d)
    }
}
