//! `meetlat explain KPI|CODE`: the six answers in plain Dutch, or the page of a code.

use super::Outcome;
use super::args::{ExplainArgs, Global};
use super::print::{self, Printer};
use super::project::Project;
use super::select;
use crate::diagnostic::codes;
use crate::model::named::Named;
use crate::report::explain;

pub fn run(args: &ExplainArgs, global: &Global, printer: &Printer) -> Outcome {
    if let Some(page) = codes::page(&args.subject) {
        print::out(page);
        return Outcome::Well;
    }
    if is_code(&args.subject) {
        print::err(&format!(
            "fout: de code `{}` bestaat niet\n  hulp: er zijn {}",
            args.subject,
            codes::all().join(", ")
        ));
        return Outcome::WrongUse;
    }
    let compiled = match Project::read(global, &[]).map(Project::compile) {
        Ok(Ok(compiled)) => compiled,
        Ok(Err((sources, diagnostics))) => {
            printer.diagnostics(&diagnostics, &sources);
            return Outcome::DoesNotHold;
        }
        Err(why) => {
            print::err(&format!("fout: {why}"));
            return Outcome::WrongUse;
        }
    };
    let mut model = compiled.checked.model().clone();
    model.named = Named::of(&model, compiled.sources.iter().map(|(id, file)| (id, file.text.as_str())));
    let model = &model;
    let versions = match select::named(model, &args.subject) {
        Ok(versions) => versions,
        Err(why) => {
            print::err(&format!("fout: {why}"));
            return Outcome::WrongUse;
        }
    };
    let texts: Vec<String> = versions
        .iter()
        .map(|kpi| {
            let place = compiled.sources.get(kpi.span.source).map(|file| {
                let line = file.position(kpi.span.start as usize).line;
                format!("{}:{line}", file.name)
            });
            explain::kpi(model, kpi, place.as_deref())
        })
        .collect();
    print::out(&texts.join("\n"));
    #[cfg(feature = "engine")]
    if let Some(kind) = args.plan {
        return super::run::explain_plan(&compiled, &versions, kind, global, printer);
    }
    Outcome::Well
}

/// `ML` and digits.
fn is_code(text: &str) -> bool {
    let upper = text.to_uppercase();
    upper.strip_prefix("ML").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}
