//! An outline in the YAML notation: sections by kind, keys in a fixed order, quotes only where they are needed.

mod lines;

use unicode_width::UnicodeWidthStr;

use super::answer::{self, Piece};
use super::doc::{WIDTH, layout};
use super::norm;
use super::remark::{self, Above, Lead};
use super::scalar;
use super::tree::{Answer, Block, Entry, Kind, Page, Place, Title};
use crate::syntax::ast::ClauseWord;
use crate::syntax::yaml::SECTIONS;

const STEP: usize = 2;

/// The keys of a block of which the entries are named, in the order in which they are written.
const INSIDE: [&str; 21] = [
    "opgave",
    "doelen",
    "klantwaarden",
    "interne_waarden",
    "feestdagen",
    "werkdagen",
    "open",
    "gesloten",
    "tabellen",
    "geldig",
    "kolommen",
    "eisen",
    "leden",
    "spellingen",
    "groepen",
    "in",
    "kpi",
    "peilmoment",
    "parameters",
    "gegeven",
    "verwacht",
];

/// Clauses of which several answers are a list.
const LISTS: [&str; 4] = ["bronsysteem", "dimensies", "klantketen", "draagt_bij_aan"];

/// Writes a file.
pub fn write(page: &Page) -> String {
    let mut out = Writer::default();
    out.lead(0, &page.header);
    for name in SECTIONS {
        let entries: Vec<&Entry> = page.entries.iter().filter(|e| e.kind.section() == Some(name)).collect();
        if entries.is_empty() {
            continue;
        }
        out.blank();
        out.section(0, name, &entries);
    }
    out.tail(0, &page.end);
    out.text
}

#[derive(Default)]
struct Writer {
    text: String,
    blank: bool,
}

impl Writer {
    fn blank(&mut self) {
        self.blank = !self.text.is_empty();
    }

