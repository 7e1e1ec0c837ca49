//! What holds from one day to another: `geldig vanaf D tot D`, and the declaration `meetstoring`. Whether the days make
//! sense is no matter of the notation.

use super::boundary::DECLARATIONS;
use super::grammar::Rule;
use super::lex::{Kind, is_reserved};
use super::norm::{day, day_after};
use super::piece::{Node, Reader, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::ast::{Declaration, FaultDef, FaultDirection, Validity};

/// `vanaf D tot D`, in either order, each once.
pub(super) fn dates<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<Spanned<Validity>> {
    let span = tree.span(&node);
    let mut validity = Validity::default();
    for part in node.into_inner() {
        let at = tree.span(&part);
        let (word, twice) = match part.as_rule() {
            Rule::from => ("vanaf", validity.from.replace(day(tree, part)?).is_some()),
            Rule::until => ("tot", validity.until.replace(day(tree, part)?).is_some()),
            _ => ("tot", validity.until.replace(day_after(tree, part)?).is_some()),
        };
        if twice {
            tree.sink.push(
                Diagnostic::error("ML026", format!("hier staat al een `{word}`"))
                    .at(at)
                    .help("er is hoogstens één `vanaf` en één `tot`"),
            );
            return None;
        }
    }
    Some(Spanned::new(validity, span))
}

/// `te laag`, `te hoog`
pub(super) fn direction(tree: &Tree, node: Node) -> Spanned<FaultDirection> {
    let span = tree.span(&node);
    let high = node.into_inner().any(|n| n.as_rule() == Rule::w_hoog);
    Spanned::new(if high { FaultDirection::TooHigh } else { FaultDirection::TooLow }, span)
}

/// `meetstoring acd.gesprek vanaf D tot D "reden" te laag`. Gives where reading goes on.
pub(super) fn fault(reader: &mut Reader, at: usize) -> (usize, Option<Declaration>) {
    let end = fault_end(reader, at);
    let span = reader.span_over(at..end);
    let found = reader.read(Rule::fault_piece, at..end, |tree, nodes| {
        let (mut path, mut validity, mut reason, mut towards) = (None, None, None, None);
        for node in nodes {
            match node.as_rule() {
                Rule::path => path = Some(tree.path(node)),
                Rule::dates => validity = Some(dates(tree, node)?.value),
                Rule::text => reason = Some(tree.text(&node)),
                Rule::direction => towards = Some(direction(tree, node)),
                _ => {}
            }
        }
        Some(FaultDef { path: path?, validity: validity?, reason: reason?, direction: towards, span })
    });
    (end, found.map(Declaration::Fault))
}

/// Behind the last token: at the next declaration, or where a line begins with a word that cannot belong to it.
fn fault_end(reader: &Reader, at: usize) -> usize {
    let mut index = at + 1;
    while let Some(token) = reader.token(index) {
        let word = reader.word(index);
        let fresh = token.first && token.kind == Kind::Name && !is_reserved(word) && word != "te" && index > at + 1;
        if reader.declares(index) || token.kind == Kind::BraceClose || fresh {
            break;
        }
        if token.first && DECLARATIONS.contains(&word) {
            break;
        }
        index += 1;
    }
    index
}
