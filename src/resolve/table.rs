//! Tables: their order, columns by name, keys, axes, relations and requirements. The types of computed columns come from
//! `column`, in between.

use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::table::Origin;
use crate::model::table::{Relation, Requirement, StoredUnit};
use crate::model::{Column, ColumnKind, Model, Table, TableId, Type, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, ColumnOption, Literal, Path, TableDef, Unit};

use super::names::{Names, TableEntry, twice};
use super::scope::{Log, Scope, World, listed, suggested};
use super::{column, compare, constant, dated, echo, expr::Rows, literal, mark, order, pointing, united};

/// The tables while they are being built.
pub(super) struct Tables<'a> {
    pub model: Model,
    /// By table: some of its columns are missing or unknown because of a reported mistake.
    pub incomplete: Vec<bool>,
    /// By table: its declaration.
    pub defs: Vec<TableEntry<'a>>,
    pub ids: std::collections::BTreeMap<(&'a str, &'a str), TableId>,
    /// By table: for derived ones the base, where it is known.
    pub bases: Vec<Option<TableId>>,
    /// By table: for united ones the parts, where all are known.
    pub parts: Vec<Option<Vec<TableId>>>,
}

impl<'a> Tables<'a> {
    pub fn world(&self) -> World<'_> {
        World { model: &self.model, incomplete: &self.incomplete, calendar: self.model.default_calendar }
    }

    /// The declaration of a column, where it has one of its own.
    pub fn column_def(&self, table: TableId, column: usize) -> Option<&'a ast::ColumnDef> {
        let name = &self.model.table(table).columns.get(column)?.name;
        self.defs[table.0].def.columns.iter().find(|c| c.name.value == *name)
    }
}

/// Resolves all tables into the model, which holds the parameters already. Also gives which tables are incomplete.
pub(super) fn resolve<'a>(
    model: Model,
    names: &Names<'a>,
    sink: &mut Sink,
) -> (Model, Vec<bool>, std::collections::BTreeMap<(&'a str, &'a str), TableId>) {
    let mut tables = order_tables(model, names, sink);
    for index in 0..tables.defs.len() {
        let table = skeleton(&tables, names, TableId(index), sink);
        tables.model.tables.push(table);
    }
    for index in 0..tables.defs.len() {
        relations(&mut tables, names, TableId(index), sink);
    }
    pointing::known(&tables, names, sink);
    column::resolve(&mut tables, sink);
    for index in 0..tables.defs.len() {
        finish(&mut tables, TableId(index), sink);
    }
    (tables.model, tables.incomplete, tables.ids)
}

/// Numbers the tables so that a derived one follows its base, and a united one its parts.
fn order_tables<'a>(model: Model, names: &Names<'a>, sink: &mut Sink) -> Tables<'a> {
    let mut incomplete: Vec<bool> = names.tables.iter().map(|entry| entry.def.incomplete).collect();
    let edges: Vec<Vec<usize>> = names
        .tables
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let behind = entry.def.derived.as_ref().map(|derived| std::slice::from_ref(&derived.base));
            let behind = behind.or_else(|| Some(entry.def.united.as_ref()?.parts.as_slice())).unwrap_or_default();
            let found: Vec<usize> =
                behind.iter().filter_map(|path| find_table(names, entry.source, path, sink)).collect();
            incomplete[index] |= found.len() < behind.len() || united::too_few(entry.def, sink);
            found
        })
        .collect();
    let mut sorted = Vec::with_capacity(names.tables.len());
    for group in order::components(&edges) {
        if let Some(circle) = order::circle(&edges, &group) {
            let words: Vec<_> =
                circle.iter().chain(circle.first()).map(|&i| format!("`{}`", names.tables[i].def.name.value)).collect();
            let united = circle.iter().any(|&i| names.tables[i].def.united.is_some());
            let how = if united { "uit elkaar opgebouwd" } else { "van elkaar afgeleid" };
            let message = format!("tabellen zijn in een kring {how}: {}", words.join(" → "));
            sink.push(Diagnostic::error("ML108", message).at(names.tables[circle[0]].def.name.span));
            for &index in &group {
                incomplete[index] = true;
            }
        }
        sorted.extend(group);
    }
    let mut place = vec![TableId(0); sorted.len()];
    sorted.iter().enumerate().for_each(|(at, &index)| place[index] = TableId(at));
    Tables {
        model,
        incomplete: sorted.iter().map(|&index| incomplete[index]).collect(),
        defs: sorted.iter().map(|&index| names.tables[index]).collect(),
        ids: names.table_index.iter().map(|(&name, &index)| (name, place[index])).collect(),
        bases: sorted
            .iter()
            .map(|&index| {
                let derived = names.tables[index].def.derived.is_some() && !incomplete[index];
                edges[index].first().filter(|_| derived).map(|&base| place[base])
            })
            .collect(),
        parts: sorted
            .iter()
            .map(|&index| {
                let united = names.tables[index].def.united.is_some() && !incomplete[index];
                united.then(|| edges[index].iter().map(|&part| place[part]).collect())
            })
            .collect(),
    }
}

