//! Given rows that are valid at the same moment although only one of them can be meant: said with their places, before
//! anything is calculated with them.

use crate::check::Checked;
use crate::diagnostic::Diagnostic;
use crate::interpret::{Data, WrongRows, wrong_rows};
use crate::model::{TableId, Trial};
use crate::source::Span;

/// What is wrong with the rows of a toets.
pub(super) fn check(checked: &Checked, trial: &Trial, data: &Data, peilmoment: i64) -> Option<Diagnostic> {
    let model = checked.model();
    let place = |table: TableId, row: usize| place(trial, table, row);
    Some(match wrong_rows(checked, data, peilmoment)? {
        WrongRows::Overlap { table, first, second } => {
            let message = format!(
                "in {} gelden twee gegeven rijen met dezelfde sleutel tegelijk",
                model.table(table).full_name()
            );
            let mut diagnostic = Diagnostic::error("ML616", message);
            if let (Some(first), Some(second)) = (place(table, first), place(table, second)) {
                diagnostic = diagnostic.at(second).also(first, "de andere rij");
            }
            diagnostic.help("geef ze een begin en een eind die elkaar niet overlappen")
        }
        WrongRows::Reversed { table, row } => {
            let message = format!("in {} eindigt een gegeven rij voordat zij begint", model.table(table).full_name());
            let diagnostic = Diagnostic::error("ML617", message).help("verbeter het begin of het eind van de rij");
            match place(table, row) {
                Some(span) => diagnostic.at(span),
                None => diagnostic,
            }
        }
    })
}

/// Where a row of a table was written.
fn place(trial: &Trial, table: TableId, row: usize) -> Option<Span> {
    let given = trial.given.iter().find(|given| given.table == table)?;
    given.rows.iter().flat_map(|row| std::iter::repeat_n(row.span, row.times)).nth(row)
}
