//! `herhaald` and `vervolgd`: every row beside every other row. Knows rows; knows no periods and no KPIs.

use std::cmp::Ordering;

use chrono::Days;

use super::row::evaluate;
use super::value::Key;
use super::world::World;
use crate::calendar::{day_number, day_of};
use crate::model::expr::{Direction, Repeats, Window};
use crate::model::{TableId, Type, Value};

/// A row as the others see it.
struct Seen {
    at: i64,
    keys: Vec<Key>,
    /// The table's key, which orders rows of one moment.
    tie: Vec<Key>,
}

/// The answer of every row of a table, in their order.
pub(super) fn answers(world: &World<'_>, table: TableId, asked: &Repeats) -> Vec<Value> {
    let rows: Vec<Option<Seen>> = (0..world.row_count(table)).map(|row| see(world, table, row, asked)).collect();
    let answer = |row: &Option<Seen>| {
        let Some(row) = row else { return Value::Empty };
        Value::Bool(rows.iter().flatten().any(|other| meets(world, asked, row, other)))
    };
    rows.iter().map(answer).collect()
}

/// A row of the population; nothing for one outside it, or with an empty key or moment.
fn see(world: &World<'_>, table: TableId, row: usize, asked: &Repeats) -> Option<Seen> {
    if !asked.population.as_ref().is_none_or(|p| evaluate(world, table, row, p).is_yes()) {
        return None;
    }
    let Value::Int(at) = evaluate(world, table, row, &asked.axis).or_empty() else { return None };
    let keys: Vec<Value> = asked.keys.iter().map(|key| evaluate(world, table, row, key).or_empty()).collect();
    if keys.iter().any(Value::is_empty) {
        return None;
    }
    let tie = world.model().table(table).ties().into_iter();
    let tie = tie.map(|column| Key::new(world.cell(table, row, column).or_empty())).collect();
    Some(Seen { at, keys: keys.into_iter().map(Key::new).collect(), tie })
}

/// Whether `other` is the one that `row` looks for.
fn meets(world: &World<'_>, asked: &Repeats, row: &Seen, other: &Seen) -> bool {
    let order = (other.at, &other.tie).cmp(&(row.at, &row.tie));
    row.keys == other.keys
        && match asked.direction {
            Direction::Earlier => order == Ordering::Less && near(world, asked, other.at, row.at),
            Direction::Later => order == Ordering::Greater && near(world, asked, row.at, other.at),
        }
}

/// Whether the window reaches from one row to the other; its end is included.
fn near(world: &World<'_>, asked: &Repeats, earlier: i64, later: i64) -> bool {
    match asked.window {
        Window::Micros(length) => later - earlier <= length,
        Window::Days(days) if asked.axis.ty == Type::Date => later - earlier <= days,
        Window::Days(days) => match asked.direction {
            // From the first moment of the day that lies so many days back.
            Direction::Earlier => {
                let reach = Days::new(days.unsigned_abs());
                let first = world.zone().day(later).and_then(|day| day.checked_sub_days(reach));
                first.is_none_or(|day| world.zone().midnight(day) <= earlier)
            }
            // Through the last moment of the day that lies so many days ahead.
            Direction::Later => {
                let after = world.zone().day(earlier).and_then(|day| {
                    let number = i64::from(day_number(day)).saturating_add(days).saturating_add(1);
                    day_of(i32::try_from(number).ok()?)
                });
                after.is_none_or(|day| later < world.zone().midnight(day))
            }
        },
    }
}
