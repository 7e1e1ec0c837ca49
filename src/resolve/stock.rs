//! `werkvoorraad(van, tot)`: what is open when a period ends, by the columns that say when something begins and ends.

use crate::diagnostic::Diagnostic;
use crate::model::{AggFunc, Aggregate, RowExpr, RowKind, Type};
use crate::source::Span;
use crate::syntax::ast::{ExprKind, Name};

use super::aggregate::{Parts, time_axis};
use super::echo;
use super::expr::Rows;
use super::scope::{Log, Scope, World};

/// Resolves the call: two columns of days or moments, and which rows count.
pub(super) fn resolve(
    world: World<'_>,
    scope: Scope<'_>,
    source: usize,
    name: &Name,
    parts: &Parts<'_>,
    span: Span,
    log: &mut Log<'_>,
) -> Option<Aggregate> {
    let Scope::Use { uses, index, .. } = scope else {
        log.error(no_period(span));
        return None;
    };
    let mut columns = Vec::new();
    let mut at = scope;
    for value in &parts.values {
        let ExprKind::Path(path) = &value.kind else {
            log.error(
                Diagnostic::error(
                    "ML207",
                    format!("`{}` vraagt een kolom, maar hier staat {}", name.value, echo::shown(value)),
                )
                .at(value.span)
                .help("geef de uitdrukking een naam in de tabel: `naam = …`, en noem die hier"),
            );
            return None;
        };
        columns.push(time_axis(world, at, path, log)?);
        at = Scope::Use { uses, index, qualified: false };
    }
    let filter = parts.filter.map(|filter| Rows::new(world, at, log).condition(filter));
    let whole = filter.as_ref().is_none_or(|f| f.ty == Type::Bool);
    let (table, until) = (scope.table()?, columns.pop()?);
    let from = columns.pop().filter(|_| whole)?;
    if from == until {
        let twice = parts.values.last().map_or(span, |value| value.span);
        log.error(
            Diagnostic::error("ML239", "het begin en het einde van deze werkvoorraad zijn dezelfde kolom")
                .at(twice)
                .help("noem eerst wanneer iets binnenkomt, dan wanneer het klaar is: `werkvoorraad(ontvangen, afgehandeld)`"),
        );
        return None;
    }
    let ty = world.model.column(table, &until).ty;
    let arg = Some(RowExpr { kind: RowKind::Column(until), ty, span });
    Some(Aggregate {
        func: AggFunc::Stock,
        source,
        arg,
        filter,
        empty: None,
        on: Some(from),
        per: None,
        ty: Type::Integer,
        span,
    })
}

/// `werkvoorraad` where rows are taken together by something else than a period.
pub(super) fn no_period(span: Span) -> Diagnostic {
    Diagnostic::error("ML238", "`werkvoorraad` telt op het einde van een periode, en die is er hier niet")
        .at(span)
        .help("gebruik `werkvoorraad(…)` zelf in de `berekening` van een kpi, zonder `per`")
}
