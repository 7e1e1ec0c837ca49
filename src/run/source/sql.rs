//! `sql:` views: the query of a connection over its own sources, which keep their own columns and types.
//!
//! The sources are registered in a context of their own, so that the names of two views never meet.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::common::{Column, SchemaError};
use datafusion::datasource::listing::{ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::{CsvReadOptions, JsonReadOptions, SessionContext};

use super::canonical::{Place, canonical, nothing};
use super::delimited::detect;
use super::error::{BAD_SETTING, BAD_SQL, SourceError, missing_column, source_error};
use super::files::{Located, locate};
use super::listing::file_url;
use super::parquet::{Footer, project, raw};
use super::rows::Wish;
use super::{Connection, Encoding, Format, Location, Opened, inspect};
use crate::diagnostic::suggest::nearest;

/// Opens the view `query` over `from` as the columns of `wishes`; `table` is the table it stands for.
///
/// # Errors
/// Sources that cannot be opened, a query that is wrong, columns that do not fit.
pub async fn open(
    ctx: &SessionContext,
    query: &str,
    from: &[(String, Connection)],
    wishes: &[Wish],
    table: &str,
    place: Place<'_>,
) -> Result<Opened, SourceError> {
    let mut config = ctx.copied_config();
    // names are taken as written: the columns of these files often have capitals
    config.options_mut().sql_parser.enable_ident_normalization = false;
    let own = SessionContext::new_with_config_rt(config, ctx.runtime_env());
    let (mut parts, mut files, mut bytes) = (Vec::new(), 0, 0);
    for (name, connection) in from {
        let Location::Path(path) = &connection.location else {
            let text = format!("`{name}` onder `uit:` bij `{table}` is zelf een sql-weergave");
            return Err(SourceError::new(BAD_SETTING, text).help("zet onder `uit:` alleen bestanden"));
        };
        let located = locate(path, connection)?;
        let (located, footers, identity) = inspect(located).await?;
        let provider = register(&own, &located, &footers, connection).await?;
        own.register_table(datafusion::common::TableReference::bare(name.as_str()), provider)
            .map_err(|e| wrong(table, &e))?;
        parts.push(format!("{name}={identity}"));
        files += located.files.len();
        bytes += located.files.iter().map(|f| f.bytes).sum::<u64>();
    }
    let view = own.state().create_logical_plan(query).await.map_err(|e| wrong(table, &e))?;
    let readable = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let select = readable.verify_plan(&view).is_ok()
        && !matches!(
            view,
            LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) | LogicalPlan::DescribeTable(_) | LogicalPlan::Copy(_)
        );
    if !select {
        let text = format!("de sql van `{table}` is geen enkele SELECT");
        return Err(SourceError::new(BAD_SQL, text).help("een weergave leest alleen; schrijf één `SELECT …`"));
    }
    let mut outputs = Vec::with_capacity(wishes.len());
    for wish in wishes {
        let Some(physical) = &wish.physical else {
            outputs.push(nothing(wish.ty).alias(&wish.name));
            continue;
        };
        let found = view.schema().iter().find(|(_, field)| field.name() == physical);
        let Some((qualifier, field)) = found else {
            let names: Vec<&str> = view.schema().fields().iter().map(|f| f.name().as_str()).collect();
            return Err(missing_column(physical, &wish.name, table, place.shown, &names));
        };
        let column = Expr::Column(Column::new(qualifier.cloned(), field.name()));
        outputs.push(canonical(column, field.data_type(), wish, place)?.alias(&wish.name));
    }
    let plan = project(LogicalPlanBuilder::from(view), outputs).map_err(|e| wrong(table, &e))?;
    Ok(Opened { plan, identity: super::identity::together(parts), files, bytes })
}

fn wrong(table: &str, error: &DataFusionError) -> SourceError {
    source_error(error).unwrap_or_else(|| {
        let fault = SourceError::new(BAD_SQL, format!("de sql van `{table}` klopt niet"));
        match error.find_root() {
            DataFusionError::SchemaError(cause, _) => unknown_column(fault, cause),
            DataFusionError::SQL(cause, _) => unreadable(fault, &cause.to_string()),
            root => {
                let text = root.strip_backtrace();
                let missing = text.split_once("table 'datafusion.public.").and_then(|(_, rest)| rest.split_once('\''));
                match missing {
                    Some((name, rest)) if rest.contains("not found") => {
                        fault.help(format!("zij leest uit `{name}`, en dat staat niet onder `uit:`"))
                    }
                    _ => said(fault, &text),
                }
            }
        }
    })
}

