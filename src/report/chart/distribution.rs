//! Durations in classes. Classes need not be equally wide, so the bars are equally wide and named by their range: a
//! height is a share of all, never a density.

use maud::{Markup, html};

use super::frame::{HEIGHT, WIDTH};
use super::svg::{self, LINE, Path, f, width};
use super::{Bin, Distribution};
use crate::report::number;

/// Equally wide bars with their shares, the norm between two of them.
pub fn distribution(chart: &Distribution) -> Markup {
    let total: u64 = chart.bins.iter().map(|b| b.count).sum();
    let most = chart.bins.iter().map(|b| share(b.count, total)).fold(0.0, f64::max);
    let (left, right, top) = (8.0, WIDTH - 8.0, 3.0 * LINE);
    let slot = (right - left) / f(chart.bins.len().max(1));
    let rows = chart.bins.iter().map(|b| wrapped(&b.label, slot - 4.0).len()).max().unwrap_or(1);
    let bottom = HEIGHT - 14.0 - LINE * f(rows);
    let y = |share: f64| bottom - if most > 0.0 { share / most * (bottom - top) } else { 0.0 };
    let mut bars = Path::default();
    for (at, bin) in chart.bins.iter().enumerate() {
        let height = bottom - y(share(bin.count, total));
        bars.rectangle(left + slot * f(at) + 2.0, bottom - height, slot - 4.0, height);
    }
    let mut foot = Path::default();
    foot.start(left, bottom);
    foot.raw(&format!("H{}", svg::c(right)));
    let strip = |at: usize| format!("M{} {}V{}", svg::c(left + slot * (f(at) + 0.5)), svg::c(top), svg::c(bottom));
    let strips = chart.bins.iter().enumerate().map(|(at, bin)| (strip(at), told(bin, total)));
    let body = html! {
        (bars.draw("bf"))
        (foot.draw("a"))
        @for (at, bin) in chart.bins.iter().enumerate() {
            @let x = left + slot * (f(at) + 0.5);
            (svg::text("c v", x, y(share(bin.count, total)) - 5.0, &percentage(bin.count, total)))
            @for (row, part) in wrapped(&bin.label, slot - 4.0).iter().enumerate() {
                (svg::text("c", x, bottom + LINE * f(row + 1), part))
            }
        }
        (norm(chart, left, slot, top, bottom))
        (svg::tips(slot, strips))
    };
    html! {
        (svg::drawing(&chart.id, &chart.title, &sentence(chart, total), (WIDTH, HEIGHT), svg::From::Start, &body))
        @if !chart.note.is_empty() { p class="gc" { (chart.note) } }
    }
}

/// The norm as a line between two bars, or a bracket over the bar in which it lies.
fn norm(chart: &Distribution, left: f64, slot: f64, top: f64, bottom: f64) -> Markup {
    let Some((bound, (low, high))) = chart.norm.as_ref().and_then(|n| Some((n, n.edges()?))) else {
        return html! {};
    };
    let text = format!("norm {}", bound.words(&chart.unit));
    let mut edges = vec![low];
    if high > low {
        edges.push(high);
    }
    let (mut path, mut words) = (Path::default(), Vec::new());
    for edge in edges {
        if let Some(at) = between(&chart.bins, edge) {
            let x = left + slot * f(at);
            path.start(x, top - LINE);
            path.raw(&format!("V{}", svg::c(bottom)));
            words.push((x, text.clone()));
        } else if let Some(at) = within(&chart.bins, edge) {
            let x = left + slot * f(at);
            path.start(x + 2.0, top - LINE + 5.0);
            path.raw(&format!("v-5h{}v5", svg::c(slot - 4.0)));
            words.push((x + slot / 2.0, format!("{text} ligt in deze klasse")));
        }
    }
    html! {
        (path.draw("n"))
        @for (x, text) in words {
            @let half = width(&text) / 2.0;
            (svg::text("c nt", x.min(WIDTH - half).max(half), LINE, &text))
        }
    }
}

/// Before which bar a boundary lies.
fn between(bins: &[Bin], edge: f64) -> Option<usize> {
    let is = |v: Option<f64>| v.is_some_and(|v| v.total_cmp(&edge).is_eq());
    bins.iter().position(|b| is(b.from)).or_else(|| bins.iter().position(|b| is(b.until)).map(|at| at + 1))
}

fn within(bins: &[Bin], edge: f64) -> Option<usize> {
    bins.iter().position(|b| b.from.is_none_or(|from| from < edge) && b.until.is_none_or(|until| edge < until))
}

fn share(count: u64, total: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
    let (count, total) = (count as f64, total as f64);
    if total > 0.0 { count / total * 100.0 } else { 0.0 }
}

/// `12,3 %`; what is there but rounds to nothing is `< 0,1 %`.
fn percentage(count: u64, total: u64) -> String {
    let share = share(count, total);
    if count > 0 && share < 0.05 { "< 0,1 %".to_owned() } else { number::value(share, "%") }
}

fn told(bin: &Bin, total: u64) -> String {
    format!("{}: {} ({})", bin.label, number::count(bin.count), percentage(bin.count, total))
}

fn sentence(chart: &Distribution, total: u64) -> String {
    if total == 0 {
        return "Geen gegevens.".to_owned();
    }
    let parts: Vec<String> = chart.bins.iter().map(|b| format!("{} {}", b.label, percentage(b.count, total))).collect();
    let norm = chart.norm.as_ref().map_or(String::new(), |n| format!(" Norm {}.", n.words(&chart.unit)));
    let note = if chart.note.is_empty() { String::new() } else { format!(" {}", chart.note) };
    format!("Verdeling van {}: {}.{norm}{note}", number::count(total), parts.join("; "))
}

/// A label in lines that fit; a word that is too wide is cut.
fn wrapped(label: &str, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split_whitespace() {
        let word = svg::fit(word, room);
        match lines.last_mut() {
            Some(line) if width(line) + width(" ") + width(&word) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}
