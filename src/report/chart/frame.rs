//! What charts over time share: the plot with its axis, periods along the foot, the norm as steps, references, process
//! limits, breaks in the series, and the labels at the right end.

use maud::{Markup, html};

use super::axis::Axis;
use super::svg::{self, LINE, Path, bold, f, width};
use super::{Limits, Point, Reference, mark, tell};

pub(super) const WIDTH: f64 = 720.0;
pub(super) const HEIGHT: f64 = 300.0;
/// The widest a label at the right end may be.
const RIGHT: f64 = 210.0;

pub(super) struct Frame<'a> {
    pub(super) axis: Axis,
    pub(super) points: &'a [Point],
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// Of each point.
    pub(super) slot: f64,
}

/// A label at the right end: what it says, its class, and the value it belongs to.
pub(super) struct Label {
    pub(super) text: String,
    pub(super) class: &'static str,
    pub(super) value: f64,
}

impl Label {
    fn width(&self) -> f64 {
        if self.class == "v" { bold(&self.text) } else { width(&self.text) }
    }
}

impl<'a> Frame<'a> {
    /// `foot` is the room under the plot besides that of the labels of the periods.
    pub(super) fn new(axis: Axis, points: &'a [Point], labels: &[Label], foot: f64) -> Self {
        let ticks = axis.ticks.iter().map(|t| width(&axis.label(*t))).fold(0.0, f64::max);
        let words = labels.iter().map(Label::width).fold(0.0, f64::max);
        let left = (ticks + 14.0).min(200.0);
        let right = WIDTH - (words + 12.0).clamp(14.0, RIGHT + 12.0);
        let slot = (right - left) / f(points.len().max(1));
        let breaks = points.iter().any(|p| p.series_break.is_some());
        let top = if breaks { 14.0 + LINE } else { 14.0 };
        Self { axis, points, left, right, top, bottom: HEIGHT - 30.0 - foot, slot }
    }

    pub(super) fn x(&self, at: usize) -> f64 {
        self.left + self.slot * (f(at) + 0.5)
    }

    /// Where the slot of a point begins.
    pub(super) fn start(&self, at: usize) -> f64 {
        self.left + self.slot * f(at.min(self.points.len()))
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        self.axis.at(value, self.bottom, self.top)
    }

    /// Half the width of a shape on a point.
    pub(super) fn mark(&self) -> f64 {
        (self.slot * 0.4).clamp(1.5, 4.5)
    }

    /// Grid, ticks, the foot (with a break where it is not zero) and the labels of periods.
    pub(super) fn draw(&self, label_room: f64) -> Markup {
        let (mut grid, mut foot) = (Path::default(), Path::default());
        for tick in &self.axis.ticks {
            grid.start(self.left, self.y(*tick));
            grid.raw(&format!("H{}", svg::c(self.right)));
        }
        let base = if self.axis.holds(0.0) { self.y(0.0) } else { self.bottom };
        foot.start(self.left, base);
        foot.raw(&format!("H{}", svg::c(self.right)));
        if self.axis.broken {
            // Two small teeth on the axis of values.
            foot.start(self.left - 4.0, self.bottom - 4.0);
            foot.raw("l8-4m-8-1l8-4");
        }
        let labels: Vec<&str> = self.points.iter().map(|p| p.label.as_str()).collect();
        let every = svg::every(&labels, self.slot);
        let shown = |at: usize| (labels.len() - 1 - at).is_multiple_of(every);
        html! {
            (grid.draw("k"))
            (foot.draw("a"))
            @for tick in &self.axis.ticks {
                (svg::text("e", self.left - 8.0, self.y(*tick) + 4.5, &self.axis.label(*tick)))
            }
            @for (at, label) in labels.iter().enumerate().filter(|(at, _)| shown(*at)) {
                (svg::text("c", self.x(at), self.bottom + label_room + LINE, &svg::fit(label, 150.0)))
            }
        }
    }

