//! From KPIs to scans: every aggregate becomes atoms, equal atoms are shared, and the atoms of one table gather in one
//! scan with the axes, segments and sets of dimensions that all readings need together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::groups;
use super::lattice;
use super::leaf::{Atoms, LeafParts, Target, person, scale_of};
use super::lower::{and, filled, lower};
use super::marks::{self, Behind, MarkReading};
use super::request::{
    Grouping, Leaf, LeafValue, LimitReading, Measurement, Place, Population, Reading, Request, Sampling, Stock, Term,
    stock_taken,
};
use super::scan::{Atom, AtomOp, Axis, Holistic, HolisticOp, Scan, overlapping};
use super::versions;
use crate::calendar::{Period, PeriodKind, Periods, Shift, TooManyPeriods};
use crate::model::norm::DataLimit;
use crate::model::sampling::{Sampled, sampled};
use crate::model::{
    AggFunc, Aggregate, Calculation, ColumnRef, Formula, FormulaKind, Kpi, Model, RowExpr, RowKind, SourceUse, TableId,
    Type,
};

/// Works out what must be computed for a request.
///
/// # Errors
/// When a KPI's periods over the asked range are too many to report.
pub fn build(model: &Model, request: &Request) -> Result<Measurement, TooManyPeriods> {
    let mut builder = Builder { model, request, drafts: Vec::new() };
    let mut readings = Vec::new();
    for &id in &request.kpis {
        let kpi = model.kpi(id);
        let periods = Periods::over(period_of(kpi, request), request.from, request.until, model.zone)?;
        for stretch in versions::stretches(model, kpi, periods) {
            readings.push(builder.reading(kpi, stretch));
        }
    }
    Ok(Measurement { scans: builder.drafts.into_iter().map(|draft| draft.finish(model)).collect(), readings })
}

/// The period of a reading: the asked one, or the KPI's own.
#[must_use]
pub fn period_of(kpi: &Kpi, request: &Request) -> PeriodKind {
    request.period.or(kpi.method.period).unwrap_or(PeriodKind::Month)
}

struct Builder<'a> {
    model: &'a Model,
    request: &'a Request,
    drafts: Vec<Draft>,
}

/// A reading under construction.
struct Context<'a> {
    sets: &'a [Vec<String>],
    /// Of which day the versions of definitions count, in whatever windows: so that a comparison with another period is
    /// one of like with like.
    day: NaiveDate,
    /// Whether persons are counted.
    shielded: bool,
    populations: Vec<Population>,
    marks: Vec<MarkReading>,
    /// See [`Reading::windows`].
    windows: Vec<Windows>,
    /// Where in `windows` the formula at hand is evaluated.
    at: usize,
}

/// One stretch of time per period.
type Windows = Vec<Option<Period>>;

impl Context<'_> {
    /// The stretches where the formula at hand is evaluated.
    fn here(&self) -> &Windows {
        &self.windows[self.at]
    }

    /// Goes on in other windows; where it was.
    fn enter(&mut self, windows: Windows) -> usize {
        std::mem::replace(&mut self.at, index_of(&mut self.windows, windows))
    }
}

