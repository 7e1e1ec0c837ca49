//! What the shapes of one chart mean: only those that are in it.

use maud::{Markup, html};

use super::mark::{self, Mark};
use super::{Point, Special, tell};
use crate::judge::Status;

/// A list under the chart of what is drawn at the points that have a mark; nothing where the values have neither a
/// verdict nor a peculiarity.
pub(super) fn of<'a>(
    points: impl Iterator<Item = &'a Point>,
    marked: fn(&Point) -> bool,
    more: &[(Markup, &str)],
) -> Markup {
    let (drawn, lacking): (Vec<&Point>, Vec<&Point>) = points.partition(|p| p.shown().is_some());
    let has = |m: &Mark| drawn.iter().any(|p| marked(p) && Mark::of(p) == Some(*m));
    let marks: Vec<Mark> = Mark::ALL.into_iter().filter(has).collect();
    let specials: Vec<Special> =
        Special::ALL.into_iter().filter(|s| drawn.iter().any(|p| p.special == Some(*s))).collect();
    let lacks = [Status::NoData, Status::Shielded, Status::NotMeasurable];
    let lacks: Vec<Status> =
        lacks.into_iter().filter(|s| lacking.iter().any(|p| tell::lacking(p) == s.word())).collect();
    let plain = marks.iter().all(|m| *m == Mark::NoNorm) && specials.is_empty() && more.is_empty();
    html! {
        @if !plain || !lacks.is_empty() {
            ul class="gl" {
                @for m in marks { li { (mark::of(m)) (m.words()) } }
                @for s in specials { li { (mark::small(s.class(), |path| s.trace(path, 7.0, 7.0, 5.0))) (s.words()) } }
                @for s in lacks { li { (mark::small("x", |path| mark::lack(path, s, 7.0, 11.0))) (s.word()) } }
                @for (icon, words) in more { li { (icon) (words) } }
            }
        }
    }
}
