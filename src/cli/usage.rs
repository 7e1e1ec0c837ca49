//! Wrong use of the command, told in Dutch. clap finds it; this says it.

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::Cli;
use crate::diagnostic::suggest::nearest;

/// The Dutch words for what clap found. `command` is the one that was given, if any.
pub fn message(error: &clap::Error, command: Option<&str>) -> String {
    let get = |kind| error.get(kind).map(value).unwrap_or_default();
    let arg = plain(&get(ContextKind::InvalidArg));
    let text = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("`{}` is geen opdracht", get(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("{arg} bestaat hier niet"),
        ErrorKind::InvalidValue if get(ContextKind::InvalidValue).is_empty() => format!("{arg} mist een waarde"),
        ErrorKind::InvalidValue => {
            let choices = get(ContextKind::ValidValue);
            format!("`{}` past niet bij {arg}: kies uit {choices}", get(ContextKind::InvalidValue))
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("`{}` past niet bij {arg}: {}", get(ContextKind::InvalidValue), reason(&why, &arg))
        }
        ErrorKind::ArgumentConflict => format!("{arg} gaat niet samen met {}", plain(&get(ContextKind::PriorArg))),
        ErrorKind::MissingRequiredArgument => format!("hier ontbreekt {arg}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "welke opdracht?".to_owned()
        }
        ErrorKind::InvalidUtf8 => "de opdracht bevat tekens die geen tekst zijn".to_owned(),
        _ => "de opdracht klopt niet".to_owned(),
    };
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .map(get)
        .find(|s| !s.is_empty());
    let near = near.or_else(|| {
        let commands = Cli::command();
        let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
        nearest(&get(ContextKind::InvalidSubcommand), names).map(str::to_owned)
    });
    let near = near.map(|s| format!("\n  hulp: bedoelde u `{s}`?")).unwrap_or_default();
    let command = command.map_or_else(String::new, |name| format!("{name} "));
    format!("fout: {text}{near}\n  meer: meetlat {command}--help")
}

/// An argument as Dutch texts name it: `KPI` for `[KPI]...`.
fn plain(arg: &str) -> String {
    let list = arg.split(", ").map(|arg| match arg.strip_prefix(['[', '<']) {
        Some(inner) => format!("`{}`", inner.trim_end_matches(['.', ']', '>'])),
        None => format!("`{arg}`"),
    });
    list.collect::<Vec<_>>().join(" en ")
}

fn value(value: &ContextValue) -> String {
    match value {
        ContextValue::String(s) => s.clone(),
        ContextValue::Strings(list) => list.join(", "),
        ContextValue::Number(n) => n.to_string(),
        ContextValue::Bool(b) => b.to_string(),
        _ => String::new(),
    }
}

/// Messages of our own value parsers are Dutch; those of libraries are replaced.
fn reason(why: &str, arg: &str) -> String {
    if why.starts_with("schrijf") || why.starts_with("kies") {
        why.to_owned()
    } else if arg.contains("JJJJ") {
        "schrijf een datum als 2026-01-31".to_owned()
    } else {
        "schrijf een heel getal boven nul".to_owned()
    }
}