impl Builder<'_> {
    /// One KPI over periods in which its definition stays the same.
    fn reading(&mut self, kpi: &Kpi, periods: Periods) -> Reading {
        let sets = sets_of(kpi, &self.request.grouping);
        let mut own: Windows = periods.list.iter().cloned().map(Some).collect();
        if let Some(shift) = kpi.method.window {
            own = self.shifted(shift, &own);
        }
        let day = periods.list.first().map(|p| p.from).unwrap_or_default();
        let shielded = self.model.shield_on(kpi, day).is_some();
        let mut context = Context {
            sets: &sets,
            day,
            shielded,
            populations: Vec::new(),
            marks: Vec::new(),
            windows: vec![own],
            at: 0,
        };
        let term = match &kpi.calculation {
            Calculation::NotMeasurable { .. } => None,
            Calculation::Formula(formula) => Some(self.whole(kpi, formula, &mut context)),
        };
        let sampling = self.sampling(kpi, &context);
        let limits = kpi.norms.data.iter().filter_map(|limit| self.limit(kpi, limit, &mut context)).collect();
        let order = kpi.dimensions.iter().filter_map(|d| {
            let (id, level) = d.shared?;
            let labels = self.model.dimension(id).labels(level);
            Some((d.name.clone(), labels.into_iter().map(str::to_owned).collect()))
        });
        let order = order.collect();
        let Context { populations, windows, marks, .. } = context;
        Reading { kpi: kpi.id, periods, windows, sets, populations, term, order, limits, sampling, marks }
    }

    /// What an interval around the value needs beside it.
    fn sampling(&mut self, kpi: &Kpi, context: &Context<'_>) -> Option<Sampling> {
        kpi.method.confidence?;
        let (a, b) = match sampled(self.model, kpi).ok()? {
            Sampled::Share(a) => (a, None),
            Sampled::Difference(a, b) => (a, Some(b)),
        };
        let used = kpi.sources.get(a.source)?;
        let place = self.place(kpi, a.source, used, &used.axis, context);
        let filter = self.use_filter(kpi, a.source, used);
        let weight = used.weight.as_ref();
        let (model, peilmoment) = (self.model, self.request.peilmoment);
        let parts = |x| LeafParts::new(model, used.table, x, filter.as_ref(), weight, peilmoment);
        let mut target =
            Target { draft: &mut self.drafts[place.scan], axis: place.axis, windows: Vec::new(), sets: Vec::new() };
        let squares = parts(a).squares(&mut target);
        let op = weight.map_or(AtomOp::Count, |w| AtomOp::Sum(lower(w, model.zone, peilmoment).value));
        let both = b.map(|b| {
            let both = and(parts(a).yes().into_iter().chain(parts(b).yes()));
            target.atom(op, both)
        });
        Some(Sampling { place, both, squares })
    }

    /// What the rows of a population say of a value that the norm takes from them.
    fn limit(&mut self, kpi: &Kpi, limit: &DataLimit, context: &mut Context<'_>) -> Option<LimitReading> {
        let used = kpi.sources.get(limit.source)?;
        let before = std::mem::replace(&mut context.at, 0);
        let place = self.place(kpi, limit.source, used, &used.axis, context);
        context.at = before;
        let (zone, peilmoment) = (self.model.zone, self.request.peilmoment);
        let population = self.use_filter(kpi, limit.source, used).map(|f| lower(&f, zone, peilmoment).value);
        let value = lower(&limit.expr, zone, peilmoment).value;
        let scale = scale_of(value.ty);
        let filled = and(population.clone().into_iter().chain([filled(value.clone(), true)]));
        let draft = &mut self.drafts[place.scan];
        let mut atom = |op, filter: &Option<RowExpr>| draft.atom(place.axis, op, filter.clone());
        let (low, high) = (atom(AtomOp::Min(value.clone()), &population), atom(AtomOp::Max(value), &population));
        let (rows, filled) = (atom(AtomOp::Count, &population), atom(AtomOp::Count, &filled));
        Some(LimitReading { place, low, high, rows, filled, scale })
    }

    /// Where a shift leads from each window.
    fn shifted(&self, shift: Shift, windows: &Windows) -> Windows {
        windows.iter().map(|window| shift.of(window.as_ref()?, self.model.zone)).collect()
    }

    /// What a term is in shifted windows.
    fn over<'c>(
        &mut self,
        shift: Shift,
        context: &mut Context<'c>,
        make: impl FnOnce(&mut Self, &mut Context<'c>) -> Term,
    ) -> Term {
        let windows = self.shifted(shift, context.here());
        let before = context.enter(windows);
        let term = make(self, context);
        Term::Over(std::mem::replace(&mut context.at, before), Box::new(term))
    }

    /// The whole calculation of a KPI, with the n that its meetmethode asks.
    fn whole(&mut self, kpi: &Kpi, formula: &Formula, context: &mut Context<'_>) -> Term {
        let value = self.term(kpi, formula, context);
        match &kpi.method.observations {
            None => value,
            Some(observations) => {
                let n = Box::new(self.leaf(kpi, observations, None, context));
                Term::Observed { value: Box::new(value), n }
            }
        }
    }

    fn term(&mut self, kpi: &Kpi, formula: &Formula, context: &mut Context<'_>) -> Term {
        let mut part = |x: &Formula| Box::new(self.term(kpi, x, context));
        match &formula.kind {
            FormulaKind::Number(x) => Term::Number(*x),
            FormulaKind::Negate(x) => Term::Negate(part(x)),
            FormulaKind::Binary(op, a, b) => Term::Binary(*op, part(a), part(b)),
            FormulaKind::Per(a, k, b) => Term::Per(part(a), *k, part(b)),
            FormulaKind::Share(a, b) => Term::Share(part(a), part(b)),
            FormulaKind::Portion(x) => Term::Portion(part(x)),
            FormulaKind::Yearly(x) => Term::Yearly(part(x)),
            FormulaKind::Over(x, shift) => self.over(shift.value, context, |builder, c| builder.term(kpi, x, c)),
            FormulaKind::Index(x, base) => {
                let now = self.term(kpi, x, context);
                let then = self.over(Shift::To(base.value), context, |builder, c| builder.term(kpi, x, c));
                Term::Index(Box::new(now), Box::new(then))
            }
            FormulaKind::Aggregate(aggregate) => {
                self.population(kpi, aggregate.source, context);
                self.open(kpi, aggregate, context);
                let weight = kpi.sources.get(aggregate.source).and_then(|used| used.weight.as_ref());
                let leaf = self.leaf(kpi, aggregate, weight, context);
                self.marks(kpi, aggregate, &leaf, context);
                Term::Leaf(Box::new(leaf))
            }
            FormulaKind::Kpi(id) => {
                let other = self.model.version_on(*id, context.day).and_then(|other| Some((other, other.formula()?)));
                match other {
                    // A KPI without indicator, or without a definition then, has no value, and so has whatever is made
                    // of it.
                    None => Term::Number(f64::NAN),
                    Some((other, inner)) => match other.method.window {
                        None => self.whole(other, inner, context),
                        Some(shift) => self.over(shift, context, |builder, c| builder.whole(other, inner, c)),
                    },
                }
            }
        }
    }

    /// The rows of a source use, for the members that occur. A use on which only `laatste` looks has them too.
    fn population(&mut self, kpi: &Kpi, source: usize, context: &mut Context<'_>) {
        let Some(used) = kpi.sources.get(source) else { return };
        let before = std::mem::replace(&mut context.at, 0);
        let place = self.place(kpi, source, used, &used.axis, context);
        context.at = before;
        let filter = self
            .use_filter(kpi, source, used)
            .and_then(|f| lower(&f, self.model.zone, self.request.peilmoment).value.into());
        let rows = self.drafts[place.scan].atom(place.axis, AtomOp::Count, filter);
        let population = Population { place, rows, open: None };
        if !context.populations.contains(&population) {
            context.populations.push(population);
        }
    }

    /// What the rows behind an aggregate say of its value.
    fn marks(&mut self, kpi: &Kpi, aggregate: &Aggregate, leaf: &Leaf, context: &mut Context<'_>) {
        let (model, peilmoment) = (self.model, self.request.peilmoment);
        let used = &kpi.sources[aggregate.source];
        if !self.request.marks || !marks::has_marks(model, used.table) {
            return;
        }
        let filter = self.use_filter(kpi, aggregate.source, used);
        let behind = Behind { model, used, aggregate, leaf, filter: filter.as_ref(), peilmoment };
        let found = behind.reading(&mut self.drafts[leaf.place.scan], context.here(), context.at);
        if !context.marks.contains(&found) {
            context.marks.push(found);
        }
    }

    /// The population of a source use: its own filter and `--where`.
    fn use_filter(&self, kpi: &Kpi, source: usize, used: &SourceUse) -> Option<RowExpr> {
        let asked = self.request.filters.get(&kpi.id).and_then(|list| list.get(source)).cloned().flatten();
        super::lower::and(used.filter.clone().into_iter().chain(asked))
    }

    fn place(
        &mut self,
        kpi: &Kpi,
        source: usize,
        used: &SourceUse,
        column: &ColumnRef,
        context: &Context<'_>,
    ) -> Place {
        let scan = self.draft(used.table);
        let is_date = self.model.column(used.table, column).ty == Type::Date;
        let (zone, peilmoment) = (self.model.zone, self.request.peilmoment);
        let draft = &mut self.drafts[scan];
        let axis = draft.axis(column, is_date);
        draft.axes[axis].bounds.extend(stretches(context.here(), is_date).into_iter().flat_map(|(a, b)| [a, b]));
        let sets: Vec<Vec<Option<usize>>> = context
            .sets
            .iter()
            .map(|names| {
                names
                    .iter()
                    .map(|name| {
                        let dimension = kpi.dimensions.iter().find(|d| d.name == *name)?;
                        let expr = dimension.exprs.get(source)?.as_ref()?;
                        Some(draft.dimension(lower(expr, zone, peilmoment).value))
                    })
                    .collect()
            })
            .collect();
        let place = Place { scan, axis, sets };
        for set in 0..context.sets.len() {
            self.drafts[scan].axes[axis].asked.insert(place.dimensions(set));
        }
        place
    }

    fn draft(&mut self, table: TableId) -> usize {
        if let Some(index) = self.drafts.iter().position(|d| d.table == table) {
            return index;
        }
        self.drafts.push(Draft::new(table));
        self.drafts.len() - 1
    }

    /// The rows that are open in the asked range, for the members that occur among them.
    fn open(&mut self, kpi: &Kpi, aggregate: &Aggregate, context: &mut Context<'_>) {
        if aggregate.func != AggFunc::Stock {
            return;
        }
        let before = std::mem::replace(&mut context.at, 0);
        let leaf = self.leaf(kpi, &Aggregate { filter: None, ..aggregate.clone() }, None, context);
        context.at = before;
        if let LeafValue::Stock(stock) = leaf.value {
            let population = Population { place: leaf.place.clone(), rows: stock.begun, open: Some(leaf) };
            if !context.populations.contains(&population) {
                context.populations.push(population);
            }
        }
    }

    /// A `werkvoorraad`: two axes from the beginning of time, cut at the periods' ends and at the peilmoment.
    fn stock(&mut self, kpi: &Kpi, aggregate: &Aggregate, until: &ColumnRef, context: &Context<'_>) -> Leaf {
        let used = &kpi.sources[aggregate.source];
        let from = aggregate.on.as_ref().unwrap_or(&used.axis);
        let place = self.place(kpi, aggregate.source, used, from, context);
        let ends = self.place(kpi, aggregate.source, used, until, context).axis;
        let peilmoment = self.request.peilmoment;
        let peilmoment_day = self.model.zone.first_day_from(peilmoment);
        let filter = self.use_filter(kpi, aggregate.source, used);
        let parts = LeafParts::new(self.model, used.table, aggregate, filter.as_ref(), None, peilmoment);
        let draft = &mut self.drafts[place.scan];
        // Per period the bound on the axis of beginnings, and on that of endings.
        let mut bounds = BTreeSet::new();
        let date = [draft.axes[place.axis].is_date, draft.axes[ends].is_date];
        for period in context.here().iter().flatten() {
            if let Some((instant, day)) = stock_taken(period, peilmoment, peilmoment_day) {
                let [begin, end] = date.map(|is_date| if is_date { day } else { instant });
                bounds.insert((begin, end));
            }
        }
        for (axis, bound) in [(place.axis, 0), (ends, 1)] {
            let of_axis = bounds.iter().map(|(begin, end)| if bound == 0 { *begin } else { *end });
            draft.axes[axis].bounds.extend(of_axis.chain([i64::MIN]));
        }
        let presence = draft.atom(place.axis, AtomOp::Count, None);
        let person = person(self.model, used.table).filter(|_| context.shielded);
        let stock = parts.stock(draft, (place.axis, from), (ends, until), person.as_ref());
        let mut open = Vec::new();
        if let Some(person) = &person {
            let sets = (0..context.sets.len()).map(|set| place.dimensions(set)).collect();
            let mut target = Target { draft, axis: place.axis, windows: Vec::new(), sets };
            for bound in bounds {
                open.push((bound.0, parts.open_persons(&mut target, (from, until), person, bound)));
            }
        }
        let value = LeafValue::Stock(Stock { peilmoment, peilmoment_day, ..stock });
        Leaf { place, value, scale: 1.0, presence, empty: None, groups: None, persons: None, open }
    }

    fn leaf(&mut self, kpi: &Kpi, aggregate: &Aggregate, weight: Option<&RowExpr>, context: &Context<'_>) -> Leaf {
        if let (AggFunc::Stock, Some(RowExpr { kind: RowKind::Column(until), .. })) = (aggregate.func, &aggregate.arg) {
            return self.stock(kpi, aggregate, until, context);
        }
        let used = &kpi.sources[aggregate.source];
        let column = aggregate.on.as_ref().unwrap_or(&used.axis);
        let place = self.place(kpi, aggregate.source, used, column, context);
        let filter = self.use_filter(kpi, aggregate.source, used);
        let (model, peilmoment) = (self.model, self.request.peilmoment);
        let is_date = self.model.column(used.table, column).ty == Type::Date;
        let draft = &mut self.drafts[place.scan];
        let presence = draft.atom(place.axis, AtomOp::Count, None);
        let windows = stretches(context.here(), is_date).into_iter().collect();
        let sets = (0..context.sets.len()).map(|set| place.dimensions(set)).collect();
        let mut target = Target { draft, axis: place.axis, windows, sets };
        let shielded = context.shielded;
        if let Some(groups) = &aggregate.per {
            let level = groups::Level { model, table: used.table, aggregate, groups, shielded, peilmoment };
            return level.leaf(filter.as_ref(), target, place, presence);
        }
        let parts = LeafParts::new(model, used.table, aggregate, filter.as_ref(), weight, peilmoment);
        if parts.looks_back() {
            target.draft.axes[place.axis].bounds.insert(i64::MIN);
        }
        let empty = parts.empty(&mut target);
        let persons = if shielded { parts.persons(&mut target) } else { None };
        let value = parts.value(&mut target, column);
        Leaf { place, value, scale: parts.scale(), presence, empty, groups: None, persons, open: Vec::new() }
    }
}

