//! What YAML cannot read, in the author's terms. A slip of which the meaning is plain (`norm: >= 80%` is a block of text
//! to YAML) is reported, taken out of the parser's way and read as meant, so that one slip does not hide the others.
//!
//! No message here repeats a value: the file may be one that should hold no secrets but does.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_saphyr::granit_parser::ErrorKind;

use super::scan::{self, Failure, Scan};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{SourceId, Span};

/// The text is no YAML.
pub const UNREADABLE: &str = "ML030";
/// A key stands twice in one mapping.
pub const DUPLICATE: &str = "ML031";
/// `norm: >= 80%`: to YAML a block of text.
pub const BLOCK: &str = "ML034";
/// A value without quotes that YAML reads as something else.
pub const EATEN: &str = "ML035";

const CLOSE: &str = "sluit elke `[` met `]` en elke `{` met `}`";

/// More slips than this are not worth a pass over the text each.
const SLIPS: usize = 100;

/// A text that YAML can read, as long as the author's, byte for byte in the same places.
pub struct Mended {
    pub text: String,
    /// The values of which a part was replaced: start and end.
    pub slips: BTreeMap<usize, usize>,
    pub scan: Scan,
}

/// Scans a text, with known slips out of the way. Nothing when it stays unreadable; a diagnostic is given. `several`: there
/// may be more documents than one.
pub fn mend(source: SourceId, text: &str, several: bool, sink: &mut Sink) -> Option<Mended> {
    let mut mended = text.to_owned();
    let mut slips: BTreeMap<usize, Slip> = BTreeMap::new();
    loop {
        let (failure, at) = match scan::scan(&mended, several) {
            Ok(scan) => {
                // A value may go on over the next lines; one that became part of another is not what the author meant.
                let ends: BTreeMap<_, _> =
                    slips.keys().filter_map(|&at| Some((at, scan.scalars.get(&(at, true))?.end))).collect();
                let whole = ends.len() == slips.len();
                tell(source, text, slips, &ends, sink);
                return whole.then_some(Mended { text: mended, slips: ends, scan });
            }
            Err(found) => found,
        };
        let slip = if slips.len() < SLIPS { find(&mended, &failure, at) } else { None };
        let Some(slip) = slip.filter(|s| s.end > s.start && !slips.contains_key(&s.start)) else {
            sink.push(unreadable(source, text, &failure, at));
            tell(source, text, slips, &BTreeMap::new(), sink);
            return None;
        };
        mended.replace_range(slip.start..slip.end, &"x".repeat(slip.end - slip.start));
        slips.insert(slip.start, slip);
    }
}

/// Reports slips, each over the value's whole extent where that is known.
fn tell(source: SourceId, text: &str, slips: BTreeMap<usize, Slip>, ends: &BTreeMap<usize, usize>, sink: &mut Sink) {
    for (start, slip) in slips {
        let range = start..ends.get(&start).copied().unwrap_or(slip.end);
        let value = text.get(range.clone()).unwrap_or_default();
        let span = Span::new(source, range);
        sink.push(
            Diagnostic::error(slip.code, slip.message)
                .at(span)
                .help("zet de waarde tussen aanhalingstekens")
                .replace(span, quoted(value)),
        );
    }
}

/// A text in quotes, so that YAML takes it as it is.
pub fn quoted(value: &str) -> String {
    if value.contains(['"', '\\']) { format!("'{}'", value.replace('\'', "''")) } else { format!("\"{value}\"") }
}

/// The character at a byte offset; empty at the end of a line.
pub fn sign_at(source: SourceId, text: &str, at: usize) -> Span {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let length = text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| !matches!(c, '\n' | '\r'));
    Span::new(source, at..at + length.map_or(0, char::len_utf8))
}

struct Slip {
    code: &'static str,
    message: String,
    start: usize,
    end: usize,
}

