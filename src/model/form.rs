//! How a KPI wants to be shown (`visualisatie`). Nothing is calculated from it and no definition hash follows it.

use super::expr::{RowExpr, RowFunction, RowKind};
use super::kpi::{AggFunc, Aggregate, Dimension, FormulaKind, Kpi};
use super::types::Type;

/// A form in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Values over time.
    Line,
    /// Bars from zero: over time, or members beside each other.
    Bar,
    /// One number.
    Figure,
    /// How the observations behind a mean or percentile are spread.
    Distribution,
    /// Hour of the day by day of the week.
    Heatmap,
    /// Figures only.
    None,
}

impl Form {
    pub const ALL: [Self; 6] = [Self::Line, Self::Bar, Self::Figure, Self::Distribution, Self::Heatmap, Self::None];

    /// The word in definitions.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Line => "lijn",
            Self::Bar => "staaf",
            Self::Figure => "kengetal",
            Self::Distribution => "verdeling",
            Self::Heatmap => "heatmap",
            Self::None => "geen",
        }
    }
}

/// The aggregate of which a distribution can be shown: the calculation is one mean, median, percentile, minimum or
/// maximum of a duration, of days or of working days, and not of groups.
#[must_use]
pub fn spread(kpi: &Kpi) -> Option<&Aggregate> {
    let FormulaKind::Aggregate(aggregate) = &kpi.formula()?.kind else { return None };
    let typical = matches!(
        aggregate.func,
        AggFunc::Mean | AggFunc::Median | AggFunc::Percentile(_) | AggFunc::Min | AggFunc::Max
    );
    let of_time =
        aggregate.arg.as_ref().is_some_and(|arg| matches!(arg.ty, Type::Duration | Type::Days | Type::Workdays));
    (typical && of_time && aggregate.per.is_none()).then_some(aggregate.as_ref())
}

/// The dimensions of a heatmap: hour of the day and day of the week.
#[must_use]
pub fn hour_and_weekday(kpi: &Kpi) -> Option<(&Dimension, &Dimension)> {
    let with = |wanted: RowFunction| {
        let is = |e: &RowExpr| matches!(&e.kind, RowKind::Function(f, _) if *f == wanted);
        kpi.dimensions.iter().find(|d| d.exprs.iter().flatten().any(is))
    };
    with(RowFunction::HourOf).zip(with(RowFunction::WeekdayOf))
}
