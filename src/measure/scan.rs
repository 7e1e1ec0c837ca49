//! A scan: everything that one pass over one table computes.
//!
//! Expressions in a scan are lowered: they hold no `Timely` and no `Peilmoment` any more (`measure/lower.rs`), so an
//! engine needs three-valued logic only. They are seen from the rows of the scan's table.

use std::collections::BTreeSet;

use crate::calendar::Zone;
use crate::model::expr::Repeats;
use crate::model::{ColumnKind, ColumnRef, Model, RowExpr, RowKind, TableId};

/// One pass over one table: all decomposable atoms of all asked KPIs, periods and dimensions, and beside it the
/// aggregates that cannot be added up (`holistic`).
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    pub table: TableId,
    pub axes: Vec<Axis>,
    /// The distinct dimension expressions; grains and holistic sets refer to them by index.
    pub dimensions: Vec<RowExpr>,
    /// Each atom belongs to one axis.
    pub atoms: Vec<Atom>,
    /// What the pass groups by. One finest grain per axis where the estimated number of cells is small, otherwise one
    /// grain per asked set of dimensions; coarser sets are rolled up from the finest that holds them.
    pub grains: Vec<Grain>,
    pub holistic: Vec<Holistic>,
}

impl Scan {
    /// All expressions but the axes.
    pub fn expressions(&self) -> impl Iterator<Item = &RowExpr> {
        let atoms = self.atoms.iter().flat_map(|atom| atom.op.parts().into_iter().chain(&atom.filter));
        // The inner aggregates of groups stand in their tables.
        let holistic = self.holistic.iter().flat_map(|h| match &h.op {
            HolisticOp::Distinct(x) | HolisticOp::Percentiles(x, _) => std::iter::once(x).chain(&h.filter).collect(),
            HolisticOp::Groups { keys, .. } => keys.iter().chain(&h.filter).collect::<Vec<_>>(),
        });
        self.dimensions.iter().chain(atoms).chain(holistic)
    }

    /// The expressions of the inner aggregates of groups, as the model has them.
    pub fn inner<'m>(&self, model: &'m Model) -> impl Iterator<Item = &'m RowExpr> {
        let outer = self.holistic.iter().flat_map(|h| match &h.op {
            HolisticOp::Groups { outer, .. } => outer.as_slice(),
            HolisticOp::Distinct(_) | HolisticOp::Percentiles(..) => &[],
        });
        let tables: BTreeSet<TableId> = outer.map(|outer| outer.table).collect();
        tables.into_iter().flat_map(|table| &model.table(table).columns).flat_map(|column| match &column.kind {
            ColumnKind::Aggregated(inner) => inner.arg.iter().chain(&inner.filter).collect(),
            _ => Vec::new(),
        })
    }

    /// The range of axis values whose rows are placed or looked at by rows that are (`herhaald`). None where there is no
    /// such range: rows are placed on several axes, or look at each other along another one.
    #[must_use]
    pub fn reach(&self, model: &Model) -> Option<(i64, i64)> {
        let [axis] = self.axes.as_slice() else { return None };
        let range = (*axis.bounds.first()?, *axis.bounds.last()?);
        let mut reach = Some(range);
        for expr in self.expressions().chain(self.inner(model)) {
            expr.walk(&mut |part| {
                if let (RowKind::Repeats(repeats), Some((from, until))) = (&part.kind, reach) {
                    reach = seen(repeats, axis, model.zone).map(|(first, last)| (first.min(from), last.max(until)));
                }
            });
        }
        reach
    }
}

/// What the rows of an axis see by a `herhaald`; nothing when that goes along another axis.
fn seen(repeats: &Repeats, axis: &Axis, zone: Zone) -> Option<(i64, i64)> {
    let same = matches!(&repeats.axis.kind, RowKind::Column(column) if *column == axis.column);
    let range = (*axis.bounds.first()?, *axis.bounds.last()?);
    same.then(|| super::window::widened(repeats.direction, repeats.window, axis.is_date, zone, range))
}

/// A time axis, cut in segments. Every asked period of every kind is a run of whole segments.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// A `datum` (bounds in days since 1970) or `tijdstip` column (bounds in µs UTC).
    pub column: ColumnRef,
    /// Whether the column is a `datum`.
    pub is_date: bool,
    /// Ascending; segment i is `bounds[i] <= t < bounds[i + 1]`. At least two. The first is `i64::MIN` where something
    /// looks back to the beginning (`laatste`). Rows before the first and from the last bound on are not read; rows with
    /// an empty axis are counted ([`ScanCells::unplaced`](super::ScanCells)).
    pub bounds: Vec<i64>,
}

