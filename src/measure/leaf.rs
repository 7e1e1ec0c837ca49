//! One aggregate as atoms: its lowered population and argument, and which counts and sums make its value.

use super::build::Draft;
use super::lower::{and, any, constant, filled, lower, not_before, or};
use super::request::{EmptyCount, LeafValue, Persons, Stock};
use super::scan::{AtomOp, Holistic, HolisticOp};
use crate::model::expr::{Arithmetic, MONEY_SCALE};
use crate::model::{
    AggFunc, Aggregate, ColumnRef, EmptyRule, Model, RowExpr, RowKind, TableId, Type, Value, nullability,
};

/// Where the atoms of an aggregate go. Each answer is the number of what may be shared.
pub(super) trait Atoms {
    fn atom(&mut self, op: AtomOp, filter: Option<RowExpr>) -> usize;
    /// A percentile: the holistic aggregate and the index in it.
    fn percentile(&mut self, of: RowExpr, p: f64, filter: Option<RowExpr>) -> (usize, usize);
    /// The number of distinct values: a holistic aggregate.
    fn distinct(&mut self, of: RowExpr, filter: Option<RowExpr>) -> usize;
    /// The sum of the greatest `p` percent of the values.
    fn top(&mut self, of: RowExpr, p: f64, filter: Option<RowExpr>) -> usize;
}

/// The rows of a table on an axis, for some periods and sets of dimensions.
pub(super) struct Target<'d> {
    pub draft: &'d mut Draft,
    pub axis: usize,
    pub windows: Vec<(i64, i64)>,
    pub sets: Vec<Vec<usize>>,
}

impl Target<'_> {
    /// The holistic aggregate with this operation, and what it brings along in it.
    pub(super) fn holistic(&mut self, op: HolisticOp, filter: Option<RowExpr>) -> (usize, usize) {
        let (windows, sets) = (self.windows.clone(), self.sets.clone());
        self.draft.holistic(Holistic { axis: self.axis, windows, op, filter, sets })
    }
}

impl Atoms for Target<'_> {
    fn atom(&mut self, op: AtomOp, filter: Option<RowExpr>) -> usize {
        self.draft.atom(self.axis, op, filter)
    }

    fn percentile(&mut self, of: RowExpr, p: f64, filter: Option<RowExpr>) -> (usize, usize) {
        self.holistic(HolisticOp::Percentiles(of, vec![p]), filter)
    }

    fn distinct(&mut self, of: RowExpr, filter: Option<RowExpr>) -> usize {
        self.holistic(HolisticOp::Distinct(of), filter).0
    }

    /// Of rows there is no top: the model has it over groups only. All of them are at least a bound.
    fn top(&mut self, of: RowExpr, _: f64, filter: Option<RowExpr>) -> usize {
        self.atom(AtomOp::Sum(of), filter)
    }
}

/// An axis by its index, and its column.
type Side<'a> = (usize, &'a ColumnRef);

