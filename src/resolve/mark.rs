//! `kenmerk`: columns of which what is filled or `ja` marks the results that their rows take part in.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Column, Type};
use crate::source::Span;

/// A mark has a reason, or is there or not; it stands in results, so it says nothing about a person.
pub(super) fn check(column: &Column, place: Span, sink: &mut Sink) {
    if !matches!(column.ty, Type::Text | Type::Bool | Type::Unknown) {
        sink.push(
            Diagnostic::error("ML268", format!("`{}` is {} en kan geen kenmerk zijn", column.name, column.ty.phrase()))
                .at(place)
                .help("een kenmerk is een `ja_nee`, of een `tekst` met de reden erin")
                .help(format!("maak er een kolom bij, bijvoorbeeld `raming = {} is gevuld  kenmerk`", column.name)),
        );
    } else if column.personal {
        sink.push(
            Diagnostic::error("ML268", format!("`{}` is een persoonsgegeven en kan geen kenmerk zijn", column.name))
                .at(place)
                .help("een kenmerk komt bij de uitkomst te staan, waar iedereen het leest"),
        );
    }
}
