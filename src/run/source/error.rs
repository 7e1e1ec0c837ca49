//! What can go wrong with a physical source, in words for the people who keep it.
//!
//! Texts never hold a value of a personal-data column and name files as the user wrote them. This file knows nothing of
//! formats; it only words what the readers found, and finds it back inside the engine's errors.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;

use crate::diagnostic::suggest::nearest;

/// No such file, an empty folder, a pattern without a match.
pub const NOT_FOUND: &str = "ML601";
/// The source lacks a column that the definition needs.
pub const NO_COLUMN: &str = "ML602";
/// A column has another type than the definition says.
pub const WRONG_TYPE: &str = "ML603";
/// A value does not fit the type of its column.
pub const BAD_VALUE: &str = "ML604";
/// A row or line that cannot be read.
pub const BAD_ROW: &str = "ML605";
/// No right to read.
pub const NO_RIGHTS: &str = "ML606";
/// A file that is damaged or empty.
pub const DAMAGED: &str = "ML607";
/// A format that is unknown, mixed or not in this build.
pub const NO_FORMAT: &str = "ML608";
/// A folder where a file is needed.
pub const IS_FOLDER: &str = "ML609";
/// A setting of the connection that cannot be right.
pub const BAD_SETTING: &str = "ML610";
/// The `sql` of a connection is wrong.
pub const BAD_SQL: &str = "ML611";
/// Reading failed for another reason.
pub const READ_FAILED: &str = "ML612";
/// Text that is not in the character encoding of the connection.
pub const BAD_ENCODING: &str = "ML613";

/// One fault of a source; a plain value, to be shown as a diagnostic without a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// `ML6xx`
    pub code: &'static str,
    pub message: String,
    /// What to do, each answer of its own.
    pub help: Vec<String>,
}

impl SourceError {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: Vec::new() }
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for SourceError {}

impl From<SourceError> for DataFusionError {
    fn from(error: SourceError) -> Self {
        Self::External(Box::new(error))
    }
}

/// The fault of a source inside an error of the engine, through all its wrappings; nothing when the engine itself
/// failed.
#[must_use]
pub fn source_error(error: &DataFusionError) -> Option<SourceError> {
    match error {
        DataFusionError::External(inner) => in_any(inner.as_ref()),
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => source_error(inner),
        DataFusionError::Shared(inner) => source_error(inner),
        DataFusionError::Collection(list) => list.iter().find_map(source_error),
        DataFusionError::ArrowError(inner, _) => in_arrow(inner),
        DataFusionError::ParquetError(inner) => Some(in_parquet(inner)),
        DataFusionError::IoError(inner) => Some(in_io(inner, "de bron")),
        DataFusionError::ObjectStore(inner) => Some(in_store(inner)),
        _ => None,
    }
}

fn in_any(error: &(dyn Error + 'static)) -> Option<SourceError> {
    if let Some(found) = error.downcast_ref::<SourceError>() {
        return Some(found.clone());
    }
    if let Some(inner) = error.downcast_ref::<DataFusionError>() {
        return source_error(inner);
    }
    if let Some(inner) = error.downcast_ref::<Arc<DataFusionError>>() {
        return source_error(inner);
    }
    if let Some(inner) = error.downcast_ref::<ArrowError>() {
        return in_arrow(inner);
    }
    if let Some(inner) = error.downcast_ref::<ParquetError>() {
        return Some(in_parquet(inner));
    }
    error.source().and_then(in_any)
}

fn in_arrow(error: &ArrowError) -> Option<SourceError> {
    match error {
        ArrowError::ExternalError(inner) => in_any(inner.as_ref()),
        ArrowError::IoError(_, inner) => Some(in_io(inner, "de bron")),
        ArrowError::ParquetError(_) => Some(SourceError::new(DAMAGED, "een Parquet-bestand van de bron is beschadigd")),
        // Our own columns are read and calculated by functions of ours; what follows comes from the `sql` of a source.
        // The texts may hold personal data and are not shown, but for the line.
        ArrowError::CastError(text) | ArrowError::ParseError(text) | ArrowError::CsvError(text) => {
            let line = text.rsplit_once(" line ").map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit));
            let line = line.map(Iterator::collect::<String>).filter(|digits| !digits.is_empty());
            let place = line.map_or_else(String::new, |line| format!(", regel {line} van een bestand"));
            let text = format!("een waarde past niet bij haar kolom in de sql van een bron{place}");
            Some(SourceError::new(BAD_VALUE, text).help("kijk naar de kolommen en omzettingen in `sql:`"))
        }
        ArrowError::DivideByZero => {
            Some(SourceError::new(BAD_SQL, "de sql van een bron deelt door nul").help("schrijf daar NULLIF(…, 0)"))
        }
        _ => None,
    }
}

fn in_parquet(error: &ParquetError) -> SourceError {
    let known = if let ParquetError::External(inner) = error { in_any(inner.as_ref()) } else { None };
    known.unwrap_or_else(|| SourceError::new(DAMAGED, "een Parquet-bestand van de bron is beschadigd"))
}

