//! One large number with what is around it, and the small line without axes.

use maud::{Markup, PreEscaped, html};

use super::axis::Axis;
use super::mark::{self, Mark};
use super::svg::{self, Path, f};
use super::{Figure, Point, Sparkline, frame, line, tell};
use crate::judge::Status;
use crate::report::number;

/// The width and height of a small line.
const SMALL: (f64, f64) = (160.0, 48.0);

/// The last point as a large number: status in words, the change since the period before, and a small line.
pub fn figure(figure: &Figure) -> Markup {
    let last = figure.points.last();
    let spark = Sparkline { title: figure.title.clone(), unit: figure.unit.clone(), points: figure.points.clone() };
    html! {
        div class="gk" id=(figure.id) {
            p class="gv" {
                @match last.and_then(|p| p.text(&figure.unit)) {
                    Some(value) => (value),
                    None => span class="ge" { (last.map_or(Status::NoData.word(), tell::lacking)) },
                }
            }
            @if let Some(point) = last {
                p class="gs" {
                    (point.long_label)
                    @if let Some(mark) = Mark::of(point) { ": " (mark::of(mark)) (mark.words()) }
                    @if let Some(norm) = &point.norm { " (norm " (norm.words(&figure.unit)) ")" }
                }
            }
            @if let Some(change) = change(&figure.points, &figure.unit) { p class="gc" { (change) } }
            @if figure.points.iter().filter(|p| p.shown().is_some()).count() > 1 { (sparkline(&spark)) }
        }
    }
}

/// The change since the period before, in words; says it when the two cannot be compared.
fn change(points: &[Point], unit: &str) -> Option<String> {
    let [.., before, last] = points else { return None };
    let now = last.shown()?;
    let Some(then) = before.shown() else {
        return Some(format!("{}: {}", before.long_label, tell::lacking(before)));
    };
    if last.series_break.is_some() {
        return Some(format!("niet te vergelijken met {}: reeksbreuk", before.long_label));
    }
    if before.apart() || last.apart() {
        let which = if before.apart() { before } else { last };
        let why = if which.status == Status::TooFew { Status::TooFew.word() } else { "onbetrouwbaar" };
        return Some(format!("niet te vergelijken met {}: {} {why}", before.long_label, which.long_label));
    }
    let unit = number::difference_unit(unit);
    let size = Some((now - then).abs()).filter(|size| size.is_finite())?;
    let size = number::value(size, unit);
    let same = size == number::value(0.0, unit);
    Some(match () {
        () if now.total_cmp(&then).is_eq() => format!("gelijk aan {}", before.long_label),
        () if same => format!("vrijwel gelijk aan {}", before.long_label),
        () if now > then => format!("{size} hoger dan in {}", before.long_label),
        () => format!("{size} lager dan in {}", before.long_label),
    })
}

/// A small line with the norm; its name tells the sentence.
pub fn sparkline(spark: &Sparkline) -> Markup {
    let axis = Axis::close(&frame::values(&spark.points, &[]), &spark.unit);
    let told = format!("{}: {}", spark.title, tell::brief(&spark.points, &spark.unit));
    let drawn = drawn(&spark.points, &axis, SMALL);
    html! {
        (PreEscaped(format!(r#"<svg class="g sp" role="img" viewBox="0 0 {} {}">"#, svg::c(SMALL.0), svg::c(SMALL.1))))
        title { (told) }
        (drawn)
        (PreEscaped("</svg>"))
    }
}

/// Line, norm, and a mark on the last value.
pub(super) fn drawn(points: &[Point], axis: &Axis, (wide, high): (f64, f64)) -> Markup {
    let slot = (wide - 10.0) / f(points.len().max(1));
    let edge = |at: usize| 5.0 + slot * f(at);
    let x = |at: usize| edge(at) + slot / 2.0;
    let y = |value: f64| axis.at(value, high - 5.0, 5.0);
    let last = points.iter().enumerate().rev().find_map(|(at, p)| Some((x(at), y(p.shown()?), Mark::of(p)?)));
    html! {
        (lines(points, edge, y))
        @if let Some((x, y, mark)) = last {
            @let shape = { let mut path = Path::default(); mark.trace(&mut path, x, y, 3.5); path };
            (shape.draw(mark.class()))
        }
    }
}

/// Norm and line; `edge` is where a period begins.
pub(super) fn lines(points: &[Point], edge: impl Fn(usize) -> f64, y: impl Fn(f64) -> f64) -> Markup {
    let line = line::joined(points, |at, value| (edge(at).midpoint(edge(at + 1)), y(value)));
    let mut norm = Path::default();
    let mut at = 0;
    while let Some(point) = points.get(at) {
        let edges = point.norm.as_ref().and_then(super::Bound::edges);
        let same = |p: &&Point| p.norm.as_ref().and_then(super::Bound::edges) == edges;
        let until = at + points.iter().skip(at).take_while(same).count();
        for value in edges.into_iter().flat_map(|(low, high)| if low < high { vec![low, high] } else { vec![low] }) {
            norm.start(edge(at), y(value));
            norm.raw(&format!("H{}", svg::c(edge(until))));
        }
        at = until;
    }
    html! { (norm.draw("n")) (line.draw("l")) }
}
