//! Lines of dimensions, calendars and toetsen, faults, and the versions of one KPI.

use unicode_width::UnicodeWidthStr;

use super::super::answer::{self, Piece};
use super::super::cells;
use super::super::doc::WIDTH;
use super::super::remark;
use super::super::scalar;
use super::super::tree::{Entry, Kind, Place, Row};
use super::{STEP, Writer, key, text_scalar};

impl Writer {
    /// A line of a `dimensie` or a `toets`.
    pub(super) fn setting(&mut self, indent: usize, place: Place, name: &str, written: &str, entry: &Entry) {
        let pieces = answer::read(written);
        let behind = entry.behind.as_ref();
        match place {
            Place::Members => self.list_answer(indent, "leden", &pieces, behind, false),
            Place::Group => self.list_answer(indent, &key(name), &pieces, behind, false),
            Place::Strategy(word) if !place.is_texts() => {
                self.list_answer(indent, word.word(), &pieces, behind, true);
            }
            Place::Spellings | Place::Strategy(_) => {
                let name = if let Place::Strategy(word) = place { word.word() } else { name };
                let texts: Option<Vec<String>> = answer::parts(&pieces)
                    .into_iter()
                    .map(|part| answer::only_text(&answer::drop_comma(part.to_vec())))
                    .collect();
                let line = texts.filter(|_| answer::flat(&pieces).is_some()).map(|texts| {
                    let bare = texts.iter().all(|text| text_scalar(text, true) == *text);
                    let shown: Vec<String> =
                        texts.iter().map(|text| if bare { text.clone() } else { scalar::quoted(text) }).collect();
                    format!("{}: [{}]", key(name), shown.join(", "))
                });
                match line.filter(|line| indent + line.width() <= WIDTH) {
                    Some(line) => self.with_behind(indent, &line, behind),
                    None => self.spellings(indent, name, &pieces, behind),
                }
            }
            Place::Binding | Place::TrialParameter => self.scalar_answer(indent, &key(name), &pieces, behind),
            Place::Validity | Place::TrialKpi | Place::TrialMoment | Place::Calendar(_) => {
                self.scalar_answer(indent, place.key(), &pieces, behind);
            }
        }
    }

    /// The statements of a calendar with one word: one as a text, more as a list.
    pub(super) fn statements(&mut self, indent: usize, key: &str, entries: &[&Entry]) {
        if let [only] = entries {
            self.above(indent, entries);
            if remark::remarks(&only.above).next().is_some() || remark::begins_blank(&only.lead) {
                self.blank();
            }
            self.lead(indent, &only.lead);
            return self.entry(indent, only);
        }
        self.above(indent, entries);
        self.line(indent, &format!("{key}:"));
        for (index, entry) in entries.iter().enumerate() {
            let Kind::Line { written, .. } = &entry.kind else { continue };
            if index > 0 && remark::begins_blank(&entry.lead) {
                self.blank();
            }
            self.lead(indent + STEP, &entry.lead);
            self.item(indent + STEP, &answer::read(written), entry.behind.as_ref());
        }
    }

    /// `- {bron: …, geldig: …, reden: …, richting: …}`, each key on its line.
    pub(super) fn fault(
        &mut self,
        indent: usize,
        path: &str,
        validity: &str,
        reason: &str,
        direction: Option<&str>,
        entry: &Entry,
    ) {
        let flat = |written: &str| answer::flat(&answer::read(written)).unwrap_or_default();
        self.with_behind(indent, &format!("- bron: {}", scalar::one_line(&flat(path), false)), entry.behind.as_ref());
        self.line(indent + STEP, &format!("geldig: {}", flat(validity)));
        self.text_answer(indent + STEP, "reden", reason, None);
        if let Some(direction) = direction {
            self.line(indent + STEP, &format!("richting: {}", flat(direction)));
        }
    }

    /// The versions of one KPI, each with its own validity.
    pub(super) fn versions(&mut self, indent: usize, versions: &[&Entry]) {
        for (index, entry) in versions.iter().enumerate() {
            let Kind::Block(block) = &entry.kind else { continue };
            if index == 0 {
                self.line(indent, &format!("{}:", key(&block.name)));
            } else {
                self.blank();
            }
            self.lead(indent + STEP, &entry.lead);
            let mut inner = Writer::default();
            inner.body(indent + 2 * STEP, block);
            let dashed = format!("{}- ", " ".repeat(indent + STEP));
            if std::mem::take(&mut self.blank) {
                self.text.push('\n');
            }
            self.text.push_str(&dashed);
            self.text.push_str(inner.text.get(dashed.len()..).unwrap_or_default());
        }
    }

    /// Spellings one below the other.
    fn spellings(&mut self, indent: usize, name: &str, pieces: &[Piece], behind: Option<&String>) {
        let parts = answer::parts(pieces);
        let count = parts.len();
        self.line(indent, &format!("{}:", key(name)));
        for (index, part) in parts.into_iter().enumerate() {
            let mut part = answer::drop_comma(part.to_vec());
            if let Some(last) = part.last_mut().filter(|_| index + 1 == count) {
                last.behind = behind.cloned();
            }
            let (before, after) = answer::take_remarks(&mut part);
            for remark in &before {
                self.line(indent + STEP, &remark::yaml(remark));
            }
            let text = answer::only_text(&part).unwrap_or_default();
            self.with_behind(indent + STEP, &format!("- {}", text_scalar(&text, false)), after.as_ref());
        }
    }

    /// Rows of cells, with their remarks in the way of the rows.
    pub(super) fn cells(&mut self, indent: usize, key: &str, rows: &[Row], behind: Option<&String>) {
        self.with_behind(indent, &format!("{key}: |"), behind);
        for (row, line) in rows.iter().zip(cells::lines(rows)) {
            for remark in remark::remarks(&row.lead) {
                self.line(indent + STEP, &remark::kpi(remark));
            }
            let behind = row.behind.as_ref().map(|remark| format!("  {}", remark::kpi(remark))).unwrap_or_default();
            self.line(indent + STEP, &format!("{line}{behind}"));
        }
    }
}