/// The ends of windows in the form of an axis: days or µs.
fn stretches(windows: &Windows, is_date: bool) -> BTreeSet<(i64, i64)> {
    windows.iter().flatten().map(|window| window.on_axis(is_date)).filter(|(from, until)| from < until).collect()
}

/// The sets of dimension names of a KPI: the total first.
fn sets_of(kpi: &Kpi, grouping: &Grouping) -> Vec<Vec<String>> {
    let mut sets = vec![Vec::new()];
    match grouping {
        Grouping::Total => {}
        Grouping::ByEach => sets.extend(kpi.dimensions.iter().map(|d| vec![d.name.clone()])),
        Grouping::By(names) => {
            if !names.is_empty() && names.iter().all(|n| kpi.dimensions.iter().any(|d| d.name == *n)) {
                sets.push(names.clone());
            }
        }
    }
    sets
}

/// A scan under construction.
pub(super) struct Draft {
    table: TableId,
    axes: Vec<AxisDraft>,
    dimensions: Vec<RowExpr>,
    atoms: Vec<Atom>,
    holistic: Vec<Holistic>,
}

struct AxisDraft {
    column: ColumnRef,
    is_date: bool,
    bounds: BTreeSet<i64>,
    asked: BTreeSet<Vec<usize>>,
}

