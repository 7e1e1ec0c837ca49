//! Many small lines on one scale, one for each member. What a line shows stands beside it as text (the newest value) and in
//! the table of figures; a sentence per line would be read hundreds of times.

use maud::{Markup, PreEscaped, html};

use super::axis::Axis;
use super::mark::Mark;
use super::{Point, SmallMultiples, figure, frame, svg, tell};

/// The height of a line in steps.
const HIGH: u8 = 60;

/// A list of members: name, newest value with its status, and a small line. All lines have the same scale.
pub fn small_multiples(chart: &SmallMultiples) -> Markup {
    let values: Vec<f64> = chart.items.iter().flat_map(|i| frame::values(&i.points, &[])).collect();
    let axis = Axis::close(&values, &chart.unit);
    let scale = match (axis.ticks.first(), axis.ticks.last()) {
        (Some(low), Some(high)) => {
            format!("De schaal van elke lijn loopt van {} tot {}.", axis.label(*low), axis.label(*high))
        }
        _ => String::new(),
    };
    html! {
        @if chart.items.iter().any(|i| i.points.iter().any(|p| p.shown().is_some())) { p class="gc" { (scale) } }
        ul class="gm" id=(chart.id) aria-label=(chart.title) {
            @for item in &chart.items {
                li {
                    b { (item.name) }
                    (newest(&item.points, &chart.unit))
                    (PreEscaped(format!(r#"<svg class="g" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 {} {HIGH}">"#, 2 * item.points.len().max(1))))
                    // Whole numbers, stretched over the width that there is: a third of the bytes.
                    (figure::lines(&item.points, |at| 2.0 * svg::f(at), |value| axis.at(value, f64::from(HIGH), 0.0).round()))
                    (PreEscaped("</svg>"))
                }
            }
        }
    }
}

/// The value of the last period with its status, or the last there is with its period.
fn newest(points: &[Point], unit: &str) -> Markup {
    let last = points.iter().rev().find(|p| p.shown().is_some());
    let current = points.last().is_some_and(|p| p.shown().is_some());
    let shown = last.and_then(|p| Some((p, p.text(unit)?, Mark::of(p)?)));
    html! {
        span class=[shown.as_ref().map(|(_, _, mark)| mark.class())] {
            @match shown {
                Some((point, text, mark)) => {
                    (text)
                    @if mark != Mark::NoNorm { " " (mark.words()) }
                    @if !current { " (" (point.long_label) ")" }
                }
                None => { (points.last().map_or("geen gegevens", tell::lacking)) }
            }
        }
    }
}
