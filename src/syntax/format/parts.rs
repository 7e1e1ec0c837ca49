//! In which section of which part of a YAML file each declaration stands. A section is a mapping by name; declarations stay
//! in the order in which they were written, so a section may have to return, and a name may be there twice. Behind `---` a
//! new part of the file begins, in which each section may stand again.

use std::collections::BTreeSet;
use std::ops::Range;

use super::tree::{BlockWord, Entry, Kind};

/// Declarations in a row that stand under one key.
pub struct Section {
    pub name: &'static str,
    pub range: Range<usize>,
    /// A new part begins here.
    pub apart: bool,
}

/// The sections of a file, in order.
pub fn sections(entries: &[Entry]) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    let mut before: BTreeSet<&str> = BTreeSet::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(section) = entry.kind.section() else { continue };
        let name = name(entry);
        let version = index.checked_sub(1).and_then(|i| entries.get(i)).is_some_and(|last| are_versions(last, entry));
        let free = version || name.is_none_or(|name| !names.contains(name));
        match found.last_mut() {
            Some(last) if last.name == section && free => last.range.end = index + 1,
            _ => {
                let apart = before.contains(section);
                if apart {
                    before.clear();
                }
                before.insert(section);
                names.clear();
                found.push(Section { name: section, range: index..index + 1, apart });
            }
        }
        names.extend(name);
    }
    found
}

/// Two declarations that YAML writes as a list under one name.
pub fn are_versions(one: &Entry, other: &Entry) -> bool {
    let kpi = |entry: &Entry| matches!(&entry.kind, Kind::Block(block) if block.word == BlockWord::Kpi);
    kpi(one) && kpi(other) && name(one) == name(other)
}

fn name(entry: &Entry) -> Option<&str> {
    match &entry.kind {
        Kind::Block(block) => Some(&block.name),
        Kind::Parameter { name, .. } => Some(name),
        _ => None,
    }
}
