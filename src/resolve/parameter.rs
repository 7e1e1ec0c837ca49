//! Parameters: their types and values, with the project's own values put over the declared ones.

use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::{Model, Parameter, RowExpr, Type, Value};
use crate::syntax::ast::{Expr, ExprKind, Literal, Name, ParameterKind, Path};

use super::compare::{alike, bare_number};
use super::constant::{coerce, example, fold, with_unit};
use super::expr::Rows;
use super::names::Names;
use super::scope::{Log, Scope, World, suggested};
use super::{Settings, aggregate, echo, literal, order};

/// Resolves all parameters, in order of name. One with a mistake has the type `Unknown`, so that its use is silent.
/// `base` holds the zone and the calendars; `fixed` values go before all others.
pub(super) fn resolve(
    base: &Model,
    names: &Names<'_>,
    settings: &Settings,
    fixed: &[(String, Value)],
    sink: &mut Sink,
) -> Vec<Parameter> {
    let index: Vec<&str> = names.parameters.keys().copied().collect();
    let mut values: Vec<Option<&Expr>> = names
        .parameters
        .values()
        .map(|def| match &def.kind {
            ParameterKind::Read { value, .. } => value.as_ref(),
            ParameterKind::Broken => None,
        })
        .collect();
    let mut outside = vec![false; index.len()];
    for (name, value) in &settings.parameters {
        if let Ok(at) = index.binary_search(&name.value.as_str()) {
            values[at] = Some(value);
            outside[at] = true;
            continue;
        }
        let diagnostic = Diagnostic::error("ML104", format!("parameter `{}` bestaat niet", name.value)).at(name.span);
        sink.push(match suggest::nearest(&name.value, index.iter().copied()) {
            Some(near) => suggested(diagnostic, name.span, near),
            None => diagnostic.help(format!("declareer hem: `parameter {}: type = waarde`", name.value)),
        });
    }
    let mut model = base.clone();
    model.parameters = names
        .parameters
        .values()
        .map(|def| {
            let ty = match &def.kind {
                ParameterKind::Read { ty, .. } => literal::type_of(ty).unwrap_or_else(|diagnostic| {
                    sink.push(*diagnostic);
                    Type::Unknown
                }),
                ParameterKind::Broken => Type::Unknown,
            };
            Parameter { name: def.name.value.clone(), ty, value: None, span: def.name.span }
        })
        .collect();

    let edges: Vec<Vec<usize>> = values
        .iter()
        .map(|value| {
            let mut paths: Vec<&Path> = Vec::new();
            if let Some(expr) = value {
                aggregate::collect(expr, &mut paths);
            }
            paths.iter().filter_map(|p| index.binary_search(&p.text().as_str()).ok()).collect()
        })
        .collect();
    for group in order::components(&edges) {
        if let Some(circle) = order::circle(&edges, &group) {
            let words: Vec<_> = circle.iter().chain(circle.first()).map(|&i| format!("`{}`", index[i])).collect();
            let message = format!("parameters hangen in een kring van elkaar af: {}", words.join(" → "));
            sink.push(Diagnostic::error("ML108", message).at(model.parameters[circle[0]].span));
            for index in group {
                model.parameters[index].ty = Type::Unknown;
            }
            continue;
        }
        for at in group {
            let declared = model.parameters[at].ty;
            if let Some((_, value)) = fixed.iter().find(|(name, _)| *name == model.parameters[at].name) {
                model.parameters[at].value = Some(value.clone());
                continue;
            }
            let Some(expr) = values[at] else { continue };
            let mut log = Log::new(sink);
            let value = value_of(&model, declared, expr, outside[at], &mut log);
            let parameter = &mut model.parameters[at];
            if value.is_none() || declared == Type::Unknown {
                parameter.ty = Type::Unknown;
            }
            parameter.value = value;
        }
    }
    model.parameters
}

/// The value that a toets gives a parameter; nothing where the parameter is not known or the value does not fit.
pub(super) fn given(model: &Model, name: &Name, value: &Expr, log: &mut Log<'_>) -> Option<Value> {
    let Ok(at) = model.parameters.binary_search_by(|p| p.name.as_str().cmp(&name.value)) else {
        let known = model.parameters.iter().map(|p| p.name.as_str());
        let diagnostic = Diagnostic::error("ML104", format!("parameter `{}` bestaat niet", name.value)).at(name.span);
        log.error(match suggest::nearest(&name.value, known) {
            Some(near) => suggested(diagnostic, name.span, near),
            None => diagnostic.help("een toets geeft een parameter die er is een andere waarde"),
        });
        return None;
    };
    let ty = model.parameters[at].ty;
    if ty == Type::Unknown {
        log.poison();
        return None;
    }
    value_of(model, ty, value, false, log)
}

