//! An outline in the YAML notation: sections by kind, keys in a fixed order, quotes only where they are needed.

mod lines;

use unicode_width::UnicodeWidthStr;

use super::answer::{self, Piece};
use super::doc::{WIDTH, layout};
use super::norm;
use super::parts::{are_versions, sections};
use super::remark::{self, Above, Lead};
use super::scalar;
use super::tree::{Answer, Block, Entry, Kind, Page, Place};

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
    if page.marked {
        out.line(0, "---");
    }
    out.lead(0, &page.header);
    for section in sections(&page.entries) {
        if section.apart {
            out.blank();
            out.line(0, "---");
        } else if !(page.marked && section.range.start == 0 && page.header.is_empty()) {
            out.blank();
        }
        let entries: Vec<&Entry> = page.entries.get(section.range).into_iter().flatten().collect();
        out.section(0, section.name, &entries);
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
        self.above(indent, entries);
        if name == "gebruik" {
            self.uses(indent, entries);
            return;
        }
        self.line(indent, &format!("{name}:"));
        for (index, versions) in entries.chunk_by(|a, b| are_versions(a, b)).enumerate() {
            let Some(entry) = versions.first() else { continue };
            let block = indent == 0 && matches!(entry.kind, Kind::Block(_));
            if index > 0 && (block || remark::begins_blank(&entry.lead)) {
                self.blank();
            }
            if versions.len() > 1 {
                self.versions(indent + STEP, versions);
                continue;
            }
            self.lead(indent + STEP, &entry.lead);
            self.entry(indent + STEP, entry);
        }
    }

    /// The lines above the key of a section.
    fn above(&mut self, indent: usize, entries: &[&Entry]) {
        let Some(first) = entries.first() else { return };
        if indent > 0 && remark::begins_blank(&first.above) {
            self.blank();
        }
        self.lead(indent, &first.above);
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
        let clean = entries.iter().all(|e| e.behind.is_none() && e.lead.is_empty());
        if clean && line.width() <= WIDTH {
            self.line(indent, &line);
            return;
        }
        self.line(indent, "gebruik:");
        for (index, (entry, path)) in entries.iter().zip(&paths).enumerate() {
            if index > 0 && remark::begins_blank(&entry.lead) {
                self.blank();
            }
            self.lead(indent + STEP, &entry.lead);
            self.with_behind(indent + STEP, &format!("- {path}"), entry.behind.as_ref());
        }
    }

    fn entry(&mut self, indent: usize, entry: &Entry) {
        match &entry.kind {
            Kind::Parameter { name, ty, value } => self.parameter(indent, name, ty, value.as_deref(), entry),
            Kind::Block(block) => self.block(indent, block),
            Kind::Clause { word, answer } => self.clause(indent, word, answer, entry),
            Kind::Column { name, body } => {
                let pieces = column(&answer::read(body));
                self.scalar_answer(indent, &key(name), &pieces, entry.behind.as_ref());
            }
            Kind::Requirement { name, condition } => {
                let pieces = answer::read(condition);
                self.scalar_answer(indent, &key(name), &pieces, entry.behind.as_ref());
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
        let ty_pieces = answer::read(ty);
        let ty_flat = answer::flat(&ty_pieces).unwrap_or_default();
        let Some(value) = value else {
            let line = format!("{key}: {{type: {}}}", scalar::one_line(&ty_flat, true));
            return self.with_behind(indent, &line, entry.behind.as_ref());
        };
        let pieces = answer::read(value);
        let texts = ty_flat == "tekst";
        // In the mapping a text is itself; only a text that looks like one in quotes is written with its own.
        let shown = match (answer::only_text(&pieces), answer::flat(&pieces)) {
            (Some(text), _) if texts && text.trim() == text && !text.is_empty() && !text.starts_with('"') => Some(text),
            (only, Some(flat)) if !texts || only.is_some() => Some(flat),
            _ => None,
        };
        let behind = entry.behind.as_ref();
        let fit = shown.map(|shown| {
            let shown = if texts { text_scalar(&shown, true) } else { scalar::one_line(&shown, true) };
            format!("{key}: {{type: {}, waarde: {shown}}}", scalar::one_line(&ty_flat, true))
        });
        match fit {
            Some(line) if indent + line.width() <= WIDTH => self.with_behind(indent, &line, behind),
            _ => {
                let whole = format!("{ty} = {value}");
                let pieces = answer::read(&whole);
                self.scalar_answer(indent, &key, &pieces, behind);
            }
        }
    }

    fn block(&mut self, indent: usize, block: &Block) {
        let behind = block.open.as_ref();
        self.with_behind(indent, &format!("{}:", key(&block.name)), behind);
        self.body(indent + STEP, block);
    }

    /// The keys of a block.
    fn body(&mut self, inner: usize, block: &Block) {
        if let Some(title) = &block.title {
            self.text_answer(inner, "titel", &title.text, None);
        }
        for (word, written) in &block.head {
            let pieces = answer::read(written);
            if matches!(*word, "per" | "verenigt") {
                self.list_answer(inner, word, &pieces, None, false);
            } else {
                self.scalar_answer(inner, word, &pieces, None);
            }
        }
        self.clauses(inner, block);
        let mut first = !block.entries.iter().any(|e| matches!(e.kind, Kind::Clause { .. }));
        for section in INSIDE {
            let inside: Vec<&Entry> = block.entries.iter().filter(|e| e.kind.section() == Some(section)).collect();
            match inside.first().map(|entry| &entry.kind) {
                None => continue,
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
                        if !first && remark::begins_blank(&entry.lead) {
                            self.blank();
                        }
                        self.lead(inner, &entry.lead);
                        self.entry(inner, entry);
                        first = false;
                    }
                }
                Some(_) => self.section(inner, section, &inside),
            }
            first = false;
        }
        self.tail(inner, &block.end);
    }

    fn clauses(&mut self, indent: usize, block: &Block) {
        let clauses = block.entries.iter().filter(|entry| matches!(entry.kind, Kind::Clause { .. }));
        for (index, entry) in clauses.enumerate() {
            if index > 0 && remark::begins_blank(&entry.lead) {
                self.blank();
            }
            self.lead(indent, &entry.lead);
            self.entry(indent, entry);
        }
    }

    fn clause(&mut self, indent: usize, word: &str, answer: &Answer, entry: &Entry) {
        match answer {
            Answer::Text(value) => self.text_answer(indent, word, value, entry.behind.as_ref()),
            Answer::Written(written) => {
                let pieces = answer::read(written);
                let behind = entry.behind.as_ref();
                if word == "norm" {
                    self.norm(indent, &pieces, behind);
                } else if LISTS.contains(&word) {
                    self.list_answer(indent, word, &pieces, behind, true);
                } else {
                    self.scalar_answer(indent, word, &pieces, behind);
                }
            }
        }
    }

    // -------------------------------------------------------------------------------------------- answers

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
            return self.scalar_answer(indent, key, pieces, behind);
        }
        self.items(indent, key, items, behind);
    }

    fn norm(&mut self, indent: usize, pieces: &[Piece], behind: Option<&String>) {
        let items = norm::items(pieces);
        match items.as_slice() {
            _ if norm::has_members(pieces) => {
                let laid = layout(&norm::doc(pieces), indent + STEP, 0, WIDTH);
                let lines: Vec<String> = laid.trim().lines().map(str::to_owned).collect();
                self.block_scalar(indent, "norm: |", &lines, behind);
            }
            [only] => self.scalar_answer(indent, "norm", only, behind),
            _ => self.items(indent, "norm", items, behind),
        }
    }

    fn items(&mut self, indent: usize, key: &str, mut items: Vec<Vec<Piece>>, behind: Option<&String>) {
        let flats: Option<Vec<String>> = items.iter().map(|item| answer::flat(item)).collect();
        if let Some(flats) = flats {
            // Either all in quotes or none.
            let bare = flats.iter().all(|flat| scalar::one_line(flat, true) == *flat);
            let shown: Vec<String> =
                flats.iter().map(|flat| if bare { flat.clone() } else { scalar::quoted(flat) }).collect();
            let line = format!("{key}: [{}]", shown.join(", "));
            if indent + line.width() <= WIDTH {
                return self.with_behind(indent, &line, behind);
            }
        }
        if let Some(last) = items.last_mut().and_then(|item| item.last_mut()) {
            last.behind = behind.cloned();
        }
        self.line(indent, &format!("{key}:"));
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
