//! The calculating phases in order: what is connected → measure → plan and run → combine → judge. A driver without
//! opinions: each step belongs to its own module.

mod notes;
pub mod stored;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::calendar::{PeriodKind, Periods, day_of};
use crate::check::Checked;
use crate::check::over_time::unsuited;
use crate::combine::{Figure, combine, unknown_spellings};
use crate::diagnostic::Diagnostic;
use crate::judge::{Circumstances, Row, judge, unsettled};
use crate::measure::{self, Cells, Grouping, Measurement, Request, ScanCells};
use crate::model::{Column, KpiId, Model, RowExpr, TableId, Type, identity, nullability};
use crate::plan::{self, StoredPlans};
use crate::run::engine::Engine;
use crate::run::source::{self, Connection, Opened, Wanted};

/// A question about a project's data.
#[derive(Clone, Debug)]
pub struct Question {
    pub kpis: Vec<KpiId>,
    /// By default the period of the oldest row.
    pub from: Option<NaiveDate>,
    /// Exclusive. By default up to and including the newest row's day.
    pub until: Option<NaiveDate>,
    pub period: Option<PeriodKind>,
    pub grouping: Grouping,
    pub filters: BTreeMap<KpiId, Vec<Option<RowExpr>>>,
    /// µs UTC; by default the first local midnight after the newest row.
    pub peilmoment: Option<i64>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub rows: Vec<Row>,
    /// µs UTC; none when nothing could be read.
    pub peilmoment: Option<i64>,
    /// The asked range; none when there is no data.
    pub range: Option<(NaiveDate, NaiveDate)>,
    /// KPIs without figures because their sources are not connected, with the names of those tables.
    pub unconnected: Vec<(KpiId, Vec<String>)>,
    /// What went wrong with a source or in the engine, and which KPIs lack their figures for it.
    pub failures: Vec<(Diagnostic, Vec<KpiId>)>,
    /// What a reader should know: rows without a moment, ranges that were widened.
    pub notes: Vec<Diagnostic>,
}

/// Told while it works.
pub trait Progress {
    /// A step begins: `acd.gesprek lezen`, the how manieth of how many.
    fn step(&self, what: &str, number: usize, of: usize);
}

/// Nobody listens.
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _what: &str, _number: usize, _of: usize) {}
}

/// The engine's plans for a question: logical after optimising, or physical.
///
/// # Errors
/// When a source cannot be opened, or nothing is connected.
#[expect(clippy::result_large_err, reason = "an error is made once, and ends the work")]
pub fn explain(
    checked: &Checked,
    engine: &Engine,
    connections: &BTreeMap<TableId, Connection>,
    question: &Question,
    physical: bool,
) -> Result<String, Diagnostic> {
    let mut work = Work::new(checked, engine, connections, question, &Silent);
    let needs = work.connected();
    work.open(&needs);
    let request = work.request(needs.keys().copied().collect());
    if let Some((diagnostic, _)) = work.outcome.failures.first() {
        return Err(diagnostic.clone());
    }
    let nothing =
        || Diagnostic::error("ML654", "zonder gekoppelde bron is er geen plan").help("koppel de bron in meetlat.yaml");
    let request = request.ok_or_else(nothing)?;
    let measured = measure::build(work.model, &request).map_err(|e| notes::too_many(e, &request))?;
    let mut text = String::new();
    for scan in &measured.scans {
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let sets = scan.grains.iter().map(|g| count(g.dimensions.len(), "dimensie", "dimensies"));
        text += &format!(
            "{} over {} in één keer, gegroepeerd op {}\n",
            count(scan.atoms.len(), "onderdeel", "onderdelen"),
            work.model.table(scan.table).full_name(),
            sets.collect::<Vec<_>>().join(" en ")
        );
        text += &engine.explain(work.model, scan, &work.plans(), request.peilmoment, physical)?;
    }
    Ok(text)
}

