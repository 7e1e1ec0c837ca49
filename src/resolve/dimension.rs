//! The `dimensies` answer: per dimension its name, its type, and its expression in each source that has it.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Dimension, Kpi, RowExpr, Type};
use crate::source::Span;
use crate::syntax::ast::{DimensionDef, Expr, ExprKind, Literal, Path};

use super::aggregate::collect;
use super::echo;
use super::expr::Rows;
use super::scope::{Log, Scope, Use, World, qualifier, strip, suggested, try_column, unqualified};
use super::shared_use;

/// Resolves all dimensions. `parts` are the KPIs that the calculation refers to.
pub(super) fn resolve(
    world: World<'_>,
    uses: &[Use],
    parts: &[&Kpi],
    defs: &[DimensionDef],
    log: &mut Log<'_>,
) -> Vec<Dimension> {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut dimensions = Vec::new();
    for def in defs {
        let shared = shared_use::find(world, uses, &def.expr);
        let named = match &shared {
            Some(found) if def.name.is_none() => Some(found.name(world.model)),
            _ => name_of(def, log),
        };
        let Some(name) = named else { continue };
        if let Some(&first) = seen.get(&name) {
            log.error(
                Diagnostic::error("ML102", format!("dimensie `{name}` staat er al"))
                    .at(def.span)
                    .also(first, "de eerste")
                    .help("laat er een weg, of geef haar een eigen naam met `als …`"),
            );
            continue;
        }
        seen.insert(name.clone(), def.span);
        let resolved = match shared {
            _ if uses.is_empty() => derived(world, parts, def, &name, log),
            Some(found) => found.resolve(world, uses, def, &name, log),
            None => own(world, uses, def, &name, log).filter(|_| shared_use::is_free(world, uses, def, &name, log)),
        };
        let Some(dimension) = resolved else { continue };
        if let Some(lacking) = parts.iter().find(|k| !k.dimensions.iter().any(|d| d.name == name)) {
            log.error(not_shared(lacking, &name, def.span));
            continue;
        }
        dimensions.push(dimension);
    }
    shared_use::add_groups(world, &mut dimensions, parts);
    dimensions
}

fn name_of(def: &DimensionDef, log: &mut Log<'_>) -> Option<String> {
    match (&def.name, &def.expr.kind) {
        (Some(name), _) => Some(name.value.clone()),
        (None, ExprKind::Path(path)) => Some(path.last().to_owned()),
        (None, ExprKind::And(parts)) if parts.iter().all(|p| matches!(p.kind, ExprKind::Path(_))) => {
            let fixed = parts.iter().map(echo::text).collect::<Vec<_>>().join(", ");
            log.error(
                Diagnostic::error("ML119", "tussen twee dimensies staat een komma, geen `en`")
                    .at(def.expr.span)
                    .help(format!("schrijf `{fixed}`"))
                    .replace(def.expr.span, fixed),
            );
            None
        }
        (None, ExprKind::Literal(Literal::Text(text))) => {
            log.error(
                Diagnostic::error("ML119", "een dimensie is de naam van een kolom, en hier staat een tekst")
                    .at(def.expr.span)
                    .help(format!("laat de aanhalingstekens weg: `{text}`"))
                    .replace(def.expr.span, text),
            );
            None
        }
        (None, _) => {
            let written = echo::text(&def.expr);
            let suggestion = match &def.expr.kind {
                ExprKind::Call { name, .. } => name.value.as_str(),
                _ => "naam",
            };
            log.error(
                Diagnostic::error("ML119", format!("dimensie {} heeft geen naam", echo::shown(&def.expr)))
                    .at(def.expr.span)
                    .help(format!("geef haar een naam: `{written} als {suggestion}`"))
                    .replace(def.expr.span.after(), format!(" als {suggestion}")),
            );
            None
        }
    }
}

