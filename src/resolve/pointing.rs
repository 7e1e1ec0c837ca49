//! `aantal(contact via zaak waarbij …)`: how many rows of another table point at this one. It belongs in a column of the
//! table that is pointed at.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::table::Relation;
use crate::model::{ColumnRef, Count, Model, RowExpr, RowKind, TableId, Type, text};
use crate::source::Span;
use crate::syntax::ast::{self, Arg, Expr, ExprKind, Name, Path};

use super::column::{argument, paths_in, walk};
use super::expr::Rows;
use super::names::Names;
use super::scope::{Scope, World, column};
use super::table::{Tables, find_table};
use super::{echo, united};

/// What is counted: a table, its relation, and which of its rows.
type Pointing<'e> = (&'e Path, &'e Path, Option<&'e Expr>);

/// Every such count in an expression, from left to right; not those inside another.
fn all<'e>(expr: &'e Expr, found: &mut Vec<Pointing<'e>>) {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Path(_) => {}
        ExprKind::Not(x) | ExprKind::Negate(x) | ExprKind::IsEmpty { value: x, .. } => all(x, found),
        ExprKind::And(list) | ExprKind::Or(list) => list.iter().for_each(|x| all(x, found)),
        ExprKind::Compare(a, _, b) | ExprKind::Arithmetic(a, _, b) => [a, b].into_iter().for_each(|x| all(x, found)),
        ExprKind::In { value, list, .. } => std::iter::once(&**value).chain(list).for_each(|x| all(x, found)),
        ExprKind::Between { value, low, high, .. } => [value, low, high].into_iter().for_each(|x| all(x, found)),
        ExprKind::Call { args, .. } => {
            for arg in args {
                if let Arg::Pointing { table, via, filter, .. } = arg {
                    found.push((table, via, filter.as_ref()));
                }
                for part in argument(arg) {
                    all(part, found);
                }
            }
        }
        ExprKind::Per { value, base, .. } => std::iter::once(value).chain(base).for_each(|x| all(x, found)),
    }
}

/// Reports counted tables that do not exist, in the columns of all tables.
pub(super) fn known(tables: &Tables<'_>, names: &Names<'_>, sink: &mut Sink) {
    for entry in &tables.defs {
        for def in &entry.def.columns {
            let ast::ColumnKind::Derived(expr) = &def.kind else { continue };
            let mut found = Vec::new();
            all(expr, &mut found);
            for (table, ..) in found {
                // Reports what it does not find.
                let _ = find_table(names, entry.source, table, sink);
            }
        }
    }
}

/// Visits the columns that the counts in a column's expression need.
pub(super) fn needed(tables: &Tables<'_>, table: TableId, expr: &Expr, visit: &mut impl FnMut(TableId, usize)) {
    let mut found = Vec::new();
    all(expr, &mut found);
    for (path, via, filter) in found {
        let this = tables.model.table(table);
        this.key.iter().for_each(|&key| visit(table, key));
        let Some(other) = table_at(&tables.model, &this.source, path) else { continue };
        united::rows(tables, other, visit);
        walk(tables, other, &via.segments, visit);
        if let Some(filter) = filter {
            paths_in(tables, other, filter, visit);
        }
    }
}

/// A table by its path, seen from a system.
fn table_at(model: &Model, here: &str, path: &Path) -> Option<TableId> {
    let (source, table) = match path.segments.as_slice() {
        [table] => (here, table.value.as_str()),
        [source, table] => (source.value.as_str(), table.value.as_str()),
        _ => return None,
    };
    model.tables.iter().find(|t| t.source == source && t.name == table).map(|t| t.id)
}

/// A count where none can stand.
pub(super) fn misplaced(name: &Name, arg: &Arg) -> Diagnostic {
    let (span, via) = match arg {
        Arg::Pointing { span, via, .. } => (*span, via.last().to_owned()),
        _ => (name.span, String::new()),
    };
    let written = match arg {
        Arg::Pointing { table, via, .. } => format!("aantal({} via {})", echo::path(table), echo::path(via)),
        _ => "aantal(… via …)".to_owned(),
    };
    if name.value != "aantal" {
        let message =
            format!("`{}(…)` kan niet over rijen die naar hier verwijzen: met `via` is er alleen `aantal`", name.value);
        return Diagnostic::error("ML264", message)
            .at(span)
            .help(format!("hoeveel het er zijn: `{written}`"))
            .help("iets anders over die rijen: maak een afgeleide tabel, `tabel naam uit tabel per kolom { … }`");
    }
    Diagnostic::error("ML264", format!("`{written}` telt bij elke rij, en kan alleen in een kolom van een tabel staan"))
        .at(span)
        .help(format!("zet in de tabel waar `{via}` naar verwijst: `aantallen = {written}`, en gebruik hier die kolom"))
}