/// Calculates. Failures of one source leave the other KPIs their figures.
#[must_use]
pub fn calculate(
    checked: &Checked,
    engine: &Engine,
    connections: &BTreeMap<TableId, Connection>,
    question: &Question,
    progress: &dyn Progress,
) -> Outcome {
    let mut work = Work::new(checked, engine, connections, question, progress);
    work.all();
    work.outcome
}

struct Work<'a> {
    checked: &'a Checked,
    model: &'a Model,
    engine: &'a Engine,
    connections: &'a BTreeMap<TableId, Connection>,
    question: &'a Question,
    progress: &'a dyn Progress,
    opened: BTreeMap<TableId, Opened>,
    lacking: BTreeMap<KpiId, String>,
    outcome: Outcome,
}

impl<'a> Work<'a> {
    fn new(
        checked: &'a Checked,
        engine: &'a Engine,
        connections: &'a BTreeMap<TableId, Connection>,
        question: &'a Question,
        progress: &'a dyn Progress,
    ) -> Self {
        Self {
            checked,
            model: checked.model(),
            engine,
            connections,
            question,
            progress,
            opened: BTreeMap::new(),
            lacking: BTreeMap::new(),
            outcome: Outcome::default(),
        }
    }

    fn all(&mut self) {
        let needs = self.connected();
        self.open(&needs);
        let kpis = |work: &Self| -> Vec<KpiId> {
            work.question.kpis.iter().copied().filter(|id| work.has_sources(*id, &needs)).collect()
        };
        let Some(mut request) = self.request(kpis(self)) else { return };
        // Looking for the newest row may show that a source fails.
        request.kpis = kpis(self);
        self.dated(&mut request);
        let measured = match measure::build(self.model, &request) {
            Ok(measured) => measured,
            Err(error) => {
                self.fail(notes::too_many(error, &request), request.kpis);
                return;
            }
        };
        self.note_unsuited(&measured);
        self.narrow(&measured);
        let cells = self.execute(&measured, request.peilmoment);
        self.answer(&measured, &cells, &request, &needs);
    }

    /// The KPIs whose sources are connected, with the stored columns that each needs. What a source does not have here
    /// is noted.
    fn connected(&mut self) -> BTreeMap<KpiId, BTreeMap<TableId, BTreeSet<usize>>> {
        let mut needs = BTreeMap::new();
        for &id in &self.question.kpis {
            let tables = measure::stored_tables(self.model, &[id]);
            let missing: Vec<String> = tables
                .keys()
                .filter(|t| !self.connections.contains_key(t))
                .map(|t| self.model.table(*t).full_name())
                .collect();
            if !missing.is_empty() {
                self.outcome.unconnected.push((id, missing));
                continue;
            }
            let columns = self.columns(id, true);
            if let Some(reason) = self.unavailable(id, &columns) {
                self.lacking.insert(id, reason);
            }
            needs.insert(id, columns);
        }
        needs
    }

    /// Why a KPI has no figures here, in words. A column that only marks results and may be empty can be missed.
    fn unavailable(&self, id: KpiId, columns: &BTreeMap<TableId, BTreeSet<usize>>) -> Option<String> {
        let reason = self.absent(columns, |_| true)?;
        let filled = self.absent(columns, |column| !column.nullable);
        filled.or_else(|| self.absent(&self.columns(id, false), |_| true).map(|_| reason))
    }

    /// The stored columns behind one KPI, the meetmoment included; with those that `marks` its results, or without.
    fn columns(&self, id: KpiId, marks: bool) -> BTreeMap<TableId, BTreeSet<usize>> {
        let mut needed: BTreeMap<TableId, BTreeSet<usize>> = BTreeMap::new();
        for day in measure::versions::telling_days(self.model, self.model.kpi(id)) {
            let until = day.succ_opt().unwrap_or(day);
            let period = Some(PeriodKind::Day);
            let request = Request { kpis: vec![id], period, marks, ..self.bare_request(day, until, 0) };
            for scan in measure::build(self.model, &request).map(|m| m.scans).unwrap_or_default() {
                for (table, columns) in plan::required_columns(self.model, &scan) {
                    needed.entry(table).or_default().extend(columns);
                }
            }
        }
        for table in measure::stored_tables(self.model, &[id]).into_keys() {
            needed.entry(table).or_default().extend(plan::axis_columns(self.model, table));
        }
        needed
    }

