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

/// A whole drawing with its name and description, in a part of the page that scrolls where it is narrow.
pub(super) fn drawing(id: &str, title: &str, told: &str, size: (f64, f64), body: &Markup) -> Markup {
    let (name, about) = (format!("{id}-t"), format!("{id}-d"));
    let both = format!("{name} {about}");
    html! {
        div class="gr" role="region" tabindex="0" aria-labelledby=(name) {
            svg class="g" role="img" aria-labelledby=(both)
                viewBox=(format!("0 0 {} {}", c(size.0), c(size.1))) {
                title id=(name) { (title) }
                desc id=(about) { (told) }
                (body)
            }
        }
    }
}
