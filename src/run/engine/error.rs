//! What can go wrong while calculating, in words for the user.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::DataFusionError;

use crate::diagnostic::Diagnostic;
use crate::model::{Model, TableId, Type};
use crate::plan::functions::arithmetic::TOO_LARGE as TOO_LARGE_WORDS;
use crate::run::source::{SourceError, source_error};

/// The longest text of DataFusion that is shown, in characters.
const LONGEST: usize = 200;

/// The engine itself.
const ENGINE: &str = "ML700";
/// No threads, no room to work.
const NO_START: &str = "ML701";
const NO_MEMORY: &str = "ML702";
/// A key that occurs more than once.
const DUPLICATE: &str = "ML703";
/// A number beyond 64 bits.
const TOO_LARGE: &str = "ML704";

/// The engine cannot start.
pub(super) fn no_start(cause: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(NO_START, format!("de rekenmotor kan niet starten: {}", one_line(&cause.to_string())))
}

/// Something that the engine gave is not what was asked: a fault of the program.
pub(super) fn unexpected(what: &str) -> Diagnostic {
    Diagnostic::error(ENGINE, format!("de rekenmotor geeft onverwachte uitvoer ({what})"))
        .help("dit is een fout in meetlat zelf: meld hem met de definitie erbij")
}

/// A fault of a source.
pub(super) fn of_source(error: SourceError) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(error.code, error.message);
    diagnostic.help = error.help;
    diagnostic
}

/// A failure of DataFusion: the source's own words where a source failed, otherwise its cause in one line.
pub(super) fn of_engine(error: &DataFusionError) -> Diagnostic {
    if let Some(found) = source_error(error) {
        return of_source(found);
    }
    let root = error.find_root();
    // Its texts are English; they are for whoever reports the fault.
    let text = format!("de rekenmotor meldt: {}", one_line(&root.strip_backtrace()));
    match root {
        DataFusionError::ResourcesExhausted(_) => {
            Diagnostic::error(NO_MEMORY, "de berekening past niet in het geheugen dat zij mag gebruiken")
                .help("geef meer geheugen, of vraag een kortere periode of minder dimensies")
                .help(text)
        }
        DataFusionError::Execution(message) if message.contains(TOO_LARGE_WORDS) => {
            Diagnostic::error(TOO_LARGE, TOO_LARGE_WORDS)
                .help("controleer of de bron geen onmogelijk grote waarden bevat")
        }
        _ => Diagnostic::error(ENGINE, "de rekenmotor kan niet verder")
            .help("dit is een fout in meetlat zelf: meld hem met de definitie en de volgende regel erbij")
            .help(text),
    }
}

/// The first line, without the variant's name, cut where it is long.
fn one_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("geen verdere uitleg");
    let mut short: String = line.chars().take(LONGEST).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// A relation's target has a key more than once; `values` holds one such value.
pub(super) fn duplicate(model: &Model, table: TableId, column: usize, values: &ArrayRef) -> Diagnostic {
    let this = model.table(table);
    let name = this.columns.get(column).map_or("?", |c| c.name.as_str());
    let personal = this.columns.get(column).is_none_or(|c| c.personal);
    let example = if personal { None } else { shown(this.columns.get(column).map(|c| c.ty), values) };
    let example = example.map_or_else(String::new, |value| format!(", bijvoorbeeld `{value}`"));
    let message = format!("de sleutel `{name}` van {} komt meer dan eens voor{example}", this.full_name());
    Diagnostic::error(DUPLICATE, message)
        .help("een verwijzing moet één rij aanwijzen: haal de dubbele rijen uit de bron of kies een andere sleutel")
}

/// A key value as the author would write it, where that needs no further knowledge.
pub(super) fn shown(ty: Option<Type>, values: &ArrayRef) -> Option<String> {
    let row = (0..values.len()).find(|&row| values.is_valid(row))?;
    match (values.data_type(), ty?) {
        (DataType::Utf8View, _) => values.as_string_view_opt().map(|v| v.value(row).to_owned()),
        (DataType::Int64, Type::Integer) => values.as_primitive_opt::<Int64Type>().map(|v| v.value(row).to_string()),
        _ => None,
    }
}
