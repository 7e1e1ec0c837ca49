//! What the shapes of one chart mean: only those that are in it.

use maud::{Markup, html};

use super::mark::{self, Mark};
use super::{Point, Special};

/// A list under the chart; nothing where the values have neither a verdict nor a peculiarity.
pub(super) fn of<'a>(points: impl Iterator<Item = &'a Point>, more: &[(Markup, &str)]) -> Markup {
    let points: Vec<&Point> = points.collect();
    let marks: Vec<Mark> = Mark::ALL.into_iter().filter(|m| points.iter().any(|p| Mark::of(p) == Some(*m))).collect();
    let specials =
        Special::ALL.into_iter().filter(|s| points.iter().any(|p| p.shown().is_some() && p.special == Some(*s)));
    let specials: Vec<Special> = specials.collect();
    let plain = marks.iter().all(|m| *m == Mark::NoNorm) && specials.is_empty() && more.is_empty();
    html! {
        @if !plain {
            ul class="gl" {
                @for m in marks { li { (mark::of(m)) (m.words()) } }
                @for s in specials { li { (mark::small(s.class(), |path| s.trace(path, 7.0, 7.0, 5.0))) (s.words()) } }
                @for (icon, words) in more { li { (icon) (words) } }
            }
        }
    }
}
