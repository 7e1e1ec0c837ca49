//! The measure IR: what must be computed, without engine types. KPIs are split into atoms, atoms of one table gather in
//! one [`Scan`]; the engine fills [`Cells`], and `combine` makes values of them.

pub mod cells;
pub mod lower;
pub mod member;
pub mod scan;

pub use cells::{CellKey, CellTable, Cells, Quantity, ScanCells};
pub use member::Member;
pub use scan::{Atom, AtomOp, Axis, Grain, Holistic, HolisticOp, Scan};
