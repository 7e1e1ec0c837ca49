//! ML306: a process KPI that leads to no result KPI: it says how hard we work, not what for. And ML307: KPIs that
//! contribute to each other in a circle, where cause and effect cannot be told apart.

use std::collections::{BTreeMap, BTreeSet};

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Kpi;

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let by_name: BTreeMap<&str, &Kpi> = set.all().map(|kpi| (kpi.name.as_str(), kpi)).collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for kpi in set.kpis() {
        if let Some(circle) = circle(kpi, &by_name) {
            if circle.iter().all(|name| !told.contains(name)) {
                let words: Vec<String> = circle.iter().chain(circle.first()).map(|name| format!("`{name}`")).collect();
                sink.push(
                    Diagnostic::warning(
                        "ML307",
                        format!("KPI's dragen in een kring aan elkaar bij: {}", words.join(" → ")),
                    )
                    .at(kpi.name_span)
                    .help("een boom van oorzaak en gevolg heeft geen kring: haal één `draagt_bij_aan` weg"),
                );
            }
            told.extend(circle);
            continue;
        }
        if kpi.details.kpi_kind.as_deref() == Some("proces") && !leads_to_result(kpi, &by_name) {
            sink.push(no_result(kpi, &by_name));
        }
    }
}

fn no_result(kpi: &Kpi, by_name: &BTreeMap<&str, &Kpi>) -> Diagnostic {
    let diagnostic =
        Diagnostic::warning("ML306", format!("proces-KPI `{}` draagt aan geen resultaat-KPI bij", kpi.name))
            .at(kpi.name_span);
    let shares = |other: &&&Kpi| {
        other.details.kpi_kind.as_deref() == Some("resultaat")
            && other.details.chain.iter().any(|chain| kpi.details.chain.contains(chain))
    };
    let results: Vec<&str> = by_name.values().filter(shares).map(|k| k.name.as_str()).take(4).collect();
    if results.is_empty() {
        return diagnostic.help("zeg welk resultaat beter wordt als deze KPI beter wordt: `draagt_bij_aan …`");
    }
    diagnostic.help(format!(
        "zeg welk resultaat beter wordt als deze KPI beter wordt: `draagt_bij_aan …`; in haar keten {} {}",
        if results.len() == 1 { "is er" } else { "zijn er" },
        super::listed(results)
    ))
}

/// Whether a KPI leads, maybe through others, to a result.
fn leads_to_result(kpi: &Kpi, by_name: &BTreeMap<&str, &Kpi>) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::from([kpi.name.as_str()]);
    let mut open = vec![kpi];
    while let Some(at) = open.pop() {
        for name in &at.details.contributes_to {
            let Some(next) = by_name.get(name.as_str()) else { continue };
            if next.details.kpi_kind.as_deref() == Some("resultaat") {
                return true;
            }
            if seen.insert(name) {
                open.push(next);
            }
        }
    }
    false
}

/// A circle of contributions through a KPI, from it on.
fn circle<'a>(kpi: &'a Kpi, by_name: &BTreeMap<&str, &'a Kpi>) -> Option<Vec<&'a str>> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<Vec<&'a str>> = vec![vec![kpi.name.as_str()]];
    while let Some(path) = open.pop() {
        let next = path.last().and_then(|name| by_name.get(name)).map(|k| &k.details.contributes_to);
        for name in next.into_iter().flatten() {
            if *name == kpi.name {
                return Some(path);
            }
            if by_name.contains_key(name.as_str()) && seen.insert(name) {
                open.push(path.iter().copied().chain([name.as_str()]).collect());
            }
        }
    }
    None
}
