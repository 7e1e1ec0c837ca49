//! All KPIs in one table, with filters that work without a server.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{drawing, parts};
use crate::report::series::Standing;
use crate::report::view::{KpiView, View};
use crate::report::words;

pub fn page(view: &View<'_>) -> Markup {
    let kpis = view.worst_first(|_| true);
    html! {
        section.page #kpis {
            h1 #kpis-titel tabindex="-1" { "Alle KPI's" }
            (filters(view))
            p #gevonden role="status" { (words::kpis(kpis.len())) }
            (table(&kpis, "Alle KPI's", Use::Search))
        }
    }
}

/// Shown by the script: without it they would do nothing.
fn filters(view: &View<'_>) -> Markup {
    let all =
        |of: &dyn Fn(&KpiView<'_>) -> Vec<String>| -> BTreeSet<String> { view.kpis.iter().flat_map(of).collect() };
    let chains = all(&|k| k.kpi.details.chain.clone()).into_iter().map(|name| (titled(view, &name), name)).collect();
    let owners = all(&|k| k.kpi.details.owner.iter().cloned().collect());
    let levels = all(&|k| vec![k.steering.word().to_owned()]);
    let states = all(&|k| vec![state(k).to_owned()]);
    html! {
        form.filters hidden aria-label="KPI's kiezen" {
            div { label for="f-tekst" { "Zoek in naam of definitie" } input #f-tekst type="search" data-filter="tekst"; }
            (choice("keten", "Klantketen", &chains))
            (choice("niveau", "Niveau", &plain(levels)))
            (choice("status", "Status", &plain(states)))
            (choice("eigenaar", "Eigenaar", &plain(owners)))
            div { button type="reset" { "Alles tonen" } }
        }
    }
}

/// The words of a chain for people; its name where it is nowhere described.
fn titled(view: &View<'_>, name: &str) -> String {
    let chain = view.model.chains.iter().find(|c| c.name == name && !c.title.is_empty());
    chain.map_or_else(|| name.to_owned(), |c| words::clean(&c.title))
}

/// Values that say themselves what they are.
fn plain(values: BTreeSet<String>) -> BTreeSet<(String, String)> {
    values.into_iter().map(|value| (value.clone(), value)).collect()
}

/// A choice among words for people, each with the value behind it; in the order of the words.
fn choice(name: &str, label: &str, options: &BTreeSet<(String, String)>) -> Markup {
    html! {
        @if !options.is_empty() {
            div {
                label for={ "f-" (name) } { (label) }
                select #{ "f-" (name) } data-filter=(name) {
                    option value="" { "alle" }
                    @for (word, value) in options { option value=(value) { (word) } }
                }
            }
        }
    }
}

/// The status word to choose by.
fn state(kpi: &KpiView<'_>) -> &'static str {
    match kpi.standing() {
        Standing::Preliminary => "voorlopig",
        _ => kpi.latest().map_or("geen gegevens", |row| row.status.word()),
    }
}

/// What a table of KPIs is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To search in: what the filters look at stands on each line.
    Search,
    /// To look at: with the course of each KPI.
    Course,
    Plain,
}

/// KPIs with their newest figure.
pub fn table(kpis: &[&KpiView<'_>], caption: &str, of: Use) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label=(caption) {
            table.kpis {
                thead {
                    tr {
                        th scope="col" { "KPI" }
                        th scope="col" { "Periode" }
                        th.number scope="col" { "Waarde" }
                        th.number scope="col" { "Norm" }
                        th scope="col" { "Status" }
                        @if of == Use::Course { th scope="col" { "Verloop" } }
                        th scope="col" { "Variatie" }
                    }
                }
                tbody { @for kpi in kpis { (line(kpi, of)) } }
            }
        }
    }
}

fn line(kpi: &KpiView<'_>, of: Use) -> Markup {
    let details = &kpi.kpi.details;
    let search = |text: String| (of == Use::Search).then_some(text);
    let (chain, owner) = (details.chain.join("|"), details.owner.clone().unwrap_or_default());
    html! {
        tr data-keten=[search(chain)] data-niveau=[search(kpi.steering.word().to_owned())]
            data-status=[search(state(kpi).to_owned())] data-eigenaar=[search(owner)] {
            th scope="row" { (parts::link(kpi)) }
            @match kpi.latest() {
                Some(row) => {
                    td { (row.period) }
                    td.number { (words::value(row)) }
                    td.number { (words::norm(row)) }
                    td { (parts::status(row)) }
                    @if of == Use::Course { td { (drawing::spark(kpi)) } }
                    td { (parts::verdicts(kpi)) }
                },
                None => { td colspan="6" { "geen gegevens" } },
            }
        }
    }
}
