//! The rows of a toets in full: repeated as often as it says, and with made-up values where a column may not be empty
//! and was not given. The same toets gives the same rows, always.

use crate::calendar::{HOUR, SECOND, day_number, first_day, last_day};
use crate::interpret::Data;
use crate::model::expr::MONEY_SCALE;
use crate::model::table::ValidRows;
use crate::model::trial::Given;
use crate::model::{Column, ColumnKind, Model, Table, Trial, Type, Value};

/// All given tables in full; a table that is not given is not here.
pub(super) fn data(model: &Model, trial: &Trial) -> Data {
    let mut data = Data::default();
    for given in &trial.given {
        data.tables.insert(given.table, rows(model, trial, given));
    }
    data
}

/// The rows of one given table, each with a value per column of the table.
#[must_use]
pub fn rows(model: &Model, trial: &Trial, given: &Given) -> Vec<Vec<Value>> {
    let table = model.table(given.table);
    let first = first_moment(model, trial);
    let mut rows = Vec::new();
    for row in &given.rows {
        for _ in 0..row.times {
            let number = i64::try_from(rows.len()).unwrap_or(i64::MAX - 1).saturating_add(1);
            let told = |column: usize| {
                let place = given.columns.iter().position(|c| *c == column)?;
                row.values.get(place)?.clone()
            };
            // The moment of a row is its meetmoment, where that is given.
            let moment = table.axis.and_then(|axis| match (told(axis), table.columns.get(axis)?.ty) {
                (Some(Value::Int(day)), Type::Date) => {
                    i32::try_from(day).ok().and_then(crate::calendar::day_of).map(|day| model.zone.midnight(day))
                }
                (Some(Value::Int(at)), _) => Some(at),
                _ => None,
            });
            let moment = moment.unwrap_or_else(|| first.saturating_add(number.saturating_mul(SECOND)));
            let values = table.columns.iter().enumerate().map(|(index, column)| {
                told(index).unwrap_or_else(|| made(model, table, index, column, number, moment))
            });
            rows.push(values.collect());
        }
    }
    rows
}

/// The columns of a given table that get made-up values in some row.
#[must_use]
pub fn made_up<'m>(table: &'m Table, given: &Given) -> Vec<&'m Column> {
    let columns = table.columns.iter().enumerate().filter(|(index, column)| {
        let place = given.columns.iter().position(|c| c == index);
        let whole = place.is_some_and(|p| given.rows.iter().all(|row| matches!(row.values.get(p), Some(Some(_)))));
        matches!(column.kind, ColumnKind::Stored { .. }) && !column.nullable && !whole
    });
    columns.map(|(_, column)| column).collect()
}

/// Noon of the first day that the toets expects something of; of 1 January 2026 where it names none.
fn first_moment(model: &Model, trial: &Trial) -> i64 {
    let days = trial.expected.iter().filter_map(|row| row.period.as_ref()?.start);
    let day = days.min().or_else(|| chrono::NaiveDate::from_ymd_opt(2026, 1, 1)).unwrap_or_default();
    model.zone.midnight(day) + 12 * HOUR
}

/// A value for a column that was not given. Rows that are valid for a time are so from of old, for ever.
fn made(model: &Model, table: &Table, index: usize, column: &Column, number: i64, moment: i64) -> Value {
    let end = |of: fn(ValidRows) -> usize| table.valid.is_some_and(|valid| of(valid) == index);
    let moment = match (end(|valid| valid.from), end(|valid| valid.until)) {
        (true, _) => model.zone.midnight(first_day()),
        (_, true) => model.zone.midnight(last_day()),
        _ => moment,
    };
    invented(model, column, number, moment)
}

/// A value for a column that was not given: empty where that may be.
fn invented(model: &Model, column: &Column, number: i64, moment: i64) -> Value {
    if column.nullable || !matches!(column.kind, ColumnKind::Stored { .. }) {
        return Value::Empty;
    }
    if let Some(first) = column.values.as_ref().and_then(|values| values.first())
        && !column.key
    {
        return first.clone();
    }
    match column.ty {
        Type::Text | Type::Unknown => Value::Text(format!("#{number}")),
        Type::Bool => Value::Bool(false),
        Type::Integer | Type::Days | Type::Workdays => Value::Int(number),
        Type::Duration => Value::Int(number.saturating_mul(SECOND)),
        Type::Money => Value::Money(i128::from(number) * MONEY_SCALE),
        Type::Score(low, _) => Value::Float(low),
        Type::Number | Type::Percentage | Type::PercentPoint => Value::Float(float(number)),
        Type::Moment => Value::Int(moment),
        Type::Date => Value::Int(model.zone.day(moment).map_or(0, |day| i64::from(day_number(day)))),
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are 100,000 rows at most")]
fn float(number: i64) -> f64 {
    number as f64
}
