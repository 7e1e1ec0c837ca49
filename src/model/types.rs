//! Types and units of the language (taal.md 3). A type is also a unit: durations compare with durations only.

use std::fmt;

/// The type of a column, an expression or a KPI's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Type {
    /// `tekst`
    Text,
    /// `ja_nee`
    Bool,
    /// `geheel`: also the type of counts
    Integer,
    /// `getal`
    Number,
    /// `bedrag` in euro
    Money,
    /// `datum`: a local calendar day
    Date,
    /// `tijdstip`: an instant
    Moment,
    /// `duur`: a difference of instants
    Duration,
    /// `dagen`: calendar days
    Days,
    /// `werkdagen`
    Workdays,
    /// `percentage`, 0–100
    Percentage,
    /// `procentpunt`: a difference of percentages
    PercentPoint,
    /// `score(1..10)`
    Score(f64, f64),
    /// The type of `leeg`-only or broken expressions: fits everything, so that one mistake gives one message.
    Unknown,
}

impl Type {
    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "tekst",
            Self::Bool => "ja_nee",
            Self::Integer => "geheel",
            Self::Number => "getal",
            Self::Money => "bedrag",
            Self::Date => "datum",
            Self::Moment => "tijdstip",
            Self::Duration => "duur",
            Self::Days => "dagen",
            Self::Workdays => "werkdagen",
            Self::Percentage => "percentage",
            Self::PercentPoint => "procentpunt",
            Self::Score(..) => "score",
            Self::Unknown => "onbekend",
        }
    }

    /// As it stands in a sentence: `een duur`, `een getal zonder eenheid`.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Text => "een tekst",
            Self::Bool => "een ja/nee-waarde",
            Self::Integer | Self::Number => "een getal zonder eenheid",
            Self::Money => "een bedrag",
            Self::Date => "een datum",
            Self::Moment => "een tijdstip",
            Self::Duration => "een duur",
            Self::Days => "een aantal dagen",
            Self::Workdays => "een aantal werkdagen",
            Self::Percentage => "een percentage",
            Self::PercentPoint => "een aantal procentpunten",
            Self::Score(..) => "een score",
            Self::Unknown => "een onbekende waarde",
        }
    }

    /// Plain numbers: counts, `getal` and scores, which compare and calculate with each other.
    #[must_use]
    pub fn is_plain_number(self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Score(..))
    }

    /// Everything that can be added up or averaged.
    #[must_use]
    pub fn is_quantity(self) -> bool {
        self.is_plain_number()
            || matches!(
                self,
                Self::Money | Self::Duration | Self::Days | Self::Workdays | Self::Percentage | Self::PercentPoint
            )
    }

    /// Whether values have an order, so that `<`, `minimum` and `tussen` make sense.
    #[must_use]
    pub fn is_ordered(self) -> bool {
        self.is_quantity() || matches!(self, Self::Date | Self::Moment)
    }
}

/// The unit of a KPI's value: its type, and `per` when it was scaled by `per 1000`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    pub ty: Type,
    pub per: Option<u64>,
}

impl Unit {
    #[must_use]
    pub fn of(ty: Type) -> Self {
        Self { ty, per: None }
    }
}

impl fmt::Display for Unit {
    /// The `eenheid` of results: `%`, `procentpunt`, `s`, `€`, `dagen`, `werkdagen`, `aantal`, `getal`, `score`,
    /// `per 1000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(n) = self.per {
            return match self.ty {
                Type::Money => write!(f, "€ per {n}"),
                Type::Duration => write!(f, "s per {n}"),
                _ => write!(f, "per {n}"),
            };
        }
        f.write_str(match self.ty {
            Type::Percentage => "%",
            Type::PercentPoint => "procentpunt",
            Type::Duration => "s",
            Type::Money => "€",
            Type::Days => "dagen",
            Type::Workdays => "werkdagen",
            Type::Integer => "aantal",
            Type::Score(..) => "score",
            Type::Number => "getal",
            Type::Text | Type::Bool | Type::Date | Type::Moment | Type::Unknown => self.ty.word(),
        })
    }
}
