//! What surrounds the pages: head, styles, script, navigation and the footer that says what the report was made from.

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::judge::Row;
use crate::report::view::{Steering, View};
use crate::report::{chart, words};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Nothing may come from elsewhere, and nothing may be sent.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

pub fn document(view: &View<'_>, pages: &Markup) -> Markup {
    let project = view.input.heading.project.clone().unwrap_or_else(|| "Meetlat".to_owned());
    html! {
        (DOCTYPE)
        html lang="nl" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                title { "Aandacht – " (project) }
                style { (PreEscaped(STYLE)) (PreEscaped(chart::CSS)) }
            }
            body data-project=(project) {
                a.skip href="#inhoud" { "Naar de inhoud" }
                (header(view, &project))
                main #inhoud tabindex="-1" { (pages) }
                (footer(view))
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn header(view: &View<'_>, project: &str) -> Markup {
    let heading = view.input.heading;
    html! {
        header.top {
            div.wide {
                p.project { (project) }
                p.range { (words::stretch(heading)) }
                button.theme type="button" hidden { "Donker" }
                nav aria-label="Onderdelen" {
                    ul {
                        li { a href="#aandacht" { "Aandacht" } }
                        li { a href="#strategie" { "Strategie" } }
                        @for steering in Steering::ALL {
                            @let n = view.kpis.iter().filter(|k| k.steering == steering).count();
                            @if n > 0 { li { a href={ "#" (steering.word()) } { (capital(steering.word())) } } }
                        }
                        li { a href="#kpis" { "Alle KPI's" } }
                    }
                }
            }
        }
    }
}

/// What it was made from, instead of when.
fn footer(view: &View<'_>) -> Markup {
    let heading = view.input.heading;
    let definitions = digest(view.input.rows, |row| Some(row.definition_hash.as_str()));
    let data = digest(view.input.rows, |row| row.input_hash.as_deref());
    html! {
        footer.bottom {
            div.wide {
                @if let Some(at) = heading.peilmoment {
                    p { "Peilmoment " (words::moment(at)) ": wat daarna gebeurde, telt niet mee." }
                }
                p {
                    "Definities " code { (definitions) } " · gegevens " code { (data) } " · Meetlat " (view.input.version) ". "
                    "Dezelfde definities en gegevens geven ditzelfde bestand."
                }
            }
        }
    }
}

/// One short hash over the hashes of all rows, whatever their order.
fn digest<'a>(rows: &'a [Row], of: impl Fn(&'a Row) -> Option<&'a str>) -> String {
    let all: BTreeSet<(&str, &str)> = rows.iter().filter_map(|row| Some((row.kpi.as_str(), of(row)?))).collect();
    let mut hasher = Sha256::new();
    for (kpi, hash) in all {
        hasher.update(kpi);
        hasher.update([0]);
        hasher.update(hash);
        hasher.update([0]);
    }
    hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
