//! What is asked, and how the answer hangs together: which cells each KPI's value is made of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::scan::Scan;
use crate::calendar::{Period, PeriodKind, Periods};
use crate::model::expr::Arithmetic;
use crate::model::{KpiId, RowExpr};

/// A question to the model.
#[derive(Clone, Debug)]
pub struct Request {
    pub kpis: Vec<KpiId>,
    /// First local day.
    pub from: NaiveDate,
    /// The local day after the last.
    pub until: NaiveDate,
    /// Another period than the KPIs' own.
    pub period: Option<PeriodKind>,
    pub grouping: Grouping,
    /// `--where`, per KPI and source use.
    pub filters: BTreeMap<KpiId, Vec<Option<RowExpr>>>,
    /// µs UTC.
    pub peilmoment: i64,
}

/// Over which dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// The total only.
    Total,
    /// The total, and each dimension of the KPI by itself.
    ByEach,
    /// The total, and the combinations of these; a KPI without one of them gives its total only.
    By(Vec<String>),
}

/// All that must be computed for a request, and what it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    pub scans: Vec<Scan>,
    pub readings: Vec<Reading>,
}

/// One KPI over its periods and sets of dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub kpi: KpiId,
    pub periods: Periods,
    /// The stretches of time that the term is evaluated over, one per period; none where there is no such stretch and so
    /// no value. The first are the reading's own: its periods, or what is always measured instead of them. The members
    /// that occur in those get a result row.
    pub windows: Vec<Vec<Option<Period>>>,
    /// The asked sets of dimension names; the first is the total.
    pub sets: Vec<Vec<String>>,
    /// The rows whose members get a result row.
    pub populations: Vec<Population>,
    /// None when the KPI is not measurable.
    pub term: Option<Term>,
    /// The members that dimensions declare, in the order of reports; by name of dimension.
    pub order: BTreeMap<String, Vec<String>>,
    /// What the rows say of the values that the norm takes from them, in the order of [`crate::model::Norms::data`].
    pub limits: Vec<LimitReading>,
    /// What makes an interval around the value: only where it is asked for.
    pub sampling: Option<Sampling>,
}

/// What an interval needs beside the shares; numbers are indices of atoms.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampling {
    pub place: Place,
    /// Of a difference of two percentages over the same rows: the rows that are both (with weights their sum).
    pub both: Option<usize>,
    /// With weights: the sum of their squares.
    pub squares: Option<usize>,
}

/// The least and the greatest of a value over the rows of a population, and in how many of them it is filled; numbers
/// are indices of atoms.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitReading {
    pub place: Place,
    pub low: usize,
    pub high: usize,
    pub rows: usize,
    pub filled: usize,
    /// Physical units in one base unit.
    pub scale: f64,
}

impl Reading {
    /// The scans that this reading takes cells from.
    #[must_use]
    pub fn scans(&self) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = self.populations.iter().map(|p| p.place.scan).collect();
        found.extend(self.limits.iter().map(|limit| limit.place.scan));
        if let Some(term) = &self.term {
            term.scans(&mut found);
        }
        found
    }
}

impl Measurement {
    /// The axes of a scan that place rows in periods. On others rows only end (`werkvoorraad`): an empty value there is
    /// a row that is open.
    #[must_use]
    pub fn placing_axes(&self, scan: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut visit = |place: &Place| {
            if place.scan == scan {
                found.insert(place.axis);
            }
        };
        for reading in &self.readings {
            reading.populations.iter().for_each(|p| visit(&p.place));
            reading.term.iter().for_each(|term| term.places(&mut visit));
        }
        found
    }
}

impl Term {
    fn scans(&self, found: &mut BTreeSet<usize>) {
        self.places(&mut |place| {
            found.insert(place.scan);
        });
    }

    fn places(&self, visit: &mut impl FnMut(&Place)) {
        match self {
            Self::Number(_) => {}
            Self::Leaf(leaf) => visit(&leaf.place),
            Self::Negate(x) | Self::Over(_, x) | Self::Yearly(x) | Self::Portion(x) => x.places(visit),
            Self::Observed { value, n } => {
                value.places(visit);
                visit(&n.place);
            }
            Self::Binary(_, a, b) | Self::Per(a, _, b) | Self::Share(a, b) | Self::Index(a, b) => {
                a.places(visit);
                b.places(visit);
            }
        }
    }
}

/// The rows of one source use of a KPI.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    pub place: Place,
    /// Atom: how many rows.
    pub rows: usize,
    /// Where a `werkvoorraad` looks at them: the open ones, which occur although they may have begun long before.
    pub open: Option<Leaf>,
}

/// Where a figure's cells lie: a scan, an axis of it, and per asked set the scan's dimension of each name (none where
/// this source lacks it and is constant over it).
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub scan: usize,
    pub axis: usize,
    pub sets: Vec<Vec<Option<usize>>>,
}

impl Place {
    /// The scan's dimensions of a set: ascending, each once.
    #[must_use]
    pub fn dimensions(&self, set: usize) -> Vec<usize> {
        let mut list: Vec<usize> = self.sets.get(set).into_iter().flatten().filter_map(|d| *d).collect();
        list.sort_unstable();
        list.dedup();
        list
    }
}

