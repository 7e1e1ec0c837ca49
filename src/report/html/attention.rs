//! The first page: what needs attention, worst first. Each KPI stands in one place, under the gravest thing about it.

use std::cmp::Ordering;

use maud::{Markup, html};

use super::{drawing, member, parts};
use crate::judge::variation::{Assurance, Change, Verdict};
use crate::judge::{Row, Status};
use crate::report::series::Standing;
use crate::report::table::SkipReason;
use crate::report::view::{KpiView, View};
use crate::report::{sentence, words};

/// Where a KPI stands on this page; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Missed,
    Worse,
    Data,
    Hidden,
    Near,
    Better,
}

const PLACES: [(Place, &str, &str); 6] = [
    (Place::Missed, "Norm niet gehaald", "Het verst van de norm eerst, gemeten als deel van de norm."),
    (
        Place::Worse,
        "Verslechtering, norm nog wel gehaald of zonder norm",
        "Meer dan de normale variatie: dit is geen toeval.",
    ),
    (
        Place::Data,
        "Gegevens ontbreken of zijn niet betrouwbaar",
        "Van deze cijfers is nu niet te zeggen of zij goed of slecht zijn.",
    ),
    (Place::Hidden, "Achter het totaal", "Het totaal haalt de norm, een onderdeel niet."),
    (Place::Near, "Net niet gehaald", "Binnen de waarschuwingsmarge van de norm."),
    (Place::Better, "Verbetering", "Meer dan de normale variatie, de goede kant op."),
];

pub fn page(view: &View<'_>) -> Markup {
    html! {
        section.page #aandacht {
            h1 #aandacht-titel tabindex="-1" { "Wat vraagt aandacht?" }
            (counts(view))
            (owners(view))
            @for (place, title, note) in PLACES {
                @let list = listed(view, place);
                @if !list.is_empty() {
                    h2 { (title) " " span.count { "(" (list.len()) ")" } }
                    p.note { (note) }
                    ol.cards { @for kpi in list { (card(kpi, place)) } }
                }
            }
            (skipped(view))
        }
    }
}

/// How many KPIs stand how, in one line.
fn counts(view: &View<'_>) -> Markup {
    const SHOWN: [(Standing, &str, &str); 9] = [
        (Standing::NotMet, "✗", "niet gehaald"),
        (Standing::Near, "~", "bijna"),
        (Standing::Met, "✓", "gehaald"),
        (Standing::NoData, "?", "geen gegevens"),
        (Standing::TooFew, "?", "te weinig waarnemingen"),
        (Standing::Shielded, "–", "afgeschermd"),
        (Standing::Preliminary, "·", "voorlopig"),
        (Standing::NoNorm, "", "zonder norm"),
        (Standing::NotMeasurable, "–", "niet meetbaar"),
    ];
    html! {
        ul.counts aria-label=(format!("Stand van {}", words::kpis(view.kpis.len()))) {
            @for (standing, icon, word) in SHOWN {
                @let n = view.count(standing);
                @if n > 0 {
                    li.(parts::class(standing)) { strong { (n) } " " span aria-hidden="true" { (icon) } " " (word) }
                }
            }
        }
    }
}

