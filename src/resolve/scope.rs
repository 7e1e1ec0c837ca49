//! Which names an expression may use, and how a path becomes a column.

use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::{CalendarId, ColumnRef, Model, RowExpr, TableId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{GroupKeys, Name, Path};

use super::{echo, groups};

/// Where diagnostics go, with the knowledge whether what is being built is still whole. After an error, or after using
/// something that was already reported (poison), nothing may be built on it and nothing more be said about it.
pub(super) struct Log<'a> {
    pub sink: &'a mut Sink,
    pub broken: bool,
}

impl<'a> Log<'a> {
    pub fn new(sink: &'a mut Sink) -> Self {
        Self { sink, broken: false }
    }

    pub fn error(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        self.sink.push(diagnostic);
    }

    /// Whether a mistake inside this place has been told.
    pub fn told(&self, place: Span) -> bool {
        self.sink
            .any(|d| d.span.is_some_and(|s| s.source == place.source && place.start <= s.start && s.end <= place.end))
    }

    /// Something that has been reported elsewhere is used here.
    pub fn poison(&mut self) {
        self.broken = true;
    }
}

/// What all expressions may use: the tables with their columns so far, the parameters (in order of name), and which
/// tables are known to be incomplete, so that names missing in them are no news.
#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    pub model: &'a Model,
    pub incomplete: &'a [bool],
    /// The calendar where none is named; none where several are declared and nothing says which one.
    pub calendar: Option<CalendarId>,
}

impl World<'_> {
    pub fn is_incomplete(self, table: TableId) -> bool {
        self.incomplete.get(table.0).copied().unwrap_or(false)
    }
}

/// A source use of a KPI, as far as names go.
#[derive(Clone, Debug)]
pub(super) struct Use {
    /// The alias or the table's name.
    pub alias: String,
    /// None where the table is unknown (reported).
    pub table: Option<TableId>,
    /// What `herhaald` sees; none in the `bronsysteem` answer itself, which says what that is.
    pub seen: Option<Seen>,
}

/// The rows of a source use in order of time.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// None where the table has no meetmoment and the meetmethode names none.
    pub axis: Option<ColumnRef>,
    pub population: Option<RowExpr>,
    pub span: Span,
}

/// Which rows an expression speaks about.
#[derive(Clone, Copy)]
pub(super) enum Scope<'a> {
    /// None: constants and parameters only. The text says where that is, for messages: `een norm`.
    Constant(&'a str),
    /// The rows of a table, in its own declaration.
    Table(TableId),
    /// The columns of a derived table: own columns outside aggregates, those of its base inside.
    Derived { table: TableId, base: Option<TableId> },
    /// The rows of a source use of a KPI. With `qualified` a bare column name is an error.
    Use { uses: &'a [Use], index: usize, qualified: bool },
    /// The groups of a calculation in two levels: aggregates over the rows of one source use, no columns.
    Groups(Grouped<'a>),
}

/// The rows that a calculation in two levels groups.
#[derive(Clone, Copy)]
pub(super) struct Grouped<'a> {
    pub uses: &'a [Use],
    pub index: usize,
    /// The time axis of the source use, where known.
    pub axis: Option<&'a ColumnRef>,
    pub per: &'a GroupKeys,
}

impl<'a> Grouped<'a> {
    /// The rows themselves; that their source is known makes bare names clear.
    pub fn rows(self) -> Scope<'a> {
        Scope::Use { uses: self.uses, index: self.index, qualified: false }
    }
}

/// A path that has been looked up.
pub(super) enum Found {
    Column(ColumnRef),
    /// Index in the model's parameters.
    Parameter(usize),
    Peilmoment,
    /// Reported, now or before.
    Nothing,
}

impl Scope<'_> {
    /// The table of the rows.
    pub fn table(self) -> Option<TableId> {
        match self {
            Self::Table(table) | Self::Derived { table, .. } => Some(table),
            Self::Use { uses, index, .. } => uses.get(index).and_then(|u| u.table),
            Self::Constant(_) | Self::Groups(_) => None,
        }
    }
}

