//! Names and texts as the `.kpi` notation writes them.

use unicode_normalization::UnicodeNormalization;

use crate::syntax::ast::ClauseWord;
use crate::syntax::dsl::words::{DECLARATIONS, Kind, NORM_WORDS, UNITS, is_reserved, tokens, unquote};

/// Words that mean something inside an answer; a column of that name keeps its back-ticks.
const SIGNAL: [&str; 16] = [
    "gevuld",
    "telt",
    "mee",
    "van",
    "uiterlijk",
    "binnen",
    "afgeleid",
    "minimaal",
    "waarnemingen",
    "hele",
    "met",
    "geldig",
    "basis",
    "totaal",
    "score",
    "tabel",
];

/// A name where a name is declared: in back-ticks where it is reserved or odd.
pub fn name(word: &str) -> String {
    if is_plain(word) && !is_reserved(word) { word.to_owned() } else { format!("`{word}`") }
}

/// The letters of a name need no back-ticks.
fn is_plain(word: &str) -> bool {
    matches!(tokens(word).as_slice(), [only] if only.kind == Kind::Name && only.start == 0 && only.end == word.len())
}

/// A name of the author in the middle of an answer: NFC, and without back-ticks that change nothing.
pub fn name_in_answer(written: &str) -> String {
    let Some(bare) = written.strip_prefix('`').and_then(|w| w.strip_suffix('`')) else {
        return written.nfc().collect();
    };
    let bare: String = bare.nfc().collect();
    let signal = is_reserved(&bare)
        || ClauseWord::of(&bare).is_some()
        || DECLARATIONS.contains(&bare.as_str())
        || NORM_WORDS.contains(&bare.as_str())
        || UNITS.contains(&bare.as_str())
        || SIGNAL.contains(&bare.as_str());
    if is_plain(&bare) && !signal { bare } else { format!("`{bare}`") }
}

/// A word with which an item of a norm begins.
pub fn begins_norm(word: &str) -> bool {
    NORM_WORDS.contains(&word)
}

/// A text on one line.
pub fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// A text in three quotes, as lines; nothing for a text that this form would change.
pub fn several_lines(value: &str) -> Option<Vec<String>> {
    let escaped = value.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    let mut lines = vec!["\"\"\"".to_owned()];
    lines.extend(escaped.split('\n').map(str::to_owned));
    lines.push("\"\"\"".to_owned());
    let written = lines.join("\n    ");
    let one = matches!(tokens(&written).as_slice(), [only] if only.kind == Kind::Text && only.end == written.len());
    (one && unquote(&written) == value).then_some(lines)
}
