//! Which columns of which stored tables a scan touches, and which relations it follows: through computed columns,
//! relations and derived tables. The walk is the same as that of `plan/table.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::expr::Scope;
use super::{counted, united};
use crate::measure::{AtomOp, HolisticOp, Scan};
use crate::model::expr::Repeats;
use crate::model::table::{Origin, Relation};
use crate::model::{Aggregate, ColumnKind, ColumnRef, Model, RowExpr, RowKind, TableId};

/// The stored columns (index in the table) that a scan touches, per stored table; a table of which only the rows count
/// has none.
#[must_use]
pub fn required_columns(model: &Model, scan: &Scan) -> BTreeMap<TableId, BTreeSet<usize>> {
    walked(model, scan).columns
}

/// The stored columns behind the meetmoment of a stored table; none where it has no meetmoment.
#[must_use]
pub fn axis_columns(model: &Model, table: TableId) -> BTreeSet<usize> {
    let mut needs = Needs::new(model);
    if let Some(axis) = model.table(table).axis {
        let scope = Scope { model, table, peilmoment: 0, repeats: &[] };
        let mut refs = BTreeSet::new();
        base_refs(&scope, &reference(model, table, &ColumnRef::own(axis)), &mut refs);
        needs.rows(table, &refs);
    }
    needs.columns.remove(&table).unwrap_or_default()
}

/// The targets (table and key column) of the relations that a scan follows.
#[must_use]
pub fn relations(model: &Model, scan: &Scan) -> BTreeSet<(TableId, usize)> {
    walked(model, scan).relations
}

/// The stored tables of which a scan's own rows come on one axis of their own, with the column that places them: the
/// scan's table, or the parts that it unites. Not one that is read for something else as well (a relation, a derived
/// table, a count): of that all rows matter, also outside the asked range.
#[must_use]
pub fn placed(model: &Model, scan: &Scan) -> Vec<(TableId, usize)> {
    let [axis] = scan.axes.as_slice() else { return Vec::new() };
    let mut found = Vec::new();
    if axis.column.via.is_empty() {
        places(model, scan.table, axis.column.column, &mut found);
    }
    let read = walked(model, scan).read;
    found.retain(|(table, _)| read.get(table) == Some(&1));
    found
}

fn places(model: &Model, table: TableId, column: usize, found: &mut Vec<(TableId, usize)>) {
    match &model.table(table).origin {
        Origin::Stored => found.push((table, column)),
        Origin::United { parts } => {
            let Some(ColumnKind::United(list)) = model.table(table).columns.get(column).map(|c| &c.kind) else {
                return;
            };
            for (expr, &part) in list.iter().zip(parts) {
                if let RowKind::Column(own) = &expr.kind
                    && own.via.is_empty()
                {
                    places(model, part, own.column, found);
                }
            }
        }
        Origin::Derived { .. } | Origin::Groups { .. } => {}
    }
}

/// The own columns among those that a table's rows must have, with the key where rows that point here are counted.
#[must_use]
pub fn own_columns(scope: &Scope<'_>, refs: &BTreeSet<ColumnRef>) -> BTreeSet<usize> {
    let own = |refs: &BTreeSet<ColumnRef>| refs.iter().filter(|r| r.via.is_empty()).map(|r| r.column).collect();
    let columns: BTreeSet<usize> = own(refs);
    let mut keys = BTreeSet::new();
    counted::key_refs(scope, &columns, &mut keys);
    own(&keys).union(&columns).copied().collect()
}

fn walked<'a>(model: &'a Model, scan: &Scan) -> Needs<'a> {
    let mut needs = Needs::new(model);
    let scope = Scope { model, table: scan.table, peilmoment: 0, repeats: &[] };
    let mut refs = BTreeSet::new();
    for axis in &scan.axes {
        base_refs(&scope, &reference(model, scan.table, &axis.column), &mut refs);
    }
    for expr in scan.expressions() {
        base_refs(&scope, expr, &mut refs);
    }
    for holistic in &scan.holistic {
        inner_refs(&scope, &holistic.op, &mut refs);
    }
    needs.rows(scan.table, &refs);
    needs
}

