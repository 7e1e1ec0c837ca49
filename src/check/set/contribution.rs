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
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for kpi in set.all() {
        if let Some(circle) = circle(kpi, &by_name) {
            if circle.iter().all(|name| !told.contains(name))
                && let Some(diagnostic) = in_a_circle(set, &circle, &by_name)
            {
                sink.push(diagnostic);
            }
            told.extend(circle);
        } else if kpi.details.kpi_kind.as_deref() == Some("proces")
            && let Some(place) = set.place(kpi, "kpi_soort")
            && !leads_to_result(kpi, &by_name)
        {
            sink.push(no_result(kpi, &by_name).at(set.place(kpi, CLAUSE).unwrap_or(place)));
        }
    }
}

fn in_a_circle(set: &Set<'_>, circle: &[&str], by_name: &ByName<'_>) -> Option<Diagnostic> {
    let mut places = circle.iter().filter_map(|name| set.place(by_name.get(name)?, CLAUSE));
    let (first, words) = (circle.first()?, circle.iter().chain(circle.first()));
    let message = match circle {
        [only] => format!("kpi `{only}` draagt aan zichzelf bij"),
        _ => {
            let words: Vec<String> = words.map(|name| format!("`{name}`")).collect();
            format!("kpi's dragen in een kring aan elkaar bij: {}", words.join(" → "))
        }
    };
    let mut diagnostic = Diagnostic::warning("ML307", message).at(places.next()?);
    for place in places {
        diagnostic = diagnostic.also(place, "hoort bij de kring");
    }
    Some(diagnostic.help(format!(
        "een boom van oorzaak en gevolg heeft geen kring: haal één `draagt_bij_aan` weg, bijvoorbeeld die van `{first}`"
    )))
}

fn no_result(kpi: &Kpi, by_name: &ByName<'_>) -> Diagnostic {
    let diagnostic =
        Diagnostic::warning("ML306", format!("proces-KPI `{}` draagt aan geen resultaat-KPI bij", kpi.name));
    let shares = |other: &&&Kpi| {
        other.details.kpi_kind.as_deref() == Some("resultaat")
            && other.details.chain.iter().any(|chain| kpi.details.chain.contains(chain))
    };
    let results: Vec<&str> = by_name.values().filter(shares).map(|k| k.name.as_str()).collect();
    let help = "zeg welk resultaat beter wordt als deze KPI beter wordt: `draagt_bij_aan …`";
    match results.as_slice() {
        [] => diagnostic.help(help),
        [one] => diagnostic.help(format!("{help}; in haar keten is er `{one}`")),
        some => diagnostic.help(format!("{help}; in haar keten zijn er {}", super::listed(some.iter().copied()))),
    }
}

/// Whether a KPI leads, maybe through others, to a result. One that is not there (ML308) may be it.
fn leads_to_result(kpi: &Kpi, by_name: &ByName<'_>) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::from([kpi.name.as_str()]);
    let mut open = vec![kpi];
    while let Some(at) = open.pop() {
        for name in &at.details.contributes_to {
            let Some(next) = by_name.get(name.value.as_str()) else { return true };
            if next.details.kpi_kind.as_deref() == Some("resultaat") {
                return true;
            }
            if seen.insert(&name.value) {
                open.push(next);
            }
        }
    }
    false
}

/// A shortest circle of contributions through a KPI, from it on.
fn circle<'a>(kpi: &'a Kpi, by_name: &ByName<'a>) -> Option<Vec<&'a str>> {
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
            if let Some(next) = by_name.get(name)
                && !from.contains_key(name)
            {
                from.insert(name, &at.name);
                open.push_back(next);
            }
        }
    }
    None
}
