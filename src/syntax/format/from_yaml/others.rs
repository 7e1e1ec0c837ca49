//! The declarations other than sources, parameters and KPIs: dimensions, calendars, goals and chains, faults and toetsen.

use std::collections::BTreeMap;

use super::super::cells;
use super::super::remark::{self, Above, Lead};
use super::super::text;
use super::super::tree::{Answer, BlockWord, Entry, Kind, Place, Row};
use super::answers::with_comma;
use super::{Reader, entries, flat, items, name_of, names, scalar_text, settle_in, without_blanks};
use crate::diagnostic::Sink;
use crate::syntax::ast::{CalendarWord, CellTable, Declaration, ExprKind, File, StrategyKind, StrategyWord};
use crate::syntax::dsl;
use crate::syntax::fragment::Fragment;
use crate::syntax::yaml::node::{Node, NodeKind};
use crate::syntax::yaml::{Style, is_statement};

impl Reader<'_> {
    pub(super) fn faults(&mut self, value: &Node) {
        for item in items(value) {
            let mut lead = flat(self.gap(item.site().range().start));
            let mut fields: BTreeMap<String, String> = BTreeMap::new();
            let mut behind = None;
            for (key, value) in entries(item) {
                let before = self.gap(key.site().range().start);
                lead.extend(without_blanks(flat(before)));
                self.pass_key(key);
                let (text, remarks) = self.text(value);
                lead.extend(remarks);
                let remark = self.behind();
                match behind {
                    None => behind = remark,
                    Some(_) => lead.extend(remark.map(Above::Remark)),
                }
                fields.insert(name_of(key), text);
            }
            self.at = self.at.max(item.site().range().end);
            behind = behind.or_else(|| self.behind());
            let mut take = |key: &str| fields.remove(key);
            let (path, validity) = (take("bron").unwrap_or_default(), take("geldig").unwrap_or_default());
            let (reason, direction) = (take("reden").unwrap_or_default(), take("richting"));
            let path = names(path.trim(), '.');
            let mut entry = Entry::new(Kind::Fault { path, validity, reason, direction });
            entry.lead = lead;
            entry.behind = behind;
            self.page.entries.push(entry);
        }
    }

    pub(super) fn strategy(&mut self, word: BlockWord, name: String, value: &Node) -> Entry {
        let kind = if word == BlockWord::Goal { StrategyKind::Goal } else { StrategyKind::Chain };
        self.block(word, name, value, |reader, block, key, gap, value| {
            let Some(&word) = kind.words().iter().find(|word| word.word() == key) else { return };
            let above = settle_in(block, gap);
            let mut entry = if matches!(word, StrategyWord::Vision | StrategyWord::Owner) {
                let (text, remarks) = reader.text(value);
                let answer = Answer::Text(text);
                let mut entry = Entry::new(Kind::Clause { word: word.word(), answer });
                entry.lead = remarks;
                entry.behind = reader.behind();
                entry
            } else {
                reader.dimension_line(Place::Strategy(word), String::new(), value)
            };
            entry.lead.splice(0..0, above);
            block.entries.push(entry);
        })
    }

    pub(super) fn calendar(&mut self, name: String, value: &Node) -> Entry {
        self.block(BlockWord::Calendar, name, value, |reader, block, key, gap, value| {
            let Some(word) = CalendarWord::of(key) else { return };
            let above = settle_in(block, gap);
            let first = block.entries.len();
            let (mut written, mut lead) = (String::new(), Lead::new());
            let list = items(value);
            for (index, item) in list.iter().enumerate() {
                let before = reader.lines_before(item);
                lead.extend(before);
                let (text, _) = reader.written(item);
                // As the reader of the notation does: what is no whole statement goes on in the next item.
                let whole = index + 1 == list.len() || is_statement(word, text.trim());
                written.push_str(text.trim());
                let remark = if list.len() > 1 { reader.behind() } else { None };
                if whole {
                    let written = std::mem::take(&mut written);
                    let kind = Kind::Line { place: Place::Calendar(word), key: String::new(), written };
                    let mut entry = Entry::new(kind);
                    entry.lead = std::mem::take(&mut lead);
                    entry.behind = remark;
                    block.entries.push(entry);
                } else {
                    written.push_str(", ");
                    lead.extend(remark.map(Above::Remark));
                }
            }
            reader.at = reader.at.max(value.site().range().end);
            if let Some(entry) = block.entries.get_mut(first) {
                let lead = if list.len() > 1 { &mut entry.above } else { &mut entry.lead };
                lead.splice(0..0, above);
                entry.behind = entry.behind.take().or_else(|| reader.behind());
                entry.lead.extend(reader.behind_key.take().map(Above::Remark));
            }
        })
    }

    pub(super) fn dimension(&mut self, name: String, value: &Node) -> Entry {
        self.block(BlockWord::Dimension, name, value, |reader, block, key, gap, value| {
            let above = settle_in(block, gap);
            let line =
                |place| move |reader: &mut Self, key: String, value: &Node| reader.dimension_line(place, key, value);
            match key {
                "leden" => {
                    let mut entry = reader.dimension_line(Place::Members, String::new(), value);
                    entry.lead.splice(0..0, above);
                    block.entries.push(entry);
                }
                "spellingen" => reader.inside(block, above, value, line(Place::Spellings)),
                "groepen" => reader.inside(block, above, value, line(Place::Group)),
                _ => reader.inside(block, above, value, line(Place::Binding)),
            }
        })
    }

    fn dimension_line(&mut self, place: Place, key: String, value: &Node) -> Entry {
        let mut written = String::new();
        // Behind the key of a list a remark is about all of it.
        let list = matches!(value.kind, NodeKind::Sequence(_));
        let behind_key = if list { self.behind_key.take() } else { None };
        for item in items(value) {
            let (text, remarks) = self.written(item);
            let text = match place {
                _ if place.is_texts() => text::quoted(text.trim()),
                Place::Binding => text.trim().to_owned(),
                _ => names(text.trim(), ','),
            };
            if !written.is_empty() {
                written = with_comma(written.trim_end_matches('\n'));
            }
            self.add_item(&mut written, &text, &remarks);
        }
        self.at = self.at.max(value.site().range().end);
        let key = if place == Place::Binding { names(&key, '.') } else { key };
        let mut entry = Entry::new(Kind::Line { place, key, written: written.trim_end().to_owned() });
        entry.lead = behind_key.into_iter().map(Above::Remark).collect();
        entry.behind = self.behind();
        entry
    }

    pub(super) fn trial(&mut self, name: String, value: &Node) -> Entry {
        self.block(BlockWord::Trial, name, value, |reader, block, key, gap, value| {
            let above = settle_in(block, gap);
            match key {
                "kpi" | "peilmoment" => {
                    let place = if key == "kpi" { Place::TrialKpi } else { Place::TrialMoment };
                    let (written, remarks) = reader.written(value);
                    let written = if key == "kpi" { names(written.trim(), '.') } else { written };
                    let mut entry = Entry::new(Kind::Line { place, key: String::new(), written });
                    entry.lead = above.into_iter().chain(remarks).collect();
                    entry.behind = reader.behind();
                    block.entries.push(entry);
                }
                "parameters" => reader.inside(block, above, value, Self::trial_parameter),
                "gegeven" => reader
                    .inside(block, above, value, |reader, name, value| reader.cells(Some(names(&name, '.')), value)),
                _ => {
                    let mut entry = reader.cells(None, value);
                    entry.lead.splice(0..0, above);
                    block.entries.push(entry);
                }
            }
        })
    }

    fn trial_parameter(&mut self, name: String, value: &Node) -> Entry {
        let (written, remarks) = self.written(value);
        let written = written.trim();
        // A text stands in YAML's quotes or in its own; what is a value of the language is that.
        let source = value.span.source;
        let literal = |text: &str| {
            let mut unheard = Sink::default();
            let read = dsl::parse_expr(&Fragment::verbatim(source, text, 0), &mut unheard);
            unheard.is_empty() && read.is_some_and(|e| matches!(e.kind, ExprKind::Literal(_)))
        };
        let plain = value.scalar().is_none_or(|s| s.style == Style::Plain) || written.starts_with('"');
        let written = if plain || literal(written) { written.to_owned() } else { text::quoted(written) };
        let mut entry = Entry::new(Kind::Line { place: Place::TrialParameter, key: name, written });
        entry.lead = remarks;
        entry.behind = self.behind();
        entry
    }

    /// Rows of cells: a text with lines of them, or a list of rows.
    fn cells(&mut self, table: Option<String>, value: &Node) -> Entry {
        let mut entry = Entry::new(Kind::Use(String::new()));
        let rows = if let NodeKind::Sequence(rows) = &value.kind {
            entry.behind = self.behind_key.take();
            self.listed_rows(value.site().range().start, rows)
        } else {
            entry.behind = self.behind_key.take();
            self.gap(value.site().range().start);
            let text = scalar_text(value);
            self.at = self.at.max(value.site().range().end);
            let read = dsl::parse_cells(&Fragment::verbatim(value.span.source, text.trim(), 0), &mut Sink::default()).0;
            read.map(|table| with_rest(cells::read(&table, text.trim(), 0), text.trim())).unwrap_or_default()
        };
        entry.kind = Kind::Cells { table, rows };
        entry
    }

    fn listed_rows(&mut self, start: usize, items: &[Node]) -> Vec<Row> {
        let table = u32::try_from(start).ok().and_then(|start| self.tables.get(&start).copied());
        let Some(table) = table else { return Vec::new() };
        let mut rows = vec![Row { cells: cells::head(table), ..Row::default() }];
        for (item, row) in items.iter().zip(&table.rows) {
            let gap = self.gap(item.site().range().start);
            let lead = without_blanks(flat(gap));
            let mut inner = Lead::new();
            for (key, value) in entries(item) {
                inner.extend(flat(self.gap(key.site().range().start)));
                self.at = key.site().range().end;
                inner.extend(flat(self.gap(value.site().range().start)));
                self.at = self.at.max(value.site().range().end);
            }
            self.at = self.at.max(item.site().range().end);
            let behind = self.behind();
            let lead = lead.into_iter().chain(without_blanks(inner)).collect();
            rows.push(Row { lead, cells: row.cells.iter().map(|c| cells::cell(c.as_ref())).collect(), behind });
        }
        rows
    }
}

/// The tables of cells in a file, by where they begin.
pub(super) fn tables(file: &File) -> BTreeMap<u32, &CellTable> {
    let trials =
        file.declarations.iter().filter_map(|d| if let Declaration::Trial(def) = d { Some(def) } else { None });
    let tables = trials.flat_map(|def| def.given.iter().map(|given| &given.cells).chain(&def.expected));
    tables.map(|table| (table.span.start, table)).collect()
}

/// Rows with the remarks behind the last of them.
fn with_rest((opened, mut rows, end): (Option<String>, Vec<Row>, usize), text: &str) -> Vec<Row> {
    let gap = remark::gap(text.get(end..).unwrap_or_default(), false);
    if let Some(last) = rows.last_mut() {
        last.behind = gap.behind;
        last.lead.extend(without_blanks(gap.lines));
    }
    if let (Some(first), Some(remark)) = (rows.first_mut(), opened) {
        first.lead.insert(0, Above::Remark(remark));
    }
    rows
}