    fn bare_request(&self, from: NaiveDate, until: NaiveDate, peilmoment: i64) -> Request {
        Request {
            kpis: Vec::new(),
            from,
            until,
            period: self.question.period,
            grouping: self.question.grouping.clone(),
            filters: self.question.filters.clone(),
            peilmoment,
            marks: true,
        }
    }

    /// Why columns are not there, in words; none when they are.
    fn absent(&self, needed: &BTreeMap<TableId, BTreeSet<usize>>, matters: impl Fn(&Column) -> bool) -> Option<String> {
        needed.iter().find_map(|(&id, columns)| {
            let table = self.model.table(id);
            let absent = source::absent(table, self.connections.get(&id)?);
            let (column, reason) = absent
                .iter()
                .find(|(column, _)| columns.contains(column) && table.columns.get(**column).is_some_and(&matters))?;
            let name = format!("{}.{}", table.full_name(), table.columns[*column].name);
            Some(reason.map_or_else(
                || format!("kolom `{name}` is hier niet beschikbaar"),
                |r| format!("kolom `{name}` is hier niet beschikbaar: {r}"),
            ))
        })
    }

    fn open(&mut self, needs: &BTreeMap<KpiId, BTreeMap<TableId, BTreeSet<usize>>>) {
        let mut wanted: BTreeMap<TableId, BTreeSet<usize>> = BTreeMap::new();
        for (id, columns) in needs {
            for (table, columns) in columns {
                let wanted = wanted.entry(*table).or_default();
                if self.lacking.contains_key(id) {
                    // Its rows still tell which periods there are.
                    wanted.extend(plan::axis_columns(self.model, *table));
                } else {
                    wanted.extend(columns);
                }
            }
        }
        let count = wanted.len();
        for (number, (id, columns)) in wanted.into_iter().enumerate() {
            let table = self.model.table(id);
            self.progress.step(&format!("{} openen", table.full_name()), number + 1, count);
            let Some(connection) = self.connections.get(&id) else { continue };
            let wanted = Wanted { columns: &columns, bounds: None };
            match self.engine.open(table, connection, self.model.zone, &wanted) {
                Ok(opened) => {
                    self.opened.insert(id, opened);
                }
                Err(diagnostic) => {
                    let kpis = needs.iter().filter(|(_, n)| n.contains_key(&id)).map(|(k, _)| *k).collect();
                    self.fail(diagnostic, kpis);
                }
            }
        }
    }

    fn has_sources(&self, id: KpiId, needs: &BTreeMap<KpiId, BTreeMap<TableId, BTreeSet<usize>>>) -> bool {
        let all = |tables: &BTreeMap<TableId, BTreeSet<usize>>| tables.keys().all(|t| self.opened.contains_key(t));
        !self.lacking.contains_key(&id) && needs.get(&id).is_some_and(all)
    }

    fn fail(&mut self, diagnostic: Diagnostic, kpis: Vec<KpiId>) {
        if let Some((_, known)) = self.outcome.failures.iter_mut().find(|(d, _)| *d == diagnostic) {
            known.extend(kpis);
            known.sort_unstable();
            known.dedup();
        } else {
            self.outcome.failures.push((diagnostic, kpis));
        }
    }

    fn plans(&self) -> StoredPlans {
        self.opened.iter().map(|(id, opened)| (*id, opened.plan.clone())).collect()
    }

