//! The canonical form of a definitions file, in its own notation (`fmt`) or in the other (`convert`).
//!
//! A file is read by its notation; one with mistakes is refused with its diagnostics. From the tree and the text comes an
//! outline (`tree`): declarations, clauses and columns, each with its text as the author wrote it and with the remarks
//! around it. The outline is written in either notation. What is written is read again, and given only when it says the
//! same: no layout may change a definition.

mod answer;
mod cells;
mod doc;
mod from_kpi;
mod from_yaml;
mod norm;
mod parts;
mod remark;
mod same;
mod scalar;
mod settle;
mod text;
mod to_kpi;
mod to_yaml;
mod tree;
mod twice;

pub use same::meaning;

use std::path::Path;

use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{SourceId, Span};
use crate::syntax::ast::File;
use crate::syntax::{dsl, yaml};

/// A notation of definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    Kpi,
    Yaml,
}

impl Notation {
    /// The notation of a file by the ending of its name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "kpi" => Some(Self::Kpi),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// The ending of its files.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Kpi => "kpi",
            Self::Yaml => "yaml",
        }
    }

    /// Reads a file of this notation.
    pub fn parse(self, source: SourceId, text: &str, sink: &mut Sink) -> File {
        match self {
            Self::Kpi => dsl::parse_file(source, text, sink),
            Self::Yaml => yaml::parse_file(source, text, sink),
        }
    }
}

/// The text of a file in canonical form, in notation `to`. Nothing where it has mistakes or cannot be written so; the
/// diagnostics then say why.
pub fn format(source: SourceId, text: &str, from: Notation, to: Notation, sink: &mut Sink) -> Option<String> {
    let mut found = Sink::default();
    let file = from.parse(source, text, &mut found);
    let wrong = found.has_errors();
    found.into_sorted().into_iter().for_each(|d| sink.push(d));
    if wrong {
        return None;
    }
    let mut page = match from {
        Notation::Kpi => from_kpi::read(text, &file),
        Notation::Yaml => from_yaml::read(source, text, &file, from == to, sink)?,
    };
    settle::settle(&mut page);
    let written = match to {
        Notation::Kpi => to_kpi::write(&page),
        Notation::Yaml => to_yaml::write(&page),
    };
    let mut told = Sink::default();
    let again = to.parse(SourceId(u32::MAX), &written, &mut told);
    if !told.has_errors() && meaning(&file) == meaning(&again) {
        return Some(written);
    }
    sink.push(if from == to { changed(source) } else { unlike(source, &file) });
    None
}

/// What was written says something else than what was read: a mistake of the program, not of the author.
fn changed(source: SourceId) -> Diagnostic {
    Diagnostic::error("ML055", "dit bestand zou door het opmaken iets anders gaan betekenen; het blijft zoals het is")
        .at(Span::new(source, 0..0))
        .help("dat is een fout in Meetlat: meld haar met dit bestand erbij")
}

/// The other notation cannot say the same.
fn unlike(source: SourceId, file: &File) -> Diagnostic {
    twice::in_one_block(file).unwrap_or_else(|| {
        Diagnostic::error(twice::UNLIKE, "dit bestand zegt iets wat de andere notatie niet kan zeggen")
            .at(Span::new(source, 0..0))
            .help("laat het in de notatie waarin het staat")
    })
}

#[cfg(test)]
mod tests;
