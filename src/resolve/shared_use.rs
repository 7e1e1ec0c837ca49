//! A shared dimension in the `dimensies` of a KPI: found by its name in each source that it is bound to, aligned over all
//! of them. An unbound column of the same name is another thing, and refused: it would stand under the same heading with
//! other spellings.

use crate::diagnostic::Diagnostic;
use crate::model::dimension::GROUP_LEVEL;
use crate::model::{ColumnRef, Dimension, Kpi, Level, Model, RowExpr, RowKind, SharedId, TableId, Type};
use crate::source::Span;
use crate::syntax::ast::{DimensionDef, Expr, ExprKind, Name, Path};

use super::scope::{Log, Use, World, qualifier, strip, try_column};
use super::{echo, shared};

/// A shared dimension that a path names, and what gives the spelling in each source use.
pub(super) struct Shared {
    id: SharedId,
    level: Level,
    /// Per source use.
    bound: Vec<Bound>,
}

enum Bound {
    /// The source has nothing of that name.
    Absent,
    /// What gives the spelling.
    Spelling(RowExpr),
    /// It has a column of that name, which is not bound to the dimension. The table that has it.
    Column(TableId),
    /// Bound, in a way that cannot be followed through a relation.
    TooFar(Span),
}

/// `kanaal`, `kanaal.groep`
pub(super) fn name_of(model: &Model, id: SharedId, level: Level) -> String {
    let name = &model.dimension(id).name;
    match level {
        Level::Member => name.clone(),
        Level::Group => format!("{name}.{GROUP_LEVEL}"),
    }
}

/// The shared dimension that an expression names; nothing where it names none, or where no source is bound to it and one
/// has a column of that name.
pub(super) fn find(world: World<'_>, uses: &[Use], expr: &Expr) -> Option<Shared> {
    let ExprKind::Path(path) = &expr.kind else { return None };
    if uses.is_empty() {
        let (id, level, before) = shared::named(world.model, &path.segments)?;
        return before.is_empty().then(|| Shared { id, level, bound: Vec::new() });
    }
    let picked = qualifier(world, uses, path).filter(|_| uses.len() > 1);
    let mut found: Option<(SharedId, Level)> = None;
    let mut bound = Vec::new();
    for (index, used) in uses.iter().enumerate() {
        let segments = strip(world, uses, index, path).unwrap_or(&path.segments);
        let here = used.table.filter(|_| picked.is_none_or(|picked| picked == index));
        let named = shared::named(world.model, segments);
        let (Some(table), Some((id, level, before))) = (here, named) else {
            bound.push(Bound::Absent);
            continue;
        };
        found = Some((id, level));
        bound.push(at(world.model, table, id, before, segments));
    }
    let (id, level) = found?;
    let anywhere = bound.iter().any(|b| matches!(b, Bound::Spelling(_) | Bound::TooFar(_)));
    let column = bound.iter().any(|b| matches!(b, Bound::Column(_)));
    (anywhere || !column).then_some(Shared { id, level, bound })
}

/// What gives the spelling in the rows of a table, `before` being relations from it.
fn at(model: &Model, table: TableId, id: SharedId, before: &[Name], segments: &[Name]) -> Bound {
    let mut via = Vec::new();
    let mut target = table;
    if !before.is_empty() {
        let relation = try_column(model, table, before)
            .and_then(|column| Some((model.column(table, &column).relation?.table, column)));
        let Some((to, column)) = relation else { return Bound::Absent };
        via = column.via;
        via.push(column.column);
        target = to;
    }
    let Some(binding) = model.dimension(id).binding(target) else {
        return match try_column(model, table, segments) {
            Some(_) => Bound::Column(target),
            None => Bound::Absent,
        };
    };
    match &binding.expr.kind {
        _ if via.is_empty() => Bound::Spelling(binding.expr.clone()),
        RowKind::Column(own) => {
            via.extend(&own.via);
            let kind = RowKind::Column(ColumnRef { via, column: own.column });
            Bound::Spelling(RowExpr { kind, ..binding.expr.clone() })
        }
        _ => Bound::TooFar(binding.span),
    }
}

impl Shared {
    /// What the dimension is called where no other name is given.
    pub fn name(&self, model: &Model) -> String {
        name_of(model, self.id, self.level)
    }