    /// Settles the range and the peilmoment, from the data where the question leaves them open.
    fn request(&mut self, kpis: Vec<KpiId>) -> Option<Request> {
        let zone = self.model.zone;
        let question = self.question;
        let asked = (question.from, question.until, question.peilmoment);
        let (oldest, newest) = if let (Some(_), Some(_), Some(_)) = asked {
            (None, None)
        } else {
            let all: Vec<KpiId> = kpis.iter().chain(self.lacking.keys()).copied().collect();
            self.extent(&all)
        };
        let newest_day = newest.and_then(|t| zone.day(t));
        let from = question.from.or_else(|| oldest.and_then(|t| zone.day(t)));
        let until = question.until.or_else(|| newest_day.and_then(|d| d.succ_opt()));
        // Asked for a time before or after all data: the period where the question begins or ends, without figures.
        let (from, until) = match (from, until) {
            (Some(from), Some(until)) if until <= from && question.until.is_some() => (until.pred_opt(), Some(until)),
            (Some(from), Some(until)) if until <= from => (Some(from), from.succ_opt()),
            bounds => bounds,
        };
        let peilmoment = question.peilmoment.or_else(|| newest.and_then(|t| zone.next_midnight(t)));
        // Without data, an asked range still gives rows: all of them `geen gegevens`.
        let peilmoment = peilmoment.or_else(|| until.map(|d| zone.midnight(d)));
        self.outcome.peilmoment = peilmoment;
        let (from, until) = (from?, until?);
        self.outcome.range = Some((from, until));
        Some(Request { kpis, ..self.bare_request(from, until, peilmoment?) })
    }

    /// The oldest moment of the flows and the newest of all stored tables behind the KPIs, µs UTC.
    fn extent(&mut self, kpis: &[KpiId]) -> (Option<i64>, Option<i64>) {
        let tables = measure::stored_tables(self.model, kpis);
        let any_flow = tables.values().any(|flow| *flow);
        let plans = self.plans();
        let (mut oldest, mut newest): (Option<i64>, Option<i64>) = (None, None);
        let count = tables.len();
        for (number, (id, flow)) in tables.into_iter().enumerate() {
            let table = self.model.table(id);
            let Some(axis) = table.axis else { continue };
            if !plans.contains_key(&id) {
                continue;
            }
            self.progress.step(&format!("{}: eerste en laatste rij zoeken", table.full_name()), number + 1, count);
            match self.engine.extent(self.model, id, axis, &plans) {
                Ok((low, high)) => {
                    let instant = |t: i64| match table.columns[axis].ty {
                        Type::Date => i32::try_from(t).ok().and_then(day_of).map(|d| self.model.zone.midnight(d)),
                        _ => Some(t),
                    };
                    if flow || !any_flow {
                        oldest = smaller(oldest, low.and_then(instant));
                    }
                    newest = newest.max(high.and_then(instant));
                }
                Err(diagnostic) => {
                    let diagnostic = placed(diagnostic, self.model, id);
                    self.opened.remove(&id);
                    let hit = |k: &&KpiId| measure::stored_tables(self.model, &[**k]).contains_key(&id);
                    let hit = kpis.iter().filter(hit).copied().collect();
                    self.fail(diagnostic, hit);
                }
            }
        }
        (oldest, newest)
    }

    /// Tells which KPIs have no value because they were asked per another period than their own.
    fn note_unsuited(&mut self, measured: &Measurement) {
        for reading in &measured.readings {
            let kpi = self.model.kpi(reading.kpi);
            if let Some(why) = unsuited(self.model, kpi, reading.periods.kind) {
                self.outcome.notes.push(
                    Diagnostic::warning("ML249", format!("`{}` heeft zo geen uitkomst: {why}", kpi.name))
                        .help("vraag de kpi per haar eigen periode, zonder --period"),
                );
            }
        }
    }

    /// Opens sources again with the asked range, so that files and parts of files outside it are skipped: where a table
    /// (or a part that it unites) is read by one scan only, once, on one axis of its own, and nothing looks back.
    fn narrow(&mut self, measured: &Measurement) {
        if self.question.from.is_none() && self.question.until.is_none() {
            return;
        }
        let needs: Vec<_> = measured.scans.iter().map(|scan| plan::required_columns(self.model, scan)).collect();
        for scan in &measured.scans {
            let Some((first, last)) = scan.reach(self.model).filter(|(first, _)| *first > i64::MIN) else { continue };
            for (id, column) in plan::needs::placed(self.model, scan) {
                let mut users = needs.iter().filter_map(|tables| tables.get(&id));
                let (Some(connection), Some(columns), None) = (self.connections.get(&id), users.next(), users.next())
                else {
                    continue;
                };
                let wanted = Wanted { columns, bounds: Some((column, first, last)) };
                let table = self.model.table(id);
                // What opened before opens again; should it not, the wider plan still stands.
                if let Ok(opened) = self.engine.open(table, connection, self.model.zone, &wanted) {
                    self.opened.insert(id, opened);
                }
            }
        }
    }