/// A table by its path, seen from a system: `gesprek` there, or `acd.gesprek` anywhere. Index in `names.tables`.
pub(super) fn find_table(names: &Names<'_>, here: &str, path: &Path, sink: &mut Sink) -> Option<usize> {
    let (source, table) = match path.segments.as_slice() {
        [table] => (here, table),
        [source, table] => {
            if !names.sources.contains_key(source.value.as_str()) {
                sink.push(unknown_source(names, source));
                return None;
            }
            (source.value.as_str(), table)
        }
        _ => {
            let message = format!("`{}` is geen tabel", echo::path(path));
            sink.push(Diagnostic::error("ML103", message).at(path.span).help("schrijf `bronsysteem.tabel`"));
            return None;
        }
    };
    let found = names.table_index.get(&(source, table.value.as_str())).copied();
    if found.is_none() && !names.incomplete.contains(source) {
        sink.push(unknown_table(names, source, table));
    }
    found
}

/// A system that does not exist.
pub(super) fn unknown_source(names: &Names<'_>, source: &ast::Name) -> Diagnostic {
    let diagnostic = Diagnostic::error("ML103", format!("bronsysteem `{}` bestaat niet", source.value)).at(source.span);
    match suggest::nearest(&source.value, names.sources.keys().copied()) {
        Some(near) => suggested(diagnostic, source.span, near),
        None if names.sources.is_empty() => diagnostic
            .help("er is nog geen bronsysteem: schrijf er een, of neem er een over met `gebruik \"std:bronnen\"`"),
        None => diagnostic.help(format!("de bronsystemen zijn {}", listed(names.sources.keys().copied()))),
    }
}

fn unknown_table(names: &Names<'_>, source: &str, table: &ast::Name) -> Diagnostic {
    let diagnostic =
        Diagnostic::error("ML103", format!("bronsysteem `{source}` heeft geen tabel `{}`", table.value)).at(table.span);
    let known = names.sources.get(source).map_or(&[][..], Vec::as_slice);
    match suggest::nearest(&table.value, known.iter().copied()) {
        Some(near) => suggested(diagnostic, table.span, near),
        None if known.is_empty() => diagnostic.help("dit bronsysteem heeft nog geen tabel: `tabel naam { … }`"),
        None => diagnostic.help(format!("de tabellen zijn {}", listed(known.iter().copied()))),
    }
}

/// A table with its columns by name, and the types that its declaration says.
fn skeleton(tables: &Tables<'_>, _names: &Names<'_>, id: TableId, sink: &mut Sink) -> Table {
    let entry = tables.defs[id.0];
    let def = entry.def;
    let mut table = Table {
        id,
        source: entry.source.to_owned(),
        source_title: entry.source_title.map(str::to_owned),
        name: def.name.value.clone(),
        title: def.title.as_ref().map(|t| t.value.clone()),
        origin: Origin::Stored,
        columns: Vec::new(),
        key: Vec::new(),
        axis: None,
        requirements: Vec::new(),
        valid: None,
        span: def.span,
    };
    let mut seen = std::collections::BTreeMap::new();
    if let Some(derived) = &def.derived {
        if let Some(base) = tables.bases[id.0] {
            table.origin = Origin::Derived { base, filter: None };
        }
        for key in &derived.keys {
            if let Some(first) = seen.insert(key.value.as_str(), key.span) {
                sink.push(twice("sleutel", key, first));
                continue;
            }
            table.key.push(table.columns.len());
            table.columns.push(empty_column(key, true));
        }
    }
    if let Some(parts) = &tables.parts[id.0] {
        table.origin = Origin::United { parts: parts.clone() };
    }
    for column in &def.columns {
        if let Some(&first) = seen.get(column.name.value.as_str()) {
            sink.push(twice("kolom", &column.name, first));
            continue;
        }
        seen.insert(&column.name.value, column.name.span);
        let mut resolved = declared(def, column, sink);
        let index = table.columns.len();
        if resolved.key {
            table.key.push(index);
        }
        if let Some(option) = column.options.iter().find(|o| o.value == ColumnOption::TimeAxis) {
            // Before anything reckons with it: computed columns have a type later, and are judged in `finish`.
            if let Some(diagnostic) = no_moment(&resolved, option.span) {
                sink.push(diagnostic);
                resolved.ty = Type::Unknown;
            }
            match table.axis {
                None => table.axis = Some(index),
                Some(first) => sink.push(
                    Diagnostic::error("ML121", format!("tabel `{}` heeft al een meetmoment", table.name))
                        .at(option.span)
                        .also(table.columns[first].span, "het eerste")
                        .help("laat er één staan; een kpi kiest een andere kolom met `op …` in haar meetmethode"),
                ),
            }
        }
        table.columns.push(resolved);
    }
    table.valid = def.valid.as_ref().and_then(|valid| dated::rows(def, &table, valid, sink));
    table.columns.extend(tables.parts[id.0].as_ref().map(|parts| united::part_column(parts.len(), def.span)));
    table
}