/// Adds the columns that the inner aggregates of groups need; `scope` is that of their rows.
pub(super) fn inner_refs(scope: &Scope<'_>, op: &HolisticOp, refs: &mut BTreeSet<ColumnRef>) {
    let HolisticOp::Groups { outer, .. } = op else { return };
    let tables: BTreeSet<TableId> = outer.iter().map(|outer| outer.table).collect();
    for table in tables {
        for column in &scope.model.table(table).columns {
            if let ColumnKind::Aggregated(aggregate) = &column.kind {
                aggregate_refs(scope, aggregate, refs);
            }
        }
    }
}

/// Adds the columns that an aggregate over the rows of `scope` needs.
fn aggregate_refs(scope: &Scope<'_>, aggregate: &Aggregate, refs: &mut BTreeSet<ColumnRef>) {
    let mut add = |expr: &RowExpr| base_refs(scope, expr, refs);
    aggregate.arg.iter().chain(&aggregate.filter).for_each(&mut add);
    if let Some(on) = &aggregate.on {
        add(&reference(scope.model, scope.table, on));
        let ties = scope.model.table(scope.table).ties().into_iter();
        ties.for_each(|key| add(&reference(scope.model, scope.table, &ColumnRef::own(key))));
    }
}

/// The expressions in an atom's operation.
#[must_use]
pub fn atom_parts(op: &AtomOp) -> Vec<&RowExpr> {
    op.parts()
}

/// The expression that is a column.
#[must_use]
pub fn reference(model: &Model, table: TableId, column: &ColumnRef) -> RowExpr {
    let found = model.column(table, column);
    RowExpr { kind: RowKind::Column(column.clone()), ty: found.ty, span: found.span }
}

/// Adds the columns that the table's rows must have for an expression: plain own columns, and columns of relations with
/// the own columns that carry these.
pub fn base_refs(scope: &Scope<'_>, expr: &RowExpr, refs: &mut BTreeSet<ColumnRef>) {
    let ready = scope.ready(expr);
    for part in [Some(&ready.value), ready.judgeable.as_ref()].into_iter().flatten() {
        let mut hops = BTreeSet::new();
        let mut looks: Vec<&Repeats> = Vec::new();
        part.walk(&mut |node| match &node.kind {
            RowKind::Column(reference) => {
                refs.insert(reference.clone());
                hops.extend(reference.via.first());
            }
            RowKind::Repeats(repeats) => looks.push(repeats),
            _ => {}
        });
        for repeats in looks {
            let ties = super::repeats::ties(scope);
            let seen = [&repeats.axis].into_iter().chain(&repeats.population).chain(&ties);
            seen.for_each(|expr| base_refs(scope, expr, refs));
        }
        for &hop in &hops {
            base_refs(scope, &scope.own(hop, part), refs);
            if let Some(at) = relation_of(scope.model, scope.table, hop).and_then(|relation| relation.at) {
                base_refs(scope, &scope.own(at, part), refs);
            }
        }
    }
}

/// The columns asked of each relation of a table, by the relation's column, seen from its target.
#[must_use]
pub fn by_relation(refs: &BTreeSet<ColumnRef>) -> BTreeMap<usize, BTreeSet<ColumnRef>> {
    let mut found: BTreeMap<usize, BTreeSet<ColumnRef>> = BTreeMap::new();
    for reference in refs {
        if let [hop, rest @ ..] = reference.via.as_slice() {
            let inner = ColumnRef { via: rest.to_vec(), column: reference.column };
            found.entry(*hop).or_default().insert(inner);
        }
    }
    found
}

/// The relation of a column.
#[must_use]
pub fn relation_of(model: &Model, table: TableId, column: usize) -> Option<Relation> {
    model.table(table).columns.get(column)?.relation
}

