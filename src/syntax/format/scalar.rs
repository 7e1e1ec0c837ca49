//! Texts as YAML writes them: in quotes only where they need them.

use unicode_width::UnicodeWidthStr;

use super::doc::WIDTH;

/// A text on one line. `flow`: inside `[…]` or `{…}`.
pub fn one_line(text: &str, flow: bool) -> String {
    if plain(text, flow) { text.to_owned() } else { quoted(text) }
}

/// A text in quotes: double ones, unless it holds those.
pub fn quoted(text: &str) -> String {
    if text.chars().any(|c| c.is_control() || !printable(c)) {
        return escaped(text);
    }
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

fn printable(c: char) -> bool {
    !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn escaped(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || !printable(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether YAML reads a text without quotes as it stands, and no other program takes it for something else.
fn plain(text: &str, flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let begins = first.is_alphanumeric() || matches!(first, '_' | '(' | '€' | '/');
    let negative = first == '-' && text.chars().nth(1).is_some_and(char::is_alphanumeric);
    let inside = !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text.chars().any(|c| c.is_control() || !printable(c))
        && text.trim() == text;
    let in_flow = !text.contains([',', '[', ']', '{', '}', ':', '"', '\'']);
    (begins || negative) && inside && (!flow || in_flow)
}

/// Words that other readers of YAML take for something else than a text.
pub fn misread(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    matches!(word.as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "~")
        || text.parse::<f64>().is_ok()
}

/// A text that is too long for its line, as a folded block of lines that end at spaces. Nothing where that would change
/// it.
pub fn folded(text: &str, indent: usize) -> Option<Vec<String>> {
    let fits = !text.is_empty()
        && text.split(' ').all(|word| !word.is_empty())
        && !text.chars().any(|c| c.is_control() || !printable(c));
    if !fits {
        return None;
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut()?;
        if !line.is_empty() && indent + line.width() + 1 + word.width() > WIDTH {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    Some(lines)
}

/// A text of several lines as a literal block. Nothing where that would change it.
pub fn literal(text: &str) -> Option<Vec<String>> {
    let fits = text.contains('\n')
        && text.trim() == text
        && !text.chars().any(|c| (c.is_control() && c != '\n') || !printable(c))
        && text.split('\n').all(|line| line.trim_end() == line);
    fits.then(|| text.split('\n').map(str::to_owned).collect())
}
