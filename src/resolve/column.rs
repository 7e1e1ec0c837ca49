//! The types of columns: computed ones, keys and aggregates of derived tables, in an order in which everything that a
//! column uses is known before it. Circles are reported.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::nullability::{self, Facts};
use crate::model::table::Origin;
use crate::model::{
    AggFunc, Aggregate, Column, ColumnKind, ColumnRef, Count, EmptyRule, RowExpr, RowKind, TableId, Type,
};
use crate::source::Span;
use crate::syntax::ast::{self, ColumnOption, Expr, ExprKind, Name};

use super::aggregate::{self, collect};
use super::expr::Rows;
use super::function::{is_single_aggregate, uses_personal};
use super::order;
use super::scope::{Log, Scope, World};
use super::table::{Tables, empty_column};
use super::{pointing, united};

/// Columns that use each other in a longer line are refused: later phases follow them one inside the other.
const DEPTH: usize = 100;

/// Resolves all columns.
pub(super) fn resolve(tables: &mut Tables<'_>, sink: &mut Sink) {
    let mut start = Vec::new();
    let mut nodes = Vec::new();
    for table in &tables.model.tables {
        start.push(nodes.len());
        nodes.extend((0..table.columns.len()).map(|column| (table.id, column)));
    }
    let edges: Vec<Vec<usize>> = nodes
        .iter()
        .map(|&(table, column)| {
            let mut needs = Vec::new();
            needed(tables, table, column, &mut |at, index| needs.push(start[at.0] + index));
            needs.sort_unstable();
            needs.dedup();
            needs
        })
        .collect();
    let mut filtered = vec![false; tables.defs.len()];
    // How many columns lie below each, in the longest line.
    let mut height = vec![0_usize; nodes.len()];
    for group in order::components(&edges) {
        if let Some(circle) = order::circle(&edges, &group) {
            report_circle(tables, &circle.iter().map(|&i| nodes[i]).collect::<Vec<_>>(), sink);
            continue;
        }
        for node in group {
            let (table, column) = nodes[node];
            height[node] = edges[node].iter().map(|&below| height[below] + 1).max().unwrap_or(0);
            if height[node] > DEPTH {
                if height[node] == DEPTH + 1 {
                    sink.push(too_deep(tables, table, column));
                }
                tables.incomplete[table.0] = true;
                continue;
            }
            if !std::mem::replace(&mut filtered[table.0], true) {
                base_filter(tables, table, sink);
            }
            one(tables, table, column, sink);
        }
    }
    (0..tables.defs.len()).filter(|&i| !filtered[i]).for_each(|i| base_filter(tables, TableId(i), sink));
}

fn too_deep(tables: &Tables<'_>, table: TableId, column: usize) -> Diagnostic {
    let column = &tables.model.table(table).columns[column];
    Diagnostic::error("ML218", format!("`{}` rekent over meer dan {DEPTH} kolommen achter elkaar", column.name))
        .at(column.span)
        .help("reken in minder stappen, of lever een tussenstap aan als kolom van de bron")
}

fn report_circle(tables: &Tables<'_>, circle: &[(TableId, usize)], sink: &mut Sink) {
    let name = |&(table, column): &(TableId, usize)| {
        let table = tables.model.table(table);
        format!("`{}.{}`", table.name, table.columns[column].name)
    };
    let Some(&(table, column)) = circle.first() else { return };
    let words: Vec<_> = circle.iter().chain(circle.first()).map(name).collect();
    let message = match circle {
        [only] => format!("{} gebruikt zichzelf", name(only)),
        _ => format!("kolommen hangen in een kring van elkaar af: {}", words.join(" → ")),
    };
    let mut diagnostic = Diagnostic::error("ML108", message).at(tables.model.table(table).columns[column].span);
    for &(table, column) in circle.iter().skip(1) {
        diagnostic = diagnostic.also(tables.model.table(table).columns[column].span, "hoort bij de kring");
    }
    sink.push(diagnostic);
}

/// Visits every column that a column needs to be known.
fn needed(tables: &Tables<'_>, table: TableId, column: usize, visit: &mut impl FnMut(TableId, usize)) {
    let entry = tables.defs[table.0];
    let base = tables.bases[table.0];
    if let (Some(base), Some(derived)) = (base, &entry.def.derived) {
        for key in &derived.keys {
            walk(tables, base, std::slice::from_ref(key), visit);
        }
        if let Some(filter) = &derived.filter {
            paths_in(tables, base, filter, visit);
        }
    }
    if let Some(parts) = &tables.parts[table.0] {
        united::needed(tables, parts, tables.column_def(table, column), visit);
    }
    let Some(ast::ColumnKind::Derived(expr)) = tables.column_def(table, column).map(|def| &def.kind) else { return };
    pointing::needed(tables, table, expr, visit);
    if entry.def.derived.is_some() {
        outside(tables, table, base, expr, visit);
    } else {
        paths_in(tables, table, expr, visit);
    }
}

