//! What a toets asks: over which periods, by which dimensions and at which peilmoment; and the interpreter's answer as
//! judged rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::Answers;
use crate::calendar::{PeriodKind, Periods, day_of};
use crate::check::Checked;
use crate::combine::{Figure, Minus, Sample};
use crate::interpret::{self, Data, Observer};
use crate::judge::{Circumstances, judge};
use crate::measure;
use crate::model::{ColumnRef, Kpi, KpiId, Model, RowExpr, RowKind, TableId, Trial, Type, Value};

/// The questions of one toets.
#[derive(Clone, Debug)]
pub struct Ask {
    /// All versions of the KPI.
    pub kpis: Vec<KpiId>,
    pub from: NaiveDate,
    /// Exclusive.
    pub until: NaiveDate,
    pub peilmoment: i64,
    /// The sets of dimensions that its rows speak of; the total is asked with each.
    pub sets: BTreeSet<Vec<String>>,
    /// The stored tables behind the KPI.
    pub tables: Vec<TableId>,
}

impl Ask {
    /// As a run over the given rows would ask, and as far as the expected periods go.
    #[must_use]
    pub fn of(checked: &Checked, trial: &Trial, data: &Data) -> Self {
        let model = checked.model();
        let kpi = model.kpi(trial.kpi);
        let kpis: Vec<KpiId> = model.versions(&kpi.name).map(|k| k.id).collect();
        let tables = measure::stored_tables(model, &kpis);
        let (oldest, newest) = extent(checked, &tables, data);
        let day = |t: Option<i64>| t.and_then(|t| model.zone.day(t));
        let starts: Vec<NaiveDate> = trial.expected.iter().filter_map(|row| row.period.as_ref()?.start).collect();
        let asked = trial.peilmoment.and_then(|t| model.zone.day(t));
        let next = |d: NaiveDate| d.checked_add_days(Days::new(1));
        let from = day(oldest).into_iter().chain(starts.iter().copied()).min().or(asked).unwrap_or_default();
        let until = day(newest).into_iter().chain(starts.iter().copied()).max().and_then(next);
        let until = until.filter(|until| *until > from).or_else(|| next(from)).unwrap_or(from);
        let peilmoment = trial.peilmoment.or_else(|| newest.and_then(|t| model.zone.next_midnight(t)));
        let end = || periods(model, kpi, from, until).list.last().map(|p| p.end);
        let peilmoment = peilmoment.or_else(end).unwrap_or_else(|| model.zone.midnight(until));
        let sets = trial.expected.iter().map(|row| row.members.iter().map(|(name, _)| name.clone()).collect());
        Self { kpis, from, until, peilmoment, sets: sets.collect(), tables: tables.into_keys().collect() }
    }

    /// The interpreter's judged rows per set of dimensions.
    #[must_use]
    pub fn interpreted(&self, checked: &Checked, data: &Data) -> Answers {
        self.observed(checked, data, None)
    }

    /// [`Self::interpreted`], with somebody who hears how it comes about.
    #[must_use]
    pub fn observed(&self, checked: &Checked, data: &Data, observer: Option<&dyn Observer>) -> Answers {
        let total = self.figures(checked, data, &[], observer);
        let of = |set: &Vec<String>| {
            let mut figures = total.clone();
            if !set.is_empty() {
                figures.extend(self.figures(checked, data, set, observer));
            }
            let circumstances = Circumstances { peilmoment: self.peilmoment, ..Circumstances::default() };
            (set.clone(), judge(checked, &figures, &circumstances))
        };
        self.sets.iter().map(of).collect()
    }

    /// The interpreter's figures over one set of dimensions, of all versions.
    fn figures(&self, checked: &Checked, data: &Data, set: &[String], observer: Option<&dyn Observer>) -> Vec<Figure> {
        let of = |id: &KpiId| self.of_version(checked, data, *id, set, observer);
        self.kpis.iter().flat_map(of).collect()
    }

    fn of_version(
        &self,
        checked: &Checked,
        data: &Data,
        id: KpiId,
        set: &[String],
        observer: Option<&dyn Observer>,
    ) -> Vec<Figure> {
        let model = checked.model();
        let kpi = model.kpi(id);
        let periods = periods(model, kpi, self.from, self.until);
        let question = interpret::Question {
            kpi: id,
            period: periods.kind,
            from: self.from,
            until: self.until,
            dimensions: set,
            peilmoment: self.peilmoment,
            filters: &[],
        };
        let known: BTreeMap<&str, _> = periods.list.iter().map(|p| (p.label.as_str(), p)).collect();
        let answers = interpret::observed(checked, data, &question, observer).into_iter().filter_map(|answer| {
            let period = (*known.get(answer.period.as_str())?).clone();
            Some(Figure {
                kpi: id,
                looked_at: vec![(period.from, period.until)],
                period,
                dimensions: set.iter().cloned().zip(answer.members).collect(),
                value: answer.value,
                numerator: answer.numerator,
                denominator: answer.denominator,
                n: answer.n,
                n_empty: answer.n_empty,
                limits: answer.limits,
                persons: answer.persons,
                sample: answer.shares.map(|s| Sample {
                    plus: s.plus,
                    minus: s.minus.map(|(share, both)| Minus { share, both }),
                    n: s.n,
                }),
            })
        });
        answers.collect()
    }
}

/// The periods that a KPI is asked over, as in a run: a KPI without periods of its own (one that cannot be measured) by
/// month.
fn periods(model: &Model, kpi: &Kpi, from: NaiveDate, until: NaiveDate) -> Periods {
    let kind = kpi.method.period.unwrap_or(PeriodKind::Month);
    Periods::over(kind, from, until, model.zone).unwrap_or(Periods { kind, list: Vec::new() })
}

/// The oldest moment of the flows (of all tables where none is a flow) and the newest of all tables, µs UTC.
fn extent(checked: &Checked, tables: &BTreeMap<TableId, bool>, data: &Data) -> (Option<i64>, Option<i64>) {
    let any_flow = tables.values().any(|flow| *flow);
    let (mut oldest, mut newest): (Option<i64>, Option<i64>) = (None, None);
    for (&id, &flow) in tables {
        for at in moments(checked, id, data) {
            if flow || !any_flow {
                oldest = Some(oldest.map_or(at, |o| o.min(at)));
            }
            newest = newest.max(Some(at));
        }
    }
    (oldest, newest)
}

/// The meetmoments of a table's given rows.
fn moments(checked: &Checked, id: TableId, data: &Data) -> Vec<i64> {
    let model = checked.model();
    let table = model.table(id);
    let Some((axis, column)) = table.axis.and_then(|axis| Some((axis, table.columns.get(axis)?))) else {
        return Vec::new();
    };
    let expr = RowExpr { kind: RowKind::Column(ColumnRef::own(axis)), ty: column.ty, span: column.span };
    let rows = data.tables.get(&id).map_or(0, Vec::len);
    let instant = |value: Value| match (value, column.ty) {
        (Value::Int(day), Type::Date) => i32::try_from(day).ok().and_then(day_of).map(|d| model.zone.midnight(d)),
        (Value::Int(at), _) => Some(at),
        _ => None,
    };
    let stored = |row: usize| data.tables.get(&id)?.get(row)?.get(axis).cloned();
    (0..rows)
        .filter_map(|row| {
            instant(match column.kind {
                crate::model::ColumnKind::Stored { .. } => stored(row)?,
                _ => interpret::evaluate(checked, id, data, row, &expr, 0).or_empty(),
            })
        })
        .collect()
}