    /// The dimension of a KPI.
    pub fn resolve(
        self,
        world: World<'_>,
        uses: &[Use],
        def: &DimensionDef,
        name: &str,
        log: &mut Log<'_>,
    ) -> Option<Dimension> {
        let dimension = world.model.dimension(self.id);
        if uses.iter().any(|u| u.table.is_none()) {
            log.poison();
            return None;
        }
        let mut exprs = Vec::new();
        for bound in &self.bound {
            match bound {
                Bound::Absent => exprs.push(None),
                Bound::Spelling(expr) => exprs.push(Some(member(self.id, self.level, expr, def.span))),
                Bound::Column(_) if dimension.incomplete => {
                    log.poison();
                    return None;
                }
                Bound::Column(table) => {
                    log.error(unbound_column(world.model, *table, &dimension.name, def, dimension.span));
                    return None;
                }
                Bound::TooFar(place) => {
                    log.error(
                        Diagnostic::error("ML138", format!("`{}` is zo niet te bereiken", echo::text(&def.expr)))
                            .at(def.expr.span)
                            .also(*place, "een verbinding met een berekening of met één lid")
                            .help("via een verwijzing kan alleen een kolom: geef die tabel een berekende kolom, en verbind die"),
                    );
                    return None;
                }
            }
        }
        if exprs.iter().all(Option::is_none) {
            if dimension.incomplete {
                log.poison();
            } else {
                log.error(not_bound(world.model, uses, def, &dimension.name, dimension.span));
            }
            return None;
        }
        if self.level == Level::Group && dimension.groups.is_empty() && !dimension.incomplete {
            log.error(
                Diagnostic::error("ML138", format!("dimensie `{}` heeft geen groepen", dimension.name))
                    .at(def.expr.span)
                    .also(dimension.span, "de dimensie")
                    .help("zet er een in: `groep naam = lid, lid`"),
            );
            return None;
        }
        let shared = Some((self.id, self.level));
        Some(Dimension { name: name.to_owned(), ty: Type::Text, exprs, shared, span: def.span })
    }
}

/// The member that a spelling is. Of a source with one member it is that one, once and for all.
fn member(id: SharedId, level: Level, spelling: &RowExpr, span: Span) -> RowExpr {
    let kind = RowKind::Member(id, level, Box::new(spelling.clone()));
    RowExpr { kind, ty: Type::Text, span }
}

fn unbound_column(model: &Model, table: TableId, name: &str, def: &DimensionDef, place: Span) -> Diagnostic {
    let table = model.table(table).full_name();
    let written = crate::model::text::name(name);
    Diagnostic::error("ML138", format!("kolom `{name}` van {table} hoort niet bij dimensie `{name}`"))
        .at(def.expr.span)
        .also(place, "de dimensie")
        .help(format!("verbind haar: zet bij de dimensie `in {table} = {written}`"))
        .help(format!("of geef haar hier een eigen naam: `{} als …`", echo::text(&def.expr)))
}

fn not_bound(model: &Model, uses: &[Use], def: &DimensionDef, name: &str, place: Span) -> Diagnostic {
    let tables: Vec<String> = uses.iter().filter_map(|u| Some(model.table(u.table?).full_name())).collect();
    let first = tables.first().map_or("bron.tabel", String::as_str);
    Diagnostic::error("ML138", format!("dimensie `{name}` is niet verbonden met {}", tables.join(" of ")))
        .at(def.expr.span)
        .also(place, "de dimensie")
        .help(format!(
            "zet bij de dimensie `in {first} = kolom`, of `in {first} = \"lid\"` als alle rijen bij één lid horen"
        ))
}

/// A dimension of a KPI's own may not have the name of a shared one.
pub(super) fn is_free(world: World<'_>, uses: &[Use], def: &DimensionDef, name: &str, log: &mut Log<'_>) -> bool {
    let Some(found) = world.model.dimensions.iter().find(|d| d.name == name) else { return true };
    if found.incomplete {
        log.poison();
        return false;
    }
    let column = matches!(&def.expr.kind, ExprKind::Path(Path { .. })) && def.name.is_none();
    let table = uses.iter().find_map(|u| u.table);
    log.error(match table {
        Some(table) if column => unbound_column(world.model, table, name, def, found.span),
        _ => Diagnostic::error("ML138", format!("`{name}` is hier iets anders dan dimensie `{name}`"))
            .at(def.name.as_ref().map_or(def.span, |n| n.span))
            .also(found.span, "de dimensie")
            .help("geef haar hier een andere naam"),
    });
    false
}

/// The coarser level comes along: who has `kanaal` can ask for `kanaal.groep`.
pub(super) fn add_groups(world: World<'_>, dimensions: &mut Vec<Dimension>, parts: &[&Kpi]) {
    let coarser: Vec<Dimension> = dimensions
        .iter()
        .filter_map(|fine| {
            let (id, Level::Member) = fine.shared? else { return None };
            let shared = Some((id, Level::Group));
            let name = format!("{}.{GROUP_LEVEL}", fine.name);
            let known = world.model.dimension(id).groups.is_empty() || dimensions.iter().any(|d| d.name == name);
            let lacking = parts.iter().any(|k| !k.dimensions.iter().any(|d| d.name == name && d.shared == shared));
            if known || lacking {
                return None;
            }
            let up = |expr: &RowExpr| match &expr.kind {
                RowKind::Member(id, _, spelling) => member(*id, Level::Group, spelling, expr.span),
                _ => expr.clone(),
            };
            let exprs = fine.exprs.iter().map(|e| e.as_ref().map(up)).collect();
            Some(Dimension { name, ty: Type::Text, exprs, shared, span: fine.span })
        })
        .collect();
    for dimension in coarser {
        // Behind its finer one.
        let fine = dimension.name.trim_end_matches(&format!(".{GROUP_LEVEL}")).to_owned();
        let place = dimensions.iter().position(|d| d.name == fine).map_or(dimensions.len(), |at| at + 1);
        dimensions.insert(place, dimension);
    }
}
