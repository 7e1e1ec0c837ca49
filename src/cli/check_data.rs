//! `meetlat check --data`: holds the connected sources against what the definitions say of them. Values of personal data
//! are never shown.

use std::collections::{BTreeMap, BTreeSet};

mod words;

use serde_json::json;

use super::args::Global;
use super::check::Told;
use super::connect::connect;
use super::project::Compiled;
use crate::calendar::day_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::measure::arrival::Arrival;
use crate::measure::audit::{Expectation, expectations, plausible_days, touched};
use crate::model::{Column, ColumnKind, Model, Table, TableId, Type};
use crate::plan::StoredPlans;
use crate::run::engine::audit::{Audit, ClockChanges};
use crate::run::engine::valid::WrongTimes;
use crate::run::engine::{Engine, Limits};
use crate::run::source::{Connection, Wanted, absent};

/// The code of a source that lacks a column.
const NO_COLUMN: &str = "ML602";

/// Looks at every connected table.
///
/// # Errors
/// One line for wrong use.
pub fn run(compiled: &Compiled, global: &Global) -> Result<Told, String> {
    let model = compiled.checked.model();
    let connections = connect(compiled, global)?;
    let mut told = Told { diagnostics: connections.diagnostics, ..Told::default() };
    let engine = match Engine::new(Limits { memory: None, threads: None }) {
        Ok(engine) => engine,
        Err(diagnostic) => {
            told.diagnostics.push(diagnostic);
            return Ok(told);
        }
    };
    let Opened { plans, missing } = opened(model, &engine, &connections.tables, &mut told.diagnostics);
    let mut found = Vec::new();
    for (id, connection) in connections.tables.iter().filter(|(id, _)| plans.contains_key(id)) {
        let gone: BTreeSet<usize> = absent(model.table(*id), connection).into_keys().collect();
        let mut expected = expectations(model, *id, &|other| plans.contains_key(&other));
        expected.retain(|e| {
            let there = |place: &(TableId, usize)| !missing.contains(place);
            e.column.is_none_or(|column| !gone.contains(&column)) && touched(model, *id, &e.condition).iter().all(there)
        });
        let audit = engine.audit(model, *id, &expected, &plans);
        let moments = moments(model.table(*id), |index| gone.contains(&index) || missing.contains(&(*id, index)));
        let clock = clock_changes(&engine, model, *id, connection, &moments);
        match (audit, clock) {
            (Ok(audit), Ok(clock)) => {
                let arrival = arrival(model, *id, &audit);
                found.push(Looked { id: *id, expected, audit, arrival, clock });
            }
            (Err(diagnostic), _) => told.diagnostics.push(diagnostic),
            (_, Err(diagnostic)) => told.diagnostics.push(*diagnostic),
        }
    }
    let mut rows = Vec::new();
    for (index, looked) in found.iter().enumerate() {
        let others = found.iter().enumerate().filter(|(other, _)| *other != index);
        let others: Vec<&Arrival> = others.filter_map(|(_, other)| other.arrival.as_ref()).collect();
        told.diagnostics.extend(words::diagnostics(model, looked, &others));
        told.lines.push(line(model, looked.id, &looked.audit));
        rows.push(row(model, looked));
    }
    if connections.tables.is_empty() {
        told.diagnostics.push(
            Diagnostic::warning("ML620", "er zijn geen bronnen gekoppeld, dus er zijn geen gegevens om naar te kijken")
                .help("koppel bronnen in meetlat.yaml onder `omgevingen`, of met --source BRON.TABEL=PAD"),
        );
    }
    told.tables = Some(json!(rows));
    Ok(told)
}

/// A table, and what was found in it.
struct Looked {
    id: TableId,
    expected: Vec<Expectation>,
    audit: Audit,
    /// None without a meetmoment, without rows, and where the days are no one's business.
    arrival: Option<Arrival>,
    clock: Vec<ClockChanges>,
}

/// The stored `tijdstip` columns that the source has.
fn moments(table: &Table, lacks: impl Fn(usize) -> bool) -> BTreeSet<usize> {
    let moment = |c: &Column| c.ty == Type::Moment && matches!(c.kind, ColumnKind::Stored { .. });
    table.columns.iter().enumerate().filter(|(i, c)| moment(c) && !lacks(*i)).map(|(i, _)| i).collect()
}

