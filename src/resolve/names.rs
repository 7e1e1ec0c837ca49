//! All declarations of all files by name. Reports names that are declared twice; the first in order of file and place
//! counts. Knows nothing of what is inside the declarations.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Sink};
use crate::source::Span;
use crate::syntax::ast::{
    AdjustmentDef, CalendarDef, Declaration, FaultDef, File, KpiDef, Name, ParameterDef, SharedDimensionDef, SourceDef,
    StrategyDef, StrategyKind, TableDef, TrialDef,
};

use super::formula::unknown_kpi;
use super::versions;
use crate::model::Validity;

/// A table's declaration with the system that it belongs to.
#[derive(Clone, Copy)]
pub(super) struct TableEntry<'a> {
    pub source: &'a str,
    pub source_title: Option<&'a str>,
    pub def: &'a TableDef,
}

/// A KPI's declaration (or one version of it) with what adjusts it.
pub(super) struct KpiEntry<'a> {
    pub def: &'a KpiDef,
    /// Settled by `versions`.
    pub validity: Option<Validity>,
    pub adjustments: Vec<&'a AdjustmentDef>,
}

/// Everything that has a name.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub parameters: BTreeMap<&'a str, &'a ParameterDef>,
    pub calendars: BTreeMap<&'a str, &'a CalendarDef>,
    pub sources: BTreeMap<&'a str, Vec<&'a str>>,
    /// The systems that hold more than could be read.
    pub incomplete: BTreeSet<&'a str>,
    /// In order of full name.
    pub tables: Vec<TableEntry<'a>>,
    /// Index in `tables`, by system and table.
    pub table_index: BTreeMap<(&'a str, &'a str), usize>,
    pub dimensions: BTreeMap<&'a str, &'a SharedDimensionDef>,
    /// Per name its versions in order of time; nearly always one.
    pub kpis: BTreeMap<&'a str, Vec<KpiEntry<'a>>>,
    pub goals: BTreeMap<&'a str, &'a StrategyDef>,
    pub chains: BTreeMap<&'a str, &'a StrategyDef>,
    pub faults: Vec<&'a FaultDef>,
    /// In order of file and place.
    pub trials: Vec<&'a TrialDef>,
}

impl<'a> Names<'a> {
    /// Gathers all names.
    pub fn collect(files: &'a [File], sink: &mut Sink) -> Self {
        let mut names = Self::default();
        let mut declarations: Vec<&Declaration> = files.iter().flat_map(|f| &f.declarations).collect();
        declarations.sort_by_key(|d| place(d));
        let mut systems: BTreeMap<&str, &SourceDef> = BTreeMap::new();
        let mut adjustments = Vec::new();
        for declaration in declarations {
            match declaration {
                Declaration::Use(_) => {}
                Declaration::Parameter(def) => {
                    if let Some(first) = names.parameters.get(def.name.value.as_str()) {
                        sink.push(twice("parameter", &def.name, first.name.span));
                    } else {
                        names.parameters.insert(&def.name.value, def);
                    }
                }
                Declaration::Source(def) => {
                    if let Some(first) = systems.get(def.name.value.as_str()) {
                        sink.push(twice("bronsysteem", &def.name, first.name.span));
                    } else {
                        systems.insert(&def.name.value, def);
                    }
                }
                Declaration::SharedDimension(def) => {
                    if let Some(first) = names.dimensions.get(def.name.value.as_str()) {
                        sink.push(twice("dimensie", &def.name, first.name.span));
                    } else {
                        names.dimensions.insert(&def.name.value, def);
                    }
                }
                Declaration::Calendar(def) => {
                    if let Some(first) = names.calendars.get(def.name.value.as_str()) {
                        sink.push(twice("kalender", &def.name, first.name.span));
                    } else {
                        names.calendars.insert(&def.name.value, def);
                    }
                }
                Declaration::Kpi(def) => {
                    let entry = KpiEntry { def, validity: None, adjustments: Vec::new() };
                    names.kpis.entry(&def.name.value).or_default().push(entry);
                }
                Declaration::Adjustment(def) => adjustments.push(def),
                Declaration::Trial(def) => {
                    if let Some(first) = names.trials.iter().find(|t| t.name.value == def.name.value) {
                        sink.push(
                            twice("toets", &def.name, first.name.span)
                                .help("geef elke toets een eigen naam, die zegt wat zij bewijst"),
                        );
                    }
                    names.trials.push(def);
                }
                Declaration::Fault(def) => names.faults.push(def),
                Declaration::Strategy(def) => {
                    let known = match def.kind {
                        StrategyKind::Goal => &mut names.goals,
                        StrategyKind::Chain => &mut names.chains,
                    };
                    if let Some(first) = known.get(def.name.value.as_str()) {
                        sink.push(twice(def.kind.word(), &def.name, first.name.span));
                    } else {
                        known.insert(&def.name.value, def);
                    }
                }
            }
        }
        for adjustment in adjustments {
            if let Some(versions) = names.kpis.get_mut(adjustment.name.value.as_str()) {
                for version in versions {
                    version.adjustments.push(adjustment);
                }
            } else {
                let known = names.kpis.keys().copied();
                sink.push(unknown_kpi(&adjustment.name.value, adjustment.name.span, known));
            }
        }
        versions::settle(&mut names.kpis, sink);
        for (name, def) in systems {
            names.add_tables(name, def, sink);
        }
        names
    }

    fn add_tables(&mut self, source: &'a str, def: &'a SourceDef, sink: &mut Sink) {
        let mut tables: BTreeMap<&str, &TableDef> = BTreeMap::new();
        for table in &def.tables {
            if let Some(first) = tables.get(table.name.value.as_str()) {
                sink.push(twice("tabel", &table.name, first.name.span));
            } else {
                tables.insert(&table.name.value, table);
            }
        }
        self.sources.insert(source, tables.keys().copied().collect());
        if def.incomplete {
            self.incomplete.insert(source);
        }
        let source_title = def.title.as_ref().map(|t| t.value.as_str());
        for (name, def) in tables {
            self.table_index.insert((source, name), self.tables.len());
            self.tables.push(TableEntry { source, source_title, def });
        }
    }
}

fn place(declaration: &Declaration) -> Span {
    match declaration {
        Declaration::Use(text) => text.span,
        Declaration::Parameter(def) => def.span,
        Declaration::Source(def) => def.span,
        Declaration::SharedDimension(def) => def.span,
        Declaration::Calendar(def) => def.span,
        Declaration::Kpi(def) => def.span,
        Declaration::Adjustment(def) => def.span,
        Declaration::Trial(def) => def.span,
        Declaration::Fault(def) => def.span,
        Declaration::Strategy(def) => def.span,
    }
}

/// Two declarations of one name.
pub(super) fn twice(what: &str, name: &Name, first: Span) -> Diagnostic {
    Diagnostic::error("ML102", format!("{what} `{}` bestaat al", name.value))
        .at(name.span)
        .label("de tweede")
        .also(first, "de eerste")
}
