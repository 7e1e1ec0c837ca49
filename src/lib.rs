//! Meetlat: from definitions of KPIs to numbers. The pipeline and its layers stand in docs; `cli` is the entry.

pub mod calendar;
pub mod check;
pub mod cli;
pub mod combine;
pub mod diagnostic;
pub mod interpret;
pub mod judge;
pub mod library;
pub mod measure;
pub mod model;
#[cfg(feature = "engine")]
pub mod pipeline;
#[cfg(feature = "engine")]
pub mod plan;
pub mod report;
pub mod resolve;
#[cfg(feature = "engine")]
pub mod run;
pub mod source;
pub mod syntax;
