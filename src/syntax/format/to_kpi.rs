//! An outline in the `.kpi` notation. Here stand the rules of its form: the order of clauses, aligned answers and columns,
//! blank lines.

mod table;

use unicode_width::UnicodeWidthStr;

use super::answer;
use super::doc::{Doc, WIDTH, layout};
use super::norm;
use super::remark::{self, Above, Lead};
use super::settle::is_one_of_six;
use super::text;
use super::tree::{Answer, Block, BlockWord, Entry, Kind, Page};
use crate::syntax::ast::ClauseWord;
use table::{Columns, line, lines, text_end};

const STEP: usize = 4;

/// Remarks behind lines that are longer than this do not move those of other lines.
const REMARK_COLUMN: usize = 72;

/// One piece of output.
enum Row {
    Blank,
    /// A remark on a line of its own, with its indentation.
    Remark(usize, String),
    /// A text of one or more lines, its indentation included.
    Code {
        text: String,
        behind: Option<String>,
        aligned: bool,
    },
}

/// Writes a file.
pub fn write(page: &Page) -> String {
    let mut rows = Vec::new();
    lead(&mut rows, 0, &page.header);
    for (index, entry) in page.entries.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| page.entries.get(i));
        let apart = before.is_some_and(|before| apart(before, entry));
        let headed = before.is_none() && !page.header.is_empty();
        let whole = remark::together(&entry.above, &entry.lead);
        if apart || headed || (before.is_some() && remark::begins_blank(&whole)) {
            rows.push(Row::Blank);
        }
        lead(&mut rows, 0, &whole);
        declaration(&mut rows, entry);
    }
    tail(&mut rows, 0, &page.end);
    finish(rows)
}

/// Whether a blank line stands between two declarations, also where the author wrote none.
fn apart(before: &Entry, entry: &Entry) -> bool {
    let block = |e: &Entry| matches!(e.kind, Kind::Block(_));
    block(before) || block(entry) || before.kind.section() != entry.kind.section()
}

fn declaration(rows: &mut Vec<Row>, entry: &Entry) {
    match &entry.kind {
        Kind::Use(path) => rows.push(code(0, &format!("gebruik {}", text::quoted(path)), entry, true)),
        Kind::Parameter { name, ty, value } => {
            let written = value.as_ref().map_or_else(|| ty.clone(), |value| format!("{ty} = {value}"));
            let head = format!("parameter {}: ", text::name(name));
            answered(rows, entry, 0, &head, &written, true);
        }
        Kind::Block(block) => written_block(rows, 0, block, entry),
        Kind::Clause { word, answer } => clause(rows, 0, word.len() + 2, word, answer, entry),
        Kind::Fault { path, validity, reason, direction } => {
            let direction = direction.as_ref().map(|d| format!(" {d}")).unwrap_or_default();
            let written = format!("{path} {} {}{direction}", validity.trim(), text::quoted(reason));
            answered(rows, entry, 0, "meetstoring ", &written, true);
        }
        Kind::Column { .. } | Kind::Requirement { .. } | Kind::Line { .. } | Kind::Cells { .. } => {
            line(rows, 0, entry, Columns::default());
        }
    }
}

// ------------------------------------------------------------------------------------------------ blocks

fn written_block(rows: &mut Vec<Row>, indent: usize, block: &Block, entry: &Entry) {
    let text = format!("{}{} {{", " ".repeat(indent), head(indent, block));
    rows.push(Row::Code { text, behind: block.open.clone(), aligned: false });
    match block.word {
        BlockWord::Kpi | BlockWord::Adjustment => clauses(rows, indent + STEP, block),
        _ => lines(rows, indent + STEP, &block.entries),
    }
    tail(rows, indent + STEP, &block.end);
    let text = format!("{}}}", " ".repeat(indent));
    rows.push(Row::Code { text, behind: entry.behind.clone(), aligned: false });
}

/// `kpi naam "Titel"`, `tabel naam uit … per … "Titel"`
fn head(indent: usize, block: &Block) -> String {
    let name = if block.word == BlockWord::Trial { text::quoted(&block.name) } else { text::name(&block.name) };
    let mut all = vec![Doc::text(format!("{} {name}", block.word.word()))];
    let mut parts: Vec<Doc> = Vec::new();
    for (word, written) in &block.head {
        let pieces = answer::read(written);
        parts.extend([Doc::Line, Doc::text(format!("{word} ")), Doc::align(vec![answer::doc(&pieces)])]);
    }
    let title = block.title.as_ref().map(|t| Doc::text(text::quoted(&t.text)));
    if block.word == BlockWord::Table {
        all = vec![Doc::group(vec![Doc::All(all), Doc::nest(2 * STEP, parts)])];
        if let Some(title) = title {
            // Apart from what stands before it only where there is something.
            let space = if block.head.is_empty() { Doc::text(" ") } else { Doc::Line };
            all = vec![Doc::group(vec![Doc::All(all), Doc::nest(2 * STEP, vec![space, title])])];
        }
    } else {
        all.extend(title.into_iter().flat_map(|t| [Doc::text(" "), t]));
        all.push(Doc::group(vec![Doc::nest(2 * STEP, parts)]));
    }
    // Two columns for the brace.
    layout(&Doc::All(all), indent, indent, WIDTH - 2)
}

// ------------------------------------------------------------------------------------------------ clauses

