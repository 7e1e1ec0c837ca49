//! `meetlat check --data`: holds the connected sources against what the definitions say of them. Values of personal data
//! are never shown.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::args::Global;
use super::check::Told;
use super::connect::connect;
use super::project::Compiled;
use crate::calendar::day_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::measure::audit::{Breach, Expectation, expectations, touched};
use crate::model::table::Table;
use crate::model::{ColumnKind, Model, TableId, Type, Value, text};
use crate::plan::StoredPlans;
use crate::report::number;
use crate::run::engine::audit::{Audit, Broken, Repeated};
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
    let mut rows = Vec::new();
    for (id, connection) in connections.tables.iter().filter(|(id, _)| plans.contains_key(id)) {
        let gone: BTreeSet<usize> = absent(model.table(*id), connection).into_keys().collect();
        let mut expected = expectations(model, *id, &|other| plans.contains_key(&other));
        expected.retain(|e| {
            let there = |place: &(TableId, usize)| !missing.contains(place);
            e.column.is_none_or(|column| !gone.contains(&column)) && touched(model, *id, &e.condition).iter().all(there)
        });
        match engine.audit(model, *id, &expected, &plans) {
            Ok(audit) => {
                told.diagnostics.extend(diagnostics(model, *id, &expected, &audit));
                told.lines.push(line(model, *id, &audit));
                rows.push(row(model, *id, &audit));
            }
            Err(diagnostic) => told.diagnostics.push(diagnostic),
        }
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
    let mark = if audit.breaches.is_empty() && audit.repeated.is_none() { "✓" } else { "!" };
    format!("{mark} {} · {}{days}", model.table(id).full_name(), counted(audit.rows, "rij", "rijen"))
}

fn row(model: &Model, id: TableId, audit: &Audit) -> serde_json::Value {
    let (oldest, newest) = days(model, id, audit).unzip();
    json!({ "tabel": model.table(id).full_name(), "rijen": audit.rows, "oudste": oldest, "nieuwste": newest })
}

/// The days of the oldest and the newest row.
fn days(model: &Model, id: TableId, audit: &Audit) -> Option<(String, String)> {
    let table = model.table(id);
    let ty = table.columns.get(table.axis?)?.ty;
    let day = |n: i64| if ty == Type::Date { day_of(i32::try_from(n).ok()?) } else { model.zone.day(n) };
    let (low, high) = audit.span?;
    Some((day(low)?.to_string(), day(high)?.to_string()))
}

fn diagnostics(model: &Model, id: TableId, expected: &[Expectation], audit: &Audit) -> Vec<Diagnostic> {
    let table = model.table(id);
    let mut list: Vec<Diagnostic> = audit.repeated.iter().map(|found| repeated(model, table, found)).collect();
    if audit.rows == 0 {
        list.push(Diagnostic::warning("ML620", format!("`{}` heeft geen rijen", table.full_name())).at(table.span));
    }
    for broken in &audit.breaches {
        list.extend(expected.get(broken.expectation).map(|e| breach(model, table, e, broken, audit.rows)));
    }
    list
}

fn repeated(model: &Model, table: &Table, found: &Repeated) -> Diagnostic {
    let names: Vec<String> =
        table.row_key().iter().filter_map(|&k| table.columns.get(k)).map(|c| format!("`{}`", c.name)).collect();
    let message = format!(
        "de sleutel {} van `{}` is niet uniek: {} in {}",
        names.join(" en "),
        table.full_name(),
        counted(found.keys, "waarde staat vaker", "waarden staan vaker"),
        counted(found.rows, "rij", "rijen")
    );
    let shown: Vec<String> = found
        .examples
        .iter()
        .filter_map(|(key, n)| Some(format!("{} ({n} keer)", cells(model, table, &table.row_key(), key)?)))
        .collect();
    let diagnostic = with_examples(Diagnostic::error("ML621", message).at(table.span), &shown);
    diagnostic.help("haal dubbele rijen uit de bron, of neem een kolom bij de sleutel")
}

fn breach(model: &Model, table: &Table, e: &Expectation, broken: &Broken, rows: u64) -> Diagnostic {
    let name = table.full_name();
    let column = e.column.and_then(|c| table.columns.get(c)).map_or("", |c| c.name.as_str());
    let part = format!("{} van de {}", number::count(broken.rows), counted(rows, "rij", "rijen"));
    let diagnostic = match e.kind {
        Breach::Empty => Diagnostic::error("ML622", format!("`{column}` van `{name}` is leeg in {part}"))
            .help("mag de kolom leeg zijn, schrijf dan `?` achter haar type; de KPI's zeggen dan wat leeg betekent"),
        Breach::Unlisted => {
            let message = format!("`{column}` van `{name}` heeft in {part} een waarde die niet in haar lijst staat");
            Diagnostic::warning("ML623", message)
                .help("vul de lijst achter `in` aan, of laat de bron deze waarde verbeteren")
        }
        Breach::Requirement(at) => {
            let rule = table.requirements.get(at).map_or("", |r| r.name.as_str());
            Diagnostic::warning("ML624", format!("eis “{rule}” van `{name}` klopt niet in {part}"))
        }
        Breach::Orphan => {
            Diagnostic::warning("ML625", format!("`{column}` van `{name}` verwijst in {part} naar niets"))
                .help("wat via deze verwijzing gezocht wordt, is in die rijen leeg")
        }
        Breach::Doubtful => {
            Diagnostic::warning("ML626", format!("`{column}` van `{name}` ligt in {part} voor 1900 of na 2100"))
                .help("zo'n datum vult een systeem vaak in als het de echte niet weet; maak er een lege cel van")
        }
    };
    let example = |(key, value): &(Vec<Value>, Option<Value>)| example(model, table, e, key, value.as_ref());
    let shown: Vec<String> = broken.examples.iter().filter_map(example).collect();
    with_examples(diagnostic.at(e.span), &shown)
}

fn with_examples(diagnostic: Diagnostic, examples: &[String]) -> Diagnostic {
    if examples.is_empty() { diagnostic } else { diagnostic.help(format!("bijvoorbeeld {}", examples.join(", "))) }
}

/// A row that breaks a rule: the value in question, and its key.
fn example(model: &Model, table: &Table, e: &Expectation, key: &[Value], value: Option<&Value>) -> Option<String> {
    let columns: Vec<usize> = table.key.iter().copied().filter(|k| Some(*k) != e.column).collect();
    let which = if columns.is_empty() { None } else { cells(model, table, &columns, key) };
    let shown = e.column.zip(value).filter(|(_, v)| !v.is_empty()).and_then(|(c, v)| cell(model, table, c, v));
    match (shown, which) {
        (Some(shown), Some(which)) => Some(format!("{shown} ({which})")),
        (shown, which) => shown.or(which),
    }
}

/// `ticket_id = "7"`; nothing where one of them is personal.
fn cells(model: &Model, table: &Table, columns: &[usize], values: &[Value]) -> Option<String> {
    let part =
        |(c, v): (&usize, &Value)| Some(format!("{} = {}", table.columns.get(*c)?.name, cell(model, table, *c, v)?));
    let parts: Option<Vec<String>> = columns.iter().zip(values).map(part).collect();
    parts.map(|parts| parts.join(", "))
}

fn cell(model: &Model, table: &Table, column: usize, value: &Value) -> Option<String> {
    let column = table.columns.get(column)?;
    (!column.personal).then(|| text::value(model, value, column.ty))
}

fn counted(n: u64, one: &str, more: &str) -> String {
    format!("{} {}", number::count(n), if n == 1 { one } else { more })
}
