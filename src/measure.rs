//! The measure IR: what must be computed, without engine types. KPIs are split into atoms, atoms of one table gather in
//! one [`Scan`]; the engine fills [`Cells`], and `combine` makes values of them.

pub mod arrival;
pub mod audit;
pub mod build;
pub mod cells;
mod groups;
mod lattice;
mod leaf;
pub mod lower;
mod marks;
pub mod member;
mod reach;
pub mod request;
pub mod scan;
pub mod touched;
pub mod versions;
pub mod window;

pub use build::{build, period_of, stored_tables};
pub use cells::{CellKey, CellTable, Cells, Quantity, ScanCells};
pub use marks::{MarkAtoms, MarkColumn, MarkReading, MarkedRows};
pub use member::Member;
pub use request::{
    EmptyCount, GroupLeaf, Grouping, Leaf, LeafValue, LimitReading, Measurement, Place, Population, Reading, Request,
    Sampling, Stock, Term,
};
pub use scan::{Atom, AtomOp, Axis, Grain, Holistic, HolisticOp, Outer, OuterOp, Scan};
