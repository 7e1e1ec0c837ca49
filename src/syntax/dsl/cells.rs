//! The lines of cells in a `toets`: `| a | "b|c" |`. They are read as written, not as tokens, because a cell may hold
//! anything. The same for `.kpi` files and for a text in YAML. Knows no types and no columns.

use super::lexical::shown;
use super::literal::{normal, unquote};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::Span;
use crate::syntax::ast::{Cell, CellRow, CellTable};
use crate::syntax::fragment::Fragment;

/// Reads lines of cells from byte `start` of a text, where the first of them begins. Gives the table (nothing where no
/// row could be read; a diagnostic is given), whether all of it was read, and the byte behind its last line.
pub(super) fn table(text: &Fragment, start: usize, sink: &mut Sink) -> (Option<CellTable>, bool, usize) {
    let before = sink.len();
    let mut lines = Vec::new();
    let mut end = start;
    for (at, line) in lines_from(&text.text, start) {
        let bare = line.trim_start();
        if bare.starts_with('|') {
            lines.push((at + line.len() - bare.len(), bare));
            end = at + line.len();
        } else if !bare.is_empty() && !bare.starts_with("//") {
            break;
        }
    }
    let mut lines = lines.into_iter();
    let Some((at, line)) = lines.next() else { return (None, false, end) };
    let Some((head, _)) = (Line { text, sink }).cells(at, line, true) else { return (None, false, end) };
    let span = text.span(start, end);
    if !check_head(&head, span, sink) {
        return (None, false, end);
    }
    let mut rows = Vec::new();
    for (at, line) in lines {
        if is_rule(line) {
            sink.push(no_rule(text.span(at, at + line.trim_end().len())));
            continue;
        }
        let Some((cells, length)) = (Line { text, sink }).cells(at, line, false) else { continue };
        let span = text.span(at, at + length);
        if cells.len() == head.len() {
            rows.push(CellRow { cells: cells.into_iter().map(Some).collect(), span });
        } else {
            sink.push(other_length(cells.len(), head.len(), span));
        }
    }
    (Some(CellTable { head, rows, span }), sink.len() == before, end)
}

/// Each line from `start`, without its line break, and where it begins.
fn lines_from(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = start;
    text.get(start..).unwrap_or_default().split_inclusive('\n').map(move |line| {
        let here = at;
        at += line.len();
        (here, line.trim_end_matches(['\n', '\r']))
    })
}

/// `|---|---|`, as Markdown has it.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.trim_end().chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) && line.contains("--")
}

fn no_rule(span: Span) -> Diagnostic {
    Diagnostic::error("ML050", "onder de kop van een tabel hoort hier geen streep")
        .at(span)
        .help("haal deze regel weg")
        .replace(span, "")
}

fn other_length(found: usize, wanted: usize, row: Span) -> Diagnostic {
    let cells = if found == 1 { "1 cel".to_owned() } else { format!("{found} cellen") };
    let diagnostic = Diagnostic::error("ML051", format!("deze rij heeft {cells}, en de kop {wanted}")).at(row);
    if found > wanted {
        diagnostic.help("staat er een `|` in een cel, zet de cel dan tussen aanhalingstekens")
    } else {
        diagnostic.help("een lege cel staat ook tussen streepjes: `|   |`")
    }
}

/// Every column needs a name of its own.
fn check_head(head: &[Cell], span: Span, sink: &mut Sink) -> bool {
    let mut good = true;
    if head.is_empty() {
        sink.push(
            Diagnostic::error("ML050", "deze tabel heeft geen kolommen").at(span).help("schrijf `| kolom | kolom |`"),
        );
        return false;
    }
    for (index, cell) in head.iter().enumerate() {
        if cell.text.is_empty() {
            good = false;
            sink.push(
                Diagnostic::error("ML050", "deze kolom heeft geen naam")
                    .at(cell.span)
                    .help("de eerste regel van een tabel noemt de kolommen"),
            );
        } else if let Some(first) = head.iter().take(index).find(|c| c.text == cell.text && c.quoted == cell.quoted) {
            good = false;
            sink.push(
                Diagnostic::error("ML050", format!("kolom {} staat er twee keer", shown(&cell.text)))
                    .at(cell.span)
                    .also(first.span, "de eerste")
                    .help("haal een van beide weg"),
            );
        }
    }
    good
}

