//! The small parts of a drawing: coordinates, paths, how wide a text is, labels that keep their distance. It knows
//! nothing of values.

use maud::{Markup, PreEscaped, html};

/// The size of text in all charts.
const LETTER: f64 = 13.0;
/// From one line of text to the next.
pub(super) const LINE: f64 = 15.0;

/// A coordinate: one decimal, no zeros that say nothing.
pub(super) fn c(x: f64) -> String {
    let text = format!("{:.1}", if x.is_finite() { x } else { 0.0 });
    let text = text.strip_suffix(".0").unwrap_or(&text);
    match text {
        "-0" => "0".to_owned(),
        _ => text.strip_prefix("0.").map_or_else(|| text.to_owned(), |tenth| format!(".{tenth}")),
    }
}

/// A count as a length.
pub(super) fn f(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// The data of a `<path>`.
#[derive(Default)]
pub(super) struct Path(String);

impl Path {
    /// The pen goes to a point without drawing.
    pub(super) fn start(&mut self, x: f64, y: f64) {
        self.0.push('M');
        self.pair(x, y);
    }

    /// A line from the pen.
    pub(super) fn to(&mut self, x: f64, y: f64) {
        self.pair(x, y);
    }

    pub(super) fn raw(&mut self, commands: &str) {
        self.0.push_str(commands);
    }

    pub(super) fn rectangle(&mut self, x: f64, y: f64, width: f64, height: f64) {
        self.start(x, y);
        self.0.push_str(&format!("h{}v{}h{}z", c(width), c(height), c(-width)));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Nothing where nothing is drawn.
    pub(super) fn draw(&self, class: &'static str) -> Markup {
        if self.is_empty() { PreEscaped(String::new()) } else { path(class, &self.0) }
    }

    /// The same over a border in the colour of the page, so that it is seen on top of bars.
    pub(super) fn over(&self, class: &'static str) -> Markup {
        html! { (self.draw("bd")) (self.draw(class)) }
    }

    fn pair(&mut self, x: f64, y: f64) {
        for number in [c(x), c(y)] {
            if self.0.ends_with(|last: char| last.is_ascii_digit()) && !number.starts_with('-') {
                self.0.push(' ');
            }
            self.0.push_str(&number);
        }
    }
}

/// A path; `d` is made of numbers by the program itself.
pub(super) fn path(class: &'static str, d: &str) -> Markup {
    PreEscaped(format!(r#"<path class="{class}" d="{d}"/>"#))
}

/// A text; `class` also says on which side of `x` it stands.
pub(super) fn text(class: &str, x: f64, y: f64, text: &str) -> Markup {
    html! { text class=(class) x=(c(x)) y=(c(y)) { (text) } }
}

/// Invisible strips with tooltips: each a line (the data of its path) as wide as `thick`.
pub(super) fn tips(thick: f64, strips: impl Iterator<Item = (String, String)>) -> Markup {
    let open = format!(r#"<g class="h" stroke-width="{}">"#, c(thick));
    html! {
        (PreEscaped(open))
        @for (d, text) in strips {
            (PreEscaped(format!(r#"<path d="{d}">"#))) title { (text) } (PreEscaped("</path>"))
        }
        (PreEscaped("</g>"))
    }
}

/// How wide a text is at most: measured on DejaVu Sans, the widest of the sans-serifs that a browser falls back to.
pub(super) fn width(text: &str) -> f64 {
    let letter = |l: char| match l {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.33,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.41,
        'm' | 'w' | '%' | 'M' | 'W' | '…' => 0.97,
        '≤' | '≥' | '<' | '>' | '=' | '↑' | '↓' => 0.84,
        l if l.is_uppercase() => 0.72,
        _ => 0.635,
    };
    text.chars().map(letter).sum::<f64>() * LETTER
}

/// The text, or its start and `…` when it is too wide.
pub(super) fn fit(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if width(&kept) + width(letter.encode_utf8(&mut [0; 4])) + width("…") > room {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

/// Every how many labels one is written so that they keep their distance; counted from the last.
pub(super) fn every(labels: &[&str], slot: f64) -> usize {
    let widest = labels.iter().map(|l| width(l)).fold(0.0, f64::max) + 8.0;
    let steps = [1, 2, 3, 4, 6, 12, 24, 48];
    steps.into_iter().find(|n| f(*n) * slot >= widest).unwrap_or_else(|| labels.len().max(1))
}

/// Heights for labels that want to stand at `wanted`, none closer than `gap` to another, all between `top` and `bottom`
/// where they fit. In the order given.
pub(super) fn push_apart(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let at = |i: &usize| wanted.get(*i).copied().unwrap_or(top);
    order.sort_by(|a, b| at(a).total_cmp(&at(b)).then(a.cmp(b)));
    let mut placed: Vec<f64> = Vec::with_capacity(order.len());
    for i in &order {
        let lowest = placed.last().map_or(top, |before| before + gap);
        placed.push(at(i).max(lowest));
    }
    let mut limit = bottom;
    for y in placed.iter_mut().rev() {
        *y = y.min(limit);
        limit = *y - gap;
    }
    let mut out = vec![top; wanted.len()];
    for (i, y) in order.into_iter().zip(placed) {
        if let Some(slot) = out.get_mut(i) {
            *slot = y;
        }
    }
    out
}

/// The same in bold.
pub(super) fn bold(text: &str) -> f64 {
    width(text) * 1.12
}

/// Which end a narrow screen shows first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Start,
    /// The newest period, with its labels.
    End,
}

/// A whole drawing with its name and description, in a part of the page that scrolls where it is narrow. A group and no
/// region: a report has hundreds, and each region is a landmark to walk through.
pub(super) fn drawing(id: &str, title: &str, told: &str, size: (f64, f64), from: From, body: &Markup) -> Markup {
    let class = if from == From::End { "gr" } else { "gr gt" };
    let (name, about) = (format!("{id}-t"), format!("{id}-d"));
    let both = format!("{name} {about}");
    html! {
        div class=(class) role="group" tabindex="0" aria-labelledby=(name) {
            svg class="g" role="img" aria-labelledby=(both)
                viewBox=(format!("0 0 {} {}", c(size.0), c(size.1))) {
                title id=(name) { (title) }
                desc id=(about) { (told) }
                (body)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_say_the_same_everywhere() {
        let cases = [(0.0, "0"), (-0.04, "0"), (0.25, ".2"), (12.0, "12"), (-3.96, "-4"), (1e9, "1000000000")];
        for (x, text) in cases {
            assert_eq!(c(x), text);
        }
        assert_eq!([c(f64::NAN), c(f64::INFINITY)], ["0", "0"]);
        let mut path = Path::default();
        path.start(1.0, -2.0);
        path.to(0.5, 3.04);
        assert_eq!(path.0, "M1-2 .5 3");
    }

    #[test]
    fn labels_along_the_foot_never_touch() {
        for n in 1..=120 {
            for label in ["jan", "jan 25", "2026-W05", "3 januari 2026", "een heel lange naam van een periode"] {
                let labels = vec![label; n];
                let slot = 560.0 / f(n);
                let every = every(&labels, slot);
                assert!(every >= 1);
                let one = every >= n;
                assert!(one || f(every) * slot >= width(label) + 8.0, "{n} × {label}: every {every}");
            }
        }
        assert_eq!(every(&["jan"; 12], 48.0), 1);
        assert_eq!(every(&["jan 25"; 24], 25.0), 2);
        assert_eq!(every(&["jan 25"; 24], 24.0), 3);
    }

    #[test]
    fn labels_at_the_end_keep_their_distance_and_order() {
        let cases: [&[f64]; 6] = [
            &[100.0, 100.0, 100.0],
            &[10.0, 12.0, 250.0],
            &[300.0, 299.0, 20.0],
            &[50.0],
            &[],
            &[14.0, 14.0, 14.0, 270.0, 270.0],
        ];
        for wanted in cases {
            let placed = push_apart(wanted, 15.0, 14.0, 270.0);
            assert_eq!(placed.len(), wanted.len());
            let mut pairs: Vec<(f64, f64)> = wanted.iter().copied().zip(placed.iter().copied()).collect();
            pairs.sort_by(|a, b| a.1.total_cmp(&b.1));
            assert!(pairs.windows(2).all(|w| w[1].1 - w[0].1 >= 15.0 - 1e-9), "{wanted:?} {placed:?}");
            assert!(pairs.windows(2).all(|w| w[0].0 <= w[1].0), "{wanted:?} {placed:?}");
            assert!(placed.iter().all(|y| (14.0..=270.0).contains(y)), "{wanted:?} {placed:?}");
        }
        assert_eq!(push_apart(&[60.0, 20.0], 15.0, 14.0, 270.0), [60.0, 20.0]);
    }

    #[test]
    fn a_text_that_is_too_wide_is_cut() {
        assert_eq!(fit("kort", 100.0), "kort");
        let cut = fit("Vergunningen, toezicht en handhaving", 120.0);
        assert!(cut.ends_with('…') && width(&cut) <= 120.0, "{cut}");
        assert_eq!(fit("x", 1.0), "…");
    }
}
