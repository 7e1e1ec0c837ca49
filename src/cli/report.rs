//! `meetlat report [KPI…]`: calculates what `run` calculates, with each dimension, and writes it as a report.

use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::{Global, ReportArgs, ReportFormat};
use super::print::{self, Printer};
use super::run::{Answered, Told, output};
use super::write;
use crate::report::view::View;
use crate::report::{html, markdown};

pub fn run(args: &ReportArgs, global: &Global, printer: &Printer) -> Outcome {
    match prepared(args, global, printer) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn prepared(args: &ReportArgs, global: &Global, printer: &Printer) -> Result<Outcome, Outcome> {
    let wrong = |why: &str, outcome: Outcome| {
        print::err(&format!("fout: {why}"));
        outcome
    };
    let path = path(args);
    if args.format == ReportFormat::Xlsx && path == Path::new("-") {
        return Err(wrong("een werkboek past niet in een terminal\n  hulp: noem een bestand", Outcome::WrongUse));
    }
    let answered = Answered::for_report(&args.scope, global, printer)?;
    let told = Told::of(&args.scope, &answered);
    told.print(&answered.compiled, printer);
    if answered.answer.rows.is_empty() {
        let why = format!("`{}` is niet geschreven: er zijn geen resultaten", path.display());
        return Err(wrong(&why, Outcome::Failed));
    }
    let model = answered.compiled.checked.model();
    let page =
        || output::with_input(&answered, true, |input| html::html(&View::of(model, input, &answered.companions)));
    let written = match args.format {
        ReportFormat::Html => write::write(Some(&path), &page()),
        ReportFormat::Md => write::write(Some(&path), &output::with_input(&answered, true, markdown::markdown)),
        ReportFormat::Xlsx => output::workbook(&answered, true, &path),
    };
    written.map_err(|why| wrong(&why, Outcome::Failed))?;
    if path != Path::new("-") {
        let open = if args.format == ReportFormat::Html { " Open het in een browser." } else { "" };
        printer.note(&format!("Geschreven: {}.{open}\n", path.display()));
    }
    Ok(told.outcome.unwrap_or(Outcome::Well))
}

/// Where the report comes: where it was said, otherwise here.
fn path(args: &ReportArgs) -> PathBuf {
    let name = match args.format {
        ReportFormat::Html => "rapport.html",
        ReportFormat::Md => "rapport.md",
        ReportFormat::Xlsx => "rapport.xlsx",
    };
    args.output.clone().unwrap_or_else(|| PathBuf::from(name))
}