/// What changes of the clock make doubtful; nothing where there are no moments.
fn clock_changes(
    engine: &Engine,
    model: &Model,
    id: TableId,
    connection: &Connection,
    moments: &BTreeSet<usize>,
) -> Result<Vec<ClockChanges>, Box<Diagnostic>> {
    if moments.is_empty() {
        return Ok(Vec::new());
    }
    engine.clock_changes(model.table(id), connection, model.zone, moments).map_err(Box::new)
}

/// How the rows come in. Days that cannot be right are told apart, and say nothing here.
fn arrival(model: &Model, id: TableId, audit: &Audit) -> Option<Arrival> {
    let table = model.table(id);
    let plausible = plausible_days()?;
    let days: Vec<(i64, u64)> = audit.days.iter().copied().filter(|(day, _)| plausible.contains(day)).collect();
    Arrival::of(&days).filter(|_| !personal_axis(table))
}

fn personal_axis(table: &Table) -> bool {
    table.axis.and_then(|axis| table.columns.get(axis)).is_none_or(|column| column.personal)
}

/// The tables that can be read, and the columns that they lack.
#[derive(Default)]
struct Opened {
    plans: StoredPlans,
    missing: BTreeSet<(TableId, usize)>,
}

/// Opens all tables; what is wrong with them is told. A table that lacks a column which may be empty is read without it.
fn opened(
    model: &Model,
    engine: &Engine,
    connections: &BTreeMap<TableId, Connection>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Opened {
    let mut found = Opened::default();
    for (id, connection) in connections {
        let table = model.table(*id);
        let stored = |(_, c): &(usize, &crate::model::Column)| matches!(c.kind, ColumnKind::Stored { .. });
        let mut columns: BTreeSet<usize> = table.columns.iter().enumerate().filter(stored).map(|(i, _)| i).collect();
        let open = |columns: &BTreeSet<usize>| {
            let opened = engine.open(table, connection, model.zone, &Wanted { columns, bounds: None });
            opened.map(|opened| opened.plan).map_err(Box::new)
        };
        let mut plan = open(&columns);
        if plan.is_err() {
            for (index, column) in table.columns.iter().enumerate().filter(|(_, c)| c.nullable) {
                let Some(Err(why)) = columns.contains(&index).then(|| open(&BTreeSet::from([index]))) else { continue };
                if why.code == NO_COLUMN {
                    diagnostics.push(Diagnostic { severity: Severity::Warning, span: Some(column.span), ..*why });
                    columns.remove(&index);
                    found.missing.insert((*id, index));
                }
            }
            plan = open(&columns);
        }
        match plan {
            Ok(plan) => {
                found.plans.insert(*id, plan);
            }
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    found
}

/// `✓ acd.gesprek · 12.345 rijen · 2025-07-01 – 2026-06-30`
fn line(model: &Model, id: TableId, audit: &Audit) -> String {
    let days = days(model, id, audit).map(|(from, until)| format!(" · {from} – {until}")).unwrap_or_default();
    let sound = audit.breaches.is_empty() && audit.repeated.is_none() && audit.times == WrongTimes::default();
    let mark = if sound { "✓" } else { "!" };
    format!("{mark} {} · {}{days}", model.table(id).full_name(), words::counted(audit.rows, "rij", "rijen"))
}

fn row(model: &Model, looked: &Looked) -> serde_json::Value {
    let (oldest, newest) = days(model, looked.id, &looked.audit).unzip();
    let (twice, never) = looked.clock.iter().fold((0, 0), |(twice, never), c| (twice + c.twice, never + c.never));
    json!({
        "tabel": model.table(looked.id).full_name(),
        "rijen": looked.audit.rows,
        "oudste": oldest,
        "nieuwste": newest,
        "tijden_dubbel": twice,
        "tijden_onbestaand": never,
    })
}

/// The days of the oldest and the newest row.
fn days(model: &Model, id: TableId, audit: &Audit) -> Option<(String, String)> {
    let table = model.table(id);
    if personal_axis(table) {
        return None;
    }
    let ty = table.columns.get(table.axis?)?.ty;
    let day = |n: i64| if ty == Type::Date { day_of(i32::try_from(n).ok()?) } else { model.zone.day(n) };
    let (low, high) = audit.span?;
    Some((day(low)?.to_string(), day(high)?.to_string()))
}