/// Looks a path up; what is wrong with it goes to the log.
pub(super) fn find(world: World<'_>, scope: Scope<'_>, path: &Path, log: &mut Log<'_>) -> Found {
    let simple = if path.segments.len() == 1 { path.segments.first().map(|s| s.value.as_str()) } else { None };
    let global = |word: &str| {
        if let Ok(index) = world.model.parameters.binary_search_by(|p| p.name.as_str().cmp(word)) {
            return Some(Found::Parameter(index));
        }
        (word == "peilmoment").then_some(Found::Peilmoment)
    };
    match scope {
        Scope::Constant(place) => {
            if let Some(found) = simple.and_then(global) {
                return found;
            }
            let names = world.model.parameters.iter().map(|p| p.name.as_str());
            let mut diagnostic =
                Diagnostic::error("ML104", format!("`{}` is geen parameter", echo::path(path))).at(path.span);
            diagnostic = match suggest::nearest(&path.text(), names) {
                Some(near) => suggested(diagnostic, path.span, near),
                None => diagnostic.help(format!("{place} bestaat uit vaste waarden en parameters")),
            };
            log.error(diagnostic);
            Found::Nothing
        }
        Scope::Table(table) | Scope::Derived { table, .. } => {
            if let Some(word) = simple
                && world.model.table(table).column_named(word).is_none()
                && let Some(found) = global(word)
            {
                return found;
            }
            column(world, table, &path.segments, log).map_or(Found::Nothing, Found::Column)
        }
        Scope::Groups(grouped) => {
            if let Some(found) = simple.and_then(global) {
                return found;
            }
            if let Found::Column(column) = find(world, grouped.rows(), path, log) {
                log.error(groups::per_row(world, grouped, path, &column));
            }
            Found::Nothing
        }
        Scope::Use { uses, index, qualified } => {
            let Some(table) = uses.get(index).and_then(|u| u.table) else {
                log.poison();
                return Found::Nothing;
            };
            let rest = strip(world, uses, index, path);
            let own = path.segments.first().and_then(|s| world.model.table(table).column_named(&s.value));
            if let Some(word) = simple
                && (own.is_none() || qualified)
                && let Some(found) = global(word)
            {
                return found;
            }
            let segments = match rest {
                // Among several sources the first word is the source; with one, a column of that name goes before.
                Some(rest) if qualified || uses.len() > 1 || own.is_none() => rest,
                _ => &path.segments,
            };
            if qualified && rest.is_none() {
                log.error(unqualified(world, uses, path));
                return Found::Nothing;
            }
            column(world, table, segments, log).map_or(Found::Nothing, Found::Column)
        }
    }
}

/// The source use that a path's first words name, if they do: `ticket.afgifte`, `balie.ticket.afgifte`.
pub(super) fn qualifier(world: World<'_>, uses: &[Use], path: &Path) -> Option<usize> {
    (0..uses.len()).find(|&index| strip(world, uses, index, path).is_some())
}

/// The path behind the name of a source use.
pub(super) fn strip<'p>(world: World<'_>, uses: &[Use], index: usize, path: &'p Path) -> Option<&'p [Name]> {
    let source = uses.get(index)?;
    let (first, rest) = path.segments.split_first()?;
    if first.value == source.alias && !rest.is_empty() {
        return Some(rest);
    }
    let (second, rest) = rest.split_first()?;
    let table = world.model.table(source.table?);
    (first.value == table.source && second.value == source.alias && !rest.is_empty()).then_some(rest)
}

/// Follows column names from `table`, silently.
pub(super) fn try_column(model: &Model, table: TableId, segments: &[Name]) -> Option<ColumnRef> {
    let (last, before) = segments.split_last()?;
    let mut at = table;
    let mut via = Vec::new();
    for step in before {
        let column = model.table(at).column_named(&step.value)?;
        at = model.table(at).columns[column].relation?.table;
        via.push(column);
    }
    Some(ColumnRef { via, column: model.table(at).column_named(&last.value)? })
}

/// Follows column names from `table`: all but the last are relations.
pub(super) fn column(world: World<'_>, table: TableId, segments: &[Name], log: &mut Log<'_>) -> Option<ColumnRef> {
    let mut at = table;
    let mut via = Vec::new();
    let mut rest = segments.iter().peekable();
    while let Some(step) = rest.next() {
        let here = world.model.table(at);
        let Some(index) = here.column_named(&step.value) else {
            if world.is_incomplete(at) {
                log.poison();
            } else {
                log.error(unknown(world, at, step));
            }
            return None;
        };
        if rest.peek().is_none() {
            return Some(ColumnRef { via, column: index });
        }
        let column = &here.columns[index];
        let Some(relation) = column.relation else {
            if column.ty == Type::Unknown || world.is_incomplete(at) {
                log.poison();
            } else if let Some(diagnostic) = super::dated::lost(world, at, step) {
                log.error(diagnostic);
            } else {
                log.error(
                    Diagnostic::error("ML115", format!("`{}` verwijst niet naar een andere tabel", step.value))
                        .at(step.span)
                        .help(format!(
                            "geef de kolom een verwijzing in `{}`: `{} {} -> tabel.kolom`",
                            here.full_name(),
                            step.value,
                            column.ty.word()
                        )),
                );
            }
            return None;
        };
        via.push(index);
        at = relation.table;
    }
    None
}

