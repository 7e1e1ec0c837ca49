//! Opens the physical source of a stored table as a plan of the engine with the logical columns.
//!
//! The columns of the plan carry the names of the definition and hold canonical values: `Int64` for `geheel`, `dagen`,
//! `werkdagen`, `datum` (days since 1970), `tijdstip` (µs UTC), `duur` (µs) and `bedrag` (ten-thousandths of a euro);
//! `Float64` for `getal`, `score`, `percentage` and `procentpunt`; `Boolean`; `Utf8View` for `tekst`. Whatever is wrong
//! with a source is a [`SourceError`], also when it shows during execution ([`source_error`]). Nothing here knows KPIs.

mod canonical;
pub(super) mod cell;
mod clock;
mod convert;
pub(super) mod decode;
pub(super) mod delimited;
pub(super) mod error;
pub(super) mod files;
mod identity;
mod jsonl;
mod listing;
mod memory;
pub(super) mod moment;
mod parquet;
mod read;
mod rows;
mod sql;
#[cfg(test)]
mod tests;
mod text;
pub(super) mod workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, ident};
use datafusion::prelude::SessionContext;

pub use convert::canonical_function;
pub use error::{SourceError, io_error, source_error};
pub use read::{read_values, value_at};

use crate::calendar::Zone;
use crate::diagnostic::suggest::nearest;
use crate::model::table::ColumnKind;
use crate::model::{Table, Value};
use canonical::Place;
use error::{BAD_SETTING, READ_FAILED};
use files::{Located, locate};
pub(super) use moment::DatePattern;
use parquet::Footer;
use rows::{Wish, Writing};
use text::TextScan;

/// Where the rows of a table come from and how they are written there: an entry of `bronnen` in meetlat.yaml.
#[derive(Clone, Debug)]
pub struct Connection {
    pub location: Location,
    /// The folder from which relative paths count: that of the project. Empty: the working directory.
    pub base: PathBuf,
    /// Nothing: told by the name of the file.
    pub format: Option<Format>,
    /// Of CSV; nothing: found in the header line.
    pub separator: Option<u8>,
    pub encoding: Encoding,
    /// `blad`, of a workbook; nothing: the only one that holds anything.
    pub sheet: Option<String>,
    /// `decimaal: ","`
    pub decimal_comma: bool,
    /// `datums: dd-mm-jjjj`, of text sources; ISO is always read.
    pub dates: Option<String>,
    /// The zone of timestamps without one; nothing: that of the project.
    pub zone: Option<Zone>,
    /// By logical name.
    pub columns: BTreeMap<String, ColumnMapping>,
}

impl Connection {
    /// A path with nothing further said.
    #[must_use]
    pub fn to(location: Location) -> Self {
        Self {
            location,
            base: PathBuf::new(),
            format: None,
            separator: None,
            encoding: Encoding::default(),
            sheet: None,
            decimal_comma: false,
            dates: None,
            zone: None,
            columns: BTreeMap::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Location {
    /// A file, a pattern (`*`, `?`, `[ab]`) or a folder, also one with `sleutel=waarde` folders in it; as the user
    /// wrote it.
    Path(String),
    /// One SELECT over named sources.
    Sql { query: String, from: Vec<(String, Connection)> },
    /// Rows as they are, each with a value per column of the table.
    Rows(Arc<Vec<Vec<Value>>>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Parquet,
    Csv,
    /// One object per line.
    JsonLines,
    /// A sheet of an xlsx file.
    Workbook,
}

impl Format {
    /// The word of `formaat:`, or an extension without dot.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "parquet" | "pq" => Some(Self::Parquet),
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "jsonl" | "ndjson" | "json" => Some(Self::JsonLines),
            "xlsx" | "xlsm" => Some(Self::Workbook),
            _ => None,
        }
    }

    /// The format that the extension of a file name tells.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        name.rsplit_once('.').and_then(|(_, extension)| Self::named(extension))
    }
}

/// A character encoding; UTF-8 unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// The encoding of a label such as `windows-1252`; nothing when there is none.
    #[must_use]
    pub fn named(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self)
    }
}