impl Draft {
    fn new(table: TableId) -> Self {
        Self { table, axes: Vec::new(), dimensions: Vec::new(), atoms: Vec::new(), holistic: Vec::new() }
    }

    fn axis(&mut self, column: &ColumnRef, is_date: bool) -> usize {
        if let Some(index) = self.axes.iter().position(|a| a.column == *column) {
            return index;
        }
        let column = column.clone();
        self.axes.push(AxisDraft { column, is_date, bounds: BTreeSet::new(), asked: BTreeSet::new() });
        self.axes.len() - 1
    }

    fn dimension(&mut self, expr: RowExpr) -> usize {
        index_of(&mut self.dimensions, expr)
    }

    /// The index of an atom, which may be shared.
    pub(super) fn atom(&mut self, axis: usize, op: AtomOp, filter: Option<RowExpr>) -> usize {
        index_of(&mut self.atoms, Atom { axis, op, filter })
    }

    /// The index of a holistic aggregate; percentiles over the same values share one, and come with their own index.
    pub(super) fn holistic(&mut self, wanted: Holistic) -> (usize, usize) {
        let same = self.holistic.iter().position(|h| {
            h.axis == wanted.axis
                && h.filter == wanted.filter
                && share_windows(&h.windows, &wanted.windows)
                && match (&h.op, &wanted.op) {
                    (HolisticOp::Distinct(a), HolisticOp::Distinct(b))
                    | (HolisticOp::Percentiles(a, _), HolisticOp::Percentiles(b, _)) => a == b,
                    (HolisticOp::Groups { keys: a, .. }, HolisticOp::Groups { keys: b, .. }) => a == b,
                    _ => false,
                }
        });
        let Some(index) = same else {
            self.holistic.push(wanted);
            return (self.holistic.len() - 1, 0);
        };
        let found = &mut self.holistic[index];
        found.windows = united(&found.windows, &wanted.windows);
        for set in wanted.sets {
            if !found.sets.contains(&set) {
                found.sets.push(set);
            }
        }
        let place = match (&mut found.op, wanted.op) {
            (HolisticOp::Percentiles(_, have), HolisticOp::Percentiles(_, want)) => {
                want.into_iter().map(|p| index_of(have, p)).next().unwrap_or(0)
            }
            // Every outer aggregate comes with expressions of its own table.
            (HolisticOp::Groups { outer: have, .. }, HolisticOp::Groups { outer: want, .. }) => {
                let known = have.windows(want.len()).position(|part| part == want);
                let first = known.unwrap_or(have.len());
                if known.is_none() {
                    have.extend(want);
                }
                first
            }
            _ => 0,
        };
        (index, place)
    }