/// The slip behind a failure, if it is a known one.
fn find(text: &str, failure: &Failure, at: usize) -> Option<Slip> {
    let Failure::Syntax(kind) = failure else { return None };
    let line = Line::around(text, at);
    let value = line.value();
    let whole = |code, message: &str| {
        Some(Slip { code, message: message.to_owned(), start: value, end: line.end_of_value(value, false) })
    };
    let first = text.get(value..line.end).and_then(|v| v.chars().next());
    match kind {
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent if matches!(first, Some('>' | '|')) => {
            let sign = first.unwrap_or('>');
            whole(BLOCK, &format!("een waarde die met `{sign}` begint, is voor YAML een blok tekst"))
        }
        ErrorKind::UnexpectedCharacter { character } => {
            let start = at;
            let before = text.get(line.start..start).unwrap_or_default().trim_end();
            let flow = before.is_empty() || before.contains(['[', '{']);
            let sign = if *character == '`' { "een backtick".into() } else { format!("`{character}`") };
            let message = format!("in YAML kan een tekst zonder aanhalingstekens niet met {sign} beginnen");
            let rest = text.get(start..line.end).unwrap_or_default();
            // `` `tot`: … ``: the name alone.
            let key = rest.get(1..).and_then(|r| r.find("`:")).filter(|_| *character == '`' && start == line.bare());
            let end = key.map_or_else(|| line.end_of_value(start, flow), |n| start + n + 2);
            text.get(start..)?.starts_with(*character).then_some(Slip { code: EATEN, message, start, end })
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidSimpleKey | ErrorKind::InvalidColonPlacement
            if at > value && first.is_some_and(|c| !matches!(c, '[' | '{' | '#' | '?')) =>
        {
            whole(EATEN, "`: ` in een waarde is voor YAML het begin van een nieuwe waarde")
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar
        | ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::UnexpectedEof
            if at > value && matches!(first, Some('"' | '\'')) =>
        {
            whole(EATEN, "een waarde die met een aanhalingsteken begint, is voor YAML uit bij het volgende")
        }
        ErrorKind::UnknownAnchor | ErrorKind::MissingAnchorOrAliasName if matches!(first, Some('*' | '&')) => {
            whole(EATEN, "een waarde die met `*` of `&` begint, is voor YAML een verwijzing")
        }
        _ => None,
    }
}

/// One line of the text.
struct Line<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl<'a> Line<'a> {
    fn around(text: &'a str, at: usize) -> Self {
        let Span { start, .. } = sign_at(SourceId(0), text, at);
        let at = start as usize;
        let start = text.get(..at).and_then(|s| s.rfind('\n')).map_or(0, |n| n + 1);
        let end = text.get(at..).and_then(|s| s.find('\n')).map_or(text.len(), |n| at + n);
        Self { text, start, end }
    }

    /// Where something stands behind the indentation and dashes of this line.
    fn bare(&self) -> usize {
        let mut at = self.start;
        loop {
            let rest = self.text.get(at..self.end).unwrap_or_default();
            let rest = rest.trim_start_matches([' ', '\t', '\u{feff}']);
            at = self.end - rest.len();
            let Some(after) = rest.strip_prefix("- ") else { return at };
            at = self.end - after.len();
        }
    }

    /// Where the value of this line starts: behind its indentation, dashes and key.
    fn value(&self) -> usize {
        let at = self.bare();
        let rest = self.text.get(at..self.end).unwrap_or_default();
        let key = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest.get(1..).and_then(|r| r.find(quote)).map_or(0, |n| n + 2),
            _ => 0,
        };
        let colon = rest.get(key..).and_then(|r| r.find(": ")).map(|n| key + n);
        let blank = rest.find(['[', '{']).unwrap_or(rest.len());
        match colon {
            Some(colon) if colon < blank => {
                let value = rest.get(colon + 1..).unwrap_or_default().trim_start_matches([' ', '\t']);
                self.end - value.len()
            }
            _ => at,
        }
    }

    fn content(&self) -> &'a str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// The length of its indentation.
    fn indentation(&self) -> usize {
        self.content().len() - self.content().trim_start_matches([' ', '\t', '\u{feff}']).len()
    }

    /// The nearest line above with something on it.
    fn above(&self) -> Option<Self> {
        let mut line = Self::around(self.text, self.start.checked_sub(1)?);
        loop {
            let content = line.content().trim();
            if !content.is_empty() && !content.starts_with('#') {
                return Some(line);
            }
            line = Self::around(self.text, line.start.checked_sub(1)?);
        }
    }

    /// Why this line has a `:` where none can be: the line above is open, is no entry, or this one stands too far in.
    fn cause(&self) -> Option<(String, &'static str, Range<usize>)> {
        let above = self.above()?;
        let content = above.content();
        if let Some((at, sign)) = open_bracket(content) {
            let close = if sign == '{' { '}' } else { ']' };
            let message = format!("`{sign}` wordt niet gesloten met `{close}`");
            return Some((message, CLOSE, above.start + at..above.start + at + 1));
        }
        let start = above.start + above.indentation();
        let body = content.get(above.indentation()..).unwrap_or_default().trim_end();
        if !body.contains(": ") && !body.ends_with(':') && !body.starts_with('-') {
            let message = "op deze regel ontbreekt `:` achter de sleutel".to_owned();
            return Some((message, "schrijf `sleutel: waarde`", start..start + body.len()));
        }
        let start = self.start + self.indentation();
        let end = self.text.get(start..self.end).and_then(|rest| rest.find(':')).map_or(self.end, |n| start + n);
        (self.indentation() > above.indentation() && end > start).then(|| {
            let message = "deze regel springt verder in dan de regel waar hij bij hoort".to_owned();
            (message, "zet wat bij elkaar hoort even ver naar rechts", start..end)
        })
    }

    /// Where a value that starts at `start` ends on this line: before a comment, in a flow list at its next sign.
    fn end_of_value(&self, start: usize, flow: bool) -> usize {
        let rest = self.text.get(start..self.end).unwrap_or_default();
        let mut stop = rest.find(" #").unwrap_or(rest.len());
        if flow {
            stop = stop.min(rest.find([',', ']', '}']).unwrap_or(rest.len()));
        }
        start + rest.get(..stop).unwrap_or_default().trim_end().len()
    }
}

/// The first bracket of a line that is not closed on it, outside quotes.
fn open_bracket(line: &str) -> Option<(usize, char)> {
    let mut open = Vec::new();
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(q), _) => quote = (q != c).then_some(q),
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => open.push((at, c)),
            (None, ']' | '}') => drop(open.pop()),
            _ => {}
        }
    }
    open.first().copied()
}

