//! Shapes that say a status without colour: a filled circle is `gehaald`, a diamond `bijna`, a cross `niet gehaald`, a
//! square has no norm; hollow is not settled. Rings around a point say what its variation says.

use maud::{Markup, PreEscaped};

use super::svg::{Path, c};
use super::{Certainty, Point, Special};
use crate::judge::Status;

/// How a point is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Met,
    Near,
    NotMet,
    NoNorm,
    MetProvisional,
    NearProvisional,
    NotMetProvisional,
    NoNormProvisional,
    TooFew,
    Unreliable,
}

impl Mark {
    pub(super) const ALL: [Self; 10] = [
        Self::Met,
        Self::MetProvisional,
        Self::Near,
        Self::NearProvisional,
        Self::NotMet,
        Self::NotMetProvisional,
        Self::NoNorm,
        Self::NoNormProvisional,
        Self::TooFew,
        Self::Unreliable,
    ];

    /// Nothing where no value is drawn.
    pub(super) fn of(point: &Point) -> Option<Self> {
        point.shown()?;
        let provisional = point.certainty == Certainty::Provisional;
        Some(match (point.status, provisional) {
            (Status::TooFew, _) => Self::TooFew,
            _ if point.certainty == Certainty::Unreliable => Self::Unreliable,
            (Status::Met, false) => Self::Met,
            (Status::Met, true) => Self::MetProvisional,
            (Status::Near, false) => Self::Near,
            (Status::Near, true) => Self::NearProvisional,
            (Status::NotMet, false) => Self::NotMet,
            (Status::NotMet, true) => Self::NotMetProvisional,
            (_, false) => Self::NoNorm,
            (_, true) => Self::NoNormProvisional,
        })
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Met => "gehaald",
            Self::Near => "bijna",
            Self::NotMet => "niet gehaald",
            Self::NoNorm => "geen norm",
            Self::MetProvisional => "gehaald (voorlopig)",
            Self::NearProvisional => "bijna (voorlopig)",
            Self::NotMetProvisional => "niet gehaald (voorlopig)",
            Self::NoNormProvisional => "geen norm (voorlopig)",
            Self::TooFew => "te weinig waarnemingen",
            Self::Unreliable => "onbetrouwbaar",
        }
    }

    /// Colour of the status, then `o` for a hollow shape.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Met => "m ok",
            Self::MetProvisional => "m ok o",
            Self::Near => "m nr",
            Self::NearProvisional => "m nr o",
            Self::NotMet => "m no",
            Self::NotMetProvisional => "m no o",
            Self::NoNorm => "m nn",
            Self::NoNormProvisional => "m nn o",
            Self::TooFew | Self::Unreliable => "m un o",
        }
    }

    /// Adds the shape around a point; `r` is half its width.
    pub(super) fn trace(self, path: &mut Path, x: f64, y: f64, r: f64) {
        match self {
            Self::Met | Self::MetProvisional => circle(path, x, y, r),
            Self::Near | Self::NearProvisional => {
                let r = r * 1.25;
                path.start(x, y - r);
                path.raw(&format!("l{0} {0}-{0} {0}-{0}-{0}z", c(r)));
            }
            Self::NotMet | Self::NotMetProvisional => cross(path, x, y, r),
            Self::NoNorm | Self::NoNormProvisional => {
                let r = r * 0.85;
                path.rectangle(x - r, y - r, 2.0 * r, 2.0 * r);
            }
            Self::TooFew => {
                let r = r * 1.15;
                path.start(x, y - r);
                path.raw(&format!("l{} {}h-{}z", c(r), c(2.0 * r), c(2.0 * r)));
            }
            Self::Unreliable => {
                circle(path, x, y, r);
                path.start(x - r, y + r);
                path.raw(&format!("l{0}-{0}", c(2.0 * r)));
            }
        }
    }
}

/// On the foot, where a value lacks: one stroke for what is not there, two for what is shielded.
pub(super) fn lack(path: &mut Path, status: Status, x: f64, foot: f64) {
    let strokes: &[f64] = if status == Status::Shielded { &[-2.0, 2.0] } else { &[0.0] };
    for shift in strokes {
        path.start(x + shift, foot);
        path.raw("v-7");
    }
}

fn circle(path: &mut Path, x: f64, y: f64, r: f64) {
    path.start(x - r, y);
    path.raw(&format!("a{0} {0} 0 1 0 {1} 0a{0} {0} 0 1 0-{1} 0", c(r), c(2.0 * r)));
}

/// A cross with body, so that it can be hollow as well.
fn cross(path: &mut Path, x: f64, y: f64, r: f64) {
    let (arm, r) = (c(r * 0.7), r);
    path.start(x, y - r * 0.6);
    path.raw(&format!("l{arm}-{arm} {h} {h}-{arm} {arm} {arm} {arm}-{h} {h}-{arm}-{arm}-{arm} {arm}-{h}-{h} {arm}-{arm}-{arm}-{arm} {h}-{h}z", h = c(r * 0.6)));
}

impl Special {
    pub(super) const ALL: [Self; 3] = [Self::Improvement, Self::Concern, Self::Change];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Improvement => "verbetering",
            Self::Concern => "verslechtering",
            Self::Change => "opvallende verandering",
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Improvement => "s up",
            Self::Concern => "s dn",
            Self::Change => "s ch",
        }
    }

    /// A ring for what improves, a square for a concern, a diamond for a change.
    pub(super) fn trace(self, path: &mut Path, x: f64, y: f64, r: f64) {
        match self {
            Self::Improvement => circle(path, x, y, r),
            Self::Concern => path.rectangle(x - r, y - r, 2.0 * r, 2.0 * r),
            Self::Change => {
                path.start(x, y - r * 1.3);
                path.raw(&format!("l{0} {0}-{0} {0}-{0}-{0}z", c(r * 1.3)));
            }
        }
    }
}

/// A shape by itself, in the height of a line of text. It says nothing to who cannot see it: words stand beside it.
pub(super) fn small(class: &'static str, trace: impl FnOnce(&mut Path)) -> Markup {
    let mut path = Path::default();
    trace(&mut path);
    let drawn = path.draw(class).into_string();
    PreEscaped(format!(r#"<svg class="g i" viewBox="0 0 14 14" aria-hidden="true">{drawn}</svg>"#))
}

/// The shape of a point's status, to stand before its words; nothing where there is no value.
pub fn icon(point: &Point) -> Markup {
    Mark::of(point).map_or_else(|| PreEscaped(String::new()), of)
}

pub(super) fn of(mark: Mark) -> Markup {
    small(mark.class(), |path| mark.trace(path, 7.0, 7.0, 4.5))
}
