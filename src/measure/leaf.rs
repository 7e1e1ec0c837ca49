//! One aggregate as atoms: its lowered population and argument, and which counts and sums make its value.

use super::build::Draft;
use super::lower::{and, filled, lower, or};
use super::request::{EmptyCount, LeafValue};
use super::scan::{AtomOp, Holistic, HolisticOp};
use crate::model::{AggFunc, Aggregate, ColumnRef, EmptyRule, Model, RowExpr, RowKind, TableId, Type, nullability};

pub(super) struct LeafParts<'a> {
    model: &'a Model,
    table: TableId,
    aggregate: &'a Aggregate,
    /// The rows that count: the use's filter, `--where`, the aggregate's own filter, and being judgeable at all.
    population: Option<RowExpr>,
    argument: Option<RowExpr>,
    /// Where the population's condition can be empty: the rows that were left out for it, or for the argument.
    empty_filter: Option<RowExpr>,
    /// Whether rows of the population are left out because the argument is empty.
    empty_argument: bool,
}

impl<'a> LeafParts<'a> {
    pub(super) fn new(
        model: &'a Model,
        table: TableId,
        aggregate: &'a Aggregate,
        use_filter: Option<&RowExpr>,
        peilmoment: i64,
    ) -> Self {
        let mut judgeable = Vec::new();
        let mut lowered = |expr: &RowExpr| {
            let lowered = lower(expr, model.zone, peilmoment);
            judgeable.extend(lowered.judgeable);
            lowered.value
        };
        let filter = and(use_filter.into_iter().chain(&aggregate.filter).map(&mut lowered));
        let argument = aggregate.arg.as_ref().map(&mut lowered);
        let left_out_when_empty = !matches!(aggregate.empty, Some(EmptyRule::No | EmptyRule::Yes));
        let empty_argument = left_out_when_empty && argument.as_ref().is_some_and(|a| may_be_empty(model, table, a));
        let empty_filter = filter.clone().filter(|f| may_be_empty(model, table, f)).and_then(|f| {
            let left_out = filled(f, false);
            let in_population = argument.clone().filter(|_| empty_argument);
            let in_population = in_population.and_then(|a| and(filter.clone().into_iter().chain([filled(a, false)])));
            let left_out = in_population.map_or(left_out.clone(), |b| or(left_out, b));
            and(judgeable.iter().cloned().chain([left_out]))
        });
        let population = and(filter.into_iter().chain(judgeable));
        Self { model, table, aggregate, population, argument, empty_filter, empty_argument }
    }

    /// The count of the rows left out as empty; none where nothing can be.
    pub(super) fn empty(&self, draft: &mut Draft, axis: usize) -> Option<EmptyCount> {
        if let Some(filter) = &self.empty_filter {
            return Some(EmptyCount::Atom(draft.atom(axis, AtomOp::Count, Some(filter.clone()))));
        }
        let argument = self.argument.as_ref().filter(|_| self.empty_argument)?;
        let all = draft.atom(axis, AtomOp::Count, self.population.clone());
        let with_value = draft.atom(axis, AtomOp::Count, self.with_value(argument));
        Some(EmptyCount::Difference { all, with_value })
    }

    /// Whether rows before the asked range matter.
    pub(super) fn looks_back(&self) -> bool {
        self.aggregate.func == AggFunc::Last
    }

    /// Physical units in one base unit.
    pub(super) fn scale(&self) -> f64 {
        match self.argument.as_ref().map(|a| a.ty) {
            _ if matches!(self.aggregate.func, AggFunc::Count | AggFunc::CountDistinct | AggFunc::Percentage) => 1.0,
            ty => ty.map_or(1.0, scale_of),
        }
    }

