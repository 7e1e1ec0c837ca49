//! What a chart says, in words: one sentence for who does not see it, and the tooltips. It names values and counts, and
//! concludes nothing.

use super::{Certainty, Point};
use crate::judge::Status;
use crate::report::{number, words};

/// `januari 2026: 78,2 % – bijna; norm ≥ 80 %; voorlopig`
/// Where `short`, without the norm.
pub(super) fn point(point: &Point, unit: &str) -> String {
    let mut parts = Vec::new();
    match point.text(unit) {
        Some(value) => {
            parts.push(match point.status {
                Status::NoNorm => value,
                status => format!("{value} – {}", status.word()),
            });
            if let (Some(low), Some(high)) = (point.low, point.high) {
                parts.push(format!("interval {}", number::interval(low, high, unit)));
            }
        }
        None => parts.push(lacking(point).to_owned()),
    }
    if let Some(norm) = point.norm.as_ref() {
        parts.push(format!("norm {}", norm.words(unit)));
    }
    match point.certainty {
        Certainty::Settled => {}
        Certainty::Provisional => parts.push("voorlopig".to_owned()),
        Certainty::Unreliable if point.note.contains("onbetrouwbaar") => {}
        Certainty::Unreliable => parts.push("onbetrouwbaar".to_owned()),
    }
    parts.extend(point.special.map(|s| s.words().to_owned()));
    parts.extend(point.series_break.clone());
    if !point.note.is_empty() {
        parts.push(point.note.clone());
    }
    format!("{}: {}", point.long_label, parts.join("; "))
}

/// Why there is no value.
pub(super) fn lacking(point: &Point) -> &'static str {
    match point.status {
        status @ (Status::Shielded | Status::NotMeasurable) => status.word(),
        _ => Status::NoData.word(),
    }
}

/// What is counted: periods or members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Periods,
    Members,
}

impl Of {
    fn at(self, value: &str, point: &Point) -> String {
        match self {
            Self::Periods => format!("{value} in {}", point.long_label),
            Self::Members => format!("{value} ({})", point.long_label),
        }
    }

    fn count(self, n: usize) -> String {
        let word = match (self, n) {
            (Self::Periods, 1) => "periode",
            (Self::Periods, _) => "perioden",
            (Self::Members, 1) => "onderdeel",
            (Self::Members, _) => "onderdelen",
        };
        format!("{} {word}", number::count(n as u64))
    }
}

