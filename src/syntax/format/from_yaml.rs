//! The outline of a YAML text that reads without mistakes. Remarks are found in the stretches between the nodes: only
//! there can a `#` begin one.

mod answers;
mod gap;
mod others;

use std::collections::BTreeMap;

use super::remark::{self, Above, Lead};
use super::text;
use super::tree::{Block, BlockWord, Entry, Kind, Page, Place, Title};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{CellTable, ClauseWord, File};
use crate::syntax::yaml::marker;
use crate::syntax::yaml::node::{self, Node, NodeKind};
use gap::{Gap, flat, settle, settle_in, without_blanks};

/// Reads the outline. `own`: to write it in YAML again, for which anchors and labels would be lost.
pub fn read(source: SourceId, text: &str, file: &File, own: bool, sink: &mut Sink) -> Option<Page> {
    if let Some(at) = marker(text).filter(|_| own) {
        sink.push(
            Diagnostic::error(
                "ML053",
                "een bestand met ankers (`&`), verwijzingen (`*`) of labels (`!`) kan `fmt` niet opmaken",
            )
            .at(Span::new(source, at))
            .help("schrijf de waarde uit, of laat dit bestand zoals het is"),
        );
        return None;
    }
    let tables = others::tables(file);
    let page = Page::default();
    let mut reader = Reader { text, tables, at: 0, behind_key: None, waiting: Lead::new(), sign: None, page };
    for (index, root) in node::read_all(source, text, &mut Sink::default()).iter().enumerate() {
        reader.part(root, index == 0);
    }
    let gap = reader.gap(text.len());
    reader.page.end = reader.settle(gap, 0);
    if let Some(at) = reader.sign.take().filter(|_| own) {
        sink.push(
            Diagnostic::error(
                "ML053",
                "een bestand met een regel van YAML zelf (`%…` of `...`) kan `fmt` niet opmaken",
            )
            .at(Span::new(source, at))
            .help("haal de regel weg, of laat dit bestand zoals het is"),
        );
        return None;
    }
    reader.page.marked &= own;
    Some(reader.page)
}

struct Reader<'a> {
    text: &'a str,
    /// The tables of cells by where they begin.
    tables: BTreeMap<u32, &'a CellTable>,
    /// Up to here everything has its place.
    at: usize,
    /// The remark behind a key of which the value stands on the next lines.
    behind_key: Option<String>,
    /// Remarks above sections without anything in them.
    waiting: Lead,
    /// A line for programs that read YAML: `%YAML 1.2`, `...`.
    sign: Option<std::ops::Range<usize>>,
    page: Page,
}

