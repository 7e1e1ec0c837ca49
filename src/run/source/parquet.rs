//! Parquet files through the engine's own listing: footers first (types, identity), then a scan with the columns asked
//! for, cast to canonical form as expressions, so that files and row groups can be skipped.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::catalog::TableProvider;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident, lit};
use datafusion::parquet::arrow::parquet_to_arrow_schema;
use datafusion::parquet::basic::LogicalType;
use datafusion::parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use datafusion::parquet::file::statistics::Statistics;

use super::canonical::{Kind, Place, bounds, canonical, canonical_key, nothing};
use super::error::{DAMAGED, NO_FORMAT, READ_FAILED, SourceError, WRONG_TYPE, in_io, missing_column};
use super::files::{Located, SourceFile};
use super::identity::{Digest, together};
use super::listing::listing;
use super::rows::Wish;

/// What a footer tells.
pub struct Footer {
    pub schema: Schema,
    /// Float columns with equal least and greatest value, which may hold not-a-number all the same.
    pub seemingly_constant: Vec<String>,
    pub identity: String,
}

/// Reads the footer of `file`.
///
/// # Errors
/// A file that is no Parquet, is damaged or cannot be read.
pub fn footer(file: &SourceFile) -> Result<Footer, SourceError> {
    let damaged = || {
        SourceError::new(DAMAGED, format!("`{}` is geen Parquet-bestand of is beschadigd", file.shown))
            .help("lever het bestand opnieuw aan; misschien is het kopiëren of schrijven afgebroken")
    };
    let failed = |e: std::io::Error| in_io(&e, &file.shown);
    let mut reader = File::open(&file.path).map_err(failed)?;
    let size = reader.seek(SeekFrom::End(0)).map_err(failed)?;
    if size < 12 {
        return Err(damaged());
    }
    let mut tail = [0_u8; 8];
    reader.seek(SeekFrom::Start(size - 8)).map_err(failed)?;
    reader.read_exact(&mut tail).map_err(failed)?;
    let [a, b, c, d, magic @ ..] = tail;
    match &magic {
        b"PAR1" => {}
        b"PARE" => {
            return Err(SourceError::new(NO_FORMAT, format!("`{}` is versleuteld", file.shown))
                .help("lever het bestand onversleuteld aan"));
        }
        _ => return Err(damaged()),
    }
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let start = (size - 8).checked_sub(length).ok_or_else(damaged)?;
    reader.seek(SeekFrom::Start(start)).map_err(failed)?;
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes).map_err(failed)?;
    let metadata = ParquetMetaDataReader::decode_metadata(&bytes).map_err(|_| damaged())?;
    let about = metadata.file_metadata();
    let schema = parquet_to_arrow_schema(about.schema_descr(), about.key_value_metadata()).map_err(|_| damaged())?;
    let mut digest = Digest::new(&file.keys);
    digest.add(&bytes);
    digest.add(&size.to_le_bytes());
    Ok(Footer { schema, seemingly_constant: seemingly_constant(&metadata), identity: digest.finish() })
}

fn seemingly_constant(metadata: &ParquetMetaData) -> Vec<String> {
    let mut ranges: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for chunk in metadata.row_groups().iter().flat_map(RowGroupMetaData::columns) {
        let (min, max) = match chunk.statistics() {
            Some(Statistics::Double(s)) => (s.min_opt().copied(), s.max_opt().copied()),
            Some(Statistics::Float(s)) => (s.min_opt().map(|x| f64::from(*x)), s.max_opt().map(|x| f64::from(*x))),
            // half-precision floats are the only others of this kind; take no chances
            Some(Statistics::FixedLenByteArray(_))
                if chunk.column_descr().logical_type_ref() == Some(&LogicalType::Float16) =>
            {
                (Some(0.0), Some(0.0))
            }
            _ => continue,
        };
        if let (Some(min), Some(max), Some(name)) = (min, max, chunk.column_path().parts().first()) {
            let range = ranges.entry(name.clone()).or_insert((min, max));
            *range = (range.0.min(min), range.1.max(max));
        }
    }
    let equal = ranges.into_iter().filter(|(_, (min, max))| min >= max);
    equal.map(|(name, _)| name).collect()
}

/// The type under which a column is read, given its type in one file.
fn reading_type(ty: &DataType) -> DataType {
    match ty {
        DataType::Dictionary(_, values) => reading_type(values),
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        other => other.clone(),
    }
}

