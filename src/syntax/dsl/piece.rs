//! Reading one piece: checks its tokens, gives it to a pest rule, and hands the parse tree to a builder. Here byte
//! offsets in a piece become spans in the file. Knows no rule by name.

use super::explain;
use super::grammar::{Grammar, Rule};
use super::lex::{Kind, Token};
use super::lexical;
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::Span;
use crate::syntax::fragment::Fragment;
use pest::Parser;
use pest::iterators::{Pair, Pairs};
use std::ops::Range;

/// A node of pest's tree.
pub(super) type Node<'a> = Pair<'a, Rule>;
/// The nodes under one.
pub(super) type Nodes<'a> = Pairs<'a, Rule>;

/// A text, its tokens, and where messages go.
pub(super) struct Reader<'a, 's> {
    pub fragment: &'a Fragment,
    pub tokens: &'a [Token],
    pub sink: &'s mut Sink,
}

impl<'a, 's> Reader<'a, 's> {
    pub(super) fn new(fragment: &'a Fragment, tokens: &'a [Token], sink: &'s mut Sink) -> Self {
        Self { fragment, tokens, sink }
    }

    pub(super) fn token(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    /// The text of a token; empty behind the last.
    pub(super) fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).and_then(|t| self.fragment.text.get(t.start..t.end)).unwrap_or("")
    }

    /// The token's text if it is a name without back-ticks.
    pub(super) fn name_word(&self, index: usize) -> Option<&'a str> {
        (self.kind(index) == Some(Kind::Name)).then(|| self.word(index))
    }

    pub(super) fn span_of(&self, index: usize) -> Span {
        self.span_over(index..index + 1)
    }

    /// From the first token of a range through the last; behind the text where it holds none.
    pub(super) fn span_over(&self, range: Range<usize>) -> Span {
        let (start, end) = self.offsets(range);
        self.fragment.span(start, end)
    }

    /// The author's text from the first token of a range through the last.
    pub(super) fn text_over(&self, range: Range<usize>) -> &'a str {
        let (start, end) = self.offsets(range);
        self.fragment.text.get(start..end).unwrap_or("")
    }

    fn offsets(&self, range: Range<usize>) -> (usize, usize) {
        let start = self.tokens.get(range.start).map_or(self.fragment.text.len(), |t| t.start);
        let last = range.end.checked_sub(1).and_then(|i| self.tokens.get(i));
        (start, last.map_or(start, |t| t.end).max(start))
    }

    /// Reads a range of tokens with a pest rule and builds from its nodes. Nothing when that fails: a message is given.
    pub(super) fn read<T>(
        &mut self,
        rule: Rule,
        range: Range<usize>,
        build: impl FnOnce(&mut Tree<'a, '_>, &mut Nodes<'a>) -> Option<T>,
    ) -> Option<T> {
        if !lexical::check(self, range.clone()) {
            return None;
        }
        let (start, end) = self.offsets(range.clone());
        let fragment = self.fragment;
        let text = fragment.text.get(start..end)?;
        match Grammar::parse(rule, text) {
            Ok(mut pairs) => {
                let before = self.sink.len();
                let span = self.span_over(range);
                let mut tree = Tree { fragment, tokens: self.tokens, base: start, sink: self.sink };
                let mut nodes = pairs.next().map_or(pairs, Pair::into_inner);
                let result = build(&mut tree, &mut nodes);
                if result.is_none() && self.sink.len() == before {
                    self.sink.push(Diagnostic::error("ML001", "dit kon niet gelezen worden").at(span));
                }
                result
            }
            Err(error) => {
                let diagnostic = explain::failure(self, rule, range, start, &error);
                self.sink.push(diagnostic);
                None
            }
        }
    }
}

/// The parse tree of one piece on its way to the syntax tree.
pub(super) struct Tree<'a, 's> {
    fragment: &'a Fragment,
    tokens: &'a [Token],
    base: usize,
    pub sink: &'s mut Sink,
}

impl<'a> Tree<'a, '_> {
    /// Where a node stands in the fragment, without the white space and comments that pest leaves behind it.
    pub(super) fn range(&self, node: &Node) -> Range<usize> {
        let span = node.as_span();
        let (start, end) = (self.base + span.start(), self.base + span.end());
        let behind = self.tokens.partition_point(|token| token.start < end);
        let last = behind.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(end, |token| token.end.min(end));
        start..last.max(start)
    }

    pub(super) fn span(&self, node: &Node) -> Span {
        self.span_at(&self.range(node))
    }

    pub(super) fn span_at(&self, range: &Range<usize>) -> Span {
        self.fragment.span(range.start, range.end)
    }

    /// The author's text in a range of the fragment.
    pub(super) fn text_at(&self, range: &Range<usize>) -> &'a str {
        self.fragment.text.get(range.clone()).unwrap_or("")
    }
}
