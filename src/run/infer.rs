//! Proposes a `bronsysteem` from a file or folder: reads all rows once, as they are, and says of each column what it seems
//! to be and on what evidence. A proposal, to be read and changed by the author; no value of a column that looks personal
//! stands in it. Knows formats and texts, no engine plans and no KPIs.

mod guess;
mod names;
mod personal;
mod profile;
mod raw;
mod shape;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeSet;

use super::source::{Connection, SourceError};
pub use guess::Guess;
pub use profile::{Cell, Column};
pub use write::{Names, text};

/// What was found in a source.
#[derive(Debug)]
pub struct Found {
    pub rows: u64,
    pub columns: Vec<Guess>,
    /// Indices of the columns that are filled and together different in every row; empty where none were found.
    pub key: Vec<usize>,
    /// Index of the column that says when a row happened.
    pub axis: Option<usize>,
    /// What the settings of the connection must say: `codering: windows-1252`.
    pub settings: Vec<(&'static str, String)>,
    /// What could not become a column, in words.
    pub remarks: Vec<String>,
}

/// Combinations of two columns that are tried as a key where none is one by itself.
const PAIRS: usize = 15;

/// Looks at a source. `progress` is told the number of rows now and then.
///
/// # Errors
/// What is wrong with the source: it is not there, damaged, empty, ….
pub fn look(path: &str, connection: &Connection, progress: &dyn Fn(u64)) -> Result<Found, SourceError> {
    let source = raw::Source::open(path, connection)?;
    let mut columns: Vec<Column> = source.columns().map(Column::new).collect();
    let mut rows = 0;
    source.visit(&mut |cells| {
        rows += 1;
        if rows % 65_536 == 0 {
            progress(rows);
        }
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.add(cell);
        }
    })?;
    let mut found = guess::guess(rows, &columns, source.kind());
    found.settings.splice(0..0, source.settings());
    found.remarks = source.remarks();
    if found.key.is_empty() && rows > 0 {
        found.key = pair(&source, &columns, &found)?;
    }
    Ok(found)
}

/// Two columns that are together different in every row.
fn pair(source: &raw::Source, columns: &[Column], found: &Found) -> Result<Vec<usize>, SourceError> {
    let mut open: Vec<(Vec<usize>, BTreeSet<u64>)> =
        guess::pairs(columns, found).into_iter().take(PAIRS).map(|pair| (pair, BTreeSet::new())).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    source.visit(&mut |cells| {
        open.retain_mut(|(pair, seen)| seen.insert(profile::hash(pair.iter().filter_map(|&at| cells.get(at)))));
    })?;
    Ok(open.into_iter().next().map(|(pair, _)| pair).unwrap_or_default())
}