/// A dimension of a KPI of KPIs: by name, in all of them.
fn derived(world: World<'_>, parts: &[&Kpi], def: &DimensionDef, name: &str, log: &mut Log<'_>) -> Option<Dimension> {
    let ExprKind::Path(path) = &def.expr.kind else {
        log.error(
            Diagnostic::error("ML116", "een afgeleide kpi neemt haar dimensies over van de kpi's waaruit zij bestaat")
                .at(def.expr.span)
                .help("noem een dimensie die die kpi's allemaal hebben"),
        );
        return None;
    };
    let wanted = match super::shared::named(world.model, &path.segments) {
        Some((id, level, [])) => shared_use::name_of(world.model, id, level),
        _ => path.last().to_owned(),
    };
    let wanted = wanted.as_str();
    let Some(first) = parts.first() else {
        log.poison();
        return None;
    };
    let Some(found) = first.dimensions.iter().find(|d| d.name == wanted) else {
        log.error(not_shared(first, wanted, def.span));
        return None;
    };
    let differs = |k: &&&Kpi| k.dimensions.iter().any(|d| d.name == wanted && d.shared != found.shared);
    if let Some(other) = parts.iter().find(differs) {
        let message = format!("`{wanted}` is in kpi `{}` iets anders dan in kpi `{}`", other.name, first.name);
        log.error(
            Diagnostic::error("ML138", message)
                .at(def.span)
                .also(first.dimensions_span, "de een")
                .also(other.dimensions_span, "de ander")
                .help("verbind beide bronnen met dezelfde dimensie"),
        );
        return None;
    }
    Some(Dimension { name: name.to_owned(), ty: found.ty, exprs: Vec::new(), shared: found.shared, span: def.span })
}

fn not_shared(kpi: &Kpi, name: &str, span: Span) -> Diagnostic {
    let message = format!("kpi `{}` is niet uit te splitsen naar `{name}`", kpi.name);
    let diagnostic = Diagnostic::error("ML116", message).at(span).also(kpi.dimensions_span, "haar dimensies");
    let known: Vec<_> = kpi.dimensions.iter().map(|d| d.name.as_str()).collect();
    match crate::diagnostic::suggest::nearest(name, known.iter().copied()) {
        Some(near) => suggested(diagnostic, span, near),
        None => diagnostic.help(format!("voeg `{name}` aan die kpi toe, of laat haar hier weg")),
    }
}

/// A dimension over a KPI's own sources.
fn own(world: World<'_>, uses: &[Use], def: &DimensionDef, name: &str, log: &mut Log<'_>) -> Option<Dimension> {
    if uses.iter().any(|u| u.table.is_none()) {
        log.poison();
        return None;
    }
    let having = having(world, uses, &def.expr);
    if having.is_empty() {
        report_unknown(world, uses, &def.expr, log);
        return None;
    }
    let mut exprs: Vec<Option<RowExpr>> = vec![None; uses.len()];
    let mut ty: Option<Type> = None;
    for index in having {
        let scope = Scope::Use { uses, index, qualified: false };
        let resolved = Rows::new(world, scope, log).expr(&def.expr);
        if resolved.ty == Type::Unknown {
            return None;
        }
        // A column of the same name with another type is another thing.
        if ty.is_none_or(|ty| ty == resolved.ty) {
            ty = Some(resolved.ty);
            exprs[index] = Some(resolved);
        }
    }
    let ty = ty?;
    if !matches!(ty, Type::Text | Type::Bool | Type::Integer | Type::Date | Type::Days | Type::Workdays) {
        log.error(no_groups(&def.expr, ty));
        return None;
    }
    Some(Dimension { name: name.to_owned(), ty, exprs, shared: None, span: def.span })
}

