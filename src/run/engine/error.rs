//! What can go wrong while calculating, in words for the user.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::DataFusionError;

use crate::diagnostic::Diagnostic;
use crate::model::{Model, TableId, Type};

/// The longest text of DataFusion that is shown, in characters.
const LONGEST: usize = 200;

/// A failure of the engine. `ML700` the engine itself, `ML701` threads, `ML702` memory, `ML703` a key that occurs twice,
/// `ML704` a file that cannot be read, `ML705` a number that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError {
    pub code: &'static str,
    /// Dutch, without markup.
    pub message: String,
    pub help: Vec<String>,
}

impl std::fmt::Display for EngineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EngineError {}

impl From<EngineError> for Diagnostic {
    fn from(error: EngineError) -> Self {
        let mut diagnostic = Self::error(error.code, error.message);
        diagnostic.help = error.help;
        diagnostic
    }
}

impl EngineError {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: Vec::new() }
    }

    fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// A failure of DataFusion: its cause in one line.
    #[must_use]
    pub fn of(error: &DataFusionError) -> Self {
        let text = |error: &DataFusionError| format!("de rekenmotor meldt: {}", one_line(&error.strip_backtrace()));
        let root = error.find_root();
        match root {
            DataFusionError::ResourcesExhausted(_) => {
                Self::new("ML702", "de berekening past niet in het geheugen dat zij mag gebruiken")
                    .help("geef meer geheugen, of vraag een kortere periode of minder dimensies")
                    .help(text(root))
            }
            DataFusionError::IoError(_) | DataFusionError::ParquetError(_) | DataFusionError::ObjectStore(_) => {
                Self::new("ML704", text(root)).help("controleer of het bestand er is en heel is")
            }
            DataFusionError::Execution(message) if message.contains("past niet in 64 bits") => {
                Self::new("ML705", text(root)).help("controleer of de bron geen onmogelijk grote waarden bevat")
            }
            _ => Self::new("ML700", text(root)),
        }
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
pub(super) fn duplicate(model: &Model, table: TableId, column: usize, values: &ArrayRef) -> EngineError {
    let this = model.table(table);
    let name = this.columns.get(column).map_or("?", |c| c.name.as_str());
    let personal = this.columns.get(column).is_none_or(|c| c.personal);
    let example = if personal { None } else { shown(this.columns.get(column).map(|c| c.ty), values) };
    let example = example.map_or_else(String::new, |value| format!(", bijvoorbeeld `{value}`"));
    let message = format!("de sleutel `{name}` van {} komt meer dan eens voor{example}", this.full_name());
    EngineError::new("ML703", message)
        .help("een verwijzing moet één rij aanwijzen: haal de dubbele rijen uit de bron of kies een andere sleutel")
}

/// A key value as the author would write it, where that needs no further knowledge.
fn shown(ty: Option<Type>, values: &ArrayRef) -> Option<String> {
    let row = (0..values.len()).find(|&row| values.is_valid(row))?;
    match (values.data_type(), ty?) {
        (DataType::Utf8View, _) => values.as_string_view_opt().map(|v| v.value(row).to_owned()),
        (DataType::Int64, Type::Integer) => values.as_primitive_opt::<Int64Type>().map(|v| v.value(row).to_string()),
        _ => None,
    }
}
