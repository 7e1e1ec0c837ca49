//! Wrong use of the command, told in Dutch. clap finds it; this says it.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The Dutch words for what clap found.
pub fn message(error: &clap::Error) -> String {
    let get = |kind| error.get(kind).map(value).unwrap_or_default();
    let arg = get(ContextKind::InvalidArg);
    let text = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("`{}` is geen opdracht", get(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("`{arg}` bestaat hier niet"),
        ErrorKind::InvalidValue if get(ContextKind::InvalidValue).is_empty() => format!("`{arg}` mist een waarde"),
        ErrorKind::InvalidValue => {
            let choices = get(ContextKind::ValidValue);
            format!("`{}` past niet bij {arg}: kies uit {choices}", get(ContextKind::InvalidValue))
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("`{}` past niet bij {arg}: {}", get(ContextKind::InvalidValue), reason(&why, &arg))
        }
        ErrorKind::ArgumentConflict => format!("`{arg}` gaat niet samen met {}", get(ContextKind::PriorArg)),
        ErrorKind::MissingRequiredArgument => format!("hier ontbreekt {arg}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "welke opdracht? kies er een uit `meetlat --help`".to_owned()
        }
        ErrorKind::InvalidUtf8 => "de opdracht bevat tekens die geen tekst zijn".to_owned(),
        _ => "de opdracht klopt niet".to_owned(),
    };
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .map(get)
        .find(|s| !s.is_empty());
    let near = near.map(|s| format!("\n  hulp: bedoelde u `{s}`?")).unwrap_or_default();
    format!("fout: {text}{near}\n  meer: meetlat --help")
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
