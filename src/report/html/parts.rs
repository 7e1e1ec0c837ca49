//! What the pages share: how a status looks, the icons of variation and assurance, and links to KPIs.

use maud::{Markup, html};

use crate::judge::Row;
use crate::judge::variation::{Assurance, Change, Verdict};
use crate::report::series::Standing;
use crate::report::view::KpiView;
use crate::report::words;

/// The class of a standing, for its colour; the words are always beside it.
pub fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::NotMet => "bad",
        Standing::Near => "near",
        Standing::Met => "good",
        Standing::NoData
        | Standing::Shielded
        | Standing::TooFew
        | Standing::Preliminary
        | Standing::NoNorm
        | Standing::NotMeasurable => "quiet",
    }
}

/// `✗ niet gehaald`
pub fn status(row: &Row) -> Markup {
    html! { span.status.(class(Standing::of(row))) { (words::status(row)) } }
}

/// A link to the page of a KPI.
pub fn link(kpi: &KpiView<'_>) -> Markup {
    html! { a href={ "#" (kpi.anchor()) } { (kpi.title) } }
}

/// The two verdicts, each an icon with its word; nothing where there are too few points.
pub fn verdicts(kpi: &KpiView<'_>) -> Markup {
    let Verdict::Judged { change, .. } = kpi.variation.verdict else { return html! {} };
    let class = match change {
        None => "quiet same",
        Some(Change::Improvement) => "good up",
        Some(Change::Concern) => "bad down",
        Some(Change::High) => "quiet high",
        Some(Change::Low) => "quiet low",
    };
    html! {
        span.verdict.(class) { (change.map_or("normale variatie", Change::word)) }
        @if let Some(assurance) = kpi.assurance() {
            @let class = match assurance {
                Assurance::ConsistentlyMeets => "good always",
                Assurance::ConsistentlyFails => "bad never",
                Assurance::HitOrMiss => "quiet mixed",
            };
            " "
            span.verdict.(class) { (assurance.word()) }
        }
    }
}