/// One type that holds the values of both, or nothing.
fn common_type(one: &DataType, other: &DataType) -> Option<DataType> {
    if one == other {
        return Some(one.clone());
    }
    Some(match (Kind::of(one), Kind::of(other)) {
        (Kind::Null, _) => other.clone(),
        (_, Kind::Null) => one.clone(),
        (Kind::Whole, Kind::Whole) if *one != DataType::UInt64 && *other != DataType::UInt64 => DataType::Int64,
        (Kind::Whole | Kind::Float, Kind::Whole | Kind::Float) => DataType::Float64,
        (Kind::Local, Kind::Local) => DataType::Timestamp(TimeUnit::Microsecond, None),
        (Kind::Instant, Kind::Instant) => DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into())),
        (Kind::Date, Kind::Date) => DataType::Date32,
        (Kind::Decimal, Kind::Decimal) => match (one, other) {
            (DataType::Decimal128(p, s), DataType::Decimal128(q, t)) => {
                let scale = *s.max(t);
                let whole = (i16::from(*p) - i16::from(*s)).max(i16::from(*q) - i16::from(*t));
                let precision = u8::try_from(whole + i16::from(scale)).ok().filter(|p| *p <= 38)?;
                DataType::Decimal128(precision, scale)
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// The type of column `name` over all files; nothing when no file has it. A file without it has it empty.
fn column_type(name: &str, files: &[SourceFile], footers: &[Footer]) -> Result<Option<DataType>, SourceError> {
    let mut known: Option<(DataType, &str)> = None;
    for (file, footer) in files.iter().zip(footers) {
        let Some((_, field)) = footer.schema.column_with_name(name) else { continue };
        let this = reading_type(field.data_type());
        known = Some(match known {
            None => (this, &file.shown),
            Some((before, first)) => {
                let common = common_type(&before, &this).ok_or_else(|| {
                    let (a, b) = (Kind::of(&before).word(), Kind::of(&this).word());
                    let text = format!("kolom `{name}` is {a} in `{first}` en {b} in `{}`", file.shown);
                    SourceError::new(WRONG_TYPE, text).help("lever alle bestanden van de bron met dezelfde typen aan")
                })?;
                (common, first)
            }
        });
    }
    Ok(known.map(|(ty, _)| ty))
}

/// All columns of all files as they are (for `sql:` views).
///
/// # Errors
/// When files contradict each other.
pub fn raw(located: &Located, footers: &[Footer]) -> Result<Arc<dyn TableProvider>, SourceError> {
    let mut fields: Vec<Field> = Vec::new();
    for footer in footers {
        for field in footer.schema.fields() {
            if fields.iter().any(|f| f.name() == field.name()) {
                continue;
            }
            if let Some(ty) = column_type(field.name(), &located.files, footers)? {
                fields.push(Field::new(field.name(), ty, true));
            }
        }
    }
    fields.retain(|field| !is_key(located, field.name()));
    table(located, footers, fields)
}

/// The files as a table of the engine with these columns.
fn table(located: &Located, footers: &[Footer], fields: Vec<Field>) -> Result<Arc<dyn TableProvider>, SourceError> {
    let odd = |field: &Field| footers.iter().any(|f| f.seemingly_constant.contains(field.name()));
    let statistics = !fields.iter().any(odd);
    let identity = together(footers.iter().map(|f| f.identity.clone()).collect());
    listing(located, fields, &identity, statistics)
}

fn is_key(located: &Located, name: &str) -> bool {
    located.files.first().is_some_and(|f| f.keys.iter().any(|(key, _)| key == name))
}

/// The plan that gives the columns of `wishes` in canonical form. `limits` is the index of a wish with the canonical
/// values outside of which rows may stay away.
///
/// # Errors
/// Missing columns and types that do not fit.
pub fn plan(
    located: &Located,
    footers: &[Footer],
    wishes: &[Wish],
    table: &str,
    place: Place<'_>,
    limits: Option<(usize, i64, i64)>,
) -> Result<LogicalPlan, SourceError> {
    let mut fields: Vec<Field> = Vec::new();
    let mut outputs = Vec::with_capacity(wishes.len());
    let mut filters = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        let Some(physical) = &wish.physical else {
            outputs.push(nothing(wish.ty).alias(&wish.name));
            continue;
        };
        let column = ident(physical);
        if is_key(located, physical) {
            outputs.push(canonical_key(column, wish, place).alias(&wish.name));
            continue;
        }
        let Some(ty) = column_type(physical, &located.files, footers)? else {
            let names: Vec<&str> = names(located, footers);
            return Err(missing_column(physical, &wish.name, table, &located.shown, &names));
        };
        if let Some((limited, lo, hi)) = limits
            && limited == index
        {
            filters.extend(bounds(&column, &ty, wish.ty, lo, hi));
        }
        outputs.push(canonical(column, &ty, wish, place)?.alias(&wish.name));
        if fields.iter().all(|f| f.name() != physical) {
            fields.push(Field::new(physical, ty, true));
        }
    }
    let source = provider_as_source(self::table(located, footers, fields)?);
    // the engine hands a filter on to the files, to skip what cannot pass
    let scan = LogicalPlanBuilder::scan("bron", source, None);
    filters
        .into_iter()
        .fold(scan, |plan, filter| plan.and_then(|p| p.filter(filter)))
        .and_then(|scan| project(scan, outputs))
        .map_err(|e| {
            SourceError::new(READ_FAILED, format!("`{}` is niet te openen: {}", located.shown, e.strip_backtrace()))
        })
}

/// The projection to `outputs`; a table of which no column is asked still has its rows.
pub fn project(input: LogicalPlanBuilder, outputs: Vec<Expr>) -> datafusion::error::Result<LogicalPlan> {
    let outputs = if outputs.is_empty() { vec![lit(true).alias("rij")] } else { outputs };
    input.project(outputs)?.build()
}

fn names<'a>(located: &'a Located, footers: &'a [Footer]) -> Vec<&'a str> {
    let keys = located.files.first().into_iter().flat_map(|f| f.keys.iter().map(|(key, _)| key.as_str()));
    let mut names: Vec<&str> = Vec::new();
    let fields = footers.iter().flat_map(|f| f.schema.fields().iter().map(|field| field.name().as_str()));
    for name in fields.chain(keys) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
