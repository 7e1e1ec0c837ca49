//! Meetlat: definitions of KPIs of Dutch municipalities, checked, calculated and explained.

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
pub mod plan;
#[cfg(feature = "engine")]
pub mod pipeline;
pub mod report;
pub mod resolve;
#[cfg(feature = "engine")]
pub mod run;
pub mod source;
pub mod syntax;
