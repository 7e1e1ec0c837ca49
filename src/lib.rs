//! Meetlat: a compiler and runner for KPI definitions.
//!
//! ```text
//! .kpi / .yaml ─ syntax ─ resolve ─ check ─ measure ─ plan ─ run ─ combine ─ judge ─ report
//! ```
//!
//! | phase | from | to |
//! |---|---|---|
//! | [`syntax`] | text in two notations | [`syntax::ast::File`], with byte spans |
//! | [`resolve`] | syntax trees | [`model::Model`]: names resolved, expressions typed |
//! | [`check`](mod@check) | a model | [`check::Checked`]: the only thing that the next phases accept |
//! | [`measure`] | KPIs and a request | [`measure::Measurement`]: atoms in scans, no engine types |
//! | `plan` | a scan | DataFusion logical plans; pure |
//! | `run` | plans and sources | [`measure::Cells`]; the only phase with files and threads |
//! | [`combine`](mod@combine) | cells | [`combine::Figure`]: values |
//! | [`judge`](mod@judge) | figures | [`judge::Row`]: verdicts |
//! | [`report`] | rows | text |
//!
//! A module uses only what stands above it, and the leaves [`source`], [`calendar`], [`diagnostic`] and [`library`]
//! (`tests/layers.rs` holds them to it). [`interpret`] is the reference: the same figures row by row, sharing no code with
//! measure, plan and combine. [`trial`] runs the `toets` blocks on both.

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
pub mod trial;
