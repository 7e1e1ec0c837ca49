//! ML269: a derived table over rows with `kenmerk` columns that has none itself: what the rows say of results is lost.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::table::Origin;
use crate::model::{Model, Type, text};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for table in &model.tables {
        let Origin::Derived { base, .. } = &table.origin else { continue };
        if table.columns.iter().any(|column| column.mark) {
            continue;
        }
        let marks: Vec<_> = model.table(*base).columns.iter().filter(|column| column.mark).collect();
        let Some(first) = marks.first() else { continue };
        let name = text::name(&first.name);
        let column = match first.ty {
            Type::Text => format!("{name} = laatste({name})  kenmerk"),
            _ => format!("{name} = aantal(waarbij {name}) > 0  kenmerk"),
        };
        let names: Vec<String> = marks.iter().map(|column| format!("`{}`", column.name)).collect();
        let (word, go) = if names.len() == 1 { ("kenmerk", "gaat") } else { ("kenmerken", "gaan") };
        let base = model.table(*base).full_name();
        let message = format!("{word} {} van `{base}` {go} verloren in `{}`", names.join(", "), table.name);
        sink.push(
            Diagnostic::warning("ML269", message)
                .at(table.span)
                .also(first.span, "hier staat wat rijen van een uitkomst zeggen")
                .help(format!("zeg in `{}` hoe het van meer rijen één wordt: `{column}`", table.name)),
        );
    }
}