    /// Holds the range against the versions of the definitions. A KPI of which a version changes inside an asked period is
    /// left out, with all its versions; one without a definition in the range is told.
    fn dated(&mut self, request: &mut Request) {
        let (from, until) = (request.from, request.until);
        let model = self.model;
        self.outcome.unconnected.retain(|(id, _)| model.kpi(*id).validity.is_none_or(|v| v.touches(from, until)));
        let mut names: Vec<&str> = Vec::new();
        for &id in &self.question.kpis {
            let kpi = model.kpi(id);
            if !names.contains(&kpi.name.as_str()) {
                names.push(&kpi.name);
            }
            let kind = measure::period_of(kpi, request);
            let Ok(periods) = Periods::over(kind, from, until, model.zone) else { continue };
            if let Some((day, period)) = measure::versions::cut(model, kpi, &periods.list) {
                let own = model.versions(&kpi.name).map(|k| k.id).collect();
                self.fail(notes::cut(kpi, day, period), own);
            }
        }
        let failed: BTreeSet<KpiId> = self.outcome.failures.iter().flat_map(|(_, kpis)| kpis.clone()).collect();
        request.kpis.retain(|id| !failed.contains(id));
        for name in names {
            let mut versions = model.versions(name).peekable();
            let none = versions.peek().is_some_and(|k| k.validity.is_some())
                && versions.all(|k| !failed.contains(&k.id) && !k.validity.is_some_and(|v| v.touches(from, until)));
            if none {
                self.outcome.notes.push(notes::not_valid(model, name));
            }
        }
    }

    fn execute(&mut self, measured: &Measurement, peilmoment: i64) -> Cells {
        let plans = self.plans();
        let count = measured.scans.len();
        let mut cells = Cells::default();
        for (number, scan) in measured.scans.iter().enumerate() {
            let table = self.model.table(scan.table);
            self.progress.step(&format!("{} doorrekenen", table.full_name()), number + 1, count);
            let done = self.engine.execute(self.model, scan, &plans, peilmoment);
            cells.scans.push(done.unwrap_or_else(|diagnostic| {
                let hit = measured.readings.iter().filter(|r| r.scans().contains(&number)).map(|r| r.kpi).collect();
                self.fail(placed(diagnostic, self.model, scan.table), hit);
                ScanCells::default()
            }));
            let mut placing = measured.placing_axes(number);
            placing.retain(|axis| self.may_lack(measured, number, *axis));
            let counts = cells.scans.last().map_or(&[][..], |c| &c.unplaced).iter().enumerate();
            let unplaced: u64 = counts.filter(|(axis, _)| placing.contains(axis)).map(|(_, n)| n).sum();
            if unplaced > 0 {
                self.outcome.notes.push(notes::unplaced_rows(self.model, scan, &placing, unplaced));
            }
        }
        cells
    }

    /// Whether some KPI means rows without this moment too: others leave them out themselves (`waarbij t is gevuld`).
    fn may_lack(&self, measured: &Measurement, number: usize, axis: usize) -> bool {
        let Some((scan, axis)) = measured.scans.get(number).and_then(|s| Some((s, s.axes.get(axis)?))) else {
            return true;
        };
        let readings = measured.readings.iter().filter(|r| r.scans().contains(&number));
        let uses = readings.flat_map(|r| &self.model.kpi(r.kpi).sources);
        let mut uses = uses.filter(|u| u.table == scan.table && u.axis == axis.column).peekable();
        uses.peek().is_none() || uses.any(|used| !nullability::sure_of_axis(self.model, used))
    }

