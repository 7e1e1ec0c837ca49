//! Aggregate calls: which source they are over, what they take, and the type they give.

use crate::diagnostic::Diagnostic;
use crate::model::{AggFunc, Aggregate, ColumnRef, EmptyRule, RowExpr, RowKind, TableId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Arg, Expr, ExprKind, GroupKeys, Name, Path};

use super::expr::Rows;
use super::scope::{Grouped, Log, Scope, Use, World, qualifier, unqualified};
use super::{compare, echo, groups, pointing, stock};

/// The aggregates, with their form as shown in help texts.
pub(super) const AGGREGATES: [(&str, &str); 12] = [
    ("aantal", "aantal(waarbij …)"),
    ("aantal_uniek", "aantal_uniek(kolom)"),
    ("som", "som(kolom)"),
    ("gemiddelde", "gemiddelde(kolom)"),
    ("mediaan", "mediaan(kolom)"),
    ("percentiel", "percentiel(kolom, 95)"),
    ("minimum", "minimum(kolom)"),
    ("maximum", "maximum(kolom)"),
    ("percentage", "percentage(voorwaarde)"),
    ("laatste", "laatste(kolom op moment)"),
    ("aandeel_van_top", "aandeel_van_top(7%, aantal() per kolom)"),
    ("werkvoorraad", "werkvoorraad(ontvangen, afgehandeld)"),
];

/// Whether a name is an aggregate.
pub(super) fn is_aggregate(name: &str) -> bool {
    AGGREGATES.iter().any(|(word, _)| *word == name)
}

/// `leeg telt …` where nothing is counted as `ja` or `nee`.
pub(super) fn misplaced_empty_rule(span: Span) -> Diagnostic {
    Diagnostic::error("ML222", "`leeg telt …` hoort alleen bij `percentage`")
        .at(span)
        .help("andere berekeningen slaan lege waarden over; kies rijen met `waarbij … is gevuld`")
}

/// What a call holds, sorted.
pub(super) struct Parts<'e> {
    pub values: Vec<&'e Expr>,
    pub on: Option<&'e Path>,
    pub filter: Option<&'e Expr>,
    pub empty: Option<EmptyRule>,
    /// `per klant`: a calculation in two levels.
    pub per: Option<&'e GroupKeys>,
}

/// An aggregate over the base of a derived table.
pub(super) fn over_base(
    world: World<'_>,
    base: TableId,
    name: &Name,
    args: &[Arg],
    span: Span,
    log: &mut Log<'_>,
) -> Option<Aggregate> {
    let parts = sort(name, args, log)?;
    if parts.per.is_some() || name.value == "aandeel_van_top" {
        log.error(groups::in_derived_table(name, span));
        return None;
    }
    if world.is_incomplete(base) && world.model.table(base).columns.is_empty() {
        log.poison();
        return None;
    }
    build(world, Scope::Table(base), 0, world.model.table(base).axis.map(ColumnRef::own), name, &parts, span, log)
}

/// An aggregate of a KPI over one of its sources. `axes` are the sources' time axes, where known.
pub(super) fn over_uses(
    world: World<'_>,
    uses: &[Use],
    axes: &[Option<ColumnRef>],
    name: &Name,
    args: &[Arg],
    span: Span,
    log: &mut Log<'_>,
) -> Option<Aggregate> {
    let mut parts = sort(name, args, log)?;
    let several = uses.len() > 1;
    let mut named = None;
    if name.value == "aantal"
        && let [value] = parts.values.as_slice()
    {
        named = Some(table_of(world, uses, value, log)?);
        parts.values.clear();
    }
    let index = match named {
        Some(index) => index,
        None if several => pick(world, uses, name, &parts, span, log)?,
        None => 0,
    };
    if uses.get(index).is_none_or(|u| u.table.is_none()) {
        log.poison();
        return None;
    }
    let scope = Scope::Use { uses, index, qualified: several };
    build(world, scope, index, axes.get(index).cloned().flatten(), name, &parts, span, log)
}

