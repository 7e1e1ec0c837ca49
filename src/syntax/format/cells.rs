//! The rows of cells of a `toets`: from the syntax tree to an outline, and as aligned lines.

use unicode_width::UnicodeWidthStr;

use super::remark;
use super::text;
use super::tree::Row;
use crate::syntax::ast::{Cell, CellTable};

/// The rows of a table that stands in `file`, in the same places, each with the remarks around it; and where its last
/// row ends.
pub fn read(table: &CellTable, file: &str, from: usize) -> (Option<String>, Vec<Row>, usize) {
    let mut rows: Vec<Row> = Vec::new();
    let mut opened = None;
    let mut at = from;
    let first = table.head.first().map_or(table.span, |cell| cell.span).range().start;
    let first = file.get(..first).and_then(|before| before.rfind('|')).unwrap_or(first);
    let lines = std::iter::once((first, head(table), table.head.last()));
    let lines = lines.chain(table.rows.iter().map(|row| {
        let last = row.cells.last().and_then(Option::as_ref);
        (row.span.range().start, row.cells.iter().map(|c| cell(c.as_ref())).collect(), last)
    }));
    for (start, cells, last) in lines {
        let gap = remark::gap(file.get(at..start).unwrap_or_default(), at == 0);
        match rows.last_mut() {
            Some(row) => row.behind = gap.behind,
            None => opened = gap.behind,
        }
        rows.push(Row { lead: gap.lines, cells, behind: None });
        let end = last.map_or(start, |cell| cell.span.range().end);
        at = file.get(end..).and_then(|rest| rest.find('|')).map_or(end, |bar| end + bar + 1);
    }
    (opened, rows, at)
}

/// The names of the columns.
pub fn head(table: &CellTable) -> Vec<String> {
    table.head.iter().map(name).collect()
}

fn name(cell: &Cell) -> String {
    let odd = cell.text.contains('|') || cell.text.contains("//");
    if cell.quoted || odd { format!("`{}`", cell.text) } else { cell.text.clone() }
}

/// What a cell says, in quotes where it would otherwise say something else.
pub fn cell(cell: Option<&Cell>) -> String {
    let Some(cell) = cell else { return String::new() };
    let text = cell.text.as_str();
    let odd = text.contains(['|', '\n', '\t']) || text.contains("//") || text.starts_with('"') || text.trim() != text;
    let said = cell.quoted && (text.is_empty() || text == "leeg");
    if odd || said { text::quoted(text) } else { text.to_owned() }
}

/// `| een | twee |`, each column as wide as its widest cell.
pub fn lines(rows: &[Row]) -> Vec<String> {
    let count = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|r| r.cells.get(column)).map(|c| c.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |row: &Row| {
        let cells = row.cells.iter().zip(&widths).map(|(cell, width)| {
            let pad = width.saturating_sub(cell.width());
            format!(" {cell}{} |", " ".repeat(pad))
        });
        format!("|{}", cells.collect::<String>())
    };
    rows.iter().map(line).collect()
}
