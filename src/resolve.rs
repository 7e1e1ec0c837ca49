//! From syntax trees to the model: every name is looked up, every expression gets its type, every norm its unit.
//!
//! All mistakes of all files are reported, each once: what has a mistake is left out (a KPI) or gets the type `Unknown`
//! (a column, a parameter), and whatever uses it is silent. The order of files and declarations does not matter.
//!
//! Knows no notation, no file system and no data. Rules about what a sound definition says stand in `check`.

mod aggregate;
mod calendar;
mod cell;
mod column;
mod compare;
mod constant;
mod dated;
mod details;
mod dimension;
mod echo;
mod expected;
mod expr;
mod fault;
mod formula;
mod function;
mod groups;
mod interval;
mod kpi;
mod literal;
mod mark;
mod names;
mod norm;
mod norm_data;
mod norm_per;
mod order;
mod over_time;
mod parameter;
mod pointing;
mod repeats;
mod scope;
mod shared;
mod shared_use;
mod source_use;
mod stock;
mod strategy;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod trial;
mod united;
mod versions;
mod weight;
mod working;

use crate::calendar::Zone;
use crate::diagnostic::Sink;
use crate::model::{Kpi, Model, RowExpr, Value};
use crate::source::Spanned;
use crate::syntax::ast;
use names::Names;
use scope::World;

/// What the project says beside its definitions.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// All boundaries and local times are in this zone.
    pub zone: Zone,
    /// Values for parameters, from meetlat.yaml or `--param`; of two for one parameter the last counts.
    pub parameters: Vec<(Spanned<String>, ast::Expr)>,
    /// The calendar of whatever names none: `kalender: gemeente` in meetlat.yaml.
    pub calendar: Option<Spanned<String>>,
}

/// Resolves a whole project. What has mistakes is not in the model; the sink says what they are.
pub fn resolve(files: &[ast::File], settings: &Settings, sink: &mut Sink) -> Model {
    with(files, settings, &[], sink)
}

/// The same project with other values for some parameters: those of a toets.
pub fn with(files: &[ast::File], settings: &Settings, fixed: &[(String, Value)], sink: &mut Sink) -> Model {
    let names = Names::collect(files, sink);
    let mut model = Model { zone: settings.zone, ..Model::default() };
    calendar::resolve(&mut model, &names, settings, sink);
    model.parameters = parameter::resolve(&model, &names, settings, fixed, sink);
    let (mut model, incomplete, ids) = table::resolve(model, &names, sink);
    let calendar = model.default_calendar;
    model.dimensions = shared::resolve(World { model: &model, incomplete: &incomplete, calendar }, &names, &ids, sink);
    let world = World { model: &model, incomplete: &incomplete, calendar };
    let mut groups = Vec::new();
    model.kpis = kpi::resolve(world, &names, &ids, &mut groups, sink);
    model.tables.extend(groups);
    (model.goals, model.chains) = strategy::resolve(&names, sink);
    parameter::once(sink);
    model.faults = fault::resolve(&names, &ids, sink);
    model.trials = trial::resolve(World { model: &model, incomplete: &incomplete, calendar }, &names, &ids, sink);
    model
}

/// A condition over the rows of a KPI (`--where`): per source of the KPI the condition, or none where that source lacks
/// the columns. An error goes to the sink when no source has them.
pub fn resolve_filter(model: &Model, kpi: &Kpi, expr: &ast::Expr, sink: &mut Sink) -> Vec<Option<RowExpr>> {
    let calendar = kpi.method.calendar.or(model.default_calendar);
    let world = World { model, incomplete: &[], calendar };
    dimension::condition(world, &kpi::uses_of(model, kpi), expr, sink)
}
