//! Sources, engine and results: the only phase that touches files and threads.

pub mod source;
