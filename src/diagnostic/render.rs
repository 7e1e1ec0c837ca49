//! Diagnostics as terminal text. The only place that knows miette, which draws the snippet with its underlines; header
//! and footer are composed here, because miette's own words are English.
//!
//! It prints nothing and reads no files: it turns a [`Diagnostic`] and the texts into a `String`. Broken spans are
//! clamped to their text, and a snippet that cannot be drawn is left out rather than failing.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};
use unicode_width::UnicodeWidthStr;

use super::{Diagnostic, Severity};
use crate::source::{SourceFile, SourceId, SourceMap, Span};

/// A span of more lines than this is shown by its first line only.
const MOST_LINES: usize = 6;

/// How the terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to write ANSI colours.
    pub color: bool,
    /// Columns; texts wrap there, source lines do not.
    pub width: usize,
}

/// One diagnostic: header, a snippet per file, what to do, where to read more. Ends with a line end.
#[must_use]
pub fn render(d: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let paint = Paint { on: style.color };
    let tone = match d.severity {
        Severity::Error => "31",
        Severity::Warning => "33",
        Severity::Hint => "36",
    };
    let mut out = String::new();
    let head = format!("{}[{}]", d.severity.word(), d.code);
    let mut lines = wrap(&format!("{head}: {}", clean(&d.message)), style.width, 2).into_iter();
    if let Some(first) = lines.next() {
        match first.strip_prefix(head.as_str()) {
            Some(rest) => out.push_str(&format!("{}{}\n", paint.with(tone, &head), paint.with("1", rest))),
            None => out.push_str(&format!("{first}\n")),
        }
    }
    for line in lines {
        out.push_str(&format!("{}\n", paint.with("1", &line)));
    }
    for snippet in Snippet::all(d, sources) {
        out.push_str(&snippet.draw(style));
    }
    for help in helps(d) {
        footer(&mut out, "hulp:", &help, style);
    }
    footer(&mut out, "meer:", &format!("meetlat explain {}", d.code), style);
    out
}

/// `3 fouten, 1 waarschuwing`; `geen fouten of waarschuwingen` when there is nothing.
#[must_use]
pub fn summary(list: &[Diagnostic]) -> String {
    let words = [
        (Severity::Error, "fout", "fouten"),
        (Severity::Warning, "waarschuwing", "waarschuwingen"),
        (Severity::Hint, "tip", "tips"),
    ];
    let mut parts = Vec::new();
    for (severity, one, many) in words {
        match list.iter().filter(|d| d.severity == severity).count() {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            n => parts.push(format!("{n} {many}")),
        }
    }
    if parts.is_empty() { "geen fouten of waarschuwingen".to_owned() } else { parts.join(", ") }
}

/// The helps, or the replacement in words when there are none.
fn helps(d: &Diagnostic) -> Vec<String> {
    if !d.help.is_empty() {
        return d.help.iter().map(|h| clean(h)).collect();
    }
    d.replacement
        .iter()
        .map(|r| match r.text.trim() {
            "" => "haal dit weg".to_owned(),
            text => format!("schrijf `{}`", clean(text)),
        })
        .collect()
}

/// `  hulp: …`, further lines under the first.
fn footer(out: &mut String, word: &str, text: &str, style: Style) {
    let paint = Paint { on: style.color };
    for (i, line) in wrap(text, style.width.saturating_sub(8), 0).iter().enumerate() {
        if i == 0 {
            out.push_str(&format!("  {} {line}\n", paint.with("36", word)));
        } else {
            out.push_str(&format!("        {line}\n"));
        }
    }
}

struct Paint {
    on: bool,
}

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.on && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Breaks at spaces outside backticks; further lines are indented. Never narrower than 20 columns.
fn wrap(text: &str, width: usize, indent: usize) -> Vec<String> {
    let width = width.max(20);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut quoted = false;
        let words = paragraph.split(|c: char| {
            quoted ^= c == '`';
            c == ' ' && !quoted
        });
        for word in words {
            if !line.trim().is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            } else if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Control and direction characters would steer the terminal; each becomes one of the same number of bytes, so that
/// offsets stay right.
fn harmless(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\u{80}'..='\u{9f}' => '\u{b7}',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => ' ',
        c => c,
    }
}

fn clean(text: &str) -> String {
    text.chars().map(harmless).collect()
}

/// A label on a snippet: byte offsets in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Label {
    start: usize,
    end: usize,
    text: Option<String>,
    primary: bool,
}

/// The lines of one file that the labels are about.
#[derive(Debug)]
struct Snippet {
    name: String,
    /// Whole lines, each with its end, so that a place at the end of the text lies on a line.
    window: String,
    /// Number of the window's first line, from 0.
    first_line: usize,
    labels: Vec<Label>,
}