/// An aggregate inside the groups of another, over the same source, which is known.
pub(super) fn inside_groups(
    world: World<'_>,
    grouped: Grouped<'_>,
    name: &Name,
    args: &[Arg],
    span: Span,
    log: &mut Log<'_>,
) -> Option<Aggregate> {
    let Grouped { uses, index, axis, .. } = grouped;
    let mut parts = sort(name, args, log)?;
    if name.value == "werkvoorraad" {
        log.error(stock::no_period(span));
        return None;
    }
    if parts.per.is_some() || name.value == "aandeel_van_top" {
        log.error(groups::nested(name, span));
        return None;
    }
    if name.value == "aantal"
        && let [value] = parts.values.as_slice()
    {
        let named = table_of(world, uses, value, log)?;
        if named != index {
            log.error(groups::other_source(uses, index, value.span));
            return None;
        }
        parts.values.clear();
    }
    build(world, Scope::Use { uses, index, qualified: false }, index, axis.cloned(), name, &parts, span, log)
}

/// Sorts the arguments of an aggregate; what does not belong is reported.
pub(super) fn sort<'e>(name: &Name, args: &'e [Arg], log: &mut Log<'_>) -> Option<Parts<'e>> {
    let mut parts = Parts { values: Vec::new(), on: None, filter: None, empty: None, per: None };
    for arg in args {
        let wrong = match arg {
            Arg::Value { expr, on, of, filter, per, span } => {
                parts.values.push(expr);
                if parts.filter.is_some() && filter.is_some() {
                    Some(("een tweede `waarbij`", *span))
                } else if of.is_some() {
                    Some(("`van`", *span))
                } else if let (Some(on), true) = (on, name.value != "laatste") {
                    Some(("`op`", on.span))
                } else {
                    parts.on = parts.on.or(on.as_ref());
                    parts.filter = parts.filter.or(filter.as_ref());
                    twice_per(&mut parts, per.as_ref())
                }
            }
            Arg::Where { span, .. } if parts.filter.is_some() => Some(("een tweede `waarbij`", *span)),
            Arg::Where { filter, per, .. } => {
                parts.filter = Some(filter);
                twice_per(&mut parts, per.as_ref())
            }
            Arg::EmptyCounts { span, .. } if name.value != "percentage" => {
                log.error(misplaced_empty_rule(*span));
                return None;
            }
            Arg::EmptyCounts { span, .. } if parts.empty.is_some() => Some(("een tweede `leeg telt`", *span)),
            Arg::EmptyCounts { rule, .. } => {
                parts.empty = Some(match rule {
                    ast::EmptyRule::No => EmptyRule::No,
                    ast::EmptyRule::Yes => EmptyRule::Yes,
                    ast::EmptyRule::Skip => EmptyRule::Skip,
                });
                None
            }
            Arg::Pointing { .. } => {
                log.error(pointing::misplaced(name, arg));
                return None;
            }
            Arg::DueBy { span, .. } => Some(("`uiterlijk`", *span)),
            Arg::Within { span, .. } => Some(("`binnen`", *span)),
            Arg::Basis { span, .. } => Some(("`basis`", *span)),
        };
        if let Some((what, span)) = wrong {
            log.error(Diagnostic::error("ML206", format!("{what} kan niet binnen `{}(…)`", name.value)).at(span));
            return None;
        }
    }
    let (least, most) = match name.value.as_str() {
        "aantal" => (0, 1),
        "percentiel" | "aandeel_van_top" | "werkvoorraad" => (2, 2),
        _ => (1, 1),
    };
    if parts.values.len() < least || parts.values.len() > most {
        let form = AGGREGATES.iter().find(|(word, _)| *word == name.value).map_or("", |(_, form)| form);
        let message = format!("`{}` krijgt niet het juiste aantal argumenten", name.value);
        log.error(Diagnostic::error("ML206", message).at(name.span).help(format!("schrijf `{form}`")));
        return None;
    }
    Some(parts)
}

/// Keeps the groups of a call; a second time is wrong.
fn twice_per<'e>(parts: &mut Parts<'e>, per: Option<&'e GroupKeys>) -> Option<(&'static str, Span)> {
    let per = per?;
    match parts.per.replace(per) {
        Some(_) => Some(("een tweede `per`", per.span)),
        None => None,
    }
}