/// Who answers for what is not met, most first.
fn owners(view: &View<'_>) -> Markup {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for kpi in listed(view, Place::Missed) {
        let owner = kpi.kpi.details.owner.as_deref().unwrap_or("zonder eigenaar");
        match counts.iter_mut().find(|(known, _)| *known == owner) {
            Some((_, n)) => *n += 1,
            None => counts.push((owner, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let told: Vec<String> = counts.iter().map(|(owner, n)| format!("{} {n}", words::clean(owner))).collect();
    html! { @if !told.is_empty() { p { "Niet gehaald, per eigenaar: " (told.join(" · ")) } } }
}

fn listed<'v, 'a>(view: &'v View<'a>, place: Place) -> Vec<&'v KpiView<'a>> {
    let mut list: Vec<&KpiView<'a>> = view.kpis.iter().filter(|kpi| place_of(kpi) == Some(place)).collect();
    if matches!(place, Place::Missed | Place::Near) {
        let far = |k: &KpiView<'_>| k.attention.miss.and_then(|m| m.relative).unwrap_or(0.0);
        list.sort_by(|a, b| far(b).partial_cmp(&far(a)).unwrap_or(Ordering::Equal));
    }
    list
}

fn place_of(kpi: &KpiView<'_>) -> Option<Place> {
    let status = kpi.attention.miss.map(|m| m.row.status);
    let change = match kpi.variation.verdict {
        Verdict::Judged { change, .. } => change,
        Verdict::TooFew { .. } => None,
    };
    // Figures that are not there, or not to be relied on, carry no verdict that may be told.
    if kpi.attention.missing.is_some() || !kpi.attention.doubts.is_empty() {
        return Some(Place::Data);
    }
    match (status, change) {
        (Some(Status::NotMet), _) => Some(Place::Missed),
        (_, Some(Change::Concern)) => Some(Place::Worse),
        (Some(_), _) => Some(Place::Near),
        _ if kpi.hidden_miss().is_some() => Some(Place::Hidden),
        (None, Some(Change::Improvement)) => Some(Place::Better),
        _ => None,
    }
}

fn card(kpi: &KpiView<'_>, place: Place) -> Markup {
    let row = kpi.latest();
    html! {
        li.card {
            h3 { (parts::link(kpi)) }
            (drawing::spark(kpi))
            @if let Some(row) = row {
                p.state { (parts::status(row)) @if place != Place::Data { " " (parts::verdicts(kpi)) } }
            }
            p { (told(kpi, place).join(" ")) }
            @if let Some(owner) = &kpi.kpi.details.owner { p.owner { "Eigenaar: " (owner) } }
        }
    }
}

/// What stands on the card, in sentences.
fn told(kpi: &KpiView<'_>, place: Place) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(missing) = &kpi.attention.missing {
        out.push(sentence::missing(missing));
    }
    for doubt in &kpi.attention.doubts {
        out.push(format!("{}: {}.", words::capital(&doubt.mark), doubt.reason));
    }
    if let Some(row) = kpi.latest() {
        out.push(format!("{}.", sentence::value(row)));
        out.extend(sentence::against(row));
    }
    if let Some(miss) = &kpi.attention.miss {
        out.push(sentence::since(miss));
    }
    if place == Place::Data {
        return out;
    }
    if place == Place::Hidden
        && let Some(row) = kpi.hidden_miss()
    {
        out.push(hidden(kpi, row));
    }
    out.extend(sentence::change(&kpi.variation, &kpi.telling.rows));
    if kpi.assurance() == Some(Assurance::ConsistentlyFails) {
        out.push(sentence::assurance(Assurance::ConsistentlyFails));
    }
    out
}

/// `Maar Loket (locatie) haalt 71,0 % in juni 2026.`
fn hidden(kpi: &KpiView<'_>, row: &Row) -> String {
    let members: Vec<String> = row
        .dimensions
        .iter()
        .map(|(name, m)| format!("{} ({})", member::name(kpi.kpi, name, m), words::clean(name)))
        .collect();
    let short = sentence::short(row).map(|s| format!(", {s}")).unwrap_or_default();
    format!("Maar {} niet: {}{short}.", words::list(&members), sentence::value(row))
}

/// What was asked and is not in the report.
fn skipped(view: &View<'_>) -> Markup {
    let list = view.input.skipped;
    html! {
        @if !list.is_empty() {
            h2 { "Niet berekend " span.count { "(" (list.len()) ")" } }
            ul {
                @for one in list {
                    li {
                        code { (words::clean(&one.kpi)) } ": "
                        @match &one.why {
                            SkipReason::NotConnected { sources, tables } => {
                                "geen gegevens gekoppeld voor " (words::list(&[sources.as_slice(), tables].concat()))
                            },
                            SkipReason::Other(why) => { (words::clean(why)) },
                        }
                    }
                }
            }
        }
    }
}
