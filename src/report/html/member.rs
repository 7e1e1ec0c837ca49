//! What a member of a dimension is called. Results have hours and weekdays as numbers; people have words for them.

use crate::judge::Row;
use crate::measure::Member;
use crate::model::Kpi;
use crate::model::expr::{RowFunction, RowKind};
use crate::report::words;

const DAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];

/// `9 – 10 u`, `maandag`, `Loket Noord`
pub fn name(kpi: &Kpi, dimension: &str, member: &Member) -> String {
    let plain = || words::clean(&member.label());
    let Member::Int(number) = member else { return plain() };
    match function(kpi, dimension) {
        Some(RowFunction::HourOf) => format!("{number} – {} u", number + 1),
        Some(RowFunction::WeekdayOf) => {
            let day = usize::try_from(*number).ok().and_then(|n| DAYS.get(n.checked_sub(1)?));
            day.map_or_else(plain, |day| (*day).to_owned())
        }
        _ => plain(),
    }
}

/// The members of a row: `maandag, Loket Noord`.
pub fn names(kpi: &Kpi, row: Option<&Row>) -> String {
    let members = row.map(|row| row.dimensions.as_slice()).unwrap_or_default();
    members.iter().map(|(dimension, member)| name(kpi, dimension, member)).collect::<Vec<_>>().join(", ")
}

/// The function that a dimension is.
fn function(kpi: &Kpi, dimension: &str) -> Option<RowFunction> {
    let found = kpi.dimensions.iter().find(|d| d.name == dimension)?;
    match found.exprs.iter().flatten().next().map(|e| &e.kind) {
        Some(RowKind::Function(function, _)) => Some(*function),
        _ => None,
    }
}
