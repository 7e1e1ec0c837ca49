//! From a scalar as it stands in the file to a [`Fragment`]: the decoded text with the way back to each byte. It knows
//! YAML's five ways of writing a text, and nothing of what the text says.

use crate::source::SourceId;
use crate::syntax::fragment::Fragment;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// The fragment of the scalar that stands in `file` from `start` to `end` and of which the parser says that it means
/// `decoded`. A text that this module reads otherwise than the parser keeps the parser's words and the whole place.
pub fn fragment(source: SourceId, file: &str, start: usize, end: usize, style: Style, decoded: &str) -> Fragment {
    let raw = file.get(start..end).unwrap_or_default();
    if style == Style::Plain && raw == decoded {
        return Fragment::verbatim(source, raw, start);
    }
    let mut out = Out { text: String::with_capacity(decoded.len()), pieces: Vec::new() };
    match style {
        Style::Plain => flow_lines(&mut out, raw, start, Style::Plain),
        Style::Single | Style::Double => {
            let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
            flow_lines(&mut out, inner, start + 1, style);
        }
        Style::Literal | Style::Folded => {
            let line_start = file.get(..start).and_then(|s| s.rfind('\n')).map_or(0, |at| at + 1);
            for _ in 0..decoded.len() - decoded.trim_start_matches('\n').len() {
                out.whole(start, "\n");
            }
            block_lines(&mut out, raw, start, start - line_start, style == Style::Folded);
        }
    }
    let end = match style {
        Style::Single | Style::Double => end.saturating_sub(1).max(start),
        Style::Plain => end,
        Style::Literal | Style::Folded => {
            // Blanks at the end of the last line are text; line breaks and the next line's indentation are not.
            let bare = raw.trim_end().len();
            let rest = raw.get(bare..).unwrap_or_default();
            start + bare + rest.len() - rest.trim_start_matches(BLANK).len()
        }
    };
    if matches!(style, Style::Literal | Style::Folded) {
        out.cut(decoded.len());
    }
    if out.text == decoded {
        if out.pieces.is_empty() {
            out.pieces.push((0, start));
        }
        Fragment::mapped(source, out.text, out.pieces, end)
    } else {
        Fragment::mapped(source, decoded.to_owned(), vec![(0, start)], end)
    }
}

/// A plain scalar that YAML itself could not read.
pub fn plain(source: SourceId, file: &str, start: usize, end: usize) -> Fragment {
    let mut out = Out { text: String::new(), pieces: Vec::new() };
    flow_lines(&mut out, file.get(start..end).unwrap_or_default(), start, Style::Plain);
    Fragment::mapped(source, out.text, out.pieces, end)
}

/// The text so far and where its pieces come from.
struct Out {
    text: String,
    pieces: Vec<(usize, usize)>,
}

impl Out {
    /// A stretch that stands in the file as it is.
    fn run(&mut self, origin: usize, text: &str) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), origin));
            self.text.push_str(text);
        }
        self.pieces.push((self.text.len(), origin + text.len()));
    }

    /// Text that stands for something else in the file: an escape or a line break with its indentation.
    fn whole(&mut self, origin: usize, text: &str) {
        self.pieces.push((self.text.len(), origin));
        self.text.push_str(text);
    }

    /// Drops what lies beyond `length`: the line breaks that a block scalar's chomping takes off.
    fn cut(&mut self, length: usize) {
        if self.text.is_char_boundary(length) && length < self.text.len() {
            self.text.truncate(length);
            self.pieces.retain(|p| p.0 < length);
        }
    }
}

/// A line without its break, and its place.
fn lines(raw: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = start;
    raw.split_inclusive('\n').chain(raw.ends_with('\n').then_some("")).map(move |line| {
        let here = at;
        at += line.len();
        (here, line.trim_end_matches('\n').trim_end_matches('\r'))
    })
}

const BLANK: [char; 2] = [' ', '\t'];

