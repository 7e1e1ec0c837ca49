//! Result rows as a store keeps them.

use crate::judge::Row;
use crate::run::store::Record;

/// The rows of a run, to add to a store.
#[must_use]
pub fn records(rows: &[Row]) -> Vec<Record<'_>> {
    rows.iter().map(record).collect()
}

fn record(row: &Row) -> Record<'_> {
    Record {
        kpi: &row.kpi,
        title: &row.title,
        version: row.version,
        period: &row.period,
        period_from: row.period_from,
        period_until: row.period_until,
        dimensions: row.dimensions.iter().map(|(name, member)| (name.as_str(), member.label())).collect(),
        value: row.value,
        unit: &row.unit,
        numerator: row.numerator,
        denominator: row.denominator,
        n: row.n,
        n_empty: row.n_empty,
        lower: row.lower,
        upper: row.upper,
        norm: row.norm.as_deref(),
        norm_kind: row.norm_kind,
        distance: row.distance,
        status: row.status.word(),
        marks: row.marks.iter().map(|m| (m.mark.as_str(), m.reason.as_str())).collect(),
        series_break: row.series_break,
        definition_hash: &row.definition_hash,
        input_hash: row.input_hash.as_deref(),
    }
}
