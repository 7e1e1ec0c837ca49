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
    without_ends(&frame::document(view, &pages).into_string())
}

/// Leaves out the end tags that HTML lets out (WHATWG 13.1.2.4): a tenth of the bytes. Texts hold no `<`.
fn without_ends(text: &str) -> String {
    const OPTIONAL: [&str; 7] = ["td", "th", "tr", "li", "dt", "dd", "option"];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("</") {
        out.push_str(before);
        let name = after.split('>').next().unwrap_or_default();
        if OPTIONAL.contains(&name) {
            rest = after.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push_str("</");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}