/// Plain and quoted text: lines are folded, and an empty line is a line break.
fn flow_lines(out: &mut Out, raw: &str, start: usize, style: Style) {
    let all: Vec<_> = lines(raw, start).collect();
    let mut breaks = 0_usize;
    let mut fold_at = start;
    let mut continued = false;
    for (index, &(at, line)) in all.iter().enumerate() {
        let lead = if index == 0 { 0 } else { line.len() - line.trim_start_matches(BLANK).len() };
        let last = index + 1 == all.len();
        let body = line.get(lead..).unwrap_or_default();
        let body = if last { body } else { without_trailing_blanks(body, style) };
        if index > 0 {
            breaks += 1;
            let empty = body.is_empty() && !last;
            if empty {
                continue;
            }
            match breaks {
                1 if continued => out.whole(fold_at, ""),
                1 => out.whole(fold_at, " "),
                n => out.whole(fold_at, &"\n".repeat(n - 1)),
            }
            breaks = 0;
        }
        continued = style == Style::Double && !last && ends_in_escape(body);
        let text = if continued { body.get(..body.len() - 1).unwrap_or_default() } else { body };
        match style {
            Style::Double => escapes(out, text, at + lead),
            Style::Single => doubled_quotes(out, text, at + lead),
            _ => out.run(at + lead, text),
        }
        fold_at = at + lead + text.len();
    }
}

/// Blanks before a line break do not count, unless a back-slash makes the first of them text.
fn without_trailing_blanks(body: &str, style: Style) -> &str {
    let bare = body.trim_end_matches(BLANK);
    if style == Style::Double && bare.len() < body.len() && ends_in_escape(bare) {
        return body.get(..=bare.len()).unwrap_or(bare);
    }
    bare
}

fn ends_in_escape(text: &str) -> bool {
    (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
}

/// `''` is one quote.
fn doubled_quotes(out: &mut Out, text: &str, start: usize) {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("''")) {
        out.run(start + at, text.get(at..at + found).unwrap_or_default());
        out.whole(start + at + found, "'");
        at += found + 2;
    }
    out.run(start + at, text.get(at..).unwrap_or_default());
}

/// The escapes of a text in double quotes.
fn escapes(out: &mut Out, text: &str, start: usize) {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        out.run(start + at, text.get(at..at + found).unwrap_or_default());
        at += found;
        let rest = text.get(at + 1..).unwrap_or_default();
        let Some(sign) = rest.chars().next() else { break };
        let digits = match sign {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let code = |from: usize| {
            let hex = rest.get(from..from + digits)?;
            u32::from_str_radix(hex, 16).ok()
        };
        let mut length = 1 + sign.len_utf8() + digits;
        let decoded = if digits == 0 {
            simple_escape(sign)
        } else {
            let high = code(1).unwrap_or(u32::MAX);
            if (0xD800..0xDC00).contains(&high) && rest.get(5..7) == Some("\\u") {
                length += 6;
                code(7).and_then(|low| char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + low.checked_sub(0xDC00)?))
            } else {
                char::from_u32(high)
            }
        };
        out.whole(start + at, decoded.map(String::from).unwrap_or_default().as_str());
        at += length;
    }
    out.run(start + at, text.get(at..).unwrap_or_default());
}

fn simple_escape(sign: char) -> Option<char> {
    Some(match sign {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => sign,
        _ => return None,
    })
}

/// The lines of a block scalar, each without its first `indent` blanks.
fn block_lines(out: &mut Out, raw: &str, start: usize, indent: usize, folded: bool) {
    let mut previous: Option<(usize, bool)> = None;
    let mut empties = 0_usize;
    for (index, (at, line)) in lines(raw, start).enumerate() {
        let margin = if index == 0 { 0 } else { indent.min(line.len() - line.trim_start_matches(' ').len()) };
        let body = line.get(margin..).unwrap_or_default();
        if body.is_empty() {
            empties += 1;
            continue;
        }
        let indented = body.starts_with(BLANK);
        if let Some((end, was_indented)) = previous {
            let joined = folded && !indented && !was_indented;
            match (joined, empties) {
                (true, 0) => out.whole(end, " "),
                (true, n) => out.whole(end, &"\n".repeat(n)),
                (false, n) => out.whole(end, &"\n".repeat(n + 1)),
            }
        }
        empties = 0;
        out.run(at + margin, body);
        previous = Some((at + margin + body.len(), indented));
    }
    if let Some((end, _)) = previous {
        out.whole(end, &"\n".repeat(empties + 1));
    }
}
