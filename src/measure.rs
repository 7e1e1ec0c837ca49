//! The measure IR: what must be computed, without engine types.

pub mod member;

pub use member::Member;
