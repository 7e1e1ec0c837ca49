//! Which KPIs a command is about.

use crate::diagnostic::suggest::nearest;
use crate::model::{Kpi, Model};

/// The versions of the KPI of a name, in order of time; nearly always one, never none.
///
/// # Errors
/// A sentence for the user when there is none.
pub fn named<'a>(model: &'a Model, name: &str) -> Result<Vec<&'a Kpi>, String> {
    let versions: Vec<&Kpi> = model.versions(name).collect();
    if versions.is_empty() {
        let near = nearest(name, model.kpis.iter().map(|k| k.name.as_str()));
        let near = near.map(|n| format!("\n  hulp: bedoelde u `{n}`?")).unwrap_or_default();
        return Err(format!("de KPI `{name}` bestaat niet{near}"));
    }
    Ok(versions)
}

/// What `run` was asked to calculate.
#[cfg(feature = "engine")]
pub fn asked<'a>(model: &'a Model, args: &super::args::Scope) -> Result<Vec<&'a Kpi>, String> {
    if !args.kpis.is_empty() {
        let mut found: Vec<&Kpi> = Vec::new();
        for name in &args.kpis {
            for kpi in named(model, name)? {
                if found.iter().all(|known| known.id != kpi.id) {
                    found.push(kpi);
                }
            }
        }
        return Ok(found);
    }
    let matches = |kpi: &&Kpi| match (&args.chain, &args.level) {
        (Some(chain), _) => kpi.details.chain.contains(chain),
        (_, Some(level)) => kpi.details.level.as_ref() == Some(level),
        _ => true,
    };
    let found: Vec<&Kpi> = model.kpis.iter().filter(matches).collect();
    if found.is_empty() {
        let none = |what: &str, name: &str, known: Vec<&str>| {
            let near = nearest(name, known).map(|n| format!("\n  hulp: bedoelde u `{n}`?")).unwrap_or_default();
            format!("geen KPI heeft {what} `{name}`{near}")
        };
        return Err(match (&args.chain, &args.level) {
            (Some(name), _) => none(
                "de klantketen",
                name,
                model.kpis.iter().flat_map(|k| k.details.chain.iter().map(String::as_str)).collect(),
            ),
            (_, Some(name)) => {
                none("het niveau", name, model.kpis.iter().filter_map(|k| k.details.level.as_deref()).collect())
            }
            _ => "dit project heeft nog geen KPI's\n  hulp: schrijf er een in de map definities".to_owned(),
        });
    }
    Ok(found)
}
