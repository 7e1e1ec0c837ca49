//! Result rows as a table for the terminal: periods across, KPIs down, what is wrong first, and below it the counts and
//! what to do next. It calculates nothing and judges nothing, knows no engine, no clock and no files, and prints nothing.
//!
//! `layout` puts text in columns, `block` makes the lines of one period kind and `closing` those below.

mod block;
mod closing;
pub(super) mod layout;

pub(super) use block::notes;
pub(super) use closing::{counts, left_out};

use super::words::clean;
use super::{series, words};
pub use super::{series::Group, words::Heading};
use crate::judge::Row;
use layout::{Paint, Tone, wrap};

/// A KPI that was asked and not calculated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub kpi: String,
    pub why: SkipReason,
}

/// Why it was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// Sources without any data behind them, by name; and the tables without of sources that have some.
    NotConnected { sources: Vec<String>, tables: Vec<String> },
    /// In words, lower case and without a final stop.
    Other(String),
}

/// How to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether to write ANSI colours; no meaning is in colour alone.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Rows of members too, under their total.
    pub by_members: bool,
}

/// The narrowest table that is still one.
const NARROWEST: usize = 60;

/// The whole text, ending with a line end.
#[must_use]
pub fn table(rows: &[Row], heading: &Heading, groups: &[Group], skipped: &[Skipped], look: Look) -> String {
    let look = Look { width: look.width.max(NARROWEST), ..look };
    let paint = Paint { on: look.color };
    let mut out = String::new();
    for line in wrap(&clean(&words::heading(heading)), look.width) {
        out.extend([paint.with(Tone::Title, &line).as_str(), "\n"]);
    }
    let blocks = series::blocks(rows, groups);
    for block in &blocks {
        out.push('\n');
        out.push_str(&block::draw(block, look));
    }
    out.push('\n');
    out.push_str(&closing::draw(&blocks, groups, skipped, look));
    out
}

#[cfg(test)]
mod tests;
