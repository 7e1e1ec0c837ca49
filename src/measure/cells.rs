//! Cells: the values of atoms per segment (or period) and members. What an engine gives back, and all that `combine`
//! knows of it.

use std::collections::{BTreeMap, BTreeSet};

use super::member::Member;

/// The results of all scans, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    pub scans: Vec<ScanCells>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScanCells {
    /// Per grain of the scan. The values of a cell stand in the order of the scan's atoms; atoms of another axis than
    /// the grain's are `None`.
    pub grains: Vec<CellTable>,
    /// Per holistic aggregate, per set.
    pub holistic: Vec<Vec<CellTable>>,
    /// Per axis: rows whose axis is empty, which belong to no period.
    pub unplaced: Vec<u64>,
}

/// Values by segment (grains) or window (holistic) and members. A combination without rows is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellTable {
    pub cells: BTreeMap<CellKey, Vec<Quantity>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellKey {
    /// Index of the segment (grains) or window (holistic).
    pub slot: usize,
    /// In the order of the grain's or set's dimensions.
    pub members: Vec<Member>,
}

/// The value of an atom in a cell, in the physical form of its expression (`model/expr.rs`).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Quantity {
    /// Over no rows, or of another axis.
    #[default]
    None,
    Int(i128),
    Float(f64),
    /// The different texts.
    Texts(BTreeSet<String>),
    /// The order key (µs or days), the tie-breakers and the value (`Int` or `Float`) of the latest row.
    Last {
        order: i64,
        ties: Vec<Member>,
        value: Box<Quantity>,
    },
}