    /// Adds the atoms to the scan and says which they are.
    pub(super) fn value(
        &self,
        draft: &mut Draft,
        axis: usize,
        column: &ColumnRef,
        windows: Vec<(i64, i64)>,
        sets: Vec<Vec<usize>>,
    ) -> LeafValue {
        let Some(argument) = self.argument.clone() else {
            return LeafValue::Count { rows: draft.atom(axis, AtomOp::Count, self.population.clone()) };
        };
        if self.aggregate.func == AggFunc::Percentage {
            return self.percentage(draft, axis, argument);
        }
        if self.aggregate.func == AggFunc::Last {
            let last = draft.atom(axis, self.last(column, argument), self.population.clone());
            return LeafValue::Last { last };
        }
        let n = draft.atom(axis, AtomOp::Count, self.with_value(&argument));
        let population = self.population.clone();
        let holistic = |op| draft.holistic(Holistic { axis, windows, op, filter: population.clone(), sets });
        match self.aggregate.func {
            AggFunc::CountDistinct => {
                let (holistic, _) = holistic(HolisticOp::Distinct(argument));
                LeafValue::Distinct { holistic, n }
            }
            AggFunc::Median => {
                let (holistic, index) = holistic(HolisticOp::Percentiles(argument, vec![50.0]));
                LeafValue::Percentile { holistic, index, n }
            }
            AggFunc::Percentile(p) => {
                let (holistic, index) = holistic(HolisticOp::Percentiles(argument, vec![p]));
                LeafValue::Percentile { holistic, index, n }
            }
            AggFunc::Sum => LeafValue::Sum { sum: draft.atom(axis, AtomOp::Sum(argument), population), n },
            AggFunc::Mean => LeafValue::Mean { sum: draft.atom(axis, AtomOp::Sum(argument), population), n },
            AggFunc::Min => LeafValue::Min { value: draft.atom(axis, AtomOp::Min(argument), population), n },
            AggFunc::Max => LeafValue::Max { value: draft.atom(axis, AtomOp::Max(argument), population), n },
            // Handled above; an argument of `aantal` would only be counted.
            AggFunc::Count | AggFunc::Percentage | AggFunc::Last => LeafValue::Count { rows: n },
        }
    }

    fn percentage(&self, draft: &mut Draft, axis: usize, condition: RowExpr) -> LeafValue {
        let population = || self.population.clone().into_iter();
        let of = match self.aggregate.empty {
            Some(EmptyRule::No | EmptyRule::Yes) => self.population.clone(),
            Some(EmptyRule::Skip) | None => self.with_value(&condition),
        };
        let yes = match self.aggregate.empty {
            Some(EmptyRule::Yes) if may_be_empty(self.model, self.table, &condition) => {
                or(condition.clone(), filled(condition, false))
            }
            _ => condition,
        };
        let yes = draft.atom(axis, AtomOp::Count, and(population().chain([yes])));
        LeafValue::Percentage { yes, of: draft.atom(axis, AtomOp::Count, of) }
    }

    /// The population, where the argument is not empty.
    fn with_value(&self, argument: &RowExpr) -> Option<RowExpr> {
        let value = may_be_empty(self.model, self.table, argument).then(|| filled(argument.clone(), true));
        and(self.population.clone().into_iter().chain(value))
    }

    fn last(&self, column: &ColumnRef, value: RowExpr) -> AtomOp {
        let table = self.model.table(self.table);
        let expr = |column: ColumnRef| {
            let ty = self.model.column(self.table, &column).ty;
            let lowered = RowExpr { kind: RowKind::Column(column), ty, span: value.span };
            lower(&lowered, self.model.zone, 0).value
        };
        let ties = table.key.iter().map(|&key| expr(ColumnRef::own(key))).collect();
        AtomOp::Last { order: expr(column.clone()), ties, value }
    }
}

/// Physical units of a type in one base unit.
pub(super) fn scale_of(ty: Type) -> f64 {
    match ty {
        Type::Duration => 1e6,
        Type::Money => 1e4,
        _ => 1.0,
    }
}

/// Whether an expression over a row can be empty, whatever the row.
fn may_be_empty(model: &Model, table: TableId, expr: &RowExpr) -> bool {
    nullability::nullable(model, table, expr, &nullability::Facts::default())
}