fn clauses(rows: &mut Vec<Row>, indent: usize, block: &Block) {
    let adjustment = block.word == BlockWord::Adjustment;
    let words = block.entries.iter().filter_map(|entry| match &entry.kind {
        Kind::Clause { word, .. } => Some(word.len()),
        _ => None,
    });
    let widest = words.max().unwrap_or(0);
    let mut before: Option<&Entry> = None;
    for entry in &block.entries {
        let Kind::Clause { word, answer } = &entry.kind else { continue };
        // The six answers stand apart from the rest.
        let turn = !adjustment && before.is_some_and(is_one_of_six) && !is_one_of_six(entry);
        if turn || (before.is_some() && remark::begins_blank(&entry.lead)) {
            rows.push(Row::Blank);
        }
        lead(rows, indent, &entry.lead);
        let width = match (adjustment, is_one_of_six(entry)) {
            (true, _) => even(widest),
            (false, true) => even(ClauseWord::Source.word().len()),
            (false, false) => even(ClauseWord::ContributesTo.word().len()),
        };
        clause(rows, indent, width, word, answer, entry);
        before = Some(entry);
    }
}

/// The width of a column of which the widest word has this length: two more, and even.
fn even(widest: usize) -> usize {
    (widest + 2).next_multiple_of(2)
}

fn clause(rows: &mut Vec<Row>, indent: usize, width: usize, word: &str, answer: &Answer, entry: &Entry) {
    let head = format!("{word:width$}");
    match answer {
        Answer::Text(value) => {
            let several = value.contains('\n').then(|| text::several_lines(value)).flatten();
            let written = several.map_or_else(|| text::quoted(value), |lines| block_text(&lines, indent + STEP));
            rows.push(code(indent, &format!("{head}{written}"), entry, false));
        }
        Answer::Written(written) => answered(rows, entry, indent, &head, written, false),
    }
}

/// A text in three quotes, its lines at `indent`.
fn block_text(lines: &[String], indent: usize) -> String {
    let mut all = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            all.push('\n');
            if !line.is_empty() {
                all.push_str(&" ".repeat(indent));
            }
        }
        all.push_str(line);
    }
    all
}

/// A word with an answer behind it.
fn answered(rows: &mut Vec<Row>, entry: &Entry, indent: usize, head: &str, written: &str, aligned: bool) {
    let pieces = answer::read(written);
    let column = indent + head.width();
    let doc = match head.trim_end() {
        "norm" => norm::doc(&pieces),
        "bronsysteem" if several_populations(&pieces) => answer::on_lines(&pieces),
        _ => answer::doc(&pieces),
    };
    let text = format!("{}{head}{}", " ".repeat(indent), answer::lines(&doc, column));
    rows.push(Row::Code { text: text.trim_end().to_owned(), behind: entry.behind.clone(), aligned });
}

/// Several sources of which one has a population: one on a line.
fn several_populations(pieces: &[answer::Piece]) -> bool {
    let parts = answer::parts(pieces);
    parts.len() > 1 && parts.iter().any(|part| answer::has_population(part))
}

// ------------------------------------------------------------------------------------------------ rows

fn code(indent: usize, text: &str, entry: &Entry, aligned: bool) -> Row {
    Row::Code { text: format!("{}{text}", " ".repeat(indent)), behind: entry.behind.clone(), aligned }
}

/// The lines before something; a blank line at their begin is the caller's matter.
fn lead(rows: &mut Vec<Row>, indent: usize, lead: &Lead) {
    let skip = usize::from(remark::begins_blank(lead));
    let lines = lead.get(skip..).unwrap_or_default();
    for line in lines {
        rows.push(match line {
            Above::Blank => Row::Blank,
            Above::Remark(text) => Row::Remark(indent, text.clone()),
        });
    }
}

/// The remarks at the end of something.
fn tail(rows: &mut Vec<Row>, indent: usize, end: &Lead) {
    let kept = remark::trimmed(end);
    if kept.is_empty() {
        return;
    }
    if remark::begins_blank(end) {
        rows.push(Row::Blank);
    }
    lead(rows, indent, &kept);
}

/// All rows as text: each blank line once, and remarks behind lines that belong together under each other.
fn finish(rows: Vec<Row>) -> String {
    let mut out = String::new();
    let mut blank = false;
    let columns = remark_columns(&rows);
    for (row, column) in rows.into_iter().zip(columns) {
        let line = match row {
            Row::Blank => {
                blank = !out.is_empty();
                continue;
            }
            Row::Remark(indent, text) => format!("{}{}", " ".repeat(indent), remark::kpi(&text)),
            Row::Code { text, behind: None, .. } => text,
            Row::Code { text, behind: Some(remark), .. } => {
                let used = text_end(&text);
                let gap = if text.contains('\n') { 2 } else { column.saturating_sub(used).max(2) };
                format!("{text}{}{}", " ".repeat(gap), remark::kpi(&remark))
            }
        };
        if std::mem::take(&mut blank) {
            out.push('\n');
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// For each row the column of the remark behind it.
fn remark_columns(rows: &[Row]) -> Vec<usize> {
    let mut columns = vec![0; rows.len()];
    let mut start = 0;
    for end in 0..=rows.len() {
        let goes_on = match rows.get(end) {
            Some(Row::Code { aligned, .. }) => *aligned,
            Some(Row::Remark(..)) => true,
            Some(Row::Blank) | None => false,
        };
        if goes_on {
            continue;
        }
        let widest = rows.get(start..end).unwrap_or_default().iter().filter_map(width_before_remark).max().unwrap_or(0);
        columns.iter_mut().take(end).skip(start).for_each(|column| *column = widest + 2);
        start = end + 1;
    }
    columns
}

/// How far a line with a remark behind it reaches; nothing for one that is too long to go by.
fn width_before_remark(row: &Row) -> Option<usize> {
    let Row::Code { text, behind: Some(_), .. } = row else { return None };
    Some(text_end(text)).filter(|width| *width <= REMARK_COLUMN && !text.contains('\n'))
}