    fn answer(
        &mut self,
        measured: &Measurement,
        cells: &Cells,
        request: &Request,
        needs: &BTreeMap<KpiId, BTreeMap<TableId, BTreeSet<usize>>>,
    ) {
        let failed: BTreeSet<KpiId> = self.outcome.failures.iter().flat_map(|(_, kpis)| kpis.clone()).collect();
        let mut figures = combine(measured, cells);
        let unknown = unknown_spellings(measured, cells);
        self.outcome.notes.extend(unknown.iter().map(|unknown| notes::unknown_members(self.model, unknown)));
        figures.extend(self.blanks(request));
        figures.retain(|f| !failed.contains(&f.kpi));
        // In the order in which the KPIs were asked.
        let place = |id: KpiId| self.question.kpis.iter().position(|k| *k == id);
        figures.sort_by_key(|f| place(f.kpi));
        let figures = one_series(self.model, figures);
        let circumstances = Circumstances {
            peilmoment: request.peilmoment,
            input_hashes: needs.iter().map(|(id, tables)| (*id, self.input_hash(tables))).collect(),
            lacking: self.lacking.clone(),
        };
        let unsettled = unsettled(self.checked, &figures);
        self.outcome.notes.extend(unsettled.iter().map(|cell| notes::unsettled_norm(self.model, cell)));
        self.outcome.rows = judge(self.checked, &figures, &circumstances);
    }

    /// Figures without values for KPIs of which a column is not there.
    fn blanks(&self, request: &Request) -> Vec<Figure> {
        let kpis: Vec<KpiId> = self.lacking.keys().copied().collect();
        let blank = Request { kpis, grouping: Grouping::Total, ..request.clone() };
        let Ok(mut measured) = measure::build(self.model, &blank) else { return Vec::new() };
        for reading in &mut measured.readings {
            reading.term = None;
        }
        combine(&measured, &Cells::default())
    }

    fn input_hash(&self, tables: &BTreeMap<TableId, BTreeSet<usize>>) -> String {
        let parts: Vec<&str> = tables.keys().filter_map(|t| Some(self.opened.get(t)?.identity.as_str())).collect();
        identity::short_hash(parts.join("\n").as_bytes())
    }
}

/// A failure with the name of the table that was read, where it does not name what it is about.
fn placed(diagnostic: Diagnostic, model: &Model, table: TableId) -> Diagnostic {
    if diagnostic.message.contains('`') || !diagnostic.code.starts_with("ML6") {
        return diagnostic;
    }
    diagnostic
        .help(format!("bij het lezen van {}, of van een tabel waar zij naar verwijst", model.table(table).full_name()))
}

/// The versions of a definition, and the stretches of one that calculates with them, as one series: the total through all
/// periods, then each combination of members through all of them, in the order in which they first occur.
fn one_series(model: &Model, figures: Vec<Figure>) -> Vec<Figure> {
    if model.kpis.iter().all(|k| k.validity.is_none()) {
        return figures;
    }
    let mut kpis: Vec<&str> = Vec::new();
    let mut sets: Vec<(usize, Vec<String>)> = Vec::new();
    let mut places = BTreeMap::new();
    let mut keyed: Vec<_> = figures
        .into_iter()
        .map(|figure| {
            let name = model.kpi(figure.kpi).name.as_str();
            let kpi = kpis.iter().position(|k| *k == name).unwrap_or_else(|| {
                kpis.push(name);
                kpis.len() - 1
            });
            let names = (kpi, figure.dimensions.iter().map(|(n, _)| n.clone()).collect());
            let set = sets.iter().position(|s| *s == names).unwrap_or_else(|| {
                sets.push(names);
                sets.len() - 1
            });
            let members: Vec<_> = figure.dimensions.iter().map(|(_, member)| member.clone()).collect();
            let next = places.len();
            let place = *places.entry((kpi, set, members)).or_insert(next);
            ((kpi, set, place, figure.period.from), figure)
        })
        .collect();
    keyed.sort_by_key(|(a, _)| *a);
    keyed.into_iter().map(|(_, figure)| figure).collect()
}

fn smaller(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
