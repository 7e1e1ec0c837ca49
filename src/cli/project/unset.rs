//! What remains of the definitions where KPIs use parameters that have no value yet.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::syntax::ast::{Declaration, File};

/// The code of a parameter without a value.
pub const UNSET: &str = "ML107";

/// The files without the KPIs that use such a parameter, and the names of those. None where something else is wrong, or
/// such a parameter stands outside a KPI.
pub fn without(files: &[File], told: &[Diagnostic]) -> Option<(Vec<File>, BTreeSet<String>)> {
    let errors = || told.iter().filter(|d| d.severity == Severity::Error);
    if errors().any(|d| d.code != UNSET) {
        return None;
    }
    let mut names = BTreeSet::new();
    for diagnostic in errors() {
        let more = diagnostic.related.iter().filter(|(_, words)| words == "hier ook").map(|(span, _)| *span);
        for span in diagnostic.span.into_iter().chain(more) {
            names.insert(user(files, span)?);
        }
    }
    let stays = |declaration: &Declaration| match declaration {
        Declaration::Kpi(def) => !names.contains(&def.name.value),
        Declaration::Adjustment(def) => !names.contains(&def.name.value),
        Declaration::Trial(def) => def.kpi.as_ref().is_none_or(|kpi| !names.contains(&kpi.value)),
        _ => true,
    };
    let mut rest = files.to_vec();
    for file in &mut rest {
        file.declarations.retain(stays);
    }
    (!names.is_empty()).then_some((rest, names))
}

/// The KPI (or the adjustment of one) in which a place lies.
fn user(files: &[File], place: Span) -> Option<String> {
    let inside = |span: Span| span.source == place.source && span.start <= place.start && place.end <= span.end;
    files.iter().flat_map(|file| &file.declarations).find_map(|declaration| match declaration {
        Declaration::Kpi(def) if inside(def.span) => Some(def.name.value.clone()),
        Declaration::Adjustment(def) if inside(def.span) => Some(def.name.value.clone()),
        _ => None,
    })
}