    fn finish(self, model: &Model) -> Scan {
        let mut grains = Vec::new();
        let mut axes = Vec::new();
        for (index, axis) in self.axes.into_iter().enumerate() {
            let bounds: Vec<i64> = axis.bounds.into_iter().collect();
            grains.extend(lattice::grains(model, index, &axis.asked, &self.dimensions, bounds.len()));
            axes.push(Axis { column: axis.column, is_date: axis.is_date, bounds });
        }
        let Self { table, dimensions, atoms, holistic, .. } = self;
        Scan { table, axes, dimensions, atoms, grains, holistic }
    }
}

/// All windows of two lists: ascending, each once.
fn united(a: &[(i64, i64)], b: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let all: BTreeSet<(i64, i64)> = a.iter().chain(b).copied().collect();
    all.into_iter().collect()
}

/// Whether one aggregate serves the windows of both without more work than two: together they do not overlap, or each
/// overlap already.
fn share_windows(a: &[(i64, i64)], b: &[(i64, i64)]) -> bool {
    (overlapping(a) && overlapping(b)) || !overlapping(&united(a, b))
}

/// The index of an item in a list, added when it is not there yet.
fn index_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    if let Some(index) = list.iter().position(|x| *x == item) {
        return index;
    }
    list.push(item);
    list.len() - 1
}

/// Which stored tables stand behind KPIs, through derived tables, relations and other KPIs; and on which columns the
/// flows among them are placed in time (tables on which only `laatste` looks count only where there is nothing else).
#[must_use]
pub fn stored_tables(model: &Model, kpis: &[crate::model::KpiId]) -> BTreeMap<TableId, bool> {
    let mut found = super::reach::Found::default();
    for &id in kpis {
        super::reach::kpi(model, model.kpi(id), &mut found);
    }
    found.tables
}