/// One sentence: first and last value, highest and lowest, norm, how often it was not met, what is not there.
pub(super) fn series(points: &[Point], unit: &str, of: Of) -> String {
    let sentence = parts(points, unit, of, true).join("; ");
    let mut letters = sentence.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// The same without the extremes, to stand after a name.
pub(super) fn brief(points: &[Point], unit: &str) -> String {
    parts(points, unit, Of::Periods, false).join("; ")
}

fn parts(points: &[Point], unit: &str, of: Of, extremes: bool) -> Vec<String> {
    let firm: Vec<(&Point, f64)> = points.iter().filter(|p| !p.apart()).filter_map(|p| Some((p, p.shown()?))).collect();
    let mut parts = Vec::new();
    match firm.as_slice() {
        [] => parts.push(format!("geen waarden in {}", of.count(points.len()))),
        [(only, _)] => parts.push(of.at(&said(only, unit), only)),
        [(first, _), .., (last, _)] => {
            if of == Of::Periods {
                parts.push(format!("van {} naar {}", of.at(&said(first, unit), first), of.at(&said(last, unit), last)));
            } else {
                parts.push(of.count(firm.len()));
            }
            if extremes {
                parts.push(format!("hoogste {}", extreme(&firm, unit, of, f64::gt)));
                parts.push(format!("laagste {}", extreme(&firm, unit, of, f64::lt)));
            }
        }
    }
    parts.extend(breaks(points));
    parts.extend(norms(points, unit, of));
    parts.extend(verdicts(&firm, of));
    parts.extend(left_out(points, of));
    parts
}

/// Where the values before and after cannot be compared.
fn breaks(points: &[Point]) -> Option<String> {
    let at: Vec<String> =
        points.iter().skip(1).filter(|p| p.series_break.is_some()).map(|p| p.long_label.clone()).collect();
    (!at.is_empty()).then(|| format!("vanaf {} niet te vergelijken met daarvoor", words::list(&at)))
}

fn said(point: &Point, unit: &str) -> String {
    let value = point.text(unit).unwrap_or_default();
    if point.certainty == Certainty::Provisional { format!("{value} (voorlopig)") } else { value }
}

/// `85,0 % in maart 2026`, or how often.
fn extreme(firm: &[(&Point, f64)], unit: &str, of: Of, beyond: fn(&f64, &f64) -> bool) -> String {
    let Some(most) = firm.iter().map(|(_, v)| *v).reduce(|a, b| if beyond(&b, &a) { b } else { a }) else {
        return String::new();
    };
    let holders: Vec<&Point> = firm.iter().filter(|(_, v)| v.total_cmp(&most).is_eq()).map(|(p, _)| *p).collect();
    match holders.as_slice() {
        [one] => of.at(&said(one, unit), one),
        [first, ..] => format!("{} ({} keer)", first.text(unit).unwrap_or_default(), holders.len()),
        [] => String::new(),
    }
}

/// The norm; where it grows the first and the last, and of members how it differs.
fn norms(points: &[Point], unit: &str, of: Of) -> Option<String> {
    let mut told: Vec<String> = points.iter().filter_map(|p| p.norm.as_ref()).map(|n| n.words(unit)).collect();
    told.dedup();
    match told.as_slice() {
        [] => None,
        [one] => Some(format!("norm {one}")),
        [first, .., last] if of == Of::Periods => Some(format!("norm eerst {first}, laatst {last}")),
        [..] => Some("norm per onderdeel".to_owned()),
    }
}

/// How often the norm was met, of the values with a verdict.
fn verdicts(firm: &[(&Point, f64)], of: Of) -> Option<String> {
    let count = |status| firm.iter().filter(|(p, _)| p.status == status).count();
    let (met, near, not) = (count(Status::Met), count(Status::Near), count(Status::NotMet));
    let judged = of.count(met + near + not);
    match (met, near, not) {
        (0, 0, 0) => None,
        (_, 0, 0) => Some(format!("gehaald in {judged} met een oordeel")),
        (_, 0, _) => Some(format!("{not} keer niet gehaald in {judged} met een oordeel")),
        (_, _, 0) => Some(format!("{near} keer bijna gehaald in {judged} met een oordeel")),
        (..) => Some(format!("{not} keer niet en {near} keer bijna gehaald in {judged} met een oordeel")),
    }
}

/// What has no value, and what does not count along.
fn left_out(points: &[Point], of: Of) -> Option<String> {
    let mut parts = Vec::new();
    for status in [Status::NoData, Status::Shielded, Status::NotMeasurable] {
        let lacks = points.iter().filter(|p| p.shown().is_none() && lacking(p) == status.word()).count();
        if lacks > 0 {
            parts.push(format!("{} {}", of.count(lacks), status.word()));
        }
    }
    let apart = |wanted: fn(&Point) -> bool| points.iter().filter(|p| p.shown().is_some() && wanted(p)).count();
    let few = apart(|p| p.status == Status::TooFew);
    if few > 0 {
        parts.push(format!("{} te weinig waarnemingen, niet meegeteld", of.count(few)));
    }
    let unreliable = apart(|p| p.status != Status::TooFew && p.certainty == Certainty::Unreliable);
    if unreliable > 0 {
        parts.push(format!("{} onbetrouwbaar, niet meegeteld", of.count(unreliable)));
    }
    (!parts.is_empty()).then(|| words::list(&parts))
}
