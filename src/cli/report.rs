//! `meetlat report [KPI…]`: calculates what `run` calculates, with each dimension, and writes it as a report.

use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::{Global, ReportArgs};
use super::print::{self, Printer};
use super::run::{Answered, Told, output};
use crate::report::html;
use crate::report::view::{Input, View};

/// Where the report comes when nothing else is said.
const FILE: &str = "rapport.html";

pub fn run(args: &ReportArgs, global: &Global, printer: &Printer) -> Outcome {
    match prepared(args, global, printer) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn prepared(args: &ReportArgs, global: &Global, printer: &Printer) -> Result<Outcome, Outcome> {
    let answered = Answered::for_report(&args.scope, global, printer)?;
    let told = Told::of(&args.scope, &answered);
    told.print(&answered.compiled, printer);
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(FILE));
    let heading = output::heading(&answered).filter(|_| !answered.answer.rows.is_empty());
    let Some(heading) = heading else {
        print::err(&format!("fout: `{}` is niet geschreven: er zijn geen resultaten", path.display()));
        return Err(Outcome::Failed);
    };
    let skipped = output::skipped(&answered);
    let view = View::of(Input {
        model: answered.compiled.checked.model(),
        heading: &heading,
        rows: &answered.answer.rows,
        companions: &answered.companions,
        skipped: &skipped,
        version: env!("CARGO_PKG_VERSION"),
    });
    output::write(Some(&path), &html::html(&view)).map_err(|why| {
        print::err(&format!("fout: {why}"));
        Outcome::Failed
    })?;
    if path != Path::new("-") {
        printer.note(&format!("Geschreven: {}. Open het in een browser.\n", path.display()));
    }
    Ok(told.outcome.unwrap_or(Outcome::Well))
}