/// The message for what stays unreadable.
fn unreadable(source: SourceId, text: &str, failure: &Failure, at: usize) -> Diagnostic {
    use ErrorKind as K;
    let Failure::Syntax(kind) = failure else {
        let (message, help) = words(failure);
        return Diagnostic::error(UNREADABLE, message).at(sign_at(source, text, at)).help(help);
    };
    let line = Line::around(text, at);
    let (message, help) = words(failure);
    let plain = Diagnostic::error(UNREADABLE, message).at(sign_at(source, text, at)).help(help);
    match kind {
        K::MappingValueNotAllowed | K::InvalidSimpleKey | K::InvalidColonPlacement => {
            line.cause().map_or(plain, |(message, help, range)| {
                Diagnostic::error(UNREADABLE, message).at(Span::new(source, range)).help(help)
            })
        }
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation => {
            let indentation = text.get(line.start..line.start + line.indentation()).unwrap_or_default();
            let Some(tab) = indentation.find('\t') else { return plain };
            let span = Span::new(source, line.start + tab..line.start + indentation.len());
            let spaces = indentation.get(tab..).unwrap_or_default().replace('\t', "  ");
            plain.at(span).replace(span, spaces)
        }
        _ => match open_quote(text, failure, at) {
            Some(quote) => plain.at(sign_at(source, text, quote)),
            None => plain,
        },
    }
}

/// The quote that is not closed: the last one before the failure with which a value starts.
fn open_quote(text: &str, failure: &Failure, at: usize) -> Option<usize> {
    use ErrorKind as K;
    let Failure::Syntax(K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar | K::InvalidQuotedScalarIndent) =
        failure
    else {
        return None;
    };
    let mut line = Line::around(text, at);
    loop {
        let value = line.value();
        if value < at && text.get(value..).is_some_and(|v| v.starts_with(['"', '\''])) {
            return Some(value);
        }
        line = Line::around(text, line.start.checked_sub(1)?);
    }
}

