//! `meetstoring`: the tables that a known fault is about.

use crate::diagnostic::Sink;
use crate::model::{Fault, TableId, validity::FaultDirection};
use crate::source::Spanned;
use crate::syntax::ast;

use super::names::Names;
use super::scope::Log;
use super::source_use::{TableIds, find};
use super::versions;

/// Resolves all faults, in the order of their days.
pub(super) fn resolve(names: &Names<'_>, ids: &TableIds<'_>, sink: &mut Sink) -> Vec<Fault> {
    let mut faults: Vec<Fault> = names.faults.iter().filter_map(|def| fault(names, ids, def, sink)).collect();
    faults.sort_by_key(|f| (f.validity.from, f.validity.until));
    faults
}

fn fault(names: &Names<'_>, ids: &TableIds<'_>, def: &ast::FaultDef, sink: &mut Sink) -> Option<Fault> {
    let tables = tables(names, ids, &def.path, sink)?;
    let validity = versions::validity(&Spanned::new(def.validity.clone(), def.span), sink);
    let direction = def.direction.as_ref().map(|d| match d.value {
        ast::FaultDirection::TooLow => FaultDirection::TooLow,
        ast::FaultDirection::TooHigh => FaultDirection::TooHigh,
    });
    Some(Fault { tables, validity, reason: def.reason.value.clone(), direction })
}

/// The tables of a path: of one word all tables of that source.
fn tables(names: &Names<'_>, ids: &TableIds<'_>, path: &ast::Path, sink: &mut Sink) -> Option<Vec<TableId>> {
    if let [source] = path.segments.as_slice()
        && names.sources.contains_key(source.value.as_str())
    {
        let mut own: Vec<TableId> = ids.iter().filter(|((s, _), _)| *s == source.value).map(|(_, id)| *id).collect();
        own.sort_unstable();
        return Some(own);
    }
    find(names, ids, path, &mut Log::new(sink)).map(|id| vec![id])
}
