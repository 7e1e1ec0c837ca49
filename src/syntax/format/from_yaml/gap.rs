//! The remarks and empty lines between the nodes of a YAML text, and to which entry each belongs.

use super::super::remark::{Above, Lead};
use super::super::tree::{Block, Entry, Kind};
use super::Reader;
use crate::syntax::yaml::node::Node;

/// What stands between two nodes.
#[derive(Default)]
pub(super) struct Gap {
    pub(super) behind: Option<String>,
    /// Lines of their own, each with its column.
    pub(super) lines: Vec<(usize, Above)>,
    /// The remark behind the sign of the block of text that follows: `|  # …`.
    pub(super) block: Option<String>,
    /// `---` stands in it.
    pub(super) marked: bool,
}

impl Reader<'_> {
    pub(super) fn stretch(&self, to: usize) -> &str {
        self.text.get(self.at..to).unwrap_or_default()
    }

    /// What stands up to a node.
    pub(super) fn gap(&mut self, to: usize) -> Gap {
        let mut gap = Gap::default();
        let first_is_behind = self.at > 0;
        let stretch = self.stretch(to).to_owned();
        let lines: Vec<&str> = stretch.split('\n').collect();
        let mut start = self.at;
        for (index, line) in lines.iter().enumerate() {
            if (index > 0 || !first_is_behind) && (line.starts_with('%') || line.trim_end() == "...") {
                self.sign.get_or_insert(start..start + line.trim_end().len());
            }
            start += line.len() + 1;
            let remark = remark_in(line);
            let empty = line.trim_matches([' ', '\t', '\r', '\u{feff}']).is_empty();
            let between = (index > 0 || !first_is_behind) && index + 1 < lines.len();
            match remark {
                Some((column, remark)) if opens_text(line, column) => gap.block = Some(remark),
                Some((_, remark)) if index == 0 && first_is_behind => gap.behind = Some(remark),
                // Behind `---` nothing belongs to what stands before it.
                Some((_, remark)) if gap.marked || is_marker(line) => gap.lines.push((0, Above::Remark(remark))),
                Some((column, remark)) => gap.lines.push((column, Above::Remark(remark))),
                None if empty && between && gap.lines.last().is_none_or(|(_, l)| *l != Above::Blank) => {
                    gap.lines.push((usize::MAX, Above::Blank));
                }
                None => {}
            }
            gap.marked |= (index > 0 || !first_is_behind) && is_marker(line);
        }
        self.at = self.at.max(to);
        gap
    }

    /// Goes on behind a key.
    pub(super) fn pass_key(&mut self, key: &Node) {
        self.at = key.site().range().end;
        self.behind_key = self.remark_on_line(|c| c.is_whitespace() || matches!(c, ':' | '|' | '>' | '-' | '+'));
    }

    /// The remark behind a value on its line, or the one behind its key.
    pub(super) fn behind(&mut self) -> Option<String> {
        let found = self.remark_on_line(|c| c.is_whitespace() || matches!(c, ',' | ']' | '}'));
        match (self.behind_key.take(), found) {
            (Some(key), Some(value)) => Some(format!("{key};{value}")),
            (key, value) => key.or(value),
        }
    }

    /// The remark on this line, if only these signs stand before it.
    pub(super) fn remark_on_line(&mut self, sign: fn(char) -> bool) -> Option<String> {
        let rest = self.text.get(self.at..)?;
        let line = rest.split('\n').next().unwrap_or_default();
        let (at, remark) = remark_in(line)?;
        if !line.get(..at)?.chars().all(sign) {
            return None;
        }
        self.at += line.len();
        Some(remark)
    }
}

/// Where a remark begins on a line without texts, and what it says.
pub(super) fn remark_in(line: &str) -> Option<(usize, String)> {
    let at = line.match_indices('#').map(|(at, _)| at).find(|&at| {
        let before = line.get(..at).unwrap_or_default();
        before.is_empty() || before.ends_with([' ', '\t', '\u{feff}'])
    })?;
    Some((at, line.get(at + 1..)?.trim_end().to_owned()))
}

/// Gives the remarks at the begin of a gap that stand further to the right than `column` to the entry before.
pub(super) fn settle(last: Option<&mut Entry>, gap: Gap, column: usize) -> Lead {
    let Some(last) = last else { return flat(gap) };
    let mut behind = gap.behind;
    let deeper = gap.lines.iter().take_while(|(at, _)| *at > column).count();
    // A blank line before what follows is not deeper.
    let deeper = gap.lines.iter().take(deeper).rposition(|(_, l)| *l != Above::Blank).map_or(0, |last| last + 1);
    let (columns, mut lines): (Vec<usize>, Vec<Above>) = gap.lines.into_iter().unzip();
    let rest = lines.split_off(deeper);
    if let Kind::Block(_) = &last.kind {
        // An empty line goes where the remark below it goes.
        let mut below = column + 1;
        for (at, line) in columns.into_iter().zip(lines).rev() {
            below = if line == Above::Blank { below } else { at };
            end_at(last, below).insert(0, line);
        }
        if let Some(remark) = behind.take() {
            end_at(last, usize::MAX).insert(0, Above::Remark(remark));
        }
        return rest;
    }
    behind.map(Above::Remark).into_iter().chain(lines).chain(rest).collect()
}

/// The end of the block, or of the last one in it, of which the keys stand no further to the right than `column`.
pub(super) fn end_at(entry: &mut Entry, column: usize) -> &mut Lead {
    let Kind::Block(block) = &mut entry.kind else { return &mut entry.lead };
    let deeper = matches!(block.entries.last(), Some(Entry { kind: Kind::Block(inner), .. }) if inner.column <= column);
    match block.entries.last_mut() {
        Some(last) if deeper => end_at(last, column),
        _ => &mut block.end,
    }
}

/// A line on which a new part of the file begins.
pub(super) fn is_marker(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
}

/// `sleutel: |` or `- >-` stands before the remark at a column.
pub(super) fn opens_text(line: &str, remark: usize) -> bool {
    let before = line.get(..remark).unwrap_or_default().trim_end();
    let sign = before.trim_end_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
    sign.strip_suffix(['|', '>']).is_some_and(|rest| rest.ends_with(' '))
}

/// The lines before the next key of a block.
pub(super) fn settle_in(block: &mut Block, gap: Gap) -> Lead {
    let nested = matches!(block.entries.last(), Some(Entry { kind: Kind::Block(_), .. }));
    if nested { settle(block.entries.last_mut(), gap, 0) } else { flat(gap) }
}

pub(super) fn flat(gap: Gap) -> Lead {
    gap.behind.map(Above::Remark).into_iter().chain(gap.lines.into_iter().map(|(_, line)| line)).collect()
}

pub(super) fn without_blanks(lead: Lead) -> Lead {
    lead.into_iter().filter(|line| *line != Above::Blank).collect()
}
