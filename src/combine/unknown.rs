//! Spellings that no member of a shared dimension has, with how many rows there are of each: reported, never dropped.

use std::collections::BTreeMap;

use crate::measure::{AtomOp, CellTable, Cells, Grain, Measurement, Member, Quantity, Scan};
use crate::model::dimension::unknown_spelling;
use crate::model::{RowExpr, RowKind, SharedId, TableId};

/// The unknown spellings of one dimension in one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub table: TableId,
    pub dimension: SharedId,
    /// Folded, with the number of rows in the periods that were read; the most frequent first.
    pub spellings: Vec<(String, u64)>,
}

/// All of them, in order of table and dimension.
#[must_use]
pub fn unknown_spellings(measurement: &Measurement, cells: &Cells) -> Vec<Unknown> {
    let mut found: BTreeMap<(TableId, SharedId), BTreeMap<String, u64>> = BTreeMap::new();
    for (scan, cells) in measurement.scans.iter().zip(&cells.scans) {
        // A dimension may be in several grains: one of them tells it.
        let mut seen: Vec<&RowExpr> = Vec::new();
        for (grain, table) in scan.grains.iter().zip(&cells.grains) {
            let Some(rows) = presence(scan, grain.axis) else { continue };
            for (place, index) in grain.dimensions.iter().enumerate() {
                let Some(RowKind::Member(id, _, spelling)) = scan.dimensions.get(*index).map(|d| &d.kind) else {
                    continue;
                };
                if !seen.contains(&spelling.as_ref()) {
                    seen.push(spelling);
                    count(scan, grain, table, (place, rows), found.entry((scan.table, *id)).or_default());
                }
            }
        }
    }
    let of = |((table, dimension), spellings): ((TableId, SharedId), BTreeMap<String, u64>)| {
        let mut spellings: Vec<(String, u64)> = spellings.into_iter().collect();
        spellings.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        (!spellings.is_empty()).then_some(Unknown { table, dimension, spellings })
    };
    found.into_iter().filter_map(of).collect()
}

/// The atom that counts all rows of an axis.
fn presence(scan: &Scan, axis: usize) -> Option<usize> {
    scan.atoms.iter().position(|a| a.axis == axis && a.op == AtomOp::Count && a.filter.is_none())
}

fn count(
    scan: &Scan,
    grain: &Grain,
    table: &CellTable,
    (place, rows): (usize, usize),
    into: &mut BTreeMap<String, u64>,
) {
    // The stretch before everything that is asked, where something looks back.
    let before = scan.axes.get(grain.axis).is_some_and(|axis| axis.bounds.first() == Some(&i64::MIN));
    for (key, values) in &table.cells {
        if before && key.slot == 0 {
            continue;
        }
        let spelling = match key.members.get(place) {
            Some(Member::Text(label)) => unknown_spelling(label),
            _ => None,
        };
        if let (Some(spelling), Some(Quantity::Int(n))) = (spelling, values.get(rows)) {
            *into.entry(spelling.to_owned()).or_default() += u64::try_from(*n).unwrap_or(0);
        }
    }
}
