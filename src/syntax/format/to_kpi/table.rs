//! Lines in aligned columns: the columns of a table, the lines of dimensions, calendars and toetsen.

use unicode_width::UnicodeWidthStr;

use super::super::answer;
use super::super::cells;
use super::super::doc::{WIDTH, layout};
use super::super::remark;
use super::super::text;
use super::super::tree::{self, Entry, Kind, Place};
use super::{Row, STEP, answered, clause, code, declaration, even, lead, written_block};
use crate::syntax::ast::CalendarWord;

/// How wide the columns of a table are.
#[derive(Clone, Copy, Default)]
pub(super) struct Columns {
    name: usize,
    ty: usize,
    /// Of the options, where names in the source stand in a column of their own.
    options: usize,
}

pub(super) fn lines(rows: &mut Vec<Row>, indent: usize, entries: &[Entry]) {
    let widths = widths(indent, entries);
    for (index, entry) in entries.iter().enumerate() {
        let whole = remark::together(&entry.above, &entry.lead);
        if index > 0 && remark::begins_blank(&whole) {
            rows.push(Row::Blank);
        }
        lead(rows, indent, &whole);
        line(rows, indent, entry, widths);
    }
}

fn widths(indent: usize, entries: &[Entry]) -> Columns {
    let mut widest = Columns::default();
    let mut before_source_names = Vec::new();
    let mut names_apart = false;
    for entry in entries {
        match &entry.kind {
            Kind::Line { place, key, written } => {
                widest.name = widest.name.max(first_word(*place, key).width());
                if *place == Place::Calendar(CalendarWord::Open) {
                    let days = answer::flat(answer::opening(&answer::read(written)).0);
                    widest.ty = widest.ty.max(days.map_or(0, |days| days.width()));
                }
            }
            Kind::Clause { word, .. } => widest.name = widest.name.max(word.width()),
            Kind::Cells { table: Some(_), .. } => widest.name = widest.name.max("gegeven".len()),
            _ => {}
        }
        let Kind::Column { name, body } = &entry.kind else { continue };
        widest.name = widest.name.max(text::name(name).width());
        let (ty, options) = answer::column(&answer::read(body));
        if ty.first().is_some_and(answer::is_equals) {
            continue;
        }
        let flat = |pieces: &[answer::Piece]| answer::flat(pieces).map_or(0, |text| text.width());
        if !options.is_empty() || !answer::has_stored_unit(&ty) {
            widest.ty = widest.ty.max(flat(&ty));
        }
        let (options, source_name) = answer::apart_from_source_name(&options);
        if !source_name.is_empty() {
            names_apart |= !options.is_empty();
            before_source_names.push(flat(&options));
        }
    }
    let (name, ty) = (even(widest.name), even(widest.ty));
    // Options that go on over more lines do not move the names of other columns.
    before_source_names.retain(|options| indent + name + ty + options <= WIDTH);
    let options = before_source_names.into_iter().max().filter(|_| names_apart).map_or(0, even);
    Columns { name, ty, options }
}

pub(super) fn line(rows: &mut Vec<Row>, indent: usize, entry: &Entry, widths: Columns) {
    match &entry.kind {
        Kind::Column { name, body } => column(rows, indent, entry, name, body, widths),
        Kind::Requirement { name, condition } => {
            answered(rows, entry, indent, &format!("eis {}: ", text::quoted(name)), condition, false);
        }
        Kind::Block(block) => written_block(rows, indent, block, entry),
        Kind::Line { place, key, written } => {
            let head = format!("{:width$}{}", first_word(*place, key), second_word(*place, key), width = widths.name);
            if *place == Place::Calendar(CalendarWord::Open)
                && let Some(hours) = hours(written, widths.ty)
            {
                rows.push(code(indent, &format!("{head}{hours}"), entry, true));
                return;
            }
            answered(rows, entry, indent, &head, written, true);
        }
        Kind::Cells { table, rows: cells } => table_of_cells(rows, indent, entry, table.as_deref(), cells, widths),
        Kind::Clause { word, answer } => clause(rows, indent, widths.name, word, answer, entry),
        Kind::Use(_) | Kind::Parameter { .. } | Kind::Fault { .. } => declaration(rows, entry),
    }
}

