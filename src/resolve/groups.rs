//! Calculations in two levels, `gemiddelde(aantal() per klant)`: the rows are summed up per key, and the groups are
//! summed up once more. The groups become a table of the model, whose columns are the inner aggregates.

use crate::diagnostic::Diagnostic;
use crate::model::nullability::{grouped, rows};
use crate::model::table::Origin;
use crate::model::{
    AggFunc, Aggregate, Column, ColumnKind, ColumnRef, Groups, RowExpr, RowKind, Table, TableId, Type, Value,
};
use crate::source::Span;
use crate::syntax::ast::{Arg, Expr, ExprKind, GroupKeys, Name, Path};

use super::aggregate::{Parts, function, is_aggregate, pick, sort};
use super::expr::Rows;
use super::formula::Formulas;
use super::scope::{Grouped, Log, Scope, Use, World};
use super::{column, echo};

/// The groups that a call asks for, if it does.
pub(super) fn asked(args: &[Arg]) -> Option<&GroupKeys> {
    args.iter().find_map(|arg| match arg {
        Arg::Value { per, .. } | Arg::Where { per, .. } => per.as_ref(),
        _ => None,
    })
}

/// Resolves an aggregate in two levels.
pub(super) fn resolve(formulas: &mut Formulas<'_, '_>, name: &Name, args: &[Arg], span: Span) -> Option<Aggregate> {
    let (world, uses) = (formulas.world, formulas.uses);
    let log = &mut *formulas.log;
    let mut parts = sort(name, args, log)?;
    let Some(per) = parts.per else {
        log.error(without_groups(name, &parts));
        return None;
    };
    if let Some(diagnostic) = wrong_outside(name, &parts, per) {
        log.error(diagnostic);
        return None;
    }
    if name.value == "aandeel_van_top" {
        // What is summed up goes first, as everywhere.
        parts.values.swap(0, 1);
    }
    let index = if uses.len() > 1 { pick(world, uses, name, &parts, span, log)? } else { 0 };
    let Some(table) = uses.get(index).and_then(|u| u.table) else {
        log.poison();
        return None;
    };
    let axis = formulas.axes.get(index).and_then(Option::as_ref);
    let scope = Grouped { uses, index, axis, per };
    let mut build = Build { world, scope, log, lifted: Vec::new(), whole: true };
    let keys: Vec<RowExpr> = per.paths.iter().filter_map(|path| build.key(path)).collect();
    let (of_rows, of_groups) = parts.filter.map(conditions).unwrap_or_default();
    let of_rows: Vec<RowExpr> = of_rows.into_iter().filter_map(|c| build.condition(c, scope.rows())).collect();
    let arg = parts.values.first().and_then(|value| build.value(name, value));
    let of_groups: Vec<RowExpr> =
        of_groups.into_iter().filter_map(|c| build.condition(c, Scope::Groups(scope))).collect();
    let Build { lifted, whole, .. } = build;
    if !whole || keys.len() < per.paths.len() {
        return None;
    }
    if lifted.is_empty() {
        log.error(nothing_inside(name, &parts, per));
        return None;
    }
    let (func, ty) = function(name, arg.as_ref(), &parts, world, Scope::Groups(scope), log)?;
    if matches!(func, AggFunc::TopShare(_)) && !adds_up(arg.as_ref(), &lifted) {
        log.error(no_top(&parts, per));
        return None;
    }
    let groups =
        Groups { table: TableId(world.model.tables.len() + formulas.groups.len()), keys, rows: all(of_rows, span) };
    let facts = rows(world.model, table, formulas.filters.get(index).and_then(Option::as_ref), axis);
    let facts = facts.and(grouped(world.model, table, &groups));
    let columns = lifted.into_iter().map(|inner| {
        let (nullable, personal) = column::of_group(world, table, &facts, &inner);
        as_column(inner, nullable, personal)
    });
    formulas.groups.push(as_table(groups.table, table, columns.collect(), per.span));
    let per = Some(Box::new(groups));
    Some(Aggregate {
        func,
        source: index,
        arg,
        filter: all(of_groups, span),
        empty: parts.empty,
        on: None,
        per,
        ty,
        span,
    })
}

