//! What is normal for a series, and what is not: the process behaviour chart (XmR) of the result rows, with its two
//! verdicts, *variation* (is it really changing?) and *assurance* (will it keep meeting the norm?). The rules are those of
//! NHS England's *Making Data Count*, as its reference implementation `NHSRplotthedots` has them. The report draws what
//! stands here and calculates nothing itself. Knows rows, no KPIs, no text form of a report.
//!
//! Where the rules leave room:
//! - **13 points**: a baseline with fewer used points has no limits, no special points and no verdict (`NHSRplotthedots`
//!   warns below the same number).
//! - **Left out** are points without a value, over too few observations, shielded, provisional, `onbetrouwbaar` or `niet
//!   representatief`. What is left closes up: the points beside a gap are consecutive.
//! - **On a line is not beyond it**: a point exactly on a limit is not outside, one on the centre lies on neither side (and
//!   ends a run), equal values end a trend, and a norm exactly on a limit lies within the limits. Two numbers are equal
//!   where they differ no more than [`TOLERANCE`] of the greatest absolute value of the baseline: sums of floats are inexact.

mod assurance;
mod limits;
mod points;
mod rules;

use crate::judge::row::Row;
use crate::model::BoundTest;
use crate::model::expr::Comparison;

/// A baseline with fewer used points than this has no limits and no verdict.
pub const LEAST: usize = 13;

/// Of the greatest absolute value of a baseline: numbers that differ no more than that are equal.
pub const TOLERANCE: f64 = 1e-12;

/// One series over time, with what is normal for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// One per row of the series, in order.
    pub points: Vec<Point>,
    /// Every row lies in exactly one, in order.
    pub baselines: Vec<Baseline>,
    /// Which way is better, by the latest norm that tells; otherwise by the latest `streefnorm` or `richtlijn`.
    pub direction: Option<Direction>,
    /// Of the latest used point: what the two icons tell.
    pub verdict: Verdict,
}

/// What a row is in the chart. Its value stays in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Shown apart: it counts for nothing.
    LeftOut(LeftOut),
    /// It counts for the centre of its baseline, which has too few points for more.
    Unjudged,
    /// Normal variation.
    Common,
    Special(Special),
}

/// Why a point does not count; the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    Shielded,
    /// There is no value.
    Missing,
    TooFew,
    Unreliable,
    NotRepresentative,
    /// It may still change: its period has not ended, or is not yet `definitief`.
    Provisional,
}

/// A point that is more than noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Special {
    /// The first rule that applies.
    pub rule: Rule,
    pub side: Side,
    pub change: Change,
}

/// In the order in which they are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    OutsideLimit,
    /// One of seven points in a row of which each is higher than the one before it, or each lower.
    Trend,
    /// One of two or three, out of three in a row on one side of the centre, that lie between a near limit and its limit.
    TwoOfThree,
    /// One of seven points in a row on one side of the centre.
    Shift,
}

/// Where a special point points to: above or below the centre, and of a trend: rising or falling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    High,
    Low,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Higher,
    Lower,
}

/// What a special point means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Improvement,
    Concern,
    /// Without a direction.
    High,
    Low,
}

/// A stretch of rows with its own centre and limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Index of its first row.
    pub from: usize,
    /// Index after its last row.
    pub until: usize,
    /// How many of its points count.
    pub used: usize,
    /// The mean of the points that count; none where there are none.
    pub centre: Option<f64>,
    /// None with fewer than [`LEAST`] points.
    pub limits: Option<Limits>,
}

/// What is normal within a baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    pub centre: f64,
    /// The mean of the moving ranges, after screening.
    pub moving_range: f64,
    pub lower: f64,
    pub upper: f64,
    pub near_lower: f64,
    pub near_upper: f64,
    /// `lower` and `upper` as they are drawn: of percentages that all lie between 0 and 100, cut there.
    pub drawn: (f64, f64),
}