pub(super) fn empty_column(name: &ast::Name, key: bool) -> Column {
    Column {
        name: name.value.clone(),
        ty: Type::Unknown,
        nullable: false,
        key,
        mark: false,
        personal: false,
        values: None,
        relation: None,
        kind: ColumnKind::Stored { physical: name.value.clone(), unit: None },
        span: name.span,
    }
}

/// A column as far as its own line says.
fn declared(table: &TableDef, def: &ast::ColumnDef, sink: &mut Sink) -> Column {
    let mut column = empty_column(&def.name, false);
    let stored = match &def.kind {
        ast::ColumnKind::Stored(ty) => {
            match literal::type_of(ty) {
                Ok(found) => column.ty = found,
                Err(diagnostic) => sink.push(*diagnostic),
            }
            if table.derived.is_some() {
                sink.push(
                    Diagnostic::error(
                        "ML121",
                        format!("`{}` staat in een afgeleide tabel en komt uit geen bron", def.name.value),
                    )
                    .at(def.span)
                    .help(format!("zeg hoe de kolom wordt berekend: `{} = minimum(…)`", def.name.value)),
                );
                column.ty = Type::Unknown;
            } else if let Some(united) = &table.united {
                sink.push(united::stored(united, def));
                column.ty = Type::Unknown;
            }
            true
        }
        ast::ColumnKind::Derived(_) => false,
        ast::ColumnKind::PerPart(values) => {
            united::number(table, def, values, sink);
            false
        }
        ast::ColumnKind::Broken => return column,
    };
    let mut physical = def.name.value.clone();
    let mut unit = None;
    for option in &def.options {
        match &option.value {
            ColumnOption::Nullable => column.nullable = true,
            ColumnOption::Key if table.derived.is_some() => sink.push(
                Diagnostic::error("ML121", "de sleutel van een afgeleide tabel staat achter `per`").at(option.span),
            ),
            ColumnOption::Key => column.key = true,
            ColumnOption::Personal => column.personal = true,
            ColumnOption::Mark => column.mark = true,
            // Read once all names and types are known.
            ColumnOption::TimeAxis | ColumnOption::Relation(_) | ColumnOption::Values(_) => {}
            ColumnOption::StoredUnit(written) => unit = stored_unit(&column, *written, stored, option.span, sink),
            ColumnOption::PhysicalName(name) if stored => physical.clone_from(name),
            ColumnOption::PhysicalName(_) => sink.push(
                Diagnostic::error("ML121", format!("`{}` wordt berekend en komt uit geen bron", def.name.value))
                    .at(option.span)
                    .help("laat `bron …` weg"),
            ),
        }
    }
    if column.key && column.nullable {
        sink.push(
            Diagnostic::error("ML121", format!("`{}` is een sleutel en mag dus niet leeg zijn", def.name.value))
                .at(def.span)
                .help("laat `?` of `sleutel` weg"),
        );
    }
    column.kind = ColumnKind::Stored { physical, unit };
    column
}

