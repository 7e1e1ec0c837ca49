//! From text to a syntax tree with byte spans, in two notations: `.kpi` (`dsl`) and YAML (`yaml`). Both give the same
//! [`ast`], report every mistake they find and go on after it. Nothing here knows what a name refers to.

pub mod ast;
pub mod dsl;
pub mod format;
pub mod fragment;
pub mod settings;
pub mod yaml;
