//! The parts of a `meetmethode` that say how heavy rows count and what n is: `weging` and `waarnemingen`.

use crate::diagnostic::Diagnostic;
use crate::model::{AggFunc, Aggregate, ColumnRef, RowExpr, RowKind, Type};
use crate::syntax::ast::{Expr, ExprKind, Path};

use super::aggregate::{collect, over_uses};
use super::echo;
use super::expr::Rows;
use super::scope::{Log, Scope, Use, World, qualifier, unqualified};

/// The weight of each source use; at most one has one.
pub(super) fn resolve(world: World<'_>, uses: &[Use], said: Option<&Expr>, log: &mut Log<'_>) -> Vec<Option<RowExpr>> {
    let mut weights = vec![None; uses.len()];
    let Some(expr) = said else { return weights };
    if uses.is_empty() {
        log.error(no_rows("weging", expr));
        return weights;
    }
    let Some(index) = source_of(world, uses, expr, log) else { return weights };
    let mut rows = Rows::new(world, Scope::Use { uses, index, qualified: uses.len() > 1 }, log);
    let resolved = rows.expr(expr);
    let label = rows.described(&resolved);
    if resolved.ty == Type::Unknown {
        return weights;
    }
    let mut reads_row = false;
    resolved.walk(&mut |part| reads_row |= matches!(part.kind, RowKind::Column(_)));
    if !matches!(resolved.ty, Type::Integer | Type::Number) {
        let message =
            format!("een gewicht is een getal zonder eenheid, en {} is {}", echo::shown(expr), resolved.ty.phrase());
        log.error(
            Diagnostic::error("ML130", message)
                .at(expr.span)
                .label(label)
                .help("noem een kolom van het type `getal` of `geheel`: hoe zwaar telt deze rij?"),
        );
    } else if !reads_row {
        log.error(
            Diagnostic::error(
                "ML130",
                format!("{} is voor elke rij hetzelfde, en dan weegt er niets", echo::shown(expr)),
            )
            .at(expr.span)
            .help("noem de kolom met het gewicht van een rij, of laat `weging` weg"),
        );
    } else if let Some(place) = weights.get_mut(index) {
        *place = Some(resolved);
    }
    weights
}

/// The source that a weight is of: the one that its columns name.
fn source_of(world: World<'_>, uses: &[Use], expr: &Expr, log: &mut Log<'_>) -> Option<usize> {
    if uses.len() == 1 {
        return Some(0);
    }
    let mut paths: Vec<&Path> = Vec::new();
    collect(expr, &mut paths);
    let found = paths.iter().find_map(|path| qualifier(world, uses, path));
    if found.is_none() {
        match paths.first() {
            _ if uses.iter().any(|u| u.table.is_none()) => log.poison(),
            Some(path) => log.error(unqualified(world, uses, path)),
            None => log.error(no_rows("weging", expr)),
        }
    }
    found
}

fn no_rows(word: &str, expr: &Expr) -> Diagnostic {
    Diagnostic::error("ML130", format!("`{word} {}` gaat over rijen, en hier zijn geen rijen", echo::text(expr)))
        .at(expr.span)
        .help("noem een kolom van de bron van deze kpi, of laat dit deel weg")
}

/// An aggregate over weighted rows, each of which counts as heavy as its weight.
///
/// # Errors
/// When it has no weighted form.
pub(super) fn applied(aggregate: &mut Aggregate, weight: &RowExpr) -> Result<(), Box<Diagnostic>> {
    let kind = if aggregate.per.is_some() { None } else { Some(aggregate.func) };
    match kind {
        Some(AggFunc::Count | AggFunc::Sum) if aggregate.ty == Type::Integer => aggregate.ty = Type::Number,
        Some(AggFunc::Count | AggFunc::Sum | AggFunc::Mean | AggFunc::Percentage) => {}
        _ => {
            let what = if kind.is_some() { "" } else { "(… per …)" };
            let message =
                format!("`{}{what}` kent geen gewichten, en deze kpi heeft een `weging`", aggregate.func.word());
            return Err(Box::new(
                Diagnostic::error("ML241", message)
                    .at(aggregate.span)
                    .also(weight.span, "de weging")
                    .help("gewogen worden `percentage`, `gemiddelde`, `som` en `aantal`, en `aandeel` daarvan")
                    .help("wilt u zonder gewichten rekenen, laat `weging` dan weg"),
            ));
        }
    }
    Ok(())
}

/// `waarnemingen som(kolom)`: a sum of whole numbers.
pub(super) fn observations(
    world: World<'_>,
    uses: &[Use],
    axes: &[Option<ColumnRef>],
    expr: &Expr,
    log: &mut Log<'_>,
) -> Option<Aggregate> {
    if uses.is_empty() {
        log.error(no_rows("waarnemingen", expr));
        return None;
    }
    let not_a_sum = |span| {
        Diagnostic::error("ML130", format!("`waarnemingen {}` is geen som van een kolom", echo::text(expr)))
            .at(span)
            .help("schrijf `waarnemingen som(kolom)`: de kolom die zegt om hoeveel gevallen het in een rij gaat")
    };
    let ExprKind::Call { name, args } = &expr.kind else {
        let mut diagnostic = not_a_sum(expr.span);
        if let ExprKind::Path(path) = &expr.kind {
            let fixed = format!("som({})", echo::path(path));
            diagnostic = diagnostic.replace(expr.span, fixed);
        }
        log.error(diagnostic);
        return None;
    };
    if name.value != "som" || super::groups::asked(args).is_some() {
        log.error(not_a_sum(expr.span));
        return None;
    }
    let found = over_uses(world, uses, axes, name, args, expr.span, log)?;
    if found.ty != Type::Integer {
        let message =
            format!("waarnemingen zijn een geheel getal, en {} is {}", echo::shown(expr), described(found.ty));
        log.error(Diagnostic::error("ML130", message).at(expr.span).help("tel een kolom van het type `geheel` op"));
        return None;
    }
    Some(found)
}

fn described(ty: Type) -> &'static str {
    if ty == Type::Number { "een getal met decimalen" } else { ty.phrase() }
}