/// What one call is built from.
struct Build<'a, 'l, 's> {
    world: World<'a>,
    scope: Grouped<'a>,
    log: &'l mut Log<'s>,
    /// The inner aggregates so far.
    lifted: Vec<Aggregate>,
    whole: bool,
}

impl Build<'_, '_, '_> {
    /// A key: a column of the rows.
    fn key(&mut self, path: &Path) -> Option<RowExpr> {
        let expr = Expr { kind: ExprKind::Path(path.clone()), span: path.span };
        let mut rows = Rows::new(self.world, self.scope.rows(), self.log);
        let resolved = rows.expr(&expr);
        if resolved.ty == Type::Unknown {
            return None;
        }
        if !matches!(resolved.kind, RowKind::Column(_)) {
            let message =
                format!("achter `per` staat een kolom, en `{}` heeft voor elke rij dezelfde waarde", echo::path(path));
            rows.error(Diagnostic::error("ML240", message).at(path.span), path.span);
            return None;
        }
        Some(resolved)
    }

    fn condition(&mut self, expr: &Expr, scope: Scope<'_>) -> Option<RowExpr> {
        self.resolved(scope, |rows| rows.condition(expr))
    }

    /// What is summed up over the groups.
    fn value(&mut self, name: &Name, expr: &Expr) -> Option<RowExpr> {
        let condition = name.value == "percentage";
        self.resolved(Scope::Groups(self.scope), |rows| if condition { rows.condition(expr) } else { rows.expr(expr) })
    }

    fn resolved(&mut self, scope: Scope<'_>, resolve: impl FnOnce(&mut Rows<'_, '_>) -> RowExpr) -> Option<RowExpr> {
        let mut rows = Rows::new(self.world, scope, self.log);
        rows.lifted = std::mem::take(&mut self.lifted);
        let resolved = resolve(&mut rows);
        self.lifted = rows.lifted;
        if resolved.ty == Type::Unknown {
            self.whole = false;
            return None;
        }
        Some(resolved)
    }
}

/// The parts of a `waarbij` that choose rows, and those that choose groups: the latter hold an aggregate.
fn conditions(filter: &Expr) -> (Vec<&Expr>, Vec<&Expr>) {
    let parts = if let ExprKind::And(list) = &filter.kind { list.iter().collect() } else { vec![filter] };
    parts.into_iter().partition(|part| !holds_aggregate(part))
}

fn holds_aggregate(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Path(_) => false,
        ExprKind::Not(x) | ExprKind::Negate(x) | ExprKind::IsEmpty { value: x, .. } => holds_aggregate(x),
        ExprKind::And(list) | ExprKind::Or(list) => list.iter().any(holds_aggregate),
        ExprKind::Compare(a, _, b) | ExprKind::Arithmetic(a, _, b) => holds_aggregate(a) || holds_aggregate(b),
        ExprKind::In { value, list, .. } => holds_aggregate(value) || list.iter().any(holds_aggregate),
        ExprKind::Between { value, low, high, .. } => [value, low, high].into_iter().any(|x| holds_aggregate(x)),
        ExprKind::Call { name, args } => {
            is_aggregate(&name.value)
                || args.iter().any(
                    |arg| matches!(arg, Arg::Value { expr, .. } | Arg::DueBy { expr, .. } if holds_aggregate(expr)),
                )
        }
        ExprKind::Per { value, base, .. } => holds_aggregate(value) || base.as_deref().is_some_and(holds_aggregate),
    }
}

fn all(mut list: Vec<RowExpr>, span: Span) -> Option<RowExpr> {
    match list.len() {
        0 | 1 => list.pop(),
        _ => Some(RowExpr { kind: RowKind::And(list), ty: Type::Bool, span }),
    }
}

