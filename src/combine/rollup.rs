//! Rolling cells up: from the finest grain to the asked dimensions, from segments to periods.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::calendar::Period;
use crate::measure::{AtomOp, CellTable, Cells, Measurement, Member, Place, Quantity, Scan, ScanCells};

/// Per combination of members the cells in order of segment.
type Rolled = BTreeMap<Vec<Member>, BTreeMap<usize, Vec<Quantity>>>;

/// The cells of a measurement, with what has been rolled up so far.
pub(super) struct Rollups<'a> {
    measurement: &'a Measurement,
    cells: &'a Cells,
    /// By scan, axis and dimensions.
    rolled: BTreeMap<(usize, usize, Vec<usize>), Rolled>,
}

impl<'a> Rollups<'a> {
    pub(super) fn new(measurement: &'a Measurement, cells: &'a Cells) -> Self {
        Self { measurement, cells, rolled: BTreeMap::new() }
    }

    fn scan(&self, scan: usize) -> Option<(&'a Scan, &'a ScanCells)> {
        Some((self.measurement.scans.get(scan)?, self.cells.scans.get(scan)?))
    }

    /// The segments of a window on a place's axis; empty when the axis does not know its bounds.
    pub(super) fn segments(&self, place: &Place, window: &Period) -> Range<usize> {
        let slots = || {
            let axis = self.measurement.scans.get(place.scan)?.axes.get(place.axis)?;
            let (from, until) = window.on_axis(axis.is_date);
            Some(axis.bounds.binary_search(&from).ok()?..axis.bounds.binary_search(&until).ok()?)
        };
        slots().unwrap_or(0..0)
    }

    /// The segments of windows (in order of time) together, as runs.
    pub(super) fn all_segments(&self, place: &Place, windows: &[Option<Period>]) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for window in windows.iter().flatten() {
            let next = self.segments(place, window);
            match runs.last_mut() {
                Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
                _ => runs.push(next),
            }
        }
        runs
    }

    /// The segments of an axis before a bound, given as an instant and as a day; empty when the axis does not know it.
    pub(super) fn until(&self, scan: usize, axis: usize, instant: i64, day: i64) -> Range<usize> {
        let axis = self.measurement.scans.get(scan).and_then(|scan| scan.axes.get(axis));
        let end = axis.and_then(|a| a.bounds.binary_search(if a.is_date { &day } else { &instant }).ok());
        0..end.unwrap_or(0)
    }

    /// The value of an atom over a run of segments, for members in the order of `dimensions`.
    pub(super) fn atom(
        &mut self,
        place: &Place,
        dimensions: Vec<usize>,
        members: &[Member],
        atom: usize,
        slots: Range<usize>,
    ) -> Quantity {
        let Some((scan, _)) = self.scan(place.scan) else { return Quantity::None };
        let Some(op) = scan.atoms.get(atom).map(|a| &a.op) else { return Quantity::None };
        let rolled = self.rolled(place.scan, place.axis, dimensions);
        let Some(line) = rolled.get(members) else { return Quantity::None };
        line.range(slots)
            .filter_map(|(_, values)| values.get(atom))
            .fold(Quantity::None, |sum, value| merge(op, sum, value))
    }

    /// The value of a holistic aggregate in a window.
    pub(super) fn holistic(
        &self,
        place: &Place,
        dimensions: &[usize],
        members: &[Member],
        holistic: usize,
        window: &Period,
        index: usize,
    ) -> Quantity {
        let ends = window.on_axis(self.is_date(place));
        self.holistic_at(place, dimensions, members, holistic, ends, index)
    }

    /// The same between two bounds of its axis.
    pub(super) fn holistic_at(
        &self,
        place: &Place,
        dimensions: &[usize],
        members: &[Member],
        holistic: usize,
        ends: (i64, i64),
        index: usize,
    ) -> Quantity {
        let find = || {
            let (scan, cells) = self.scan(place.scan)?;
            let asked = scan.holistic.get(holistic)?;
            let set = asked.sets.iter().position(|s| s == dimensions)?;
            let slot = asked.windows.binary_search(&ends).ok()?;
            let table: &CellTable = cells.holistic.get(holistic)?.get(set)?;
            let key = crate::measure::CellKey { slot, members: members.to_vec() };
            table.cells.get(&key)?.get(index).cloned()
        };
        find().unwrap_or_default()
    }

    /// Whether a place's axis counts days.
    pub(super) fn is_date(&self, place: &Place) -> bool {
        let axis = self.measurement.scans.get(place.scan).and_then(|scan| scan.axes.get(place.axis));
        axis.is_some_and(|axis| axis.is_date)
    }

    /// The members (of a set's dimensions) for which a counting atom is not zero in a run of segments.
    pub(super) fn occurring(
        &mut self,
        place: &Place,
        set: usize,
        rows: usize,
        runs: &[Range<usize>],
    ) -> Vec<Vec<Member>> {
        let rolled = self.rolled(place.scan, place.axis, place.dimensions(set));
        let counted = |line: &BTreeMap<usize, Vec<Quantity>>| {
            let mut values = runs.iter().flat_map(|run| line.range(run.clone()));
            values.any(|(_, v)| matches!(v.get(rows), Some(Quantity::Int(n)) if *n > 0))
        };
        rolled.iter().filter(|(_, line)| counted(line)).map(|(members, _)| members.clone()).collect()
    }

    fn rolled(&mut self, scan: usize, axis: usize, dimensions: Vec<usize>) -> &Rolled {
        let (measurement, cells) = (self.measurement, self.cells);
        self.rolled.entry((scan, axis, dimensions)).or_insert_with_key(|(scan, axis, dimensions)| {
            match (measurement.scans.get(*scan), cells.scans.get(*scan)) {
                (Some(scan), Some(cells)) => roll(scan, cells, *axis, dimensions),
                _ => Rolled::new(),
            }
        })
    }
}

