//! The report as one HTML file: no network, no server, nothing outside the file. Pages are sections that a few lines of
//! script show one at a time; without script they all stand below each other, which is also how it prints as a whole.
//! Maud escapes every text. It calculates nothing and judges nothing.
//!
//! `frame` is what surrounds the pages; `attention`, `catalogue`, `chain`, `level` and `kpi` are the pages; `member` and
//! `parts` are what they share.

mod attention;
mod catalogue;
mod chain;
mod drawing;
mod figures;
mod frame;
mod kpi;
mod level;
mod member;
mod parts;

use maud::html;

use super::view::{Steering, View};

/// The whole file. The same view gives the same bytes.
#[must_use]
pub fn html(view: &View<'_>) -> String {
    let pages = html! {
        (attention::page(view))
        (chain::strategy(view))
        @for chain in chain::used(view) { (chain::page(view, chain)) }
        @for steering in Steering::ALL { (level::page(view, steering)) }
        (catalogue::page(view))
        @for kpi in &view.kpis { (kpi::page(view, kpi)) }
    };
    frame::document(view, &pages).into_string()
}
