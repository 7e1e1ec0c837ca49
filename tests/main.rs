//! The one integration binary. Cases are files wherever a case can be a file.

mod cases;
mod codes;
mod command;
#[cfg(feature = "engine")]
mod differential;
mod form;
mod layers;
mod library;
mod readme;
#[cfg(feature = "engine")]
mod run;
mod trials;
mod variation;
mod verzameling;