impl Reader<'_> {
    /// The sections of the whole file, or of the part of it up to `---`.
    fn part(&mut self, root: &Node, first: bool) {
        let NodeKind::Mapping(sections) = &root.kind else { return };
        for (index, (key, value)) in sections.iter().enumerate() {
            let gap = self.gap(key.site().range().start);
            self.page.marked |= first && index == 0 && gap.marked;
            let mut above = self.settle(gap, 0);
            self.pass_key(key);
            above.extend(self.behind_key.take().map(Above::Remark));
            let first = self.page.entries.len();
            let name = name_of(key);
            self.section(&name, value);
            match self.page.entries.get_mut(first) {
                Some(entry) => entry.above.splice(0..0, above).for_each(drop),
                // Nothing stands under it: its remarks go on to what follows.
                None => self.waiting.extend(above),
            }
        }
    }

    /// Gives remarks that stand further to the right than `column` to the declaration before; the others remain.
    fn settle(&mut self, gap: Gap, column: usize) -> Lead {
        let mut lead = std::mem::take(&mut self.waiting);
        lead.extend(settle(self.page.entries.last_mut(), gap, column));
        lead
    }

    fn section(&mut self, name: &str, value: &Node) {
        match name {
            "gebruik" => self.uses(value),
            "meetstoringen" => self.faults(value),
            "doelen" => self.each(value, |reader, name, value| reader.strategy(BlockWord::Goal, name, value)),
            "klantketens" => self.each(value, |reader, name, value| reader.strategy(BlockWord::Chain, name, value)),
            "kalenders" => self.each(value, Self::calendar),
            "parameters" => self.each(value, Self::parameter),
            "bronsystemen" => self.each(value, Self::source),
            "dimensies" => self.each(value, Self::dimension),
            "toetsen" => self.each(value, Self::trial),
            "kpis" => self.each(value, |reader, name, value| reader.kpi(BlockWord::Kpi, name, value)),
            "aanpassingen" => self.each(value, |reader, name, value| reader.kpi(BlockWord::Adjustment, name, value)),
            _ => {}
        }
    }

    fn uses(&mut self, value: &Node) {
        for item in items(value) {
            let gap = self.gap(item.site().range().start);
            let lead = gap.behind.map(Above::Remark).into_iter().chain(gap.lines.into_iter().map(|(_, l)| l)).collect();
            let mut entry = Entry::new(Kind::Use(scalar_text(item)));
            self.at = item.site().range().end;
            entry.lead = lead;
            entry.behind = self.behind();
            self.page.entries.push(entry);
        }
    }

    /// The named declarations of a section.
    fn each(&mut self, value: &Node, read: impl Fn(&mut Self, String, &Node) -> Entry) {
        let first = self.page.entries.len();
        for (key, value) in entries(value) {
            let start = key.site().range().start;
            let gap = self.gap(start);
            let opens = self.page.entries.len() == first;
            let column = self.column(start);
            let lead = if opens { flat(gap) } else { self.settle(gap, column) };
            self.pass_key(key);
            let name = name_of(key);
            let NodeKind::Sequence(versions) = &value.kind else {
                let mut entry = read(self, name, value);
                entry.lead.splice(0..0, lead);
                self.page.entries.push(entry);
                continue;
            };
            // The versions of one definition.
            let mut lead = lead;
            lead.extend(self.behind_key.take().map(Above::Remark));
            for (index, version) in versions.iter().enumerate() {
                let start = version.site().range().start;
                let dash = self.text.get(..start).and_then(|before| before.rfind('-')).map_or(0, |at| self.column(at));
                let gap = self.gap(start);
                lead.extend(if index == 0 { flat(gap) } else { self.settle(gap, dash) });
                let mut entry = read(self, name.clone(), version);
                entry.lead.splice(0..0, std::mem::take(&mut lead));
                self.page.entries.push(entry);
            }
        }
    }

    fn column(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    // -------------------------------------------------------------------------------------------- declarations

    /// `naam: {type: duur, waarde: 20 s}` or `naam: duur = 20 s`
    fn parameter(&mut self, name: String, value: &Node) -> Entry {
        let mut lead = Lead::new();
        let (mut ty, mut set) = (String::new(), None);
        let mut behind = None;
        if let NodeKind::Mapping(fields) = &value.kind {
            for (key, field) in fields {
                lead.extend(flat(self.gap(key.site().range().start)));
                self.at = key.site().range().end;
                lead.extend(self.behind_key.take().map(Above::Remark));
                let (written, remarks) = self.written(field);
                lead.extend(remarks);
                behind = behind.or_else(|| self.behind());
                match name_of(key).as_str() {
                    "type" => written.trim().clone_into(&mut ty),
                    _ => set = Some(written.trim().to_owned()),
                }
            }
            self.at = self.at.max(value.site().range().end);
            behind = behind.or_else(|| self.behind());
            // YAML took the quotes off.
            set = set.map(|set| if ty == "tekst" && !set.starts_with('"') { text::quoted(&set) } else { set });
        } else {
            let (written, remarks) = self.written(value);
            lead.extend(remarks);
            behind = self.behind();
            match written.split_once('=') {
                Some((before, after)) => {
                    before.trim().clone_into(&mut ty);
                    set = Some(after.trim().to_owned());
                }
                None => written.trim().clone_into(&mut ty),
            }
        }
        let mut entry = Entry::new(Kind::Parameter { name, ty, value: set });
        entry.lead = remark::remarks(&lead).map(|r| Above::Remark(r.to_owned())).collect();
        entry.behind = behind;
        entry
    }

    fn kpi(&mut self, word: BlockWord, name: String, value: &Node) -> Entry {
        self.block(word, name, value, |reader, block, key, gap, value| {
            let mut lead = settle_in(block, gap);
            if key == "geldig" {
                let (written, remarks) = reader.written(value);
                lead.extend(remarks);
                lead.extend(reader.behind().map(Above::Remark));
                block.head.push(("geldig", written.trim().to_owned()));
                block.end.extend(lead);
                return;
            }
            let Some(clause) = ClauseWord::of(key) else { return };
            let (answer, remarks) = reader.answer(clause, value);
            lead.extend(remarks);
            let mut entry = Entry::new(Kind::Clause { word: clause.word(), answer });
            entry.lead = lead;
            entry.behind = reader.behind();
            block.entries.push(entry);
        })
    }

    fn source(&mut self, name: String, value: &Node) -> Entry {
        self.block(BlockWord::Source, name, value, |reader, block, key, gap, value| {
            if key == "tabellen" {
                let above = settle_in(block, gap);
                reader.inside(block, above, value, Self::table);
            }
        })
    }

    fn table(&mut self, name: String, value: &Node) -> Entry {
        self.block(BlockWord::Table, name, value, |reader, block, key, gap, value| {
            let above = settle_in(block, gap);
            match key {
                "uit" | "waarbij" | "per" | "verenigt" => {
                    let (written, remarks) = reader.written(value);
                    let written = written.trim();
                    let (word, written) = match key {
                        "uit" => ("uit", names(written, '.')),
                        "per" => ("per", names(written, ',')),
                        "verenigt" => {
                            let paths: Vec<String> = written.split(',').map(|path| names(path, '.')).collect();
                            ("verenigt", paths.join(", "))
                        }
                        _ => ("waarbij", written.to_owned()),
                    };
                    block.end.extend(above.into_iter().chain(remarks));
                    block.end.extend(reader.behind().map(Above::Remark));
                    block.head.push((word, written));
                }
                "geldig" => {
                    let (written, remarks) = reader.written(value);
                    let written = written.trim().to_owned();
                    let kind = Kind::Line { place: Place::Validity, key: String::new(), written };
                    let mut entry = Entry::new(kind);
                    entry.lead = above.into_iter().chain(remarks).collect();
                    entry.behind = reader.behind();
                    block.entries.push(entry);
                }
                "kolommen" => reader.inside(block, above, value, |reader, name, value| {
                    let (body, remarks) = reader.column_body(value);
                    let mut entry = Entry::new(Kind::Column { name, body });
                    entry.lead = remarks;
                    entry.behind = reader.behind();
                    entry
                }),
                "eisen" => reader.inside(block, above, value, |reader, name, value| {
                    let (condition, remarks) = reader.written(value);
                    let mut entry = Entry::new(Kind::Requirement { name, condition });
                    entry.lead = remarks;
                    entry.behind = reader.behind();
                    entry
                }),
                _ => {}
            }
        })
    }

    /// A block of keys: its title is taken out, the rest is `read` key by key.
    fn block(
        &mut self,
        word: BlockWord,
        name: String,
        value: &Node,
        read: impl Fn(&mut Self, &mut Block, &str, Gap, &Node),
    ) -> Entry {
        let mut block = Block::new(word, name);
        block.open = self.behind_key.take();
        block.column = entries(value).first().map_or(0, |(key, _)| self.column(key.site().range().start));
        for (key, value) in entries(value) {
            let gap = self.gap(key.site().range().start);
            self.pass_key(key);
            let key = name_of(key);
            if key == "titel" {
                let mut lead = settle_in(&mut block, gap);
                let (text, remarks) = self.text(value);
                lead.extend(remarks);
                block.title = Some(Title { lead: without_blanks(lead), text, behind: self.behind() });
            } else {
                read(self, &mut block, &key, gap, value);
            }
        }
        if block.head.len() > 1 {
            block.head.sort_by_key(|(word, _)| ["uit", "waarbij", "per"].iter().position(|w| w == word));
        }
        // Remarks of its head stand before everything.
        let lead: Lead =
            if block.head.is_empty() { Lead::new() } else { without_blanks(std::mem::take(&mut block.end)) };
        let mut entry = Entry::new(Kind::Block(block));
        entry.lead = lead;
        entry
    }

    /// The entries under a key of a block.
    fn inside(
        &mut self,
        block: &mut Block,
        above: Lead,
        value: &Node,
        read: impl Fn(&mut Self, String, &Node) -> Entry,
    ) {
        let above: Lead = above.into_iter().chain(self.behind_key.take().map(Above::Remark)).collect();
        let first = block.entries.len();
        for (key, value) in entries(value) {
            let start = key.site().range().start;
            let gap = self.gap(start);
            let column = self.column(start);
            let opens = block.entries.len() == first;
            let lead = if opens { flat(gap) } else { settle(block.entries.last_mut(), gap, column) };
            self.pass_key(key);
            let mut entry = read(self, name_of(key), value);
            entry.lead.splice(0..0, lead);
            if opens {
                entry.above.clone_from(&above);
            }
            block.entries.push(entry);
        }
        if block.entries.len() == first {
            block.end.extend(above);
        }
    }
}

/// The items of a list, or the one node itself.
fn items(node: &Node) -> &[Node] {
    match &node.kind {
        NodeKind::Sequence(items) => items,
        _ => std::slice::from_ref(node),
    }
}

fn entries(node: &Node) -> &[(Node, Node)] {
    match &node.kind {
        NodeKind::Mapping(entries) => entries,
        _ => &[],
    }
}

fn scalar_text(node: &Node) -> String {
    node.scalar().map(|s| s.fragment.text.clone()).unwrap_or_default()
}

/// A key as a name, without back-ticks.
fn name_of(key: &Node) -> String {
    use unicode_normalization::UnicodeNormalization;
    let text = scalar_text(key);
    let text = text.trim();
    text.strip_prefix('`').and_then(|t| t.strip_suffix('`')).unwrap_or(text).nfc().collect()
}

/// `team, beller` or `acd.gesprek`, each name in back-ticks where it needs them.
fn names(written: &str, separator: char) -> String {
    let bare = |part: &str| part.strip_prefix('`').and_then(|p| p.strip_suffix('`')).unwrap_or(part).to_owned();
    let all: Vec<String> = written.split(separator).map(|part| text::name(&bare(part.trim()))).collect();
    all.join(if separator == ',' { ", " } else { "." })
}
