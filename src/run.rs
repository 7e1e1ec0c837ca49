//! Sources, engine and results: the only phase that touches files and threads.

pub mod engine;
pub mod infer;
pub mod source;
pub mod store;
