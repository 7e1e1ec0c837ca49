//! Result rows for people and programs: table, JSON, CSV, Markdown, a workbook. Pure: it calculates nothing, judges nothing
//! and touches no file.

pub mod csv;
pub mod explain;
pub mod input;
pub mod json;
pub mod markdown;
pub mod number;
#[cfg(test)]
mod sample;
pub mod series;
pub mod table;
pub mod words;
mod working_days;
#[cfg(feature = "engine")]
pub mod xlsx;