struct Needs<'a> {
    model: &'a Model,
    columns: BTreeMap<TableId, BTreeSet<usize>>,
    relations: BTreeSet<(TableId, usize)>,
    seen: BTreeSet<(TableId, ColumnRef)>,
    /// How often each stored table is read.
    read: BTreeMap<TableId, usize>,
}

impl<'a> Needs<'a> {
    fn new(model: &'a Model) -> Self {
        Self {
            model,
            columns: BTreeMap::new(),
            relations: BTreeSet::new(),
            seen: BTreeSet::new(),
            read: BTreeMap::new(),
        }
    }

    fn rows(&mut self, table: TableId, refs: &BTreeSet<ColumnRef>) {
        let model = self.model;
        let scope = Scope { model, table, peilmoment: 0, repeats: &[] };
        let own = own_columns(&scope, refs);
        match &model.table(table).origin {
            Origin::Stored => {
                let stored =
                    |index: &usize| matches!(model.table(table).columns[*index].kind, ColumnKind::Stored { .. });
                self.columns.entry(table).or_default().extend(own.iter().copied().filter(stored));
                *self.read.entry(table).or_default() += 1;
            }
            Origin::Derived { base, filter } => {
                let scope = Scope { model, table: *base, peilmoment: 0, repeats: &[] };
                let refs = derived_refs(&scope, table, filter.as_ref(), &own);
                self.rows(*base, &refs);
            }
            Origin::United { parts } => {
                for (number, &part) in parts.iter().enumerate() {
                    let scope = Scope { model, table: part, peilmoment: 0, repeats: &[] };
                    self.rows(part, &united::refs(&scope, table, number, &own));
                }
            }
            // Nobody asks for the rows of groups: they are made inside a scan of their base.
            Origin::Groups { .. } => {}
        }
        for (along, counts) in counted::groups(model, table, &own) {
            // A second row with one key would have the count as well.
            self.relations.extend(model.table(table).key.iter().map(|&key| (table, key)));
            let scope = Scope { model, table: along.0, peilmoment: 0, repeats: &[] };
            let (key, filters) = counted::counted_parts(model, along, &counts);
            let mut inner = BTreeSet::new();
            filters.into_iter().chain([&key]).for_each(|expr| base_refs(&scope, expr, &mut inner));
            self.rows(along.0, &inner);
        }
        for (hop, wanted) in by_relation(refs) {
            let Some(relation) = relation_of(model, table, hop) else { continue };
            self.relations.insert((relation.table, relation.column));
            let scope = Scope { model, table: relation.table, peilmoment: 0, repeats: &[] };
            let mut inner = BTreeSet::new();
            let valid = model.table(relation.table).valid.map(|v| [v.from, v.until].map(ColumnRef::own));
            for column in wanted.into_iter().chain([ColumnRef::own(relation.column)]).chain(valid.into_iter().flatten())
            {
                if self.seen.insert((relation.table, column.clone())) {
                    base_refs(&scope, &reference(model, relation.table, &column), &mut inner);
                }
            }
            self.rows(relation.table, &inner);
        }
    }
}

/// What the rows of the base must have for these columns of a derived table; `scope` is the base's.
#[must_use]
pub fn derived_refs(
    scope: &Scope<'_>,
    derived: TableId,
    filter: Option<&RowExpr>,
    columns: &BTreeSet<usize>,
) -> BTreeSet<ColumnRef> {
    let (model, base) = (scope.model, scope.table);
    let mut refs = BTreeSet::new();
    if let Some(filter) = filter {
        base_refs(scope, filter, &mut refs);
    }
    for (index, column) in model.table(derived).columns.iter().enumerate() {
        match &column.kind {
            ColumnKind::Key(key) => base_refs(scope, &reference(model, base, &ColumnRef::own(*key)), &mut refs),
            ColumnKind::Aggregated(aggregate) if columns.contains(&index) => {
                aggregate_refs(scope, aggregate, &mut refs);
            }
            _ => {}
        }
    }
    refs
}
