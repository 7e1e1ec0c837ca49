//! The page of one KPI: how it stands, its course, its members, and what it means in six answers.

use maud::{Markup, html};

use super::{drawing, figures, parts};
use crate::report::view::{KpiView, View};
use crate::report::{explain, sentence, words};

pub fn page(view: &View<'_>, kpi: &KpiView<'_>) -> Markup {
    let anchor = kpi.anchor();
    html! {
        section.page id=(anchor) {
            h1 id={ (anchor) "-titel" } tabindex="-1" { (kpi.title) }
            p.meaning { (kpi.kpi.definition) }
            (stand(kpi))
            (course(kpi))
            (drawing::distribution(kpi))
            (drawing::heatmap(kpi))
            @for (name, list) in &kpi.members { (by_dimension(kpi, name, list)) }
            (figures::members(kpi.kpi, &kpi.members, &kpi.title))
            (six_answers(view, kpi))
        }
    }
}

/// The newest figure, and what there is to say about it.
fn stand(kpi: &KpiView<'_>) -> Markup {
    let Some(row) = kpi.latest() else { return html! {} };
    let rows = &kpi.telling.rows;
    html! {
        div.stand {
            p.big { (words::value(row)) }
            p.state { (parts::status(row)) " " (parts::verdicts(kpi)) }
            p {
                (sentence::value(row)) ". "
                @if let Some(text) = sentence::against(row) { (text) " " }
                @if let Some(text) = sentence::provisional(row, rows) { (text) " " }
                @if let Some(miss) = &kpi.attention.miss { (sentence::since(miss)) " " }
                @if let Some(missing) = &kpi.attention.missing { (sentence::missing(missing)) " " }
                @if let Some(text) = sentence::change(&kpi.variation, rows) { (text) " " }
                @if let Some(told) = kpi.assurance() { (sentence::assurance(told)) " " }
                @if let Some(text) = sentence::too_few(&kpi.variation) { (text) }
            }
        }
    }
}

fn course(kpi: &KpiView<'_>) -> Markup {
    html! {
        h2 { "Verloop" }
        (drawing::course(kpi))
        (figures::series(&kpi.telling.rows, &kpi.variation))
    }
}

fn by_dimension(kpi: &KpiView<'_>, name: &str, list: &[crate::report::series::Series<'_>]) -> Markup {
    html! {
        h2 { "Per " (words::clean(name)) }
        (drawing::members(kpi, name, list))
    }
}

/// The definition as a fact sheet.
fn six_answers(view: &View<'_>, kpi: &KpiView<'_>) -> Markup {
    html! {
        h2 { "Wat betekent dit cijfer?" }
        dl.sheet {
            // The first, what it is, stands under the title.
            @for (question, lines) in explain::answers(view.model, kpi.kpi).into_iter().skip(1) {
                dt { (question) }
                dd { @for line in &lines { p { (line.trim_start()) } } }
            }
        }
    }
}
