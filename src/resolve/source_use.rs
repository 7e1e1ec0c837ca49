//! The `bronsysteem` answer of a KPI: its source uses with their aliases, populations and time axes.

use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{ColumnRef, RowExpr, TableId};
use crate::source::Span;
use crate::syntax::ast::{Path, SourceRef};

use super::aggregate::time_axis;
use super::echo;
use super::expr::Rows;
use super::names::Names;
use super::scope::{Log, Scope, Seen, Use, World, qualifier, suggested, unqualified};
use super::table::unknown_source;

/// What is known of a KPI's sources before its calculation.
#[derive(Default)]
pub(super) struct Sources {
    pub uses: Vec<Use>,
    pub filters: Vec<Option<RowExpr>>,
    pub spans: Vec<Span>,
}

impl Sources {
    /// Tells each use what its rows see of each other, once the axes are known.
    pub(super) fn see(&mut self, axes: &[Option<ColumnRef>]) {
        let parts = self.uses.iter_mut().zip(axes).zip(&self.filters).zip(&self.spans);
        for (((used, axis), population), &span) in parts {
            used.seen = Some(Seen { axis: axis.clone(), population: population.clone(), span });
        }
    }
}

/// The tables by system and name.
pub(super) type TableIds<'a> = std::collections::BTreeMap<(&'a str, &'a str), TableId>;

/// Resolves the sources and their populations.
pub(super) fn resolve(
    world: World<'_>,
    names: &Names<'_>,
    ids: &TableIds<'_>,
    refs: &[SourceRef],
    log: &mut Log<'_>,
) -> Sources {
    let mut sources = Sources::default();
    let mut places: Vec<Span> = Vec::new();
    for reference in refs {
        let mut table = find(names, ids, &reference.path, log);
        let alias = reference.alias.as_ref().map_or_else(|| reference.path.last(), |a| a.value.as_str()).to_owned();
        let place = reference.alias.as_ref().map_or(reference.path.span, |a| a.span);
        if let Some(first) = sources.uses.iter().position(|u| u.alias == alias) {
            // Which of the two is meant is unclear from here on.
            table = None;
            log.error(
                Diagnostic::error("ML102", format!("twee bronnen van deze kpi heten `{alias}`"))
                    .at(place)
                    .also(places[first], "de eerste")
                    .help(format!("geef de tweede een eigen naam: `{} als …`", echo::path(&reference.path))),
            );
        }
        sources.uses.push(Use { alias, table, seen: None });
        places.push(place);
        sources.spans.push(reference.span);
    }
    for (index, reference) in refs.iter().enumerate() {
        let scope = Scope::Use { uses: &sources.uses, index, qualified: false };
        sources.filters.push(reference.filter.as_ref().map(|filter| Rows::new(world, scope, log).condition(filter)));
    }
    sources
}

/// The table that a path `bron.tabel` names; an unknown one goes to the log.
pub(super) fn find(names: &Names<'_>, ids: &TableIds<'_>, path: &Path, log: &mut Log<'_>) -> Option<TableId> {
    let [source, table] = path.segments.as_slice() else {
        log.error(not_full(names, path));
        return None;
    };
    if let Some(id) = ids.get(&(source.value.as_str(), table.value.as_str())) {
        return Some(*id);
    }
    if names.sources.contains_key(source.value.as_str()) {
        let mut sink = Sink::default();
        super::table::find_table(names, "", path, &mut sink);
        sink.into_sorted().into_iter().for_each(|d| log.error(d));
    } else {
        log.error(unknown_source(names, source));
    }
    None
}