/// The source that `aantal(T)` counts.
fn table_of(world: World<'_>, uses: &[Use], value: &Expr, log: &mut Log<'_>) -> Option<usize> {
    if let ExprKind::Path(path) = &value.kind {
        let text = path.text();
        let found = uses.iter().position(|u| {
            u.alias == text || u.table.is_some_and(|t| format!("{}.{}", world.model.table(t).source, u.alias) == text)
        });
        if found.is_some() {
            return found;
        }
        if uses.iter().all(|u| u.table.is_none()) {
            log.poison();
            return None;
        }
    }
    let written = echo::text(value);
    let mut diagnostic =
        Diagnostic::error("ML207", format!("`aantal` telt rijen; {} is geen bron van deze kpi", echo::shown(value)))
            .at(value.span);
    if uses.len() == 1 {
        diagnostic = match &value.kind {
            ExprKind::Path(_) => diagnostic
                .help(format!("tel de rijen waarin het gevuld is: `aantal(waarbij {written} is gevuld)`"))
                .help(format!("of tel de verschillende waarden: `aantal_uniek({written})`")),
            _ => diagnostic.help(format!("zet een voorwaarde achter `waarbij`: `aantal(waarbij {written})`")),
        };
    } else if let Some(near) = crate::diagnostic::suggest::nearest(&written, uses.iter().map(|u| u.alias.as_str())) {
        diagnostic = super::scope::suggested(diagnostic, value.span, near);
    } else {
        let first = uses.first().map_or("tabel", |u| u.alias.as_str());
        diagnostic = diagnostic.help(format!("noem de tabel: `aantal({first})`, met zo nodig `waarbij …` erachter"));
    }
    log.error(diagnostic);
    None
}

/// Which of several sources the names in a call belong to.
pub(super) fn pick(
    world: World<'_>,
    uses: &[Use],
    name: &Name,
    parts: &Parts<'_>,
    span: Span,
    log: &mut Log<'_>,
) -> Option<usize> {
    let mut paths: Vec<&Path> = parts.per.iter().flat_map(|per| &per.paths).collect();
    parts.values.iter().for_each(|value| collect(value, &mut paths));
    paths.extend(parts.on);
    let from_argument = paths.len();
    if let Some(filter) = parts.filter {
        collect(filter, &mut paths);
    }
    let mut chosen: Option<(usize, &Path)> = None;
    for &path in &paths {
        let Some(index) = qualifier(world, uses, path) else { continue };
        match chosen {
            Some((other, first)) if other != index => {
                let message = format!(
                    "`{}(…)` rekent over één bron, maar hier staan er twee: `{}` en `{}`",
                    name.value, uses[other].alias, uses[index].alias
                );
                log.error(
                    Diagnostic::error("ML215", message)
                        .at(path.span)
                        .also(first.span, "de eerste bron")
                        .help("neem per bron een eigen aggregatie: bronnen worden pas per periode naast elkaar gezet"),
                );
                return None;
            }
            Some(_) => {}
            None => chosen = Some((index, path)),
        }
    }
    if let Some((index, _)) = chosen {
        return Some(index);
    }
    // A misspelt or missing source: the first name that is no parameter.
    let is_parameter = |p: &Path| {
        p.segments.len() == 1 && (p.text() == "peilmoment" || world.model.parameters.iter().any(|q| q.name == p.text()))
    };
    let wrong = paths.iter().take(from_argument).chain(&paths).find(|p| !is_parameter(p));
    if uses.iter().any(|u| u.table.is_none()) {
        log.poison();
        return None;
    }
    log.error(if let Some(path) = wrong {
        unqualified(world, uses, path)
    } else {
        let first = uses.first().map_or("tabel", |u| u.alias.as_str());
        Diagnostic::error("ML215", format!("`{}(…)` zegt niet over welke bron het gaat", name.value))
            .at(span)
            .help(format!("noem de tabel, bijvoorbeeld `aantal({first})`"))
    });
    None
}

