//! Diagnostics as terminal text. The only place that knows miette.