/// `ma, di  08:30 - 17:00  vanaf …`, the hours under each other. Nothing where remarks stand in it.
fn hours(written: &str, width: usize) -> Option<String> {
    let pieces = answer::read(written);
    let (days, hours, dates) = answer::opening(&pieces);
    let (days, hours, dates) = (answer::flat(days)?, answer::flat(hours)?, answer::flat(dates)?);
    let line = format!("{days:width$}{hours}  {dates}");
    Some(line.trim_end().to_owned())
}

/// What a line of a `dimensie` or `toets` begins with.
fn first_word(place: Place, key: &str) -> String {
    match place {
        Place::Members => "leden".to_owned(),
        Place::Spellings => text::name(key),
        Place::Group => "groep".to_owned(),
        Place::Binding => "in".to_owned(),
        Place::Validity => "geldig".to_owned(),
        Place::TrialKpi => "kpi".to_owned(),
        Place::TrialMoment => "peilmoment".to_owned(),
        Place::TrialParameter => "parameter".to_owned(),
        Place::Calendar(word) => word.word().to_owned(),
        Place::Strategy(word) => word.word().to_owned(),
    }
}

/// What stands between that and the answer.
fn second_word(place: Place, key: &str) -> String {
    match place {
        Place::Members
        | Place::Validity
        | Place::TrialKpi
        | Place::TrialMoment
        | Place::Calendar(_)
        | Place::Strategy(_) => String::new(),
        Place::Spellings => "= ".to_owned(),
        Place::Group | Place::TrialParameter => format!("{} = ", text::name(key)),
        Place::Binding => format!("{key} = "),
    }
}

/// `gegeven bron.tabel` or `verwacht`, with its rows under it.
fn table_of_cells(
    rows: &mut Vec<Row>,
    indent: usize,
    entry: &Entry,
    table: Option<&str>,
    cells: &[tree::Row],
    widths: Columns,
) {
    let head = match table {
        Some(table) => format!("{:width$}{table}", "gegeven", width = widths.name),
        None => "verwacht".to_owned(),
    };
    rows.push(code(indent, &head, entry, false));
    for (row, text) in cells.iter().zip(cells::lines(cells)) {
        lead(rows, indent + STEP, &remark::trimmed(&row.lead));
        let text = format!("{}{text}", " ".repeat(indent + STEP));
        rows.push(Row::Code { text, behind: row.behind.clone(), aligned: true });
    }
}

fn column(rows: &mut Vec<Row>, indent: usize, entry: &Entry, name: &str, body: &str, widths: Columns) {
    let (ty, options) = answer::column(&answer::read(body));
    let head = format!("{:width$}", text::name(name), width = widths.name);
    let at = indent + head.width();
    let mut text = format!("{}{head}", " ".repeat(indent));
    let derived = ty.first().is_some_and(answer::is_equals);
    if derived {
        // What is broken stands under the expression, not under its sign.
        text.push_str(&layout(&answer::doc(&ty), at, at + 2, WIDTH));
    } else {
        text.push_str(&answer::lines(&answer::doc(&ty), at));
    }
    let (options, source_name) = if derived { (options, Vec::new()) } else { answer::apart_from_source_name(&options) };
    let options_at = if derived { text_end(&text) + STEP } else { at + widths.ty };
    put_at(&mut text, &options, options_at);
    put_at(&mut text, &source_name, at + widths.ty + widths.options);
    rows.push(Row::Code { text: text.trim_end().to_owned(), behind: entry.behind.clone(), aligned: true });
}

/// Where the last line of a text ends.
pub(super) fn text_end(text: &str) -> usize {
    text.rsplit('\n').next().unwrap_or_default().width()
}

/// Adds what stands in a column, at least two spaces behind what is there.
fn put_at(text: &mut String, pieces: &[answer::Piece], column: usize) {
    if pieces.is_empty() {
        return;
    }
    let used = text_end(text);
    let gap = column.saturating_sub(used).max(2);
    text.push_str(&" ".repeat(gap));
    text.push_str(&answer::lines(&answer::doc(pieces), used + gap));
}