pub(super) fn paths_in(tables: &Tables<'_>, table: TableId, expr: &Expr, visit: &mut impl FnMut(TableId, usize)) {
    let mut paths = Vec::new();
    collect(expr, &mut paths);
    for path in paths {
        walk(tables, table, &path.segments, visit);
    }
}

/// The columns along a path, as far as it can be followed.
pub(super) fn walk(tables: &Tables<'_>, table: TableId, segments: &[Name], visit: &mut impl FnMut(TableId, usize)) {
    let mut at = table;
    for step in segments {
        let Some(column) = tables.model.table(at).column_named(&step.value) else { return };
        visit(at, column);
        let Some(relation) = tables.model.table(at).columns[column].relation else { return };
        visit(relation.table, relation.column);
        if let Some(moment) = relation.at {
            visit(at, moment);
        }
        if let Some(valid) = tables.model.table(relation.table).valid {
            visit(relation.table, valid.from);
            visit(relation.table, valid.until);
        }
        at = relation.table;
    }
}

/// Outside aggregates names are the derived table's own; inside, the base's.
fn outside(
    tables: &Tables<'_>,
    table: TableId,
    base: Option<TableId>,
    expr: &Expr,
    visit: &mut impl FnMut(TableId, usize),
) {
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Literal(_) => {}
            ExprKind::Path(path) => walk(tables, table, &path.segments, visit),
            ExprKind::Call { name, .. } if aggregate::is_aggregate(&name.value) => {
                let Some(base) = base else { continue };
                paths_in(tables, base, expr, visit);
                if let Some(axis) = tables.model.table(base).axis {
                    visit(base, axis);
                }
            }
            ExprKind::Call { args, .. } => open.extend(args.iter().flat_map(argument)),
            ExprKind::Not(x) | ExprKind::Negate(x) | ExprKind::IsEmpty { value: x, .. } => open.push(x),
            ExprKind::And(list) | ExprKind::Or(list) => open.extend(list),
            ExprKind::Compare(a, _, b) | ExprKind::Arithmetic(a, _, b) => open.extend([a.as_ref(), b.as_ref()]),
            ExprKind::In { value, list, .. } => {
                open.push(value);
                open.extend(list);
            }
            ExprKind::Between { value, low, high, .. } => open.extend([value.as_ref(), low.as_ref(), high.as_ref()]),
            ExprKind::Per { value, base, .. } => {
                open.push(value);
                open.extend(base.as_deref());
            }
        }
    }
}

pub(super) fn argument(arg: &ast::Arg) -> Vec<&Expr> {
    match arg {
        ast::Arg::Value { expr, of, filter, .. } => std::iter::once(expr).chain(of).chain(filter).collect(),
        ast::Arg::Where { filter: expr, .. } | ast::Arg::DueBy { expr, .. } | ast::Arg::Within { expr, .. } => {
            vec![expr]
        }
        // What it says of another table is looked at apart.
        ast::Arg::Pointing { .. } | ast::Arg::EmptyCounts { .. } | ast::Arg::Basis { .. } => Vec::new(),
    }
}

/// The `waarbij` of a derived table.
fn base_filter(tables: &mut Tables<'_>, table: TableId, sink: &mut Sink) {
    let (Some(base), Some(derived)) = (tables.bases[table.0], &tables.defs[table.0].def.derived) else { return };
    let Some(condition) = &derived.filter else { return };
    let mut log = Log::new(sink);
    let condition = Rows::new(tables.world(), Scope::Table(base), &mut log).condition(condition);
    if condition.ty == Type::Bool {
        tables.model.tables[table.0].origin = Origin::Derived { base, filter: Some(condition) };
    }
}

/// One column, all that it needs being known.
fn one(tables: &mut Tables<'_>, table: TableId, index: usize, sink: &mut Sink) {
    let entry = tables.defs[table.0];
    if entry.def.derived.as_ref().is_some_and(|d| index < d.keys.len() && tables.model.table(table).columns[index].key)
    {
        key(tables, table, index, sink);
        return;
    }
    let Some(def) = tables.column_def(table, index) else { return };
    if let (ast::ColumnKind::PerPart(values), Some(parts)) = (&def.kind, tables.parts[table.0].clone()) {
        united::column(tables, (table, index), def, (values, &parts), sink);
        return;
    }
    let ast::ColumnKind::Derived(expr) = &def.kind else { return };
    let mut log = Log::new(sink);
    let scope = if entry.def.derived.is_some() {
        Scope::Derived { table, base: tables.bases[table.0] }
    } else {
        Scope::Table(table)
    };
    let mut rows = Rows::new(tables.world(), scope, &mut log);
    rows.first_lifted = tables.model.table(table).columns.len();
    rows.counts = Some(Vec::new());
    let resolved = rows.expr(expr);
    let (first, mut lifted, mut counts) = (rows.first_lifted, rows.lifted, rows.counts.unwrap_or_default());
    if resolved.ty == Type::Unknown || log.broken {
        return;
    }
    let said_nullable = def.options.iter().any(|o| o.value == ColumnOption::Nullable);
    let said_personal = tables.model.table(table).columns[index].personal;
    if let (RowKind::Column(column), [(only, _)]) = (&resolved.kind, counts.as_slice())
        && *column == ColumnRef::own(*only)
    {
        let column = &mut tables.model.tables[table.0].columns[index];
        column.ty = Type::Integer;
        column.nullable = said_nullable;
        column.personal = said_personal;
        column.kind = counts.pop().map_or(ColumnKind::Computed(resolved), |(_, count)| ColumnKind::Counted(count));
        return;
    }
    if entry.def.derived.is_some() && is_single_aggregate(expr) {
        if let Some(found) = lifted.pop() {
            let (nullable, personal) = traits(tables, table, &found);
            let column = &mut tables.model.tables[table.0].columns[index];
            column.ty = found.ty;
            column.nullable = nullable || said_nullable;
            column.personal = personal || said_personal;
            column.kind = ColumnKind::Aggregated(found);
        }
        return;
    }
    let (mut lifted, mut counts) = (lifted.into_iter(), counts.into_iter().peekable());
    for index in first.. {
        if let Some((_, count)) = counts.next_if(|(at, _)| *at == index) {
            hidden_count(tables, table, count, expr.span);
        } else if let Some(found) = lifted.next() {
            hidden(tables, table, found);
        } else {
            break;
        }
    }
    let nullable = nullability::nullable(&tables.model, table, &resolved, &Facts::default());
    let personal = uses_personal(tables.world(), table, &resolved);
    let column = &mut tables.model.tables[table.0].columns[index];
    column.ty = resolved.ty;
    column.nullable = nullable || said_nullable;
    column.personal = personal || said_personal;
    column.kind = ColumnKind::Computed(resolved);
}

