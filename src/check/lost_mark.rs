//! ML269: a derived or united table over rows with `kenmerk` columns that has none itself: what the rows say of results
//! is lost.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::table::{Origin, Table};
use crate::model::{Column, Model, TableId, Type, text};

pub(super) fn check(model: &Model, sink: &mut Sink) {
    for table in model.tables.iter().filter(|table| table.columns.iter().all(|column| !column.mark)) {
        match &table.origin {
            Origin::Derived { base, .. } => sink_lost(model, table, *base, &of_one, sink),
            Origin::United { parts } => {
                for part in parts {
                    sink_lost(model, table, *part, &|first| of_parts(first, parts.len()), sink);
                }
            }
            Origin::Stored | Origin::Groups { .. } => {}
        }
    }
}

/// One of the rows of a key.
fn of_one(first: &Column) -> String {
    let name = text::name(&first.name);
    match first.ty {
        Type::Text => format!("zeg in `…` hoe het van meer rijen één wordt: `{name} = laatste({name})  kenmerk`"),
        _ => format!("zeg in `…` hoe het van meer rijen één wordt: `{name} = aantal(waarbij {name}) > 0  kenmerk`"),
    }
}

/// As the part has it; the other parts may lack it.
fn of_parts(first: &Column, parts: usize) -> String {
    let name = text::name(&first.name);
    format!("neem het in `…` over: `{name} = {name}{}  kenmerk`", ", leeg".repeat(parts - 1))
}

fn sink_lost(model: &Model, table: &Table, from: TableId, advice: &dyn Fn(&Column) -> String, sink: &mut Sink) {
    let marks: Vec<&Column> = model.table(from).columns.iter().filter(|column| column.mark).collect();
    let Some(first) = marks.first() else { return };
    let names: Vec<String> = marks.iter().map(|column| format!("`{}`", column.name)).collect();
    let (word, go) = if names.len() == 1 { ("kenmerk", "gaat") } else { ("kenmerken", "gaan") };
    let from = model.table(from).full_name();
    let message = format!("{word} {} van `{from}` {go} verloren in `{}`", names.join(", "), table.name);
    sink.push(
        Diagnostic::warning("ML269", message)
            .at(table.span)
            .also(first.span, "hier staat wat rijen van een uitkomst zeggen")
            .help(advice(first).replace('…', &table.name)),
    );
}
