//! Rows in order: blocks of one period kind, groups, KPIs with what is wrong first, and per combination of members its
//! row of periods.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::words::clean;
use crate::calendar::PeriodKind;
pub use crate::judge::PROVISIONAL as PRELIMINARY;
pub use crate::judge::attention::preliminary;
use crate::judge::{Row, Status};

/// KPIs that stand together: those of a source, or of a klantketen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub title: String,
    /// Names, in the order to show where nothing is wrong.
    pub kpis: Vec<String>,
    /// Names of KPIs with a dimension each, to look further into.
    pub dimensions: Vec<(String, String)>,
}

/// What kind of period a row is about, by its label.
pub fn kind(row: &Row) -> Option<PeriodKind> {
    if row.period == PeriodKind::Whole.word() {
        return Some(PeriodKind::Whole);
    }
    PeriodKind::ALL.into_iter().find(|k| k.label(row.period_from) == row.period)
}

/// How a KPI stands, in the order in which the eye should find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    NotMet,
    Near,
    NoData,
    Met,
    Shielded,
    TooFew,
    /// There is a verdict, on a period that may still change.
    Preliminary,
    NoNorm,
    NotMeasurable,
}

impl Standing {
    pub fn of(row: &Row) -> Self {
        match row.status {
            Status::NotMet | Status::Near | Status::Met if preliminary(row) => Self::Preliminary,
            Status::NotMet => Self::NotMet,
            Status::Near => Self::Near,
            Status::Met => Self::Met,
            Status::NoData => Self::NoData,
            Status::Shielded => Self::Shielded,
            Status::TooFew => Self::TooFew,
            Status::NoNorm => Self::NoNorm,
            Status::NotMeasurable => Self::NotMeasurable,
        }
    }

    /// Place in a group: what is wrong first, the rest as given.
    pub fn rank(self) -> u8 {
        match self {
            Self::NotMet => 0,
            Self::Near => 1,
            Self::NoData => 2,
            _ => 3,
        }
    }
}

/// The rows of one KPI and one combination of members, in order of time. Never empty.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    pub rows: Vec<&'a Row>,
}

impl<'a> Series<'a> {
    /// Names of the dimensions; none for the total.
    pub fn dimensions(&self) -> Vec<&'a str> {
        self.rows.first().map_or(Vec::new(), |r| r.dimensions.iter().map(|(name, _)| name.as_str()).collect())
    }

    /// `A, telefoon`
    pub fn members(&self) -> String {
        let labels = |r: &Row| r.dimensions.iter().map(|(_, m)| clean(&m.label())).collect::<Vec<_>>().join(", ");
        self.rows.first().map_or(String::new(), |r| labels(r))
    }

    /// The newest period that has a verdict and does not change any more; otherwise the newest.
    pub fn latest(&self) -> Option<&'a Row> {
        let settled = |r: &&&Row| matches!(Standing::of(r), Standing::Met | Standing::Near | Standing::NotMet);
        self.rows.iter().rev().find(settled).or(self.rows.last()).copied()
    }

    pub fn at(&self, from: NaiveDate) -> Option<&'a Row> {
        self.rows.binary_search_by_key(&from, |r| r.period_from).ok().and_then(|i| self.rows.get(i)).copied()
    }
}

/// One KPI in one period kind.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub kpi: &'a str,
    pub total: Option<Series<'a>>,
    pub members: Vec<Series<'a>>,
}

impl<'a> Entry<'a> {
    /// The series that tells how the KPI stands: its total, or the worst of its members.
    pub fn telling(&self) -> Option<&Series<'a>> {
        let standing = |s: &&Series<'_>| s.latest().map(Standing::of);
        self.total.as_ref().or_else(|| self.members.iter().min_by_key(standing))
    }

    pub fn standing(&self) -> Option<Standing> {
        self.telling().and_then(Series::latest).map(Standing::of)
    }

    /// As the newest definition calls it.
    pub fn title(&self) -> String {
        let newest = self.telling().and_then(|s| s.rows.last());
        newest.map_or(String::new(), |r| clean(if r.title.is_empty() { &r.kpi } else { &r.title }))
    }
}