    /// The norm of each period as steps, a band where it is between two; and the words on its earlier steps, to stand
    /// above what else is drawn.
    pub(super) fn norm(&self, unit: &str) -> (Markup, Markup) {
        let (mut steps, mut band) = (Path::default(), Path::default());
        let mut words: Vec<(f64, f64, String)> = Vec::new();
        let mut before: Option<(f64, f64)> = None;
        let mut at = 0;
        while let Some(point) = self.points.get(at) {
            let Some((low, high)) = point.norm.as_ref().and_then(super::Bound::edges) else {
                before = None;
                at += 1;
                continue;
            };
            let same = |p: &&Point| p.norm.as_ref().and_then(super::Bound::edges) == Some((low, high));
            let until = at + self.points.iter().skip(at).take_while(same).count();
            let (from, to) = (self.start(at), self.start(until));
            self.step(&mut steps, low, before.map(|(low, _)| low), from, to);
            if high > low {
                self.step(&mut steps, high, before.map(|(_, high)| high), from, to);
                band.rectangle(from, self.y(high), to - from, self.y(low) - self.y(high));
            }
            if until < self.points.len()
                && let Some(text) = point.norm.as_ref().map(|n| n.words(unit))
                && width(&text) + 6.0 < to - from
            {
                words.push((from + 2.0, self.y(high) - 5.0, text));
            }
            before = Some((low, high));
            at = until;
        }
        let drawn = html! { (band.draw("nb")) (steps.over("n")) };
        (drawn, html! { @for (x, y, text) in words { (svg::text("b", x, y, &text)) } })
    }

    /// One step; the pen comes from the step before, if that ends where this begins.
    fn step(&self, path: &mut Path, value: f64, before: Option<f64>, from: f64, to: f64) {
        path.start(from, self.y(before.unwrap_or(value)));
        if before.is_some() {
            path.raw(&format!("V{}", svg::c(self.y(value))));
        }
        path.raw(&format!("H{}", svg::c(to)));
    }

    pub(super) fn references(&self, references: &[Reference]) -> Markup {
        let mut path = Path::default();
        for r in references.iter().filter(|r| self.axis.holds(r.value) && r.until > r.from) {
            path.start(self.start(r.from), self.y(r.value));
            path.raw(&format!("H{}", svg::c(self.start(r.until))));
        }
        path.over("r")
    }

    pub(super) fn limits(&self, limits: &[Limits]) -> Markup {
        let (mut band, mut centre) = (Path::default(), Path::default());
        for l in limits.iter().filter(|l| l.until > l.from && l.lower.is_finite() && l.upper.is_finite()) {
            let (from, to) = (self.start(l.from), self.start(l.until));
            let (low, high) = (self.y(l.lower), self.y(l.upper));
            band.rectangle(from, high, to - from, low - high);
            centre.start(from, self.y(l.centre));
            centre.raw(&format!("H{}", svg::c(to)));
        }
        html! { (band.draw("pb")) (centre.draw("pc")) }
    }

    /// A dashed line before each point from which on nothing can be compared with before.
    pub(super) fn breaks(&self) -> Markup {
        let mut path = Path::default();
        let mut words = Vec::new();
        let mut free = f64::MIN;
        for (at, point) in self.points.iter().enumerate() {
            let Some(label) = &point.series_break else { continue };
            let x = self.start(at);
            path.start(x, LINE - 10.0);
            path.raw(&format!("V{}", svg::c(self.bottom)));
            let label = svg::fit(label, WIDTH - 20.0);
            let long = width(&label);
            // On the right of the line where there is room, otherwise shifted to the left.
            let start = (x + 4.0).min(WIDTH - long - 4.0);
            if start > free {
                words.push((start, label));
                free = start + long + 6.0;
            }
        }
        html! {
            (path.draw("br"))
            @for (x, label) in words { (svg::text("b", x, LINE - 1.0, &label)) }
        }
    }

