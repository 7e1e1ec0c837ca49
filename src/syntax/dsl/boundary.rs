//! Where a declaration, a table, a column or a clause begins, judged on a few tokens around the place. Gives no messages.
//!
//! The rule behind all of it: in a valid answer two operands never stand side by side, so a known word right behind an
//! operand is a new beginning, even inside brackets that someone forgot to close.

use super::clause::METHOD_PARTS;
use super::column::TYPES;
use super::lex::{Kind, is_reserved};
use super::literal::unit;
use super::piece::Reader;
use crate::syntax::ast::ClauseWord;

/// The words that begin a declaration.
pub(in crate::syntax) const DECLARATIONS: [&str; 11] = [
    "gebruik",
    "parameter",
    "bronsysteem",
    "kalender",
    "dimensie",
    "doel",
    "klantketen",
    "kpi",
    "aanpassing",
    "meetstoring",
    "toets",
];

/// The words that begin an item of a norm.
pub(in crate::syntax) const NORM_WORDS: [&str; 5] = ["bijna", "streefnorm", "richtlijn", "benchmark", "geen"];

/// Words that take something behind them in the middle of an argument, and are names elsewhere.
const LEADING: [&str; 5] = ["binnen", "uiterlijk", "van", "telt", "basis"];

impl Reader<'_, '_> {
    /// A declaration begins here, also in the middle of a block that is not closed.
    pub(super) fn declares(&self, index: usize) -> bool {
        let Some(word) = self.name_word(index) else { return false };
        if !DECLARATIONS.contains(&word) || self.before(index) == Some(Kind::Dot) {
            return false;
        }
        let (next, behind) = (self.kind(index + 1), self.kind(index + 2));
        let named = matches!(next, Some(Kind::Name | Kind::Quoted)) && !is_reserved(self.word(index + 1));
        let opens = |at| self.kind(at) == Some(Kind::BraceOpen);
        match word {
            "gebruik" => matches!(next, Some(Kind::Text | Kind::OpenText | Kind::Typographic)),
            "toets" => {
                opens(index + 1)
                    || (matches!(next, Some(Kind::Text | Kind::Typographic | Kind::Name)) && opens(index + 2))
                    || (next == Some(Kind::OpenText) && self.first(index))
            }
            "meetstoring" => named && self.first(index),
            "parameter" => named && behind == Some(Kind::Colon),
            "kpi" if named => {
                matches!(behind, Some(Kind::BraceOpen | Kind::Text | Kind::OpenText | Kind::Typographic))
                    || self.word(index + 2) == "geldig"
            }
            "kpi" => {
                let name = index.checked_sub(1).is_some_and(|i| DECLARATIONS.contains(&self.word(i)));
                next == Some(Kind::Text) && opens(index + 2) && !name
            }
            _ if named => {
                opens(index + 2)
                    || (matches!(behind, Some(Kind::Text | Kind::Typographic)) && opens(index + 3))
                    || (behind == Some(Kind::OpenText) && self.first(index) && self.word(index + 1) != "geen")
            }
            _ => false,
        }
    }

    /// `tabel x {`, `tabel x "…"`, `tabel x uit …`
    pub(super) fn begins_table(&self, index: usize) -> bool {
        self.name_word(index) == Some("tabel")
            && matches!(self.kind(index + 1), Some(Kind::Name | Kind::Quoted))
            && (matches!(self.kind(index + 2), Some(Kind::BraceOpen | Kind::Text | Kind::OpenText | Kind::Typographic))
                || matches!(self.word(index + 2), "uit" | "verenigt"))
    }

    /// A column or requirement begins here: a name first on its line, behind something that is complete.
    pub(super) fn begins_column(&self, index: usize, brackets: usize) -> bool {
        if !self.first(index) {
            return false;
        }
        // `naam tekst`; and behind an operator that lacks its right side, `naam = …`.
        let next = self.word(index + 1);
        let typed = self.begins_typed(index);
        let name = match self.kind(index) {
            Some(Kind::Name) => !is_reserved(self.word(index)) || (typed && !self.goes_on(index)),
            Some(Kind::Quoted | Kind::OpenName) => true,
            Some(Kind::Number) => typed,
            _ => false,
        };
        if !name || (brackets > 0 && LEADING.contains(&self.word(index))) {
            return false;
        }
        let dangling =
            index.checked_sub(1).is_some_and(|i| matches!(self.word(i), "->" | "+" | "-" | "*" | "/" | "=" | ":"));
        if typed || (dangling && next == "=") {
            return true;
        }
        let complete = index.checked_sub(1).is_some_and(|before| {
            self.ends_operand(before, brackets)
                || self.word(before) == "?"
                || (brackets == 0 && self.kind(before) == Some(Kind::Comma))
        });
        // A unit on the next line belongs to its number's message.
        complete && !(self.before(index) == Some(Kind::Number) && unit(self.word(index)).is_some() && self.lone(index))
    }

    /// `of geheel <= 3`: the expression of the line before goes on, with a column that is called like a type.
    fn goes_on(&self, index: usize) -> bool {
        const OPERATORS: [&str; 13] = ["=", "<>", "<", "<=", ">", ">=", "is", "in", "tussen", "+", "-", "*", "/"];
        matches!(self.word(index), "en" | "of") && !self.first(index + 2) && OPERATORS.contains(&self.word(index + 2))
    }

