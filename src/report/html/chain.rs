//! Why the KPIs are there: goals, customer chains, and the KPIs that belong to them.

use maud::{Markup, html};

use super::{catalogue, parts};
use crate::model::strategy::Chain;
use crate::report::view::{KpiView, View};

/// The chains that have KPIs in this report.
pub fn used<'a>(view: &View<'a>) -> Vec<&'a Chain> {
    view.input.model.chains.iter().filter(|chain| !of(view, chain).is_empty()).collect()
}

fn of<'v, 'a>(view: &'v View<'a>, chain: &Chain) -> Vec<&'v KpiView<'a>> {
    view.kpis.iter().filter(|k| k.kpi.details.chain.contains(&chain.name)).collect()
}

/// Dream, goals and chains.
pub fn strategy(view: &View<'_>) -> Markup {
    let model = view.input.model;
    html! {
        section.page #strategie aria-labelledby="strategie-titel" data-title="Strategie" {
            h1 #strategie-titel tabindex="-1" { "Strategie" }
            @if model.goals.is_empty() && used(view).is_empty() {
                p { "Dit project heeft nog geen doelen en klantketens." }
            }
            @for goal in &model.goals {
                h2 { (goal.title) }
                @if let Some(vision) = &goal.vision { p.vision { (vision) } }
                ul {
                    @for chain in used(view).into_iter().filter(|c| c.goals.contains(&goal.name)) {
                        li { a href={ "#keten-" (chain.name) } { (chain.title) } }
                    }
                }
            }
        }
    }
}

/// One chain with its KPIs.
pub fn page(view: &View<'_>, chain: &Chain) -> Markup {
    let kpis = of(view, chain);
    let anchor = format!("keten-{}", chain.name);
    html! {
        section.page id=(anchor) aria-labelledby={ (anchor) "-titel" } data-title=(chain.title) {
            h1 id={ (anchor) "-titel" } tabindex="-1" { (chain.title) }
            @if let Some(owner) = &chain.owner { p { "Eigenaar: " (owner) } }
            (values("Wat klanten mogen verwachten", &chain.customer_values))
            (values("Wat de organisatie ervan vraagt", &chain.internal_values))
            (catalogue::table(&kpis, &chain.title))
            @let results: Vec<&&KpiView<'_>> = kpis.iter().filter(|k| k.kpi.details.kpi_kind.as_deref() == Some("resultaat")).collect();
            @if !results.is_empty() {
                h2 { "Resultaten" }
                ul { @for kpi in results { li { (parts::link(kpi)) } } }
            }
        }
    }
}

fn values(title: &str, list: &[String]) -> Markup {
    html! {
        @if !list.is_empty() {
            p { strong { (title) ": " } (list.join(", ")) }
        }
    }
}