    fn line(&mut self, indent: usize, text: &str) {
        if std::mem::take(&mut self.blank) {
            self.text.push('\n');
        }
        if !text.is_empty() {
            self.text.push_str(&" ".repeat(indent));
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    /// Lines before something, without a blank one at their begin.
    fn lead(&mut self, indent: usize, lead: &Lead) {
        let skip = usize::from(remark::begins_blank(lead));
        for line in lead.get(skip..).unwrap_or_default() {
            match line {
                Above::Blank => self.blank(),
                Above::Remark(text) => self.line(indent, &remark::yaml(text)),
            }
        }
    }

    fn tail(&mut self, indent: usize, end: &Lead) {
        let kept = remark::trimmed(end);
        if kept.is_empty() {
            return;
        }
        if remark::begins_blank(end) {
            self.blank();
        }
        self.lead(indent, &kept);
    }

    /// A line with the remark behind it.
    fn with_behind(&mut self, indent: usize, text: &str, behind: Option<&String>) {
        match behind {
            // As written: `#12` may be a text that YAML cut off, of which the author is warned.
            Some(remark) => self.line(indent, &format!("{text}  #{remark}")),
            None => self.line(indent, text),
        }
    }

    // -------------------------------------------------------------------------------------------- declarations

    /// A key with the entries under it.
    fn section(&mut self, indent: usize, name: &str, entries: &[&Entry]) {
        if let Some(first) = entries.first() {
            self.lead(indent, &first.above);
        }
        if name == "gebruik" {
            self.uses(indent, entries);
            return;
        }
        self.line(indent, &format!("{name}:"));
        let name_of = |entry: &Entry| match &entry.kind {
            Kind::Block(block) if indent == 0 => Some(block.name.clone()),
            _ => None,
        };
        for (index, entry) in entries.iter().enumerate() {
            let name = name_of(entry);
            let block = name.is_some();
            let same = |e: &&&Entry| block && name_of(e) == name;
            // Versions of one definition stand together, where the first of them stands.
            if entries.iter().take(index).any(|e| same(&e)) {
                continue;
            }
            let versions: Vec<&Entry> = entries.iter().filter(same).copied().collect();
            if let (Some(name), true) = (&name, versions.len() > 1) {
                if index > 0 {
                    self.blank();
                }
                self.versions(indent + STEP, name, &versions);
                continue;
            }
            if index > 0 && (block || remark::begins_blank(&entry.lead)) {
                self.blank();
            }
            self.lead(indent + STEP, &entry.lead);
            self.entry(indent + STEP, entry);
        }
    }

    fn uses(&mut self, indent: usize, entries: &[&Entry]) {
        let paths: Vec<String> = entries
            .iter()
            .filter_map(|e| match &e.kind {
                Kind::Use(path) => Some(scalar::quoted(path)),
                _ => None,
            })
            .collect();
        let line = format!("gebruik: [{}]", paths.join(", "));
        let clean = entries.iter().all(|e| e.behind.is_none() && remark::remarks(&e.lead).next().is_none());
        if clean && line.width() <= WIDTH {
            self.line(indent, &line);
            return;
        }
        self.line(indent, "gebruik:");
        for (entry, path) in entries.iter().zip(&paths) {
            self.lead(indent + STEP, &entry.lead);
            self.with_behind(indent + STEP, &format!("- {path}"), entry.behind.as_ref());
        }
    }

    fn entry(&mut self, indent: usize, entry: &Entry) {
        match &entry.kind {
            Kind::Parameter { name, ty, value } => self.parameter(indent, name, ty, value.as_deref(), entry),
            Kind::Block(block) => self.block(indent, block, entry),
            Kind::Clause { word, answer } => self.clause(indent, word, answer, entry),
            Kind::Column { name, body } => {
                let pieces = column(&answer::read(body).pieces);
                self.written(indent, name, &pieces, body, entry);
            }
            Kind::Requirement { name, condition } => {
                let pieces = answer::read(condition).pieces;
                self.written(indent, name, &pieces, condition, entry);
            }
            Kind::Line { place, key, written } => self.setting(indent, *place, key, written, entry),
            Kind::Fault { path, validity, reason, direction } => {
                self.fault(indent, path, validity, reason, direction.as_deref(), entry);
            }
            Kind::Cells { table, rows } => {
                let key = table.as_deref().map_or_else(|| "verwacht".to_owned(), key);
                self.cells(indent, &key, rows, entry.behind.as_ref());
            }
            // Written by their section.
            Kind::Use(_) => {}
        }
    }

    /// `naam: {type: duur, waarde: 20 s}`
    fn parameter(&mut self, indent: usize, name: &str, ty: &str, value: Option<&str>, entry: &Entry) {
        let key = key(name);
        let ty_pieces = answer::read(ty).pieces;
        let ty_flat = answer::flat(&ty_pieces).unwrap_or_default();
        let Some(value) = value else {
            let line = format!("{key}: {{type: {}}}", scalar::one_line(&ty_flat, true));
            return self.with_behind(indent, &line, entry.behind.as_ref());
        };
        let read = answer::read(value);
        let texts = ty_flat == "tekst";
        // In the mapping a text is itself; only a text that looks like one in quotes is written with its own.
        let shown = match (answer::only_text(&read.pieces), answer::flat(&read.pieces)) {
            (Some(text), _) if texts && text.trim() == text && !text.is_empty() && !text.starts_with('"') => Some(text),
            (only, Some(flat)) if !texts || only.is_some() => Some(flat),
            _ => None,
        };
        let (behind, more) = self.behind(indent, entry, &read.rest);
        let _ = more;
        let fit = shown.map(|shown| {
            let shown = if texts { text_scalar(&shown, true) } else { scalar::one_line(&shown, true) };
            format!("{key}: {{type: {}, waarde: {shown}}}", scalar::one_line(&ty_flat, true))
        });
        match fit {
            Some(line) if indent + line.width() <= WIDTH => self.with_behind(indent, &line, behind.as_ref()),
            _ => {
                let whole = format!("{ty} = {value}");
                let pieces = answer::read(&whole).pieces;
                self.scalar_answer(indent, &key, &pieces, behind.as_ref());
            }
        }
    }

    fn block(&mut self, indent: usize, block: &Block, entry: &Entry) {
        let behind = block.open.as_ref();
        self.with_behind(indent, &format!("{}:", key(&block.name)), behind);
        self.body(indent + STEP, block, entry);
    }

    /// The keys of a block.
    fn body(&mut self, inner: usize, block: &Block, entry: &Entry) {
        if let Some(title) = &block.title {
            self.title(inner, title);
        }
        for (word, written) in &block.head {
            let pieces = answer::read(written).pieces;
            if matches!(*word, "per" | "verenigt") {
                self.list_answer(inner, word, &pieces, None, false);
            } else {
                self.scalar_answer(inner, word, &pieces, None);
            }
        }
        self.clauses(inner, block);
        for section in INSIDE {
            let inside: Vec<&Entry> = block.entries.iter().filter(|e| e.kind.section() == Some(section)).collect();
            match inside.first().map(|entry| &entry.kind) {
                None => {}
                Some(Kind::Line { place: Place::Calendar(_), .. }) => self.statements(inner, section, &inside),
                // One answer behind the key itself.
                Some(
                    Kind::Line {
                        place:
                            Place::Members | Place::Validity | Place::TrialKpi | Place::TrialMoment | Place::Strategy(_),
                        ..
                    }
                    | Kind::Cells { table: None, .. },
                ) => {
                    for entry in inside {
                        self.lead(inner, &entry.above);
                        self.lead(inner, &entry.lead);
                        self.entry(inner, entry);
                    }
                }
                Some(_) => self.section(inner, section, &inside),
            }
        }
        self.tail(inner, &block.end);
        if let Some(remark) = &entry.behind {
            self.line(inner, &remark::yaml(remark));
        }
    }

    fn title(&mut self, indent: usize, title: &Title) {
        self.lead(indent, &title.lead);
        self.text_answer(indent, "titel", &title.text, title.behind.as_ref());
    }

    fn clauses(&mut self, indent: usize, block: &Block) {
        let place = |entry: &Entry| match &entry.kind {
            Kind::Clause { word, .. } => Some(ClauseWord::of(word)),
            _ => None,
        };
        let mut order: Vec<(usize, &Entry)> =
            block.entries.iter().enumerate().filter(|(_, e)| place(e).is_some()).collect();
        order.sort_by_key(|(_, entry)| place(entry));
        let mut before: Option<usize> = None;
        for (index, entry) in order {
            let follows = before.map(|b| b + 1) == Some(index) || (before.is_none() && index == 0);
            if follows && remark::begins_blank(&entry.lead) && (before.is_some() || block.title.is_some()) {
                self.blank();
            }
            self.lead(indent, &entry.lead);
            self.entry(indent, entry);
            before = Some(index);
        }
    }

    fn clause(&mut self, indent: usize, word: &str, answer: &Answer, entry: &Entry) {
        match answer {
            Answer::Text { value, .. } => self.text_answer(indent, word, value, entry.behind.as_ref()),
            Answer::Written(written) => {
                let mut read = answer::read(written);
                let list = word == "norm" || LISTS.contains(&word);
                if list && read.rest.len() == 1 {
                    // Behind the last of several answers.
                    read.pieces.last_mut().into_iter().for_each(|piece| piece.behind = read.rest.pop());
                }
                let (behind, _) = self.behind(indent, entry, &read.rest);
                if word == "norm" {
                    self.norm(indent, &read.pieces, behind.as_ref());
                } else if LISTS.contains(&word) {
                    self.list_answer(indent, word, &read.pieces, behind.as_ref(), true);
                } else {
                    self.scalar_answer(indent, word, &read.pieces, behind.as_ref());
                }
            }
        }
    }

    /// The remark behind an entry; those that do not fit there as well are written before it.
    fn behind(&mut self, indent: usize, entry: &Entry, rest: &[String]) -> (Option<String>, usize) {
        let mut all: Vec<String> = rest.iter().chain(&entry.behind).cloned().collect();
        let last = all.pop();
        for remark in &all {
            self.line(indent, &remark::yaml(remark));
        }
        (last, all.len())
    }

    // -------------------------------------------------------------------------------------------- answers

    fn written(&mut self, indent: usize, name: &str, pieces: &[Piece], source: &str, entry: &Entry) {
        let rest = answer::read(source).rest;
        let (behind, _) = self.behind(indent, entry, &rest);
        self.scalar_answer(indent, &key(name), pieces, behind.as_ref());
    }

    /// `sleutel: tekst`, folded or as a block where it does not fit.
    fn text_answer(&mut self, indent: usize, key: &str, text: &str, behind: Option<&String>) {
        if let Some(lines) = scalar::literal(text) {
            return self.block_scalar(indent, &format!("{key}: |"), &lines, behind);
        }
        let line = format!("{key}: {}", text_scalar(text, false));
        if indent + line.width() > WIDTH
            && let Some(lines) = scalar::folded(text, indent + STEP)
        {
            return self.block_scalar(indent, &format!("{key}: >-"), &lines, behind);
        }
        self.with_behind(indent, &line, behind);
    }

    /// `sleutel: uitdrukking`, as a block where it does not fit or holds remarks.
    fn scalar_answer(&mut self, indent: usize, key: &str, pieces: &[Piece], behind: Option<&String>) {
        if let Some(flat) = answer::flat(pieces) {
            let line = format!("{key}: {}", scalar::one_line(&flat, false));
            if indent + line.width() <= WIDTH || !flat.contains(' ') {
                return self.with_behind(indent, &line, behind);
            }
        }
        let laid = layout(&answer::doc(pieces), indent + STEP, 0, WIDTH);
        let lines: Vec<String> = laid.trim().lines().map(str::to_owned).collect();
        self.block_scalar(indent, &format!("{key}: |"), &lines, behind);
    }

    fn block_scalar(&mut self, indent: usize, head: &str, lines: &[String], behind: Option<&String>) {
        self.with_behind(indent, head, behind);
        for line in lines {
            self.line(indent + STEP, line);
        }
    }

    /// One answer as a text, more as a list.
    fn list_answer(&mut self, indent: usize, key: &str, pieces: &[Piece], behind: Option<&String>, single: bool) {
        let items: Vec<Vec<Piece>> =
            answer::parts(pieces).into_iter().map(|part| answer::drop_comma(part.to_vec())).collect();
        if single && items.len() < 2 {
            return self.single(indent, key, pieces, behind);
        }
        self.items(indent, key, items, behind);
    }

    /// One answer where there could be several.
    fn single(&mut self, indent: usize, key: &str, pieces: &[Piece], behind: Option<&String>) {
        let mut pieces = pieces.to_vec();
        let last = pieces.last_mut().and_then(|piece| piece.behind.take());
        if let (Some(remark), Some(_)) = (&last, behind) {
            self.line(indent, &remark::yaml(remark));
        }
        self.scalar_answer(indent, key, &pieces, behind.or(last.as_ref()));
    }

    fn norm(&mut self, indent: usize, pieces: &[Piece], behind: Option<&String>) {
        let items = norm::items(pieces);
        match items.as_slice() {
            _ if norm::has_members(pieces) => {
                let laid = layout(&norm::doc(pieces), indent + STEP, 0, WIDTH);
                let lines: Vec<String> = laid.trim().lines().map(str::to_owned).collect();
                self.block_scalar(indent, "norm: |", &lines, behind);
            }
            [only] => self.single(indent, "norm", only, behind),
            _ => self.items(indent, "norm", items, behind),
        }
    }

    fn items(&mut self, indent: usize, key: &str, mut items: Vec<Vec<Piece>>, behind: Option<&String>) {
        let last = items.last_mut().and_then(|item| item.last_mut()).and_then(|piece| piece.behind.take());
        let flats: Option<Vec<String>> = items.iter().map(|item| answer::flat(item)).collect();
        if let Some(flats) = flats.filter(|_| last.is_none() || behind.is_none()) {
            // Either all in quotes or none.
            let bare = flats.iter().all(|flat| scalar::one_line(flat, true) == *flat);
            let shown: Vec<String> =
                flats.iter().map(|flat| if bare { flat.clone() } else { scalar::quoted(flat) }).collect();
            let line = format!("{key}: [{}]", shown.join(", "));
            if indent + line.width() <= WIDTH {
                return self.with_behind(indent, &line, behind.or(last.as_ref()));
            }
        }
        items.last_mut().and_then(|item| item.last_mut()).into_iter().for_each(|piece| piece.behind.clone_from(&last));
        self.with_behind(indent, &format!("{key}:"), behind);
        for mut item in items {
            let (before, after) = answer::take_remarks(&mut item);
            for remark in &before {
                self.line(indent + STEP, &remark::yaml(remark));
            }
            self.item(indent + STEP, &item, after.as_ref());
        }
    }

    fn item(&mut self, indent: usize, item: &[Piece], behind: Option<&String>) {
        if let Some(flat) = answer::flat(item) {
            let line = format!("- {}", scalar::one_line(&flat, false));
            if indent + line.width() <= WIDTH {
                return self.with_behind(indent, &line, behind);
            }
        }
        let laid = layout(&answer::doc(item), indent + STEP, 0, WIDTH);
        let lines: Vec<String> = laid.trim().lines().map(str::to_owned).collect();
        self.block_scalar(indent, "- |", &lines, behind);
    }
}

/// The pieces of a column in canonical order.
fn column(pieces: &[Piece]) -> Vec<Piece> {
    let (mut ty, options) = answer::column(pieces);
    ty.extend(options);
    ty
}

/// A name as a key: never in back-ticks, in quotes where YAML needs them.
fn key(name: &str) -> String {
    text_scalar(name, false)
}

/// A text as a scalar; one that other programs would misread in quotes as well.
fn text_scalar(text: &str, flow: bool) -> String {
    if scalar::misread(text) { scalar::quoted(text) } else { scalar::one_line(text, flow) }
}
