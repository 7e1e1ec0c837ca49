//! Amounts as bars from zero: periods that stand, members that lie.

use maud::{Markup, html};

use super::axis::{Axis, Foot};
use super::frame::{self, Frame, HEIGHT, Label, WIDTH};
use super::mark::Mark;
use super::svg::{self, LINE, Path, bold, f, width};
use super::{BarChart, Direction, Point, Special, legend, tell};

/// The height of one lying bar with its distance to the next.
const ROW: f64 = 26.0;
/// Room for the marks between foot and periods.
const STRIP: f64 = 16.0;

/// Bars from zero with norm, references and values.
pub fn bar(chart: &BarChart) -> Markup {
    let (body, height) = match chart.direction {
        Direction::Up => (standing(chart), HEIGHT),
        Direction::Right => lying(chart),
    };
    let (of, from) = match chart.direction {
        Direction::Up => (tell::Of::Periods, svg::From::End),
        Direction::Right => (tell::Of::Members, svg::From::Start),
    };
    let told = tell::series(&chart.points, &chart.unit, of);
    html! {
        (svg::drawing(&chart.id, &chart.title, &told, (WIDTH, height), from, &body))
        (legend::of(chart.points.iter(), speaks, &[]))
    }
}

fn axis(chart: &BarChart) -> Axis {
    let beside: Vec<f64> = chart.references.iter().map(|r| r.value).collect();
    Axis::new(&frame::values(&chart.points, &[]), &beside, &chart.unit, Foot::Zero)
}

/// Filled, hollow for what may still change, dashed for what stands apart.
fn class(point: &Point) -> &'static str {
    match Mark::of(point) {
        Some(Mark::TooFew | Mark::Unreliable) => "bu",
        Some(Mark::MetProvisional | Mark::NearProvisional | Mark::NotMetProvisional | Mark::NoNormProvisional) => "bp",
        _ => "bf",
    }
}

const CLASSES: [&str; 3] = ["bf", "bp", "bu"];

fn standing(chart: &BarChart) -> Markup {
    let axis = axis(chart);
    let labels = frame::labels(&chart.points, &chart.references, &chart.unit, &axis);
    let judged = chart.points.iter().any(speaks);
    let strip = if judged { STRIP } else { 0.0 };
    let frame = Frame::new(axis, &chart.points, &labels, strip);
    let wide = (frame.slot * 0.7).min(56.0);
    let bars = |wanted: &'static str| {
        let mut path = Path::default();
        for (at, point) in chart.points.iter().enumerate().filter(|(_, p)| class(p) == wanted) {
            let Some(value) = point.shown() else { continue };
            let (zero, y) = (frame.y(0.0), frame.y(value));
            path.rectangle(frame.x(at) - wide / 2.0, zero.min(y), wide, (zero - y).abs());
        }
        path.draw(wanted)
    };
    let (norm, norm_words) = frame.norm(&chart.unit);
    html! {
        (frame.draw(3.0 + strip))
        @for c in CLASSES { (bars(c)) }
        (norm)
        (frame.references(&chart.references))
        (frame.breaks())
        (frame.lacking())
        (norm_words)
        (values(&frame, &chart.unit))
        @if judged { (strip_of_marks(&frame)) }
        (frame.labels(&labels))
        (frame.tips())
    }
}

/// The value above each bar: where they do not fit without their unit, and there not either, only above the last.
fn values(frame: &Frame, unit: &str) -> Markup {
    let mut texts: Vec<Option<String>> = frame.points.iter().map(|p| p.text(unit)).collect();
    let fit = |texts: &[Option<String>]| texts.iter().flatten().all(|t| bold(t) + 2.0 <= frame.slot);
    if !fit(&texts) {
        let bare: Vec<Option<String>> = texts.iter().map(|t| t.as_deref().map(|t| frame.axis.bare(t))).collect();
        if fit(&bare) {
            texts = bare;
        } else {
            let last = texts.iter().rposition(Option::is_some);
            texts.iter_mut().enumerate().filter(|(at, _)| Some(*at) != last).for_each(|(_, text)| *text = None);
        }
    }
    html! {
        @for (at, text) in texts.iter().enumerate() {
            @if let (Some(text), Some(value)) = (text, frame.points.get(at).and_then(Point::shown)) {
                @let below = if value < 0.0 { 15.0 } else { -6.0 };
                (svg::text("c v", frame.x(at), frame.y(value) + below, text))
            }
        }
    }
}

