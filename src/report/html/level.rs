//! One of the three levels of steering: its KPIs with the newest figure.

use maud::{Markup, html};

use super::catalogue;
use crate::report::view::{Steering, View};
use crate::report::words;

pub fn page(view: &View<'_>, steering: Steering) -> Markup {
    let kpis = view.worst_first(|k| k.steering == steering);
    let title = format!("{steering} sturen", steering = words::capital(steering.word()));
    let note = match steering {
        Steering::Strategic => "Per kwartaal of jaar, voor bestuur en directie: halen wij onze doelen?",
        Steering::Tactical => "Per maand, voor wie een keten of afdeling leidt: werkt het zoals bedoeld?",
        Steering::Operational => "Per week of dag, voor teamleiders: wat moet vandaag anders?",
    };
    html! {
        @if !kpis.is_empty() {
            section.page #(steering.word()) {
                h1 #{ (steering.word()) "-titel" } tabindex="-1" { (title) }
                p.note { (note) }
                (catalogue::table(&kpis, &title, catalogue::Use::Course))
            }
        }
    }
}