fn in_store(error: &datafusion::object_store::Error) -> SourceError {
    use datafusion::object_store::Error as Store;
    match error {
        Store::NotFound { path, .. } => SourceError::new(NOT_FOUND, format!("`{path}` bestaat niet meer")),
        Store::PermissionDenied { path, .. } => io_error(io::ErrorKind::PermissionDenied, path),
        _ => SourceError::new(READ_FAILED, "een bestand van de bron is niet te lezen"),
    }
}

/// A failure of the file system, where reading itself may carry a fault of ours.
pub fn in_io(error: &io::Error, shown: &str) -> SourceError {
    let inner = error.get_ref().and_then(|e| in_any(e as &(dyn Error + 'static)));
    inner.unwrap_or_else(|| io_error(error.kind(), shown))
}

/// The words for a failure of the file system on the path `shown`.
#[must_use]
pub fn io_error(kind: io::ErrorKind, shown: &str) -> SourceError {
    match kind {
        io::ErrorKind::NotFound => SourceError::new(NOT_FOUND, format!("`{shown}` bestaat niet"))
            .help("controleer het pad van de bron in meetlat.yaml"),
        io::ErrorKind::PermissionDenied => SourceError::new(NO_RIGHTS, format!("geen recht om `{shown}` te lezen"))
            .help("geef de gebruiker die meetlat draait leesrecht op het bestand en op de mappen erboven"),
        io::ErrorKind::IsADirectory => SourceError::new(IS_FOLDER, format!("`{shown}` is een map, geen bestand")),
        io::ErrorKind::UnexpectedEof => SourceError::new(DAMAGED, format!("`{shown}` houdt midden in de gegevens op")),
        _ => SourceError::new(READ_FAILED, format!("`{shown}` is niet te lezen")),
    }
}

/// The source `shown` has no column `physical` for the column `logical` of the table `table`.
pub fn missing_column(physical: &str, logical: &str, table: &str, shown: &str, available: &[&str]) -> SourceError {
    let mut error = SourceError::new(NO_COLUMN, format!("`{shown}` heeft geen kolom `{physical}`"));
    let near = nearest(physical, available.iter().copied());
    if let Some(near) = near {
        error = error
            .help(format!("bedoelde u `{near}`? zet bij `{table}` in meetlat.yaml `kolommen: {{{logical}: {near}}}`"));
    } else {
        error = error
            .help(format!(
                "heet de kolom hier anders, zet dan bij `{table}` in meetlat.yaml `kolommen: {{{logical}: …}}`"
            ))
            .help(format!("bestaat de kolom hier niet, zet dan `kolommen: {{{logical}: geen}}`"));
    }
    if available.len() <= 20 && !available.is_empty() {
        let list: Vec<String> = available.iter().map(|name| format!("`{name}`")).collect();
        error = error.help(format!("kolommen die er wel zijn: {}", list.join(", ")));
    }
    error
}

/// A value as it may stand in a message: one line, at most 40 characters.
pub fn shown_value(value: &str) -> String {
    let mut text: String = value.chars().take(40).map(|c| if c.is_control() || c == '`' { ' ' } else { c }).collect();
    if value.chars().nth(40).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_found_through_every_wrapping() {
        let fault = SourceError::new(BAD_VALUE, "fout");
        let external = || DataFusionError::from(fault.clone());
        let arrow = ArrowError::ExternalError(Box::new(external()));
        let wrapped = [
            external(),
            external().context("lezen"),
            DataFusionError::Shared(Arc::new(external())),
            DataFusionError::External(Box::new(Arc::new(external()))),
            DataFusionError::ArrowError(Box::new(arrow), None),
            DataFusionError::Collection(vec![DataFusionError::Plan("x".into()), external()]),
            DataFusionError::ParquetError(Box::new(ParquetError::External(Box::new(external())))),
            DataFusionError::IoError(io::Error::other(fault.clone())),
        ];
        for error in wrapped {
            assert_eq!(source_error(&error), Some(fault.clone()), "{error:?}");
        }
        assert_eq!(source_error(&DataFusionError::Internal("x".into())), None);
    }

    #[test]
    fn failures_of_the_file_system_have_their_own_codes() {
        assert_eq!(io_error(io::ErrorKind::NotFound, "a.csv").code, NOT_FOUND);
        let denied = io_error(io::ErrorKind::PermissionDenied, "a.csv");
        assert_eq!((denied.code, denied.message.as_str()), (NO_RIGHTS, "geen recht om `a.csv` te lezen"));
        assert_eq!(io_error(io::ErrorKind::IsADirectory, "a").code, IS_FOLDER);
        assert_eq!(io_error(io::ErrorKind::TimedOut, "a").code, READ_FAILED);
    }

    #[test]
    fn a_missing_column_offers_the_nearest() {
        let error = missing_column("binnenkomst", "binnenkomst", "acd.gesprek", "a.csv", &["id", "binnekomst"]);
        assert_eq!(error.message, "`a.csv` heeft geen kolom `binnenkomst`");
        assert!(error.help.iter().any(|h| h.contains("`kolommen: {binnenkomst: binnekomst}`")), "{error:?}");
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(shown_value(&"x".repeat(50)).chars().count(), 41);
        assert_eq!(shown_value("a\nb"), "a b");
    }
}