/// The sources that have all names of an expression; a qualified name picks its source.
fn having(world: World<'_>, uses: &[Use], expr: &Expr) -> Vec<usize> {
    let mut paths: Vec<&Path> = Vec::new();
    collect(expr, &mut paths);
    paths.retain(|path| !is_global(world, uses, path));
    (0..uses.len())
        .filter(|&index| {
            let Some(table) = uses[index].table else { return false };
            paths.iter().all(|path| {
                let named = qualifier(world, uses, path);
                if uses.len() > 1
                    && let Some(other) = named
                {
                    return other == index
                        && strip(world, uses, index, path)
                            .is_some_and(|rest| try_column(world.model, table, rest).is_some());
                }
                try_column(world.model, table, &path.segments).is_some()
                    || strip(world, uses, index, path)
                        .is_some_and(|rest| try_column(world.model, table, rest).is_some())
            })
        })
        .collect()
}

/// A parameter or `peilmoment`, which every source knows.
fn is_global(world: World<'_>, uses: &[Use], path: &Path) -> bool {
    let text = path.text();
    path.segments.len() == 1
        && !uses.iter().any(|u| u.table.is_some_and(|t| world.model.table(t).column_named(&text).is_some()))
        && (text == "peilmoment" || world.model.parameters.binary_search_by(|p| p.name.as_str().cmp(&text)).is_ok())
}

/// No source has it: says why for the one that was probably meant.
fn report_unknown(world: World<'_>, uses: &[Use], expr: &Expr, log: &mut Log<'_>) {
    let mut paths: Vec<&Path> = Vec::new();
    collect(expr, &mut paths);
    let named = paths.iter().find_map(|path| qualifier(world, uses, path));
    let index = if uses.len() == 1 { Some(0) } else { named };
    let Some(index) = index else {
        let missing = paths.iter().find(|path| {
            !uses.iter().any(|u| u.table.is_some_and(|t| try_column(world.model, t, &path.segments).is_some()))
        });
        if uses.iter().any(|u| u.table.is_some_and(|t| world.is_incomplete(t))) {
            log.poison();
        } else if let Some(path) = missing {
            log.error(unqualified(world, uses, path));
        } else {
            log.error(Diagnostic::error("ML215", "geen bron heeft alle kolommen van deze dimensie").at(expr.span));
        }
        return;
    };
    // Reports in the words of that source.
    let before = log.broken;
    log.broken = false;
    Rows::new(world, Scope::Use { uses, index, qualified: false }, log).expr(expr);
    if !log.broken {
        log.error(Diagnostic::error("ML215", "geen bron heeft alle kolommen van deze dimensie").at(expr.span));
    }
    log.broken |= before;
}

fn no_groups(expr: &Expr, ty: Type) -> Diagnostic {
    let written = echo::text(expr);
    let diagnostic =
        Diagnostic::error("ML216", format!("{} is {} en geen dimensie", echo::shown(expr), ty.phrase())).at(expr.span);
    match ty {
        Type::Moment => diagnostic
            .help("bijna elke rij zou een eigen groep zijn")
            .help(format!("neem een deel ervan: `datum({written}) als dag`, `uur({written}) als uur` of `weekdag({written}) als weekdag`")),
        _ => diagnostic
            .help("bijna elke rij zou een eigen groep zijn")
            .help(format!("maak groepen, bijvoorbeeld `als({written} < …, \"laag\", \"hoog\") als groep`")),
    }
}

/// A condition over all sources of a KPI (`--where`): per source the condition, none where the source lacks its columns.
pub(super) fn condition(world: World<'_>, uses: &[Use], expr: &Expr, sink: &mut Sink) -> Vec<Option<RowExpr>> {
    let having = having(world, uses, expr);
    let mut log = Log::new(sink);
    if having.is_empty() && !uses.is_empty() {
        report_unknown(world, uses, expr, &mut log);
    }
    let mut found: Vec<Option<RowExpr>> = vec![None; uses.len()];
    for index in having {
        let scope = Scope::Use { uses, index, qualified: false };
        let resolved = Rows::new(world, scope, &mut log).condition(expr);
        if resolved.ty == Type::Unknown {
            // The same mistake would be told again for the next source.
            break;
        }
        found[index] = Some(resolved);
    }
    found
}