impl Rows<'_, '_> {
    /// `aantal(contact via zaak waarbij …)`
    pub(super) fn pointing(&mut self, name: &Name, args: &[Arg], span: Span) -> RowExpr {
        let Some(arg) = args.iter().find(|arg| matches!(arg, Arg::Pointing { .. })) else { return self.nothing(span) };
        let here = match self.scope {
            Scope::Table(table) | Scope::Derived { table, .. } if self.counts.is_some() => table,
            _ => return self.error(misplaced(name, arg), span),
        };
        let ([Arg::Pointing { table, via, filter, .. }], "aantal") = (args, name.value.as_str()) else {
            return self.error(misplaced(name, arg), span);
        };
        let model = self.world.model;
        // Reported where it does not exist.
        let Some(other) = table_at(model, &model.table(here).source, table) else { return self.nothing(span) };
        let Some(found) = column(self.world, other, &via.segments, self.log) else { return self.nothing(span) };
        if let Err(diagnostic) = points_here(self.world, (other, &found), here, via) {
            return match diagnostic {
                Some(diagnostic) => self.error(*diagnostic, span),
                None => self.nothing(span),
            };
        }
        let filter = filter.as_ref().map(|f| Rows::new(self.world, Scope::Table(other), self.log).condition(f));
        if self.log.broken {
            return self.nothing(span);
        }
        let index = self.next_lifted();
        self.counts.get_or_insert_default().push((index, Count { table: other, via: found.column, filter }));
        RowExpr { kind: RowKind::Column(ColumnRef::own(index)), ty: Type::Integer, span }
    }
}

/// Whether a column of another table points at this one; none of a message where the mistake is reported.
fn points_here(
    world: World<'_>,
    (other, found): (TableId, &ColumnRef),
    here: TableId,
    via: &Path,
) -> Result<(), Option<Box<Diagnostic>>> {
    let model = world.model;
    let name = |id: TableId| model.table(id).full_name();
    let points = |r: &Relation| r.table == here;
    let own: Vec<&str> = model
        .table(other)
        .columns
        .iter()
        .filter(|c| c.relation.as_ref().is_some_and(points))
        .map(|c| c.name.as_str())
        .collect();
    let advised = |diagnostic: Diagnostic| match own.as_slice() {
        [only] => diagnostic.help(format!("bedoelde u `via {only}`?")).replace(via.span, text::name(only)),
        _ => diagnostic,
    };
    let column = model.column(other, found);
    if !found.via.is_empty() {
        let message = format!(
            "`{}` loopt over een andere tabel: tel langs een kolom van `{}` zelf",
            echo::path(via),
            name(other)
        );
        return Err(Some(Box::new(advised(Diagnostic::error("ML263", message).at(via.span)))));
    }
    let Some(relation) = column.relation else {
        if world.is_incomplete(other) || column.ty == Type::Unknown {
            return Err(None);
        }
        let diagnostic =
            Diagnostic::error("ML263", format!("`{}` verwijst niet naar `{}`", echo::path(via), name(here)))
                .at(via.span)
                .also(column.span, "zonder verwijzing");
        let this = model.table(here);
        return Err(Some(Box::new(match (own.is_empty(), this.key.as_slice()) {
            (true, [key]) => {
                diagnostic.help(format!("zet achter die kolom `-> {}.{}`", name(here), this.columns[*key].name))
            }
            (true, _) => diagnostic.help(format!(
                "alleen naar een tabel met één sleutelkolom kan worden verwezen: zet `sleutel` in `{}`",
                name(here)
            )),
            (false, _) => advised(diagnostic),
        })));
    };
    if relation.at.is_some() {
        let message = format!("`{}` wijst op elk moment een andere rij aan, en is dan niet te tellen", echo::path(via));
        return Err(Some(Box::new(Diagnostic::error("ML263", message).at(via.span).help(
            "tel langs een verwijzing zonder `geldig op`, of maak een afgeleide tabel met één rij per sleutel",
        ))));
    }
    if relation.table != here {
        let message =
            format!("`{}` verwijst naar `{}`, en niet naar `{}`", echo::path(via), name(relation.table), name(here));
        let diagnostic = Diagnostic::error("ML263", message).at(via.span).also(column.span, "hier staat waarheen");
        let diagnostic = if own.is_empty() {
            diagnostic.help(format!("zet deze kolom in `{}`", name(relation.table)))
        } else {
            advised(diagnostic)
        };
        return Err(Some(Box::new(diagnostic)));
    }
    Ok(())
}