/// What the two icons tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The latest baseline has so many points that count: fewer than [`LEAST`].
    TooFew { points: usize },
    Judged {
        /// Index of the latest point that counts.
        point: usize,
        /// None is normal variation.
        change: Option<Change>,
        /// Against the norm of that point; none where it has no norm.
        assurance: Option<Assurance>,
    },
}

/// Whether the norm will be met, as long as nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    ConsistentlyMeets,
    ConsistentlyFails,
    HitOrMiss,
}

/// The variation of one series: the rows of one KPI and one combination of members, in the order of their periods (see
/// [`series`]).
#[must_use]
pub fn of(rows: &[&Row]) -> Variation {
    let used = points::used(rows);
    let direction = direction(rows, &used);
    let mut points: Vec<Point> = used.iter().map(|p| p.map_or_else(Point::LeftOut, |_| Point::Unjudged)).collect();
    let mut baselines = Vec::new();
    for (from, until) in points::stretches(rows) {
        let values: Vec<(usize, f64)> = numbered(&used, from, until);
        let plain: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
        let percentage = rows.get(from).is_some_and(|row| row.unit == "%");
        let limits = limits::of(&plain, percentage).filter(|_| plain.len() >= LEAST);
        if let Some(limits) = &limits {
            let found = rules::special(&plain, limits, limits::tolerance(&plain));
            for ((index, _), special) in values.iter().zip(found) {
                if let Some(point) = points.get_mut(*index) {
                    *point =
                        special.map_or(Point::Common, |(rule, side)| Point::Special(meaning(rule, side, direction)));
                }
            }
        }
        baselines.push(Baseline { from, until, used: plain.len(), centre: limits::centre(&plain), limits });
    }
    let verdict = verdict(rows, &used, &points, baselines.last());
    Variation { points, baselines, direction, verdict }
}

/// The series among rows: those of one KPI and one combination of members, in the order of their periods; the series in
/// the order of their first row.
#[must_use]
pub fn series(rows: &[Row]) -> Vec<Vec<&Row>> {
    points::series(rows)
}

/// The values that count within a stretch, with the index of their row.
fn numbered(used: &[Result<f64, LeftOut>], from: usize, until: usize) -> Vec<(usize, f64)> {
    let stretch = used.iter().enumerate().take(until).skip(from);
    stretch.filter_map(|(index, value)| value.ok().map(|value| (index, value))).collect()
}

fn meaning(rule: Rule, side: Side, direction: Option<Direction>) -> Special {
    let change = match (direction, side) {
        (Some(Direction::Higher), Side::High) | (Some(Direction::Lower), Side::Low) => Change::Improvement,
        (Some(Direction::Higher), Side::Low) | (Some(Direction::Lower), Side::High) => Change::Concern,
        (None, Side::High) => Change::High,
        (None, Side::Low) => Change::Low,
    };
    Special { rule, side, change }
}

/// Which way is better: by the norm of the latest point that has one which tells, otherwise by a reference value.
fn direction(rows: &[&Row], used: &[Result<f64, LeftOut>]) -> Option<Direction> {
    let latest = || rows.iter().zip(used).rev().filter(|(_, value)| value.is_ok()).map(|(row, _)| row);
    let by_norm = latest().find_map(|row| row.test.as_ref().and_then(Direction::of));
    let by_reference = |kind: &str| {
        latest().find_map(|row| {
            let shown = row.references.iter().filter(|shown| shown.kind == kind);
            shown.filter_map(|shown| shown.test.as_ref()).find_map(Direction::of)
        })
    };
    by_norm.or_else(|| by_reference("streefnorm")).or_else(|| by_reference("richtlijn"))
}

fn verdict(rows: &[&Row], used: &[Result<f64, LeftOut>], points: &[Point], baseline: Option<&Baseline>) -> Verdict {
    let Some(baseline) = baseline else { return Verdict::TooFew { points: 0 } };
    let values = numbered(used, baseline.from, baseline.until);
    let too_few = Verdict::TooFew { points: baseline.used };
    let (Some(limits), Some((index, _))) = (&baseline.limits, values.last()) else { return too_few };
    let plain: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    let test = rows.get(*index).and_then(|row| row.test);
    Verdict::Judged {
        point: *index,
        change: points.get(*index).and_then(Point::special).map(|special| special.change),
        assurance: test.and_then(|test| assurance::of(&test, limits, limits::tolerance(&plain))),
    }
}

