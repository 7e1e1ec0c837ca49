//! The answer in the asked form, and writing it: to stdout, or to a file as a whole or not at all.

use std::path::Path;

use super::super::args::{RunArgs, RunFormat};
use super::super::print::Printer;
use super::super::write;
use super::Answered;
use crate::calendar::iso_moment;
use crate::diagnostic::{Diagnostic, json};
use crate::judge::{Row, attention};
use crate::model::{Kpi, KpiId, Model};
use crate::pipeline::stored;
use crate::report;
use crate::report::input::{Definition, Input};
use crate::report::table::{Group, Heading, Look, SkipReason, Skipped};
use crate::run::store::{self, Refused};

/// Why the flags ask for something that cannot be, if so: before anything is calculated.
pub fn impossible(args: &RunArgs) -> Option<&'static str> {
    let file = args.output.as_deref().filter(|path| *path != Path::new("-"));
    match args.format {
        RunFormat::Xlsx if file.is_none() => {
            Some("een werkboek past niet in een terminal\n  hulp: noem een bestand, zoals --output resultaten.xlsx")
        }
        RunFormat::Parquet if file.is_none() => {
            Some("Parquet past niet in een terminal\n  hulp: noem een bestand, zoals --output uitkomsten.parquet")
        }
        RunFormat::Parquet if args.scope.filter.is_some() => Some(
            "--where gaat niet samen met --format parquet: in een verzameling van uitkomsten is niet te zien dat een \
             rij over een deel gaat\n  hulp: schrijf ze naar een eigen bestand, met --format csv of xlsx",
        ),
        _ => None,
    }
}

/// Writes the answer where it should go. What went wrong is told here.
///
/// # Errors
/// Nothing more to say.
pub fn write(args: &RunArgs, answered: &Answered, told: &[Diagnostic], printer: &Printer) -> Result<(), ()> {
    let path = args.output.as_deref();
    let written = match (args.format, path) {
        (RunFormat::Xlsx, Some(path)) => workbook(answered, by_members(args), path),
        (RunFormat::Parquet, Some(path)) => {
            let path = store::file(path);
            let records = stored::records(&answered.answer.rows);
            match store::add(&path, &records, |bytes| write::whole(&path, bytes)) {
                Ok(()) => Ok(()),
                Err(Refused::Unwritten(why)) => Err(why),
                Err(Refused::NoStore(diagnostic)) => {
                    printer.diagnostics(&[*diagnostic], &answered.compiled.sources);
                    return Err(());
                }
            }
        }
        _ => write::write(path, &text(args, answered, told, printer)),
    };
    written.map_err(|why| super::print::err(&format!("fout: {why}")))
}

/// The answer as a workbook, in a file.
///
/// # Errors
/// A sentence for the user.
pub fn workbook(answered: &Answered, by_members: bool, path: &Path) -> Result<(), String> {
    let bytes = with_input(answered, by_members, report::xlsx::workbook);
    bytes
        .map_err(|why| format!("`{}` is niet geschreven: {why}", path.display()))
        .and_then(|bytes| write::whole(path, &bytes))
}

/// The answer as text.
fn text(args: &RunArgs, answered: &Answered, told: &[Diagnostic], printer: &Printer) -> String {
    let model = answered.compiled.checked.model();
    let rows = &answered.answer.rows;
    match args.format {
        RunFormat::Json => {
            let peilmoment = answered.answer.peilmoment.and_then(|t| model.zone.local(t)).map(iso_moment);
            let told = told.iter().map(|d| json::to_json(d, &answered.compiled.sources)).collect();
            let document = report::json::document(env!("CARGO_PKG_VERSION"), peilmoment, rows, told);
            format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
        }
        RunFormat::Jsonl => report::json::jsonl(rows),
        RunFormat::Csv => report::csv::csv(rows),
        RunFormat::Md => with_input(answered, by_members(args), report::markdown::markdown),
        // The forms of a file are written as bytes.
        RunFormat::Table | RunFormat::Xlsx | RunFormat::Parquet => table(args, answered, printer),
    }
}

fn table(args: &RunArgs, answered: &Answered, printer: &Printer) -> String {
    let style = printer.stdout_style();
    let by_members = by_members(args);
    let look = Look { color: style.color && args.output.is_none(), width: style.width, by_members };
    with_input(answered, by_members, |input| {
        report::table::table(input.rows, &input.heading, input.groups, input.skipped, look)
    })
}

fn by_members(args: &RunArgs) -> bool {
    args.by_each || !args.by.is_empty()
}

/// The answer with all that a report says beside it.
pub fn with_input<T>(answered: &Answered, by_members: bool, report: impl FnOnce(&Input<'_>) -> T) -> T {
    let Answered { compiled, answer, asked, .. } = answered;
    let model = compiled.checked.model();
    let (from, until) = answer.range.unwrap_or_default();
    let heading = Heading {
        project: compiled.settings.project.as_ref().map(|p| p.value.clone()),
        from,
        until,
        peilmoment: answer.peilmoment.and_then(|t| model.zone.local(t)),
    };
    let kpis: Vec<&Kpi> = asked.question.kpis.iter().map(|id| model.kpi(*id)).collect();
    let definitions: Vec<Definition> = kpis.iter().map(|kpi| Definition::of(model, kpi)).collect();
    report(&Input {
        heading,
        rows: &answer.rows,
        groups: &groups(model, &kpis),
        skipped: &skipped(answered),
        definitions: &definitions,
        by_members,
        version: env!("CARGO_PKG_VERSION"),
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
        if !attention::settled(row) {
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
