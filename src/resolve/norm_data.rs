//! Norms whose value comes from the rows: `norm <= dvo.termijn`. Whether it is one value within a result is for the run
//! to say.

use crate::diagnostic::Diagnostic;
use crate::model::norm::DataLimit;
use crate::model::{RowExpr, RowKind, TableId, Type};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Path};

use super::aggregate::collect;
use super::echo;
use super::expr::Rows;
use super::norm::Reader;
use super::scope::{Scope, World, qualifier, strip, try_column};

/// What stands in for a norm from data that is not one value.
const TIMELY: &str = "`percentage(tijdig(gereed, uiterlijk termijn))`";

/// The source use whose column a value is; nothing for a constant. A name that nobody knows is taken for a parameter.
pub(super) fn source_of(reader: &Reader<'_, '_, '_>, value: &Expr) -> Option<usize> {
    let mut paths: Vec<&Path> = Vec::new();
    collect(value, &mut paths);
    let uses = reader.subject.uses;
    let model = reader.world.model;
    let is_parameter = |path: &Path| model.parameters.binary_search_by(|p| p.name.as_str().cmp(&path.text())).is_ok();
    paths.iter().find_map(|path| {
        let has = |&index: &usize| {
            let Some(table) = uses.get(index).and_then(|u| u.table) else { return false };
            let rest = strip(reader.world, uses, index, path).unwrap_or(&path.segments);
            try_column(model, table, rest).is_some()
        };
        let found = (0..uses.len()).find(has);
        match path.segments.as_slice() {
            [_] if is_parameter(path) => None,
            [_] => found,
            // A path is no parameter: the first source tells what is wrong with it.
            _ => found.or_else(|| qualifier(reader.world, uses, path)).or((!uses.is_empty()).then_some(0)),
        }
    })
}

/// The index of a value that comes from the rows of a source use.
pub(super) fn limit(reader: &mut Reader<'_, '_, '_>, source: usize, written: &Expr) -> Option<usize> {
    if let ExprKind::Per { value, .. } = &written.kind {
        reader.log.error(
            Diagnostic::error("ML414", "een norm uit de gegevens is een kolom, zonder `per`")
                .at(written.span)
                .help(format!("schrijf alleen de kolom: `{}`", echo::text(value))),
        );
        return None;
    }
    let uses = reader.subject.uses;
    let scope = Scope::Use { uses, index: source, qualified: uses.len() > 1 };
    let expr = Rows::new(reader.world, scope, reader.log).expr(written);
    if expr.ty == Type::Unknown {
        return None;
    }
    reader.fits(written, expr.ty)?;
    let table = uses.get(source)?.table?;
    if let Some(part) = personal(reader.world, table, &expr) {
        reader.log.error(
            Diagnostic::error("ML414", "een persoonsgegeven is geen norm: zij staat in elke uitkomst")
                .at(part)
                .help("neem een kolom die geen `persoonsgegeven` is"),
        );
        return None;
    }
    let found = reader.data.iter().position(|l| l.source == source && same(&l.expr, &expr));
    Some(found.unwrap_or_else(|| {
        reader.data.push(DataLimit { source, expr, span: written.span });
        reader.data.len() - 1
    }))
}

/// Equal but for their places.
fn same(a: &RowExpr, b: &RowExpr) -> bool {
    matches!((&a.kind, &b.kind), (RowKind::Column(x), RowKind::Column(y)) if x == y)
}

fn personal(world: World<'_>, table: TableId, expr: &RowExpr) -> Option<Span> {
    let mut found = None;
    expr.walk(&mut |part| {
        if let RowKind::Column(column) = &part.kind
            && world.model.column(table, column).personal
        {
            found = found.or(Some(part.span));
        }
    });
    found
}

/// `tussen a en b` of a column.
pub(super) fn no_range(part: &Expr) -> Diagnostic {
    Diagnostic::error("ML414", format!("{} komt uit de gegevens, en dat kan niet bij `tussen`", echo::shown(part)))
        .at(part.span)
        .help("een norm uit de gegevens is één grens: `<= kolom`")
        .help(format!("of meet per rij of zij op tijd is: {TIMELY}"))
}

/// A reference value that would differ from row to row.
pub(super) fn no_reference(what: &str, value: &Expr) -> Diagnostic {
    Diagnostic::error(
        "ML414",
        format!("een {what} is een vaste waarde, en {} komt uit de gegevens", echo::shown(value)),
    )
    .at(value.span)
    .help("schrijf een getal of een parameter")
}
