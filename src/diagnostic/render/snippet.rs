//! The lines that a diagnostic is about, with its labels under them, drawn by miette. The only place that knows miette.
//! Broken spans are clamped to their text, and what cannot be drawn is left out.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use super::{Style, clean, harmless};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, SourceId, SourceMap, Span};

/// A span of more lines than this is shown by its first line only.
const MOST_LINES: usize = 6;

/// A span, its words, and whether it is the main one.
type Place = (Span, Option<String>, bool);

/// A label on a snippet: byte offsets in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Label {
    start: usize,
    end: usize,
    /// Where it began before it gave way to another: what the head of the frame says.
    origin: usize,
    text: Option<String>,
    primary: bool,
}

/// The lines of one file that the labels are about.
#[derive(Debug)]
pub struct Snippet {
    name: String,
    /// Whole lines, each with its end, so that a place at the end of the text lies on a line.
    window: String,
    /// Number of the window's first line, from 0.
    first_line: usize,
    labels: Vec<Label>,
}

impl Snippet {
    /// One per file: that of the main span first, the others in the order in which they are named.
    pub fn all(d: &Diagnostic, sources: &SourceMap) -> Vec<Self> {
        let mut places: Vec<(SourceId, Vec<Place>)> = Vec::new();
        let main = d.span.map(|s| (s, d.label.as_deref().map(clean), true));
        let related = d.related.iter().map(|(s, text)| (*s, Some(clean(text)), false));
        for place in main.into_iter().chain(related) {
            match places.iter_mut().find(|(id, _)| *id == place.0.source) {
                Some((_, list)) => list.push(place),
                None => places.push((place.0.source, vec![place])),
            }
        }
        places.into_iter().filter_map(|(id, list)| Some(Self::of(sources.get(id)?, &list))).collect()
    }

    fn of(file: &SourceFile, places: &[Place]) -> Self {
        let text = file.text.as_str();
        let mut labels: Vec<Label> = places
            .iter()
            .map(|(span, label, primary)| {
                let (start, end) = shown(text, *span);
                Label { start, end, origin: start, text: label.clone(), primary: *primary }
            })
            .collect();
        let first = labels.iter().map(|l| l.start).min().unwrap_or(0);
        let last = labels.iter().map(|l| l.end.max(l.start + 1) - 1).max().unwrap_or(0);
        let from = previous_line(text, line_start(text, first));
        let until = line_end(text, last);
        let mut window = text.get(from..until).unwrap_or("").chars().map(harmless).collect::<String>();
        if !window.ends_with('\n') || last >= until {
            window.push_str(" \n");
        }
        for label in &mut labels {
            label.start -= from.min(label.start);
            label.end -= from.min(label.end);
            label.origin = label.start;
        }
        let first_line = text.get(..from).map_or(0, |before| before.matches('\n').count());
        let labels = apart(labels, &window);
        Self { name: clean(&file.name), window, first_line, labels }
    }

    /// miette's drawing without its header.
    pub fn draw(&self, style: Style) -> String {
        let theme = GraphicalTheme {
            characters: ThemeCharacters::unicode(),
            styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width.max(40))
            .with_context_lines(1)
            .with_links(false)
            .without_syntax_highlighting();
        let mut drawn = String::new();
        if handler.render_report(&mut drawn, self).is_err() {
            return String::new();
        }
        let body = drawn.split_once('\n').map_or("", |(_, body)| body);
        body.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
    }
}

/// The bytes of a span to underline: inside the text, on character boundaries, without white space at its end, and of a
/// long block only the first line.
fn shown(text: &str, span: Span) -> (usize, usize) {
    let start = text.floor_char_boundary(span.range().start);
    let end = text.ceil_char_boundary(span.range().end.min(text.len())).max(start);
    let part = text.get(start..end).unwrap_or("");
    let part = if part.trim().is_empty() { part } else { part.trim_end() };
    let part = if part.matches('\n').count() >= MOST_LINES { part.lines().next().unwrap_or("") } else { part };
    (start, start + part.len())
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1)
}

/// After the line end of the line that holds byte `at`.
fn line_end(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |i| at + i + 1)
}

fn previous_line(text: &str, start: usize) -> usize {
    if start == 0 { 0 } else { line_start(text, start - 1) }
}

/// miette draws labels that overlap on one line beside each other, in the wrong place: labels of one place become one,
/// and of two that overlap the longer gives way.
fn apart(labels: Vec<Label>, window: &str) -> Vec<Label> {
    let mut list: Vec<Label> = Vec::new();
    for label in labels {
        match list.iter_mut().find(|l| (l.start, l.end) == (label.start, label.end)) {
            Some(same) => {
                let texts: Vec<String> = same.text.take().into_iter().chain(label.text).collect();
                same.text = (!texts.is_empty()).then(|| texts.join("\n"));
                same.primary |= label.primary;
            }
            None => list.push(label),
        }
    }
    let on_one_line = |l: &Label| !window.get(l.start..l.end).unwrap_or("").contains('\n');
    for _ in 0..list.len() {
        list.sort_by_key(|l| (l.start, l.end));
        let mut previous: Option<&mut Label> = None;
        for label in &mut list {
            if !on_one_line(label) {
                continue;
            }
            if let Some(before) = previous.filter(|p| p.end > label.start) {
                if before.start < label.start {
                    before.end = label.start;
                } else {
                    label.start = before.end.min(label.end);
                }
            }
            previous = Some(label);
        }
    }
    list
}

impl SourceCode for Snippet {
    /// Lines before a place, never after it: what follows a mistake is seldom what it is about.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        _context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.window.as_str();
        let offset = text.floor_char_boundary(span.offset());
        let line = line_start(text, offset);
        let until = line_end(text, (span.offset() + span.len()).max(offset + 1) - 1);
        let (from, column) = if context_lines_before == 0 {
            let label = self.labels.iter().find(|l| (l.start, l.end) == (span.offset(), span.offset() + span.len()));
            let offset = label.map_or(offset, |l| l.origin);
            (offset, text.get(line..offset).map_or(0, |s| s.chars().count()))
        } else {
            (previous_line(text, line), 0)
        };
        let data = text.get(from..until).ok_or(MietteError::OutOfBounds)?;
        let before = text.get(..from).map_or(0, |s| s.matches('\n').count());
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (from, until - from).into(),
            self.first_line + before,
            column,
            data.matches('\n').count(),
        )))
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("-")
    }
}

impl std::error::Error for Snippet {}

impl miette::Diagnostic for Snippet {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().map(|l| {
            let span: SourceSpan = (l.start, l.end.saturating_sub(l.start)).into();
            if l.primary {
                LabeledSpan::new_primary_with_span(l.text.clone(), span)
            } else {
                LabeledSpan::new_with_span(l.text.clone(), span)
            }
        })))
    }
}
