//! The answer as text, and writing it: to stdout, or to a file as a whole or not at all.

use super::super::args::{RunArgs, RunFormat};
use super::super::print::Printer;
pub use super::super::write::write;
use super::Answered;
use crate::calendar::iso_moment;
use crate::diagnostic::{Diagnostic, json};
use crate::judge::{Row, Status};
use crate::model::{Kpi, KpiId, Model};
use crate::report;
use crate::report::table::{Group, Heading, Look, SkipReason, Skipped};

/// The answer in the asked form.
pub fn text(args: &RunArgs, answered: &Answered, told: &[Diagnostic], printer: &Printer) -> String {
    let Answered { compiled, answer, .. } = answered;
    let model = compiled.checked.model();
    match args.format {
        RunFormat::Table => table(args, answered, printer),
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

fn table(args: &RunArgs, answered: &Answered, printer: &Printer) -> String {
    let Some(heading) = heading(answered) else { return String::new() };
    let model = answered.compiled.checked.model();
    let kpis: Vec<&Kpi> = answered.asked.question.kpis.iter().map(|id| model.kpi(*id)).collect();
    let style = printer.stdout_style();
    let look = Look {
        color: style.color && args.output.is_none(),
        width: style.width,
        by_members: args.by_each || !args.by.is_empty(),
    };
    report::table::table(&answered.answer.rows, &heading, &groups(model, &kpis), &skipped(answered), look)
}

/// What the answer is about; none when there are no data.
pub fn heading(answered: &Answered) -> Option<Heading> {
    let Answered { compiled, answer, .. } = answered;
    let (from, until) = answer.range?;
    let zone = compiled.checked.model().zone;
    Some(Heading {
        project: compiled.settings.project.as_ref().map(|p| p.value.clone()),
        from,
        until,
        peilmoment: answer.peilmoment.and_then(|t| zone.local(t)),
    })
}

/// The KPIs that were asked and have no results, and why.
pub fn skipped(answered: &Answered) -> Vec<Skipped> {
    let Answered { compiled, answer, asked, .. } = answered;
    let model = compiled.checked.model();
    let name = |id: &KpiId| model.kpi(*id).name.clone();
    let unconnected = answer.unconnected.iter().map(|(id, tables)| {
        let source = |table: &String| table.split('.').next().unwrap_or_default().to_owned();
        let partly = |table: &&String| asked.connected.iter().any(|t| model.table(*t).source == source(table));
        let (tables, whole): (Vec<&String>, Vec<&String>) = tables.iter().partition(partly);
        let why = SkipReason::NotConnected {
            sources: whole.into_iter().map(source).collect(),
            tables: tables.into_iter().cloned().collect(),
        };
        Skipped { kpi: name(id), why }
    });
    let failed = answer.failures.iter().flat_map(|(d, kpis)| {
        kpis.iter().map(|id| Skipped { kpi: name(id), why: SkipReason::Other(d.message.clone()) })
    });
    let left_out = asked
        .left_out
        .iter()
        .map(|id| Skipped { kpi: name(id), why: SkipReason::Other("de bron mist een kolom van --where".to_owned()) });
    unconnected.chain(failed).chain(left_out).collect()
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