/// A decomposable aggregate over the rows of a segment that pass `filter` (an empty answer does not pass).
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// Index in [`Scan::axes`].
    pub axis: usize,
    pub op: AtomOp,
    pub filter: Option<RowExpr>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AtomOp {
    /// Rows: [`Quantity::Int`](super::Quantity).
    Count,
    /// The exact sum of an integer-like expression (`Int`, 128 bits; `bedrag` in ten-thousandths) or the correctly
    /// rounded sum of floats, independent of order (`Float`). Empty values are left out; over none: `None`.
    Sum(RowExpr),
    /// Least value that is not empty, in the physical form of the expression; over none: `None`.
    Min(RowExpr),
    Max(RowExpr),
    /// The different texts that are not empty; over none: `None`.
    Texts(RowExpr),
    /// `value` of the latest row by `(order, ties…, value)` among the rows where `value` is not empty.
    Last {
        value: RowExpr,
        order: RowExpr,
        ties: Vec<RowExpr>,
    },
}

impl AtomOp {
    /// The expressions in an operation.
    #[must_use]
    pub fn parts(&self) -> Vec<&RowExpr> {
        match self {
            Self::Count => Vec::new(),
            Self::Sum(x) | Self::Min(x) | Self::Max(x) | Self::Texts(x) => vec![x],
            Self::Last { value, order, ties } => [order].into_iter().chain(ties).chain([value]).collect(),
        }
    }
}

/// A set of dimensions on one axis that the pass groups by, together with the segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grain {
    pub axis: usize,
    /// Indices in [`Scan::dimensions`], ascending.
    pub dimensions: Vec<usize>,
}

/// An aggregate that must see all its values: computed per window (not per segment) and per set of dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Holistic {
    /// Index in [`Scan::axes`].
    pub axis: usize,
    /// From and until of each window, in the axis' form and among its bounds; ascending, each once. They may overlap and
    /// leave gaps. A cell's slot is the index in here.
    pub windows: Vec<(i64, i64)>,
    pub op: HolisticOp,
    pub filter: Option<RowExpr>,
    /// The asked sets of dimensions (indices in [`Scan::dimensions`], ascending).
    pub sets: Vec<Vec<usize>>,
}

impl Holistic {
    /// Where all windows begin or end: ascending, each once.
    #[must_use]
    pub fn bounds(&self) -> Vec<i64> {
        let ends: BTreeSet<i64> = self.windows.iter().flat_map(|&(from, until)| [from, until]).collect();
        ends.into_iter().collect()
    }

    /// Whether a moment may lie in more than one window.
    #[must_use]
    pub fn overlaps(&self) -> bool {
        overlapping(&self.windows)
    }
}

/// Whether two of some ascending windows have a moment in common.
pub(super) fn overlapping(windows: &[(i64, i64)]) -> bool {
    windows.windows(2).any(|pair| matches!(pair, [(_, until), (from, _)] if from < until))
}

#[derive(Clone, Debug, PartialEq)]
pub enum HolisticOp {
    /// Number of distinct values that are not empty: one `Int`.
    Distinct(RowExpr),
    /// The exact percentiles (each 0–100) of the values that are not empty, linear between neighbours at rank
    /// 1 + p/100 · (n − 1), in the physical base of the expression: one `Float` per percentile, then one `Int`: how
    /// many values there were.
    Percentiles(RowExpr, Vec<f64>),
    /// Two levels: the rows grouped by keys, then the groups summed up. A row with an empty key is in no group. One value
    /// per item of `outer`.
    Groups { keys: Vec<RowExpr>, outer: Vec<Outer> },
}

/// One aggregate over groups that pass `filter`. Its expressions are over `table`, whose columns are the inner
/// aggregates ([`crate::model::table::Origin::Groups`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Outer {
    pub table: TableId,
    pub op: OuterOp,
    pub filter: Option<RowExpr>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum OuterOp {
    /// As over rows; no `laatste`.
    Atom(AtomOp),
    /// One percentile (0–100), as in [`HolisticOp::Percentiles`]: a `Float`.
    Percentile(RowExpr, f64),
    /// The sum of the greatest values: of so many percent of the values, rounded up. `Int` or `Float` as a sum.
    Top(RowExpr, f64),
}
