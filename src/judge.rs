//! From values to verdicts: norm, status and marks, over the whole result set at once. Pure: no engine, no clock, no files.

pub mod row;

pub use row::{Mark, Row, Status};
