//! Tables that unite others: how many there are, what a column is in the rows of each part, and what a united column takes
//! over from its parts.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::nullability::{self, Facts};
use crate::model::table::{PART, Relation};
use crate::model::{Column, ColumnKind, Model, RowExpr, RowKind, TableId, Type, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, ColumnDef, Expr, ExprKind, Literal, Name, PartValue, TableDef, UnitedFrom};

use super::column::paths_in;
use super::expr::{Rows, as_type, unified};
use super::function::uses_personal;
use super::scope::{Log, Scope};
use super::table::{Tables, empty_column, value_list};
use super::{compare, constant};

/// Reports a table that unites less than two others.
pub(super) fn too_few(def: &TableDef, sink: &mut Sink) -> bool {
    let Some(UnitedFrom { parts, span }) = &def.united else { return false };
    let [only] = parts.as_slice() else { return parts.is_empty() };
    let message = format!("tabel `{}` verenigt maar één tabel", def.name.value);
    sink.push(
        Diagnostic::error("ML258", message)
            .at(*span)
            .help(format!("noem er nog een: `verenigt {}, bron.tabel`", only.text()))
            .help(format!("is `{}` genoeg, gebruik die tabel dan zelf", only.text())),
    );
    true
}

/// A column that is read from a source, where there is none.
pub(super) fn stored(united: &UnitedFrom, def: &ColumnDef) -> Diagnostic {
    let name = &def.name.value;
    let each = vec![name.as_str(); united.parts.len()].join(", ");
    Diagnostic::error("ML121", format!("`{name}` staat in een tabel die andere verenigt, en komt uit geen bron"))
        .at(def.span)
        .help(format!("zeg wat de kolom in elke tabel is: `{name} = {each}`, met `leeg` waar zij er niet is"))
}

/// Reports a column that has not one expression for each part.
pub(super) fn number(table: &TableDef, def: &ColumnDef, values: &[PartValue], sink: &mut Sink) {
    let (name, given) = (&def.name.value, values.len());
    let place = values.first().zip(values.last()).map_or(def.span, |(first, last)| first.span.to(last.span));
    let Some(united) = &table.united else {
        if table.incomplete {
            return;
        }
        let message = format!("`{name}` heeft {given} uitdrukkingen, en één kolom heeft er één");
        sink.push(
            Diagnostic::error("ML259", message)
                .at(place)
                .help("alleen in een tabel die andere `verenigt` heeft een kolom er een voor elke tabel"),
        );
        return;
    };
    let parts = united.parts.len();
    if given == parts || parts < 2 {
        return;
    }
    let names: Vec<String> = united.parts.iter().map(|part| format!("`{}`", part.text())).collect();
    let message = format!("`{name}` heeft {given} uitdrukkingen, en de tabel verenigt er {parts}");
    sink.push(
        Diagnostic::error("ML259", message)
            .at(place)
            .also(united.span, "deze tabellen")
            .help(format!(
                "schrijf er een voor {}, in die volgorde; `leeg` waar een tabel haar niet heeft",
                and(&names)
            ))
            .help(format!("geldt één uitdrukking voor alle rijen, schrijf die dan alleen: `{name} = …`")),
    );
}

