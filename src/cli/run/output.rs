//! The answer as text, and writing it: to stdout, or to a file as a whole or not at all.

use super::super::args::{RunArgs, RunFormat};
use super::super::print::Printer;
use super::super::project::Compiled;
pub use super::super::write::write;
use super::question::Asked;
use crate::calendar::iso_moment;
use crate::diagnostic::{Diagnostic, json};
use crate::judge::{Row, Status};
use crate::model::{Kpi, Model};
use crate::pipeline;
use crate::report;
use crate::report::table::{Group, Heading, Look, SkipReason, Skipped};

/// The answer in the asked form.
pub fn text(
    args: &RunArgs,
    compiled: &Compiled,
    asked: &Asked,
    answer: &pipeline::Outcome,
    told: &[Diagnostic],
    printer: &Printer,
) -> String {
    let model = compiled.checked.model();
    match args.format {
        RunFormat::Table => table(args, compiled, asked, answer, printer),
        RunFormat::Json => {
            let peilmoment = answer.peilmoment.and_then(|t| model.zone.local(t)).map(iso_moment);
            let told = told.iter().map(|d| json::to_json(d, &compiled.sources)).collect();
            let document = report::json::document(env!("CARGO_PKG_VERSION"), peilmoment, &answer.rows, told);
            format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
        }
        RunFormat::Jsonl => report::json::jsonl(&answer.rows),
        RunFormat::Csv => report::csv::csv(&answer.rows),
    }
}

fn table(args: &RunArgs, compiled: &Compiled, asked: &Asked, answer: &pipeline::Outcome, printer: &Printer) -> String {
    let model = compiled.checked.model();
    let Some((from, until)) = answer.range else { return String::new() };
    let heading = Heading {
        project: compiled.settings.project.as_ref().map(|p| p.value.clone()),
        from,
        until,
        peilmoment: answer.peilmoment.and_then(|t| model.zone.local(t)),
    };
    let kpis: Vec<&Kpi> = asked.question.kpis.iter().map(|id| model.kpi(*id)).collect();
    let skipped: Vec<Skipped> = answer
        .unconnected
        .iter()
        .map(|(id, tables)| {
            let source = |table: &String| table.split('.').next().unwrap_or_default().to_owned();
            let partly = |table: &&String| asked.connected.iter().any(|t| model.table(*t).source == source(table));
            let (tables, whole): (Vec<&String>, Vec<&String>) = tables.iter().partition(partly);
            let why = SkipReason::NotConnected {
                sources: whole.into_iter().map(source).collect(),
                tables: tables.into_iter().cloned().collect(),
            };
            Skipped { kpi: model.kpi(*id).name.clone(), why }
        })
        .chain(answer.failures.iter().flat_map(|(d, kpis)| {
            kpis.iter()
                .map(|id| Skipped { kpi: model.kpi(*id).name.clone(), why: SkipReason::Other(d.message.clone()) })
        }))
        .chain(asked.left_out.iter().map(|id| Skipped {
            kpi: model.kpi(*id).name.clone(),
            why: SkipReason::Other("de bron mist een kolom van --where".to_owned()),
        }))
        .collect();
    let style = printer.stdout_style();
    let look = Look {
        color: style.color && args.output.is_none(),
        width: style.width,
        by_members: args.by_each || !args.by.is_empty(),
    };
    report::table::table(&answer.rows, &heading, &groups(model, &kpis), &skipped, look)
}

/// KPIs by the source they come from, in the order of names.
fn groups(model: &Model, kpis: &[&Kpi]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for kpi in kpis {
        let title = kpi.sources.first().map_or_else(
            || "Afgeleid van andere KPI's".to_owned(),
            |used| {
                let table = model.table(used.table);
                table.source_title.clone().unwrap_or_else(|| table.source.clone())
            },
        );
        let place = groups.iter().position(|g| g.title == title).unwrap_or_else(|| {
            groups.push(Group { title, kpis: Vec::new(), dimensions: Vec::new() });
            groups.len() - 1
        });
        groups[place].kpis.push(kpi.name.clone());
        groups[place].dimensions.extend(kpi.dimensions.first().map(|d| (kpi.name.clone(), d.name.clone())));
    }
    groups.sort_by(|a, b| a.title.cmp(&b.title));
    groups
}

/// The newest total row of each KPI with a verdict that does not change any more: what the table calls `laatste`.
pub fn latest(rows: &[Row]) -> Vec<&Row> {
    let mut found: Vec<&Row> = Vec::new();
    for row in rows.iter().filter(|r| r.dimensions.is_empty()) {
        let provisional = row.marks.iter().any(|m| m.mark == "voorlopig");
        if provisional || !matches!(row.status, Status::Met | Status::Near | Status::NotMet) {
            continue;
        }
        match found.iter_mut().find(|r| r.kpi == row.kpi) {
            Some(known) if known.period_from <= row.period_from => *known = row,
            Some(_) => {}
            None => found.push(row),
        }
    }
    found
}