/// A key of a derived table: as the column of the base, and never empty.
fn key(tables: &mut Tables<'_>, table: TableId, index: usize, sink: &mut Sink) {
    let Some(base) = tables.bases[table.0] else { return };
    let name =
        Name::new(tables.model.table(table).columns[index].name.clone(), tables.model.table(table).columns[index].span);
    let mut log = Log::new(sink);
    let Some(found) = super::scope::column(tables.world(), base, std::slice::from_ref(&name), &mut log) else { return };
    let from = tables.model.table(base).columns[found.column].clone();
    let column = &mut tables.model.tables[table.0].columns[index];
    column.ty = from.ty;
    column.personal = from.personal;
    column.kind = ColumnKind::Key(found.column);
}

/// A column for an aggregate inside an expression.
fn hidden(tables: &mut Tables<'_>, table: TableId, found: Aggregate) {
    let (nullable, personal) = traits(tables, table, &found);
    let (ty, span) = (found.ty, found.span);
    let column = Column { ty, nullable, personal, ..nameless(tables, table, span) };
    tables.model.tables[table.0].columns.push(Column { kind: ColumnKind::Aggregated(found), ..column });
}

/// A column for a count of rows that point here, inside an expression.
fn hidden_count(tables: &mut Tables<'_>, table: TableId, count: Count, span: Span) {
    let column = Column { ty: Type::Integer, kind: ColumnKind::Counted(count), ..nameless(tables, table, span) };
    tables.model.tables[table.0].columns.push(column);
}

/// A column that no author can name.
fn nameless(tables: &Tables<'_>, table: TableId, span: Span) -> Column {
    let number = tables.model.table(table).columns.iter().filter(|c| c.name.starts_with('#')).count() + 1;
    empty_column(&Name::new(format!("#{number}"), span), false)
}

/// Whether the value of an aggregate over the rows of a key can be empty, and whether it is personal data.
fn traits(tables: &Tables<'_>, table: TableId, found: &Aggregate) -> (bool, bool) {
    let Some(base) = tables.bases[table.0] else { return (true, false) };
    of_group(tables.world(), base, &nullability::base_population(&tables.model, table), found)
}

/// The same over rows of `base` of which `facts` are known.
pub(super) fn of_group(world: World<'_>, base: TableId, facts: &Facts, found: &Aggregate) -> (bool, bool) {
    let personal = !matches!(found.func, AggFunc::Count | AggFunc::CountDistinct | AggFunc::Percentage)
        && found.arg.as_ref().is_some_and(|arg| uses_personal(world, base, arg));
    if matches!(found.func, AggFunc::Count | AggFunc::CountDistinct | AggFunc::Sum) {
        return (false, personal);
    }
    let empty = |expr: &RowExpr| nullability::nullable(world.model, base, expr, facts);
    let skips = found.func != AggFunc::Percentage || !matches!(found.empty, Some(EmptyRule::No | EmptyRule::Yes));
    let leaves = |expr: &RowExpr| {
        let mut judged_later = false;
        expr.walk(&mut |part| judged_later |= matches!(part.kind, RowKind::Timely { .. }));
        judged_later
    };
    let none = found.filter.is_some()
        || found.arg.as_ref().is_some_and(|arg| skips && empty(arg) || leaves(arg))
        || found.on.as_ref().is_some_and(|on| {
            let ty = world.model.column(base, on).ty;
            empty(&RowExpr { kind: RowKind::Column(ColumnRef { ..on.clone() }), ty, span: found.span })
        });
    (none, personal)
}
