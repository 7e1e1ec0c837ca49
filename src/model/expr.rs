//! Row expressions: what is calculated from one row of a table (and the rows its n:1 relations point at).
//!
//! Physical form of values, by type:
//!
//! | type | [`Value`] |
//! |---|---|
//! | `tekst` | `Text` |
//! | `ja_nee` | `Bool` |
//! | `geheel`, `dagen`, `werkdagen` | `Int` |
//! | `datum` | `Int`: days since 1970-01-01 |
//! | `tijdstip` | `Int`: microseconds since 1970-01-01 00:00 UTC |
//! | `duur` | `Int`: microseconds |
//! | `bedrag` | `Money`: ten-thousandths of a euro |
//! | `getal`, `score`, `percentage`, `procentpunt` | `Float` (a percentage as 0–100) |

use super::calendar::CalendarId;
use super::dimension::{Level, SharedId};
use super::types::Type;
use crate::source::Span;

/// A value of a cell or a constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Empty,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Ten-thousandths of a euro.
    Money(i128),
    Text(String),
}

/// Ten-thousandths in a euro.
pub const MONEY_SCALE: i128 = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A column seen from a row: through the relations of `via` (each the index of a relation column in the table reached
/// so far), then the column's index in the last table. A relation that points at nothing gives an empty value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnRef {
    pub via: Vec<usize>,
    pub column: usize,
}

impl ColumnRef {
    /// A column of the row's own table.
    #[must_use]
    pub fn own(column: usize) -> Self {
        Self { via: Vec::new(), column }
    }
}

/// A typed expression over one row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowExpr {
    pub kind: RowKind,
    pub ty: Type,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum RowKind {
    Column(ColumnRef),
    Constant(Value),
    /// The moment of judgement, a `tijdstip`.
    Peilmoment,
    Not(Box<RowExpr>),
    Negate(Box<RowExpr>),
    /// Two or more; three-valued: one `nee` makes `nee`, otherwise one empty makes empty.
    And(Vec<RowExpr>),
    /// Two or more; three-valued: one `ja` makes `ja`, otherwise one empty makes empty.
    Or(Vec<RowExpr>),
    /// Empty when a side is empty. Both sides have one physical form, except that `Int` and `Float` may meet.
    Compare(Comparison, Box<RowExpr>, Box<RowExpr>),
    /// Empty when a side is empty, and for a division by zero. See [`arithmetic_type`] for the types.
    Arithmetic(Arithmetic, Box<RowExpr>, Box<RowExpr>),
    /// `x in (…)`: constants, none of them empty; an empty x gives empty.
    In(Box<RowExpr>, Vec<Value>),
    /// `is leeg` (`false`) or `is gevuld` (`true`); never empty.
    Filled(Box<RowExpr>, bool),
    /// `als(v, a, b)`: an empty v takes b.
    If(Box<RowExpr>, Box<RowExpr>, Box<RowExpr>),
    /// `eerste_gevuld(…)`
    Coalesce(Vec<RowExpr>),
    Function(RowFunction, Vec<RowExpr>),
    /// `tijdig(done, uiterlijk due)`. The peilmoment is the end of what is known, exclusive: a due moment at or after it
    /// has not passed. Then the row is *nog niet te beoordelen*, and leaves the aggregate around it (numerator and
    /// denominator) together with any condition around this one. Otherwise empty
    /// when due is empty, `ja` when done at or before due, `nee` when later or still open. A `datum` as due includes
    /// its whole day: its due moment is the next local midnight, exclusive; against a `datum` done, days compare.
    Timely {
        done: Box<RowExpr>,
        due: Box<RowExpr>,
    },
    /// The member of a shared dimension that a text spells (its group at that level); a spelling of none is a member of
    /// its own. Empty when the text is empty or blank.
    Member(SharedId, Level, Box<RowExpr>),
    /// `herhaald(…)` and `vervolgd(…)`
    Repeats(Box<Repeats>),
}