/// What a bar has to say besides its length.
fn speaks(point: &Point) -> bool {
    point.special.is_some() || Mark::of(point).is_some_and(|m| m != Mark::NoNorm)
}

/// Status and variation of each bar under the foot.
fn strip_of_marks(frame: &Frame) -> Markup {
    let y = frame.bottom + 10.0;
    let places: Vec<(f64, &Point)> =
        frame.points.iter().enumerate().filter(|(_, p)| speaks(p)).map(|(at, p)| (frame.x(at), p)).collect();
    let (mut rings, mut shapes) = (Vec::new(), Vec::new());
    for special in Special::ALL {
        let mut path = Path::default();
        let of = places.iter().filter(|(_, p)| p.shown().is_some() && p.special == Some(special));
        of.for_each(|(x, _)| special.trace(&mut path, *x, y, frame.mark() + 2.5));
        rings.push(path.draw(special.class()));
    }
    for mark in Mark::ALL {
        let mut path = Path::default();
        let of = places.iter().filter(|(_, p)| Mark::of(p) == Some(mark));
        of.for_each(|(x, _)| mark.trace(&mut path, *x, y, frame.mark()));
        shapes.push(path.draw(mark.class()));
    }
    html! { @for drawn in rings.iter().chain(&shapes) { (drawn) } }
}

/// Where the lying bars stand.
struct Lying {
    axis: Axis,
    left: f64,
    right: f64,
    top: f64,
}

impl Lying {
    fn x(&self, value: f64) -> f64 {
        self.axis.at(value, self.left, self.right)
    }

    fn y(&self, at: usize) -> f64 {
        self.top + ROW * f(at)
    }
}

fn lying(chart: &BarChart) -> (Markup, f64) {
    let axis = axis(chart);
    let names = chart.points.iter().map(|p| width(&p.label)).fold(0.0, f64::max).min(200.0);
    let texts = chart.points.iter().filter_map(|p| p.text(&chart.unit)).map(|t| bold(&t)).fold(0.0, f64::max);
    let plot = Lying { axis, left: names + 30.0, right: WIDTH - texts.max(30.0) - 14.0, top: 2.0 * LINE + 6.0 };
    let bottom = plot.y(chart.points.len());
    // One word for the norm stands above its line only where all members have the same.
    let norms = chart.points.iter().filter_map(|p| p.norm.as_ref());
    let one = norms.clone().zip(norms.skip(1)).all(|(a, b)| a == b);
    let named = if one { chart.points.as_slice() } else { &[] };
    let labels = frame::labels(named, &chart.references, &chart.unit, &plot.axis);
    let strip = |at: usize| format!("M0 {}H{WIDTH}", svg::c(plot.y(at) + ROW / 2.0));
    let told = |p: &Point| tell::point(p, &chart.unit);
    let strips = chart.points.iter().enumerate().map(|(at, p)| (strip(at), told(p)));
    let body = html! {
        (grid(&plot, bottom))
        @for c in CLASSES { (lying_bars(chart, &plot, c)) }
        (lying_norm(chart, &plot))
        (lying_references(chart, &plot, bottom))
        (rows(chart, &plot))
        (above(&plot, &labels))
        (svg::tips(ROW, strips))
    };
    (body, bottom + 24.0)
}

fn grid(plot: &Lying, bottom: f64) -> Markup {
    let (mut grid, mut foot) = (Path::default(), Path::default());
    for tick in &plot.axis.ticks {
        grid.start(plot.x(*tick), plot.top);
        grid.raw(&format!("V{}", svg::c(bottom)));
    }
    foot.start(plot.x(0.0), plot.top);
    foot.raw(&format!("V{}", svg::c(bottom)));
    let texts: Vec<String> = plot.axis.ticks.iter().map(|t| plot.axis.label(*t)).collect();
    let slot = (plot.right - plot.left) / f(texts.len().saturating_sub(1).max(1));
    let every = svg::every(&texts.iter().map(String::as_str).collect::<Vec<_>>(), slot);
    html! {
        (grid.draw("k"))
        (foot.draw("a"))
        @for (tick, text) in plot.axis.ticks.iter().zip(&texts).step_by(every) {
            (svg::text("c", plot.x(*tick), bottom + LINE, text))
        }
    }
}