pub(super) struct LeafParts<'a> {
    model: &'a Model,
    table: TableId,
    aggregate: &'a Aggregate,
    /// The rows that count: the use's filter, `--where`, the aggregate's own filter, and being judgeable at all.
    population: Option<RowExpr>,
    argument: Option<RowExpr>,
    /// How heavy a row counts.
    weight: Option<RowExpr>,
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
        weight: Option<&RowExpr>,
        peilmoment: i64,
    ) -> Self {
        let mut judgeable = Vec::new();
        let mut lowered = |expr: &RowExpr| {
            let lowered = lower(expr, model.zone, peilmoment);
            judgeable.extend(lowered.judgeable);
            lowered.value
        };
        let filter = and(use_filter.into_iter().chain(&aggregate.filter).map(&mut lowered));
        // Where the rows of a `werkvoorraad` end is an axis, not a value.
        let argument = aggregate.arg.as_ref().filter(|_| aggregate.func != AggFunc::Stock).map(&mut lowered);
        let weight = weight.map(&mut lowered);
        let left_out_when_empty = !matches!(aggregate.empty, Some(EmptyRule::No | EmptyRule::Yes));
        let nullable = |x: &Option<RowExpr>| x.as_ref().is_some_and(|x| may_be_empty(model, table, x));
        let empty_argument = left_out_when_empty && nullable(&argument) || nullable(&weight);
        let empty_filter = filter.clone().filter(|f| may_be_empty(model, table, f)).and_then(|f| {
            let left_out = filled(f, false);
            let missing = any(missing(model, table, left_out_when_empty, argument.as_ref(), weight.as_ref()));
            let in_population = missing.and_then(|m| and(filter.clone().into_iter().chain([m])));
            let left_out = in_population.map_or(left_out.clone(), |b| or(left_out, b));
            and(judgeable.iter().cloned().chain([left_out]))
        });
        let population = and(filter.into_iter().chain(judgeable));
        Self { model, table, aggregate, population, argument, weight, empty_filter, empty_argument }
    }

    /// The condition under which a row is left out because something is empty; none where nothing can be.
    pub(super) fn left_out(&self) -> Option<RowExpr> {
        self.empty_filter.clone().or_else(|| {
            let skips = !matches!(self.aggregate.empty, Some(EmptyRule::No | EmptyRule::Yes));
            let missing = missing(self.model, self.table, skips, self.argument.as_ref(), self.weight.as_ref());
            any(missing).and_then(|m| and(self.population.clone().into_iter().chain([m])))
        })
    }

    /// The count of the rows left out as empty; none where nothing can be.
    pub(super) fn empty(&self, atoms: &mut dyn Atoms) -> Option<EmptyCount> {
        if let Some(filter) = &self.empty_filter {
            return Some(EmptyCount::Atom(atoms.atom(AtomOp::Count, Some(filter.clone()))));
        }
        if !self.empty_argument {
            return None;
        }
        let all = atoms.atom(AtomOp::Count, self.population.clone());
        let with_value = atoms.atom(AtomOp::Count, self.evaluated());
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
            // Weighted values are in the base unit already.
            _ if self.weight.is_some() => 1.0,
            ty => ty.map_or(1.0, scale_of),
        }
    }

    /// Adds the atoms and says which they are.
    pub(super) fn value(&self, atoms: &mut dyn Atoms, column: &ColumnRef) -> LeafValue {
        if let Some(weight) = &self.weight {
            return self.weighted(atoms, weight);
        }
        let Some(argument) = self.argument.clone() else {
            return LeafValue::Count { rows: atoms.atom(AtomOp::Count, self.population.clone()) };
        };
        if self.aggregate.func == AggFunc::Percentage {
            let (yes, of) = self.condition(argument);
            let yes = atoms.atom(AtomOp::Count, yes);
            return LeafValue::Percentage { yes, of: atoms.atom(AtomOp::Count, of) };
        }
        if self.aggregate.func == AggFunc::Last {
            let last = atoms.atom(self.last(column, argument), self.population.clone());
            return LeafValue::Last { last };
        }
        let n = atoms.atom(AtomOp::Count, self.with_value(&argument));
        let population = self.population.clone();
        match self.aggregate.func {
            AggFunc::CountDistinct => LeafValue::Distinct { holistic: atoms.distinct(argument, population), n },
            AggFunc::Median => {
                let (holistic, index) = atoms.percentile(argument, 50.0, population);
                LeafValue::Percentile { holistic, index, n }
            }
            AggFunc::Percentile(p) => {
                let (holistic, index) = atoms.percentile(argument, p, population);
                LeafValue::Percentile { holistic, index, n }
            }
            AggFunc::TopShare(p) => {
                let top = atoms.top(argument.clone(), p, population.clone());
                LeafValue::Top { top, of: atoms.atom(AtomOp::Sum(argument), population), n }
            }
            AggFunc::Sum => LeafValue::Sum { sum: atoms.atom(AtomOp::Sum(argument), population), n },
            AggFunc::Mean => LeafValue::Mean { sum: atoms.atom(AtomOp::Sum(argument), population), n },
            AggFunc::Min => LeafValue::Min { value: atoms.atom(AtomOp::Min(argument), population), n },
            AggFunc::Max => LeafValue::Max { value: atoms.atom(AtomOp::Max(argument), population), n },
            // Handled above; an argument of `aantal` would only be counted.
            AggFunc::Count | AggFunc::Percentage | AggFunc::Last | AggFunc::Stock => LeafValue::Count { rows: n },
        }
    }

    /// The rows that are `ja` in a percentage, and those that it is of.
    fn condition(&self, condition: RowExpr) -> (Option<RowExpr>, Option<RowExpr>) {
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
        (and(population().chain([yes])), of)
    }

    /// Every row counts as heavy as its weight.
    fn weighted(&self, atoms: &mut dyn Atoms, weight: &RowExpr) -> LeafValue {
        let n = atoms.atom(AtomOp::Count, self.evaluated());
        let mut weights = |filter| atoms.atom(AtomOp::Sum(weight.clone()), filter);
        let Some(argument) = self.argument.clone() else {
            return LeafValue::Sum { sum: weights(self.population.clone()), n };
        };
        if self.aggregate.func == AggFunc::Percentage {
            let (yes, of) = self.condition(argument);
            return LeafValue::WeightedPercentage { yes: weights(yes), of: weights(of), n };
        }
        let of = (self.aggregate.func == AggFunc::Mean).then(|| weights(self.with_value(&argument)));
        let sum = atoms.atom(AtomOp::Sum(product(argument, weight.clone())), self.population.clone());
        match of {
            Some(of) => LeafValue::WeightedMean { sum, of, n },
            None => LeafValue::Sum { sum, n },
        }
    }

    /// The rows that take part in the value.
    fn evaluated(&self) -> Option<RowExpr> {
        let of = match (&self.argument, self.aggregate.empty) {
            (None, _) | (_, Some(EmptyRule::No | EmptyRule::Yes)) => self.population.clone(),
            (Some(argument), _) => self.with_value(argument),
        };
        let weight = self.weight.iter().filter(|w| may_be_empty(self.model, self.table, w));
        and(of.into_iter().chain(weight.map(|w| filled(w.clone(), true))))
    }

    /// The rows that are `ja` in a percentage.
    pub(super) fn yes(&self) -> Option<RowExpr> {
        self.condition(self.argument.clone()?).0
    }

    /// The sum of weights squared over the rows that take part in the value.
    pub(super) fn squares(&self, atoms: &mut dyn Atoms) -> Option<usize> {
        let weight = self.weight.clone()?;
        Some(atoms.atom(AtomOp::Sum(product(weight.clone(), weight)), self.evaluated()))
    }

    /// Counts the persons in the rows that the value rests on; none for a last known value, which rests on no rows of its
    /// own.
    pub(super) fn persons(&self, target: &mut Target<'_>) -> Option<Persons> {
        if self.looks_back() { None } else { persons(self.model, self.table, self.evaluated(), target) }
    }

    /// The atoms of a `werkvoorraad`: rows that have begun, on the axis of beginnings, less rows that have ended, on that
    /// of endings. A row that ended before it began is in neither, so that it is open at no time.
    /// `person`: what tells persons apart, where they are counted.
    pub(super) fn stock(
        &self,
        draft: &mut Draft,
        (begins, from): Side<'_>,
        (ends, until): Side<'_>,
        person: Option<&RowExpr>,
    ) -> Stock {
        let (from, until) = (self.column(from), self.column(until));
        let forwards = not_before(until.clone(), from);
        let open_or_forwards = or(filled(until, false), forwards.clone());
        let mut both = |population: Option<RowExpr>| {
            let begun = and(population.clone().into_iter().chain([open_or_forwards.clone()]));
            let ended = and(population.into_iter().chain([forwards.clone()]));
            (draft.atom(begins, AtomOp::Count, begun), draft.atom(ends, AtomOp::Count, ended))
        };
        let (begun, ended) = both(self.population.clone());
        let empty = self.empty_filter.clone().map(|filter| both(Some(filter)));
        let unknown = person.filter(|person| may_be_empty(self.model, self.table, person));
        let without = unknown.map(|person| {
            let unknown = filled(person.clone(), false);
            both(and(self.population.clone().into_iter().chain([unknown])))
        });
        let persons = person.is_some();
        Stock { begun, ended, empty, without, ends, peilmoment: 0, peilmoment_day: 0, persons }
    }

    /// Counts the different persons in the rows of a `werkvoorraad` that are open at a bound, which is given for the axis
    /// of beginnings and for that of endings: not the difference of two counts, so each bound has its own.
    pub(super) fn open_persons(
        &self,
        target: &mut Target<'_>,
        (from, until): (&ColumnRef, &ColumnRef),
        person: &RowExpr,
        (begin, end): (i64, i64),
    ) -> usize {
        let (from, until) = (self.column(from), self.column(until));
        let bound = constant(Value::Int(end), until.ty);
        let later = and([not_before(until.clone(), from), not_before(until.clone(), bound)]);
        let open = later.map(|later| or(filled(until, false), later));
        target.windows = vec![(i64::MIN, begin)];
        target.holistic(HolisticOp::Distinct(person.clone()), and(self.population.clone().into_iter().chain(open))).0
    }

    fn column(&self, column: &ColumnRef) -> RowExpr {
        let ty = self.model.column(self.table, column).ty;
        let span = self.aggregate.span;
        lower(&RowExpr { kind: RowKind::Column(column.clone()), ty, span }, self.model.zone, 0).value
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

/// What tells persons apart in a table; none where it knows none.
pub(super) fn person(model: &Model, table: TableId) -> Option<RowExpr> {
    let column = model.person(table)?;
    let ty = model.table(table).columns.get(column)?.ty;
    let written = RowExpr { kind: RowKind::Column(ColumnRef::own(column)), ty, span: model.table(table).span };
    Some(lower(&written, model.zone, 0).value)
}

/// Counts the different persons in some rows of a table. None where the table knows no persons.
pub(super) fn persons(
    model: &Model,
    table: TableId,
    rows: Option<RowExpr>,
    target: &mut Target<'_>,
) -> Option<Persons> {
    let person = person(model, table)?;
    let without = may_be_empty(model, table, &person).then(|| {
        let unknown = and(rows.clone().into_iter().chain([filled(person.clone(), false)]));
        target.atom(AtomOp::Count, unknown)
    });
    Some(Persons { known: target.holistic(HolisticOp::Distinct(person), rows).0, without, chosen: false })
}

/// Physical units of a type in one base unit.
pub(super) fn scale_of(ty: Type) -> f64 {
    match ty {
        Type::Duration => 1e6,
        Type::Money => 1e4,
        _ => 1.0,
    }
}

/// That the argument or the weight is empty, where it can be.
fn missing(
    model: &Model,
    table: TableId,
    skips: bool,
    argument: Option<&RowExpr>,
    weight: Option<&RowExpr>,
) -> Vec<RowExpr> {
    let list = argument.filter(|_| skips).into_iter().chain(weight);
    list.filter(|x| may_be_empty(model, table, x)).map(|x| filled(x.clone(), false)).collect()
}

/// `x · weight` as a float in the base unit of x.
fn product(x: RowExpr, weight: RowExpr) -> RowExpr {
    let base = match x.ty {
        Type::Duration => Some(Value::Int(crate::calendar::SECOND)),
        Type::Money => Some(Value::Money(MONEY_SCALE)),
        _ => None,
    };
    let number = |op, a: RowExpr, b: RowExpr| {
        let span = a.span;
        RowExpr { kind: RowKind::Arithmetic(op, Box::new(a), Box::new(b)), ty: Type::Number, span }
    };
    let x = match base {
        Some(one) => {
            let one = constant(one, x.ty);
            number(Arithmetic::Divide, x, one)
        }
        None => x,
    };
    number(Arithmetic::Multiply, x, weight)
}

/// Whether an expression over a row can be empty, whatever the row.
pub(super) fn may_be_empty(model: &Model, table: TableId, expr: &RowExpr) -> bool {
    nullability::nullable(model, table, expr, &nullability::Facts::default())
}
