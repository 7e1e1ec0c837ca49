//! `meetlat convert FILE --to kpi|yaml`

use super::Outcome;
use super::args::ConvertArgs;
use super::fmt::read;
use super::print::{self, Printer};
use super::write;
use crate::diagnostic::Sink;
use crate::source::SourceMap;
use crate::syntax::format::{Notation, format};

pub fn run(args: &ConvertArgs, printer: &Printer) -> Outcome {
    let shown = args.file.display().to_string();
    let wrong = |why: &str| {
        print::err(&format!("fout: {why}"));
        Outcome::WrongUse
    };
    if !args.file.exists() {
        return wrong(&format!("`{shown}` bestaat niet"));
    }
    let Some(from) = Notation::of(&args.file).filter(|_| args.file.is_file()) else {
        return wrong(&format!("`{shown}` is geen definitiebestand: dat eindigt op .kpi of .yaml"));
    };
    let to = Notation::from(args.to);
    let text = match read(&args.file) {
        Ok(text) => text,
        Err(why) => {
            print::err(&format!("fout: `{shown}` {why}"));
            return Outcome::Failed;
        }
    };
    let mut sources = SourceMap::default();
    let id = sources.add(shown.as_str(), text.as_str());
    let mut sink = Sink::default();
    let written = format(id, &text, from, to, &mut sink);
    printer.diagnostics(&sink.into_sorted(), &sources);
    let Some(written) = written else { return Outcome::DoesNotHold };
    match write::write(args.output.as_deref(), &written) {
        Ok(()) => Outcome::Well,
        Err(why) => {
            print::err(&format!("fout: {why}"));
            Outcome::Failed
        }
    }
}