/// A path that is not `system.table`.
fn not_full(names: &Names<'_>, path: &Path) -> Diagnostic {
    let written = echo::path(path);
    if let [word] = path.segments.as_slice() {
        let tables: Vec<_> = names.tables.iter().filter(|t| t.def.name.value == word.value).collect();
        if let [only] = tables.as_slice() {
            let full = format!("{}.{}", only.source, only.def.name.value);
            return Diagnostic::error("ML103", format!("`{written}` staat zonder zijn bronsysteem"))
                .at(path.span)
                .help(format!("schrijf `{full}`"))
                .replace(path.span, full);
        }
        if let Some(tables) = names.sources.get(word.value.as_str()) {
            let diagnostic = Diagnostic::error("ML103", format!("`{written}` is een bronsysteem: welke tabel daarin?"))
                .at(path.span);
            return match tables.as_slice() {
                [only] => {
                    let full = format!("{}.{only}", word.value);
                    diagnostic.help(format!("schrijf `{full}`")).replace(path.span, full)
                }
                _ => diagnostic.help(format!(
                    "kies {}",
                    tables.iter().map(|t| format!("`{}.{t}`", word.value)).collect::<Vec<_>>().join(" of ")
                )),
            };
        }
        let known = names.sources.keys().copied().chain(names.tables.iter().map(|t| t.def.name.value.as_str()));
        let diagnostic = Diagnostic::error("ML103", format!("bron `{written}` bestaat niet")).at(path.span);
        return match crate::diagnostic::suggest::nearest(&word.value, known) {
            Some(near) => suggested(diagnostic, path.span, near),
            None => diagnostic.help("schrijf `bronsysteem.tabel`"),
        };
    }
    Diagnostic::error("ML103", format!("`{written}` is geen tabel")).at(path.span).help("schrijf `bronsysteem.tabel`")
}

/// The time axis of each source: as the meetmethode says, else the table's meetmoment, else none (yet).
pub(super) fn axes(world: World<'_>, uses: &[Use], said: &[Path], log: &mut Log<'_>) -> Vec<Option<ColumnRef>> {
    let mut axes: Vec<Option<(ColumnRef, Span)>> = vec![None; uses.len()];
    if uses.is_empty() {
        // Nothing to measure on: `afgeleid`.
        if let Some(path) = said.first() {
            log.error(
                Diagnostic::error(
                    "ML118",
                    format!("`op {}` kan niet: deze kpi heeft geen eigen bron", echo::path(path)),
                )
                .at(path.span)
                .help("laat het weg: elke kpi waaruit deze is afgeleid meet op haar eigen moment"),
            );
        }
        return Vec::new();
    }
    for path in said {
        let index = match (uses.len(), qualifier(world, uses, path)) {
            (1, _) => 0,
            (_, Some(index)) => index,
            (_, None) => {
                if uses.iter().any(|u| u.table.is_none()) {
                    log.poison();
                } else {
                    log.error(unqualified(world, uses, path));
                }
                continue;
            }
        };
        let scope = Scope::Use { uses, index, qualified: false };
        let Some(axis) = time_axis(world, scope, path, log) else { continue };
        if let Some((_, first)) = axes[index] {
            log.error(
                Diagnostic::error("ML111", format!("bron `{}` heeft al een meetmoment", uses[index].alias))
                    .at(path.span)
                    .also(first, "het eerste")
                    .help("wilt u één tabel op twee momenten meten, noem haar dan twee keer: `bron.tabel als naam`"),
            );
            continue;
        }
        axes[index] = Some((axis, path.span));
    }
    axes.into_iter()
        .zip(uses)
        .map(|(said, u)| said.map(|(axis, _)| axis).or_else(|| world.model.table(u.table?).axis.map(ColumnRef::own)))
        .collect()
}

/// A source without a time axis.
pub(super) fn no_axis(world: World<'_>, u: &Use, several: bool, span: Span) -> Option<Diagnostic> {
    let table = u.table.filter(|t| !world.is_incomplete(*t))?;
    let name = world.model.table(table).full_name();
    let example = if several { format!("op {}.kolom", u.alias) } else { "op kolom".to_owned() };
    Some(
        Diagnostic::error("ML114", format!("`{name}` heeft geen meetmoment: bij welke periode hoort een rij?"))
            .at(span)
            .help(format!("zeg het in de meetmethode: `per maand {example}`"))
            .help("of zet `meetmoment` achter een kolom van de tabel"),
    )
}