    /// `naam tekst`: a type stands behind this token on its line.
    pub(super) fn begins_typed(&self, index: usize) -> bool {
        let next = self.word(index + 1);
        self.kind(index + 1) == Some(Kind::Name)
            && !self.first(index + 1)
            && (next == "score" || TYPES.iter().any(|t| t.0 == next))
    }

    /// Nothing stands behind this token on its line.
    fn lone(&self, index: usize) -> bool {
        self.token(index + 1).is_none_or(|next| next.first || next.kind == Kind::BraceClose)
    }

    /// A clause begins here, known or not. `clause` is the token at which the present one begins.
    pub(super) fn begins_clause(&self, index: usize, clause: usize, brackets: usize) -> bool {
        let Some(word) = self.name_word(index).filter(|word| !is_reserved(word)) else { return false };
        let Some(before) = index.checked_sub(1) else { return false };
        // `n.v.t.` and the end of a sentence without quotes end their line; a path goes on.
        let sentence = self.kind(before) == Some(Kind::Dot) && self.first(index);
        if self.kind(before) == Some(Kind::Dot) && !sentence {
            return false;
        }
        let current = self.name_word(clause).and_then(ClauseWord::of);
        let adjacent = index == clause + 1;
        let juxtaposed = sentence || self.ends_operand(before, brackets);
        // A comma too many behind the answer before.
        let comma = brackets == 0 && self.kind(before) == Some(Kind::Comma);
        let listed = comma && (is_list(current) || self.first(index));
        match ClauseWord::of(word) {
            Some(found) if self.certain(found, index) => juxtaposed || self.first(index) || listed,
            Some(ClauseWord::Norm) if self.is_test(index + 1) => {
                if adjacent {
                    return current.is_some() && current != Some(ClauseWord::Calculation);
                }
                juxtaposed || listed
            }
            Some(_) if brackets == 0 && !adjacent => {
                juxtaposed || (self.first(index) && self.kind(before) == Some(Kind::Name) && self.answers(index + 1))
            }
            Some(_) => false,
            None => brackets == 0 && juxtaposed && !adjacent && self.unknown_clause(index, current),
        }
    }

    /// What follows this clause word fits it so well that no expression can be meant.
    fn certain(&self, clause: ClauseWord, index: usize) -> bool {
        let next = self.word(index + 1);
        let name = match self.kind(index + 1) {
            Some(Kind::Name) => !is_reserved(next) && next != "van" && ClauseWord::of(next).is_none(),
            Some(Kind::Quoted) => true,
            // `norm: >= 80%`
            Some(Kind::Colon) => return true,
            _ => false,
        };
        match clause {
            ClauseWord::Definition | ClauseWord::Owner | ClauseWord::Note => {
                matches!(self.kind(index + 1), Some(Kind::Text | Kind::OpenText | Kind::Typographic))
                    || (name && self.first(index))
            }
            ClauseWord::Norm => NORM_WORDS.contains(&next) || next == "per",
            _ => name,
        }
    }

    /// A value may stand here, not an operator.
    fn answers(&self, index: usize) -> bool {
        let operator = matches!(self.word(index), "en" | "of" | "is" | "in" | "tussen" | "niet" | "als" | "waarbij");
        matches!(self.kind(index), Some(Kind::Name | Kind::Quoted | Kind::Text | Kind::Number)) && !operator
    }

    fn is_test(&self, index: usize) -> bool {
        matches!(self.word(index), "<" | "<=" | ">" | ">=" | "=" | "<>" | "tussen")
            || self.kind(index) == Some(Kind::Foreign)
    }

    /// A word that is no clause stands where only a clause can: first on its line, or with a text behind it.
    fn unknown_clause(&self, index: usize, current: Option<ClauseWord>) -> bool {
        let word = self.word(index);
        let belongs = match current {
            Some(ClauseWord::Norm) => NORM_WORDS.contains(&word),
            Some(ClauseWord::Method) => METHOD_PARTS.contains(&word),
            _ => word == "geen",
        };
        if belongs || (self.before(index) == Some(Kind::Number) && unit(word).is_some()) {
            return false;
        }
        self.first(index) || matches!(self.kind(index + 1), Some(Kind::Text | Kind::OpenText))
    }

    /// A value, a name or a closing bracket: something behind which an operator or an end must come.
    pub(super) fn ends_operand(&self, index: usize, brackets: usize) -> bool {
        match self.kind(index) {
            Some(Kind::Name) => {
                let word = self.word(index);
                if is_reserved(word) {
                    return matches!(word, "ja" | "nee" | "leeg");
                }
                !(brackets > 0 && LEADING.contains(&word))
            }
            Some(Kind::Sign) => self.word(index) == "%",
            Some(Kind::Open | Kind::Comma | Kind::Dot | Kind::Colon | Kind::BraceOpen | Kind::Foreign) | None => false,
            Some(_) => true,
        }
    }

    pub(super) fn first(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| token.first)
    }

    fn before(&self, index: usize) -> Option<Kind> {
        index.checked_sub(1).and_then(|i| self.kind(i))
    }
}

/// Clauses whose answer is a list of names.
fn is_list(clause: Option<ClauseWord>) -> bool {
    !matches!(
        clause,
        None | Some(ClauseWord::Calculation | ClauseWord::Definition | ClauseWord::Owner | ClauseWord::Note)
    )
}
