//! Tables of which the rows are valid for a time, and relations that say at which moment they look. Knows no data: whether
//! two rows of a key are valid at once is found when they are read.

use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::table::{Relation, ValidRows};
use crate::model::{ColumnKind, Table, TableId, Type, text};
use crate::source::Span;
use crate::syntax::ast::{self, Name, RelationDef, TableDef};

use super::scope::{World, listed, suggested};
use super::table::Tables;

/// The columns of `geldig begin tot eind`; nothing where they are no two columns (reported).
pub(super) fn rows(def: &TableDef, table: &Table, valid: &ast::ValidRows, sink: &mut Sink) -> Option<ValidRows> {
    let from = own_column(table, &valid.from, def.incomplete, sink);
    let until = own_column(table, &valid.until, def.incomplete, sink);
    let (from, until) = (from?, until?);
    if from == until {
        sink.push(
            Diagnostic::error("ML148", "het begin en het eind van de geldigheid zijn dezelfde kolom")
                .at(valid.span)
                .help("schrijf `geldig begin tot eind` met twee kolommen van deze tabel"),
        );
        return None;
    }
    Some(ValidRows { from, until, inclusive: valid.inclusive, span: valid.span })
}

/// A column of this table; unless some of them are unknown anyway, its absence is reported.
fn own_column(table: &Table, name: &Name, incomplete: bool, sink: &mut Sink) -> Option<usize> {
    let found = table.column_named(&name.value);
    if found.is_none() && !incomplete {
        let message = format!("`{}` heeft geen kolom `{}`", table.full_name(), name.value);
        let diagnostic = Diagnostic::error("ML101", message).at(name.span);
        let known = table.columns.iter().map(|c| c.name.as_str());
        sink.push(match suggest::nearest(&name.value, known.clone()) {
            Some(near) => suggested(diagnostic, name.span, near),
            None => diagnostic.help(format!("de kolommen zijn {}", listed(known))),
        });
    }
    found
}

/// The relation with its moment: asked for where the rows of the target are valid for a time, and only there.
pub(super) fn relation(
    tables: &Tables<'_>,
    id: TableId,
    found: Relation,
    written: &RelationDef,
    sink: &mut Sink,
) -> Option<Relation> {
    let target = tables.model.table(found.table);
    match (&written.at, target.valid) {
        (None, None) => Some(found),
        (None, Some(valid)) => {
            sink.push(without_moment(tables.model.table(id), target, valid.span, written));
            None
        }
        (Some(at), None) => {
            if tables.defs[found.table.0].def.valid.is_none() && !tables.incomplete[found.table.0] {
                sink.push(without_validity(target, written.to.span, at.span));
            }
            None
        }
        (Some(at), Some(_)) => {
            let [name] = at.segments.as_slice() else {
                sink.push(
                    Diagnostic::error("ML149", "het moment van een verwijzing is een kolom van haar eigen tabel")
                        .at(at.span)
                        .help(format!(
                            "geef de tabel een kolom `moment = {}`, en schrijf `geldig op moment`",
                            at.text()
                        )),
                );
                return None;
            };
            let at = own_column(tables.model.table(id), name, tables.defs[id.0].def.incomplete, sink)?;
            Some(Relation { at: Some(at), ..found })
        }
    }
}

fn without_moment(here: &Table, target: &Table, valid: Span, written: &RelationDef) -> Diagnostic {
    let message = format!("welke rij van `{}` hier hoort, hangt af van het moment", target.full_name());
    let diagnostic = Diagnostic::error("ML149", message).at(written.to.span).also(valid, "haar rijen gelden een tijd");
    match here.axis.and_then(|axis| here.columns.get(axis)) {
        Some(axis) => {
            let name = text::name(&axis.name);
            diagnostic
                .help(format!("schrijf erachter op welk moment: `geldig op {name}`"))
                .replace(written.to.span.after(), format!(" geldig op {name}"))
        }
        None => diagnostic.help("schrijf erachter op welk moment: `geldig op` met een kolom van deze tabel"),
    }
}

fn without_validity(target: &Table, to: Span, at: Span) -> Diagnostic {
    let message = format!("`{}` zegt niet wanneer haar rijen geldig zijn", target.full_name());
    Diagnostic::error("ML149", message)
        .at(at)
        .also(target.span, "deze tabel")
        .help("heeft elke rij een begin en een eind, schrijf dan in die tabel een regel `geldig begin tot eind`")
        .help("is er per sleutel één rij, laat dan `geldig op …` weg")
        .replace(to.after().to(at), "")
}

/// The moment of a relation is a day or a moment.
pub(super) fn moment_type(tables: &Tables<'_>, id: TableId, index: usize, written: &RelationDef, sink: &mut Sink) {
    let table = tables.model.table(id);
    let at = table.columns.get(index).and_then(|c| c.relation?.at);
    if let (Some(column), Some(path)) = (at.and_then(|at| table.columns.get(at)), &written.at) {
        moment(&column.name, column.ty, path.span, sink);
    }
}

/// Begin and end of a validity are days or moments.
pub(super) fn row_types(tables: &Tables<'_>, id: TableId, sink: &mut Sink) {
    let table = tables.model.table(id);
    let (Some(valid), Some(def)) = (table.valid, &tables.defs[id.0].def.valid) else { return };
    for (index, name) in [(valid.from, &def.from), (valid.until, &def.until)] {
        if let Some(column) = table.columns.get(index) {
            moment(&column.name, column.ty, name.span, sink);
        }
    }
}

fn moment(name: &str, ty: Type, place: Span, sink: &mut Sink) {
    if !matches!(ty, Type::Date | Type::Moment | Type::Unknown) {
        let message = format!("`{name}` is {} en geen moment in de tijd", ty.phrase());
        sink.push(
            Diagnostic::error("ML267", message)
                .at(place)
                .help("waar iets op of vanaf geldt, is een kolom van het type `datum` of `tijdstip`"),
        );
    }
}

/// Why a key of a derived table leads nowhere although the column of its base does: that relation looks at a moment, and
/// the rows of a key have one each.
pub(super) fn lost(world: World<'_>, table: TableId, step: &Name) -> Option<Diagnostic> {
    let here = world.model.table(table);
    let crate::model::table::Origin::Derived { base, .. } = &here.origin else { return None };
    let ColumnKind::Key(column) = here.columns.get(here.column_named(&step.value)?)?.kind else { return None };
    world.model.table(*base).columns.get(column)?.relation?.at?;
    let base = world.model.table(*base).full_name();
    Some(
        Diagnostic::error("ML149", format!("de rijen van één `{}` kijken elk op hun eigen moment", step.value))
            .at(step.span)
            .help(format!(
                "neem in `{}` over wat er in `{base}` bij de rijen staat, bijvoorbeeld `x = laatste({}.x)`",
                here.full_name(),
                step.value
            )),
    )
}