impl Direction {
    /// Which way a norm points; `=`, `<>` and `tussen` point neither way.
    #[must_use]
    pub fn of(test: &BoundTest) -> Option<Self> {
        match test {
            BoundTest::Compare(op, _) | BoundTest::Data(op, _) => match op {
                Comparison::Greater | Comparison::GreaterEqual => Some(Self::Higher),
                Comparison::Less | Comparison::LessEqual => Some(Self::Lower),
                Comparison::Equal | Comparison::NotEqual => None,
            },
            BoundTest::Between(..) => None,
        }
    }
}

impl Point {
    #[must_use]
    pub fn special(&self) -> Option<Special> {
        match self {
            Self::Special(special) => Some(*special),
            Self::LeftOut(_) | Self::Unjudged | Self::Common => None,
        }
    }

    #[must_use]
    pub fn left_out(&self) -> Option<LeftOut> {
        match self {
            Self::LeftOut(why) => Some(*why),
            Self::Special(_) | Self::Unjudged | Self::Common => None,
        }
    }
}

impl Variation {
    /// The baseline in which a row lies.
    #[must_use]
    pub fn baseline(&self, row: usize) -> Option<&Baseline> {
        self.baselines.iter().find(|baseline| baseline.from <= row && row < baseline.until)
    }
}

impl LeftOut {
    /// The word, as results have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Shielded => "afgeschermd",
            Self::Missing => "geen waarde",
            Self::TooFew => "te weinig waarnemingen",
            Self::Unreliable => "onbetrouwbaar",
            Self::NotRepresentative => "niet representatief",
            Self::Provisional => "voorlopig",
        }
    }
}

impl Special {
    /// Why it is more than noise, in words.
    #[must_use]
    pub fn why(self) -> &'static str {
        match (self.rule, self.side) {
            (Rule::OutsideLimit, Side::High) => "boven de bovengrens",
            (Rule::OutsideLimit, Side::Low) => "onder de ondergrens",
            (Rule::Trend, Side::High) => "zeven punten op rij stijgend",
            (Rule::Trend, Side::Low) => "zeven punten op rij dalend",
            (Rule::TwoOfThree, Side::High) => "twee van drie punten op rij dicht bij de bovengrens",
            (Rule::TwoOfThree, Side::Low) => "twee van drie punten op rij dicht bij de ondergrens",
            (Rule::Shift, Side::High) => "zeven punten op rij boven het gemiddelde",
            (Rule::Shift, Side::Low) => "zeven punten op rij onder het gemiddelde",
        }
    }
}

impl Change {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Improvement => "verbetering",
            Self::Concern => "verslechtering",
            Self::High => "opvallend hoog",
            Self::Low => "opvallend laag",
        }
    }
}

impl Assurance {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ConsistentlyMeets => "haalt de norm structureel",
            Self::ConsistentlyFails => "haalt de norm structureel niet",
            Self::HitOrMiss => "wisselend",
        }
    }
}

impl Verdict {
    /// What the icon of variation tells: `normale variatie`, `verbetering`, …; `te weinig punten (9 van 13)`.
    #[must_use]
    pub fn variation(&self) -> String {
        match self {
            Self::TooFew { points } => format!("te weinig punten ({points} van {LEAST})"),
            Self::Judged { change: None, .. } => "normale variatie".to_owned(),
            Self::Judged { change: Some(change), .. } => change.word().to_owned(),
        }
    }

    /// What the icon of assurance tells; nothing without a norm, or with too few points.
    #[must_use]
    pub fn assurance(&self) -> Option<&'static str> {
        match self {
            Self::Judged { assurance, .. } => assurance.map(Assurance::word),
            Self::TooFew { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