/// `herhaald(key…, binnen window)`: whether an earlier row of the population with the same keys lies within the window
/// before this one; `vervolgd`: a later one within the window after it. Rows are in order of their moment, those of one
/// moment in that of the table's key. Empty where a key or the moment is empty, and for a row outside the population.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeats {
    pub direction: Direction,
    /// One or more, of types that can be compared exactly (no `getal`, `score`, `percentage`).
    pub keys: Vec<RowExpr>,
    pub window: Window,
    /// The moment of a row: the axis of the source use, a `datum` or `tijdstip`.
    pub axis: RowExpr,
    /// The `waarbij` of the source use.
    pub population: Option<RowExpr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `herhaald`
    Earlier,
    /// `vervolgd`
    Later,
}

/// How far a row looks; the end is included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// Calendar days: from the beginning of the day that lies so many days before a row's own, through the end of the
    /// day that lies so many days after it.
    Days(i64),
    /// µs; of a `tijdstip` only.
    Micros(i64),
}

impl Direction {
    /// The name in the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Earlier => "herhaald",
            Self::Later => "vervolgd",
        }
    }
}

impl Repeats {
    /// The same question with other expressions in it.
    #[must_use]
    pub fn map(&self, mut each: impl FnMut(&RowExpr) -> RowExpr) -> Self {
        Self {
            direction: self.direction,
            keys: self.keys.iter().map(&mut each).collect(),
            window: self.window,
            axis: each(&self.axis),
            population: self.population.as_ref().map(each),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowFunction {
    /// `datum(t)`: the local day of a `tijdstip` (of a `datum`: itself)
    DateOf,
    /// `uur(t)`: 0–23, local
    HourOf,
    /// `weekdag(t)`: 1 = Monday … 7 = Sunday, local
    WeekdayOf,
    /// `week(t)`: ISO week number 1–53
    WeekOf,
    /// `maand(t)`: 1–12
    MonthOf,
    /// `kleinste(a, b, …)`: empty when one is empty
    Least,
    /// `grootste(a, b, …)`: empty when one is empty
    Greatest,
    /// `afronden(x, n)`: half away from zero, n decimals (a constant 0–6)
    Round,
    /// `begint_met(t, "x")`
    StartsWith,
    /// `bevat(t, "x")`
    Contains,
    /// `werkdagen(a, b)`: working days after the day of a up to and including the day of b (`datum` or `tijdstip` each);
    /// negative when b precedes a. Never empty by itself, like the three below.
    Workdays(CalendarId),
    /// `werktijd(a, b)`: the time inside opening hours from one `tijdstip` to another; negative when b precedes a
    WorkingTime(CalendarId),
    /// `d + 5 werkdagen`: of a `datum` and a number, the working day so many further (back where negative); d for 0
    AddWorkdays(CalendarId),
    /// `d + 12 maanden`: of a `datum` and a number, the same day so many months further, or the month's last
    AddMonths,
}

impl RowFunction {
    /// The name in the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DateOf => "datum",
            Self::HourOf => "uur",
            Self::WeekdayOf => "weekdag",
            Self::WeekOf => "week",
            Self::MonthOf => "maand",
            Self::Least => "kleinste",
            Self::Greatest => "grootste",
            Self::Round => "afronden",
            Self::StartsWith => "begint_met",
            Self::Contains => "bevat",
            Self::Workdays(_) => "werkdagen",
            Self::WorkingTime(_) => "werktijd",
            Self::AddWorkdays(_) => "+ werkdagen",
            Self::AddMonths => "+ maanden",
        }
    }

    /// The calendar by which it counts, if it does.
    #[must_use]
    pub fn calendar(self) -> Option<CalendarId> {
        match self {
            Self::Workdays(id) | Self::WorkingTime(id) | Self::AddWorkdays(id) => Some(id),
            _ => None,
        }
    }
}

impl RowExpr {
    /// The parts of an expression that are about its own row: of a `herhaald` the keys.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            RowKind::Column(_) | RowKind::Constant(_) | RowKind::Peilmoment => Vec::new(),
            RowKind::Not(x)
            | RowKind::Negate(x)
            | RowKind::Filled(x, _)
            | RowKind::In(x, _)
            | RowKind::Member(_, _, x) => vec![x],
            RowKind::And(list) | RowKind::Or(list) | RowKind::Coalesce(list) | RowKind::Function(_, list) => {
                list.iter().collect()
            }
            RowKind::Compare(_, a, b) | RowKind::Arithmetic(_, a, b) => vec![a, b],
            RowKind::If(c, a, b) => vec![c, a, b],
            RowKind::Timely { done, due } => vec![done, due],
            RowKind::Repeats(repeats) => repeats.keys.iter().collect(),
        }
    }

    /// The parts of an expression, to be changed; in the order of [`Self::children`].
    #[must_use]
    pub fn children_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.kind {
            RowKind::Column(_) | RowKind::Constant(_) | RowKind::Peilmoment => Vec::new(),
            RowKind::Not(x)
            | RowKind::Negate(x)
            | RowKind::Filled(x, _)
            | RowKind::In(x, _)
            | RowKind::Member(_, _, x) => vec![x],
            RowKind::And(list) | RowKind::Or(list) | RowKind::Coalesce(list) | RowKind::Function(_, list) => {
                list.iter_mut().collect()
            }
            RowKind::Compare(_, a, b) | RowKind::Arithmetic(_, a, b) => vec![a, b],
            RowKind::If(c, a, b) => vec![c, a, b],
            RowKind::Timely { done, due } => vec![done, due],
            RowKind::Repeats(repeats) => repeats.keys.iter_mut().collect(),
        }
    }

    /// Calls `visit` for this expression and everything in it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }
}

