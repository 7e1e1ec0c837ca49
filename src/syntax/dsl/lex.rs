//! A text as a list of tokens, by the `tokens` rule of the grammar. It never fails: what fits nothing is a token too.
//! Knows nothing of clauses or declarations, and gives no messages.

use super::grammar::{Grammar, Rule};
use pest::Parser;

/// What a token is. The kinds after `Sign` are mistakes in themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax) enum Kind {
    Name,
    Quoted,
    Text,
    Number,
    Date,
    Clock,
    Open,
    Close,
    BraceOpen,
    BraceClose,
    Comma,
    Dot,
    Colon,
    /// Operators and other signs of the language.
    Sign,
    /// `"abc` without its closing quote.
    OpenText,
    /// A back-tick name without its closing back-tick.
    OpenName,
    /// A text in `“…”` or `'…'`.
    Typographic,
    /// `2026-1-1`, `31-12-2026`
    BadDate,
    /// `0,5`
    CommaNumber,
    /// `1.000.000`
    DottedNumber,
    /// `1__000`
    BadNumber,
    /// `==`, `;`
    Foreign,
    /// Any other character.
    Other,
}

/// A stretch of the text, in byte offsets.
#[derive(Clone, Copy, Debug)]
pub(in crate::syntax) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// The first token on its line.
    pub first: bool,
}

/// Cuts a text into tokens.
pub(in crate::syntax) fn tokens(text: &str) -> Vec<Token> {
    let Ok(pairs) = Grammar::parse(Rule::tokens, text) else { return Vec::new() };
    let mut list = Vec::new();
    let mut before = 0;
    for pair in pairs.flatten() {
        let Some(kind) = kind(pair.as_rule()) else { continue };
        let span = pair.as_span();
        let (start, mut end) = (span.start(), span.end());
        if matches!(kind, Kind::OpenText | Kind::OpenName) {
            end = start + span.as_str().trim_end().len();
        }
        let first = list.is_empty() || text.get(before..start).is_some_and(|gap| gap.contains(['\n', '\r']));
        list.push(Token { kind, start, end, first });
        before = end;
    }
    list
}

fn kind(rule: Rule) -> Option<Kind> {
    Some(match rule {
        Rule::name => Kind::Name,
        Rule::quoted => Kind::Quoted,
        Rule::text => Kind::Text,
        Rule::t_plain_number => Kind::Number,
        Rule::t_date => Kind::Date,
        Rule::t_clock => Kind::Clock,
        Rule::t_open => Kind::Open,
        Rule::t_close => Kind::Close,
        Rule::t_brace_open => Kind::BraceOpen,
        Rule::t_brace_close => Kind::BraceClose,
        Rule::t_comma => Kind::Comma,
        Rule::t_dot => Kind::Dot,
        Rule::t_colon => Kind::Colon,
        Rule::t_operator => Kind::Sign,
        Rule::t_open_text => Kind::OpenText,
        Rule::t_open_name => Kind::OpenName,
        Rule::t_typographic => Kind::Typographic,
        Rule::t_bad_date => Kind::BadDate,
        Rule::t_comma_number => Kind::CommaNumber,
        Rule::t_dotted_number => Kind::DottedNumber,
        Rule::t_bad_number => Kind::BadNumber,
        Rule::t_foreign => Kind::Foreign,
        Rule::t_other => Kind::Other,
        _ => return None,
    })
}

/// A word that no column can have without back-ticks.
pub(in crate::syntax) fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "en" | "of"
            | "niet"
            | "in"
            | "tussen"
            | "is"
            | "leeg"
            | "ja"
            | "nee"
            | "waarbij"
            | "per"
            | "op"
            | "als"
            | "vanaf"
            | "tot"
    )
}