impl Default for Encoding {
    fn default() -> Self {
        Self(encoding_rs::UTF_8)
    }
}

/// What `kolommen` says of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnMapping {
    /// Its name in the source.
    Renamed(String),
    /// `geen`: does not exist there, with the reason if one is given.
    Absent(Option<String>),
}

/// A source that is ready to be read, as often as one likes.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its columns are the wanted ones, in the order of the table, under their logical names. Without any there is one
    /// column `rij`, so that rows can be counted.
    pub plan: LogicalPlan,
    /// A hash of the content: of Parquet the footers and sizes, otherwise all bytes; never path, order or time.
    pub identity: String,
    pub files: usize,
    pub bytes: u64,
}

/// What is needed of a table.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Indices of stored columns; others are passed over.
    pub columns: &'a BTreeSet<usize>,
    /// A column, and the canonical values from and through which rows matter: others may stay away. Rows where it is
    /// empty stay.
    pub bounds: Option<(usize, i64, i64)>,
}

/// Opens the source of `table`. `zone` is that of the project.
///
/// # Errors
/// Everything that can be found without reading all rows: see the codes in `source/error.rs`.
pub async fn open(
    ctx: &SessionContext,
    table: &Table,
    connection: &Connection,
    zone: Zone,
    wanted: &Wanted<'_>,
) -> Result<Opened, SourceError> {
    check_mapping(table, connection)?;
    let (wishes, limits) = wishes(table, connection, wanted);
    open_wishes(ctx, table, connection, zone, wishes, limits).await
}

/// Opens the source of `table` with, instead of the wanted `tijdstip` columns, how often the local time of each occurs: 2
/// in the hour that is put back in autumn, 0 in the one that is skipped in spring, otherwise 1.
///
/// # Errors
/// As [`open`].
pub async fn open_occurrences(
    ctx: &SessionContext,
    table: &Table,
    connection: &Connection,
    zone: Zone,
    columns: &BTreeSet<usize>,
) -> Result<Opened, SourceError> {
    let (mut wishes, _) = wishes(table, connection, &Wanted { columns, bounds: None });
    for wish in &mut wishes {
        wish.occurrences = true;
    }
    open_wishes(ctx, table, connection, zone, wishes, None).await
}

async fn open_wishes(
    ctx: &SessionContext,
    table: &Table,
    connection: &Connection,
    zone: Zone,
    wishes: Vec<Wish>,
    limits: Option<(usize, i64, i64)>,
) -> Result<Opened, SourceError> {
    let name = table.full_name();
    let zone = connection.zone.unwrap_or(zone);
    let path = match &connection.location {
        Location::Path(path) => path,
        Location::Sql { query, from } => {
            let shown = format!("de sql van {name}");
            return Box::pin(sql::open(ctx, query, from, &wishes, &name, Place { shown: &shown, zone })).await;
        }
        Location::Rows(rows) => {
            let (plan, identity) = memory::open(table, &wishes, rows)?;
            return Ok(Opened { plan, identity, files: 0, bytes: 0 });
        }
    };
    let writing = Writing { comma: connection.decimal_comma, pattern: pattern(connection)?, zone };
    let (located, footers, identity) = inspect(locate(path, connection)?).await?;
    let plan = if located.format == Format::Parquet {
        let place = Place { shown: &located.shown, zone };
        parquet::plan(&located, &footers, &wishes, &name, place, limits)?
    } else {
        let scan = TextScan {
            table: name,
            format: located.format,
            wishes: wishes.into(),
            writing,
            encoding: connection.encoding,
            sheet: connection.sheet.clone(),
            separator: connection.separator.or_else(|| path.to_lowercase().ends_with(".tsv").then_some(b'\t')),
        };
        text_plan(&located, scan)?
    };
    let bytes = located.files.iter().map(|f| f.bytes).sum();
    Ok(Opened { plan, identity, files: located.files.len(), bytes })
}