/// One count or sum, of which parts and whole can be compared.
fn adds_up(arg: Option<&RowExpr>, lifted: &[Aggregate]) -> bool {
    matches!((arg.map(|a| &a.kind), lifted), (Some(RowKind::Column(column)), [first, ..])
        if *column == ColumnRef::own(0) && matches!(first.func, AggFunc::Count | AggFunc::Sum))
}

fn as_column(inner: Aggregate, nullable: bool, personal: bool) -> Column {
    Column {
        name: "#".to_owned(),
        ty: inner.ty,
        nullable,
        key: false,
        personal,
        values: None,
        relation: None,
        mark: false,
        span: inner.span,
        kind: ColumnKind::Aggregated(inner),
    }
}

fn as_table(id: TableId, base: TableId, columns: Vec<Column>, span: Span) -> Table {
    Table {
        id,
        source: String::new(),
        source_title: None,
        name: String::new(),
        title: None,
        origin: Origin::Groups { base },
        columns,
        key: Vec::new(),
        axis: None,
        requirements: Vec::new(),
        valid: None,
        span,
    }
}

/// The percentage of `aandeel_van_top`: the second value here.
pub(super) fn top(parts: &Parts<'_>, world: World<'_>, log: &mut Log<'_>) -> Option<f64> {
    let value = parts.values.get(1)?;
    let before = log.broken;
    let resolved = Rows::new(world, Scope::Constant("het deel van de groepen"), log).expr(value);
    if resolved.ty == Type::Unknown {
        return None;
    }
    let constant = super::constant::fold(&resolved);
    let percentage = match (&constant, resolved.ty) {
        (Some(constant), Type::Percentage) => super::constant::base(constant, Type::Percentage),
        _ => None,
    };
    if let Some(p) = percentage.filter(|p| *p > 0.0 && *p <= 100.0) {
        return Some(p);
    }
    log.broken = before;
    let mut diagnostic =
        Diagnostic::error("ML207", format!("{} is geen deel van de groepen", echo::shown(value))).at(value.span);
    diagnostic = match constant {
        Some(Value::Int(n)) if (1..=100).contains(&n) => {
            diagnostic.help(format!("schrijf `{n}%`")).replace(value.span, format!("{n}%"))
        }
        _ => diagnostic.help("schrijf een percentage boven 0% en tot en met 100%, bijvoorbeeld `7%`"),
    };
    log.error(diagnostic);
    None
}

// ------------------------------------------------------------------------------------------------ what is wrong

/// `aandeel_van_top` without groups.
fn without_groups(name: &Name, parts: &Parts<'_>) -> Diagnostic {
    let inner = parts.values.get(1).map_or_else(|| "aantal()".to_owned(), |value| echo::text(value));
    Diagnostic::error("ML240", format!("`{}` gaat over groepen, en hier staat niet welke", name.value))
        .at(name.span)
        .help(format!("zet de sleutel van de groepen achter `per`: `{}(7%, {inner} per klant)`", name.value))
}

/// What cannot be summed up over groups.
fn wrong_outside(name: &Name, parts: &Parts<'_>, per: &GroupKeys) -> Option<Diagnostic> {
    let keys = echo::keys(Some(per));
    match (name.value.as_str(), parts.values.as_slice()) {
        ("aantal_uniek" | "laatste" | "werkvoorraad", _) => Some(
            Diagnostic::error("ML242", format!("`{}` kan niet over groepen", name.value))
                .at(name.span)
                .help("over groepen gaan `gemiddelde`, `mediaan`, `percentiel`, `minimum`, `maximum`, `som`, `percentage`, `aantal` en `aandeel_van_top`"),
        ),
        ("aantal", [value, ..]) => Some(
            Diagnostic::error("ML240", "hoeveel groepen: zet de voorwaarde achter `waarbij`")
                .at(value.span)
                .help(format!("bijvoorbeeld `aantal(waarbij aantal() > 3{keys})`")),
        ),
        _ => None,
    }
}