/// All paths in an expression, from left to right.
pub(super) fn collect<'e>(expr: &'e Expr, paths: &mut Vec<&'e Path>) {
    match &expr.kind {
        ExprKind::Literal(_) => {}
        ExprKind::Path(path) => paths.push(path),
        ExprKind::Not(x) | ExprKind::Negate(x) | ExprKind::IsEmpty { value: x, .. } => collect(x, paths),
        ExprKind::And(list) | ExprKind::Or(list) => list.iter().for_each(|x| collect(x, paths)),
        ExprKind::Compare(a, _, b) | ExprKind::Arithmetic(a, _, b) => {
            collect(a, paths);
            collect(b, paths);
        }
        ExprKind::In { value, list, .. } => {
            collect(value, paths);
            for item in list {
                collect(item, paths);
            }
        }
        ExprKind::Between { value, low, high, .. } => [value, low, high].into_iter().for_each(|x| collect(x, paths)),
        ExprKind::Call { args, .. } => {
            for arg in args {
                match arg {
                    Arg::Value { expr, on, of, filter, per, .. } => {
                        paths.extend(per.iter().flat_map(|per| &per.paths));
                        collect(expr, paths);
                        paths.extend(on);
                        of.iter().chain(filter).for_each(|x| collect(x, paths));
                    }
                    Arg::Where { filter: expr, .. } | Arg::DueBy { expr, .. } | Arg::Within { expr, .. } => {
                        collect(expr, paths);
                    }
                    // Its names are those of another table.
                    Arg::Pointing { .. } | Arg::EmptyCounts { .. } | Arg::Basis { .. } => {}
                }
            }
        }
        ExprKind::Per { value, base, .. } => {
            collect(value, paths);
            if let Some(base) = base {
                collect(base, paths);
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one call, used here only")]
fn build(
    world: World<'_>,
    scope: Scope<'_>,
    source: usize,
    axis: Option<ColumnRef>,
    name: &Name,
    parts: &Parts<'_>,
    span: Span,
    log: &mut Log<'_>,
) -> Option<Aggregate> {
    if name.value == "werkvoorraad" {
        return stock::resolve(world, scope, source, name, parts, span, log);
    }
    let mut whole = true;
    let mut arg = None;
    if let Some(value) = parts.values.first() {
        let mut rows = Rows::new(world, scope, log);
        let resolved = if name.value == "percentage" { rows.condition(value) } else { rows.expr(value) };
        whole &= resolved.ty != Type::Unknown;
        arg = Some(resolved);
    }
    // Once the source is known from the argument, or because it is the only one, bare names are clear.
    let inner = match scope {
        Scope::Use { uses, index, .. } => Scope::Use { uses, index, qualified: false },
        other => other,
    };
    let filter = parts.filter.map(|filter| Rows::new(world, inner, log).condition(filter));
    whole &= filter.as_ref().is_none_or(|f| f.ty == Type::Bool);
    let on = if name.value == "laatste" { Some(last_axis(world, inner, axis, parts.on, span, log)?) } else { None };
    if !whole {
        return None;
    }
    let (func, ty) = function(name, arg.as_ref(), parts, world, scope, log)?;
    Some(Aggregate { func, source, arg, filter, empty: parts.empty, on, per: None, ty, span })
}

/// The function and the type of its value.
pub(super) fn function(
    name: &Name,
    arg: Option<&RowExpr>,
    parts: &Parts<'_>,
    world: World<'_>,
    scope: Scope<'_>,
    log: &mut Log<'_>,
) -> Option<(AggFunc, Type)> {
    let ty = arg.map_or(Type::Unknown, |x| x.ty);
    // A mean or a percentile of whole numbers need not be whole.
    let spread = if ty == Type::Integer { Type::Number } else { ty };
    let (func, result, fits) = match name.value.as_str() {
        "aantal" => (AggFunc::Count, Type::Integer, true),
        "aantal_uniek" => (AggFunc::CountDistinct, Type::Integer, true),
        "percentage" => (AggFunc::Percentage, Type::Percentage, true),
        "laatste" => (AggFunc::Last, ty, true),
        "som" => {
            let sum = if matches!(ty, Type::Score(..)) { Type::Number } else { ty };
            (AggFunc::Sum, sum, ty.is_quantity())
        }
        "gemiddelde" => (AggFunc::Mean, spread, ty.is_quantity()),
        "mediaan" => (AggFunc::Median, spread, ty.is_quantity()),
        "percentiel" => (AggFunc::Percentile(percentile(parts, world, log)?), spread, ty.is_quantity()),
        "minimum" => (AggFunc::Min, ty, ty.is_ordered()),
        "aandeel_van_top" => (AggFunc::TopShare(groups::top(parts, world, log)?), Type::Percentage, ty.is_quantity()),
        _ => (AggFunc::Max, ty, ty.is_ordered()),
    };
    if fits {
        return Some((func, result));
    }
    let (Some(value), Some(arg)) = (parts.values.first(), arg) else { return None };
    let label = Rows::new(world, scope, log).described(arg);
    let written = echo::text(value);
    let diagnostic = Diagnostic::error("ML207", format!("`{}` kan niet voor {}", name.value, ty.phrase()))
        .at(value.span)
        .label(label);
    log.error(match ty {
        Type::Bool => diagnostic
            .help(format!("het deel van de rijen: `percentage({written})`"))
            .help(format!("of hun aantal: `aantal(waarbij {written})`")),
        Type::Date | Type::Moment => {
            diagnostic.help("trek twee momenten van elkaar af voor een duur, of neem `minimum` of `maximum`")
        }
        _ => diagnostic.help(format!("tel verschillende waarden met `aantal_uniek({written})`")),
    });
    None
}

fn percentile(parts: &Parts<'_>, world: World<'_>, log: &mut Log<'_>) -> Option<f64> {
    let value = parts.values.get(1)?;
    let before = log.broken;
    let resolved = Rows::new(world, Scope::Constant("het percentiel"), log).expr(value);
    let number = match (&resolved.kind, resolved.ty) {
        (_, Type::Unknown) => return None,
        (RowKind::Constant(constant @ (Value::Int(_) | Value::Float(_))), ty)
            if compare::alike(ty, Type::Number) || ty == Type::Percentage =>
        {
            super::constant::base(constant, ty)
        }
        _ => None,
    };
    if let Some(p) = number.filter(|p| (0.0..=100.0).contains(p)) {
        return Some(p);
    }
    log.broken = before;
    log.error(
        Diagnostic::error("ML207", format!("{} is geen percentiel", echo::shown(value)))
            .at(value.span)
            .help("schrijf een vast getal van 0 tot en met 100, bijvoorbeeld `95`"),
    );
    None
}

/// The axis of `laatste`: as said, or that of the table.
fn last_axis(
    world: World<'_>,
    scope: Scope<'_>,
    axis: Option<ColumnRef>,
    on: Option<&Path>,
    span: Span,
    log: &mut Log<'_>,
) -> Option<ColumnRef> {
    let Some(path) = on else {
        if axis.is_none() {
            let Some(table) = scope.table() else {
                log.poison();
                return None;
            };
            if world.is_incomplete(table) {
                log.poison();
                return None;
            }
            log.error(
                Diagnostic::error(
                    "ML114",
                    format!(
                        "`{}` heeft geen meetmoment, dus wat is de laatste rij?",
                        world.model.table(table).full_name()
                    ),
                )
                .at(span)
                .help("noem de volgorde: `laatste(kolom op moment)`"),
            );
        }
        return axis;
    };
    time_axis(world, scope, path, log)
}

/// A path as a time axis: a `datum` or `tijdstip` column.
pub(super) fn time_axis(world: World<'_>, scope: Scope<'_>, path: &Path, log: &mut Log<'_>) -> Option<ColumnRef> {
    let expr = Expr { kind: ExprKind::Path(path.clone()), span: path.span };
    let mut rows = Rows::new(world, scope, log);
    let resolved = rows.expr(&expr);
    match (&resolved.kind, resolved.ty) {
        (_, Type::Unknown) => None,
        (RowKind::Column(column), Type::Date | Type::Moment) => Some(column.clone()),
        (_, ty) => {
            let label = rows.described(&resolved);
            log.error(
                Diagnostic::error(
                    "ML114",
                    format!("`{}` is {} en geen moment in de tijd", echo::path(path), ty.phrase()),
                )
                .at(path.span)
                .label(label)
                .help("een meetmoment is een kolom van het type `datum` of `tijdstip`"),
            );
            None
        }
    }
}
