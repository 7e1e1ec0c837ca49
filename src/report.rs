//! Result rows for people and programs: table, JSON, CSV, Markdown, a workbook. Pure: it calculates nothing, judges nothing
//! and touches no file.

#[cfg(feature = "engine")]
pub mod chart;
pub mod csv;
pub mod explain;
#[cfg(feature = "engine")]
pub mod graph;
#[cfg(feature = "engine")]
pub mod html;
pub mod input;
pub mod json;
pub mod markdown;
pub mod number;
#[cfg(test)]
pub(crate) mod sample;
pub mod sentence;
pub mod series;
pub mod table;
pub mod view;
pub mod words;
mod working_days;
#[cfg(feature = "engine")]
pub mod xlsx;