/// One line on its way to cells.
struct Line<'a, 's> {
    text: &'a Fragment,
    sink: &'s mut Sink,
}

impl Line<'_, '_> {
    /// The cells of a line that begins with a bar at byte `at`, and how long it is through its last bar. Nothing where
    /// the cells could not be told apart.
    fn cells(&mut self, at: usize, line: &str, head: bool) -> Option<(Vec<Cell>, usize)> {
        let mut cells = Vec::new();
        let mut rest = 1;
        loop {
            let tail = line.get(rest..)?;
            let bare = tail.trim_start();
            if (bare.is_empty() || bare.starts_with("//")) && !cells.is_empty() {
                return Some((cells, rest));
            }
            let from = rest + tail.len() - bare.len();
            let quote = if head { '`' } else { '"' };
            let (cell, length) = if bare.starts_with(quote) {
                self.quoted(at + from, bare, quote)?
            } else {
                self.plain(at + rest, at + from, bare, head)
            };
            let behind = line.get(from + length..)?;
            let next = behind.trim_start();
            let gap = behind.len() - next.len();
            if next.starts_with('|') {
                cells.push(cell);
                rest = from + length + gap + 1;
                continue;
            }
            self.sink.push(self.no_bar(&cell, next, at + from + length + gap));
            return None;
        }
    }

    /// A cell without quotes: up to the next bar. `gap` is where the white space before it begins.
    fn plain(&self, gap: usize, start: usize, bare: &str, head: bool) -> (Cell, usize) {
        let end = [bare.find('|'), bare.find("//"), Some(bare.len())].into_iter().flatten().min().unwrap_or(0);
        let raw = bare.get(..end).unwrap_or_default().trim_end();
        let fragment = self.text.slice(start..start + raw.len());
        // A blank cell is the place between its bars.
        let span = if raw.is_empty() { self.text.span(gap, start) } else { fragment.whole() };
        let text = if head { normal(raw) } else { raw.to_owned() };
        (Cell { text, quoted: false, fragment, span }, raw.len())
    }

    /// A cell in quotes, with what is inside.
    fn quoted(&mut self, start: usize, bare: &str, quote: char) -> Option<(Cell, usize)> {
        let mut escaped = false;
        let close = bare.char_indices().skip(1).find(|&(_, c)| {
            let found = c == quote && !escaped;
            escaped = c == '\\' && !escaped && quote == '"';
            found
        });
        let Some((close, _)) = close else {
            let span = self.text.span(start, start + bare.trim_end().len());
            self.sink.push(
                Diagnostic::error("ML004", "deze cel is niet afgesloten: het aanhalingsteken aan het eind ontbreekt")
                    .at(span)
                    .help(format!("zet `{}` aan het eind van de cel", if quote == '`' { "U+0060" } else { "\"" })),
            );
            return None;
        };
        let raw = bare.get(..=close).unwrap_or_default();
        let text = if quote == '`' { normal(raw) } else { unquote(raw) };
        let fragment = self.text.slice(start + 1..start + close);
        let span = self.text.span(start, start + raw.len());
        Some((Cell { text, quoted: true, fragment, span }, raw.len()))
    }

    fn no_bar(&self, cell: &Cell, next: &str, at: usize) -> Diagnostic {
        if next.is_empty() || (next.starts_with("//") && !next.contains('|')) {
            let place = cell.span.after();
            return Diagnostic::error("ML050", "aan het eind van deze rij ontbreekt een `|`")
                .at(cell.span)
                .help("sluit elke rij af met `|`")
                .replace(place, " |");
        }
        let span = self.text.span(at, at + next.trim_end().len());
        if next.starts_with("//") {
            return Diagnostic::error("ML050", "achter `//` staat commentaar, ook in een tabel")
                .at(span)
                .help("zet de cel tussen aanhalingstekens");
        }
        Diagnostic::error("ML050", "achter een cel tussen aanhalingstekens hoort `|`")
            .at(span)
            .help("schrijf een aanhalingsteken in de cel als `\\\"`")
    }
}
