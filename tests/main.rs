//! The one integration binary. Cases are files wherever a case can be a file.

mod cases;
mod codes;
mod command;
mod layers;
mod readme;
