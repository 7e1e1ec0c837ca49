//! What surrounds the pages: head, styles, script, navigation and the footer that says what the report was made from.

use maud::{DOCTYPE, Markup, PreEscaped, html};

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
    let heading = &view.input.heading;
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
                            @if n > 0 { li { a href={ "#" (steering.word()) } { (words::capital(steering.word())) } } }
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
    let heading = &view.input.heading;
    let origin = view.input.origin();
    html! {
        footer.bottom {
            div.wide {
                @if let Some(at) = heading.peilmoment {
                    p { "Peilmoment " (words::moment(at)) ": wat daarna gebeurde, telt niet mee." }
                }
                p {
                    "Definities " code { (origin.definitions) }
                    @if let Some(data) = origin.input { " · gegevens " code { (data) } }
                    " · Meetlat " (origin.version) ". "
                    "Dezelfde definities en gegevens geven ditzelfde bestand."
                }
            }
        }
    }
}