/// The sentence of the engine, which is English, for whoever knows SQL.
fn said(fault: SourceError, text: &str) -> SourceError {
    fault.help(format!("de rekenmotor meldt: {}", text.lines().next().unwrap_or_default()))
}

fn unknown_column(fault: SourceError, cause: &SchemaError) -> SourceError {
    match cause {
        SchemaError::FieldNotFound { field, valid_fields } => {
            let names: Vec<&str> = valid_fields.iter().map(|column| column.name.as_str()).collect();
            let near = nearest(&field.name, names.iter().copied()).map(|near| format!("; bedoelt u `{near}`?"));
            fault.help(format!("zij noemt een kolom `{}`, die er niet is{}", field.name, near.unwrap_or_default()))
        }
        SchemaError::AmbiguousReference { field } => {
            fault.help(format!("meer dan één bron heeft een kolom `{}`: zet de naam van de bron ervoor", field.name))
        }
        SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
            fault.help(format!("de kolom `{name}` komt er twee keer in voor"))
        }
    }
}

/// `… found: SELEC at Line: 1, Column: 1`
fn unreadable(fault: SourceError, text: &str) -> SourceError {
    let text = text.trim_start_matches("sql parser error: ");
    let Some((_, found)) = text.split_once("found: ") else { return said(fault, text) };
    let (word, place) = found.split_once(" at Line: ").unwrap_or((found, ""));
    if word == "EOF" {
        return fault.help("zij houdt midden in een zin op");
    }
    match place.split_once(", Column: ") {
        Some((line, column)) => fault.help(format!("lees na wat er staat bij `{word}` (regel {line}, teken {column})")),
        None => fault.help(format!("lees na wat er staat bij `{word}`")),
    }
}

async fn register(
    own: &SessionContext,
    located: &Located,
    footers: &[Footer],
    connection: &Connection,
) -> Result<Arc<dyn TableProvider>, SourceError> {
    let options = match located.format {
        Format::Parquet => return raw(located, footers),
        _ if connection.encoding != Encoding::default() => {
            let text = format!("`{}` heeft een andere codering dan UTF-8; dat kan niet onder `uit:`", located.shown);
            return Err(SourceError::new(BAD_SETTING, text).help("sla het bestand op als UTF-8"));
        }
        Format::Workbook => {
            let text = format!("`{}` is een rekenblad; dat kan niet onder `uit:`", located.shown);
            return Err(SourceError::new(BAD_SETTING, text).help("sla het blad op als csv (UTF-8)"));
        }
        Format::Csv => CsvReadOptions::new()
            .file_extension("")
            .delimiter(separator(located, connection)?)
            .newlines_in_values(true)
            .to_options(own),
        Format::JsonLines => JsonReadOptions::default().file_extension("").to_options(own),
    };
    let refused = |e: DataFusionError| {
        source_error(&e).unwrap_or_else(|| {
            SourceError::new(super::error::DAMAGED, format!("de kolommen van `{}` zijn niet te bepalen", located.shown))
                .help(format!("de rekenmotor meldt: {}", e.strip_backtrace().lines().next().unwrap_or_default()))
        })
    };
    let urls = located.files.iter().map(|f| ListingTableUrl::parse(file_url(&f.path)));
    let urls = urls.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    let state = own.state();
    let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options);
    let config = config.infer_schema(&state).await.map_err(refused)?;
    Ok(Arc::new(ListingTable::try_new(config).map_err(refused)?))
}

fn separator(located: &Located, connection: &Connection) -> Result<u8, SourceError> {
    match (connection.separator, located.files.first()) {
        (Some(separator), _) => Ok(separator),
        (None, Some(file)) => detect(file, connection.encoding),
        (None, None) => Ok(b';'),
    }
}

/// The engine's settings for a format.
trait ToOptions {
    fn to_options(&self, ctx: &SessionContext) -> datafusion::datasource::listing::ListingOptions;
}

impl ToOptions for CsvReadOptions<'_> {
    fn to_options(&self, ctx: &SessionContext) -> datafusion::datasource::listing::ListingOptions {
        use datafusion::datasource::file_format::options::ReadOptions;
        self.to_listing_options(&ctx.copied_config(), ctx.copied_table_options())
    }
}

impl ToOptions for JsonReadOptions<'_> {
    fn to_options(&self, ctx: &SessionContext) -> datafusion::datasource::listing::ListingOptions {
        use datafusion::datasource::file_format::options::ReadOptions;
        self.to_listing_options(&ctx.copied_config(), ctx.copied_table_options())
    }
}