/// All KPIs of one period kind.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    pub kind: Option<PeriodKind>,
    /// One row of each period, in order of time.
    pub periods: Vec<&'a Row>,
    /// Title and KPIs.
    pub groups: Vec<(String, Vec<Entry<'a>>)>,
}

impl<'a> Block<'a> {
    pub fn entries(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.groups.iter().flat_map(|(_, entries)| entries)
    }

    /// Whether the periods are of more than one year, so that a month needs its year. By their labels: a week belongs to
    /// the year of its Thursday.
    pub fn spans_years(&self) -> bool {
        let year = |r: &&Row| r.period.get(..4).map(str::to_owned);
        self.periods.first().map(year) != self.periods.last().map(year)
    }
}

/// The usual periods first.
const ORDER: [PeriodKind; 4] = [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Week, PeriodKind::Day];

/// Rows as blocks: what most KPIs are about first.
pub fn blocks<'a>(rows: &'a [Row], groups: &[Group]) -> Vec<Block<'a>> {
    let mut kinds: Vec<(Option<PeriodKind>, Vec<&'a Row>)> = Vec::new();
    for row in rows {
        let kind = kind(row);
        match kinds.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, list)) => list.push(row),
            None => kinds.push((kind, vec![row])),
        }
    }
    let usual = |kind: Option<PeriodKind>| ORDER.iter().position(|k| Some(*k) == kind).unwrap_or(ORDER.len());
    kinds.sort_by_key(|(kind, rows)| {
        let kpis: BTreeSet<&str> = rows.iter().map(|r| r.kpi.as_str()).collect();
        (Reverse(kpis.len()), usual(*kind), kind.is_none(), *kind)
    });
    kinds
        .into_iter()
        .map(|(kind, rows)| {
            let mut periods = rows.clone();
            periods.sort_by_key(|r| r.period_from);
            periods.dedup_by_key(|r| r.period_from);
            Block { kind, periods, groups: grouped(entries(&rows), groups) }
        })
        .collect()
}

/// A KPI's place, and the dimensions with their members.
type Members<'a> = (usize, Vec<(&'a str, String)>);

/// KPIs in order of occurrence, each with its series in order of occurrence.
pub fn entries<'a>(rows: &[&'a Row]) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    let mut series: BTreeMap<Members<'_>, usize> = BTreeMap::new();
    for &row in rows {
        let at = *place.entry(&row.kpi).or_insert_with(|| {
            entries.push(Entry { kpi: &row.kpi, total: None, members: Vec::new() });
            entries.len() - 1
        });
        let Some(entry) = entries.get_mut(at) else { continue };
        if row.dimensions.is_empty() {
            entry.total.get_or_insert_with(|| Series { rows: Vec::new() }).rows.push(row);
            continue;
        }
        let key = row.dimensions.iter().map(|(name, m)| (name.as_str(), m.label())).collect();
        let i = *series.entry((at, key)).or_insert_with(|| {
            entry.members.push(Series { rows: Vec::new() });
            entry.members.len() - 1
        });
        if let Some(s) = entry.members.get_mut(i) {
            s.rows.push(row);
        }
    }
    for entry in &mut entries {
        for s in entry.total.iter_mut().chain(&mut entry.members) {
            s.rows.sort_by_key(|r| r.period_from);
        }
    }
    entries
}

/// KPIs in their groups; those of no group last.
fn grouped<'a>(mut entries: Vec<Entry<'a>>, groups: &[Group]) -> Vec<(String, Vec<Entry<'a>>)> {
    let mut out = Vec::new();
    for group in groups {
        let mut list = Vec::new();
        for name in &group.kpis {
            if let Some(i) = entries.iter().position(|e| e.kpi == name) {
                list.push(entries.remove(i));
            }
        }
        out.push((clean(&group.title), list));
    }
    let rest = if groups.is_empty() { "KPI" } else { "Overige" };
    out.push((rest.to_owned(), entries));
    out.retain(|(_, list)| !list.is_empty());
    for (_, list) in &mut out {
        list.sort_by_key(|e| e.standing().map(Standing::rank));
    }
    out
}