    /// Ticks where a value lacks, with the reason under a row of them where there is room.
    pub(super) fn lacking(&self) -> Markup {
        let mut path = Path::default();
        let mut words = Vec::new();
        let mut at = 0;
        while let Some(point) = self.points.get(at) {
            if point.shown().is_some() {
                at += 1;
                continue;
            }
            let why = tell::lacking(point);
            let row = self.points.iter().skip(at);
            let until = at + row.take_while(|p| p.shown().is_none() && tell::lacking(p) == why).count();
            for i in at..until {
                mark::lack(&mut path, point.status, self.x(i), self.bottom);
            }
            let middle = f64::midpoint(self.start(at), self.start(until));
            if width(why) < self.start(until) - self.start(at) {
                words.push((middle, why));
            }
            at = until;
        }
        html! {
            (path.draw("x"))
            @for (x, why) in words { (svg::text("c q", x, self.bottom - 11.0, why)) }
        }
    }

    /// The labels at the right end, pushed apart; a thin line leads to one that had to move.
    pub(super) fn labels(&self, labels: &[Label]) -> Markup {
        let wanted: Vec<f64> = labels.iter().map(|l| self.y(l.value)).collect();
        let placed = svg::push_apart(&wanted, LINE, self.top, self.bottom);
        let mut leads = Path::default();
        for (from, to) in wanted.iter().zip(&placed).filter(|(from, to)| (*from - *to).abs() > 3.0) {
            leads.start(self.right + 1.0, *from);
            leads.to(self.right + 8.0, *to);
        }
        html! {
            (leads.draw("ld"))
            @for (label, y) in labels.iter().zip(placed) {
                (svg::text(label.class, self.right + 10.0, y + 4.5, &svg::fit(&label.text, RIGHT)))
            }
        }
    }

    /// Where the page's script puts what a reader sees when pointing at a period: the line of that period in the table of
    /// figures. Here it would say everything a second time.
    pub(super) fn tips(&self) -> Markup {
        let (first, slot) = (svg::c(self.x(0)), svg::c(self.slot));
        let high = format!("{}V{}", svg::c(self.top), svg::c(self.bottom));
        html! { g class="h" stroke-width=(slot) data-x=(first) data-y=(high) {} }
    }
}

/// The labels of norm and references, as they are at the end.
pub(super) fn labels(points: &[Point], references: &[Reference], unit: &str, axis: &Axis) -> Vec<Label> {
    let mut labels = Vec::new();
    if let Some((norm, (low, high))) =
        points.iter().rev().find_map(|p| Some((p.norm.as_ref()?, p.norm.as_ref()?.edges()?)))
    {
        let text = format!("norm {}", norm.words(unit));
        labels.push(Label { text, class: "nt", value: f64::midpoint(low, high) });
    }
    let last = references.iter().map(|r| r.until).max();
    for r in references.iter().filter(|r| Some(r.until) == last) {
        let (text, value) = match () {
            () if axis.holds(r.value) => (r.label.clone(), r.value),
            () if r.value > axis.high => (format!("↑ {}", r.label), axis.high),
            () => (format!("↓ {}", r.label), axis.low),
        };
        if labels.iter().all(|l: &Label| l.text != text) {
            labels.push(Label { text, class: "rt", value });
        }
    }
    labels
}

/// All values that an axis must hold: of the points, their intervals, their norms and the process limits.
pub(super) fn values(points: &[Point], limits: &[Limits]) -> Vec<f64> {
    let of = |p: &Point| {
        let shown = p.shown();
        let interval = shown.and(p.low.zip(p.high)).map(|(low, high)| [low, high]);
        let norm = p.norm.as_ref().and_then(super::Bound::edges).map(|(low, high)| [low, high]);
        shown.into_iter().chain(interval.into_iter().flatten()).chain(norm.into_iter().flatten()).collect::<Vec<_>>()
    };
    points.iter().flat_map(of).chain(limits.iter().flat_map(|l| [l.lower, l.centre, l.upper])).collect()
}