impl Snippet {
    /// One per file: that of the main span first, the others in the order in which they are named.
    fn all(d: &Diagnostic, sources: &SourceMap) -> Vec<Self> {
        let mut places: Vec<(SourceId, Vec<(Span, Option<String>, bool)>)> = Vec::new();
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

    fn of(file: &SourceFile, places: &[(Span, Option<String>, bool)]) -> Self {
        let text = file.text.as_str();
        let mut labels: Vec<Label> = places
            .iter()
            .map(|(span, label, primary)| {
                let (start, end) = shown(text, *span);
                Label { start, end, text: label.clone(), primary: *primary }
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
        }
        let first_line = text.get(..from).map_or(0, |before| before.matches('\n').count());
        let labels = apart(labels, &window);
        Self { name: clean(&file.name), window, first_line, labels }
    }

    /// miette's drawing without its header.
    fn draw(&self, style: Style) -> String {
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
        body.lines().map(|line| format!("{}\n", line.trim_end())).collect()
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
    let one_line = |l: &Label| !window.get(l.start..l.end).unwrap_or("").contains('\n');
    for _ in 0..list.len() {
        list.sort_by_key(|l| (l.start, l.end));
        let mut last: Option<&mut Label> = None;
        for label in &mut list {
            if !one_line(label) {
                continue;
            }
            if let Some(left) = last.filter(|left| left.end > label.start) {
                if left.start < label.start {
                    left.end = label.start;
                } else {
                    label.start = left.end.min(label.end);
                }
            }
            last = Some(label);
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

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { color: false, width: 80 };

    fn span_of(sources: &SourceMap, id: SourceId, part: &str) -> Span {
        let start = sources.get(id).and_then(|f| f.text.find(part)).expect("the part");
        Span::new(id, start..start + part.len())
    }

    #[test]
    fn looks_as_the_contract_shows() {
        let mut sources = SourceMap::default();
        let id = sources.add(
            "definities/telefonie.kpi",
            "\n\n\n\n\n    definitie     \"Eén\"\n    berekening    percentage(wachttijd <= 20)\n    norm >= 80%\n",
        );
        let d = Diagnostic::error("ML201", "`wachttijd` is een duur en wordt vergeleken met een getal zonder eenheid")
            .at(span_of(&sources, id, "20)").to(span_of(&sources, id, "20")))
            .label("getal zonder eenheid")
            .also(span_of(&sources, id, "wachttijd"), "duur (opgenomen - laatste_keuze)")
            .help("schrijf `20 s`");
        let d = Diagnostic { span: Some(span_of(&sources, id, "20")), ..d };
        assert_eq!(
            render(&d, &sources, Style { color: false, width: 100 }),
            "\
fout[ML201]: `wachttijd` is een duur en wordt vergeleken met een getal zonder eenheid
   ╭─[definities/telefonie.kpi:7:43]
 6 │     definitie     \"Eén\"
 7 │     berekening    percentage(wachttijd <= 20)
   ·                              ────┬────    ─┬
   ·                                  │         ╰── getal zonder eenheid
   ·                                  ╰── duur (opgenomen - laatste_keuze)
   ╰────
  hulp: schrijf `20 s`
  meer: meetlat explain ML201
"
        );
    }

    #[test]
    fn underlines_after_letters_of_more_bytes() {
        let mut sources = SourceMap::default();
        let id = sources.add("a.kpi", "norm \"één € é\" fout");
        let d = Diagnostic::warning("ML001", "woord").at(span_of(&sources, id, "fout")).label("hier");
        assert_eq!(
            render(&d, &sources, PLAIN),
            "\
waarschuwing[ML001]: woord
   ╭─[a.kpi:1:16]
 1 │ norm \"één € é\" fout
   ·                ──┬─
   ·                  ╰── hier
   ╰────
  meer: meetlat explain ML001
"
        );
    }

    #[test]
    fn a_missing_thing_at_the_end_gets_a_caret() {
        let mut sources = SourceMap::default();
        let bare = sources.add("a.kpi", "kpi x {");
        let ended = sources.add("b.kpi", "kpi x {\n");
        let at_end = |id, n| Diagnostic::error("ML002", "`}` ontbreekt").at(Span::new(id, n..n)).label("hier");
        assert_eq!(
            render(&at_end(bare, 7), &sources, PLAIN),
            "\
fout[ML002]: `}` ontbreekt
   ╭─[a.kpi:1:8]
 1 │ kpi x {
   ·        ▲
   ·        ╰── hier
   ╰────
  meer: meetlat explain ML002
"
        );
        assert_eq!(
            render(&at_end(ended, 8), &sources, PLAIN),
            "\
fout[ML002]: `}` ontbreekt
   ╭─[b.kpi:2:1]
 1 │ kpi x {
 2 │
   · ▲
   · ╰── hier
   ╰────
  meer: meetlat explain ML002
"
        );
    }

    #[test]
    fn several_lines_and_another_file() {
        let mut sources = SourceMap::default();
        let a = sources.add("a.kpi", "een\ntwee {\n  drie\n}\nvijf\n");
        let b = sources.add("b.kpi", "ander\n");
        let d = Diagnostic::hint("ML101", "`twee` bestaat al")
            .at(span_of(&sources, a, "twee {\n  drie\n}"))
            .label("deze")
            .also(span_of(&sources, b, "ander"), "de eerste")
            .replace(span_of(&sources, a, "twee"), "drie");
        assert_eq!(
            render(&d, &sources, PLAIN),
            "\
tip[ML101]: `twee` bestaat al
   ╭─[a.kpi:2:1]
 1 │     een
 2 │ ╭─▶ twee {
 3 │ │     drie
 4 │ ├─▶ }
   · ╰──── deze
   ╰────
   ╭─[b.kpi:1:1]
 1 │ ander
   · ──┬──
   ·   ╰── de eerste
   ╰────
  hulp: schrijf `drie`
  meer: meetlat explain ML101
"
        );
    }

    #[test]
    fn overlapping_labels_stay_in_their_place() {
        let mut sources = SourceMap::default();
        let id = sources.add("a.kpi", "percentage(a <= b)\n");
        let d = Diagnostic::error("ML201", "x")
            .at(span_of(&sources, id, "percentage(a <= b)"))
            .label("alles")
            .also(span_of(&sources, id, "b"), "b")
            .also(span_of(&sources, id, "b"), "ook b");
        assert_eq!(
            render(&d, &sources, PLAIN),
            "\
fout[ML201]: x
   ╭─[a.kpi:1:1]
 1 │ percentage(a <= b)
   · ────────┬───────┬
   ·         │       ╰─┤ b
   ·         │         │ ook b
   ·         ╰── alles
   ╰────
  meer: meetlat explain ML201
"
        );
    }

    #[test]
    fn long_blocks_show_their_first_line_and_texts_cannot_steer_the_terminal() {
        let mut sources = SourceMap::default();
        let text = format!("kpi \u{1b}[31mx {{\r\n{}}}\n", "  regel\r\n".repeat(20));
        let id = sources.add("a.kpi", text.clone());
        let d = Diagnostic::error("ML001", "\u{1b}[2Jweg").at(Span::new(id, 0..text.len()));
        assert_eq!(
            render(&d, &sources, PLAIN),
            "\
fout[ML001]:  [2Jweg
   ╭─[a.kpi:1:1]
 1 │ kpi  [31mx {
   · ────────────
   ╰────
  meer: meetlat explain ML001
"
        );
    }

    #[test]
    fn never_panics_on_any_span() {
        for text in ["", "\n", "é", "a\r\nb€\r\n", "\t\tx\n\n", "a\rb", "x\u{200d}y\u{202e}"] {
            let mut sources = SourceMap::default();
            let id = sources.add("a", text);
            for start in 0..=text.len() + 2 {
                for end in 0..=text.len() + 2 {
                    let span = Span { source: id, start: start as u32, end: end as u32 };
                    for other in 0..=text.len() {
                        let d = Diagnostic::error("ML001", "x").at(span).also(Span::new(id, other..other + 1), "y");
                        let drawn = render(&d, &sources, PLAIN);
                        assert!(drawn.contains("╭─[a:"), "{text:?} {start}..{end}: {drawn}");
                        assert!(!drawn.contains("Failed"), "{drawn}");
                    }
                }
            }
        }
        let nowhere = Span::new(SourceId(9), 0..3);
        assert_eq!(
            render(&Diagnostic::error("ML001", "x").at(nowhere), &SourceMap::default(), PLAIN),
            "fout[ML001]: x\n  meer: meetlat explain ML001\n"
        );
    }

    #[test]
    fn wraps_outside_backticks_and_colours_on_request() {
        let d = Diagnostic::error("ML001", "een tamelijk lange tekst met `een stuk code erin` dat heel blijft");
        assert_eq!(
            render(&d, &SourceMap::default(), Style { color: false, width: 50 }),
            "\
fout[ML001]: een tamelijk lange tekst met
  `een stuk code erin` dat heel blijft
  meer: meetlat explain ML001
"
        );
        let colored = render(&Diagnostic::error("ML001", "x"), &SourceMap::default(), Style { color: true, width: 50 });
        assert!(colored.starts_with("\u{1b}[31mfout[ML001]\u{1b}[0m"), "{colored:?}");
    }

    #[test]
    fn counts() {
        let list = [
            Diagnostic::error("ML001", "a"),
            Diagnostic::error("ML001", "b"),
            Diagnostic::warning("ML001", "c"),
            Diagnostic::hint("ML001", "d"),
        ];
        assert_eq!(summary(&list), "2 fouten, 1 waarschuwing, 1 tip");
        assert_eq!(summary(&[]), "geen fouten of waarschuwingen");
    }
}