/// A formula over leaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// In the base of its unit.
    Number(f64),
    Leaf(Box<Leaf>),
    Negate(Box<Term>),
    Binary(Arithmetic, Box<Term>, Box<Term>),
    /// a per k b = k · a / b
    Per(Box<Term>, u64, Box<Term>),
    /// 100 · a / b
    Share(Box<Term>, Box<Term>),
    /// The term in other windows: an index in [`Reading::windows`].
    Over(usize, Box<Term>),
    /// 100 · a / b, where b is a in the base period
    Index(Box<Term>, Box<Term>),
    /// a · days in the year / days in the window; the year is that of the window's first day
    Yearly(Box<Term>),
    /// 100 · a / a over all members together, those of the first set
    Portion(Box<Term>),
    /// The value, with another n: `waarnemingen som(kolom)`
    Observed {
        value: Box<Term>,
        n: Box<Leaf>,
    },
}

/// One aggregate of one KPI: which atoms make its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    pub place: Place,
    pub value: LeafValue,
    /// Physical units in one base unit: 1,000,000 for a duration, 10,000 for an amount, otherwise 1.
    pub scale: f64,
    /// Atom: rows of the source in the period, unfiltered.
    pub presence: usize,
    /// Rows left out because something was empty; none where nothing can be.
    pub empty: Option<EmptyCount>,
    /// Two levels: where the values of the groups lie. `value` and `empty` then count in these.
    pub groups: Option<GroupLeaf>,
    /// Where cells over few persons are not shown: how those in `n` are counted. None where the table knows no persons,
    /// or nobody asks.
    pub persons: Option<Persons>,
    /// Of a `werkvoorraad` where persons are counted: the holistic aggregate for each end on the axis of beginnings.
    pub open: Vec<(i64, usize)>,
}

/// The values of an aggregate in two levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupLeaf {
    /// Index of the holistic aggregate of which [`Leaf::value`] and [`Leaf::empty`] name values instead of atoms.
    pub holistic: usize,
    /// The first of its values that are of this leaf: the numbers count from there.
    pub first: usize,
    /// Atom: rows of which something was left out as empty before there were groups; none where nothing can be.
    pub rows_left_out: Option<usize>,
}

/// The different persons in the rows that a value rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Persons {
    /// Index of the holistic aggregate that counts those that are known.
    pub known: usize,
    /// Atom: rows without a known person, where there can be; together they count as one.
    pub without: Option<usize>,
    /// A condition chooses among groups, one for each person: of those rows only the chosen persons count.
    pub chosen: bool,
}

/// How the rows that were left out as empty are counted; numbers are indices of atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyCount {
    /// By an atom of their own.
    Atom(usize),
    /// The rows of the population, less those of them with a value: where only the argument can be empty.
    Difference { all: usize, with_value: usize },
}

/// A count of open rows; numbers are indices of atoms of the leaf's scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock {
    /// On the leaf's own axis.
    pub begun: usize,
    /// On the axis `ends`.
    pub ended: usize,
    /// The same two of rows that are left out because their population's condition is empty; none where it never is.
    pub empty: Option<(usize, usize)>,
    /// The same two of rows that tell no person, where persons are counted and rows may lack them.
    pub without: Option<(usize, usize)>,
    /// Index of the axis of endings.
    pub ends: usize,
    /// The peilmoment in µs UTC and as the first day that begins at or after it: bounds of the axes where it lies in the
    /// asked range.
    pub peilmoment: i64,
    pub peilmoment_day: i64,
    /// Whether persons are counted ([`Leaf::open`]).
    pub persons: bool,
}

/// When the stock of a window is taken: at its end, or at the peilmoment where that comes first; as an instant and as the
/// first day that begins at or after it. Never for a window that has not begun at the peilmoment.
#[must_use]
pub fn stock_taken(window: &Period, peilmoment: i64, peilmoment_day: i64) -> Option<(i64, i64)> {
    if window.start >= peilmoment {
        None
    } else if window.end <= peilmoment {
        Some((window.end, i64::from(window.until_day())))
    } else {
        Some((peilmoment, peilmoment_day))
    }
}

/// Numbers are indices of atoms of the leaf's scan, except `holistic`. `n` are rows; weighted sums stand apart from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeafValue {
    Count {
        rows: usize,
    },
    Sum {
        sum: usize,
        n: usize,
    },
    Mean {
        sum: usize,
        n: usize,
    },
    Min {
        value: usize,
        n: usize,
    },
    Max {
        value: usize,
        n: usize,
    },
    /// 100 · yes / of
    Percentage {
        yes: usize,
        of: usize,
    },
    /// sum / of, with sums of weights
    WeightedMean {
        sum: usize,
        of: usize,
        n: usize,
    },
    /// 100 · yes / of, with sums of weights
    WeightedPercentage {
        yes: usize,
        of: usize,
        n: usize,
    },
    /// 100 · top / of
    Top {
        top: usize,
        of: usize,
        n: usize,
    },
    Last {
        last: usize,
    },
    /// Rows begun less rows ended, both from the beginning of time until the period's end or the peilmoment.
    Stock(Stock),
    Distinct {
        holistic: usize,
        n: usize,
    },
    /// `index`: which of the percentiles.
    Percentile {
        holistic: usize,
        index: usize,
        n: usize,
    },
}