/// A parameter without a value is told once, where it is first used; its other uses stand beside that.
pub(super) fn once(sink: &mut Sink) {
    let all = std::mem::take(sink).into_sorted();
    let mut kept: Vec<Diagnostic> = Vec::new();
    for diagnostic in all {
        let first =
            kept.iter_mut().find(|k| k.code == UNSET && diagnostic.code == UNSET && k.message == diagnostic.message);
        match (first, diagnostic.span) {
            (Some(first), Some(span)) => first.related.push((span, "hier ook".to_owned())),
            _ => kept.push(diagnostic),
        }
    }
    for diagnostic in kept {
        sink.push(diagnostic);
    }
}

/// The code of a parameter without a value.
const UNSET: &str = "ML107";

/// A value of a declared type. A shell and YAML take the quotes off a text: from `outside` one word is enough.
fn value_of(model: &Model, ty: Type, expr: &Expr, outside: bool, log: &mut Log<'_>) -> Option<Value> {
    let world = World { model, incomplete: &[], calendar: model.default_calendar };
    if outside
        && ty == Type::Text
        && let ExprKind::Literal(Literal::Number(digits)) = &expr.kind
    {
        return Some(Value::Text(digits.clone()));
    }
    if ty == Type::Text
        && let Some(word) = bare_word(model, expr)
    {
        if outside {
            return Some(Value::Text(word));
        }
        let fixed = crate::model::text::quoted(&word);
        log.error(
            Diagnostic::error("ML214", format!("de tekst `{word}` staat zonder aanhalingstekens"))
                .at(expr.span)
                .help(format!("schrijf `{fixed}`"))
                .replace(expr.span, fixed),
        );
        return None;
    }
    let resolved = Rows::new(world, Scope::Constant("de waarde van een parameter"), log).expr(expr);
    if resolved.ty == Type::Unknown || ty == Type::Unknown {
        return None;
    }
    let Some(value) = fold(&resolved) else {
        log.error(not_constant(expr));
        return None;
    };
    if let Some(value) = coerce(&value, resolved.ty, ty) {
        return Some(value);
    }
    log.error(wrong_type(ty, expr, &resolved));
    None
}

/// A single word that is no parameter.
fn bare_word(model: &Model, expr: &Expr) -> Option<String> {
    let ExprKind::Path(path) = &expr.kind else { return None };
    let [word] = path.segments.as_slice() else { return None };
    let known = model.parameters.binary_search_by(|p| p.name.as_str().cmp(&word.value)).is_ok();
    (!known).then(|| word.value.clone())
}

/// An expression that must be a constant and is none.
pub(super) fn not_constant(expr: &Expr) -> Diagnostic {
    let diagnostic = Diagnostic::error("ML212", format!("{} is geen vaste waarde", echo::shown(expr))).at(expr.span);
    match &expr.kind {
        ExprKind::Arithmetic(..) => diagnostic.help("deze rekensom heeft geen uitkomst: deling door nul, of te groot"),
        _ => diagnostic.help("schrijf een getal, datum, tekst of duur, of een rekensom daarvan"),
    }
}

fn wrong_type(ty: Type, expr: &Expr, resolved: &RowExpr) -> Diagnostic {
    let message = format!("hier hoort {}, en {} is {}", ty.phrase(), echo::shown(expr), resolved.ty.phrase());
    let diagnostic = Diagnostic::error("ML214", message).at(expr.span);
    if ty == Type::Integer && alike(ty, resolved.ty) {
        return diagnostic.help("een `geheel` heeft geen decimalen; neem anders het type `getal`");
    }
    match bare_number(expr).and_then(|number| with_unit(&number, ty)) {
        Some(fixed) => diagnostic.help(format!("schrijf `{fixed}`")).replace(expr.span, fixed),
        None if ty.is_quantity() => diagnostic.help(format!("bijvoorbeeld `{}`", example(crate::model::Unit::of(ty)))),
        None => diagnostic.help(match ty {
            Type::Text => "schrijf een tekst tussen aanhalingstekens",
            Type::Bool => "schrijf `ja` of `nee`",
            Type::Date => "schrijf een datum als `2026-01-31`",
            _ => "schrijf een tijdstip als `2026-01-31 08:30`",
        }),
    }
}
