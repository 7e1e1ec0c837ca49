//! Diagnostics as terminal text: header and footer are composed here, because miette's own words are English; miette
//! draws the snippets (`snippet`, the only place that knows it).
//!
//! It prints nothing and reads no files: it turns a [`Diagnostic`] and the texts into a `String`. Broken spans are
//! clamped to their text, and a snippet that cannot be drawn is left out rather than failing.

mod snippet;

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use self::snippet::Snippet;
use super::{Diagnostic, Severity};
use crate::source::SourceMap;

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
            Some(rest) => say(&mut out, &format!("{}{}", paint.with(tone, &head), paint.with("1", rest))),
            None => say(&mut out, &first),
        }
    }
    for line in lines {
        say(&mut out, &paint.with("1", &line));
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
            say(out, &format!("  {} {line}", paint.with("36", word)));
        } else {
            say(out, &format!("        {line}"));
        }
    }
}

/// Adds a line. Writing to a text cannot fail.
fn say(out: &mut String, line: &str) {
    let _ = writeln!(out, "{line}");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};

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
    fn the_frame_names_the_place_of_the_message() {
        let mut sources = SourceMap::default();
        let id = sources.add("a.kpi", "x\n  tijdig(a, b)\n");
        let d = Diagnostic::error("ML201", "x")
            .at(span_of(&sources, id, "tijdig(a, b)"))
            .label("deze")
            .also(span_of(&sources, id, "tijdig"), "functie");
        assert_eq!(
            render(&d, &sources, PLAIN),
            "\
fout[ML201]: x
   ╭─[a.kpi:2:3]
 1 │ x
 2 │   tijdig(a, b)
   ·   ───┬─────┬──
   ·      │     ╰── deze
   ·      ╰── functie
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
                    let span = Span::new(id, start..end);
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
