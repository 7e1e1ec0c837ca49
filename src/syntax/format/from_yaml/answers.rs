//! Answers in YAML as texts in the expression language, with the remarks between them: scalars, lists and blocks.

use super::super::remark::{self, Above, Lead};
use super::super::tree::Answer;
use super::{Reader, entries, flat, items, scalar_text, without_blanks};
use crate::syntax::ast::ClauseWord;
use crate::syntax::dsl::words;
use crate::syntax::yaml::node::{Node, NodeKind};
use crate::syntax::yaml::{Style, is_open};

impl Reader<'_> {
    /// Adds an item with the remarks before it and behind it to an answer.
    pub(super) fn add_item(&mut self, all: &mut String, text: &str, remarks: &Lead) {
        for remark in remark::remarks(remarks) {
            all.push_str(&format!("{}\n", remark::kpi(remark)));
        }
        all.push_str(text);
        if let Some(remark) = self.behind() {
            all.push_str(&format!(" {}", remark::kpi(&remark)));
        }
        all.push('\n');
    }

    pub(super) fn answer(&mut self, word: ClauseWord, value: &Node) -> (Answer, Lead) {
        if word.is_text() {
            let (text, remarks) = self.text(value);
            return (Answer::Text(text), remarks);
        }
        // Behind the key of a list a remark is about all of it.
        let lead = match &value.kind {
            NodeKind::Scalar(_) => Lead::new(),
            _ => self.behind_key.take().into_iter().map(Above::Remark).collect(),
        };
        let items = match &value.kind {
            NodeKind::Sequence(items) => items,
            NodeKind::Mapping(_) => return (Answer::Written(self.norm_block(value)), lead),
            NodeKind::Scalar(_) => {
                let (written, remarks) = self.written(value);
                return (Answer::Written(written), remarks);
            }
        };
        (Answer::Written(self.joined(word, items, value)), lead)
    }

    /// `{per kanaal: {telefoon: ">= 80%"}, richtlijn: ">= 80%"}` as one text.
    fn norm_block(&mut self, value: &Node) -> String {
        let mut all = String::new();
        let behind_key = self.behind_key.take();
        for (key, value) in entries(value) {
            let remarks = flat(self.gap(key.site().range().start));
            self.pass_key(key);
            let name = norm_key(scalar_text(key).trim());
            let written = match &value.kind {
                NodeKind::Mapping(_) => format!("{name} {{\n{}}}", self.norm_block(value)),
                NodeKind::Sequence(items) => format!("{name} {}", self.joined(ClauseWord::Norm, items, value)),
                NodeKind::Scalar(_) => {
                    let (written, remarks) = self.written(value);
                    remark::remarks(&remarks).for_each(|r| all.push_str(&format!("{}\n", remark::kpi(r))));
                    format!("{name} {}", written.trim())
                }
            };
            self.add_item(&mut all, &written, &remarks);
        }
        self.behind_key = behind_key;
        all
    }

    /// The items of a list as one text.
    fn joined(&mut self, word: ClauseWord, items: &[Node], value: &Node) -> String {
        let mut all = String::new();
        let behind_key = self.behind_key.take();
        for item in items {
            let (written, remarks) = match &item.kind {
                NodeKind::Mapping(_) => (self.norm_block(item), Lead::new()),
                _ => self.written(item),
            };
            // A comma that YAML took out of the middle of an item comes back, as does the one between two.
            if !all.is_empty() {
                let bare = all.trim_end_matches('\n');
                let norm = word == ClauseWord::Norm && !is_open(bare);
                all = if norm { format!("{bare}\n") } else { with_comma(bare) };
            }
            self.add_item(&mut all, written.trim(), &remarks);
        }
        self.behind_key = behind_key;
        self.at = self.at.max(value.site().range().end);
        all.trim_end().to_owned()
    }

    /// The text of a scalar, or of a list joined with commas; and the remarks before it.
    pub(super) fn written(&mut self, node: &Node) -> (String, Lead) {
        let mut remarks = Lead::new();
        let mut texts = Vec::new();
        for item in items(node) {
            remarks.extend(without_blanks(self.lines_before(item)));
            texts.push(scalar_text(item));
            self.at = self.at.max(item.site().range().end);
        }
        self.at = self.at.max(node.site().range().end);
        (texts.join(", "), remarks)
    }

    /// The lines before a scalar; a remark behind the sign of its block is one behind its key.
    pub(super) fn lines_before(&mut self, item: &Node) -> Lead {
        let mut gap = self.gap(item.site().range().start);
        self.behind_key = self.behind_key.take().or_else(|| gap.block.take());
        flat(gap)
    }

    /// A column; a list with an expression for each part as one line.
    pub(super) fn column_body(&mut self, node: &Node) -> (String, Lead) {
        let (written, remarks) = self.written(node);
        if node.scalar().is_some() {
            return (written, remarks);
        }
        let bare = |text: String| text.trim().strip_prefix('=').map_or(text.clone(), str::to_owned);
        let parts: Vec<String> = items(node).iter().map(|item| bare(scalar_text(item)).trim().to_owned()).collect();
        (format!("= {}", parts.join(", ")), remarks)
    }

    pub(super) fn text(&mut self, node: &Node) -> (String, Lead) {
        let (text, remarks) = self.written(node);
        let quoted = node.scalar().is_some_and(|s| matches!(s.style, Style::Single | Style::Double));
        (if quoted { text } else { text.trim().to_owned() }, remarks)
    }
}

/// A comma at the end of a text, before the remark on its last line.
pub(super) fn with_comma(text: &str) -> String {
    let last = words::tokens(text).last().map_or(0, |token| token.end);
    let (written, remark) = text.split_at(last);
    format!("{written},{remark}\n")
}

/// A key of a norm: a member that is no name stands in quotes, as a text.
fn norm_key(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ' | '`' | '"' | '-'));
    let words = key.starts_with("per ") || key.starts_with("benchmark ");
    let quoted = !key.starts_with(['`', '"']) && (!plain || (key.contains([' ', '-', '.']) && !words));
    if quoted { format!("\"{key}\"") } else { key.to_owned() }
}
