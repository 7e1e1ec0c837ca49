//! `meetlat infer FILE`

use indicatif::ProgressBar;

use super::Outcome;
use super::args::InferArgs;
use super::print::{self, Printer};
use super::write;
use crate::diagnostic::{Diagnostic, Sink};
use crate::run::infer::{Names, look, text};
use crate::run::source::{Connection, Location};
use crate::source::SourceMap;
use crate::syntax::format::{Notation, format};

pub fn run(args: &InferArgs, printer: &Printer) -> Outcome {
    let names = match names(args) {
        Ok(names) => names,
        Err(why) => {
            print::err(&format!("fout: {why}"));
            return Outcome::WrongUse;
        }
    };
    let mut connection = Connection::to(Location::Path(args.file.clone()));
    connection.sheet.clone_from(&args.sheet);
    let bar = if printer.quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    let found = look(&args.file, &connection, &|rows| {
        bar.set_message(format!("{}: {rows} rijen gelezen", args.file));
        bar.tick();
    });
    bar.finish_and_clear();
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let mut diagnostic = Diagnostic::error(error.code, error.message);
            diagnostic.help = error.help;
            printer.diagnostics(&[diagnostic], &SourceMap::default());
            return Outcome::Failed;
        }
    };
    let proposal = text(&found, &args.file, &names);
    let mut sources = SourceMap::default();
    let id = sources.add("voorstel.kpi", proposal.as_str());
    let written = format(id, &proposal, Notation::Kpi, Notation::Kpi, &mut Sink::default()).unwrap_or(proposal);
    match write::write(args.output.as_deref(), &written) {
        Ok(()) => Outcome::Well,
        Err(why) => {
            print::err(&format!("fout: {why}"));
            Outcome::Failed
        }
    }
}

/// `--as BRON.TABEL`, or after the file.
fn names(args: &InferArgs) -> Result<Names, String> {
    let Some(given) = &args.name else { return Ok(Names::of(&args.file)) };
    match given.split_once('.') {
        Some((source, table)) if !source.is_empty() && !table.is_empty() && !table.contains('.') => {
            Ok(Names { source: source.to_owned(), table: table.to_owned() })
        }
        _ => Err(format!("schrijf --as als BRON.TABEL, bijvoorbeeld `--as acd.gesprek`, niet `{given}`")),
    }
}