/// Nothing inside the groups says how their rows are taken together.
fn nothing_inside(name: &Name, parts: &Parts<'_>, per: &GroupKeys) -> Diagnostic {
    let keys = echo::keys(Some(per));
    let diagnostic = Diagnostic::error("ML240", format!("hoe worden de rijen{keys} samengenomen?")).at(per.span);
    match (name.value.as_str(), per.paths.as_slice()) {
        ("aantal", [only]) => {
            let filter = parts.filter.map_or(String::new(), |f| format!(" waarbij {}", echo::text(f)));
            diagnostic.help(format!("hoeveel verschillende het er zijn: `aantal_uniek({}{filter})`", echo::path(only)))
        }
        _ => diagnostic.help(format!("zet voor `per` een aggregatie, bijvoorbeeld `{}(aantal(){keys})`", name.value)),
    }
}

/// A column where groups are spoken about.
pub(super) fn per_row(world: World<'_>, grouped: Grouped<'_>, path: &Path, found: &ColumnRef) -> Diagnostic {
    let written = echo::path(path);
    let keys = echo::keys(Some(grouped.per));
    let table = grouped.uses.get(grouped.index).and_then(|u| u.table);
    let ty = table.map_or(Type::Unknown, |table| world.model.column(table, found).ty);
    let message = format!("`{written}` heeft per rij een waarde, en hier gaat het om de groepen{keys}");
    let diagnostic =
        Diagnostic::error("ML240", message).at(path.span).label("hoe worden de rijen van een groep samengenomen?");
    match ty {
        Type::Bool => {
            diagnostic.help(format!("bijvoorbeeld `aantal(waarbij {written}) > 0`: minstens één rij van de groep"))
        }
        ty if ty.is_quantity() => diagnostic.help(format!("bijvoorbeeld `som({written})` of `gemiddelde({written})`")),
        _ => diagnostic.help(format!("bijvoorbeeld `aantal_uniek({written})` of `laatste({written})`")),
    }
    .help("een voorwaarde op rijen alleen staat los: `… waarbij kolom = \"x\" en aantal() > 3`")
}

/// Three levels.
pub(super) fn nested(name: &Name, span: Span) -> Diagnostic {
    Diagnostic::error(
        "ML242",
        format!("`{}(… per …)` staat zelf binnen `per`: meer dan twee niveaus kan niet", name.value),
    )
    .at(span)
    .help("maak van het binnenste een afgeleide tabel: `tabel … uit … per … { … }`, en reken daarmee")
}

/// Groups where a derived table sums up per key already.
pub(super) fn in_derived_table(name: &Name, span: Span) -> Diagnostic {
    Diagnostic::error("ML242", format!("`{}(… per …)` kan niet in een afgeleide tabel", name.value))
        .at(span)
        .help("maak eerst een tabel met één rij per groep, en dan een tweede daaruit: `tabel b uit a per …`")
}

/// An inner aggregate over another source than the groups'.
pub(super) fn other_source(uses: &[Use], index: usize, span: Span) -> Diagnostic {
    let name = uses.get(index).map_or("", |u| u.alias.as_str());
    Diagnostic::error("ML215", format!("de groepen zijn van `{name}`, en dit is een andere bron"))
        .at(span)
        .help(format!("tel de rijen van de groep zelf: `aantal({name})`"))
}

/// `aandeel` of what does not add up.
pub(super) fn no_portion(expr: &Expr) -> Diagnostic {
    Diagnostic::error("ML243", format!("van {} zijn de delen samen niet het geheel", echo::shown(expr)))
        .at(expr.span)
        .help("een aandeel kan van één aantal of som: `aandeel(aantal())`, `aandeel(som(kolom waarbij …))`")
}

fn no_top(parts: &Parts<'_>, per: &GroupKeys) -> Diagnostic {
    let value = parts.values.first();
    let message =
        value.map_or_else(String::new, |v| format!("van {} zijn de delen samen niet het geheel", echo::shown(v)));
    Diagnostic::error("ML243", message).at(value.map_or(per.span, |v| v.span)).help(format!(
        "een aandeel kan van één aantal of som: `aandeel_van_top(7%, aantal(){})`",
        echo::keys(Some(per))
    ))
}
