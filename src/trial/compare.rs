//! Results against what a toets expects: which row is meant, and whether its cells are what was written.

use super::Answers;
use crate::judge::Row;
use crate::model::Trial;
use crate::model::trial::{ExpectedRow, ResultKey, Want};
use crate::report::number::decimal;

/// What differs.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// No result row has this period and these members; the rows that there are, as text.
    NoRow { row: usize, there: Vec<String> },
    /// Without `periode` it is not clear which of these periods is meant.
    WhichPeriod { row: usize, periods: Vec<String> },
    /// A cell is something else; as a result shows it.
    Cell { row: usize, cell: usize, found: String },
}

impl Difference {
    /// The index of the expected row.
    #[must_use]
    pub fn row(&self) -> usize {
        match self {
            Self::NoRow { row, .. } | Self::WhichPeriod { row, .. } | Self::Cell { row, .. } => *row,
        }
    }
}

/// Everything that differs, in the order of the expected rows and cells.
#[must_use]
pub fn against(trial: &Trial, answers: &Answers) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (index, expected) in trial.expected.iter().enumerate() {
        match find(expected, index, answers) {
            Ok(row) => {
                for (cell, want) in expected.cells.iter().enumerate() {
                    if !fits(row, want.key, &want.want) {
                        differences.push(Difference::Cell {
                            row: index,
                            cell,
                            found: shown(row, want.key, &want.want),
                        });
                    }
                }
            }
            Err(difference) => differences.push(difference),
        }
    }
    differences
}

/// The result row that an expected row means.
pub(super) fn find<'r>(expected: &ExpectedRow, index: usize, answers: &'r Answers) -> Result<&'r Row, Difference> {
    let set: Vec<String> = expected.members.iter().map(|(name, _)| name.clone()).collect();
    let rows: Vec<&Row> = answers
        .get(&set)
        .into_iter()
        .flatten()
        .filter(|row| row.dimensions.len() == set.len() && row.dimensions.iter().map(|(n, _)| n).eq(set.iter()))
        .collect();
    let members =
        |row: &Row| row.dimensions.iter().map(|(_, m)| m.label()).eq(expected.members.iter().map(|(_, m)| m.clone()));
    let there = || rows.iter().map(|row| place(row)).collect();
    let of_members: Vec<&&Row> = rows.iter().filter(|row| members(row)).collect();
    match (&expected.period, of_members.as_slice()) {
        (Some(period), list) => list
            .iter()
            .find(|row| row.period == period.label)
            .map(|row| **row)
            .ok_or_else(|| Difference::NoRow { row: index, there: there() }),
        (None, [only]) => Ok(only),
        (None, []) => Err(Difference::NoRow { row: index, there: there() }),
        (None, several) => {
            let periods = several.iter().map(|row| row.period.clone()).collect();
            Err(Difference::WhichPeriod { row: index, periods })
        }
    }
}

/// `2026-01 · inloop`
#[must_use]
pub fn place(row: &Row) -> String {
    let members = row.dimensions.iter().map(|(_, m)| m.label());
    std::iter::once(row.period.clone()).chain(members).collect::<Vec<_>>().join(" · ")
}

/// The cell of a result.
enum Found {
    Empty,
    Number(f64),
    Text(String),
    Words(Vec<String>),
}

fn found(row: &Row, key: ResultKey) -> Found {
    let number = |x: Option<f64>| x.map_or(Found::Empty, Found::Number);
    #[expect(clippy::cast_precision_loss, reason = "a count of rows is far below 2^53")]
    let count = |n: Option<u64>| n.map_or(Found::Empty, |n| Found::Number(n as f64));
    match key {
        ResultKey::Version => row.version.map_or(Found::Empty, |d| Found::Text(d.to_string())),
        ResultKey::Period => Found::Text(row.period.clone()),
        ResultKey::PeriodFrom => Found::Text(row.period_from.to_string()),
        ResultKey::PeriodUntil => Found::Text(row.period_until.to_string()),
        ResultKey::Value => number(row.value),
        ResultKey::Unit => Found::Text(row.unit.clone()),
        ResultKey::Numerator => number(row.numerator),
        ResultKey::Denominator => number(row.denominator),
        ResultKey::N => count(row.n),
        ResultKey::NEmpty => count(row.n_empty),
        ResultKey::Lower => number(row.lower),
        ResultKey::Upper => number(row.upper),
        ResultKey::Norm => row.norm.clone().map_or(Found::Empty, Found::Text),
        ResultKey::NormKind => Found::Text(row.norm_kind.to_owned()),
        ResultKey::Distance => number(row.distance),
        ResultKey::Status => Found::Text(row.status.word().to_owned()),
        ResultKey::Marks if row.marks.is_empty() => Found::Empty,
        ResultKey::Marks => Found::Words(row.marks.iter().map(|m| m.mark.clone()).collect()),
        ResultKey::SeriesBreak => Found::Text(if row.series_break { "ja" } else { "nee" }.to_owned()),
    }
}

fn fits(row: &Row, key: ResultKey, want: &Want) -> bool {
    match (want, found(row, key)) {
        (Want::Empty, found) => matches!(found, Found::Empty),
        (Want::Number { number, scale, decimals }, Found::Number(x)) => {
            without_minus_zero(&decimal(x / scale, *decimals)) == without_minus_zero(&decimal(*number, *decimals))
        }
        (Want::Text(text), Found::Text(found)) => squeezed(text) == squeezed(&found),
        (Want::Date(day), Found::Text(found)) => day.to_string() == found,
        (Want::Bool(value), Found::Text(found)) => (if *value { "ja" } else { "nee" }) == found,
        (Want::Words(words), Found::Words(found)) => {
            let sorted = |list: &[String]| {
                let mut list = list.to_vec();
                list.sort();
                list.dedup();
                list
            };
            sorted(words) == sorted(&found)
        }
        _ => false,
    }
}

/// Spaces do not matter: `>=80%` is `>= 80%`.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn without_minus_zero(text: &str) -> &str {
    let zero = text.chars().all(|c| matches!(c, '-' | '0' | ',' | '.'));
    if zero { text.trim_start_matches('-') } else { text }
}

/// The found cell, in the way in which the expected one is written: with a point, in its unit, and with as many decimals
/// as it takes to see the difference.
fn shown(row: &Row, key: ResultKey, want: &Want) -> String {
    match found(row, key) {
        Found::Empty => "leeg".to_owned(),
        Found::Text(text) => text,
        Found::Words(words) => words.join(", "),
        Found::Number(x) => {
            let (scale, decimals) = match want {
                Want::Number { scale, decimals, .. } => (*scale, (*decimals).max(4)),
                _ => (1.0, 4),
            };
            let text = decimal(x / scale, decimals).replace('.', "").replace(',', ".");
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Status;
    use crate::model::trial::STATUSES;

    #[test]
    fn every_status_can_be_expected() {
        for status in Status::ALL {
            assert!(STATUSES.contains(&status.word()), "{status:?}");
        }
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(without_minus_zero("-0,00"), "0,00");
        assert_eq!(without_minus_zero("-0,01"), "-0,01");
    }

    #[test]
    fn spaces_do_not_matter() {
        assert_eq!(squeezed(">= 80 %"), squeezed(">=80%"));
    }
}
