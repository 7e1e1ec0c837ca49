//! ML306: a process KPI that leads to no result KPI: it says how hard we work, not what for. And ML307: KPIs that
//! contribute to each other in a circle, where cause and effect cannot be told apart.

use std::collections::{BTreeMap, BTreeSet};

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Kpi;

const CLAUSE: &str = "draagt_bij_aan";

type ByName<'a> = BTreeMap<&'a str, &'a Kpi>;

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let by_name: ByName<'_> = set.all().map(|kpi| (kpi.name.as_str(), kpi)).collect();
    let circling = circling(&by_name);
    let useful = useful(&by_name);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for kpi in set.all() {
        let name = kpi.name.as_str();
        if circling.contains(name) && !told.contains(name) {
            // One that only leads to a circle, or away from it, is not in it.
            let circle = circle(kpi, &circling, &by_name).unwrap_or_default();
            if let Some(diagnostic) = in_a_circle(set, &circle, &by_name) {
                sink.push(diagnostic);
            }
            told.extend(circle);
        }
        if kpi.details.kpi_kind.as_deref() == Some("proces")
            && let Some(place) = set.place(kpi, "kpi_soort")
            && !useful.contains(name)
            && !told.contains(name)
        {
            sink.push(no_result(set, kpi).at(set.place(kpi, CLAUSE).unwrap_or(place)));
        }
    }
}

/// The KPIs that remain when those that contribute to none of them are taken away, and then those that none contributes
/// to: all that are in a circle, and what lies between circles.
fn circling<'a>(by_name: &ByName<'a>) -> BTreeSet<&'a str> {
    let mut forth: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut back: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, kpi) in by_name {
        for next in kpi.details.contributes_to.iter().filter_map(|next| by_name.get(next.value.as_str())) {
            forth.entry(name).or_default().push(&next.name);
            back.entry(&next.name).or_default().push(name);
        }
    }
    let mut left: BTreeSet<&str> = by_name.keys().copied().collect();
    for (out, into) in [(&forth, &back), (&back, &forth)] {
        let degree = |name: &str, left: &BTreeSet<&str>| {
            out.get(name).map_or(0, |list| list.iter().filter(|next| left.contains(*next)).count())
        };
        let mut open: Vec<&str> = left.iter().copied().filter(|name| degree(name, &left) == 0).collect();
        while let Some(gone) = open.pop() {
            if left.remove(gone) {
                let before = into.get(gone).into_iter().flatten().copied();
                open.extend(before.filter(|name| left.contains(name) && degree(name, &left) == 0));
            }
        }
    }
    left
}

/// The KPIs that lead, maybe through others, to a result. One that is not there (ML308) may be it.
fn useful<'a>(by_name: &ByName<'a>) -> BTreeSet<&'a str> {
    let mut back: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    for (name, kpi) in by_name {
        for next in &kpi.details.contributes_to {
            match by_name.get(next.value.as_str()) {
                Some(next) if next.details.kpi_kind.as_deref() != Some("resultaat") => {
                    back.entry(&next.name).or_default().push(name);
                }
                _ => open.push(name),
            }
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(back.get(name).into_iter().flatten());
        }
    }
    found
}

fn in_a_circle(set: &Set<'_>, circle: &[&str], by_name: &ByName<'_>) -> Option<Diagnostic> {
    let mut places = circle.iter().filter_map(|name| set.place(by_name.get(name)?, CLAUSE));
    let (first, words) = (circle.first()?, circle.iter().chain(circle.first()));
    let message = if let [only] = circle {
        format!("kpi `{only}` draagt aan zichzelf bij")
    } else {
        let words: Vec<String> = words.map(|name| format!("`{name}`")).collect();
        format!("kpi's dragen in een kring aan elkaar bij: {}", words.join(" → "))
    };
    let mut diagnostic = Diagnostic::warning("ML307", message).at(places.next()?);
    for place in places {
        diagnostic = diagnostic.also(place, "hoort bij de kring");
    }
    Some(diagnostic.help(format!(
        "een boom van oorzaak en gevolg heeft geen kring: haal één `draagt_bij_aan` weg, bijvoorbeeld die van `{first}`"
    )))
}

fn no_result(set: &Set<'_>, kpi: &Kpi) -> Diagnostic {
    let diagnostic =
        Diagnostic::warning("ML306", format!("proces-KPI `{}` draagt aan geen resultaat-KPI bij", kpi.name));
    let shares = |other: &&Kpi| {
        other.details.kpi_kind.as_deref() == Some("resultaat")
            && other.details.chain.iter().any(|chain| kpi.details.chain.contains(chain))
    };
    let results: Vec<&str> = set.all().filter(shares).map(|k| k.name.as_str()).collect();
    let help = "zeg welk resultaat beter wordt als deze KPI beter wordt: `draagt_bij_aan …`";
    match results.as_slice() {
        [] => diagnostic.help(help),
        [one] => diagnostic.help(format!("{help}; in haar keten is er `{one}`")),
        some => diagnostic.help(format!("{help}; in haar keten zijn er {}", super::listed(some.iter().copied()))),
    }
}

/// A shortest circle of contributions through a KPI, from it on, within those that circle.
fn circle<'a>(kpi: &'a Kpi, circling: &BTreeSet<&str>, by_name: &ByName<'a>) -> Option<Vec<&'a str>> {
    // Whom each KPI was reached from.
    let mut from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = std::collections::VecDeque::from([kpi]);
    while let Some(at) = open.pop_front() {
        for name in at.details.contributes_to.iter().map(|name| name.value.as_str()) {
            if name == kpi.name {
                let mut path = vec![at.name.as_str()];
                while let Some(before) = path.last().and_then(|last| from.get(last)) {
                    path.push(before);
                }
                path.reverse();
                return Some(path);
            }
            if let Some(next) = by_name.get(name).filter(|_| circling.contains(name))
                && !from.contains_key(name)
            {
                from.insert(name, &at.name);
                open.push_back(next);
            }
        }
    }
    None
}