fn stored_unit(column: &Column, unit: Unit, stored: bool, span: Span, sink: &mut Sink) -> Option<StoredUnit> {
    let fits = stored && matches!(column.ty, Type::Duration | Type::Unknown);
    let found = match unit {
        Unit::Seconds => Some(StoredUnit::Seconds),
        Unit::Minutes => Some(StoredUnit::Minutes),
        Unit::Hours => Some(StoredUnit::Hours),
        _ => None,
    };
    if !fits || found.is_none() {
        sink.push(
            Diagnostic::error("ML217", format!("`in {}` past niet bij `{}`", echo::unit_word(unit), column.name))
                .at(span)
                .help("`in s`, `in min` en `in uur` zeggen in welke eenheid een bron een `duur` als getal bewaart"),
        );
    }
    found
}

/// Follows the `->` of a table's columns.
fn relations(tables: &mut Tables<'_>, names: &Names<'_>, id: TableId, sink: &mut Sink) {
    let entry = tables.defs[id.0];
    if let (Some(base), Some(derived)) = (tables.bases[id.0], &entry.def.derived) {
        // A key column keeps the relation of the base's column.
        for key in &derived.keys {
            let found = tables.model.table(base).column_named(&key.value);
            // But for the moment of a dated one: the rows of a key have one each.
            let relation = found.and_then(|c| tables.model.table(base).columns[c].relation);
            let relation = relation.filter(|r| r.at.is_none());
            let own = tables.model.table(id).column_named(&key.value);
            if let Some(own) = own {
                tables.model.tables[id.0].columns[own].relation = relation;
            }
        }
    }
    if let Some(parts) = tables.parts[id.0].clone() {
        for def in &entry.def.columns {
            let relation = united::relation(&tables.model, &parts, def);
            if let Some(own) = tables.model.table(id).column_named(&def.name.value) {
                tables.model.tables[id.0].columns[own].relation = relation;
            }
        }
    }
    for def in &entry.def.columns {
        for option in &def.options {
            let ColumnOption::Relation(written) = &option.value else { continue };
            let Some(column) = tables.model.table(id).column_named(&def.name.value) else { continue };
            let found = relation(tables, names, entry.source, &written.to, sink);
            match found.and_then(|found| dated::relation(tables, id, found, written, sink)) {
                Some(found) => tables.model.tables[id.0].columns[column].relation = Some(found),
                // Reported; paths over this column must not be reported again.
                None => tables.incomplete[id.0] = true,
            }
        }
    }
}

fn relation(tables: &Tables<'_>, names: &Names<'_>, source: &str, path: &Path, sink: &mut Sink) -> Option<Relation> {
    let (column, before) = path.segments.split_last()?;
    if before.is_empty() || before.len() > 2 {
        sink.push(
            Diagnostic::error("ML115", format!("`{}` is geen verwijzing", echo::path(path)))
                .at(path.span)
                .help("schrijf `-> tabel.kolom`, of `-> bronsysteem.tabel.kolom`"),
        );
        return None;
    }
    let span = before.first()?.span.to(before.last()?.span);
    let table_path = Path { segments: before.to_vec(), span };
    let index = find_table(names, source, &table_path, sink)?;
    let entry = names.tables[index];
    let target = *tables.ids.get(&(entry.source, entry.def.name.value.as_str()))?;
    let table = tables.model.table(target);
    let Some(found) = table.column_named(&column.value) else {
        if !tables.incomplete[target.0] {
            let message = format!("`{}` heeft geen kolom `{}`", table.full_name(), column.value);
            let diagnostic = Diagnostic::error("ML101", message).at(column.span);
            let known = table.columns.iter().map(|c| c.name.as_str()).filter(|name| !name.starts_with('#'));
            sink.push(match suggest::nearest(&column.value, known.clone()) {
                Some(near) => suggested(diagnostic, column.span, near),
                None => diagnostic.help(format!("de kolommen zijn {}", listed(known))),
            });
        }
        return None;
    };
    if !table.key_at_a_moment().eq([found]) {
        let message = format!("`{}` is niet de enige sleutel van `{}`", column.value, table.full_name());
        let diagnostic =
            Diagnostic::error("ML115", message).at(path.span).also(table.columns[found].span, "deze kolom");
        let key: Vec<usize> = table.key_at_a_moment().collect();
        sink.push(match key.as_slice() {
            [] => diagnostic.help(format!("een verwijzing wijst één rij aan: zet `sleutel` achter `{}`", column.value)),
            [only] => {
                let near = format!("{}.{}", table_path.text(), table.columns[*only].name);
                diagnostic.help(format!("verwijs naar de sleutel: `-> {near}`")).replace(path.span, near)
            }
            _ => diagnostic.help("een verwijzing wijst één rij aan: de tabel moet één sleutelkolom hebben"),
        });
        return None;
    }
    Some(Relation { table: target, column: found, at: None })
}

