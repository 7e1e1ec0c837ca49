//! `werkvoorraad`: which rows are open when a period ends. Knows rows and periods; which rows count is not its business.

use super::formula::moment;
use super::world::World;
use crate::calendar::Period;
use crate::model::{Aggregate, RowKind, TableId, Type};

/// The moment at which a period's stock is taken: its end, or the peilmoment where that comes first. None for a period
/// that has not begun at the peilmoment.
fn taken(world: &World<'_>, period: &Period) -> Option<i64> {
    (period.start < world.peilmoment()).then(|| period.end.min(world.peilmoment()))
}

/// Whether a place on an axis comes before an instant. A day does when its first moment does.
fn before(world: &World<'_>, (at, ty): (i64, Type), instant: i64) -> bool {
    if ty != Type::Date {
        return at < instant;
    }
    let day = i32::try_from(at).ok().and_then(crate::calendar::day_of);
    day.is_some_and(|day| world.zone().midnight(day) < instant)
}

/// Whether a row has begun when the stock of a period is taken.
pub(super) fn begun(world: &World<'_>, table: TableId, row: usize, aggregate: &Aggregate, period: &Period) -> bool {
    let from = aggregate.on.as_ref().and_then(|on| moment(world, table, row, on));
    from.zip(taken(world, period)).is_some_and(|(from, taken)| before(world, from, taken))
}

/// Whether a row that has begun has not ended by then. One that ended before it began was never open.
pub(super) fn open(world: &World<'_>, table: TableId, row: usize, aggregate: &Aggregate, period: &Period) -> bool {
    let from = aggregate.on.as_ref().and_then(|on| moment(world, table, row, on));
    let until = match aggregate.arg.as_ref().map(|arg| &arg.kind) {
        Some(RowKind::Column(column)) => moment(world, table, row, column),
        _ => None,
    };
    let Some(until) = until else { return true };
    let backwards = from.is_some_and(|from| match (from, until) {
        ((from, Type::Date), (until, Type::Date)) => until < from,
        ((from, Type::Date), (until, _)) => day(world, until).is_some_and(|until| until < from),
        ((from, _), (until, Type::Date)) => day(world, from).is_some_and(|from| until < from),
        ((from, _), (until, _)) => until < from,
    });
    !backwards && taken(world, period).is_some_and(|taken| !before(world, until, taken))
}

/// The local day of an instant, as days since 1970.
fn day(world: &World<'_>, instant: i64) -> Option<i64> {
    world.zone().day(instant).map(|day| i64::from(crate::calendar::day_number(day)))
}