/// Rolls the smallest grain that holds `dimensions` up to them.
fn roll(scan: &Scan, cells: &ScanCells, axis: usize, dimensions: &[usize]) -> Rolled {
    let holds = |grain: &[usize]| dimensions.iter().all(|d| grain.contains(d));
    let Some((grain, table)) = scan
        .grains
        .iter()
        .zip(&cells.grains)
        .filter(|(g, _)| g.axis == axis && holds(&g.dimensions))
        .min_by_key(|(g, _)| g.dimensions.len())
    else {
        return Rolled::new();
    };
    let positions: Vec<usize> =
        dimensions.iter().filter_map(|d| grain.dimensions.iter().position(|g| g == d)).collect();
    let mut rolled = Rolled::new();
    for (key, values) in &table.cells {
        let members = positions.iter().filter_map(|&i| key.members.get(i).cloned()).collect();
        let line =
            rolled.entry(members).or_default().entry(key.slot).or_insert_with(|| vec![Quantity::None; values.len()]);
        for ((sum, value), atom) in line.iter_mut().zip(values).zip(&scan.atoms) {
            *sum = merge(&atom.op, std::mem::take(sum), value);
        }
    }
    rolled
}

/// Two values of one atom as one.
fn merge(op: &AtomOp, a: Quantity, b: &Quantity) -> Quantity {
    match (a, b) {
        (a, Quantity::None) => a,
        (Quantity::None, b) => b.clone(),
        (a, b) => match op {
            AtomOp::Count | AtomOp::Sum(_) => add(a, b),
            AtomOp::Min(_) => {
                if less(b, &a) {
                    b.clone()
                } else {
                    a
                }
            }
            AtomOp::Max(_) => {
                if less(&a, b) {
                    b.clone()
                } else {
                    a
                }
            }
            AtomOp::Texts(_) => united(a, b),
            AtomOp::Last { .. } => {
                if earlier(&a, b) {
                    b.clone()
                } else {
                    a
                }
            }
        },
    }
}

fn add(a: Quantity, b: &Quantity) -> Quantity {
    match (a, b) {
        (Quantity::Int(a), Quantity::Int(b)) => Quantity::Int(a.saturating_add(*b)),
        (Quantity::Float(a), Quantity::Float(b)) => Quantity::Float(a + b),
        (a, _) => a,
    }
}

fn united(a: Quantity, b: &Quantity) -> Quantity {
    match (a, b) {
        (Quantity::Texts(mut a), Quantity::Texts(b)) => {
            a.extend(b.iter().cloned());
            Quantity::Texts(a)
        }
        (a, _) => a,
    }
}

fn less(a: &Quantity, b: &Quantity) -> bool {
    match (a, b) {
        (Quantity::Int(a), Quantity::Int(b)) => a < b,
        (Quantity::Float(a), Quantity::Float(b)) => a.total_cmp(b).is_lt(),
        _ => false,
    }
}

fn earlier(a: &Quantity, b: &Quantity) -> bool {
    match (a, b) {
        (Quantity::Last { order: a, ties: at, value: av }, Quantity::Last { order: b, ties: bt, value: bv }) => {
            match (a, at).cmp(&(b, bt)) {
                std::cmp::Ordering::Equal => less(av, bv),
                order => order.is_lt(),
            }
        }
        _ => false,
    }
}