/// Unknown column, with the nearest name.
fn unknown(world: World<'_>, table: TableId, name: &Name) -> Diagnostic {
    let here = world.model.table(table);
    let diagnostic =
        Diagnostic::error("ML101", format!("`{}` heeft geen kolom `{}`", here.full_name(), name.value)).at(name.span);
    let columns = here.columns.iter().map(|c| c.name.as_str()).filter(|n| !n.starts_with('#'));
    let parameters = world.model.parameters.iter().map(|p| p.name.as_str());
    if here
        .columns
        .iter()
        .flat_map(|c| c.values.iter().flatten())
        .any(|v| matches!(v, Value::Text(t) if *t == name.value))
    {
        let quoted = crate::model::text::quoted(&name.value);
        return diagnostic
            .help(format!("bedoelde u de tekst `{quoted}`, zet dan de aanhalingstekens erbij"))
            .replace(name.span, quoted);
    }
    match suggest::nearest(&name.value, columns.clone()).or_else(|| suggest::nearest(&name.value, parameters)) {
        Some(near) => suggested(diagnostic, name.span, near),
        None => diagnostic.help(format!("de kolommen zijn {}", listed(columns))),
    }
}

/// A column without its source, where there are several.
pub(super) fn unqualified(world: World<'_>, uses: &[Use], path: &Path) -> Diagnostic {
    let text = echo::path(path);
    let having: Vec<String> = uses
        .iter()
        .filter(|u| u.table.is_some_and(|t| try_column(world.model, t, &path.segments).is_some()))
        .map(|u| format!("{}.{text}", crate::model::text::name(&u.alias)))
        .collect();
    if let [only] = having.as_slice() {
        return Diagnostic::error("ML113", format!("`{text}` staat zonder tabel, en deze kpi heeft meer bronnen"))
            .at(path.span)
            .help(format!("schrijf `{only}`"))
            .replace(path.span, only);
    }
    if having.len() > 1 {
        return Diagnostic::error("ML113", format!("`{text}` staat zonder tabel, en deze kpi heeft meer bronnen"))
            .at(path.span)
            .help(format!("schrijf {}", having.iter().map(|h| format!("`{h}`")).collect::<Vec<_>>().join(" of ")));
    }
    // Not known anywhere: perhaps the source is misspelt, perhaps the column.
    let diagnostic =
        Diagnostic::error("ML101", format!("geen van de bronnen van deze kpi kent `{text}`")).at(path.span);
    if let Some(first) = path.segments.first().filter(|_| path.segments.len() > 1)
        && let Some(near) = suggest::nearest(&first.value, uses.iter().map(|u| u.alias.as_str()))
    {
        return suggested(diagnostic.at(first.span), first.span, near);
    }
    let known: Vec<String> = uses
        .iter()
        .filter_map(|u| u.table.map(|t| (u, t)))
        .flat_map(|(u, t)| world.model.table(t).columns.iter().map(move |c| format!("{}.{}", u.alias, c.name)))
        .collect();
    let last = path.last().to_owned();
    let near = known
        .iter()
        .filter(|k| k.split_once('.').is_some_and(|(_, c)| suggest::nearest(&last, [c]).is_some()))
        .min_by_key(|k| k.split_once('.').map(|(_, c)| strsim::damerau_levenshtein(&last, c)));
    match near {
        Some(near) => suggested(diagnostic, path.span, near),
        None => diagnostic.help(format!("de bronnen zijn {}", listed(uses.iter().map(|u| u.alias.as_str())))),
    }
}

/// Adds "bedoelde u" and the name to put there.
pub(super) fn suggested(diagnostic: Diagnostic, span: Span, near: &str) -> Diagnostic {
    let written = near.split('.').map(crate::model::text::name).collect::<Vec<_>>().join(".");
    diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, written)
}

/// Names in a sentence, at most ten.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    let mut shown: Vec<_> = names.iter().take(10).map(|n| format!("`{n}`")).collect();
    if names.len() > 10 {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}
