//! The YAML notation. The only place that knows the YAML crate.

pub mod node;
mod scalar;
mod scan;
mod traps;

pub use scalar::Style;

use crate::diagnostic::Sink;
use crate::source::SourceId;
use crate::syntax::ast::File;

/// Reads a definitions file in YAML into the same tree as `dsl::parse_file`.
pub fn parse_file(_source: SourceId, _text: &str, _sink: &mut Sink) -> File {
    File::default()
}
