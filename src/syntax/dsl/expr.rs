//! Expressions: the grammar gives operands and operators in a row, here they are grouped by precedence. Mixed `en` and
//! `of`, chained comparisons and trees that grow too deep are found here. Knows no names and no types.

use super::grammar::Rule;
use super::lexical::too_deep;
use super::piece::{Node, Nodes, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::ast::{Arg, Arithmetic, Comparison, EmptyRule, Expr, ExprKind, GroupKeys, Name, Path};
use std::iter::Peekable;
use std::ops::Range;

/// How deep a tree may be: the phases that follow walk it by recursion.
const MAX_DEPTH: usize = 200;

/// How tight an operator binds.
const COMPARE: u8 = 1;
const ADD: u8 = 2;
const MULTIPLY: u8 = 3;
const NEGATE: u8 = 4;

/// An expression while its neighbours are still being read.
struct Built {
    expr: Expr,
    /// In the fragment, brackets included.
    range: Range<usize>,
    depth: usize,
    /// Of a comparison without brackets around it, to which no second one may be tied: its last operand (may be empty).
    comparison: Option<Range<usize>>,
}

type Items<'a> = Peekable<Nodes<'a>>;

impl<'a> Tree<'a, '_> {
    /// An `expr` or `sum` node. Nothing when it is wrong: a message has been given.
    pub(super) fn expr(&mut self, node: Node<'a>) -> Option<Expr> {
        self.built(node).map(|built| built.expr)
    }

    fn built(&mut self, node: Node<'a>) -> Option<Built> {
        let mut items = node.into_inner().peekable();
        self.logic(&mut items)
    }

    /// `a en b en c`, `a of b`, or one test.
    fn logic(&mut self, items: &mut Items<'a>) -> Option<Built> {
        let first = self.climb(items, COMPARE);
        let mut terms = vec![first];
        let mut joins = Vec::new();
        while let Some(join) = items.next_if(|n| matches!(n.as_rule(), Rule::op_and | Rule::op_or)) {
            joins.push((join.as_rule(), self.span(&join)));
            terms.push(self.climb(items, COMPARE));
        }
        let mut terms = terms.into_iter().collect::<Option<Vec<_>>>()?;
        let Some(&(join, _)) = joins.first() else { return terms.pop() };
        if let Some(&(_, other)) = joins.iter().find(|(rule, _)| *rule != join) {
            let diagnostic = self.mixed(&terms, &joins).at(other);
            self.sink.push(diagnostic);
            return None;
        }
        let range = terms.first()?.range.start..terms.last()?.range.end;
        let depth = terms.iter().map(|t| t.depth).max().unwrap_or(0);
        let list = terms.into_iter().map(|t| t.expr).collect();
        let kind = if join == Rule::op_and { ExprKind::And(list) } else { ExprKind::Or(list) };
        self.build(kind, range, depth, None)
    }

    /// `a of b en c`, with the brackets that most languages imply.
    fn mixed(&self, terms: &[Built], joins: &[(Rule, crate::source::Span)]) -> Diagnostic {
        let mut groups: Vec<Vec<&str>> = Vec::new();
        for (index, term) in terms.iter().enumerate() {
            let text = self.text_at(&term.range);
            let joined = index > 0 && joins.get(index - 1).is_some_and(|(rule, _)| *rule == Rule::op_and);
            match groups.last_mut() {
                Some(group) if joined => group.push(text),
                _ => groups.push(vec![text]),
            }
        }
        let parts: Vec<String> = groups
            .iter()
            .map(|group| if group.len() > 1 { format!("({})", group.join(" en ")) } else { group.concat() })
            .collect();
        let fixed = parts.join(" of ");
        let start = terms.first().map_or(0, |t| t.range.start);
        let end = terms.last().map_or(start, |t| t.range.end);
        let diagnostic = Diagnostic::error("ML008", "`en` en `of` staan hier naast elkaar: wat hoort bij elkaar?")
            .label("andere voegwoorden dan ervoor")
            .help("zet haakjes om wat bij elkaar hoort");
        if fixed.contains(['\n', '\r']) || fixed.contains("//") {
            return diagnostic;
        }
        diagnostic.help(format!("bijvoorbeeld {fixed}")).replace(self.span_at(&(start..end)), fixed)
    }

    /// Operators that bind at least as tight as `min`.
    fn climb(&mut self, items: &mut Items<'a>, min: u8) -> Option<Built> {
        let mut left = self.operand(items)?;
        while let Some(next) = items.peek() {
            let (rule, binding) = match next.as_rule() {
                rule @ (Rule::comparison | Rule::in_list | Rule::between | Rule::is_empty) => (rule, COMPARE),
                rule @ Rule::op_add => (rule, ADD),
                rule @ Rule::op_multiply => (rule, MULTIPLY),
                _ => break,
            };
            if binding < min {
                break;
            }
            let node = items.next()?;
            left = match rule {
                Rule::comparison => self.comparison(left, &node, items)?,
                Rule::op_add | Rule::op_multiply => {
                    let right = self.climb(items, binding + 1)?;
                    let operator = Spanned::new(arithmetic(node.as_str()), self.span(&node));
                    let range = left.range.start..right.range.end;
                    let depth = left.depth.max(right.depth);
                    let kind = ExprKind::Arithmetic(Box::new(left.expr), operator, Box::new(right.expr));
                    self.build(kind, range, depth, None)?
                }
                _ if left.comparison.is_some() => {
                    let at = self.span(&node);
                    self.sink.push(
                        Diagnostic::error("ML014", "op een vergelijking volgt hier nog een vergelijking")
                            .at(at)
                            .help("verbind twee vergelijkingen met `en`, of zet de eerste tussen haakjes"),
                    );
                    return None;
                }
                _ => self.test(left, node)?,
            };
        }
        Some(left)
    }

    fn comparison(&mut self, left: Built, node: &Node<'a>, items: &mut Items<'a>) -> Option<Built> {
        let sign = Spanned::new(compare(node.as_str()), self.span(node));
        let right = self.climb(items, ADD)?;
        if let Some(middle) = left.comparison {
            let mut diagnostic = Diagnostic::error("ML014", "twee vergelijkingen achter elkaar: `a < b < c` kan niet")
                .at(sign.span)
                .help("verbind twee vergelijkingen met `en`, of gebruik `tussen … en …`");
            let middle = self.text_at(&middle);
            if !middle.is_empty() && !middle.contains(['\n', '\r']) {
                diagnostic = diagnostic.replace(sign.span, format!("en {middle} {}", sign.value.sign()));
            }
            self.sink.push(diagnostic);
            return None;
        }
        let range = left.range.start..right.range.end;
        let depth = left.depth.max(right.depth);
        let last = right.range;
        let kind = ExprKind::Compare(Box::new(left.expr), sign, Box::new(right.expr));
        self.build(kind, range, depth, Some(last))
    }

    /// `in (…)`, `tussen a en b`, `is leeg`
    fn test(&mut self, left: Built, node: Node<'a>) -> Option<Built> {
        let range = left.range.start..self.range(&node).end;
        let mut depth = left.depth;
        let rule = node.as_rule();
        let value = Box::new(left.expr);
        let mut negated = false;
        let mut filled = false;
        let mut parts = Vec::new();
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::k_niet => negated = true,
                Rule::w_gevuld => filled = true,
                Rule::expr | Rule::sum => parts.push(self.built(part)),
                _ => {}
            }
        }
        let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        depth = parts.iter().map(|p| p.depth).fold(depth, usize::max);
        let mut list: Vec<Expr> = parts.into_iter().map(|p| p.expr).collect();
        let kind = match rule {
            Rule::in_list => ExprKind::In { value, negated, list },
            Rule::between => {
                let (high, low) = (Box::new(list.pop()?), Box::new(list.pop()?));
                ExprKind::Between { value, negated, low, high }
            }
            _ => ExprKind::IsEmpty { value, filled: filled || negated },
        };
        let end = range.end;
        self.build(kind, range, depth, Some(end..end))
    }

    /// `niet x`, `-x`, or a primary with `per 1000` behind it.
    fn operand(&mut self, items: &mut Items<'a>) -> Option<Built> {
        let node = items.next()?;
        let start = self.range(&node).start;
        match node.as_rule() {
            Rule::op_not => {
                let inner = self.climb(items, COMPARE)?;
                let (range, depth) = (start..inner.range.end, inner.depth);
                self.build(ExprKind::Not(Box::new(inner.expr)), range, depth, None)
            }
            Rule::op_negate => {
                let inner = self.climb(items, NEGATE)?;
                let (range, depth) = (start..inner.range.end, inner.depth);
                self.build(ExprKind::Negate(Box::new(inner.expr)), range, depth, None)
            }
            _ => {
                let mut built = self.primary(node)?;
                while let Some(per) = items.next_if(|n| n.as_rule() == Rule::per_number) {
                    built = self.per(built, per)?;
                }
                Some(built)
            }
        }
    }

    fn per(&mut self, value: Built, node: Node<'a>) -> Option<Built> {
        let range = value.range.start..self.range(&node).end;
        let mut parts = node.into_inner().filter(|n| n.as_rule() != Rule::k_per);
        let number = self.integer(&parts.next()?)?;
        let base = match parts.next() {
            Some(base) => Some(self.primary(base)?),
            None => None,
        };
        let depth = base.as_ref().map_or(value.depth, |b| b.depth.max(value.depth));
        let base = base.map(|b| Box::new(b.expr));
        self.build(ExprKind::Per { value: Box::new(value.expr), number, base }, range, depth, None)
    }

    fn primary(&mut self, node: Node<'a>) -> Option<Built> {
        let range = self.range(&node);
        match node.as_rule() {
            Rule::literal => {
                let literal = self.literal(node)?.value;
                self.build(ExprKind::Literal(literal), range, 0, None)
            }
            Rule::path => {
                let path = self.path(node);
                self.build(ExprKind::Path(path), range, 0, None)
            }
            Rule::call => {
                let (call, depth) = self.call(node)?;
                self.build(call, range, depth, None)
            }
            Rule::bracketed => {
                let inner = self.built(node.into_inner().find(|n| n.as_rule() == Rule::expr)?)?;
                // The brackets belong to the place, so that a replacement of it keeps its meaning.
                let expr = Expr { span: self.span_at(&range), kind: inner.expr.kind };
                Some(Built { expr, range, depth: inner.depth, comparison: None })
            }
            _ => None,
        }
    }

    fn build(
        &mut self,
        kind: ExprKind,
        range: Range<usize>,
        depth: usize,
        comparison: Option<Range<usize>>,
    ) -> Option<Built> {
        let span = self.span_at(&range);
        if depth >= MAX_DEPTH {
            self.sink.push(too_deep(span));
            return None;
        }
        Some(Built { expr: Expr { kind, span }, range, depth: depth + 1, comparison })
    }

    // -------------------------------------------------------------------------------------------- calls

    fn call(&mut self, node: Node<'a>) -> Option<(ExprKind, usize)> {
        let mut name: Option<Name> = None;
        let mut depth = 0;
        let mut args = Vec::new();
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::call_name => name = Some(self.name(&part)),
                Rule::close | Rule::comma => {}
                _ => args.push(self.argument(part, &mut depth)),
            }
        }
        let args = args.into_iter().collect::<Option<Vec<_>>>()?;
        Some((ExprKind::Call { name: name?, args }, depth))
    }

    fn argument(&mut self, node: Node<'a>, depth: &mut usize) -> Option<Arg> {
        let span = self.span(&node);
        match node.as_rule() {
            Rule::empty_counts => Some(self.empty_counts(node)),
            Rule::due_by => Some(Arg::DueBy { expr: self.inner(node, depth)?, span }),
            Rule::within => Some(Arg::Within { expr: self.inner(node, depth)?, span }),
            Rule::where_only => self.where_only(node, depth),
            Rule::pointing => self.pointing(node, depth),
            Rule::basis => {
                let name = node.into_inner().find(|n| n.as_rule() == Rule::period_name)?;
                Some(Arg::Basis { period: self.period_name(&name)?, span })
            }
            _ => self.value(node, depth),
        }
    }

    /// `leeg telt als nee`
    pub(super) fn empty_counts(&mut self, node: Node<'a>) -> Arg {
        let span = self.span(&node);
        let rule = node.into_inner().fold(EmptyRule::Skip, |rule, part| match part.as_rule() {
            Rule::yes => EmptyRule::Yes,
            Rule::no => EmptyRule::No,
            _ => rule,
        });
        Arg::EmptyCounts { rule, span }
    }

    fn inner(&mut self, node: Node<'a>, depth: &mut usize) -> Option<Expr> {
        let built = self.built(node.into_inner().find(|n| n.as_rule() == Rule::expr)?)?;
        *depth = built.depth.max(*depth);
        Some(built.expr)
    }

    /// `x waarbij p`, `x op t`, `A van B`
    fn value(&mut self, node: Node<'a>, depth: &mut usize) -> Option<Arg> {
        let span = self.span(&node);
        let mut expr = None;
        let (mut on, mut of, mut filter): (Option<Path>, Option<Expr>, Option<Expr>) = (None, None, None);
        let mut per = None;
        let mut good = true;
        for part in node.into_inner() {
            let at = self.span(&part);
            let twice = match part.as_rule() {
                Rule::expr => {
                    expr = self.built(part).map(|built| {
                        *depth = built.depth.max(*depth);
                        built.expr
                    });
                    good &= expr.is_some();
                    false
                }
                Rule::on => {
                    let path = part.into_inner().find(|n| n.as_rule() == Rule::path)?;
                    on.replace(self.path(path)).is_some()
                }
                Rule::group_keys => per.replace(self.group_keys(part)).is_some(),
                rule => {
                    let inner = self.inner(part, depth);
                    good &= inner.is_some();
                    let place = if rule == Rule::part_of { &mut of } else { &mut filter };
                    let twice = place.is_some();
                    *place = inner;
                    twice
                }
            };
            if twice {
                self.sink.push(
                    Diagnostic::error("ML026", "dit staat er al: het mag maar één keer")
                        .at(at)
                        .help("haal een van beide weg, of verbind twee voorwaarden met `en`"),
                );
                good = false;
            }
        }
        if !good {
            return None;
        }
        Some(Arg::Value { expr: expr?, on, of, filter, per, span })
    }

    /// `waarbij p`, and the groups that it is about.
    fn where_only(&mut self, node: Node<'a>, depth: &mut usize) -> Option<Arg> {
        let span = self.span(&node);
        let (mut filter, mut per) = (None, None);
        for part in node.into_inner() {
            if part.as_rule() == Rule::group_keys {
                per = Some(self.group_keys(part));
            } else {
                filter = Some(self.inner(part, depth)?);
            }
        }
        Some(Arg::Where { filter: filter?, per, span })
    }

    /// `contact via zaak waarbij p`
    fn pointing(&mut self, node: Node<'a>, depth: &mut usize) -> Option<Arg> {
        let span = self.span(&node);
        let (mut paths, mut filter) = (Vec::new(), None);
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::path => paths.push(self.path(part)),
                Rule::where_clause => filter = Some(self.inner(part, depth)?),
                _ => {}
            }
        }
        let via = paths.pop()?;
        Some(Arg::Pointing { table: paths.pop()?, via, filter, span })
    }

    /// `per klant`, `per (klant, product)`
    fn group_keys(&mut self, node: Node<'a>) -> GroupKeys {
        let span = self.span(&node);
        let paths = node.into_inner().filter(|n| n.as_rule() == Rule::path).map(|n| self.path(n)).collect();
        GroupKeys { paths, span }
    }

    /// The filter of a `where_clause`.
    pub(super) fn filter(&mut self, node: Node<'a>) -> Option<Expr> {
        self.inner(node, &mut 0)
    }
}

/// The comparison of a sign.
pub(super) fn compare(sign: &str) -> Comparison {
    match sign {
        "<" => Comparison::Less,
        "<=" => Comparison::LessEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterEqual,
        "<>" => Comparison::NotEqual,
        _ => Comparison::Equal,
    }
}

fn arithmetic(sign: &str) -> Arithmetic {
    match sign {
        "+" => Arithmetic::Add,
        "-" => Arithmetic::Subtract,
        "*" => Arithmetic::Multiply,
        _ => Arithmetic::Divide,
    }
}