fn lying_bars(chart: &BarChart, plot: &Lying, wanted: &'static str) -> Markup {
    let mut path = Path::default();
    for (at, point) in chart.points.iter().enumerate().filter(|(_, p)| class(p) == wanted) {
        let Some(value) = point.shown() else { continue };
        let (zero, x) = (plot.x(0.0), plot.x(value));
        path.rectangle(zero.min(x), plot.y(at) + 4.0, (x - zero).abs(), ROW - 8.0);
    }
    path.draw(wanted)
}

/// Each member's own norm; equal ones become one line.
fn lying_norm(chart: &BarChart, plot: &Lying) -> Markup {
    let mut path = Path::default();
    let mut band = Path::default();
    for (at, point) in chart.points.iter().enumerate() {
        let Some((low, high)) = point.norm.as_ref().and_then(super::Bound::edges) else { continue };
        let (x, y) = (plot.x(low), plot.y(at));
        path.start(x, y);
        path.raw(&format!("v{}", svg::c(ROW)));
        if high > low {
            band.rectangle(x, y, plot.x(high) - x, ROW);
            path.start(plot.x(high), y);
            path.raw(&format!("v{}", svg::c(ROW)));
        }
    }
    html! { (band.draw("nb")) (path.over("n")) }
}

fn lying_references(chart: &BarChart, plot: &Lying, bottom: f64) -> Markup {
    let mut path = Path::default();
    for r in chart.references.iter().filter(|r| plot.axis.holds(r.value)) {
        path.start(plot.x(r.value), plot.top);
        path.raw(&format!("V{}", svg::c(bottom)));
    }
    path.over("r")
}

/// Name, mark and value of each member.
fn rows(chart: &BarChart, plot: &Lying) -> Markup {
    let shapes = |mark: Mark| {
        let mut path = Path::default();
        for (at, _) in chart.points.iter().enumerate().filter(|(_, p)| Mark::of(p) == Some(mark)) {
            mark.trace(&mut path, plot.left - 14.0, plot.y(at) + ROW / 2.0, 4.5);
        }
        path.draw(mark.class())
    };
    html! {
        @for (at, point) in chart.points.iter().enumerate() {
            @let middle = plot.y(at) + ROW / 2.0 + 4.5;
            (svg::text("e n1", plot.left - 26.0, middle, &svg::fit(&point.label, 200.0)))
            @match (point.text(&chart.unit), point.shown()) {
                (Some(text), Some(value)) => (svg::text("v", plot.x(value.max(0.0)) + 6.0, middle, &text)),
                _ => (svg::text("q", plot.x(0.0) + 6.0, middle, tell::lacking(point))),
            }
        }
        @for mark in Mark::ALL { (shapes(mark)) }
    }
}

/// The words of norm and references above their lines, in two rows.
fn above(plot: &Lying, labels: &[Label]) -> Markup {
    let mut free = [f64::MIN, f64::MIN];
    let mut order: Vec<&Label> = labels.iter().collect();
    order.sort_by(|a, b| a.value.total_cmp(&b.value));
    let mut placed = Vec::new();
    for label in order {
        let half = width(&label.text) / 2.0;
        let x = plot.x(label.value).min(WIDTH - half - 4.0).max(half + 4.0);
        let row = usize::from(free.first().is_some_and(|end| x - half < *end));
        if let Some(end) = free.get_mut(row) {
            *end = x + half + 8.0;
        }
        placed.push((label, x, LINE + LINE * f(1 - row) - 1.0));
    }
    html! { @for (label, x, y) in placed { (svg::text(&format!("c {}", label.class), x, y, &label.text)) } }
}