fn and(names: &[String]) -> String {
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} en {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// The column that tells the parts apart.
pub(super) fn part_column(parts: usize, span: Span) -> Column {
    let numbers = (1_i64..).take(parts);
    let constant = |n| RowExpr { kind: RowKind::Constant(Value::Int(n)), ty: Type::Integer, span };
    let kind = ColumnKind::United(numbers.map(constant).collect());
    Column { ty: Type::Integer, kind, ..empty_column(&Name::new(PART.to_owned(), span), false) }
}

/// The relation that all parts of a column share: of columns that are passed on as they are.
pub(super) fn relation(model: &Model, parts: &[TableId], def: &ColumnDef) -> Option<Relation> {
    let ast::ColumnKind::PerPart(values) = &def.kind else { return None };
    let mut shared = None;
    for (value, &part) in values.iter().zip(parts) {
        let Some(expr) = &value.expr else { continue };
        let ExprKind::Path(path) = &expr.kind else { return None };
        let [only] = path.segments.as_slice() else { return None };
        let table = model.table(part);
        let own = table.columns.get(table.column_named(&only.value)?)?.relation?;
        // A relation that looks at a moment has it in a column of the part.
        if own.at.is_some() {
            return None;
        }
        if shared.is_some_and(|known| known != own) {
            return None;
        }
        shared = Some(own);
    }
    shared
}

/// Visits the columns that a column of a united table needs: those in its own expressions, and those that decide which
/// rows the parts have.
pub(super) fn needed(
    tables: &Tables<'_>,
    parts: &[TableId],
    def: Option<&ColumnDef>,
    visit: &mut impl FnMut(TableId, usize),
) {
    for &part in parts {
        rows(tables, part, visit);
    }
    let Some(ast::ColumnKind::PerPart(values)) = def.map(|def| &def.kind) else { return };
    for (value, &part) in values.iter().zip(parts) {
        if let Some(expr) = &value.expr {
            paths_in(tables, part, expr, visit);
        }
    }
}

/// Visits a column of a table that needs whatever decides which rows the table has.
pub(super) fn rows(tables: &Tables<'_>, table: TableId, visit: &mut impl FnMut(TableId, usize)) {
    let this = tables.model.table(table);
    let place = if tables.bases[table.0].is_some() { this.key.first().copied() } else { this.column_named(PART) };
    if let Some(place) = place {
        visit(table, place);
    }
}

/// A column with an expression for each part, all that these use being known.
pub(super) fn column(
    tables: &mut Tables<'_>,
    (table, index): (TableId, usize),
    def: &ColumnDef,
    (values, parts): (&[PartValue], &[TableId]),
    sink: &mut Sink,
) {
    if values.len() != parts.len() {
        return;
    }
    let mut log = Log::new(sink);
    let Some((found, list)) = expressions(tables, values, parts, &mut log) else { return };
    let Some(ty) = common(tables, def, &found, parts, &mut log) else { return };
    if log.broken {
        return;
    }
    let empty = |value: &PartValue| RowExpr { kind: RowKind::Constant(Value::Empty), ty, span: value.span };
    let found: Vec<RowExpr> =
        found.into_iter().zip(values).map(|(x, value)| x.map_or_else(|| empty(value), |x| as_type(x, ty))).collect();
    let each = || found.iter().zip(parts);
    let facts = Facts::default();
    let can_be_empty: Vec<bool> =
        each().map(|(x, &part)| nullability::nullable(&tables.model, part, x, &facts)).collect();
    let personal = each().any(|(x, &part)| uses_personal(tables.world(), part, x));
    for (x, &part) in each() {
        if judged_later(&tables.model, part, x, &mut BTreeSet::new()) {
            log.error(later(def, x));
            return;
        }
    }
    let known = each().map(|(x, &part)| values_of(&tables.model, part, x)).collect::<Option<Vec<_>>>();
    let column = &mut tables.model.tables[table.0].columns[index];
    if let (true, Some(at)) = (column.key, can_be_empty.iter().position(|empty| *empty)) {
        let whole = tables.model.table(parts[at]).full_name();
        let message = format!("`{}` is een sleutel, en kan in `{whole}` leeg zijn", def.name.value);
        log.error(
            Diagnostic::error("ML121", message).at(values[at].span).help("laat `sleutel` weg, of vul haar altijd"),
        );
        return;
    }
    column.ty = ty;
    column.nullable |= can_be_empty.contains(&true);
    column.personal |= personal;
    column.values = known.map(distinct).filter(|values| !values.is_empty());
    column.kind = ColumnKind::United(found);
    if let Some(list) = list {
        let values = value_list(tables, table, index, &list, sink);
        tables.model.tables[table.0].columns[index].values = values;
    }
}

type Found = (Vec<Option<RowExpr>>, Option<Vec<Spanned<Literal>>>);

/// The expressions, and the value list behind them. `x in (…)` as the last of several is a condition where the others are
/// conditions, otherwise `x` with the values that may occur.
fn expressions(tables: &Tables<'_>, values: &[PartValue], parts: &[TableId], log: &mut Log<'_>) -> Option<Found> {
    let mut found: Vec<Option<RowExpr>> = Vec::new();
    let mut list = None;
    for (at, (value, &part)) in values.iter().zip(parts).enumerate() {
        let mut expr = value.expr.as_ref();
        let other = found.iter().flatten().any(|x| !matches!(x.ty, Type::Bool | Type::Unknown));
        if let (true, true, Some((bare, literals))) = (at + 1 == values.len(), other, expr.and_then(listed)) {
            expr = Some(bare);
            list = Some(literals);
        }
        found.push(expr.map(|x| Rows::new(tables.world(), Scope::Table(part), log).expr(x)));
    }
    (!log.broken).then_some((found, list))
}

/// `x in ("a", "b")`, apart.
fn listed(expr: &Expr) -> Option<(&Expr, Vec<Spanned<Literal>>)> {
    let ExprKind::In { value, negated: false, list } = &expr.kind else { return None };
    let literal = |item: &Expr| match &item.kind {
        ExprKind::Literal(literal) => Some(Spanned::new(literal.clone(), item.span)),
        _ => None,
    };
    Some((value, list.iter().map(literal).collect::<Option<_>>()?))
}

/// The type that all parts agree on.
fn common(
    tables: &Tables<'_>,
    def: &ColumnDef,
    found: &[Option<RowExpr>],
    parts: &[TableId],
    log: &mut Log<'_>,
) -> Option<Type> {
    let mut ty = Type::Unknown;
    let mut first: Option<(&RowExpr, TableId)> = None;
    for (x, &part) in found.iter().zip(parts).filter_map(|(x, part)| Some((x.as_ref()?, part))) {
        if x.ty == Type::Unknown {
            log.poison();
            return None;
        }
        let Some(both) = unified(ty, x.ty) else {
            let (known, of) = first?;
            log.error(unlike(tables, def, (known, of), (x, part)));
            return None;
        };
        ty = both;
        first = first.or(Some((x, part)));
    }
    if first.is_none() {
        let message = format!("`{}` is in elke tabel leeg, en heeft dus geen soort", def.name.value);
        log.error(Diagnostic::error("ML261", message).at(def.span).help("laat de kolom weg"));
        return None;
    }
    Some(ty)
}

fn unlike(tables: &Tables<'_>, def: &ColumnDef, a: (&RowExpr, TableId), b: (&RowExpr, TableId)) -> Diagnostic {
    let name = |id: TableId| tables.model.table(id).full_name();
    let ((x, of), (y, in_other)) = (a, b);
    let message = format!(
        "`{}` is in `{}` {} en in `{}` {}",
        def.name.value,
        name(of),
        x.ty.phrase(),
        name(in_other),
        y.ty.phrase()
    );
    let diagnostic = Diagnostic::error("ML260", message).at(y.span).label(y.ty.word()).also(x.span, x.ty.word());
    let written = match &def.kind {
        ast::ColumnKind::PerPart(values) => values.iter().filter_map(|v| v.expr.as_ref()).find(|e| e.span == y.span),
        _ => None,
    };
    let fixed = written.and_then(compare::bare_number).and_then(|n| constant::with_unit(&n, x.ty));
    match (fixed, x.ty, y.ty) {
        (Some(fixed), ..) => diagnostic.help(format!("schrijf `{fixed}`")).replace(y.span, fixed),
        (None, Type::Date, Type::Moment) | (None, Type::Moment, Type::Date) => {
            diagnostic.help("maak van het tijdstip een datum: `datum(…)`")
        }
        _ => diagnostic.help("één kolom bevat waarden van één soort: reken ze om, of maak er twee kolommen van"),
    }
}

/// Whether an expression holds a `tijdig`, in the computed columns that it uses as well.
fn judged_later(model: &Model, table: TableId, expr: &RowExpr, seen: &mut BTreeSet<(TableId, usize)>) -> bool {
    let mut found = false;
    let mut inner = Vec::new();
    expr.walk(&mut |part| match &part.kind {
        RowKind::Timely { .. } => found = true,
        RowKind::Column(column) => inner.push((model.target(table, &column.via), column.column)),
        _ => {}
    });
    found
        || inner.into_iter().any(|(table, column)| {
            seen.insert((table, column))
                && matches!(&model.table(table).columns[column].kind,
                    ColumnKind::Computed(expr) if judged_later(model, table, expr, seen))
        })
}

fn later(def: &ColumnDef, expr: &RowExpr) -> Diagnostic {
    let message =
        format!("`{}` hangt af van `tijdig(…)`, en dat oordeel kan niet per tabel worden doorgegeven", def.name.value);
    Diagnostic::error("ML262", message)
        .at(expr.span)
        .help("een rij die nog niet te beoordelen is, is niet hetzelfde als een lege waarde")
        .help("neem de momenten over en oordeel in deze tabel: `op_tijd = tijdig(gereed, uiterlijk termijn)`")
}

/// The texts that an expression can be, where that is known.
fn values_of(model: &Model, table: TableId, expr: &RowExpr) -> Option<Vec<Value>> {
    match &expr.kind {
        RowKind::Constant(Value::Empty) => Some(Vec::new()),
        RowKind::Constant(value @ Value::Text(_)) => Some(vec![value.clone()]),
        RowKind::Column(column) if expr.ty == Type::Text => model.column(table, column).values.clone(),
        _ => None,
    }
}

fn distinct(lists: Vec<Vec<Value>>) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for value in lists.into_iter().flatten() {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}
