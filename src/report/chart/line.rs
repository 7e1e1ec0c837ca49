//! Values over time as a line.

use maud::{Markup, html};

use super::axis::{Axis, Foot};
use super::frame::{self, Frame, HEIGHT, Label, WIDTH};
use super::mark::{self, Mark};
use super::svg::{self, Path};
use super::{LineChart, Point, Special, legend, tell};

/// A line with norm, references, process limits, intervals, and a mark on each point.
pub fn line(chart: &LineChart) -> Markup {
    let values = frame::values(&chart.points, &chart.limits);
    let beside: Vec<f64> = chart.references.iter().map(|r| r.value).collect();
    let axis = Axis::new(&values, &beside, &chart.unit, Foot::Window);
    let mut labels = frame::labels(&chart.points, &chart.references, &chart.unit, &axis);
    let last = last(&chart.points);
    let at_end = last.is_some_and(|(at, _)| at + 1 == chart.points.len());
    if let Some((_, value)) = last.filter(|_| at_end) {
        let text = chart.points.last().and_then(|p| p.text(&chart.unit)).unwrap_or_default();
        labels.insert(0, Label { text, class: "v", value });
    }
    let frame = Frame::new(axis, &chart.points, &labels, 0.0);
    let (norm, norm_words) = frame.norm(&chart.unit);
    let body = html! {
        (frame.limits(&chart.limits))
        (frame.draw(3.0))
        (norm)
        (frame.references(&chart.references))
        (frame.breaks())
        (frame.lacking())
        (whiskers(&frame))
        (joined(&chart.points, |at, value| (frame.x(at), frame.y(value))).draw("l"))
        (norm_words)
        (marks(&frame))
        (frame.labels(&labels))
        @if !at_end && let Some((at, value)) = last { (last_inside(&frame, at, value, &chart.unit)) }
        @if chart.points.iter().all(|p| p.shown().is_none()) {
            (svg::text("c q", f64::midpoint(frame.left, frame.right), 120.0, "geen waarden in deze perioden"))
        }
        (frame.tips())
    };
    let told = tell::series(&chart.points, &chart.unit, tell::Of::Periods);
    html! {
        (svg::drawing(&chart.id, &chart.title, &told, (WIDTH, HEIGHT), svg::From::End, &body))
        (legend::of(chart.points.iter(), |_| true, &more(chart)))
    }
}

/// The last value that is drawn in the line.
fn last(points: &[Point]) -> Option<(usize, f64)> {
    points.iter().enumerate().rev().find_map(|(at, p)| p.shown().map(|v| (at, v)))
}

/// The line: it stops where a value lacks, where one stands apart, and before a break in the series.
/// `place` says where a value of a point stands.
pub(super) fn joined(points: &[Point], place: impl Fn(usize, f64) -> (f64, f64)) -> Path {
    let mut path = Path::default();
    let mut before: Option<(f64, f64)> = None;
    let mut drawing = false;
    for (at, point) in points.iter().enumerate() {
        let here = point.shown().filter(|_| !point.apart()).map(|value| place(at, value));
        if point.series_break.is_some() {
            before = None;
        }
        match (before, here) {
            (Some(from), Some(to)) => {
                if !drawing {
                    path.start(from.0, from.1);
                }
                path.to(to.0, to.1);
                drawing = true;
            }
            _ => drawing = false,
        }
        before = here;
    }
    path
}

/// From the lower to the upper end of each interval.
fn whiskers(frame: &Frame) -> Markup {
    let mut path = Path::default();
    for (at, point) in frame.points.iter().enumerate() {
        let Some((low, high)) = point.shown().and(point.low.zip(point.high)) else { continue };
        if low.is_finite() && high.is_finite() {
            let half = frame.mark();
            path.start(frame.x(at) - half, frame.y(high));
            path.raw(&format!(
                "h{w}m-{h} 0V{y}m-{h} 0h{w}",
                w = svg::c(2.0 * half),
                h = svg::c(half),
                y = svg::c(frame.y(low))
            ));
        }
    }
    path.draw("w")
}

/// One path for each kind of mark, the rings of special points under them.
fn marks(frame: &Frame) -> Markup {
    let r = frame.mark();
    let traced = |wanted: &dyn Fn(&Point) -> bool, trace: &dyn Fn(&mut Path, f64, f64)| {
        let mut path = Path::default();
        for (at, point) in frame.points.iter().enumerate().filter(|(_, p)| wanted(p)) {
            if let Some(value) = point.shown() {
                trace(&mut path, frame.x(at), frame.y(value));
            }
        }
        path
    };
    html! {
        @for special in Special::ALL {
            @let wanted = |p: &Point| p.special == Some(special);
            (traced(&wanted, &|path, x, y| special.trace(path, x, y, r + 3.5)).draw(special.class()))
        }
        @for mark in Mark::ALL {
            @let wanted = |p: &Point| Mark::of(p) == Some(mark);
            (traced(&wanted, &|path, x, y| mark.trace(path, x, y, r)).draw(mark.class()))
        }
    }
}

/// The label of a last value after which periods lack.
fn last_inside(frame: &Frame, at: usize, value: f64, unit: &str) -> Markup {
    let text = frame.points.get(at).and_then(|p| p.text(unit)).unwrap_or_default();
    svg::text("v b", frame.x(at) + frame.mark() + 4.0, frame.y(value) - 6.0, &text)
}

/// What the legend says besides the marks.
fn more(chart: &LineChart) -> Vec<(Markup, &'static str)> {
    let across = |class: &'static str| {
        mark::small(class, |path| {
            path.start(0.0, 7.0);
            path.raw("H14");
        })
    };
    let mut more = Vec::new();
    if chart.points.iter().any(|p| p.shown().is_some() && p.low.is_some() && p.high.is_some()) {
        more.push((mark::small("w", |path| path.raw("M4 2h6M7 2V12M4 12h6")), "interval"));
    }
    if !chart.limits.is_empty() {
        more.push((mark::small("pb", |path| path.rectangle(0.0, 2.0, 14.0, 10.0)), "gewone schommeling"));
        more.push((across("pc"), "gemiddelde"));
    }
    more
}
