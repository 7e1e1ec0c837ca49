//! Charts as SVG and HTML, drawn when the report is made: plain data in, text out. No file, no clock, no script; the same
//! data give the same bytes. Colours stand in [`CSS`] only, and no colour stands alone: a status has its own shape.
//!
//! Axes: bars start at 0. A line starts at 0 where its data are spread over half of what is between 0 and the largest;
//! a percentage then runs from 0 to 100. Otherwise the axis is a window around data and norm, with a break at its foot,
//! so that what lies between a value and its norm is seen. A reference that would make the window more than twice as
//! large is told at the edge and not drawn.

use super::{number, series, words};
use crate::judge::{Row, Status};
use crate::model::BoundTest;

mod axis;
mod bar;
mod distribution;
mod figure;
mod frame;
mod heatmap;
mod legend;
mod line;
mod mark;
#[cfg(test)]
mod samples;
mod small;
mod svg;
mod tell;
#[cfg(test)]
mod tests;

pub use bar::bar;
pub use distribution::distribution;
pub use figure::{figure, sparkline};
pub use heatmap::heatmap;
pub use line::line;
pub use mark::icon;
pub use small::small_multiples;

/// The style of all charts, to stand once in a page.
pub const CSS: &str = include_str!("chart/chart.css");

/// A norm as it holds for one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    test: BoundTest,
    text: String,
}

impl Bound {
    /// From the canonical text of a result row: `>= 80%`, `tussen 85% en 90%`. Nothing for another text.
    pub fn read(text: &str) -> Option<Self> {
        let test = number::parse_norm(text)?;
        Some(Self { test, text: text.to_owned() })
    }

    /// The lowest and the highest value that it names; the same where it names one.
    fn edges(&self) -> Option<(f64, f64)> {
        match self.test {
            BoundTest::Compare(_, at) if at.is_finite() => Some((at, at)),
            BoundTest::Between(low, high) if low.is_finite() && high.is_finite() => Some((low, high)),
            _ => None,
        }
    }

    /// `≥ 80 %`
    fn words(&self, unit: &str) -> String {
        number::norm(&self.text, unit)
    }
}

/// How sure a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Certainty {
    #[default]
    Settled,
    /// `voorlopig`: may still change. Drawn hollow.
    Provisional,
    /// `onbetrouwbaar`: drawn apart, not joined with the others.
    Unreliable,
}

/// What the variation of a series says of one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    Improvement,
    Concern,
    /// It stands out, and no norm says which way is better.
    Change,
}

/// One period, or one member.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// On the axis: `jan`, `Team Noord`.
    pub label: String,
    /// In sentences: `januari 2026`.
    pub long_label: String,
    /// Nothing is drawn for a value that is none, that is no number, or whose status forbids it.
    pub value: Option<f64>,
    pub status: Status,
    pub certainty: Certainty,
    pub norm: Option<Bound>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// From here on the values cannot be compared with those before: what the line says, `reeksbreuk`.
    pub series_break: Option<String>,
    pub special: Option<Special>,
    /// A sentence for the tooltip, or empty.
    pub note: String,
}

impl Point {
    /// A bare point without norm.
    pub fn new(label: &str, long_label: &str, value: Option<f64>, status: Status) -> Self {
        Self {
            label: label.to_owned(),
            long_label: long_label.to_owned(),
            value,
            status,
            certainty: Certainty::Settled,
            norm: None,
            low: None,
            high: None,
            series_break: None,
            special: None,
            note: String::new(),
        }
    }

    /// The period of a result row; `years` when its label needs the year.
    pub fn of(row: &Row, years: bool) -> Self {
        let has = |mark: &str| row.marks.iter().any(|m| m.mark == mark);
        let reasons = row.marks.iter().filter(|m| !m.reason.is_empty());
        let reasons: Vec<String> = reasons.map(|m| words::clean(&format!("{}: {}", m.mark, m.reason))).collect();
        Self {
            certainty: match () {
                () if has("onbetrouwbaar") => Certainty::Unreliable,
                () if has(series::PRELIMINARY) => Certainty::Provisional,
                () => Certainty::Settled,
            },
            norm: row.norm.as_deref().and_then(Bound::read),
            low: row.lower,
            high: row.upper,
            series_break: row.series_break.then(|| "reeksbreuk".to_owned()),
            note: reasons.join("; "),
            ..Self::new(
                &words::head(row, years),
                &words::period(row).unwrap_or_else(|| row.period.clone()),
                row.value,
                row.status,
            )
        }
    }

