//! Diagnostics as JSON, the contract for programs.