/// The type of `a op b`, or nothing when these two do not go together:
///
/// - `tijdstip - tijdstip` is `duur`, `datum - datum` is `dagen`; `tijdstip ± duur`, `datum ± dagen`;
/// - like ± like for durations, days, working days, amounts, numbers; a percentage minus a percentage is `procentpunt`,
///   and ± `procentpunt` keeps the percentage;
/// - a duration, amount or percentage × or ÷ a plain number keeps its unit (durations and amounts are rounded to their
///   smallest part, half away from zero); days only × `geheel`; `geheel / geheel` is `getal`;
/// - two of one unit divided give a `getal`.
#[must_use]
pub fn arithmetic_type(op: Arithmetic, a: Type, b: Type) -> Option<Type> {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    use Type::{Date, Days, Duration, Integer, Moment, Money, Number, PercentPoint, Percentage, Unknown, Workdays};
    if a == Unknown || b == Unknown {
        return Some(Unknown);
    }
    let plain = a.is_plain_number() && b.is_plain_number();
    Some(match op {
        Add | Subtract if plain => {
            if a == Integer && b == Integer {
                Integer
            } else {
                Number
            }
        }
        Multiply if a == Integer && b == Integer => Integer,
        Multiply | Divide if plain => Number,
        Subtract if a == Moment && b == Moment => Duration,
        Subtract if a == Date && b == Date => Days,
        Add | Subtract if a == Moment && b == Duration => Moment,
        Add if a == Duration && b == Moment => Moment,
        Add | Subtract if a == Date && b == Days => Date,
        Add if a == Days && b == Date => Date,
        Subtract if a == Percentage && b == Percentage => PercentPoint,
        Add | Subtract if a == Percentage && b == PercentPoint => Percentage,
        Add if a == PercentPoint && b == Percentage => Percentage,
        Add | Subtract if a == b && matches!(a, Duration | Days | Workdays | Money | Percentage | PercentPoint) => a,
        Multiply if matches!(a, Duration | Money | Percentage | PercentPoint) && b.is_plain_number() => a,
        Multiply if a.is_plain_number() && matches!(b, Duration | Money | Percentage | PercentPoint) => b,
        Multiply if matches!(a, Days | Workdays) && b == Integer => a,
        Multiply if a == Integer && matches!(b, Days | Workdays) => b,
        Divide if matches!(a, Duration | Money | Percentage | PercentPoint) && b.is_plain_number() => a,
        Divide if a == b && matches!(a, Duration | Money | Days | Workdays | Percentage | PercentPoint) => Number,
        _ => return None,
    })
}

impl Value {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

impl Comparison {
    /// The sign in the language.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }
}

impl Arithmetic {
    /// The sign in the language.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}