    /// The value to draw.
    fn shown(&self) -> Option<f64> {
        let hidden = matches!(self.status, Status::Shielded | Status::NoData | Status::NotMeasurable);
        self.value.filter(|v| v.is_finite() && !hidden)
    }

    /// A value that stands by itself: nothing may be read from how it lies between the others.
    fn apart(&self) -> bool {
        self.status == Status::TooFew || self.certainty == Certainty::Unreliable
    }

    /// The value with its unit, precise enough to tell it from the norm.
    fn text(&self, unit: &str) -> Option<String> {
        self.shown().map(|v| number::value_against(v, unit, self.norm.as_ref().map(|n| n.text.as_str())))
    }
}

/// What never decides a status, drawn as a line of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// `streefnorm ≥ 95 %`
    pub label: String,
    pub value: f64,
    /// The points over which it holds; `until` is exclusive.
    pub from: usize,
    pub until: usize,
}

/// The references of a series of rows, one for each stretch over which one holds unchanged.
pub fn references(rows: &[&Row]) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        for shown in &row.references {
            let text = if shown.text.starts_with(|c: char| c.is_ascii_digit() || "-€".contains(c)) {
                number::benchmark(&shown.text, &row.unit)
            } else {
                number::norm(&shown.text, &row.unit)
            };
            let about = shown.label.as_deref().map_or(String::new(), |label| format!(" {}", words::clean(label)));
            let label = format!("{}{about} {text}", shown.kind);
            let bound = number::parse_norm(&shown.text).or_else(|| number::parse_norm(&format!("= {}", shown.text)));
            let values = match bound {
                Some(BoundTest::Compare(_, value)) => vec![value],
                Some(BoundTest::Between(low, high)) => vec![low, high],
                Some(BoundTest::Data(..)) | None => Vec::new(),
            };
            for value in values {
                let same = |r: &&mut Reference| r.until == at && r.label == label && r.value.total_cmp(&value).is_eq();
                match found.iter_mut().find(same) {
                    Some(reference) => reference.until = at + 1,
                    None => found.push(Reference { label: label.clone(), value, from: at, until: at + 1 }),
                }
            }
        }
    }
    found
}

/// The process limits of one baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// The points over which they hold; `until` is exclusive.
    pub from: usize,
    pub until: usize,
    pub centre: f64,
    pub lower: f64,
    pub upper: f64,
}

/// Values over time.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    /// Unique in the page, of letters, digits, `-` and `_`; `…-t` and `…-d` are used too. So in all charts.
    pub id: String,
    pub title: String,
    pub unit: String,
    pub points: Vec<Point>,
    pub references: Vec<Reference>,
    pub limits: Vec<Limits>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Bars that stand: periods.
    Up,
    /// Bars that lie: members, in the order given.
    Right,
}

/// Amounts, from zero.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub direction: Direction,
    pub points: Vec<Point>,
    pub references: Vec<Reference>,
}

/// One large number: that of the last point, with the points before it as a small line.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub id: String,
    pub title: String,
    pub unit: String,
    /// The last one is shown.
    pub points: Vec<Point>,
}

/// A line without axes, to stand in a table or a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparkline {
    pub title: String,
    pub unit: String,
    pub points: Vec<Point>,
}

/// Durations (or other amounts) in classes that need not be equally wide.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub bins: Vec<Bin>,
    pub norm: Option<Bound>,
    /// A sentence under the chart: `82,1 % is binnen de norm van 8 weken.`
    pub note: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    /// `1 – 2 weken`
    pub label: String,
    /// Open where none.
    pub from: Option<f64>,
    pub until: Option<f64>,
    pub count: u64,
}

/// Values over two divisions of time (hour and weekday), or any two dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Heatmap {
    pub id: String,
    pub title: String,
    pub unit: String,
    /// What the rows are: `uur`.
    pub corner: String,
    pub columns: Vec<String>,
    pub rows: Vec<HeatRow>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct HeatRow {
    pub label: String,
    /// As many as there are columns; what lacks has no data.
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub value: Option<f64>,
    pub status: Status,
}

/// Many series beside each other, on one scale.
#[derive(Clone, Debug, PartialEq)]
pub struct SmallMultiples {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub items: Vec<Small>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Small {
    pub name: String,
    pub points: Vec<Point>,
}