/// What can be said once all types are known: axis, values, types of relations, requirements.
fn finish(tables: &mut Tables<'_>, id: TableId, sink: &mut Sink) {
    let entry = tables.defs[id.0];
    for index in 0..tables.model.table(id).columns.len() {
        if let (ColumnKind::Key(from), Some(base)) = (&tables.model.table(id).columns[index].kind, tables.bases[id.0]) {
            let values = tables.model.table(base).columns[*from].values.clone();
            tables.model.tables[id.0].columns[index].values = values;
        }
        let Some(def) = tables.column_def(id, index) else { continue };
        for option in &def.options {
            match &option.value {
                ColumnOption::Values(list) => {
                    let values = value_list(tables, id, index, list, sink);
                    tables.model.tables[id.0].columns[index].values = values;
                }
                ColumnOption::Relation(written) => {
                    relation_type(tables, id, index, &written.to, sink);
                    dated::moment_type(tables, id, index, written, sink);
                }
                ColumnOption::Mark => mark::check(&tables.model.table(id).columns[index], option.span, sink),
                ColumnOption::TimeAxis => {
                    if let Some(diagnostic) = no_moment(&tables.model.table(id).columns[index], option.span) {
                        sink.push(diagnostic);
                        tables.model.tables[id.0].axis = None;
                        // Its uses as a moment are no second mistake.
                        tables.model.tables[id.0].columns[index].ty = Type::Unknown;
                        tables.incomplete[id.0] = true;
                    }
                }
                _ => {}
            }
        }
    }
    dated::row_types(tables, id, sink);
    for requirement in &entry.def.requirements {
        let Some(condition) = &requirement.condition else { continue };
        let mut log = Log::new(sink);
        let condition = Rows::new(tables.world(), Scope::Table(id), &mut log).condition(condition);
        if condition.ty == Type::Bool {
            let name = requirement.name.value.clone();
            tables.model.tables[id.0].requirements.push(Requirement { name, condition, span: requirement.span });
        }
    }
}

/// A `meetmoment` that is no date or moment.
fn no_moment(column: &Column, place: Span) -> Option<Diagnostic> {
    if matches!(column.ty, Type::Date | Type::Moment | Type::Unknown) {
        return None;
    }
    let message = format!("`{}` is {} en geen moment in de tijd", column.name, column.ty.phrase());
    Some(
        Diagnostic::error("ML114", message)
            .at(place)
            .help("een meetmoment is een kolom van het type `datum` of `tijdstip`"),
    )
}

/// The values of `in (…)`; none when one of them does not fit, which is reported.
pub(super) fn value_list(
    tables: &Tables<'_>,
    id: TableId,
    index: usize,
    list: &[Spanned<Literal>],
    sink: &mut Sink,
) -> Option<Vec<Value>> {
    let column = &tables.model.table(id).columns[index];
    let mut values = Vec::new();
    for item in list {
        match literal::literal(&item.value, item.span, tables.model.zone) {
            Err(diagnostic) => sink.push(*diagnostic),
            Ok((value, ty)) => match constant::coerce(&value, ty, column.ty) {
                Some(value) => values.push(value),
                None if column.ty == Type::Unknown => {}
                None => {
                    let what = if compare::alike(ty, column.ty) { "een getal met decimalen" } else { ty.phrase() };
                    let message = format!("`{}` is {}, en deze waarde is {what}", column.name, column.ty.phrase());
                    sink.push(Diagnostic::error("ML214", message).at(item.span));
                }
            },
        }
    }
    (values.len() == list.len()).then_some(values)
}

fn relation_type(tables: &mut Tables<'_>, id: TableId, index: usize, path: &Path, sink: &mut Sink) {
    let column = &tables.model.table(id).columns[index];
    let Some(relation) = column.relation else { return };
    let target = &tables.model.table(relation.table).columns[relation.column];
    if column.ty == target.ty || column.ty == Type::Unknown || target.ty == Type::Unknown {
        return;
    }
    sink.push(
        Diagnostic::error(
            "ML115",
            format!(
                "`{}` is {} en `{}` is {}: zo is er nooit een overeenkomst",
                column.name,
                column.ty.phrase(),
                echo::path(path),
                target.ty.phrase()
            ),
        )
        .at(path.span)
        .also(target.span, target.ty.word())
        .also(column.span, column.ty.word()),
    );
}
