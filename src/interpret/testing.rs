//! Small models by hand, for the unit tests.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Answer, Data, Question, answer};
use crate::calendar::{PeriodKind, Zone, day_number};
use crate::check::Checked;
use crate::model::expr::{Arithmetic, Comparison, RowFunction};
use crate::model::kpi::{Details, Method};
use crate::model::table::{Origin, Relation};
use crate::model::{
    AggFunc, Aggregate, Calculation, Column, ColumnKind, ColumnRef, Dimension, EmptyRule, Formula, FormulaKind, Kpi,
    KpiId, Model, Norms, RowExpr, RowKind, SourceUse, Table, TableId, Type, Unit, Value,
};
use crate::source::{SourceId, Span};

pub(super) const SECOND: i64 = 1_000_000;

pub(super) fn span() -> Span {
    Span::new(SourceId(0), 0..0)
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A local moment in Amsterdam, `2026-01-05 09:00`.
pub(super) fn at(text: &str) -> i64 {
    Zone::default().instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment"))
}

pub(super) fn moment(text: &str) -> Value {
    Value::Int(at(text))
}

pub(super) fn date(text: &str) -> Value {
    Value::Int(day_number(day(text)).into())
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) const YES: Value = Value::Bool(true);
pub(super) const NO: Value = Value::Bool(false);

pub(super) fn expr(kind: RowKind, ty: Type) -> RowExpr {
    RowExpr { kind, ty, span: span() }
}

/// A column of the row itself.
pub(super) fn col(column: usize, ty: Type) -> RowExpr {
    expr(RowKind::Column(ColumnRef::own(column)), ty)
}

pub(super) fn via(relations: &[usize], column: usize, ty: Type) -> RowExpr {
    expr(RowKind::Column(ColumnRef { via: relations.to_vec(), column }), ty)
}

pub(super) fn lit(value: Value, ty: Type) -> RowExpr {
    expr(RowKind::Constant(value), ty)
}

pub(super) fn cmp(op: Comparison, a: RowExpr, b: RowExpr) -> RowExpr {
    expr(RowKind::Compare(op, Box::new(a), Box::new(b)), Type::Bool)
}

pub(super) fn calc(op: Arithmetic, a: RowExpr, b: RowExpr, ty: Type) -> RowExpr {
    expr(RowKind::Arithmetic(op, Box::new(a), Box::new(b)), ty)
}

pub(super) fn call(function: RowFunction, args: Vec<RowExpr>, ty: Type) -> RowExpr {
    expr(RowKind::Function(function, args), ty)
}

pub(super) fn timely(done: RowExpr, due: RowExpr) -> RowExpr {
    expr(RowKind::Timely { done: Box::new(done), due: Box::new(due) }, Type::Bool)
}

pub(super) fn column(name: &str, ty: Type) -> Column {
    Column {
        name: name.to_owned(),
        ty,
        nullable: true,
        key: false,
        personal: false,
        values: None,
        relation: None,
        mark: false,
        kind: ColumnKind::Stored { physical: name.to_owned(), unit: None },
        span: span(),
    }
}

pub(super) fn computed(name: &str, expr: RowExpr) -> Column {
    let ty = expr.ty;
    Column { kind: ColumnKind::Computed(expr), ..column(name, ty) }
}

pub(super) fn key_of(name: &str, ty: Type, base: usize) -> Column {
    Column { kind: ColumnKind::Key(base), key: true, ..column(name, ty) }
}

pub(super) fn aggregated(name: &str, aggregate: Aggregate) -> Column {
    let ty = aggregate.ty;
    Column { kind: ColumnKind::Aggregated(aggregate), ..column(name, ty) }
}

impl Column {
    pub(super) fn pointing_at(self, table: usize, column: usize) -> Self {
        Self { relation: Some(Relation { table: TableId(table), column, at: None }), ..self }
    }
}

pub(super) fn agg(func: AggFunc, arg: Option<RowExpr>, ty: Type) -> Aggregate {
    Aggregate { func, source: 0, arg, filter: None, empty: None, on: None, per: None, ty, span: span() }
}

pub(super) fn count() -> Aggregate {
    agg(AggFunc::Count, None, Type::Integer)
}

impl Aggregate {
    pub(super) fn filtered(self, filter: RowExpr) -> Self {
        Self { filter: Some(filter), ..self }
    }

    pub(super) fn of(self, source: usize) -> Self {
        Self { source, ..self }
    }

    pub(super) fn counting_empty(self, rule: EmptyRule) -> Self {
        Self { empty: Some(rule), ..self }
    }

    pub(super) fn on(self, column: usize) -> Self {
        Self { on: Some(ColumnRef::own(column)), ..self }
    }
}

pub(super) fn formula(kind: FormulaKind) -> Formula {
    Formula { kind, unit: Unit::of(Type::Number), span: span() }
}

impl From<Aggregate> for Formula {
    fn from(aggregate: Aggregate) -> Self {
        formula(FormulaKind::Aggregate(Box::new(aggregate)))
    }
}

pub(super) fn binary(op: Arithmetic, a: impl Into<Formula>, b: impl Into<Formula>) -> Formula {
    formula(FormulaKind::Binary(op, Box::new(a.into()), Box::new(b.into())))
}

/// A project under construction.
#[derive(Default)]
pub(super) struct Project {
    pub(super) model: Model,
    pub(super) data: Data,
    pub(super) filters: Vec<Option<RowExpr>>,
    pub(super) peilmoment: i64,
}

impl Project {
    pub(super) fn new() -> Self {
        Self { peilmoment: at("2026-06-01 00:00"), ..Self::default() }
    }

    /// Adds a stored table; its key is column 0.
    pub(super) fn table(&mut self, axis: Option<usize>, columns: Vec<Column>, rows: Vec<Vec<Value>>) -> TableId {
        let id = self.add(Origin::Stored, axis, columns);
        self.data.tables.insert(id, rows);
        id
    }

    /// Adds a derived table.
    pub(super) fn derived(
        &mut self,
        base: TableId,
        filter: Option<RowExpr>,
        axis: Option<usize>,
        columns: Vec<Column>,
    ) -> TableId {
        self.add(Origin::Derived { base, filter }, axis, columns)
    }

    fn add(&mut self, origin: Origin, axis: Option<usize>, columns: Vec<Column>) -> TableId {
        let id = TableId(self.model.tables.len());
        self.model.tables.push(Table {
            id,
            source: "bron".to_owned(),
            source_title: None,
            name: format!("tabel{}", id.0),
            title: None,
            origin,
            columns,
            key: vec![0],
            axis,
            requirements: Vec::new(),
            valid: None,
            span: span(),
        });
        id
    }

    /// Adds a KPI over tables (each with its axis column).
    pub(super) fn kpi(&mut self, sources: &[(TableId, usize)], calculation: impl Into<Formula>) -> KpiId {
        let id = KpiId(self.model.kpis.len());
        let sources = sources.iter().map(|&(table, axis)| SourceUse {
            alias: format!("bron{}", table.0),
            table,
            filter: None,
            axis: ColumnRef::own(axis),
            weight: None,
            span: span(),
        });
        self.model.kpis.push(Kpi {
            id,
            name: format!("kpi{}", id.0),
            title: String::new(),
            validity: None,
            definition: String::new(),
            calculation: Calculation::Formula(calculation.into()),
            sources: sources.collect(),
            method: Method::default(),
            dimensions: Vec::new(),
            norms: Norms::default(),
            unit: Unit::of(Type::Number),
            details: Details::default(),
            span: span(),
            name_span: span(),
            calculation_span: span(),
            norm_span: span(),
            dimensions_span: span(),
        });
        id
    }

    /// The condition of a KPI's source use.
    pub(super) fn filter(&mut self, kpi: KpiId, source: usize, filter: RowExpr) {
        self.model.kpis[kpi.0].sources[source].filter = Some(filter);
    }

    pub(super) fn dimension(&mut self, kpi: KpiId, name: &str, ty: Type, exprs: Vec<Option<RowExpr>>) {
        self.model.kpis[kpi.0].dimensions.push(Dimension {
            name: name.to_owned(),
            ty,
            exprs,
            shared: None,
            span: span(),
        });
    }

    pub(super) fn checked(&self) -> Checked {
        Checked::trusted(self.model.clone())
    }

    /// The answers per month.
    pub(super) fn ask(&self, kpi: KpiId, from: &str, until: &str, dimensions: &[&str]) -> Vec<Answer> {
        self.ask_per(PeriodKind::Month, kpi, from, until, dimensions)
    }

    pub(super) fn ask_per(
        &self,
        period: PeriodKind,
        kpi: KpiId,
        from: &str,
        until: &str,
        dimensions: &[&str],
    ) -> Vec<Answer> {
        let dimensions: Vec<String> = dimensions.iter().map(|&d| d.to_owned()).collect();
        let question = Question {
            kpi,
            period,
            from: day(from),
            until: day(until),
            dimensions: &dimensions,
            peilmoment: self.peilmoment,
            filters: &self.filters,
        };
        answer(&self.checked(), &self.data, &question)
    }

    /// The total of January 2026.
    pub(super) fn january(&self, kpi: KpiId) -> Answer {
        let mut answers = self.ask(kpi, "2026-01-01", "2026-02-01", &[]);
        assert_eq!(answers.len(), 1);
        answers.remove(0)
    }
}

impl Answer {
    /// Value, n and `n_leeg`.
    pub(super) fn figures(&self) -> (Option<f64>, Option<u64>, Option<u64>) {
        (self.value, self.n, self.n_empty)
    }

    pub(super) fn sides(&self) -> (Option<f64>, Option<f64>) {
        (self.numerator, self.denominator)
    }
}