/// What is wrong, and what to do.
fn words(failure: &Failure) -> (String, &'static str) {
    use ErrorKind as K;
    let kind = match failure {
        Failure::SecondDocument => {
            return ("dit bestand is één YAML-document".into(), "haal `---` weg");
        }
        Failure::Depth => return ("deze YAML is te diep genest".into(), "een definitie heeft minder lagen nodig"),
        Failure::Syntax(kind) => kind,
    };
    let (message, help) = match kind {
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabAtBlockScalarStart
        | K::TabInPlainScalar => ("een tab telt in YAML niet als inspringing", "spring in met spaties"),
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar | K::InvalidQuotedScalarIndent => {
            ("het aanhalingsteken wordt niet gesloten", "zet er een aanhalingsteken achter")
        }
        K::UnclosedFlowCollection { open } | K::MismatchedFlowCollectionEnd { open, .. } => {
            let close = if *open == '{' { '}' } else { ']' };
            return (format!("`{open}` wordt niet gesloten met `{close}`"), CLOSE);
        }
        K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::ExpectedFlowSequenceSeparator
        | K::ExpectedFlowMappingSeparator => ("hier ontbreekt een komma of een sluithaak", CLOSE),
        K::MisplacedFlowCollectionEnd => ("deze sluithaak hoort nergens bij", "haal hem weg, of zet er een haak voor"),
        K::InvalidIndentation
        | K::ExpectedBlockMappingKey
        | K::ExpectedBlockSequenceEntry
        | K::InvalidFlowScalarIndent
        | K::InvalidBlockScalarIndent
        | K::BlockSequenceEntryNotAllowed => {
            ("de inspringing klopt hier niet", "zet wat bij elkaar hoort even ver naar rechts")
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey | K::UnexpectedEndOfPlainScalar => {
            ("achter deze sleutel ontbreekt `:`", "schrijf `sleutel: waarde`")
        }
        K::MappingValueNotAllowed
        | K::MappingKeyNotAllowed
        | K::InvalidColonPlacement
        | K::InvalidMappingValueWhitespace
        | K::FlowMappingValueAdjacentCollection => {
            ("hier kan geen sleutel met `:` staan", "zet een waarde met `: ` tussen aanhalingstekens")
        }
        K::InvalidBlockScalarHeader | K::ZeroBlockScalarIndent => {
            ("achter `>` of `|` hoort de tekst op de volgende regel", "zet de waarde tussen aanhalingstekens")
        }
        K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => (
            "achter het sluitende aanhalingsteken kan niets meer staan",
            "zet de hele waarde tussen (enkele) aanhalingstekens",
        ),
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => (
            "dit is tussen dubbele aanhalingstekens geen geldig `\\`-teken",
            "schrijf `\\\\`, of gebruik enkele aanhalingstekens",
        ),
        K::UnknownAnchor | K::MissingAnchorOrAliasName => {
            ("deze verwijzing (`*`) wijst naar een anker (`&`) dat er niet is", "schrijf de waarde uit")
        }
        K::UnexpectedCharacter { .. } => {
            ("met dit teken kan in YAML geen waarde beginnen", "zet de waarde tussen aanhalingstekens")
        }
        K::CommentNotSeparated | K::CommentInterceptedScalar => (
            "dit commentaar (`#`) staat midden in een waarde",
            "zet het op een eigen regel, of de waarde tussen aanhalingstekens",
        ),
        K::BomInsideDocument => ("hier staat een onzichtbaar teken (BOM)", "haal het weg"),
        K::RecursionLimitExceeded => ("deze YAML is te diep genest", "een definitie heeft minder lagen nodig"),
        _ => ("dit is geen geldige YAML", "schrijf `sleutel: waarde`, met de waarde zo nodig tussen aanhalingstekens"),
    };
    (message.to_owned(), help)
}
