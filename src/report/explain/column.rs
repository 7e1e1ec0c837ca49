//! How a column that is not read from a source comes about, in one line.

use crate::model::table::Origin;
use crate::model::{ColumnKind, ColumnRef, Model, TableId, text};

/// Nothing for a column that a source has, or that stands in a derived table.
pub(super) fn line(model: &Model, of: TableId, reference: &ColumnRef) -> Option<String> {
    let table = model.target(of, &reference.via);
    let column = model.column(of, reference);
    let how = match (&column.kind, &model.table(table).origin) {
        (ColumnKind::Computed(inner), _) => text::expr(model, table, inner),
        (ColumnKind::United(list), Origin::United { parts }) => {
            let each = list.iter().zip(parts).map(|(expr, &part)| {
                format!("bij {}: {}", model.table(part).full_name(), text::expr(model, part, expr))
            });
            each.collect::<Vec<_>>().join("; ")
        }
        (ColumnKind::Counted(count), _) => {
            let other = model.table(count.table).full_name();
            let via = model.table(count.table).columns.get(count.via).map_or("", |c| c.name.as_str());
            let filter = count.filter.as_ref().map(|f| format!(" waarbij {}", text::expr(model, count.table, f)));
            let filter = filter.unwrap_or_default();
            format!(
                "hoeveel rijen van {other}{filter} er met {via} naar verwijzen, uit welke periode ook; 0 als er geen is"
            )
        }
        _ => return None,
    };
    Some(format!("{} = {how}", column.name))
}
