//! The norm clause. Knows nothing of units or of which bound applies when.

use super::grammar::Rule;
use super::lexical::shown;
use super::piece::{Node, Nodes, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Expr, ExprKind, Literal, MemberNormDef, NormItem, NormMember, Test, Validity};
use chrono::NaiveDate;

/// The items of a norm clause, in the order as written.
pub(super) fn items<'a>(tree: &mut Tree<'a, '_>, nodes: &mut Nodes<'a>) -> Option<Vec<NormItem>> {
    let list: Vec<Option<NormItem>> =
        nodes.filter(|node| !matches!(node.as_rule(), Rule::EOI | Rule::comma)).map(|node| item(tree, node)).collect();
    list.into_iter().collect()
}

fn item<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<NormItem> {
    let span = tree.span(&node);
    match node.as_rule() {
        Rule::per_member => per_member(tree, node, span),
        Rule::none | Rule::member_none => {
            let reason = node.into_inner().find(|n| n.as_rule() == Rule::text).map(|n| tree.text(&n));
            Some(NormItem::None { reason, span })
        }
        Rule::benchmark => benchmark(tree, node, span),
        rule => {
            let (test, validity) = tested(tree, node)?;
            Some(match rule {
                Rule::near => NormItem::Near { test, span },
                Rule::target => NormItem::Target { test, validity, span },
                Rule::guideline => NormItem::Guideline { test, validity, span },
                _ => NormItem::Bound { test, validity, span },
            })
        }
    }
}

/// `per kanaal { telefoon >= 80%  overig geen }`
fn per_member<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>, span: Span) -> Option<NormItem> {
    let mut dimension = None;
    let mut entries = Vec::new();
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::path => dimension = Some(tree.path(part)),
            Rule::member_norm => entries.push(member_norm(tree, part)),
            _ => {}
        }
    }
    let entries = entries.into_iter().collect::<Option<Vec<_>>>()?;
    if entries.is_empty() {
        tree.sink.push(
            Diagnostic::error("ML045", "tussen deze accolades staat geen norm")
                .at(span)
                .help("schrijf per lid een norm: `telefoon >= 80%`, en zo nodig `overig geen` en `totaal >= 85%`"),
        );
        return None;
    }
    Some(NormItem::PerMember { dimension: dimension?, entries, span })
}

fn member_norm<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<MemberNormDef> {
    let span = tree.span(&node);
    let mut members = Vec::new();
    let mut items = Vec::new();
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::norm_member => members.push(norm_member(tree, part)),
            Rule::comma => {}
            _ => items.push(item(tree, part)),
        }
    }
    let members = members.into_iter().collect::<Option<Vec<_>>>()?;
    let items = items.into_iter().collect::<Option<Vec<_>>>()?;
    Some(MemberNormDef { members, items, span })
}

fn norm_member(tree: &mut Tree, node: Node) -> Option<NormMember> {
    let span = tree.span(&node);
    let part = node.into_inner().next()?;
    let named = |value| Some(NormMember::Named(Spanned::new(value, span)));
    match part.as_rule() {
        Rule::w_overig => Some(NormMember::Rest(span)),
        Rule::w_totaal => Some(NormMember::Total(span)),
        Rule::text => named(Literal::Text(tree.text(&part).value)),
        Rule::date => named(Literal::Date(tree.date(&part)?.value)),
        Rule::integer => named(Literal::Number(tree.integer(&part)?.value.to_string())),
        Rule::yes => named(Literal::Bool(true)),
        Rule::no => named(Literal::Bool(false)),
        _ => named(Literal::Text(tree.name(&part).value)),
    }
}

fn tested<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<(Test, Validity)> {
    let mut found = None;
    let mut validity = Validity::default();
    let mut good = true;
    for part in node.into_inner() {
        let at = tree.span(&part);
        let word = if part.as_rule() == Rule::from { "vanaf" } else { "tot" };
        let twice = match part.as_rule() {
            Rule::test => {
                found = test(tree, part);
                false
            }
            Rule::from => validity.from.replace(day(tree, part)?).is_some(),
            Rule::until => validity.until.replace(day(tree, part)?).is_some(),
            Rule::until_with => validity.until.replace(day_after(tree, part)?).is_some(),
            _ => false,
        };
        if twice {
            tree.sink.push(
                Diagnostic::error("ML026", format!("deze norm heeft al een `{word}`"))
                    .at(at)
                    .help("een norm heeft hoogstens één `vanaf` en één `tot`"),
            );
            good = false;
        }
    }
    found.filter(|_| good).map(|test| (test, validity))
}

pub(super) fn day(tree: &mut Tree, node: Node) -> Option<Spanned<NaiveDate>> {
    let node = node.into_inner().find(|n| n.as_rule() == Rule::date)?;
    tree.date(&node)
}

/// `tot en met D` excludes the day after.
pub(super) fn day_after(tree: &mut Tree, node: Node) -> Option<Spanned<NaiveDate>> {
    let last = day(tree, node)?;
    if let Some(next) = last.value.succ_opt() {
        return Some(Spanned::new(next, last.span));
    }
    tree.sink
        .push(Diagnostic::error("ML006", format!("{} ligt te ver weg", shown(&last.value.to_string()))).at(last.span));
    None
}

fn test<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<Test> {
    let mut sign = None;
    let mut values = Vec::new();
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::comparison => sign = Some(Spanned::new(super::expr::compare(part.as_str()), tree.span(&part))),
            Rule::norm_value => values.push(value(tree, part)),
            _ => {}
        }
    }
    let mut values = values.into_iter().collect::<Option<Vec<_>>>()?;
    let last = values.pop()?;
    match sign {
        Some(sign) => Some(Test::Compare(sign, last)),
        None => Some(Test::Between(values.pop()?, last)),
    }
}

fn value<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<Expr> {
    let whole = tree.span(&node);
    let mut negative = false;
    let mut built: Option<Expr> = None;
    let mut number = None;
    for part in node.into_inner() {
        let span = tree.span(&part);
        match part.as_rule() {
            Rule::op_negate => negative = true,
            Rule::integer => number = Some(tree.integer(&part)?),
            Rule::literal => {
                let literal = tree.literal(part)?.value;
                built = Some(Expr { kind: ExprKind::Literal(literal), span });
            }
            Rule::path => built = Some(Expr { kind: ExprKind::Path(tree.path(part)), span }),
            Rule::bracketed => {
                let inner = tree.expr(part.into_inner().find(|n| n.as_rule() == Rule::expr)?)?;
                built = Some(Expr { kind: inner.kind, span });
            }
            _ => {}
        }
    }
    let mut built = built?;
    if let Some(number) = number {
        let span = built.span.to(whole.after());
        built = Expr { kind: ExprKind::Per { value: Box::new(built), number, base: None }, span };
    }
    if negative {
        built = Expr { kind: ExprKind::Negate(Box::new(built)), span: whole };
    }
    Some(built)
}

/// `benchmark "landelijk" 76.2% (2005, n = 815)`
fn benchmark<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>, span: Span) -> Option<NormItem> {
    let (mut label, mut number, mut year, mut n) = (None, None, None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::text => label = Some(tree.text(&part)),
            Rule::norm_value => number = Some(value(tree, part)?),
            Rule::integer => {
                let found = tree.integer(&part)?;
                if year.is_none() {
                    year = Some(Spanned::new(i64::try_from(found.value).unwrap_or(i64::MAX), found.span));
                } else {
                    n = Some(found);
                }
            }
            _ => {}
        }
    }
    Some(NormItem::Benchmark { label: label?, value: number?, year, n, span })
}
