//! Types, columns, requirements and the head of a table. Knows no column of any other table.

use super::grammar::Rule;
use super::literal::unit;
use super::piece::{Node, Nodes, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::ast::{
    ColumnKind, ColumnOption, DerivedFrom, Expr, PartValue, RelationDef, Text, TypeName, TypeWord, UnitedFrom,
    ValidRows,
};

/// What follows a column's name.
type Body = (ColumnKind, Vec<Spanned<ColumnOption>>);

/// The words of the types.
pub(super) const TYPES: [(&str, TypeWord); 12] = [
    ("tekst", TypeWord::Text),
    ("ja_nee", TypeWord::YesNo),
    ("geheel", TypeWord::Integer),
    ("getal", TypeWord::Number),
    ("bedrag", TypeWord::Money),
    ("datum", TypeWord::Date),
    ("tijdstip", TypeWord::Moment),
    ("duur", TypeWord::Duration),
    ("dagen", TypeWord::Days),
    ("werkdagen", TypeWord::Workdays),
    ("percentage", TypeWord::Percentage),
    ("procentpunt", TypeWord::PercentPoint),
];

/// Type or expression, and options.
pub(super) fn body<'a>(tree: &mut Tree<'a, '_>, nodes: &mut Nodes<'a>) -> Option<Body> {
    let mut kind = None;
    let mut options = Vec::new();
    let mut good = true;
    for node in nodes {
        match node.as_rule() {
            Rule::type_name => kind = Some(type_name(tree, node).map(ColumnKind::Stored)),
            Rule::expr => kind = Some(tree.expr(node).map(ColumnKind::Derived)),
            Rule::part_values => kind = Some(part_values(tree, node).map(ColumnKind::PerPart)),
            Rule::column_option => match option(tree, node) {
                Some(found) => options.push(found),
                None => good = false,
            },
            _ => {}
        }
    }
    Some((kind??, options)).filter(|_| good)
}

/// `binnenkomst, leeg, ontvangen`
fn part_values<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<Vec<PartValue>> {
    let mut values = Vec::new();
    for part in node.into_inner().filter(|n| n.as_rule() == Rule::part_value) {
        let span = tree.span(&part);
        let value = part.into_inner().next()?;
        let expr = if value.as_rule() == Rule::expr { Some(tree.expr(value)?) } else { None };
        values.push(PartValue { expr, span });
    }
    Some(values)
}

fn option<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<Spanned<ColumnOption>> {
    let span = tree.span(&node);
    let node = node.into_inner().next()?;
    let option = match node.as_rule() {
        Rule::nullable => ColumnOption::Nullable,
        Rule::w_sleutel => ColumnOption::Key,
        Rule::w_meetmoment => ColumnOption::TimeAxis,
        Rule::w_persoonsgegeven => ColumnOption::Personal,
        Rule::values => {
            let literals = node.into_inner().filter(|n| n.as_rule() == Rule::literal);
            ColumnOption::Values(literals.map(|n| tree.literal(n)).collect::<Option<_>>()?)
        }
        Rule::stored_unit => {
            ColumnOption::StoredUnit(unit(node.into_inner().find(|n| n.as_rule() == Rule::unit)?.as_str())?)
        }
        Rule::physical_name => {
            let text = node.into_inner().find(|n| n.as_rule() == Rule::text)?;
            ColumnOption::PhysicalName(tree.text(&text).value)
        }
        Rule::w_kenmerk => ColumnOption::Mark,
        Rule::relation => ColumnOption::Relation(relation(tree, node)?),
        _ => return None,
    };
    Some(Spanned::new(option, span))
}

/// `-> dvo.zaaktype geldig op start`
fn relation<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<RelationDef> {
    let (mut to, mut at) = (None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::path => to = Some(tree.path(part)),
            Rule::valid_on => at = part.into_inner().find(|n| n.as_rule() == Rule::path).map(|n| tree.path(n)),
            _ => {}
        }
    }
    Some(RelationDef { to: to?, at })
}

/// `begin tot eind`, `begin tot en met eind`
pub(super) fn valid_rows(tree: &Tree, node: Node) -> Option<ValidRows> {
    let span = tree.span(&node);
    let mut names = Vec::new();
    let mut inclusive = false;
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::ident => names.push(tree.name(&part)),
            Rule::w_met => inclusive = true,
            _ => {}
        }
    }
    let [from, until] = <[_; 2]>::try_from(names).ok()?;
    Some(ValidRows { from, until, inclusive, span })
}

/// A type; a word that is none is kept.
pub(super) fn type_name(tree: &mut Tree, node: Node) -> Option<TypeName> {
    let span = tree.span(&node);
    let node = node.into_inner().next()?;
    if node.as_rule() == Rule::score_type {
        let bounds: Vec<f64> = node
            .into_inner()
            .filter(|n| n.as_rule() == Rule::signed)
            .filter_map(|n| n.as_str().parse().ok())
            .filter(|n: &f64| n.is_finite())
            .collect();
        let [low, high] = bounds.as_slice() else { return None };
        return Some(TypeName { kind: TypeWord::Score(*low, *high), span });
    }
    let word = tree.name(&node).value;
    if word == "score" {
        tree.sink.push(
            Diagnostic::error("ML001", "bij `score` horen het laagste en het hoogste cijfer")
                .at(span)
                .help("schrijf bijvoorbeeld `score(1..10)`")
                .replace(span, "score(1..10)"),
        );
        return None;
    }
    let known = TYPES.iter().find(|(name, _)| *name == word).map(|(_, kind)| kind.clone());
    Some(TypeName { kind: known.unwrap_or(TypeWord::Unknown(word)), span })
}

/// `eis "…": expr`
pub(super) fn requirement<'a>(tree: &mut Tree<'a, '_>, nodes: &mut Nodes<'a>) -> Option<(Text, Expr)> {
    let (mut name, mut condition) = (None, None);
    for node in nodes {
        match node.as_rule() {
            Rule::text => name = Some(tree.text(&node)),
            Rule::expr => condition = Some(tree.expr(node)?),
            _ => {}
        }
    }
    Some((name?, condition?))
}

/// `uit gesprek waarbij … per beller`
pub(super) fn derived_from<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> Option<DerivedFrom> {
    let span = tree.span(&node);
    let (mut base, mut filter, mut keys) = (None, None, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::path => base = Some(tree.path(part)),
            Rule::where_clause => filter = Some(tree.filter(part)?),
            Rule::ident => keys.push(tree.name(&part)),
            _ => {}
        }
    }
    Some(DerivedFrom { base: base?, filter, keys, span })
}

/// `verenigt acd.gesprek, email.bericht`
pub(super) fn united_from<'a>(tree: &mut Tree<'a, '_>, node: Node<'a>) -> UnitedFrom {
    let span = tree.span(&node);
    let parts = node.into_inner().filter(|n| n.as_rule() == Rule::path).map(|n| tree.path(n)).collect();
    UnitedFrom { parts, span }
}