/// The wanted columns that do not exist in this source (`geen`), with the reason where one is given.
#[must_use]
pub fn absent<'a>(table: &Table, connection: &'a Connection) -> BTreeMap<usize, Option<&'a str>> {
    let columns = table.columns.iter().enumerate();
    let gone = columns.filter_map(|(index, column)| match connection.columns.get(&column.name) {
        Some(ColumnMapping::Absent(reason)) => Some((index, reason.as_deref())),
        _ => None,
    });
    gone.collect()
}

/// The wanted columns as wishes, and the bounds with the index of their wish.
fn wishes(table: &Table, connection: &Connection, wanted: &Wanted<'_>) -> (Vec<Wish>, Option<(usize, i64, i64)>) {
    let (mut wishes, mut limits) = (Vec::new(), None);
    for &index in wanted.columns {
        let Some(column) = table.columns.get(index) else { continue };
        let ColumnKind::Stored { physical, unit } = &column.kind else { continue };
        if let Some((limited, lo, hi)) = wanted.bounds
            && limited == index
        {
            limits = Some((wishes.len(), lo, hi));
        }
        let physical = match connection.columns.get(&column.name) {
            None => Some(physical.clone()),
            Some(ColumnMapping::Renamed(other)) => Some(other.clone()),
            Some(ColumnMapping::Absent(_)) => None,
        };
        wishes.push(Wish {
            name: column.name.clone(),
            physical,
            ty: column.ty,
            unit: *unit,
            nullable: column.nullable,
            personal: column.personal,
            occurrences: false,
        });
    }
    (wishes, limits)
}

/// Names under `kolommen` must be stored columns of the table.
fn check_mapping(table: &Table, connection: &Connection) -> Result<(), SourceError> {
    let stored = || {
        let columns = table.columns.iter().filter(|c| matches!(c.kind, ColumnKind::Stored { .. }));
        columns.map(|c| c.name.as_str())
    };
    let Some(odd) = connection.columns.keys().find(|name| !stored().any(|s| s == name.as_str())) else {
        return Ok(());
    };
    let text = format!("`{}` heeft geen kolom `{odd}` om onder `kolommen` te zetten", table.full_name());
    let error = SourceError::new(BAD_SETTING, text);
    Err(match nearest(odd, stored()) {
        Some(near) => error.help(format!("bedoelde u `{near}`?")),
        None => error.help("links staat de naam in de definitie, rechts die in de bron"),
    })
}

fn pattern(connection: &Connection) -> Result<Option<DatePattern>, SourceError> {
    let Some(text) = &connection.dates else { return Ok(None) };
    DatePattern::new(text).map(Some).ok_or_else(|| {
        SourceError::new(BAD_SETTING, format!("`datums: {text}` is geen datumpatroon"))
            .help("schrijf dag, maand en jaar als `d`, `m` en `j`, zoals `dd-mm-jjjj`")
    })
}

fn text_plan(located: &Located, scan: TextScan) -> Result<LogicalPlan, SourceError> {
    let outputs = scan.wishes.iter().map(|w| ident(&w.name).alias(&w.name)).collect();
    let source = provider_as_source(Arc::new(text::table(located, scan)?));
    LogicalPlanBuilder::scan("bron", source, None)
        .and_then(|scan| parquet::project(scan, outputs))
        .map_err(|_| SourceError::new(READ_FAILED, format!("`{}` is niet te openen", located.shown)))
}

/// Footers (of Parquet) and identity of files, away from the threads that calculate.
async fn inspect(located: Located) -> Result<(Located, Vec<Footer>, String), SourceError> {
    let shown = located.shown.clone();
    let work = move || {
        let (mut footers, mut parts) = (Vec::new(), Vec::with_capacity(located.files.len()));
        for file in &located.files {
            if located.format == Format::Parquet {
                let footer = parquet::footer(file)?;
                parts.push(footer.identity.clone());
                footers.push(footer);
            } else {
                parts.push(identity::of_bytes(file)?);
            }
        }
        Ok((located, footers, identity::together(parts)))
    };
    let broken = |_| SourceError::new(READ_FAILED, format!("het lezen van `{shown}` is afgebroken"));
    tokio::task::spawn_blocking(work).await.map_err(broken)?
}
