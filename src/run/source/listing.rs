//! Parquet files as a listing of the engine. Knows names of files and columns, not what they mean.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::TableReference;
use datafusion::datasource::TableType;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::Result as EngineResult;
use datafusion::execution::SessionState;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

use super::error::{READ_FAILED, SourceError};
use super::files::Located;

/// The files as a table of the engine with the columns `columns`, and behind them those of `sleutel=waarde` folders.
/// `identity` is that of the contents. Without `statistics` the engine does not use what footers say of whole files (of
/// row groups it always does).
///
/// # Errors
/// When the engine refuses the list of files.
pub fn listing(
    located: &Located,
    columns: Vec<Field>,
    identity: &str,
    statistics: bool,
) -> Result<Arc<dyn TableProvider>, SourceError> {
    let refused = |_| {
        let text = format!("`{}` is niet als lijst van bestanden te openen", located.shown);
        SourceError::new(READ_FAILED, text)
    };
    let mut options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension("");
    let urls = if let (Some(root), Some(first)) = (&located.hive, located.files.first()) {
        let keys = first.keys.iter().map(|(name, _)| (name.clone(), DataType::Utf8)).collect();
        options = options.with_table_partition_cols(keys);
        // the same choice of files as files.rs makes, and never a list remembered from other contents
        let names = located.files.iter().filter_map(|f| f.path.extension().and_then(|e| e.to_str()));
        let extensions: BTreeSet<&str> = names.collect();
        let folder = ListingTableUrl::parse(format!("{}/", file_url(root))).map_err(refused)?;
        let folder = folder.with_table_ref(TableReference::bare(identity));
        let urls = extensions.into_iter().map(|e| folder.clone().with_glob(&format!("[!._]*.{e}")));
        urls.collect::<Result<_, _>>().map_err(refused)?
    } else {
        let urls = located.files.iter().map(|f| ListingTableUrl::parse(file_url(&f.path)));
        urls.collect::<Result<_, _>>().map_err(refused)?
    };
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(Arc::new(Schema::new(columns)));
    let table = ListingTable::try_new(config).map_err(refused)?;
    Ok(if statistics { Arc::new(table) } else { Arc::new(Unsummarised(table)) })
}

/// `file:///…` with everything odd encoded.
#[must_use]
pub fn file_url(path: &Path) -> String {
    let mut url = "file://".to_owned();
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let half = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
            url.extend(['%', half(byte >> 4), half(byte & 15)]);
        }
    }
    url
}

/// A listing whose files are read without regard to their statistics as a whole.
///
/// The engine (55.2) takes a column whose least and greatest value in a file are equal for constant; footers leave
/// not-a-number out of both, so that a column of 1.5 and not-a-number would become 1.5 throughout.
#[derive(Debug)]
struct Unsummarised(ListingTable);

#[async_trait]
impl TableProvider for Unsummarised {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn table_type(&self) -> TableType {
        self.0.table_type()
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        let Some(known) = state.as_any().downcast_ref::<SessionState>() else {
            return self.0.scan(state, projection, filters, limit).await;
        };
        let mut plain = known.clone();
        plain.config_mut().options_mut().execution.collect_statistics = false;
        self.0.scan(&plain, projection, filters, limit).await
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> EngineResult<Vec<TableProviderFilterPushDown>> {
        self.0.supports_filters_pushdown(filters)
    }
}
